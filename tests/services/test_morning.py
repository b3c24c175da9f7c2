"""Every morning moderators read what waits, and admins get the end of the audit trail."""

import asyncio
import json
import sqlite3
from datetime import date, timedelta
from itertools import pairwise

from click.testing import CliRunner
from desk import START, Clock, Moderators, desk_at

from bot.cli import cli
from bot.conversation.speech import Shut
from bot.services.morning import Morning
from storage import audit, outbox

HOUR = 8


async def _morning(desk, moderators: Moderators, hours: int) -> list[int]:
    """How many lines the channel has after each of so many hours."""
    morning, lines = Morning(desk.context, moderators, HOUR, desk.owed.extend), []
    for _ in range(hours):
        await morning.hourly()
        lines.append(len(moderators.alerts))
        desk.clock.passes(hours=1)
    return lines


async def test_the_summary_comes_once_a_day_at_its_hour(tmp_path):
    """The first day nothing is said; from the next on one summary a day, at the hour that is set, over restarts too."""
    clock = Clock(START.replace(hour=3))
    moderators = Moderators()
    async with desk_at(tmp_path, clock) as desk:
        lines = await _morning(desk, moderators, 24)
    async with desk_at(tmp_path, clock) as desk:
        lines += await _morning(desk, moderators, 24)
    said = [hour for hour, (before, after) in enumerate(pairwise(lines), start=1) if before != after]

    assert [22, 46] == said
    assert 6 == lines[-1]


async def test_a_chat_that_is_shut_gets_it_later_and_admins_get_the_head_once(tmp_path):
    """Refused at eight it is said at nine; the head of the trail is owed to the admin once all the same."""
    moderators = Moderators()
    async with desk_at(tmp_path, Clock(START.replace(hour=0))) as desk:
        await _morning(desk, moderators, 24)
        moderators.outcomes = [Shut("kicked")]
        lines = await _morning(desk, moderators, 4)

    assert [0, 0, 3, 3] == lines
    assert ["answer"] == [kind for _, kind in desk.owed]


async def test_who_was_shut_out_for_days_reads_of_each_of_them(tmp_path):
    """What could not be posted is posted when it can be, with a row for each day that was missed, and seven at most."""
    moderators = Moderators()
    async with desk_at(tmp_path, Clock(START.replace(hour=0))) as desk:
        await _morning(desk, moderators, 24)
        moderators.outcomes = [Shut("kicked")] * 23 * 2
        days = [await _days(desk, moderators) for _ in range(3)]
        desk.clock.passes(days=30)
        most = await _days(desk, moderators)

    assert [[], [], [START.date() + timedelta(days=n) for n in range(3)]] == days
    assert 7 == len(most)


async def _days(desk, moderators: Moderators) -> list[date]:
    """The days of which the channel reads in the next 24 hours."""
    before = len(moderators.alerts)
    await _morning(desk, moderators, 24)
    return [line.values["day"] for line in moderators.alerts[before:] if line.key == "daily.day"]


async def test_the_head_that_admins_are_told_is_what_verify_audit_takes(place):
    """As it stands in the message, it proves the trail; cut after that, the trail is found out."""
    desk_clock, moderators = Clock(START.replace(hour=0)), Moderators()
    async with desk_at(place, desk_clock) as desk:
        async with desk.context.database.transaction() as tx:
            await audit.append(tx, desk.context.secrets, [audit.Line(START.date(), "take", "M-22222")])
        await _morning(desk, moderators, 26)
        ((owed_id, _),) = desk.owed
        async with desk.context.database.reading() as tx:
            owed = await outbox.read(tx, desk.context.secrets, owed_id)
    head = json.loads(owed.body)["lines"][0][1]["head"]
    whole = await asyncio.to_thread(CliRunner().invoke, cli, ["verify-audit", "--head", head])
    with sqlite3.connect(place / "bisik.db") as database:
        database.execute("DROP TRIGGER audit_is_not_cut")
        database.execute("DELETE FROM audit")
    database.close()
    cut = await asyncio.to_thread(CliRunner().invoke, cli, ["verify-audit", "--head", head])

    assert (0, 1) == (whole.exit_code, cut.exit_code)
