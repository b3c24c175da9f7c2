"""Where it happened: Indonesia's provinces, regencies, cities and districts as one table.

A code leads to its parents: "73.04.02" lies in "73.04", which lies in "73". Names repeat, so what people read
shows a region's kind and path. The search for a place that somebody typed is in `gazetteer`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.conversation.gazetteer import Found, Gazetteer, Vocabulary
from bot.conversation.region_names import Level, Region

__all__ = ["ZONES", "Found", "Level", "Region", "RegionTable", "Vocabulary", "Zone"]


@dataclass(frozen=True, slots=True)
class Zone:
    """How Indonesians write a time zone ("WITA"), and its IANA name ("Asia/Makassar")."""

    name: str
    iana: str


ZONES = {
    "WIB": Zone("WIB", "Asia/Jakarta"),
    "WITA": Zone("WITA", "Asia/Makassar"),
    "WIT": Zone("WIT", "Asia/Jayapura"),
}


class RegionTable:
    """Every region by code, in Kemendagri's order."""

    def __init__(self, names: Mapping[str, str], vocabulary: Vocabulary) -> None:
        self._regions = {code: Region(code, name) for code, name in names.items()}
        self._children: dict[str | None, list[Region]] = defaultdict(list)
        for region in self._regions.values():
            self._children[region.parent].append(region)
        self._district = vocabulary.district
        self._display = vocabulary.display
        self._zones = {code: ZONES[name] for name, codes in vocabulary.zones.items() for code in codes}
        self._gazetteer = Gazetteer(self, vocabulary)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def get(self, code: str) -> Region | None:
        return self._regions.get(code)

    def provinces(self) -> tuple[Region, ...]:
        return tuple(self._children[None])

    def children(self, code: str) -> tuple[Region, ...]:
        return tuple(self._children.get(code, ()))

    def short(self, code: str) -> str:
        """The name with its kind, as a button shows it: "Kab. Jeneponto", "DKI Jakarta", "Kec. Rumbia"."""
        region = self._regions[code]
        if region.level is Level.DISTRICT:
            return self._district + region.name
        head = next((head for head in self._display if region.name.startswith(head)), "")
        return self._display.get(head, "") + region.name.removeprefix(head)

    def path(self, code: str) -> tuple[str, ...]:
        """Short names from the region up to its province: ("Kab. Jeneponto", "Sulawesi Selatan")."""
        parent = self._regions[code].parent
        return (self.short(code), *(self.path(parent) if parent else ()))

    def zone(self, code: str) -> Zone:
        """The time zone of the region's province."""
        return self._zones.get(code[:2], ZONES["WIB"])

    def search(self, words: str, limit: int = 5) -> Found:
        """The places that these words may mean, at most `limit`. Any text may come; none raises."""
        return self._gazetteer.search(words, limit)
