"""Events that wait for each other share one commit, at most one of each chat.

Where such a batch fails for a reason that is not the storage's, each of its events is tried alone, so that nobody's
event is another's misfortune.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.conversation.case import Actor
from bot.conversation.events import Arrival
from bot.conversation.screens import Reply
from storage.database import StorageUnavailable
from storage.sql import Transaction

BATCH_MOST = 100

Also = Callable[[Transaction], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Waiting:
    """An event whose commit somebody waits for; `also` is done in the same transaction.

    `by` is the moderator who confirms what they wrote, or follows a link.
    """

    arrival: Arrival
    also: Also | None
    by: Actor | None
    reply: asyncio.Future[Reply]


Commit = Callable[[Sequence[Waiting]], Awaitable[list[Reply]]]


class Batches:
    """`commit` has the replies to a batch in its order, once it is on disk."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._waiting: list[Waiting] = []
        self._worker: asyncio.Task[None] | None = None

    async def reply(self, arrival: Arrival, also: Also | None, by: Actor | None) -> Reply:
        """The reply, once the event is committed. Raises `StorageUnavailable`, or what made the event impossible."""
        waiting = Waiting(arrival, also, by, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await waiting.reply

    async def _work(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            await self._settle(batch)

    def _next_batch(self) -> list[Waiting]:
        """At most one event a chat, in the order in which they came."""
        batch: dict[int, Waiting] = {}
        rest = []
        for waiting in self._waiting:
            if len(batch) < BATCH_MOST and waiting.arrival.chat not in batch:
                batch[waiting.arrival.chat] = waiting
            else:
                rest.append(waiting)
        self._waiting = rest
        return list(batch.values())

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        try:
            replies = await self._commit(batch)
        except StorageUnavailable as error:
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 - one event must not take the others along; the adapter sorts it out
            if len(batch) == 1:
                _fail(batch, error)
            else:
                for waiting in batch:
                    await self._settle([waiting])
        else:
            for waiting, reply in zip(batch, replies, strict=True):
                if not waiting.reply.done():
                    waiting.reply.set_result(reply)


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.reply.done():
            waiting.reply.set_exception(error)
