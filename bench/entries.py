"""Who is compared, and how the table calls each."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.scripts import TAPPED, TYPED

SERIAL: Final = 80
"""To one in so many of the people plays who answers one after the other: with everybody a round would take minutes."""
PEERS: Final = Path(sys.prefix) / "peers" / "bin" / "python"
"""aiogram wants an older pydantic than this bot, so it has an environment of its own, which `make peers` sets up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant: how the table calls it, its module and what that is wished to do, the scripts that it plays,
    to one in how many of the people, and the interpreter that has what it needs.
    """

    called: str
    module: str
    wishes: tuple[str, ...] = ()
    scripts: tuple[str, ...] = (TYPED,)
    share: int = 1
    python: Path = Path(sys.executable)

    @property
    def name(self) -> str:
        return "+".join((self.module, *self.wishes))

    @property
    def ready(self) -> bool:
        return self.python.exists()


OURS: Final = Entry("this bot, each update on disk before its answer", "ours", scripts=(TYPED, TAPPED))
HTTP: Final = Entry("no library, the requests alone, keeps nothing", "http")
BARE: Final = Entry("bare library, same requests, keeps nothing", "bare", scripts=(TYPED, TAPPED))
AIOGRAM: Final = Entry("aiogram FSM, SQLite, commits before answers", "fsm", python=PEERS)
USUAL: Final = Entry("ConversationHandler", "usual", share=SERIAL)
ENTRIES: Final = (
    OURS,
    HTTP,
    BARE,
    AIOGRAM,
    Entry("aiogram FSM, our requests", "fsm", ("requests",), python=PEERS),
    USUAL,
    Entry("ConversationHandler, our requests", "usual", ("requests",), share=SERIAL),
    Entry("ConversationHandler, pickled each time", "usual", ("pickle",), share=SERIAL),
    Entry("the same, our requests", "usual", ("pickle", "requests"), share=SERIAL),
)
