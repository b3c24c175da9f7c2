"""Writes and syncs of the database are refused, as by a full, a read-only or a failing disk, while people send tips:
at random, one alone or a few in a row, and now and then every one for a while.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from prove.crowd import goes_through
from prove.layer import OK, recorded
from prove.page import Finding
from prove.stage import Scene, lets_hurry

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
SPELLS = 10
"""After so many refusals the whole disk is read-only for a while."""
SPELL_SECONDS = (0.3, 3.0)


@dataclass
class Refusing:
    """Refuses at random while it is `on`, and everything while the disk is `read_only`; `refused` counts the former."""

    chance: Random
    on: bool = False
    read_only: bool = False
    refused: int = 0
    _more: int = 0

    def __call__(self) -> int:
        if self.read_only:
            return sqlite3.SQLITE_READONLY
        if not self._more and self.chance.random() < SHARE:
            self._more = self.chance.randint(1, LONGEST)
        if not self.on or not self._more:
            return OK
        self._more -= 1
        self.refused += 1
        return self.chance.choice(CODES)


async def prove(folder: Path, refusals: int) -> Sequence[Finding]:
    """Refuse so many while people send tips."""
    spells = 0

    async def trouble(scene: Scene, chance: Random) -> None:
        nonlocal spells
        refusing = Refusing(chance)
        with recorded(lambda _: None, refusing):
            async with scene.bot() as app:
                lets_hurry(app)
                refusing.on = True
                for most in range(0, refusals, SPELLS):
                    await scene.simulator.settled(
                        partial(_refused, refusing, min(most + SPELLS, refusals)), SECONDS_EACH * SPELLS
                    )
                    refusing.read_only = True
                    await asyncio.sleep(chance.uniform(*SPELL_SECONDS))
                    refusing.read_only = False
                    spells += 1
                refusing.on = False

    found = await goes_through(folder, trouble, refusals)
    return [*found, Finding("times at which the whole disk was read-only for a while", f"{spells:,}")]


def _refused(refusing: Refusing, most: int) -> bool:
    return refusing.refused >= most
