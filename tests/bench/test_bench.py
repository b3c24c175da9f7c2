"""The benchmark itself: every contestant does the work that it is measured for, and the table says what was found."""

from pathlib import Path

import pytest

from bench import acts, floor
from bench.contestants.interview import QUESTIONS
from bench.crowd import Order, Outcome
from bench.entries import AIOGRAM, BARE, ENTRIES, HTTP, OURS, PEERS, USUAL, Entry
from bench.report import report
from bench.rounds import Crowd, Round, measure
from bench.scripts import INTERVIEW, SCRIPTS, TAPPED, TYPED

PEOPLE = 2


@pytest.mark.parametrize(
    "entry",
    [pytest.param(entry, marks=[pytest.mark.tools] * (entry.python == PEERS), id=entry.name) for entry in ENTRIES],
)
async def test_every_contestant_answers_each_update_once(tmp_path: Path, entry: Entry) -> None:
    """In a process of its own, over HTTP, each plays its scripts to the end; our drafts are whole and on the disk."""
    async with Crowd.gather(latency=0) as crowd:
        rounds = await measure(entry, crowd, PEOPLE * entry.share, tmp_path)

    assert [(entry, script) for script in entry.scripts] == [(found.entry, found.order.script) for found in rounds]
    for found in rounds:
        updates = PEOPLE * len(SCRIPTS[found.order.script])
        assert (updates, updates, PEOPLE) == (found.outcome.updates, found.outcome.answers, found.outcome.exact)
        assert found.held


def test_the_interview_is_comparable() -> None:
    """Whoever is not ours asks as many questions as ours."""
    assert len(INTERVIEW) == len(QUESTIONS)


def test_the_table_says_which_targets_are_met() -> None:
    """Two are set against each other within a repetition; their median decides, least and most stand beside it."""
    slow, fast = _repetition(ours=(30, 0.9, 150)), _repetition(ours=(95, 0.7, 90))
    lines = list(report([slow, fast, fast]))

    assert any("95 (30-95)" in line and "0.70 (0.70-0.90)" in line and "90 (90-150)" in line for line in lines)
    assert [
        ("0.95 (0.30-0.95)", "met"),
        ("47.50 (15.00-47.50)", "met"),
        ("1.40 (1.40-1.80)", "met"),
        ("40.00 (40.00-100.00)", "met"),
    ] == _verdicts(lines)
    assert ["MISSED"] * 4 == [verdict for _, verdict in _verdicts(list(report([slow])))]


def test_who_was_not_there_is_not_in_the_table() -> None:
    """Whoever has not set up the environment that aiogram has of its own still gets the rest."""
    found = _repetition(ours=(95, 0.7, 90))
    without, with_it = ("\n".join(report([one])) for one in (found, [*found, _round(AIOGRAM, TYPED, 50, 2, 170)]))

    assert AIOGRAM.called not in without
    assert AIOGRAM.called in with_it


def test_the_floor_is_the_requests_and_a_commit(tmp_path: Path) -> None:
    """How far this bot and the bare library are from it is said beside it."""
    said = " ".join(floor.lines([_repetition(ours=(80, 0.7, 90))], str(tmp_path)))

    assert "0.20 for the requests alone" in said
    assert "0.67 x as many updates a second as the requests alone" in said
    assert [] == list(tmp_path.iterdir())


async def test_moderators_act_on_every_size_of_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty of them act and list on both databases, and a ratio is said of each."""
    monkeypatch.setattr(acts, "ROUNDS", 1)
    monkeypatch.setattr(acts, "MANY", 20)
    said = await acts.lines(str(tmp_path))

    assert 2 == sum(line.endswith(("met", "MISSED")) for line in said)


def _repetition(ours: tuple[float, float, float]) -> list[Round]:
    """Rounds of a hundred updates, by updates a second, milliseconds for one, and megabytes."""
    bare = (100, 0.5, 50)
    figures = {
        (OURS, TYPED): ours,
        (OURS, TAPPED): ours,
        (BARE, TYPED): bare,
        (BARE, TAPPED): bare,
        (USUAL, TYPED): (2.0, 4.0, 60),
        (HTTP, TYPED): (120, 0.2, 30),
    }
    return [_round(*place, *three) for place, three in figures.items()]


def _round(entry: Entry, script: str, rate: float, cost: float, memory: int) -> Round:
    return Round(entry, Order(script, 10, 1), Outcome(100, 100, 10, 100 / rate), cost / 10, memory << 20)


def _verdicts(lines: list[str]) -> list[tuple[str, str]]:
    return [(line[54:76].strip(), line[76:].strip()) for line in lines if line.endswith(("met", "MISSED"))]
