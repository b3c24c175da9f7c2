"""The bots that are compared: each a module whose `run` works until it is interrupted.

They answer the same people (`bench.scripts`); what they keep, and how, is what they differ in. What stands here is the
standard library's alone, for a contestant may live in an environment that has neither this bot nor its library.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contestant works: the Bot API server and what it is to find there; a folder of its own."""

    api_url: str
    token: str
    channel: int
    admin: int
    folder: Path
