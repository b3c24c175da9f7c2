"""What the rounds show: a table of medians with the least and the most, and the targets beside what was reached.

Ratios are taken within a repetition, whose rounds met the same machine, and only then is their median taken.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median
from typing import Final

from bench.contestants import BARE, ENTRIES, OURS, USUAL, Entry
from bench.rounds import Round
from bench.scripts import TAPPED, TYPED

Repetition = Sequence[Round]
Measure = Callable[[Round], float]

RATE: Final[Measure] = attrgetter("rate")
COST: Final[Measure] = attrgetter("cost")

SAID: Final = {TYPED: "typed answers, one message each", TAPPED: "taps, each answered and its message edited"}


@dataclass(frozen=True, slots=True)
class Target:
    """Of typed answers: this bot's measure over the other's, and the bound that it is to keep."""

    says: str
    measure: Measure
    beside: Entry
    keeps: Callable[[float], bool]


TARGETS: Final = (
    Target("updates/s, at least 0.8 x bare", RATE, BARE, lambda ratio: ratio >= 0.8),
    Target("updates/s, at least 40 x usual", RATE, USUAL, lambda ratio: ratio >= 40),
    Target("CPU per update, at most 1.5 x bare", COST, BARE, lambda ratio: ratio <= 1.5),
)


def report(repetitions: Sequence[Repetition]) -> Iterator[str]:
    """The lines to print."""
    for script, said in SAID.items():
        yield f"\n{said:<52}{'updates/s':>20}{'CPU ms per update':>24}"
        for entry in ENTRIES:
            if script in entry.scripts:
                rounds = [_of(repetition, entry, script) for repetition in repetitions]
                yield f"  {entry.called:<50}{spread(map(RATE, rounds), 0):>20}{spread(map(COST, rounds), 2):>24}"
    yield f"\n{'target (typed answers)':<52}{'reached':>20}"
    for target in TARGETS:
        ratios = [_ratio(repetition, target) for repetition in repetitions]
        verdict = "met" if target.keeps(median(ratios)) else "MISSED"
        yield f"  {target.says:<50}{spread(ratios, 2):>20}  {verdict}"


def _of(repetition: Repetition, entry: Entry, script: str) -> Round:
    return next(found for found in repetition if found.entry is entry and found.order.script == script)


def _ratio(repetition: Repetition, target: Target) -> float:
    ours, other = (target.measure(_of(repetition, entry, TYPED)) for entry in (OURS, target.beside))
    return ours / other


def spread(numbers: Iterable[float], digits: int) -> str:
    """The median, and in brackets the least and the most."""
    values = sorted(numbers)
    middle, least, most = (f"{value:.{digits}f}" for value in (median(values), values[0], values[-1]))
    return f"{middle} ({least}-{most})"
