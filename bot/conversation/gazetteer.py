"""The search for a place that somebody typed: misspelt, shortened, in everyday words, within a sentence.

Each way is tried only where the one before found nothing clear: the words as they stand; the words without
filler, read as places within places ("bontoramba jeneponto", "kec. X, kab. Y"); the places that a sentence
mentions. Names are compared by their letters alone, without case, spaces, signs and doubled letters.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST = 200  # characters of a message that are looked at
MOST_WORDS = 12
MENTIONED = 5  # letters that a name must have to be picked out of a sentence
EXACT = 100.0
SURE = 80.0  # points above which words are taken for a misspelling of a name
LEAD = 10.0  # points by which a certain region leads, and by which a district stands behind a regency
WRONG_KIND = 20.0  # points lost by a city where a regency was asked for
OFFERED_WITHIN = 30.0

# Scopes of a lookup, beside the codes of provinces and regencies, each of which holds what lies in it.
EVERYWHERE = ""
ABOVE = "provinces and regencies"
TURNED = "their words in alphabetical order"

VILLAGE = "village"  # a kind that people name and the table does not hold


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What people say beside the official names, as data.

    `aliases` by code; `abbreviations` by word; `markers` by kind of region ("city": "kota", "kodya" …);
    `filler` is passed over; `district` stands before a district's name, `display` shortens the head of any other;
    `zones` names the provinces outside WIB.
    """

    aliases: Mapping[str, Sequence[str]]
    abbreviations: Mapping[str, str]
    markers: Mapping[str, Sequence[str]]
    filler: Sequence[str]
    district: str
    display: Mapping[str, str]
    zones: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: `offered` is ranked, and begins with `certain` where there is one."""

    certain: Region | None = None
    offered: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Words for one place, with the kind that a marker before or after them asks for."""

    words: tuple[str, ...] = ()
    kind: str | None = None


_Spot = tuple[int, int]  # the number of a place, and of a word in it


@dataclass(frozen=True, slots=True)
class _Hit:
    """A region, how near its name is and how it ranks, both in points; only what is sure can be certain."""

    region: Region
    nearness: float
    rank: float
    sure: bool


class _Names:
    """The folded names within one scope."""

    def __init__(self, named: Iterable[tuple[str, Region]]) -> None:
        self._regions: dict[str, list[Region]] = defaultdict(list)
        for name, region in named:
            self._regions[name].append(region)
        self._keys = sorted(self._regions)

    def exact(self, name: str) -> dict[Region, float]:
        return dict.fromkeys(self._regions.get(name, ()), EXACT)

    def near(self, name: str, least: float) -> dict[Region, float]:
        near = process.extract(name, self._keys, scorer=OSA.normalized_similarity, score_cutoff=least, limit=12)
        return {region: EXACT * score for key, score, _ in reversed(near) for region in self._regions[key]}

    def beginning(self, name: str) -> dict[Region, float]:
        start = bisect_left(self._keys, name)
        keys = takewhile(lambda key: key.startswith(name), islice(self._keys, start, start + 40))
        return {region: 60 + 30 * len(name) / len(key) for key in keys for region in self._regions[key]}


class Gazetteer:
    """The names of regions, official and everyday, ready to be searched."""

    def __init__(self, regions: Iterable[Region], vocabulary: Vocabulary) -> None:
        self._heads = tuple(vocabulary.display)
        self._abbreviations = vocabulary.abbreviations
        self._filler = frozenset(vocabulary.filler)
        self._markers = {word: kind for kind, words in vocabulary.markers.items() for word in words}
        scopes: dict[str, list[tuple[str, Region]]] = defaultdict(list)
        for region in regions:
            for words in self._names_of(region, vocabulary.aliases.get(region.code, ())):
                for scope in _scopes_of(region):
                    scopes[scope].append((_fold(words), region))
                if region.level is not Level.DISTRICT:
                    scopes[TURNED].append((_fold(sorted(words)), region))
        self._names = {scope: _Names(named) for scope, named in scopes.items()}

    def search(self, text: str, limit: int) -> Found:
        words = self._expanded(_words(text))
        spoken = _Place(tuple(word for word in words if word != ","))
        places = self._places(words)
        hits = self._exact(spoken, EVERYWHERE)
        if not hits and places:
            hits = self._within(places, EVERYWHERE)
            hits += [] if _clear(hits) else self._similar(spoken, EVERYWHERE)
            hits += [] if _clear(hits) else self._mentioned(places)
        return _judged(hits, limit)

    def _names_of(self, region: Region, aliases: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """A regency goes by its bare name, a province also by its full one."""
        bare = (region.name.removeprefix(head) for head in self._heads if region.name.startswith(head))
        official = (*bare, region.name)
        names = official if region.level is Level.PROVINCE else official[:1]
        return (self._expanded(_words(name)) for name in (*names, *aliases))

    def _expanded(self, words: Iterable[str]) -> tuple[str, ...]:
        parts = (part for word in words for part in self._abbreviations.get(word, word).split())
        return tuple(islice(parts, MOST_WORDS))

    def _places(self, words: Iterable[str]) -> tuple[_Place, ...]:
        """The words cut at commas and markers; a village gives way to what is marked or named after it."""
        places = [_Place()]
        for word in words:
            kind = self._markers.get(word)
            is_name = places[-1].kind and not places[-1].words  # "kec. kota tengah"
            if word == "," or (kind and not is_name):
                places.append(_Place(kind=kind))
            elif word not in self._filler:
                places[-1] = replace(places[-1], words=(*places[-1].words, word))
        named = [place for place in map(_claimed, places, [*places[1:], _Place()]) if place.words]
        marked = any(place.kind not in (None, VILLAGE) for place in named)
        return tuple(place for place in named if place.kind != VILLAGE or (place is named[-1] and not marked))

    def _exact(self, place: _Place, scope: str) -> list[_Hit]:
        name = _fold(place.words)
        long = scope != EVERYWHERE or len(name) > 4
        return [
            _hit(region, near, place.kind, scope, sure=long or region.level is not Level.DISTRICT)
            for region, near in self._names[scope].exact(name).items()
        ]

    def _similar(self, place: _Place, scope: str) -> list[_Hit]:
        name, names = _fold(place.words), self._names[scope]
        found = names.near(name, 0.75) | (names.beginning(name) if len(name) > 3 else {})
        if scope == EVERYWHERE and len(place.words) > 1:
            found |= self._names[TURNED].near(_fold(sorted(place.words)), 0.85)
        hits = [_hit(region, near, place.kind, scope, sure=len(name) > 5) for region, near in found.items()]
        if scope == EVERYWHERE and place.kind != Level.DISTRICT:
            return [_guessed(hit) for hit in hits if hit.nearness > SURE or not _is_district(hit)]
        return hits

    def _within(self, places: tuple[_Place, ...], scope: str) -> list[_Hit]:
        """The places read as one name, else as names within one another, in either order."""
        alone = places[0] if len(places) == 1 else None
        if alone and (exact := self._exact(alone, scope)):
            return exact
        hits = self._similar(alone, scope) if alone else []
        for inner, outer in _splits(places):
            for around in self._around(outer, scope):
                hits += [_qualified(hit, around) for hit in self._within(inner, around.region.code)]
        return hits

    def _around(self, outer: tuple[_Place, ...], scope: str) -> list[_Hit]:
        """Provinces or regencies that the rest of the words may lie in: the three nearest."""
        if len(outer) > 1 or len(scope) > len("73"):
            return []
        within = scope or ABOVE
        hits = self._exact(outer[0], within) or self._similar(outer[0], within)
        near = [hit for hit in hits if hit.nearness > SURE and not _is_district(hit)]
        return sorted(near, key=_order)[:3]

    def _mentioned(self, places: tuple[_Place, ...]) -> list[_Hit]:
        """Places that stand somewhere among other words: regencies first, and districts of theirs."""
        taken: set[_Spot] = set()
        above = _narrowed(self._mentions(places, ABOVE, taken))
        regencies = [hit.region.code for hit in above if hit.region.level is Level.REGENCY]
        below = [hit for code in regencies for hit in self._mentions(places, code, set(taken))]
        if below:
            return below + [replace(hit, rank=hit.rank - LEAD) for hit in above]
        return above or [replace(hit, sure=False) for hit in self._mentions(places, EVERYWHERE, taken)]

    def _mentions(self, places: tuple[_Place, ...], scope: str, taken: set[_Spot]) -> list[_Hit]:
        """The longest runs of words that are a name, none of a word that is taken; theirs are taken, too."""
        hits: list[_Hit] = []
        for spots, run in _runs(places):
            if taken.isdisjoint(spots) and (found := self._mention(run, scope)):
                hits += found
                taken |= spots
        return hits

    def _mention(self, run: _Place, scope: str) -> list[_Hit]:
        name, names = _fold(run.words), self._names[scope]
        if len(name) < MENTIONED:
            return []
        fuzzy = scope != EVERYWHERE and len(name) > MENTIONED
        found = names.exact(name) or (names.near(name, 0.86) if fuzzy else {})
        sure = run.kind is not None or scope[:1].isdigit()
        return [_hit(region, near, run.kind, scope, sure=sure) for region, near in found.items()]


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    return tuple(re.findall(r"[^\W_]+|,", re.sub(r"['`\u2019\u0300-\u036f]", "", plain)))


def _fold(words: Iterable[str]) -> str:
    return re.sub(r"(.)\1+", r"\1", "".join(words).replace("oe", "u").replace("dj", "j"))


def _scopes_of(region: Region) -> tuple[str, ...]:
    around = tuple(region.code[:end] for end in (2, 5) if end < len(region.code))
    return (EVERYWHERE, *around) if region.level is Level.DISTRICT else (EVERYWHERE, ABOVE, *around)


def _hit(region: Region, nearness: float, kind: str | None, scope: str, *, sure: bool) -> _Hit:
    """A district stands behind, but not where only districts can be meant."""
    fits = kind in (None, VILLAGE, region.kind)
    named = kind == Level.DISTRICT or scope.count(".")
    behind = LEAD if region.level is Level.DISTRICT and not named else 0.0
    return _Hit(region, nearness, nearness - behind - (0.0 if fits else WRONG_KIND), sure=sure and fits)


def _is_district(hit: _Hit) -> bool:
    return hit.region.level is Level.DISTRICT


def _guessed(hit: _Hit) -> _Hit:
    """Among thousands of districts a misspelling alone is never sure."""
    return replace(hit, sure=hit.sure and not _is_district(hit))


def _qualified(hit: _Hit, around: _Hit) -> _Hit:
    nearness, rank = min(hit.nearness, around.nearness), min(hit.rank, around.rank)
    return replace(hit, nearness=nearness, rank=rank)


def _claimed(place: _Place, following: _Place) -> _Place:
    """A marker with no words after it belongs to the words before it: "bogor regency"."""
    return place if following.words else replace(place, kind=place.kind or following.kind)


def _splits(places: tuple[_Place, ...]) -> Iterator[tuple[tuple[_Place, ...], tuple[_Place, ...]]]:
    """Every way to tell a place from what it lies in: between places, or between the words of one."""
    words, kind = places[0].words, places[0].kind
    parts = len(places) if len(places) > 1 else len(words)
    for cut in range(1, parts):
        left, right = places[:cut], places[cut:]
        if len(places) == 1:
            left, right = (_Place(words[:cut], kind),), (_Place(words[cut:]),)
        yield left, right
        yield right, left


def _runs(places: Sequence[_Place]) -> list[tuple[set[_Spot], _Place]]:
    """Runs of up to four neighbouring words with the spots they take, the longest first."""
    return [
        (
            {(number, spot) for spot in range(start, start + length)},
            _Place(place.words[start : start + length], None if start else place.kind),
        )
        for length in (4, 3, 2, 1)
        for number, place in enumerate(places)
        for start in range(len(place.words) - length + 1)
    ]


def _narrowed(hits: list[_Hit]) -> list[_Hit]:
    """A province named beside a place in it only tells which place is meant."""
    codes = {hit.region.code for hit in hits}
    return [hit for hit in hits if hit.region.parent in codes] or hits


def _clear(hits: Iterable[_Hit]) -> bool:
    return any(hit.nearness > SURE for hit in hits)


def _order(hit: _Hit) -> tuple[float, str]:
    return -hit.rank, hit.region.code


def _judged(hits: Iterable[_Hit], limit: int) -> Found:
    best: dict[str, _Hit] = {}
    for hit in sorted(hits, key=_order):
        best.setdefault(hit.region.code, hit)
    if not best:
        return Found()
    first, *others = best.values()
    offered = [first, *(hit for hit in others if hit.rank >= first.rank - OFFERED_WITHIN)]
    rival = others[0].rank if others else 0.0
    certain = first.sure and first.nearness > SURE and first.rank - rival >= LEAD
    return Found(first.region if certain else None, tuple(hit.region for hit in offered[:limit]))
