"""The queue of updates, as getUpdates sees it.

An update is forgotten when a higher offset is asked for, or after 24 hours. `allowed_updates` is remembered from the
last call that named it and filters updates when they come in, not when they are fetched. A long poll that is
waiting when another getUpdates starts to wait is ended with a conflict.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any

from bot.simulator.errors import Refused, conflict

Update = dict[str, Any]

DAY = 86_400
BY_DEFAULT_OFF = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
ENDED = "terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    def __init__(self, clock: Callable[[], float], chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self._waiting: deque[tuple[float, int, Update]] = deque()
        """When each came, its number, and what is said of it, which `forge` may make any."""
        self._next_id = chance.randrange(10_000_000, 900_000_000)
        self._poll: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update and return its id; None where the bot has not asked for that kind."""
        if not self._wanted(kind):
            return None
        update_id = self._next_id
        self._next_id += 1
        self._queue({"update_id": update_id, kind: content})
        return update_id

    def forge(self, update: Any) -> None:  # noqa: ANN401 - JSON
        """Queue what no Telegram sends, in an update's place; or one that it has sent, again."""
        self._next_id += 1
        self._queue(update)

    def jump(self) -> None:
        """Go on at a random id, as after a week without updates; nothing older is left then."""
        self._waiting.clear()
        self._next_id = self._chance.randrange(10_000_000, 900_000_000)

    def pending(self) -> list[Update]:
        return [update for *_, update in self._waiting]

    def clear(self) -> None:
        self._waiting.clear()

    def allow(self, kinds: list[str] | None) -> None:
        """Remember `allowed_updates`; None leaves it as it was, an empty list means the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    async def get(self, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109 -- the API's parameter
        """Up to `limit` updates from `offset` on; waits that many seconds for the first one."""
        self._forget(offset)
        if not self._waiting and timeout:
            await self._first(timeout)
        return [update for *_, update in islice(self._waiting, limit)]

    def end_poll(self, refusal: Refused) -> None:
        """End the long poll that is waiting, if any, with that refusal."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(refusal)

    async def _first(self, seconds: float) -> None:
        self.end_poll(conflict(ENDED))
        mine = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await mine
        except TimeoutError:
            pass
        finally:
            if self._poll is mine:
                self._poll = None

    def _queue(self, update: Update) -> None:
        """As the last number that was given."""
        self._waiting.append((self._clock(), self._next_id - 1, update))
        self._wake()

    def _wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def _wanted(self, kind: str) -> bool:
        return kind not in BY_DEFAULT_OFF if self._allowed is None else kind in self._allowed

    def _forget(self, offset: int) -> None:
        """Drop what the offset acknowledges; a negative one keeps only that many from the end."""
        oldest = self._clock() - DAY
        while self._waiting and self._waiting[0][0] < oldest:
            self._waiting.popleft()
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif offset <= self._next_id + 10:
            while self._waiting and self._waiting[0][1] < offset:
                self._waiting.popleft()
