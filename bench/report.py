"""What the rounds show: a table of medians with the least and the most, and the targets beside what was reached.

Two are set against each other within a repetition, whose rounds met the same machine; only then the median is taken.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter, sub, truediv
from statistics import median
from typing import Final

from bench.entries import BARE, ENTRIES, OURS, USUAL, Entry
from bench.rounds import Round
from bench.scripts import TAPPED, TYPED

Repetition = Sequence[Round]
Measure = Callable[[Round], float]

RATE: Final[Measure] = attrgetter("rate")
COST: Final[Measure] = attrgetter("cost")
MEMORY: Final[Measure] = attrgetter("memory")

SAID: Final = {TYPED: "typed answers, one message each", TAPPED: "taps, each answered and its message edited"}


@dataclass(frozen=True, slots=True)
class Target:
    """Of typed answers: this bot's measure, how it is set against the other's, and the bound that this is to keep."""

    says: str
    measure: Measure
    against: Callable[[float, float], float]
    beside: Entry
    keeps: Callable[[float], bool]


TARGETS: Final = (
    Target("updates/s, at least 0.8 x bare", RATE, truediv, BARE, lambda ratio: ratio >= 0.8),
    Target("updates/s, at least 40 x usual", RATE, truediv, USUAL, lambda ratio: ratio >= 40),
    Target("CPU per update, at most 1.5 x bare", COST, truediv, BARE, lambda ratio: ratio <= 1.5),
    Target("memory with all drafts open, at most 60 MB over bare", MEMORY, sub, BARE, lambda more: more <= 60),
)


def report(repetitions: Sequence[Repetition]) -> Iterator[str]:
    """The lines to print."""
    for script, said in SAID.items():
        yield f"\n{said:<52}{'updates/s':>20}{'CPU ms per update':>22}{'MB held':>20}"
        for entry in ENTRIES:
            if rounds := [one for one in chain(*repetitions) if one.entry is entry and one.order.script == script]:
                columns = ((RATE, 0, 20), (COST, 2, 22), (MEMORY, 0, 20))
                cells = (f"{spread(map(measure, rounds), digits):>{wide}}" for measure, digits, wide in columns)
                yield f"  {entry.called:<50}{''.join(cells)}"
    yield f"\n{'target (typed answers)':<54}{'reached':>22}"
    for target in TARGETS:
        found = [_set_against(repetition, target) for repetition in repetitions]
        verdict = "met" if target.keeps(median(found)) else "MISSED"
        yield f"  {target.says:<52}{spread(found, 2):>22}  {verdict}"


def of(repetition: Repetition, entry: Entry, script: str) -> Round:
    """What a repetition found of one script with one contestant."""
    return next(found for found in repetition if found.entry is entry and found.order.script == script)


def _set_against(repetition: Repetition, target: Target) -> float:
    ours, other = (target.measure(of(repetition, entry, TYPED)) for entry in (OURS, target.beside))
    return target.against(ours, other)


def spread(numbers: Iterable[float], digits: int) -> str:
    """The median, and in brackets the least and the most."""
    values = sorted(numbers)
    middle, least, most = (f"{value:.{digits}f}" for value in (median(values), values[0], values[-1]))
    return f"{middle} ({least}-{most})"
