"""Single writes and syncs of the database are refused, as by a full, a read-only or a failing disk, while people send
tips: at random, one alone or a few in a row.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from prove.crowd import goes_through
from prove.layer import OK, recorded
from prove.page import Finding
from prove.stage import Scene

CODES = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
)
SHARE = 0.02
LONGEST = 3
"""So many in a row at most: the bot waits after each before it tries again."""
SECONDS_EACH = 20.0


@dataclass
class Refusing:
    """Refuses at random while it is `on`; `refused` counts."""

    chance: Random
    on: bool = False
    refused: int = 0
    _more: int = 0

    def __call__(self) -> int:
        if not self._more and self.chance.random() < SHARE:
            self._more = self.chance.randint(1, LONGEST)
        if not self.on or not self._more:
            return OK
        self._more -= 1
        self.refused += 1
        return self.chance.choice(CODES)


async def prove(folder: Path, refusals: int) -> Sequence[Finding]:
    """Refuse so many while people send tips."""

    async def trouble(scene: Scene, chance: Random) -> None:
        refusing = Refusing(chance)
        with recorded(lambda _: None, refusing):
            async with scene.bot():
                refusing.on = True
                await scene.simulator.settled(lambda: refusing.refused >= refusals, refusals * SECONDS_EACH)
                refusing.on = False

    return await goes_through(folder, trouble, refusals)
