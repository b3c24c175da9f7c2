"""Regions, and lookups of their names among thousands: exact, near, or by their beginning.

Names are compared by their letters alone, without case, spaces and signs; a second spelling leaves out what people
write differently. Nothing here knows what a sentence means: that is the gazetteer's.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, takewhile
from typing import Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST = 200  # characters of a message that are looked at
EXACT = 100.0  # points of the same letters


class Level(StrEnum):
    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Region:
    """`code` is Kemendagri's ("73.04"), `name` the full official name ("Kabupaten Jeneponto")."""

    code: str
    name: str

    @property
    def level(self) -> Level:
        return tuple(Level)[self.code.count(".")]

    @property
    def parent(self) -> str | None:
        """The code of the region that this one lies in; a province has none."""
        return self.code.rpartition(".")[0] or None

    @property
    def kind(self) -> str:
        """The level, with cities (numbered from 71 by Kemendagri) told from regencies of the same name."""
        return "city" if self.level is Level.REGENCY and self.code[3:] >= "71" else self.level


class Word(str):
    """A word that is folded once, for a search looks at it in a hundred runs of words."""

    __slots__ = ("folded",)
    folded: str

    def __new__(cls, letters: str) -> Self:
        word = super().__new__(cls, letters)
        word.folded = _fold(letters)
        return word


class Names:
    """The names within one scope, each as spelt and as folded. Short aliases are not guessed at."""

    def __init__(self, named: Iterable[tuple[str, Region, bool]]) -> None:
        self._regions: dict[str, list[Region]] = defaultdict(list)
        guessable = set()
        for name, region, official in named:
            self._regions[name].append(region)
            if official or len(name) > 5:
                guessable.add(name)
        self._sorted = sorted(guessable)
        self._by_length = sorted(guessable, key=len)

    def exact(self, words: Iterable[Word]) -> dict[Region, float]:
        return {region: EXACT for name in spellings(words) for region in self._regions.get(name, ())}

    def near(self, words: Iterable[Word], least: float) -> dict[Region, float]:
        """Names with so many letters in common, counted against the longer of the two."""
        found: dict[Region, float] = {}
        for discount, name in enumerate(spellings(words)):
            near = process.extract(
                name,
                self._of_length(len(name) * least, len(name) / least),
                scorer=OSA.normalized_similarity,
                score_cutoff=least,
                limit=12,
            )
            for key, share, _ in near:
                for region in self._regions[key]:
                    found[region] = max(found.get(region, 0.0), EXACT * share - discount)
        return found

    def beginning(self, name: str) -> dict[Region, float]:
        start = bisect_left(self._sorted, name)
        keys = takewhile(lambda key: key.startswith(name), islice(self._sorted, start, start + 40))
        return {region: 66 + 24 * len(name) / len(key) for key in keys for region in self._regions[key]}

    def _of_length(self, shortest: float, longest: float) -> list[str]:
        """Only names of like length can be near: most need no comparison."""
        start = bisect_left(self._by_length, shortest, key=len)
        return self._by_length[start : bisect_right(self._by_length, longest, key=len)]


def words_of(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    return tuple(re.findall(r"[^\W_]+|,", re.sub(r"['`\u2019\u0300-\u036f]", "", plain)))


def spellings(words: Iterable[Word]) -> tuple[str, ...]:
    """The letters in a row; and, where that differs, without doubles and the spelling before 1972.

    Each word is folded alone ("kab bangka" is not Kabangka), and numerals keep their doubles ("Banyuasin II").
    """
    said = tuple(words)
    plain, folded = "".join(said), "".join(word.folded for word in said)
    return (plain,) if plain == folded else (plain, folded)


def _fold(word: str) -> str:
    return re.sub(r"([a-hj-z])\1+", r"\1", word.replace("oe", "u").replace("dj", "j"))
