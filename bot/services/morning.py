"""The morning's word to moderators and admins. Rule: counts only, once a day, made from cases and the tally alone.

Moderators whose chat is shut read it when it is open again, with each day that they missed; admins never wait for that.
"""

from datetime import date, timedelta

from bot.conversation import board
from bot.conversation.screens import Line, Screen, say
from bot.conversation.speech import Accepted
from bot.services import cases, debts
from bot.services.context import Context
from bot.services.debts import Debt, Owe
from bot.services.ports import Channel
from storage import audit, facts, tally
from storage.sql import Transaction

FACT, HEAD_FACT = "morning", "head"
"""The facts that hold the last day on which moderators were told, and admins."""
DAYS_MOST = 7
"""So many days are told of after the chat was shut; more stand in the statistics."""


class Morning:
    """`hour` is the first of the day, in the operator's zone, at which it is said."""

    def __init__(self, context: Context, channel: Channel, hour: int, owe: Owe) -> None:
        self._context = context
        self._channel = channel
        self._hour = hour
        self._owe = owe

    async def hourly(self) -> None:
        """Say what is not said yet today. A bot's first day has nothing behind it, and nothing is said."""
        today = self._context.today()
        if self._context.local_hour() < self._hour:
            return
        last, noted = await self._last(FACT), await self._last(HEAD_FACT)
        if noted != today:
            await self._said(HEAD_FACT, today, with_head=noted is not None)
        if last != today and (last is None or await self._told(last, today)):
            await self._said(FACT, today)

    async def _last(self, fact: str) -> date | None:
        async with self._context.database.reading() as tx:
            noted = await facts.read(tx, self._context.secrets, fact)
        return date.fromisoformat(noted.decode()) if noted else None

    async def _told(self, last: date, today: date) -> bool:
        """Whether the moderators' chat took what there was since the last time."""
        lines = await self._lines(max(last, today - timedelta(days=DAYS_MOST)), today)
        return isinstance(await self._channel.alert(self._context.route.chat, lines), Accepted)

    async def _lines(self, first: date, today: date) -> tuple[Line, ...]:
        context, past = self._context, (today - first).days
        days = [first + timedelta(days=n) for n in range(past)] or [today - timedelta(days=1)]
        counted: dict[date, dict[str, int]] = {day: {} for day in days}
        async with context.database.reading() as tx:
            known = [case async for case in cases.every(tx, context)]
            for one in await tally.read(tx, "status", days[0].isoformat(), days[-1].isoformat()):
                counted[date.fromisoformat(one.period)][one.value] = one.n
        return board.daily(known, counted, context.world())

    async def _said(self, fact: str, today: date, *, with_head: bool = False) -> None:
        context = self._context
        async with context.database.transaction() as tx:
            await facts.keep(tx, context.secrets, fact, today.isoformat().encode())
            owed = await debts.note(tx, context, await self._head(tx) if with_head else [])
        self._owe(owed)

    async def _head(self, tx: Transaction) -> list[Debt]:
        """The audit trail's last line, against which a tail that is cut later shows."""
        head = await audit.head(tx)
        told = Screen("", 0, (say("daily.head", head=f"{head.n}:{head.link.hex()}"),))
        return debts.to_admins(self._context, told)
