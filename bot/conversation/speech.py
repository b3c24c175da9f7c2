"""What became of something that was said: the few answers that any platform gives to a sending."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform has it, as these messages."""

    messages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: try again, after `seconds` where the platform named them. `unsure`: it may have it all the same."""

    seconds: float | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new number; send it there."""

    chat: int


@dataclass(frozen=True, slots=True)
class Shut:
    """The chat no longer takes anything (blocked, thrown out, deleted, without the rights); `reason` is a code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """The platform will never take this very thing (too large, malformed); `reason` is a code."""

    reason: str


Outcome = Accepted | Later | Moved | Shut | Unfit
