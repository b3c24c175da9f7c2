"""`bisik verify-audit` finds what was done to the trail."""

import asyncio
import json
import sqlite3
from datetime import date

import pytest
from click.testing import CliRunner

from bot import groundwork, trail
from bot.cli import cli
from bot.services import proof
from bot.settings import load
from storage import audit, facts, keyring


async def _lines() -> str:
    async with groundwork.opened(load()) as context:
        today = context.today()
        async with context.database.transaction() as tx:
            lines = [audit.Line(today, act, "M-22222") for act in ("take", "check", "ask", "note", "close")]
            return trail.written(await audit.append(tx, context.secrets, lines))


@pytest.fixture
async def head(place) -> str:
    """The trail's last line, as it is noted."""
    keyring.create(place / "keyring.json", date(2026, 11, 1))
    return await _lines()


def changed(place, *statements: str) -> None:
    with sqlite3.connect(place / "bisik.db") as database:
        database.execute("DROP TRIGGER audit_is_not_changed")
        database.execute("DROP TRIGGER audit_is_not_cut")
        for statement in statements:
            database.execute(statement)
    database.close()


def called(*words: str):
    return CliRunner().invoke(cli, ["verify-audit", "--json", *words])


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("SELECT 1", []),
        ("UPDATE audit SET act = 'leave' WHERE n = 2", [2]),
        ("DELETE FROM audit WHERE n = 3", [4]),
        ("INSERT INTO audit SELECT 6, day, act, actor, subject, link FROM audit WHERE n = 5", [6]),
    ],
)
@pytest.mark.usefixtures("head")
def test_a_changed_removed_or_inserted_line_is_named(place, statement, faults):
    """A whole trail ends with 0, any other with 1 and the numbers of the lines that do not follow."""
    changed(place, statement)
    result = called()

    assert (int(bool(faults)), faults) == (result.exit_code, json.loads(result.output)["faults"])


def test_a_tail_that_was_cut_shows_against_a_noted_head(place, head):
    """Without a noted head a cut tail does not show, with it it does, and a malformed one is refused."""
    changed(place, "DELETE FROM audit WHERE n > 3")

    assert (0, 1) == (called().exit_code, called("--head", head).exit_code)
    assert [2, 2] == [called("--head", slip).exit_code for slip in ("no head", "-1:ab")]


@pytest.mark.usefixtures("head")
async def test_a_head_that_was_mistyped_is_not_noted():
    """How it fits the trail is told to who asked; how the trail was when it was last proved stays what it was."""
    assert [0, 1] == [(await asyncio.to_thread(called, *words)).exit_code for words in ((), ("--head", "3:ab"))]
    async with groundwork.opened(load()) as context, context.database.reading() as tx:
        assert proof.WHOLE == await facts.read(tx, context.secrets, proof.FACT)
