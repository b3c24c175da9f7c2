"""Works off what is owed: every debt is tried until it is done, across restarts.

Debts of a lane are worked off side by side by as many workers as it has. When to try again lives in memory only:
after a restart everything is tried at once. A debt that is begun is not cut off by a stop while the grace time lasts:
what was cut off may have been said, and would be said again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.services.context import Context
from storage import outbox
from storage.database import StorageUnavailable
from storage.outbox import Owed
from storage.vault import BrokenSeal

log = logging.getLogger(__name__)

FIRST_RETRY = 1.0
LAST_RETRY = 300.0
DOUBLINGS = 9
TRIES_LEAST = 10
GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Retry:
    """Not done: try again, after `seconds` or with growing patience. `all` holds up the whole lane meanwhile.

    From the hour `until` on it is given up, but not before a run has tried it `TRIES_LEAST` times: the clock may have
    jumped, or the machine may have slept and be without network yet.
    """

    seconds: float | None = None
    all: bool = False
    until: int | None = None


Handler = Callable[[Owed], Awaitable[Retry | None]]


@dataclass(frozen=True, slots=True)
class Lane:
    """Kinds of debt that share workers, each with who works it off; None from a handler means done."""

    handlers: Mapping[str, Handler]
    workers: int = 1


class Jobs:
    """All lanes. `add` takes new debts, `run` works until it is cancelled and leaves nothing half noted."""

    def __init__(self, context: Context, lanes: Sequence[Lane]) -> None:
        self._context = context
        self._lanes = lanes
        self._queues: list[asyncio.Queue[bytes]] = [asyncio.Queue() for _ in lanes]
        self._of_kind = {kind: n for n, lane in enumerate(lanes) for kind in lane.handlers}
        self._woken = [asyncio.Event() for _ in lanes]
        self._tries: Counter[bytes] = Counter()
        self._idle = asyncio.Condition()
        self._in_hand: set[bytes] = set()

    def add(self, owed: Iterable[tuple[bytes, str]]) -> None:
        for owed_id, kind in owed:
            if owed_id not in self._in_hand:
                self._in_hand.add(owed_id)
                self._queues[self._of_kind[kind]].put_nowait(owed_id)

    def backlog(self, kind: str) -> int:
        """How many debts wait in the lane of that kind."""
        return self._queues[self._of_kind[kind]].qsize()

    def wake(self, kind: str) -> None:
        """What held the lane of that kind up is over."""
        self._woken[self._of_kind[kind]].set()

    async def settled(self) -> None:
        """Wait until nothing is owed."""
        async with self._idle:
            await self._idle.wait_for(lambda: not self._in_hand)

    async def run(self) -> None:
        """Take up what an earlier run left, then work."""
        await self.take_up()
        async with asyncio.TaskGroup() as tasks:
            for n, lane in enumerate(self._lanes):
                for _ in range(lane.workers):
                    tasks.create_task(self._work(n, lane))

    async def take_up(self) -> None:
        """Hear of what is owed and not in hand, such as what a command beside the bot has noted."""
        async with self._context.database.reading() as tx:
            self.add(await outbox.ids(tx))

    async def _work(self, n: int, lane: Lane) -> None:
        queue = self._queues[n]
        while True:
            owed_id = await queue.get()
            self._woken[n].clear()  # before the try, so that what is over meanwhile is not waited for
            again = await _begun(self._try(lane, owed_id))
            if again is None:
                await self._close(owed_id)
                continue
            seconds = self._patience(owed_id) if again.seconds is None else again.seconds
            if again.all:
                await self._hold_up(n, seconds)
                queue.put_nowait(owed_id)
            else:
                asyncio.get_running_loop().call_later(seconds, queue.put_nowait, owed_id)

    async def _hold_up(self, n: int, seconds: float) -> None:
        """Let the lane rest, or until it is woken."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken[n].wait(), seconds)

    def _patience(self, owed_id: bytes) -> float:
        doublings = min(self._tries[owed_id] - 1, DOUBLINGS)
        return float(min(LAST_RETRY, FIRST_RETRY * 2**doublings) * self._context.chance.uniform(0.8, 1.2))

    def _given_up(self, owed_id: bytes, again: Retry) -> bool:
        tried = self._tries[owed_id] >= TRIES_LEAST
        return tried and again.until is not None and self._context.hour() >= again.until

    async def _close(self, owed_id: bytes) -> None:
        del self._tries[owed_id]
        async with self._idle:
            self._in_hand.discard(owed_id)
            self._idle.notify_all()

    async def _try(self, lane: Lane, owed_id: bytes) -> Retry | None:
        """Work a debt off and strike it out; what cannot be opened is counted and left for whoever has the key."""
        self._tries[owed_id] += 1
        try:
            async with self._context.database.reading() as tx:
                owed = await outbox.read(tx, self._context.secrets, owed_id)
            again = await lane.handlers[owed.kind](owed) if owed else None
            if again and self._given_up(owed_id, again):
                self._context.counters["owed_expired"] += 1
                again = None
            if owed and again is None:
                async with self._context.database.transaction() as tx:
                    await outbox.done(tx, [owed_id])
        except BrokenSeal:
            self._context.counters["owed_broken"] += 1
            return None
        except StorageUnavailable:
            self._context.counters["storage_unavailable"] += 1
            return Retry()
        except Exception:  # the worker loop: one debt that fails in an unforeseen way must not stop the others
            log.exception("owed_failed")
            return Retry()
        return again


async def _begun(work: Coroutine[None, None, Retry | None]) -> Retry | None:
    """What came of `work`; where its worker is cancelled meanwhile, it has the grace time to end."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=GRACE_SECONDS)
        raise
    finally:
        task.cancel()
