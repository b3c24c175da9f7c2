"""Work side by side for different chats, in order within one. A lane without work does not exist."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Work = Callable[[], Awaitable[None]]


class Lanes:
    """Queues by chat. Work must not raise."""

    def __init__(self) -> None:
        self._lanes: dict[int, deque[Work]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def waiting(self, chat: int) -> int:
        """How many pieces of work have not begun in this chat."""
        return len(self._lanes.get(chat, ()))

    def put(self, chat: int, work: Work) -> None:
        lane = self._lanes.get(chat)
        if lane is not None:
            lane.append(work)
            return
        self._lanes[chat] = deque((work,))
        task = asyncio.create_task(self._run(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float) -> None:
        """Let what is queued finish for so long, then drop what is left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _run(self, chat: int) -> None:
        lane = self._lanes[chat]
        try:
            while lane:
                await lane.popleft()()
        finally:
            del self._lanes[chat]
