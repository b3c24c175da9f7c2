"""What moderators do with a tip's buttons, and the lists they work from.

Rule: a code is looked up in a table; what is not in it is an act, and `decide` alone says what becomes of it. Menus
change nothing. Cards and lists are drawn from cases, so that they open no tip; who asks for one tip in a chat of
their own has its talk opened.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.conversation import board, card
from bot.conversation.board import Filter
from bot.conversation.case import OVER, Actor, Case
from bot.conversation.casework import ACTS, refusal
from bot.conversation.compose import WORK
from bot.conversation.errands import Deed, Errand, Pressed, Response, StaffCommand, Summoned
from bot.conversation.history import Happened, history
from bot.conversation.places import number_after
from bot.conversation.retention import BAN_DAYS
from bot.conversation.screens import Line, Screen, say
from bot.services import cases, followup, phrases, talk
from bot.services.card import KIND
from bot.services.cases import Found
from bot.services.context import Context
from bot.services.debts import Debt
from storage import bans, posts, tips
from storage.sql import Transaction

Done = tuple[Response, list[Debt]]

SAID: Final = ("ask", "answer", "note")
"""The kinds of entries that moderators read again."""


def looks(deed: Deed) -> bool:
    """Whether it is only looked at something: nothing changes, however often."""
    match deed:
        case Summoned(StaffCommand.QUEUE | StaffCommand.TIP) | Pressed(board.QUEUE):
            return True
        case Pressed(_, code):
            return code.partition("-")[0] in {card.MENU, card.HISTORY}
        case _:
            return False


def invites(deed: Deed) -> bool:
    """Whether it asks for the way to where words are written."""
    return isinstance(deed, Pressed) and deed.code.partition("-")[0] in WORK


@dataclass(frozen=True, slots=True)
class _Press:
    """A button of a tip: its code is `verb` and `argument`."""

    tx: Transaction
    errand: Errand
    actor: Actor
    tip: Found
    verb: str
    argument: str


_Does = Callable[[_Press], Awaitable[Done]]


class Moderation:
    """Each function answers within the caller's transaction; who may is the caller's to know."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._verbs: Mapping[str, _Does] = {
            card.MENU: self._menu,
            card.HISTORY: self._history,
            **dict.fromkeys(("block", "unblock"), self._block),
            **dict.fromkeys(WORK, self._write),
        }

    # Lists

    async def queue(self, tx: Transaction, actor: Actor, which: Filter = Filter.UNCLAIMED, page: int = 0) -> Done:
        found = [case async for case in cases.every(tx, self._context)]
        screen = board.queue(found, actor, which, self._context.world(), page)
        return Response(new=screen, shows=board.listed(screen)), []

    async def tip(self, tx: Transaction, number: str, *, private: bool) -> Done:
        """The card of one tip, wherever it is asked for; in a chat of one's own behind all that was said and noted.

        That is a message of its own, so that it stays while the card is drawn over.
        """
        if not number.strip():
            return Response(new=board.which_tip()), []
        found = await cases.numbered(tx, self._context, number)
        if found is None:
            return Response(new=board.no_tip()), []
        screen = await self._card(tx, found.case)
        said = await self._said(tx, found.id) if private else ()
        talked = card.talk(found.case, said) if said else None
        return Response(first=talked, new=screen, shows=(found.case.number,)), []

    async def _said(self, tx: Transaction, tip_id: bytes) -> tuple[Line, ...]:
        """Nothing where content is not to pass the platform; what waits for its release is not there yet."""
        if not self._context.rules.forwards_content:
            return ()
        if not await tips.has_thread(tx, tip_id):
            return (say("thread.archived"),)
        said = await talk.of(tx, self._context, tip_id)
        return tuple(talk.worked(one) for one in said if one.kind in SAID and not (one.kind == "answer" and one.due))

    async def listed(self, tx: Transaction, errand: Errand, actor: Actor, pressed: Pressed) -> Done:
        """A button of the queue: one of its tips, or another page or kind of it."""
        verb, _, argument = pressed.code.partition("-")
        if verb not in set(Filter):
            return await self.tip(tx, argument, private=errand.private)
        response, owed = await self.queue(tx, actor, Filter(verb), number_after(verb, pressed.code) or 0)
        return replace(response, over=response.new, new=None), owed

    # A tip's buttons

    async def pressed(self, tx: Transaction, errand: Errand, actor: Actor, pressed: Pressed) -> Done:
        """A button of a tip's card, of a menu, or of its history."""
        found = await cases.numbered(tx, self._context, pressed.number)
        if found is None:
            return Response(toast=board.GONE), []
        verb, _, argument = pressed.code.partition("-")
        press = _Press(tx, errand, actor, found, verb, argument)
        return await self._verbs.get(verb, self._act)(press)

    async def _menu(self, press: _Press) -> Done:
        return Response(over=await self._card(press.tx, press.tip.case, *card.menu_of(press.argument))), []

    async def _history(self, press: _Press) -> Done:
        said = await talk.of(press.tx, self._context, press.tip.id)
        happened = [Happened(one.day, one.line.key, one.name) for one in said if one.kind == "act"]
        page = int(press.argument) if press.argument.isascii() and press.argument.isdigit() else 0
        return Response(over=history(press.tip.case, happened, page)), []

    async def _write(self, press: _Press) -> Done:
        """What needs words opens the private chat of who pressed; whether they may is asked again when they confirm."""
        name = WORK[press.verb]
        refused = None if ACTS[name].takes is None else refusal(press.tip.case, name, press.actor)
        if refused:
            return Response(toast=refused), []
        number, user = press.tip.case.number, press.errand.by.user
        code = await followup.invite(press.tx, self._context, press.verb, number, user)
        return Response(opens=code), []

    async def _act(self, press: _Press) -> Done:
        context, verb = self._context, press.verb
        if verb == "label" and press.argument not in await phrases.labels(press.tx, context):
            return Response(toast=say("act.unknown")), []
        decision, owed = await cases.act(press.tx, context, press.tip, press.actor, f"{verb}-{press.argument}")
        if decision.case is None:
            return await self._answered(press, Response(toast=decision.toast), press.tip.case), []
        if decision.tells:
            closing = decision.case.standing in OVER
            owed += await followup.tell(press.tx, context, press.tip.id, decision.tells, closing=closing)
        return await self._answered(press, Response(toast=decision.toast), decision.case, card.menu_after(verb)), owed

    async def _block(self, press: _Press) -> Done:
        """Nobody sees whom: the address is read and hashed here, and goes nowhere.

        That it is gone is said at once, whatever a release delay has the card say: nobody is blocked who is not.
        """
        address = await tips.address(press.tx, self._context.secrets, press.tip.id)
        case = replace(press.tip.case, reachable=address is not None)
        done, owed = await self._act(replace(press, tip=press.tip._replace(case=case)))
        if owed and address is not None and press.verb == "block":
            await bans.add(press.tx, self._context.secrets, address, self._context.today() + timedelta(BAN_DAYS))
        elif owed and address is not None:
            await bans.lift(press.tx, self._context.secrets, address)
        return done, owed

    async def _answered(self, press: _Press, response: Response, case: Case, menu: str = "") -> Response:
        """Away from the tip's own card, which is redrawn by what is owed, the copy is drawn at once."""
        shown = await posts.of(press.tx, press.tip.id)
        here = (press.errand.chat, press.errand.message)
        if any(post.kind == KIND and (post.chat, post.message) == here for post in shown):
            return response
        return Response(response.toast, over=await self._card(press.tx, case, menu))

    async def _card(self, tx: Transaction, case: Case, menu: str = "", page: int = 0) -> Screen:
        labels = await phrases.labels(tx, self._context)
        return card.card(case, self._context.world(), labels, menu, page)
