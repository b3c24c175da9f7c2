"""The clock jumps by a day or a year, forth or back, and returns, again and again, while people send tips."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

from prove.crowd import goes_through
from prove.page import Finding
from prove.stage import Scene

DAYS = (-400, -1, 1, 400)
APART_SECONDS = (0.1, 1.5)
"""For so long, at random, it stays wrong, and then right."""


async def prove(folder: Path, jumps: int) -> Sequence[Finding]:
    """Let the clock jump so often; each time the bot's hourly work is done before it is put right."""

    async def trouble(scene: Scene, chance: Random) -> None:
        async with scene.bot() as app:
            await scene.waits(lambda: scene.posts)
            for _ in range(jumps):
                days = chance.choice(DAYS)
                for there in (days, -days):
                    scene.clock.passes(days=there)
                    await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
                    await asyncio.sleep(chance.uniform(*APART_SECONDS))

    return await goes_through(folder, trouble, jumps)
