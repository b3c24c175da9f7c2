"""Finds people, or secrets, in bytes, in whatever form they may have got there."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from prove.forms import forms
from prove.needles import Needles


class Trace(NamedTuple):
    """That a canary stands in a place, and in which form."""

    canary: str
    form: str
    place: str


def found_in(places: Mapping[str, bytes], canaries: Iterable[str]) -> list[Trace]:
    """Which canary stands where, and in which form; in any case of letters."""
    traces = _traces(frozenset(canaries))
    return [Trace(*known, name) for name, data in places.items() for known in sorted(traces.met(data))]


class _Traces:
    """Needles, and of which canaries in which form each is a trace."""

    def __init__(self, canaries: Iterable[str]) -> None:
        self._of: dict[bytes, tuple[tuple[str, str], ...]] = {}
        for canary in canaries:
            # The first form of those that look the same names them all.
            own = {data.lower(): form for form, data in reversed(forms(canary).items())}
            for needle, form in own.items():
                self._of[needle] = (*self._of.get(needle, ()), (canary, form))
        self._needles = Needles(self._of)

    def met(self, data: bytes) -> set[tuple[str, str]]:
        return {trace for needle in self._needles.within(data.lower()) for trace in self._of[needle]}


@lru_cache(maxsize=1)
def _traces(canaries: frozenset[str]) -> _Traces:
    """Those of the last search: room after room is searched for the same thousand people."""
    return _Traces(canaries)
