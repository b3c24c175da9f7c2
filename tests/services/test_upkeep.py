"""What is forgotten by the hour, and what the log hears of it."""

from datetime import timedelta

from desk import RULES, desk_at

from bot.conversation.events import Command, Commanded
from bot.services import drafts
from bot.services.upkeep import Upkeep
from storage import files, tally


async def test_upkeep_forgets_drafts_with_their_files_and_the_traces_of_their_chats(tmp_path):
    """Once its last day is over, nothing of a draft is left but two counts, and the log hears a number only."""
    reports = []
    async with desk_at(tmp_path) as desk:
        reply = await desk.hears(1, Commanded(Command.START), 1)
        await desk.taps(1, reply, "agree-id", 2)
        async with desk.context.database.transaction() as tx:
            held = (await drafts.load(tx, desk.context, [1]))[1]
            await files.add(tx, desk.context.secrets, held.row.id, b"picture")
        upkeep = Upkeep(desk.context, desk.intake, desk.owed.extend, reports.append)
        await upkeep.hourly()
        desk.clock.passes(hours=RULES.draft_hours, days=1)
        await upkeep.hourly()
        async with desk.context.database.transaction() as tx:
            left = [
                (await tx.execute_fetchall(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 - our names
                for table in ("drafts", "files", "traces")
            ]
            begun = await tally.read(tx, "begun", "2026", "2027")
            was_left = await tally.read(tx, "left", "2026", "2027")

    assert [0, 0, 0] == left
    assert [("2026-11-24", "begun", 1)] == begun
    assert [("status", 1)] == [(one.value, one.n) for one in was_left]
    assert [0, 1] == [report["draft_expired"] for report in reports]


async def test_the_weeks_key_is_destroyed_when_its_drafts_have_expired(tmp_path):
    """Two weeks on, the key that found this week's chats is gone from the database."""
    async with desk_at(tmp_path) as desk:
        async with desk.context.database.reading() as tx:
            before = await tx.execute_fetchall("SELECT id FROM keys WHERE purpose = 'chat'")
        desk.clock.now += timedelta(days=14)
        await Upkeep(desk.context, desk.intake, desk.owed.extend, lambda _: None).hourly()
        desk.clock.now += timedelta(days=7)
        await Upkeep(desk.context, desk.intake, desk.owed.extend, lambda _: None).hourly()
        async with desk.context.database.reading() as tx:
            after = await tx.execute_fetchall("SELECT id FROM keys WHERE purpose = 'chat'")

    assert {row[0] for row in before}.isdisjoint(row[0] for row in after)


async def test_counters_begin_anew_with_every_report(tmp_path):
    """Each hour's counts are that hour's alone."""
    reports = []
    async with desk_at(tmp_path) as desk:
        upkeep = Upkeep(desk.context, desk.intake, desk.owed.extend, reports.append)
        await desk.hears(1, Commanded(Command.HELP), 1)
        await upkeep.hourly()
        await upkeep.hourly()

    assert [1, 0] == [report.get("event_commanded", 0) for report in reports]
