"""Which updates have come, which of them are kept, and which Telegram may forget.

Its rule: numbers are told apart by membership and by the order in which they came, never by size: after a quiet week
they start anew anywhere. Telegram forgets whatever stands before the offset that it is asked for, so the offset is
the first update that is not committed; past that one, it is the last's successor.
"""

import asyncio


class Window:
    """The updates since the last offset that Telegram has acted upon, in the order in which they came."""

    def __init__(self) -> None:
        self._committed: dict[int, bool] = {}
        self._open = 0
        self._settled = asyncio.Event()
        self._settled.set()
        self._next: int | None = None

    def enter(self, update: int) -> bool:
        """Note an update; say whether it is new here. One that was seen before is in hand or done already."""
        if update in self._committed:
            return False
        self._committed[update] = False
        self._open += 1
        self._settled.clear()
        self._next = update + 1
        return True

    def commit(self, update: int) -> None:
        """Note that nothing of this update can be lost any more."""
        if not self._committed.get(update, True):
            self._committed[update] = True
            self._open -= 1
            if not self._open:
                self._settled.set()

    def in_hand(self) -> int:
        """How many are not committed yet."""
        return self._open

    async def settled(self, seconds: float) -> bool:
        """Wait until all are committed, for so long at most; say whether they are."""
        if self._open:
            try:
                async with asyncio.timeout(seconds):
                    await self._settled.wait()
            except TimeoutError:
                return False
        return True

    def offset(self) -> tuple[int | None, tuple[int, ...]]:
        """The offset to ask for, and the updates that Telegram forgets by being asked."""
        done: list[int] = []
        for update, committed in self._committed.items():
            if not committed:
                return update, tuple(done)
            done.append(update)
        return self._next, tuple(done)

    def told(self, updates: tuple[int, ...]) -> None:
        """Telegram was asked with the offset that forgets these."""
        for update in updates:
            del self._committed[update]
