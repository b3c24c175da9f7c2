"""Whether the bot still hears its reporters. Rule: the platform drops what nobody has asked for within a day.

The hour of the last answer is a fact in the database, so that a bot which was down for long knows of it at its start.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from bot.conversation.screens import Screen, say
from bot.services import debts
from bot.services.context import Context
from bot.services.debts import Debt, Owe
from storage import facts

log = logging.getLogger(__name__)

WARN_HOURS = 20
POLLED_WITHIN = timedelta(minutes=10)
"""How old the platform's last answer may be where all is well: it is asked every minute."""
FACT = "heard"
"""The fact that holds the hour of the epoch in which the platform last answered when asked for news."""


class Awake:
    """`silence` gives the seconds since the platform last answered, or None where it has not yet."""

    def __init__(self, context: Context, owe: Owe, silence: Callable[[], float | None]) -> None:
        self._context = context
        self._owe = owe
        self._silence = silence
        self._warned = False

    async def note(self) -> None:
        """Note the last answer; warn admins and the log, once, when it lies too far back, also after the fact.

        It is written down where it is another than before alone, so this may be called as often as one likes.
        """
        context, hour, silence = self._context, self._context.hour(), self._silence()
        async with context.database.reading() as tx:
            noted = await facts.read(tx, context.secrets, FACT)
        before = int(noted or hour)
        heard = before if silence is None else max(before, hour - int(silence // 3600))
        warning = self._warning(max(heard - before, hour - heard))
        if warning or noted != b"%d" % heard:
            async with context.database.transaction() as tx:
                await facts.keep(tx, context.secrets, FACT, b"%d" % heard)
                owed = await debts.note(tx, context, warning)
            self._owe(owed)

    def _warning(self, hours: int) -> list[Debt]:
        late, again = hours > WARN_HOURS, self._warned
        self._warned = late
        if not late or again:
            return []
        log.warning("not_polled", extra={"waiting": hours})
        return debts.to_admins(self._context, Screen("", 0, (say("alarm.deaf", hours=hours),)))
