"""Cases between the table of acts and the storage.

Rule: whatever changes a case goes through `keep`, so that its card is redrawn; what moderators, reporter and bot do
goes through `record`, so that its audit line, its count and its history are written with it. No content is opened.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from bot.conversation.board import GONE
from bot.conversation.card import menu_after
from bot.conversation.case import OVER, Actor, Case, Standing, from_json, to_json
from bot.conversation.casework import Decision, decide
from bot.conversation.counting import of_standing
from bot.conversation.screens import say
from bot.services import talk
from bot.services.context import Context
from bot.services.debts import Debt, Kind, debt
from bot.services.talk import Entry
from storage import audit, looks, tally, tips
from storage.sql import Transaction

LISTED_MOST = 5_000
"""So many cases stay open in memory between two lists."""
LINKS = frozenset({"link", "unlink"})
TALK = frozenset({"ask", "amend", "note"})
"""Acts whose words go into the talk, and nowhere where that is archived."""


class Found(NamedTuple):
    """A tip by its id and day of receipt, with its case."""

    id: bytes
    day: date
    case: Case


async def load(tx: Transaction, context: Context, tip_id: bytes) -> Found | None:
    """A tip's case; None where it is gone, or its seal is broken."""
    return _found(await tips.find(tx, context.secrets, tip_id))


async def find(tx: Transaction, context: Context, tip_id: bytes) -> Case | None:
    found = await load(tx, context, tip_id)
    return found and found.case


async def numbered(tx: Transaction, context: Context, number: str) -> Found | None:
    """A tip's case by the number that moderators see, as people type it; none before they have the tip."""
    found = _found(await tips.find_by_number(tx, context.secrets, number))
    return found if found and is_theirs(context, found.case) else None


async def every(tx: Transaction, context: Context) -> AsyncIterator[Case]:
    """All cases that moderators have, from their summaries alone; best inside `Database.reading()`.

    A seal that is as it was when all were last read is not opened again.
    """
    before, now = context.listed, dict[bytes, tuple[bytes, Case | None]]()
    async for row in tips.rows(tx, date.min):
        tip_id, _, sealed = row
        known, case = before.get(tip_id, (b"", None))
        if known != sealed:
            found = _found(tips.opened_row(context.secrets, row))
            case = found and found.case
        if len(now) < LISTED_MOST:
            now[tip_id] = (sealed, case)
        if case and is_theirs(context, case):
            yield case
    context.listed = now


async def keep(tx: Transaction, context: Context, tip_id: bytes, case: Case, menu: str = "") -> list[Debt]:
    """Keep a case as it now is; its card is owed to be redrawn with this menu open."""
    await tips.set_summary(tx, context.secrets, tip_id, to_json(case))
    return [debt(Kind.CARD, tip=tip_id.hex(), menu=menu)]


async def give_grounds(tx: Transaction, context: Context, tip_id: bytes, reason: str) -> None:
    """Keep why a legal hold was asked for, or its end; what was decided of it has the card redrawn."""
    found = await load(tx, context, tip_id)
    if found:
        await keep(tx, context, tip_id, replace(found.case, grounds=reason))


async def act(tx: Transaction, context: Context, tip: Found, by: Actor, code: str) -> tuple[Decision, list[Debt]]:
    """Decide on what a code such as `label-1` asks for, and record it; what is owed.

    Two tips are linked by two decisions, one for each.
    """
    name, _, argument = code.partition("-")
    day = context.today().isoformat()
    other = await numbered(tx, context, argument) if name in LINKS else None
    if name in LINKS and other is None:
        return Decision(None, GONE), []
    if name in TALK and not await tips.has_thread(tx, tip.id):
        return Decision(None, say("archive.only", number=tip.case.number)), []
    decision = decide(tip.case, name, by, other.case.number if other else argument, day)
    if decision.case is None:
        return decision, []
    owed = await record(tx, context, tip, decision, by)
    mirrored = decide(other.case, name, by, tip.case.number, day) if other else None
    if other and mirrored and mirrored.case:
        owed += await record(tx, context, other, mirrored, by, menu="")
    return decision, owed


async def record(  # noqa: PLR0913 - what happened, to what, by whom
    tx: Transaction, context: Context, tip: Found, decision: Decision, by: Actor, *, menu: str | None = None
) -> list[Debt]:
    """Keep what was decided of a tip, with its audit line, its count and its history; its card is owed to be redrawn.

    Where several things are chosen, such as labels, their menu stays open on it, unless another is named.
    """
    before, today = tip.case, context.today()
    after = decision.case or before
    happened = Entry("act", say(decision.past), by.pseudonym, name=by.name, day=today.isoformat())
    await talk.add(tx, context, tip.id, happened)
    await audit.append(tx, context.secrets, [audit.Line(today, decision.audit, by.pseudonym)])
    await tally.count(tx, of_standing(before.standing, after.standing, tip.day, today))
    if after.standing in OVER:
        await looks.forget(tx, tip.id)
    return await keep(tx, context, tip.id, after, menu_after(decision.audit) if menu is None else menu)


def is_theirs(context: Context, case: Case) -> bool:
    """Whether moderators may know of a tip: not before a release delay is over, for it would tell when the tip came."""
    return not context.release_minutes or case.standing is not Standing.RECEIVED


def _found(tip: tips.Tip | None) -> Found | None:
    return Found(tip.id, tip.day, from_json(tip.summary)) if tip and tip.summary else None
