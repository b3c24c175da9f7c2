"""Updates on their way in: fetched, put in order by chat, and acknowledged only when they are committed.

Its rule: Telegram forgets an update when a later offset is asked for, so nothing is asked for that would let it
forget what is not committed. Answers are said after the commit and outside of it: a slow chat delays nobody.

One update that stays uncommitted (its storage is in trouble, and such an update is never given up) keeps the offset
where it is. Asking for that offset returns at once and brings it again, with whatever has come after it; so it is
asked at most every `PATIENCE` seconds, what is in hand already is passed over, and other chats go on, as long as
fewer than `BATCH` updates stand behind the one that waits: Telegram shows no more than that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.health import Health, Link
from bot.adapters.telegram.lanes import Lanes
from bot.adapters.telegram.reception import Reception, number_in, origin_in
from bot.adapters.telegram.request import Flood, Unreadable
from bot.adapters.telegram.sender import unpaced
from bot.adapters.telegram.window import Window

ALLOWED: Final = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member", "chat_member")
BATCH: Final = 100
LONG_POLL: Final = 50
PATIENCE: Final = 1.0
BACK_OFF_MOST: Final = 10.0
"""Seconds; whoever wrote meanwhile waits for so long after an outage."""


class Inbound:
    """Run it in a task; cancel the task to stop polling, then `close`."""

    def __init__(
        self,
        api: Api,
        reception: Reception,
        health: Health,
        *,
        patience: float = PATIENCE,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._api, self._reception, self._health = api, reception, health
        self._patience, self._sleep = patience, sleep
        self._window, self._lanes = Window(), Lanes()
        self._untold: tuple[int, ...] = ()

    def backlog(self) -> int:
        """How many updates are fetched and not committed yet."""
        return self._window.in_hand()

    async def run(self) -> None:
        """Fetch updates until cancelled. A network or a Telegram that fails is waited for."""
        failed = 0
        while True:
            try:
                await self._reception.open()
                await self._round()
                failed = 0
            except TelegramError as error:
                self._health.turns(_link(error))
                if isinstance(error, Conflict):
                    # A webhook, of a former bot or of a thief of the token, takes every update: it is taken off.
                    await unpaced(self._api.call("deleteWebhook", {}))
                await self._sleep(error.seconds if isinstance(error, Flood) else _back_off(failed))
                failed += 1

    async def close(self, grace: float) -> None:
        """Let what is in hand be committed and answered within `grace` seconds, tell Telegram, disconnect."""
        await self._lanes.drain(grace / 2)
        await self._reception.drain(grace / 2)
        try:
            await self._fetch(0, limit=1)
        except TelegramError:
            self._health.happened("not_told")
        await self._reception.close()
        self._health.turns(Link.STOPPED)

    async def _round(self) -> None:
        settled = await self._window.settled(self._patience)
        raws = await self._fetch(LONG_POLL if settled else 0)
        self._health.hears()
        self._health.turns(Link.WELL if settled else Link.STALLED)
        fresh = [self._admit(raw) for raw in raws]
        if settled and raws and not any(fresh):
            await self._sleep(self._patience)

    async def _fetch(self, long_poll: int, limit: int = BATCH) -> list[Any]:
        offset, done = self._window.offset()
        parameters = {"timeout": long_poll, "limit": limit, "allowed_updates": ALLOWED}
        if offset is not None:
            parameters["offset"] = offset
        raws = await self._api.call("getUpdates", parameters, read=long_poll + 10)
        if not isinstance(raws, list):
            raise Unreadable  # and wait a little: such an answer comes at once, and again
        self._window.told(done)
        await self._tell(done)
        return raws

    async def _tell(self, done: tuple[int, ...]) -> None:
        self._untold += done
        if self._untold and await self._reception.told(self._untold):
            self._untold = ()

    def _admit(self, raw: Any) -> bool:  # noqa: ANN401 - JSON
        number = number_in(raw)
        if number is None:
            self._health.happened("malformed")
            return False
        if not self._window.enter(number):
            return False
        origin = origin_in(raw)
        commit = partial(self._window.commit, number)
        self._lanes.put(origin.chat, partial(self._reception.process, raw, origin, commit))
        self._health.happened("update")
        return True


def _link(error: TelegramError) -> Link:
    match error:
        case Conflict():
            return Link.CONFLICT
        case InvalidToken():
            return Link.REFUSED
        case _:
            return Link.UNREACHABLE


def _back_off(failed: int) -> float:
    return float(min(BACK_OFF_MOST, 0.5 * 2 ** min(failed, 10)))
