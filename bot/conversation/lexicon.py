"""The words of a reporter's languages, as data that arrives from outside, and the match of words with choices.

A `Lexicon` maps single words and phrases to what they mean in a date or an hour; which words those are, each
language says in `bot/locales`. Words are compared without case, accents and apostrophes ("Jum'at" is "jumat").
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

LONGEST = 200  # characters of a message that are looked at
LONGEST_PHRASE = 3  # words
FORGIVING = 5  # letters from which one slip is forgiven
SHORTEST_MENTION = 3  # letters that a synonym must have to count within a sentence

_WORDS = re.compile(r"\d+|[^\W\d_]+")
_MARKS = re.compile(r"['`\u2019\u0300-\u036f]")


class Kind(StrEnum):
    """What a word does in a date or an hour; one letter each, so that a sentence can be matched as a pattern."""

    NUMBER = "n"
    YEAR = "y"  # a number of four digits
    UNKNOWN = "."
    WEEKDAY = "w"  # Monday is 0
    MONTH = "m"
    WEEK_OR_SUNDAY = "s"  # "minggu"
    DAYS = "d"
    WEEKS = "k"
    MONTHS = "b"
    YEARS = "u"
    RELATIVE = "r"  # so many days ago
    YESTERDAY = "z"  # a day ago, and "last" behind another word: "senin kemarin"
    AGO = "a"
    THIS = "i"
    AHEAD = "f"
    EVE = "e"  # "malam minggu" is the night before Sunday
    DATE = "t"  # "tanggal"
    UNTIL = "~"  # between the first and the last of several
    HOUR = "h"  # "jam"
    HALF = "x"  # "setengah tiga": half an hour before three
    PAST = "+"  # so many minutes, or those that follow
    BEFORE = "-"
    PART = "p"  # the hour at which the twelve begin that it speaks of: "siang" 10
    CLOCK = "c"  # the hour itself: "noon"


_OF_DIGITS = {1: Kind.NUMBER, 2: Kind.NUMBER, 3: Kind.NUMBER, 4: Kind.YEAR}


class Word(NamedTuple):
    kind: Kind
    value: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """How people speak of themselves: `oneself` ("saya"), `linking` words between it and their `work` ("adalah"),
    `people` and places that are theirs ("atasan" before "saya"), and whole `phrases` ("my boss").
    """

    oneself: tuple[str, ...] = ()
    linking: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def merged(self, other: "Own") -> "Own":
        return Own(*(tuple(dict.fromkeys(getattr(self, name) + getattr(other, name))) for name in Own.__slots__))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words, or several merged.

    `words` by word or phrase; `spellings` replaces a word by others before all else ("kmrn": "kemarin");
    `filler` is passed over; `negations` turn a sentence round; `joining` words stand between the things that one names;
    `choices` are a code's synonyms; `own` is how people speak of themselves.
    """

    words: Mapping[str, Word] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    filler: Collection[str] = frozenset()
    negations: Collection[str] = frozenset()
    joining: Collection[str] = frozenset()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own: Own = Own()

    def merged(self, other: "Lexicon") -> "Lexicon":
        """Both languages; where they differ, the words of this one count."""
        codes = dict.fromkeys((*self.choices, *other.choices))
        return Lexicon(
            {**other.words, **self.words},
            {**other.spellings, **self.spellings},
            frozenset((*self.filler, *other.filler)),
            frozenset((*self.negations, *other.negations)),
            frozenset((*self.joining, *other.joining)),
            {code: (*self.choices.get(code, ()), *other.choices.get(code, ())) for code in codes},
            self.own.merged(other.own),
        )

    def read(self, text: str) -> list[Word]:
        """What each word or phrase of a text means, without its filler."""
        words, meanings, start = self.spelled(plain_words(text)), [], 0
        while start < len(words):
            ends = range(min(start + LONGEST_PHRASE, len(words)), start, -1)
            end = next((end for end in ends if " ".join(words[start:end]) in self.words), start + 1)
            phrase, start = " ".join(words[start:end]), end
            if phrase in self.words or phrase not in self.filler:
                meanings.append(self.words.get(phrase) or self._guessed(phrase))
        return meanings

    def spelled(self, words: Sequence[str]) -> list[str]:
        """Words as they are written in full: "hr" is "hari"."""
        return [part for word in words for part in self.spellings.get(word, word).split()]

    def _guessed(self, word: str) -> Word:
        """A number, or the only word that is one slip away."""
        if word.isdecimal():
            kind = _OF_DIGITS.get(len(word), Kind.UNKNOWN)
            return Word(kind, int(word))
        near = {self.words[known] for known in self.words if _is_slip(word, known)}
        return near.pop() if len(near) == 1 else Word(Kind.UNKNOWN)


def plain_words(text: str) -> list[str]:
    """Words and numbers of the first characters of a text, apart: "2hari" gives two."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    return _WORDS.findall(_MARKS.sub("", plain))


class _Said(NamedTuple):
    """Words, and their letters in a row."""

    words: tuple[str, ...]
    letters: str


def _said(words: Sequence[str]) -> _Said:
    return _Said(tuple(words), "".join(words))


@cache
def _known(text: str) -> _Said:
    """What a synonym says, asked for at every message. There are some hundred; what is typed stays out of here."""
    return _said(plain_words(text))


def match_choice(
    words: str,
    labels: Mapping[str, Sequence[str]],
    lexicon: Lexicon,
    *,
    exactly: bool = False,
    in_sentence: bool = False,
) -> str | tuple[str, ...] | None:
    """The code whose label or synonym was typed; several codes where that is not clear; else None.

    Synonyms are the caller's labels and the lexicon's choices under the same code. What is the same goes before
    what is one slip away, which `exactly` leaves out. `in_sentence` also takes a synonym among other words, unless
    these negate it.
    """
    spoken = _spoken(words, lexicon)
    synonyms = {
        code: [_known(text) for text in (*texts, *lexicon.choices.get(code, ()))] for code, texts in labels.items()
    }
    ways = [_is_same] if exactly else [_is_same, _is_misspelt]
    for fits in (*ways, _contains(lexicon.negations)) if in_sentence else ways:
        for said in spoken:
            codes = tuple(code for code, known in synonyms.items() if any(fits(said, one) for one in known))
            if codes:
                return codes[0] if len(codes) == 1 else codes
    return None


def _spoken(text: str, lexicon: Lexicon) -> Collection[_Said]:
    """What was typed, as it stands and written in full, with and without its filler."""
    typed = plain_words(text)
    forms = (typed, lexicon.spelled(typed))
    return dict.fromkeys(
        _said(words) for form in forms for words in (form, [word for word in form if word not in lexicon.filler])
    )


def named_apart(words: str, lexicon: Lexicon) -> list[str]:
    """The parts of a text that names several things: "medsos sama foto, kampanye" has three."""
    joining = "|".join(map(re.escape, lexicon.joining)) or "(?!)"
    parts = re.split(rf"[,;&+\n]|\b(?:{joining})\b", words[:LONGEST], flags=re.IGNORECASE)
    return [part for part in parts if plain_words(part)]


def _is_same(said: _Said, known: _Said) -> bool:
    return said.letters == known.letters != ""


def _is_misspelt(said: _Said, known: _Said) -> bool:
    return _is_slip(said.letters, known.letters)


def _is_slip(word: str, known: str) -> bool:
    return min(len(word), len(known)) >= FORGIVING and OSA.distance(word, known, score_cutoff=1) <= 1


def _contains(negations: Collection[str]) -> Callable[[_Said, _Said], bool]:
    def contains(said: _Said, known: _Said) -> bool:
        words, width = said.words, len(known.words)
        at = next((at for at in range(len(words)) if words[at : at + width] == known.words), None)
        if at is None or len(known.letters) < SHORTEST_MENTION or set(known.words) <= set(negations):
            return False
        return set(negations).isdisjoint((*words[:at], *words[at + width :]))

    return contains
