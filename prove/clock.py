"""The clock jumps by a day or a year, forth or back, and returns, again and again, while people send tips."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

from prove.crowd import goes_through
from prove.page import Finding
from prove.stage import Scene

DAYS = (-400, -1, 1, 400)
WRONG_SECONDS = (0.1, 1.0)
RIGHT_SECONDS = (2.0, 8.0)
"""At random; a draft does not outlive a year, so that people need some time to send a tip."""


async def prove(folder: Path, jumps: int) -> Sequence[Finding]:
    """Let the clock jump so often; each time the bot's hourly work is done before it is put right."""

    async def trouble(scene: Scene, chance: Random) -> None:
        async with scene.bot() as app:
            await scene.waits(lambda: scene.posts)
            for _ in range(jumps):
                days = chance.choice(DAYS)
                for there, seconds in ((days, WRONG_SECONDS), (-days, RIGHT_SECONDS)):
                    scene.clock.passes(days=there)
                    await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
                    await asyncio.sleep(chance.uniform(*seconds))

    return await goes_through(folder, trouble, jumps)
