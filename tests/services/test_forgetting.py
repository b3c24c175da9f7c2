"""What is over its term goes, wherever the purge is cut off; what is held or runs stays."""

import asyncio
import json
import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk import RULES, Desk, desk_at

from bot.cli import cli
from bot.conversation.case import Case, Standing, to_json
from bot.conversation.retention import REJECTED_DAYS, Term, term
from bot.services import forgetting
from bot.services.receipts import Receipts
from storage import audit, copies, entries, files, looks, outbox, posts, tips

STORY = b"canary-words-of-a-story"
CHAT = 5_550_001
TODAY = "2026-11-24"
CASE = Case("K7QX-2M", "PNS", "73.04", ("AJAKAN",), TODAY, TODAY, standing=Standing.CLOSED, closed=TODAY)


async def keep(desk: Desk, case: Case, receipt: str = "1234567812345678", size: int = 50_000) -> bytes:
    """A tip with everything that hangs on one."""
    context = desk.context
    kept = tips.NewTip(
        number=case.number,
        receipt=receipt,
        day=context.today(),
        summary=to_json(case),
        content=STORY,
        address=CHAT,
    )
    async with context.database.transaction() as tx:
        tip_id = await tips.submit(tx, context.secrets, kept)
        await files.add(tx, context.secrets, tip_id, STORY * size)
        await entries.add(tx, context.secrets, tip_id, [STORY])
        await looks.note(tx, context.secrets, tip_id, [STORY])
        await posts.add(tx, tip_id, [posts.Post(-1001, int(receipt[-4:]), "card", 0)])
        await copies.note(tx, context.secrets, tip_id, 501, [int(receipt[-4:])])
    return tip_id


async def purge(desk: Desk, *, pretend: bool = False) -> dict[str, int]:
    return dict(await forgetting.purge(desk.context, desk.owed.extend, pretend=pretend))


async def left(desk: Desk) -> list[int]:
    """How many rows each table of a tip still has."""
    tables = ("tips", "files", "chunks", "entries", "looks", "posts", "copies")
    async with desk.context.database.reading() as tx:
        return [(await tx.execute_fetchall(f"SELECT count(*) FROM {table}"))[0][0] for table in tables]  # noqa: S608 - ours


@pytest.mark.parametrize(
    ("case", "days"),
    [
        (CASE, RULES.retention_days),
        (replace(CASE, standing=Standing.REJECTED), REJECTED_DAYS),
        (replace(CASE, withdrawn=True), -1),
    ],
)
def test_a_tip_goes_the_day_after_its_last_and_a_hold_goes_before_every_term(case, days):
    """Closed, rejected and withdrawn tips have terms of their own; with two admins' hold none of them ends."""
    last = date.fromisoformat(TODAY) + timedelta(days)
    after = last + timedelta(1)

    assert Term.OVER == term(case, RULES, after)
    assert case.withdrawn or Term.RUNS == term(case, RULES, last)
    assert Term.HELD == term(replace(case, hold=("A1", "A2")), RULES, after)
    assert Term.RUNS == term(replace(CASE, standing=Standing.CHECKING, closed=""), RULES, after)


async def test_a_purge_takes_what_is_over_and_nothing_else(tmp_path):
    """An old tip goes with all that hangs on it and owes its posts; open and held ones stay; all is foretold."""
    async with desk_at(tmp_path) as desk:
        await keep(desk, CASE)
        await keep(desk, replace(CASE, number="2222-22", standing=Standing.CHECKING, closed=""), "22")
        await keep(desk, replace(CASE, number="3333-33", hold=("A1", "A2")), "33")
        desk.clock.passes(days=RULES.retention_days + 1)
        before = await left(desk)
        foretold = await purge(desk, pretend=True)
        unchanged = await left(desk)
        done = await purge(desk)
        rest = await left(desk)
        async with desk.context.database.reading() as tx:
            faults = await audit.verify(tx, desk.context.secrets)
            owed = [kind for _, kind in await outbox.ids(tx)]

    assert {"tips": 1, "held": 1} == {word: n for word, n in done.items() if n}
    assert foretold == done
    assert before == unchanged == [3 * n // 2 for n in rest]
    assert (["retract", "retract"], []) == (owed, faults)


async def test_copies_beside_the_database_go_with_the_first_tip_that_does(tmp_path):
    """What a restore or a migration left is there while nothing is destroyed, and not a moment longer."""
    copies = [tmp_path / name for name in ("bisik.db.replaced", "bisik.db.replaced-wal", "bisik.db.v1")]
    async with desk_at(tmp_path) as desk:
        for copy in copies:
            copy.write_bytes(STORY)
        tip_id = await keep(desk, CASE)
        await purge(desk)
        kept = [copy.exists() for copy in copies]
        async with desk.context.database.transaction() as tx:
            await forgetting.destroy(tx, desk.context, [tip_id])

    assert [True] * 3 == kept
    assert [False] * 3 == [copy.exists() for copy in copies]


async def test_nothing_of_a_purged_tip_is_left_in_the_files(tmp_path):
    """Neither words, receipt's hash, wrapped keys nor any ciphertext lie in database, log or copies afterwards."""
    folder = tmp_path
    async with desk_at(folder) as desk:
        await keep(desk, CASE)
        (folder / "bisik.db.v1").write_bytes(STORY)
        os.utime(folder / "bisik.db.v1", (1, 1))
        async with desk.context.database.reading() as tx:
            selects = (
                "SELECT wrapped, summary, address, content, receipt_mac, number_mac FROM tips",
                "SELECT wrapped FROM files",
                "SELECT sealed FROM chunks",
                "SELECT sealed FROM entries",
            )
            values = [v[-64:] for select in selects for row in await tx.execute_fetchall(select) for v in row]
        there = _raw(folder)
        desk.clock.passes(days=RULES.retention_days + 1)
        await purge(desk)
        gone = _raw(folder)

    assert [True] * len(values) == [value in there for value in values]
    assert [] == [value for value in (STORY, *values) if value in gone]
    assert len(gone) < len(there) / 2


def _raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("bisik.db*")))


async def test_a_purge_that_is_cut_off_anywhere_goes_on(tmp_path):
    """Killed before any statement, the next purge leaves nothing of the tip and owes its posts exactly once."""
    copies: list[Path] = []
    source = tmp_path / "origin"
    source.mkdir()

    def copy(statement: str) -> None:
        if statement.startswith(("BEGIN", "UPDATE", "DELETE", "INSERT", "COMMIT", "PRAGMA")):
            copies.append(Path(shutil.copytree(source, tmp_path / f"copy-{len(copies)}")))

    async with desk_at(source) as desk:
        await keep(desk, CASE, size=1)
        clock = desk.clock
        clock.passes(days=RULES.retention_days + 1)
        await desk.context.database._writer.set_trace_callback(copy)
        await purge(desk)
        await desk.context.database._writer.set_trace_callback(None)
    ends = []
    for one in copies:
        async with desk_at(one, clock) as desk:
            await purge(desk)
            async with desk.context.database.reading() as tx:
                ends.append((await left(desk), [kind for _, kind in await outbox.ids(tx)], (await audit.head(tx)).n))

    assert len(copies) > 10
    assert [([0] * 7, ["retract", "retract"], 1)] * len(copies) == ends


async def test_what_a_restored_backup_owed_is_let_go_after_a_term(tmp_path):
    """Held debts go the day after as many days as a closed tip is kept, and are told; what is not held stays."""
    async with desk_at(tmp_path) as desk:
        context, today = desk.context, desk.context.today()
        async with context.database.transaction() as tx:
            await outbox.add(tx, context.secrets, [("answer", b"held"), ("answer", b"owed")])
            await tx.execute("UPDATE outbox SET held = ? WHERE id = (SELECT min(id) FROM outbox)", (today.toordinal(),))
        desk.clock.passes(days=RULES.retention_days)
        kept = await purge(desk)
        desk.clock.passes(days=1)
        foretold, gone = await purge(desk, pretend=True), await purge(desk)
        async with context.database.reading() as tx:
            rows = await tx.execute_fetchall("SELECT held FROM outbox")

    assert ({}, {"debts": 1}, {"debts": 1}) == (kept, foretold, gone)
    assert [(0,)] == rows


async def test_a_purge_says_how_far_it_is(tmp_path):
    """It hears of how many tips there are, before the first and after the last."""
    heard = []
    async with desk_at(tmp_path) as desk:
        await keep(desk, CASE)
        await forgetting.purge(desk.context, desk.owed.extend, lambda *steps: heard.append(steps), pretend=True)

    assert [(0, 1), (1, 1)] == heard


async def test_the_command_tells_the_same_to_people_and_to_scripts(tmp_path):
    """With --json there is nothing but JSON; without it a sentence for each count; a rehearsal changes nothing."""
    async with desk_at(tmp_path) as desk:
        await keep(desk, replace(CASE, closed="2020-01-01"))
    environment = {
        "BISIK_TELEGRAM_TOKEN": "1:abc",
        "BISIK_MODERATOR_CHAT_ID": "-1001",
        "BISIK_ADMIN_IDS": "7",
        "BISIK_OPERATOR_NAME": "Lembaga",
        "BISIK_OPERATOR_CONTACT": "halo",
        "BISIK_ELECTION": "Pilkada",
        "BISIK_DATABASE_URL": f"sqlite:///{tmp_path / 'bisik.db'}",
        "BISIK_KEYRING": str(tmp_path / "keyring.json"),
    }

    async def says(*options: str) -> str:
        run = await asyncio.to_thread(CliRunner().invoke, cli, ["purge", *options], env=environment)
        assert 0 == run.exit_code, run.output
        return run.output

    plain, told, done, again = [await says(*one) for one in (("--dry-run", "--json"), ("--dry-run",), (), ("--json",))]

    assert ({"tips": 1}, {}) == (json.loads(plain), json.loads(again))
    assert "1  tips over their term" in told
    assert ("Nothing was changed.", "Done.") == (told.splitlines()[-1], done.splitlines()[-1])


async def test_at_night_it_runs_once_and_admins_read_numbers(tmp_path):
    """Before three o'clock nothing goes; then the purge runs once that day, and admins are owed a word in counts."""
    async with desk_at(tmp_path) as desk:
        await keep(desk, CASE)
        desk.clock.passes(days=RULES.retention_days)
        await forgetting.nightly(desk.context, desk.owed.extend)
        desk.clock.passes(hours=39)  # 1 a.m. in Jakarta
        seen = []
        for _ in range(4):
            await forgetting.nightly(desk.context, desk.owed.extend)
            seen.append((await left(desk))[0])
            desk.clock.passes(hours=1)

    assert [1, 1, 0, 0] == seen
    assert ["retract", "retract", "answer"] == [kind for _, kind in desk.owed]
    assert 1 == desk.context.counters["purge_tips"]


async def test_a_clock_that_jumps_a_year_and_back_destroys_no_tip(tmp_path):
    """The first night of all, or after many days, destroys nothing; where the clock stays there, the next one does."""
    async with desk_at(tmp_path) as desk:
        await keep(desk, CASE)
        seen = []
        for days in (0, 366, -366, 366, 1):
            desk.clock.passes(days=days)
            await forgetting.nightly(desk.context, desk.owed.extend)
            seen.append((await left(desk))[0])

    assert [1, 1, 1, 1, 0] == seen
    assert 3 == desk.context.counters["purge_put_off"]


async def test_the_first_night_of_a_bot_destroys_no_tip(tmp_path):
    """A bot that knows of no night before cannot tell a jump of its clock from the time that passed."""
    async with desk_at(tmp_path) as desk:
        await keep(desk, CASE)
        desk.clock.passes(days=366)
        await forgetting.nightly(desk.context, desk.owed.extend)

        assert 1 == (await left(desk))[0]


async def test_a_held_tip_outlives_its_withdrawal_without_its_reporter_and_goes_when_the_hold_ends(tmp_path):
    """The reporter is told kindly, their address is cut, and the tip goes at the first purge without the hold."""
    held = replace(CASE, standing=Standing.CHECKING, closed="", hold=("A1", "A2"))
    async with desk_at(tmp_path) as desk:
        tip_id = await keep(desk, held)
        context = desk.context
        async with context.database.transaction() as tx:
            told, owed = await Receipts(context).withdraw(tx, CHAT, "1234567812345678")
        kept = await purge(desk)
        async with context.database.transaction() as tx:
            address = await tips.address(tx, context.secrets, tip_id)
            await tips.set_summary(tx, context.secrets, tip_id, to_json(replace(held, withdrawn=True, hold=("A1",))))
        gone = await purge(desk)

    assert (["withdraw.held"], ["card"], None) == (
        [line.key for line in told.lines],
        [kind for kind, _ in owed],
        address,
    )
    assert ((1, 0), (0, 1)) == tuple((one.get("held", 0), one.get("tips", 0)) for one in (kept, gone))
