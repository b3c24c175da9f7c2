"""Telegram's flood limits: 30 messages a second in all, 1 in a private chat, 20 a minute in a group.

Off until switched on. A short burst in a private chat passes, as it does in reality. Time comes from the clock that
is handed in.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a steady rate, up to a capacity."""

    capacity: float
    rate: float
    level: float
    at: float

    def wait(self, now: float, amount: int) -> float:
        """Seconds until that many may pass; 0 if now. An album larger than the bucket waits for a full one."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(amount, self.capacity) - self.level) / self.rate)


@dataclass(slots=True)
class Limits:
    """How many messages may be sent; each figure is (burst, messages a second)."""

    clock: Callable[[], float]
    enabled: bool = False
    overall: tuple[float, float] = (30, 30)
    private: tuple[float, float] = (5, 1)
    group: tuple[float, float] = (20, 20 / 60)
    _buckets: dict[int, Bucket] = field(default_factory=dict)

    def charge(self, chat_id: int, amount: int) -> int:
        """Take the messages from the budget: 0, or the seconds to wait, when nothing was taken."""
        if not self.enabled:
            return 0
        now = self.clock()
        figures = ((0, self.overall), (chat_id, self.private if chat_id > 0 else self.group))
        buckets = [self._bucket(key, figure, now) for key, figure in figures]
        wait = max(bucket.wait(now, amount) for bucket in buckets)
        if wait == 0:
            for bucket in buckets:
                bucket.level -= amount
        return math.ceil(wait)

    def _bucket(self, key: int, figure: tuple[float, float], now: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(*figure, level=figure[0], at=now)
        return self._buckets[key]
