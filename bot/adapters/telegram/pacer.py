"""One pace for everything that is sent: Telegram's limits, and answers to people before posts.

Its rule: waiting is in order within a chat, and a chat that must wait holds up no other. Written here because the
limiters that exist know neither precedence nor a clock that is given to them, and each costs a timer for every
message; here a message that need not wait costs two comparisons.
"""

import asyncio
import heapq
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from math import inf
from typing import Final

MANY: Final = 1024
"""So many chats are remembered before those with nothing to wait for are forgotten."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`; in any minute at most `burst` + 60 times `per_second`."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's: about 30 a second in all, 1 a second in a chat, 20 a minute in a group or channel."""

    overall: Rate = Rate(25, 5)
    chat: Rate = Rate(1, 5)
    group: Rate = Rate(0.25, 5)


UNLIMITED: Final = Limits(Rate(inf, 1), Rate(inf, 1), Rate(inf, 1))


class Kind(IntEnum):
    """What is sent, the most urgent first. Edits of posts are counted apart from posts."""

    ANSWER = 0
    POST = 1
    EDIT = 2


class _Bucket:
    """A rate kept as one number: the time at which it would be full again."""

    __slots__ = ("_burst", "_interval", "full", "paused")

    def __init__(self, rate: Rate) -> None:
        self._interval = 1 / rate.per_second
        self._burst = rate.burst
        self.full = -inf
        self.paused = -inf

    def opens(self, places: int) -> float:
        """When so many places are free together; more than a burst need all of it."""
        return max(self.full - max(self._burst - places, 0) * self._interval, self.paused)

    def take(self, now: float, places: int) -> None:
        self.full = max(self.full, now) + places * self._interval

    def pause(self, until: float) -> None:
        """Let nothing through before `until`, and no burst right after it."""
        self.paused = max(self.paused, until)
        self.full = max(self.full, until + (self._burst - 1) * self._interval)


class Pacer:
    """Tells when something may be sent. `clock` counts seconds, `sleep` waits them."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._clock, self._sleep = clock, sleep
        self._overall = _Bucket(self._limits.overall)
        self._chats: dict[tuple[int, bool], _Bucket] = {}
        self._many = MANY
        self._waiting: list[tuple[Kind, int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._pump: asyncio.Task[None] | None = None

    async def turn(self, chat: int, kind: Kind = Kind.ANSWER, places: int = 1) -> None:
        """Return when `places` more messages may be sent to `chat`; an album is as many as it has items."""
        bucket = self._bucket(chat, kind)
        now = self._clock()
        opens = bucket.opens(places)
        bucket.take(now, places)
        while opens > now:
            await self._sleep(opens - now)
            now = self._clock()
            opens = max(opens, bucket.paused)
        if self._waiting or self._overall.opens(places) > now:
            await self._queue(kind, places)
        else:
            self._overall.take(now, places)

    def flooded(self, chat: int, seconds: float) -> None:
        """Obey a flood answer: that chat waits; where another waits for the same reason, everything does."""
        now = self._clock()
        until = now + seconds
        if any(bucket.paused > now for (other, _), bucket in self._chats.items() if other != chat):
            self._overall.pause(until)
        for kind in (Kind.ANSWER, Kind.EDIT):
            self._bucket(chat, kind).pause(until)

    def _bucket(self, chat: int, kind: Kind) -> _Bucket:
        place = (chat, kind is Kind.EDIT)
        bucket = self._chats.get(place)
        if bucket is None:
            self._forget()
            bucket = self._chats[place] = _Bucket(self._limits.group if chat < 0 else self._limits.chat)
        return bucket

    def _forget(self) -> None:
        if len(self._chats) >= self._many:
            now = self._clock()
            self._chats = {place: bucket for place, bucket in self._chats.items() if bucket.full > now}
            self._many = max(MANY, 2 * len(self._chats))

    async def _queue(self, kind: Kind, places: int) -> None:
        place = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (kind, next(self._order), places, place))
        if self._pump is None:
            self._pump = asyncio.create_task(self._serve())
        await place

    async def _serve(self) -> None:
        while self._waiting:
            places = self._waiting[0][2]
            now = self._clock()
            if (opens := self._overall.opens(places)) > now:
                await self._sleep(opens - now)
                continue
            _, _, places, place = heapq.heappop(self._waiting)
            if not place.done():
                self._overall.take(now, places)
                place.set_result(None)
        self._pump = None
