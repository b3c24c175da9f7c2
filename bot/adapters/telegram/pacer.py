"""One pace for everything that is sent: Telegram's limits, and answers to people before posts.

Its rule: waiting is in order within a chat, and a chat that must wait holds up no other. Written here because the
limiters that exist know neither precedence nor a clock that is given to them, and each costs a timer for every
message; here a message that need not wait costs two comparisons.
"""

import asyncio
import heapq
import time
from collections import deque
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
    """At most `most` messages in any stretch of so many seconds."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's: 30 a second in all, 1 a second in a chat but for short bursts, 20 a minute in a group or channel."""

    overall: Rate = Rate(30, 1)
    chat: Rate = Rate(3, 3)
    group: Rate = Rate(20, 60)


UNLIMITED: Final = Limits(Rate(1, 0), Rate(1, 0), Rate(1, 0))


class Kind(IntEnum):
    """What is sent, the most urgent first. Edits of posts are counted apart from posts."""

    ANSWER = 0
    POST = 1
    EDIT = 2


class _Record:
    """When the last messages were sent, or will be, as far as the rate has to know."""

    __slots__ = ("_rate", "_times", "paused")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._times: deque[float] = deque(maxlen=rate.most)
        self.paused = -inf

    def opens(self, places: int) -> float:
        """When so many may be sent together; more than the rate allows need all of it."""
        over = len(self._times) + min(places, self._rate.most) - self._rate.most
        return max(self._times[over - 1] + self._rate.seconds, self.paused) if over > 0 else self.paused

    def take(self, at: float, places: int) -> None:
        self._times.extend([at] * min(places, self._rate.most))

    def pause(self, now: float, until: float) -> None:
        """Let nothing through before `until`; what was to be sent sooner is sent then."""
        self.paused = max(self.paused, until)
        self._times = deque([max(at, until) if at > now else at for at in self._times], self._rate.most)

    def matters(self, now: float) -> bool:
        return self.paused > now or (bool(self._times) and self._times[-1] + self._rate.seconds > now)


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
        self._overall = _Record(self._limits.overall)
        self._chats: dict[tuple[int, bool], _Record] = {}
        self._many = MANY
        self._waiting: list[tuple[Kind, int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._pump: asyncio.Task[None] | None = None

    async def turn(self, chat: int, kind: Kind = Kind.ANSWER, places: int = 1) -> None:
        """Return when `places` more messages may be sent to `chat`; an album is as many as it has items."""
        record = self._record(chat, kind)
        now = self._clock()
        opens = max(now, record.opens(places))
        record.take(opens, places)
        while opens > now:
            await self._sleep(opens - now)
            now = self._clock()
            opens = max(opens, record.paused)
        if self._waiting or self._overall.opens(places) > now:
            await self._queue(kind, places)
        else:
            self._overall.take(now, places)

    def flooded(self, chat: int, seconds: float) -> None:
        """Obey a flood answer: that chat waits; where another waits for the same reason, everything does."""
        now = self._clock()
        until = now + seconds
        if any(record.paused > now for (other, _), record in self._chats.items() if other != chat):
            self._overall.pause(now, until)
        for kind in (Kind.ANSWER, Kind.EDIT):
            self._record(chat, kind).pause(now, until)

    def _record(self, chat: int, kind: Kind) -> _Record:
        place = (chat, kind is Kind.EDIT)
        record = self._chats.get(place)
        if record is None:
            if len(self._chats) >= self._many:
                self.forget()
            record = self._chats[place] = _Record(self._limits.group if chat < 0 else self._limits.chat)
        return record

    def forget(self) -> None:
        """Forget chats to which nothing was sent lately: they wait for nothing."""
        now = self._clock()
        self._chats = {place: record for place, record in self._chats.items() if record.matters(now)}
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
