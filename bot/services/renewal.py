"""The weekly new master key, without which old copies of the database go on opening what went to the archive since.

Rule: what was begun is marked in the database before the keyring is touched, and the mark goes when the former key is
destroyed; so whatever breaks off is taken up in the next hour, and a rotation begun by hand is left to its beginner
until a week has passed.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.conversation.screens import Screen, say
from bot.services import debts
from bot.services.context import QUIET_HOUR, Context
from bot.services.debts import Owe
from storage import facts, keyring, rotation
from storage.keyring import KeyringError
from storage.rotation import StillNeeded

WEEK: Final = timedelta(days=7)
BEGUN, TOLD = "renewal", "renewal_told"
"""Facts: a rotation of the bot's own is not over; the ISO day on which admins were told that it does not go on."""


class Renewal:
    """`path` is the keyring's; `owe` is called with new debts."""

    def __init__(self, context: Context, path: Path, owe: Owe) -> None:
        self._context, self._path, self._owe = context, path, owe

    async def hourly(self) -> None:
        """Go on with a rotation, or begin one where the key is a week old and the hour is quiet or past."""
        context = self._context
        try:
            begun, ring = await self._begun(), keyring.load(self._path)
            # A key of tomorrow was made while a clock was wrong, and would not grow old in time.
            old = not timedelta(0) <= context.today() - ring.newest.made < WEEK
            quiet = context.local_hour() >= QUIET_HOUR
            if old and (begun or quiet):
                await self._mark()
            elif not begun:
                return
            if old or len(ring.keys) > 1:
                await rotation.rotate(context.database, self._path, context.today())
                await rotation.destroy_former(context.database, self._path)
            await self._end()
        except StillNeeded:
            context.counters["renewal_postponed"] += 1
        except KeyringError:
            await self._remind()

    async def _begun(self) -> bool:
        async with self._context.database.reading() as tx:
            return await facts.read(tx, self._context.secrets, BEGUN) is not None

    async def _mark(self) -> None:
        async with self._context.database.transaction() as tx:
            await facts.keep(tx, self._context.secrets, BEGUN, b"")

    async def _end(self) -> None:
        """Admins hear of it, for their copy of the keyring opens nothing that comes from now on."""
        context = self._context
        async with context.database.transaction() as tx:
            await facts.forget(tx, BEGUN)
            await facts.forget(tx, TOLD)
            owed = await debts.note(tx, context, debts.to_admins(context, Screen("", 0, (say("renewal.done"),))))
        context.counters["renewed"] += 1
        self._owe(owed)

    async def _remind(self) -> None:
        """Admins hear once a week that the keyring cannot be replaced from here."""
        context, today = self._context, self._context.today()
        async with context.database.transaction() as tx:
            told = await facts.read(tx, context.secrets, TOLD)
            if told and today - date.fromisoformat(told.decode()) < WEEK:
                return
            await facts.keep(tx, context.secrets, TOLD, today.isoformat().encode())
            owed = await debts.note(tx, context, debts.to_admins(context, Screen("", 0, (say("renewal.stuck"),))))
        self._owe(owed)
