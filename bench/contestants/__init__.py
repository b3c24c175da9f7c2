"""The bots that are compared: each a module whose `run` works until it is interrupted.

They answer the same people (`bench.scripts`); what they keep, and how, is what they differ in.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.scripts import TAPPED, TYPED


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant: its module, how the table calls it, the scripts it plays, to one in how many of the people."""

    name: str
    called: str
    scripts: tuple[str, ...] = (TYPED, TAPPED)
    share: int = 1


OURS: Final = Entry("ours", "this bot, each update on disk before its answer")
BARE: Final = Entry("bare", "bare library, same requests, keeps nothing")
# So slow that a round with everybody would take minutes; its speed does not depend on how many they are.
USUAL: Final = Entry("usual", "ConversationHandler, stock requests", scripts=(TYPED,), share=40)
ENTRIES: Final = (OURS, BARE, USUAL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contestant works: the Bot API server and what it is to find there; a folder of its own."""

    api_url: str
    token: str
    channel: int
    admin: int
    folder: Path
