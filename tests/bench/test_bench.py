"""The benchmark itself: every contestant does the work that it is measured for, and the table says what was found."""

from pathlib import Path

from bench.contestants import BARE, ENTRIES, OURS, USUAL, Entry
from bench.contestants.usual import QUESTIONS
from bench.crowd import Order, Outcome
from bench.report import report
from bench.rounds import Crowd, Round, measure
from bench.scripts import INTERVIEW, SCRIPTS, TAPPED, TYPED

PEOPLE = 2


async def test_every_contestant_answers_each_update_once(tmp_path: Path) -> None:
    """In processes of their own, over HTTP, each plays its scripts to the end; our drafts are whole and on the disk."""
    rounds: list[Round] = []
    async with Crowd.gather(latency=0) as crowd:
        for entry in ENTRIES:
            folder = tmp_path / entry.name
            folder.mkdir()
            rounds += await measure(entry, crowd, PEOPLE * entry.share, folder)

    assert [(entry, script) for entry in ENTRIES for script in entry.scripts] == [
        (found.entry, found.order.script) for found in rounds
    ]
    for found in rounds:
        updates = PEOPLE * len(SCRIPTS[found.order.script])
        assert (updates, updates, PEOPLE) == (found.outcome.updates, found.outcome.answers, found.outcome.exact)


def test_the_interview_is_comparable() -> None:
    """Whoever is not ours asks as many questions as ours."""
    assert len(INTERVIEW) == len(QUESTIONS)


def test_the_table_says_which_targets_are_met() -> None:
    """Ratios are taken within a repetition; their median decides, and least and most stand beside it."""
    slow, fast = _repetition(ours=(30, 0.9)), _repetition(ours=(95, 0.7))
    lines = list(report([slow, fast, fast]))

    assert any("95 (30-95)" in line and "0.70 (0.70-0.90)" in line for line in lines)
    assert [("0.95 (0.30-0.95)", "met"), ("47.50 (15.00-47.50)", "met"), ("1.40 (1.40-1.80)", "met")] == _verdicts(
        lines
    )
    assert ["MISSED", "MISSED", "MISSED"] == [verdict for _, verdict in _verdicts(list(report([slow])))]


def _repetition(ours: tuple[float, float]) -> list[Round]:
    """Rounds of a hundred updates, by updates a second and milliseconds for one."""
    figures = {(OURS, TYPED): ours, (OURS, TAPPED): ours, (BARE, TYPED): (100, 0.5), (BARE, TAPPED): (100, 0.5)}
    return [_round(*place, *pair) for place, pair in {**figures, (USUAL, TYPED): (2.0, 4.0)}.items()]


def _round(entry: Entry, script: str, rate: float, cost: float) -> Round:
    return Round(entry, Order(script, 10, 1), Outcome(100, 100, 10, 100 / rate), cost / 10)


def _verdicts(lines: list[str]) -> list[tuple[str, str]]:
    return [(line[52:72].strip(), line[72:].strip()) for line in lines if line.endswith(("met", "MISSED"))]
