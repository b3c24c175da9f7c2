"""What a reporter did, held back for as long as a release delay has it: the figures, and whether they can be reached.

Rule: neither says at once that somebody writes now. A count becomes visible at a random minute, and is made once; how
a tip's reporter is reached is read when its minute has come, so that it is true whatever happened meanwhile.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.conversation.counting import Entry
from bot.services import cases, debts
from bot.services.context import Context
from bot.services.debts import Debt, Kind, Noted, debt
from bot.services.jobs import Retry
from storage import outbox, tally, tips
from storage.outbox import Owed
from storage.sql import Transaction


def minute(context: Context) -> int:
    """The minute of the epoch before which what happens now is not shown: at random within the delay that is set."""
    return context.minute() + context.chance.randint(0, context.release_minutes)


async def count(tx: Transaction, context: Context, entries: Iterable[Entry], release: int) -> list[Debt]:
    """Count what a reporter did, from the minute `release` on; an entry's day is best that minute's."""
    counted = list(entries)
    if counted and context.release_minutes:
        return [debt(Kind.COUNT, entries=counted, release=release)]
    await tally.count(tx, counted)
    return []


async def reach(tx: Transaction, context: Context, tip_id: bytes) -> list[Debt]:
    """A tip's reporter is told in a chat from now on, or in none; its moderators see that in a while."""
    if context.release_minutes:
        return [debt(Kind.REACH, tip=tip_id.hex(), release=minute(context))]
    return await show_reach(tx, context, tip_id)


async def show_reach(tx: Transaction, context: Context, tip_id: bytes) -> list[Debt]:
    """A tip's case says whether its reporter is told in a chat, as it is at this moment."""
    found = await cases.load(tx, context, tip_id)
    if found is None:
        return []
    reachable = await tips.address(tx, context.secrets, tip_id) is not None
    return await cases.keep(tx, context, tip_id, replace(found.case, reachable=reachable, shut=False))


class Release:
    """Works off the debts of kinds `count` and `reach`; `owe` is called with new debts."""

    def __init__(self, context: Context, owe: Callable[[Sequence[Noted]], None]) -> None:
        self._context = context
        self._owe = owe

    async def counted(self, owed: Owed) -> Retry | None:
        """Count what was held back. The debt goes in the same commit, so that no crash has it counted twice."""
        context, body = self._context, json.loads(owed.body)
        if wait := self._wait(body["release"]):
            return Retry(wait)
        async with context.database.transaction() as tx:
            await tally.count(tx, body["entries"])
            await outbox.done(tx, [owed.id])
        return None

    async def reached(self, owed: Owed) -> Retry | None:
        """Show moderators how the reporter is reached."""
        context, body = self._context, json.loads(owed.body)
        if wait := self._wait(body["release"]):
            return Retry(wait)
        async with context.database.transaction() as tx:
            noted = await debts.note(tx, context, await show_reach(tx, context, bytes.fromhex(body["tip"])))
        self._owe(noted)
        return None

    def _wait(self, release: int) -> float:
        return debts.wait(self._context, release * 60, self._context.release_minutes * 60)
