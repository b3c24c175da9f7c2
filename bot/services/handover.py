"""Handing tips over: one asks, a second confirms, and the sheet with its evidence goes to who asked, in private.

What was asked lives in openings alone: a button's code opens it for a day, and once. Nothing is made before it is
confirmed.
Rule: content never goes to the moderators' chat from here; where it may not pass the platform, it is not sent at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.conversation.case import TARGETS, Actor, Case
from bot.conversation.casework import decide, refusal
from bot.conversation.errands import Person, Pressed, Response
from bot.conversation.handing import DROP, MASK, TO, WHOLE, Asked, choose, confirm, only
from bot.conversation.screens import Line, Screen, say
from bot.conversation.speech import Accepted, Later, Moved
from bot.handover.masking import Tip, found
from bot.services import dossier, sheets
from bot.services.cases import numbered, record
from bot.services.context import Context
from bot.services.debts import OWED_HOURS, Debt, Kind, debt
from bot.services.followup import tell
from bot.services.jobs import Retry
from bot.services.ports import Channel
from storage import archive, audit, openings
from storage.openings import Opening
from storage.outbox import Owed
from storage.sql import Transaction

TIPS_MOST: Final = 10
ASKED_DAYS: Final = 1
PURPOSE: Final = "handover"

Done = tuple[Response, list[Debt]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked: tips by number, by whom (`user` is their private chat), and, once it is chosen, to whom."""

    numbers: tuple[str, ...]
    user: int
    pseudonym: str
    name: str
    to: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.pseudonym, self.name)


class HandOver:
    """Answers the command and its buttons within the caller's transaction; works off debts of kind `request`.

    Who may is the caller's to know. `second`: another person has to confirm.
    """

    def __init__(self, context: Context, channel: Channel, *, second: bool) -> None:
        self._context, self._channel, self._second = context, channel, second

    # The command and its buttons

    async def summoned(self, tx: Transaction, by: Person, actor: Actor, words: str) -> Done:
        """`/serahkan NUMBER…`: what would go, and the question to whom."""
        if not self._context.rules.forwards_content:
            return Response(new=only(say("handover.closed"))), []
        numbers = tuple(dict.fromkeys(words.upper().replace(",", " ").split()))
        if not 0 < len(numbers) <= TIPS_MOST:
            return Response(new=only(say("handover.which", most=TIPS_MOST))), []
        opened = await self._tips(tx, numbers, actor)
        if isinstance(opened, Line):
            return Response(new=only(opened)), []
        wish = Wish(tuple(tip.case.number for tip in opened), by.user, actor.pseudonym, by.name)
        code = await self._keep(tx, wish)
        return Response(new=choose(self._shown(opened), self._context.world(), code)), []

    async def pressed(self, tx: Transaction, by: Person, actor: Actor, pressed: Pressed) -> Done:
        """A button of a hand-over's screen; old and forged ones change nothing."""
        verb, _, code = pressed.code.partition("-")
        wish = await self._read(tx, code)
        known = wish and (verb == DROP or (verb in (MASK, WHOLE) if wish.to else verb in TO))
        refused = self._not_by(by, wish, verb) if wish and known else say("handover.old")
        if wish is None or refused:
            return Response(toast=refused), []
        await openings.take(tx, self._context.secrets, code)
        if verb == DROP:
            return Response(over=only(say("handover.dropped", name=by.name))), []
        if verb in TO:
            return await self._chosen(tx, replace(wish, to=TO[verb]))
        return await self._confirmed(tx, Actor(actor.pseudonym, by.name), wish, mask=verb == MASK)

    def _not_by(self, by: Person, wish: Wish, verb: str) -> Line | None:
        """Why this person's word does not count: anybody drops, who asked says to whom, a second one confirms."""
        theirs = by.user == wish.user
        if verb == DROP or theirs != (self._second and verb not in TO):
            return None
        return say("handover.second") if theirs else say("handover.not_yours", name=wish.name)

    async def _chosen(self, tx: Transaction, wish: Wish) -> Done:
        """A second person is asked in the moderators' chat, or who asked, at once."""
        code = await self._keep(tx, wish)
        if not self._second:
            return Response(over=await self._request(tx, code, wish)), []
        owed = debt(Kind.REQUEST, code=code, until=self._context.hour() + OWED_HOURS)
        return Response(over=only(say("handover.waits", to=say(f"target.{wish.to}")))), [owed]

    async def _confirmed(self, tx: Transaction, by: Actor, wish: Wish, *, mask: bool) -> Done:
        opened = await self._tips(tx, wish.numbers, wish.actor)
        if isinstance(opened, Line):
            return Response(over=only(opened)), []
        day, owed = self._context.today(), list[Debt]()
        for tip in opened:
            order = sheets.Order(
                tip.case.number, wish.to, wish.name, by.name if self._second else "", mask, day.isoformat()
            )
            owed += await forward(tx, self._context, tip.case, wish.to, wish.actor)
            owed += sheets.owed(self._context, tip, order, wish.user)
        if self._second:
            await vouch(tx, self._context, wish.to, by, wish.actor)
        numbers = ", ".join(wish.numbers)
        told = say("handover.made", numbers=numbers, to=say(f"target.{wish.to}"), second=by.name, name=wish.name)
        return Response(over=only(told)), owed

    # The tips of a hand-over

    async def _closed(self, tx: Transaction, number: str) -> Line:
        """Why a tip cannot be opened here."""
        found = await numbered(tx, self._context, number)
        archived = found and await archive.is_archived(tx, found.id)
        return say("archive.only" if archived else "handover.unknown", number=number)

    async def _tips(self, tx: Transaction, numbers: Sequence[str], actor: Actor) -> list[Tip] | Line:
        """The tips by their numbers; or why one of them cannot be handed over."""
        opened = dict[str, Tip]()  # one that is named in two ways is one
        for number in numbers:
            tip = await dossier.numbered(tx, self._context, number)
            if tip is None:
                return await self._closed(tx, number)
            refused = refusal(tip.case, "forward", actor, TARGETS[0])
            if refused:
                return say("handover.refused", number=tip.case.number, why=refused)
            opened[tip.case.number] = tip
        return list(opened.values())

    def _shown(self, opened: Sequence[Tip]) -> list[Asked]:
        world = self._context.world()
        return [Asked(tip.case, found(tip, world)) for tip in opened]

    # What was asked, behind a button's code

    async def _keep(self, tx: Transaction, wish: Wish) -> str:
        body = {"purpose": PURPOSE} | {name: getattr(wish, name) for name in wish.__slots__}
        opening = Opening(json.dumps(body).encode(), self._context.today() + timedelta(days=ASKED_DAYS))
        return await openings.make(tx, self._context.secrets, opening, self._context.chance)

    async def _read(self, tx: Transaction, code: str) -> Wish | None:
        opening = await openings.read(tx, self._context.secrets, code)
        body = json.loads(opening.body) if opening else {}
        if body.pop("purpose", "") != PURPOSE:
            return None
        return Wish(**body | {"numbers": tuple(body["numbers"])})

    # What is owed

    async def _request(self, tx: Transaction, code: str, wish: Wish) -> Screen:
        opened = await self._tips(tx, wish.numbers, wish.actor)
        if isinstance(opened, Line):
            return only(opened)
        name = wish.name if self._second else ""
        return confirm(self._shown(opened), self._context.world(), code, wish.to, name)

    async def request(self, owed: Owed) -> Retry | None:
        """Ask the moderators' chat for a second person's word, unless it was dropped meanwhile."""
        context, body = self._context, json.loads(owed.body)
        async with context.database.reading() as tx:
            wish = await self._read(tx, body["code"])
            screen = await self._request(tx, body["code"], wish) if wish else None
        if screen is None or context.hour() >= body["until"]:
            return None
        outcome = await self._channel.ask(context.route.chat, screen)
        if isinstance(outcome, Moved):
            await context.route.follow(outcome.chat)
            return Retry(0)
        return None if isinstance(outcome, Accepted) else Retry(outcome.seconds if isinstance(outcome, Later) else None)


async def forward(tx: Transaction, context: Context, case: Case, to: str, by: Actor) -> list[Debt]:
    """Move a tip to "forwarded", with its audit line; its reporter is told. One that went there before stays."""
    tip = await numbered(tx, context, case.number)
    decision = decide(case, "forward", by, to)
    if tip is None or decision.case is None:
        return []
    owed = await record(tx, context, tip, decision, by)
    return owed + (await tell(tx, context, tip.id, decision.tells, closing=False) if decision.tells else [])


async def vouch(tx: Transaction, context: Context, to: str, second: Actor, first: Actor) -> None:
    """Note in the audit trail who confirmed, and whose hand-over."""
    line = audit.Line(context.today(), f"confirm-{to}", second.pseudonym, first.pseudonym)
    await audit.append(tx, context.secrets, [line])
