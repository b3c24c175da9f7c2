"""The morning's word to moderators and admins. Rule: counts only, once a day, made from cases and the tally alone."""

from datetime import date, timedelta

from bot.conversation import board
from bot.conversation.screens import Line, Screen, say
from bot.conversation.speech import Accepted
from bot.services import cases, debts
from bot.services.context import Context
from bot.services.debts import Owe
from bot.services.ports import Channel
from storage import audit, facts, tally

FACT = "morning"
"""The fact that holds the last day on which it was said."""


class Morning:
    """`hour` is the first of the day, in the operator's zone, at which it is said."""

    def __init__(self, context: Context, channel: Channel, hour: int, owe: Owe) -> None:
        self._context = context
        self._channel = channel
        self._hour = hour
        self._owe = owe

    async def hourly(self) -> None:
        """Say it where today's is not said yet; a chat that is shut is told in a later hour.

        A bot's first day has nothing behind it, and nothing is said.
        """
        context, today = self._context, self._context.today()
        if context.local_hour() < self._hour:
            return
        async with context.database.reading() as tx:
            last = await facts.read(tx, context.secrets, FACT)
        if last == _written(today):
            return
        outcome = await self._channel.alert(context.route.chat, await self._lines(today)) if last else Accepted()
        if isinstance(outcome, Accepted):
            await self._said(today, first=last is None)

    async def _lines(self, today: date) -> tuple[Line, ...]:
        context, day = self._context, today - timedelta(days=1)
        async with context.database.reading() as tx:
            known = [case async for case in cases.every(tx, context)]
            counted = {one.value: one.n for one in await tally.read(tx, "status", _day(day), _day(day))}
        return board.daily(known, counted, day, context.world())

    async def _said(self, today: date, *, first: bool) -> None:
        """Note it; admins get the audit trail's head, against which a tail that is cut later shows."""
        context = self._context
        async with context.database.transaction() as tx:
            await facts.keep(tx, context.secrets, FACT, _written(today))
            head = await audit.head(tx)
            told = Screen("", 0, (say("daily.head", head=f"{head.n}:{head.link.hex()}"),))
            owed = await debts.note(tx, context, [] if first else debts.to_admins(context, told))
        self._owe(owed)


def _day(day: date) -> str:
    return day.isoformat()


def _written(day: date) -> bytes:
    return _day(day).encode()
