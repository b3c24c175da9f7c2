"""The moderators' desk: each errand is done in one transaction, committed, and only then answered.

Rule: seen before? → who? → done → owed → commit → speak. An errand that is handed over again changes nothing twice and
is answered quietly: what it changed is drawn by what is owed. Who only looks keeps no writer waiting, and looks again;
a link that may have got lost is made anew.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.board import QUEUE
from bot.conversation.case import Actor
from bot.conversation.errands import (
    Changed,
    Errand,
    Faceless,
    Person,
    Pressed,
    Remarked,
    Response,
    StaffCommand,
    Summoned,
)
from bot.conversation.screens import Screen, say
from bot.services import debts
from bot.services.context import Context
from bot.services.debts import Debt, Noted
from bot.services.members import Members
from bot.services.moderation import Moderation, invites, looks
from bot.services.remarks import REMARK, Remarks
from storage import seen
from storage.sql import Transaction

Done = tuple[Response, list[Debt]]


@dataclass(frozen=True, slots=True)
class Office:
    """Another room's part of the desk: a command, and the buttons of its screens, which all bear one name.

    A command that brings None is none of the actor's: they get the ordinary help.
    """

    command: StaffCommand
    screens: str
    summoned: Callable[[Transaction, Person, Actor, str], Awaitable[Done | None]]
    pressed: Callable[[Transaction, Person, Actor, Pressed], Awaitable[Done]]


class Desk:
    """`handle` is for adapters; `owe` is called with new debts after each commit."""

    def __init__(
        self,
        context: Context,
        members: Members,
        owe: Callable[[Sequence[Noted]], None],
        offices: Sequence[Office] = (),
    ) -> None:
        self._context = context
        self._members = members
        self._owe = owe
        self._moderation = Moderation(context)
        self._remarks = Remarks(context)
        self._commands: Mapping[StaffCommand, Office] = {office.command: office for office in offices}
        self._screens: Mapping[str, Office] = {office.screens: office for office in offices}

    async def handle(self, errand: Errand) -> Response | None:
        """What an errand brings, once it is committed; None where it is none of a moderator's."""
        match errand.deed:
            case Changed():
                self._members.changed()
                return Response()
            case Faceless():
                told = say("staff.faceless")
                return Response(toast=told, new=Screen("", 0, (told,)))
        actor = await self._members.actor(errand.by)
        return await self._done_by(errand, actor) if actor else self._refused(errand)

    def _refused(self, errand: Errand) -> Response | None:
        """A card's button under somebody who may not; whatever else they do is not meant for this desk."""
        mine = isinstance(errand.deed, Pressed) and not errand.private
        return Response(toast=say("staff.nobody")) if mine else None

    async def _done_by(self, errand: Errand, actor: Actor) -> Response | None:
        context, updates = self._context, [] if errand.update is None else [errand.update]
        if looks(errand.deed):
            async with context.database.reading() as tx:
                done = await self._do(tx, errand, actor)
            return done and done[0]
        async with context.database.transaction() as tx:
            if await seen.known(tx, updates) and not invites(errand.deed):
                return Response()
            done = await self._do(tx, errand, actor)
            if done is None:
                return None
            response, owed = done
            noted = await debts.note(tx, context, owed)
            await seen.note(tx, updates)
        self._owe(noted)
        return response

    async def _do(self, tx: Transaction, errand: Errand, actor: Actor) -> Done | None:
        match errand.deed:
            case Pressed() as pressed:
                return await self._pressed(tx, errand, actor, pressed)
            case Remarked() as remark:
                return await self._remarks.remarked(tx, errand, actor, remark)
            case Summoned() as summoned:
                return await self._summoned(tx, errand, actor, summoned)
            case _:
                return None

    async def _pressed(self, tx: Transaction, errand: Errand, actor: Actor, pressed: Pressed) -> Done:
        office = self._screens.get(pressed.number)
        if office:
            return await office.pressed(tx, errand.by, actor, pressed)
        if pressed.number == QUEUE:
            return await self._moderation.listed(tx, errand, actor, pressed)
        room = self._remarks if pressed.number == REMARK else self._moderation
        return await room.pressed(tx, errand, actor, pressed)

    async def _summoned(self, tx: Transaction, errand: Errand, actor: Actor, summoned: Summoned) -> Done | None:
        match summoned.command:
            case StaffCommand.QUEUE:
                return await self._moderation.queue(tx, actor)
            case StaffCommand.TIP:
                return await self._moderation.tip(tx, summoned.words, private=errand.private)
            case command:
                office = self._commands.get(command)
                return await office.summoned(tx, errand.by, actor, summoned.words) if office else None
