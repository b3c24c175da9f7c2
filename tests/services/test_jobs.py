"""What is owed is tried again, however often it has been tried."""

import asyncio

from desk import cancelled, desk_at

from bot.services import jobs as jobs_room
from bot.services.jobs import Jobs, Lane, Retry
from storage import outbox

DAYS = 1100
"""So many tries, with their waits, take days."""


async def test_a_debt_that_fails_for_days_stops_nobody(tmp_path, monkeypatch):
    """After more than a thousand tries it is tried on, and others of its lane are worked off."""
    monkeypatch.setattr(jobs_room, "FIRST_RETRY", 0.0)
    tries, days, done = iter(range(1, 10 * DAYS)), asyncio.Event(), asyncio.Event()

    async def fails(_owed):
        if next(tries) >= DAYS:
            days.set()
        return Retry()

    async def succeeds(_owed):
        done.set()

    async with desk_at(tmp_path) as desk:
        jobs = Jobs(desk.context, [Lane({"bad": fails, "good": succeeds})])
        async with desk.context.database.transaction() as tx:
            await outbox.add(tx, desk.context.secrets, [("bad", b"{}")])
        working = asyncio.create_task(jobs.run())
        await asyncio.wait([working, asyncio.create_task(days.wait())], return_when=asyncio.FIRST_COMPLETED)
        async with desk.context.database.transaction() as tx:
            [good] = await outbox.add(tx, desk.context.secrets, [("good", b"{}")])
        # After the commit, as the product does: before it the worker would find no such debt.
        jobs.add([(good, "good")])
        await asyncio.wait([working, asyncio.create_task(done.wait())], return_when=asyncio.FIRST_COMPLETED)
        stopped = working.done()
        await cancelled(working)

    assert done.is_set()
    assert not stopped
