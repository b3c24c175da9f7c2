"""How the connection fares, in numbers and one word: nothing here leads to a message or a person."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Link(StrEnum):
    """How updates come in."""

    STARTING = "starting"
    WELL = "well"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CONFLICT = "conflict"
    STALLED = "stalled"
    STOPPED = "stopped"


@dataclass(slots=True)
class Health:
    """`link` holds since `since` on `clock`, and `tell` hears when it changes; `counts` are sums by what happened."""

    clock: Callable[[], float] = time.monotonic
    tell: Callable[[Link], None] = lambda _: None
    link: Link = Link.STARTING
    since: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    answered: float | None = None

    def hears(self) -> None:
        """Telegram has answered when it was asked for updates."""
        self.answered = self.clock()

    def silence(self) -> float | None:
        """Seconds since Telegram last answered, None before it has."""
        return None if self.answered is None else self.clock() - self.answered

    def turns(self, link: Link) -> None:
        if link is not self.link:
            self.link, self.since = link, self.clock()
            self.tell(link)
            self.happened(link)

    def lasts(self) -> float:
        """For how many seconds it has been so."""
        return self.clock() - self.since

    def happened(self, what: str) -> None:
        self.counts[what] += 1
