"""A legal hold by command: an admin asks for it or for its end, with a reason, and a second one does the same.

Rule: it is the act of the card's menu and nothing else; the reason lies with the case, so that it outlives the talk,
and is told to admins alone.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

from bot.conversation.board import no_tip
from bot.conversation.case import Actor
from bot.conversation.casework import REASON_MOST
from bot.conversation.errands import Person, Pressed, Response, StaffCommand
from bot.conversation.screens import Line, Screen, say
from bot.services import cases, debts
from bot.services.context import Context
from bot.services.desk import Done, Office
from storage.sql import Transaction

ACTS: Final = {StaffCommand.HOLD: "hold", StaffCommand.RELEASE: "unhold"}


def offices(context: Context) -> list[Office]:
    """The desk's parts for both commands; whoever is no admin gets the ordinary help."""
    return [Office(command, act, _summoned(context, act), _pressed) for command, act in ACTS.items()]


def _summoned(
    context: Context, act: str
) -> Callable[[Transaction, Person, Actor, str], Coroutine[Any, Any, Done | None]]:
    async def summoned(tx: Transaction, person: Person, by: Actor, words: str) -> Done | None:
        return await _asked(tx, context, replace(by, name=person.name), act, words) if by.admin else None

    return summoned


async def _asked(tx: Transaction, context: Context, by: Actor, act: str, words: str) -> Done:
    number, _, reason = words.strip().partition(" ")
    reason = " ".join(reason.split())
    if not number or not 0 < len(reason) <= REASON_MOST:
        return _said(say(f"hold.how.{act}", most=REASON_MOST))
    found = await cases.numbered(tx, context, number)
    if found is None:
        return Response(new=no_tip()), []
    decision, owed = await cases.act(tx, context, found, by, act)
    if decision.case is None:
        known = (say("hold.grounds", reason=found.case.grounds),) if found.case.grounds else ()
        return _said(decision.toast, *known)
    await cases.give_grounds(tx, context, found.id, reason)
    about = {"name": by.name, "number": found.case.number, "reason": reason}
    told = say(f"hold.told.{act}", **about, state=say("card.held" if decision.case.held else "hold.waits"))
    # A hold that is asked for is not in force yet; one that is to end still is: then another's word is missing.
    missing = decision.case.held == (act == "unhold")
    second = (say(f"hold.second.{act}", number=found.case.number),) if missing else ()
    return Response(new=_only(decision.toast)), [*owed, *debts.to_admins(context, _only(told, *second))]


async def _pressed(_tx: Transaction, _person: Person, _by: Actor, _pressed: Pressed) -> Done:
    """These screens bear no buttons."""
    return Response(), []


def _said(*lines: Line) -> Done:
    return Response(new=_only(*lines)), []


def _only(*lines: Line) -> Screen:
    return Screen("", 0, lines)
