"""The search for a place that somebody typed: misspelt, shortened, in everyday words, within a sentence.

Each way is tried only where the one before found nothing clear: the words as they stand; the words without
filler, read as places within places ("bontoramba jeneponto", "kec. X, kab. Y"); the places that a sentence
mentions. A region is certain only where nothing else comes near; a regency goes before a district.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.conversation.region_names import Level, Names, Region, Word, spellings, words_of

MOST_WORDS = 16  # commas among them
MENTIONED = 5  # letters that a name must have to be picked out of a sentence
SURE = 80.0  # points above which words are taken for a misspelling of a name
LEAD = 10.0  # points by which a certain region leads, and by which a district stands behind a regency
WRONG_KIND = 20.0  # points lost by a city where a regency was asked for
GUESSED = 5.0  # points lost by a district that is only near
OFFERED_WITHIN = 30.0

# Scopes of a lookup, beside the codes of provinces and regencies, each of which holds what lies in it.
EVERYWHERE = ""
ABOVE = "provinces and regencies"
TURNED = "their words in alphabetical order"

VILLAGE = "village"  # a kind that people name and the table does not hold


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

    words: tuple[Word, ...] = ()
    kind: str | None = None


_Spot = tuple[int, int]  # the number of a place, and of a word in it


@dataclass(frozen=True, slots=True)
class _Hit:
    """A region, how near its name is and what speaks against it, in points; only what is sure can be certain."""

    region: Region
    nearness: float
    sure: bool
    against: float = 0.0

    @property
    def rank(self) -> float:
        return self.nearness - self.against

    @property
    def is_district(self) -> bool:
        return self.region.level is Level.DISTRICT


class Gazetteer:
    """The names of regions, official and everyday, ready to be searched."""

    def __init__(self, regions: Iterable[Region], vocabulary: Vocabulary) -> None:
        self._heads = tuple(vocabulary.display)
        self._abbreviations = vocabulary.abbreviations
        self._filler = frozenset(vocabulary.filler)
        self._markers = {word: kind for kind, words in vocabulary.markers.items() for word in words}
        scopes: dict[str, list[tuple[str, Region, bool]]] = defaultdict(list)
        for region in regions:
            aliases = vocabulary.aliases.get(region.code, ())
            for name in (*self._official(region), *aliases):
                words = self._expanded(words_of(name))
                for scope in _scopes_of(region):
                    for spelling in spellings(sorted(words) if scope == TURNED else words):
                        scopes[scope].append((spelling, region, name not in aliases))
        self._names = {scope: Names(named) for scope, named in scopes.items()}

    def search(self, text: str, limit: int) -> Found:
        words = self._expanded(words_of(text))
        spoken = _Place(tuple(word for word in words if word != ","))
        places = self._places(self._welded(words))
        hits = self._exact(spoken, EVERYWHERE)
        if not hits and places:
            hits = self._within(places, EVERYWHERE)
            hits += [] if _clear(hits) or places == (spoken,) else self._loosely(spoken)
            hits += [] if _clear(hits) else self._mentioned(places)
        return _judged(hits, limit)

    def _official(self, region: Region) -> tuple[str, ...]:
        """A regency goes by its bare name, a province also by it."""
        bare = (region.name.removeprefix(head) for head in self._heads if region.name.startswith(head))
        if region.level is Level.PROVINCE:
            return (region.name, *bare)
        return (region.name,) if region.level is Level.DISTRICT else (next(bare, region.name),)

    def _expanded(self, words: Iterable[str]) -> tuple[Word, ...]:
        parts = (part for word in words for part in self._abbreviations.get(word, word).split())
        return tuple(map(Word, islice(parts, MOST_WORDS)))

    def _welded(self, words: Sequence[Word]) -> Iterator[Word]:
        """Names that hold a marker or filler ("tigo lurah", "poso kota") become one word, and so stay whole."""
        at = 0
        while at < len(words):
            runs = (words[at : at + length] for length in (4, 3, 2))
            run = next((run for run in runs if self._divides(run) and self._is_name(run)), words[at : at + 1])
            if self._is_name(words[at + 1 : at + len(run) + 1]):  # "kota padang panjang" is no "kota padang"
                run = words[at : at + 1]
            yield Word("".join(run))
            at += len(run)

    def _divides(self, words: Sequence[str]) -> bool:
        return any(word in self._markers or word in self._filler for word in words)

    def _is_name(self, words: Sequence[Word]) -> bool:
        return len(words) > 1 and "," not in words and bool(self._names[EVERYWHERE].exact(words))

    def _places(self, words: Iterable[Word]) -> tuple[_Place, ...]:
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
        found = self._names[scope].exact(place.words)
        if scope == EVERYWHERE and not found:
            found = self._names[TURNED].exact(sorted(place.words))
        long = scope != EVERYWHERE or sum(map(len, place.words)) > 4
        return [
            _hit(region, near, place.kind, scope, sure=long or region.level is not Level.DISTRICT)
            for region, near in found.items()
        ]

    def _similar(self, place: _Place, scope: str) -> list[_Hit]:
        name, names = "".join(place.words), self._names[scope]
        ways = [names.near(place.words, 0.75), names.beginning(name) if len(name) > 3 else {}]
        if scope == EVERYWHERE and len(place.words) > 1:
            ways.append(self._names[TURNED].near(sorted(place.words), 0.85))
        found = {region: max(way.get(region, 0.0) for way in ways) for way in ways for region in way}
        hits = [_hit(region, near, place.kind, scope, sure=len(name) > 5) for region, near in found.items()]
        if scope == EVERYWHERE and place.kind != Level.DISTRICT:
            return [_guessed(hit) for hit in hits if hit.nearness > SURE or not hit.is_district]
        return hits

    def _loosely(self, spoken: _Place) -> list[_Hit]:
        """Names that hold a word which is usually filler or a marker: "kota agng"."""
        return [replace(hit, sure=False, against=LEAD) for hit in self._similar(spoken, EVERYWHERE)]

    def _within(self, places: tuple[_Place, ...], scope: str) -> list[_Hit]:
        """The places read as one name, else as names within one another, in either order."""
        exact = self._exact(places[0], scope) if len(places) == 1 else []
        if any(hit.against < WRONG_KIND for hit in exact):
            return exact
        hits = self._similar(places[0], scope) if len(places) == 1 else []
        for inner, outer in _splits(places):
            for around in self._around(outer, scope, cut=len(places) > 1):
                hits += [_qualified(hit, around) for hit in self._within(inner, around.region.code)]
        return exact + [replace(hit, sure=hit.sure and not exact) for hit in hits]

    def _around(self, outer: tuple[_Place, ...], scope: str, *, cut: bool) -> list[_Hit]:
        """Provinces or regencies that the rest may lie in: the three nearest.

        Only what is cut off may itself be a place in a place, or else every word would start a search.
        """
        if len(outer) > 1 or len(scope) > len("73"):
            return []
        within = scope or ABOVE
        hits = self._exact(outer[0], within) or self._similar(outer[0], within)
        if cut and not _clear(hits):
            hits = self._within(outer, scope)
        near = [hit for hit in hits if hit.nearness > SURE and not hit.is_district]
        return sorted(near, key=_order)[:3]

    def _mentioned(self, places: tuple[_Place, ...]) -> list[_Hit]:
        """Places that stand somewhere among other words: regencies first, and districts of theirs."""
        taken: set[_Spot] = set()
        above = _narrowed(self._mentions(places, ABOVE, taken))
        regencies = dict.fromkeys(hit.region.code for hit in above if hit.region.level is Level.REGENCY)
        below = [hit for code in regencies for hit in self._mentions(places, code, set(taken))]
        if below:
            return below + [replace(hit, against=LEAD) for hit in above]
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
        letters, names = sum(map(len, run.words)), self._names[scope]
        if letters < MENTIONED:
            return []
        fuzzy = scope != EVERYWHERE and letters > MENTIONED and len(run.words) < 4
        found = names.exact(run.words) or (names.near(run.words, 0.86) if fuzzy else {})
        sure = run.kind is not None or scope[:1].isdigit()
        return [_hit(region, near, run.kind, scope, sure=sure) for region, near in found.items()]


def _scopes_of(region: Region) -> tuple[str, ...]:
    around = tuple(region.code[:end] for end in (2, 5) if end < len(region.code))
    above = () if region.level is Level.DISTRICT else (ABOVE, TURNED)
    return (EVERYWHERE, *above, *around)


def _hit(region: Region, nearness: float, kind: str | None, scope: str, *, sure: bool) -> _Hit:
    """A district stands behind, but not where only districts can be meant."""
    fits = kind in (None, VILLAGE, region.kind)
    behind = region.level is Level.DISTRICT and kind != Level.DISTRICT and "." not in scope
    return _Hit(region, nearness, sure and fits, LEAD * behind + WRONG_KIND * (not fits))


def _guessed(hit: _Hit) -> _Hit:
    """Among thousands of districts a misspelling alone is never sure."""
    return replace(hit, sure=False, against=hit.against + GUESSED) if hit.is_district else hit


def _qualified(hit: _Hit, around: _Hit) -> _Hit:
    """Both names count: what lies in a well-spelt place may itself be misspelt."""
    nearness = (hit.nearness + around.nearness) / 2
    return replace(hit, nearness=nearness, against=hit.against + around.against)


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
