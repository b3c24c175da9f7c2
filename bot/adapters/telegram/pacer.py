"""One pace for everything that is sent: Telegram's limits; answers to people before posts, and both before greetings.

Its rules: waiting is in order within a chat, and a chat that must wait holds up no other. However many strangers there
are, whoever has something in hand finds room at once (`Limits.kept`). Nothing waits for ever: each `SHARE`th message is
the one that was asked for first.

Written here because the limiters that exist know neither precedence nor a clock that is given to them, and each costs
a timer for every message; here a message that need not wait costs a few comparisons.
"""

import asyncio
import time
from bisect import insort
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from math import inf
from typing import Final

MANY: Final = 1024
"""So many chats are remembered before those with nothing to wait for are forgotten."""
SHARE: Final = 10
"""Each so manieth message is the one that was asked for first, whatever it is, where any wait."""
CROWD: Final = 1200
"""So many strangers may wait to be greeted, who are a minute's; beyond, whoever is last in the order gives way."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` messages in any stretch of so many seconds."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's: 30 a second in all, 1 a second in a chat but for short bursts, 20 a minute in a group or channel.

    So many of all are `kept` free of greetings, for people who have something in hand.
    """

    overall: Rate = Rate(30, 1)
    chat: Rate = Rate(3, 3)
    group: Rate = Rate(20, 60)
    kept: int = 10


UNLIMITED: Final = Limits(Rate(1, 0), Rate(1, 0), Rate(1, 0), 0)


class Kind(IntEnum):
    """What is sent, the most urgent first. Edits of posts are counted apart from posts.

    A greeting is what somebody is told who has nothing in hand. Posts go before it: there are few, and each is owed.
    """

    ANSWER = 0
    POST = 1
    EDIT = 2
    GREETING = 3


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


@dataclass(order=True, slots=True)
class _Place:
    """Somebody's place in the order: by kind; a stranger after those who were greeted less; then as they came."""

    kind: Kind
    greeted: int
    came: int
    chat: int = field(compare=False)
    places: int = field(compare=False)
    turn: asyncio.Future[bool] = field(compare=False)


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
        self._greeted: Counter[int] = Counter()
        self._waiting: list[_Place] = []
        self._passed = 0
        self._order = count()
        self._pump: asyncio.Task[None] | None = None

    async def turn(self, chat: int, kind: Kind = Kind.ANSWER, places: int = 1) -> bool:
        """Return when `places` more messages may be sent to `chat`; an album is as many as it has items.

        False: they may not, as too many strangers wait.
        """
        record = self._record(chat, kind)
        now = self._clock()
        opens = max(now, record.opens(places))
        record.take(opens, places)
        while opens > now:
            await self._sleep(opens - now)
            now = self._clock()
            opens = max(opens, record.paused)
        greeted = self._greeted[chat] if kind is Kind.GREETING else 0
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        place = _Place(kind, greeted, next(self._order), chat, places, turn)
        if self._next(place) is place and self._opens(place) <= now:
            self._serve(place)
        else:
            self._queue(place)
        return await turn

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

    def forget_hour(self) -> None:
        """Forget who was greeted, so that they are strangers like any other."""
        self._greeted.clear()

    def _next(self, *more: _Place) -> _Place:
        """Whose turn it is, of those who wait and of `more`."""
        if self._due():
            return min(self._waiting, key=lambda place: place.came)
        return min((*self._waiting[:1], *more))

    def _due(self) -> bool:
        """Whether it is the turn of whoever has waited longest."""
        return bool(self._waiting) and self._passed >= SHARE - 1

    def _opens(self, place: _Place) -> float:
        """When there is room for what is next."""
        kept = self._limits.kept if place.kind is Kind.GREETING and not self._due() else 0
        return self._overall.opens(place.places + kept)

    def _queue(self, place: _Place) -> None:
        insort(self._waiting, place)
        if len(self._waiting) > CROWD and self._waiting[-1].kind is Kind.GREETING:
            _settle(self._waiting.pop(), may=False)
        # Anew: there may be room for whoever is next now before there is for the one that was next.
        if self._pump is not None:
            self._pump.cancel()
        self._pump = asyncio.create_task(self._work())

    def _serve(self, place: _Place) -> None:
        self._overall.take(self._clock(), place.places)
        if place.kind is Kind.GREETING:
            self._greeted[place.chat] += 1
        self._passed = self._passed + 1 if any(other.came < place.came for other in self._waiting) else 0
        _settle(place, may=True)

    async def _work(self) -> None:
        while self._waiting:
            place = self._next()
            now = self._clock()
            if not place.turn.done() and (opens := self._opens(place)) > now:
                await self._sleep(opens - now)
                continue
            self._waiting.remove(place)
            if not place.turn.done():
                self._serve(place)
        self._pump = None


def _settle(place: _Place, *, may: bool) -> None:
    """Let whoever has that place go, or go away; they may have given up already."""
    if not place.turn.done():
        place.turn.set_result(may)
