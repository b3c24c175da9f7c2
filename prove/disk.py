"""The disk is full, or another program holds the database, again and again, while people go on writing to the bot."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from random import Random
from subprocess import Popen

from prove.crowd import alive, goes_through
from prove.page import Finding
from prove.stage import Scene

TROUBLE_SECONDS = (0.2, 3.0)
"""How long it lasts, at random; the longer ones outlast the time for which the bot waits for a lock."""


async def prove(folder: Path, times: int) -> Sequence[Finding]:
    """Let one or the other happen so often while people send tips."""

    async def trouble(scene: Scene, chance: Random) -> None:
        async with alive(scene) as bot:
            await scene.simulator.settled(lambda: scene.posts, 60)
            for _ in range(times):
                async with chance.choice((_full, _locked))(scene, bot):
                    await asyncio.sleep(chance.uniform(*TROUBLE_SECONDS))
                await asyncio.sleep(chance.uniform(*TROUBLE_SECONDS))

    return await goes_through(folder, trouble, times)


@asynccontextmanager
async def _full(scene: Scene, bot: "Popen[bytes]") -> AsyncIterator[None]:
    """No file of the bot's can grow: what it would write past their present end is refused."""
    size = min(path.stat().st_size for path in _files(scene) if path.suffix != ".db-shm")
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def _locked(scene: Scene, _bot: "Popen[bytes]") -> AsyncIterator[None]:
    """Another program writes to the database, and takes its time."""
    with closing(sqlite3.connect(_database(scene), isolation_level=None, timeout=60, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def _files(scene: Scene) -> list[Path]:
    return [path for path in _database(scene).parent.glob("*.db*") if path.stat().st_size]


def _database(scene: Scene) -> Path:
    return scene.folder / "data" / "bisik.db"
