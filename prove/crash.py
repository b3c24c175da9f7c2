"""The bot is killed by SIGKILL again and again, in the middle of whatever it does, while people go on writing to it."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from prove.crowd import alive, goes_through
from prove.page import Finding
from prove.stage import Scene

REPORTERS = 8
"""More than elsewhere: the more there is to do, the more is done in a short life."""
CALLS_MOST = 120
"""The bot makes up to so many calls before it is killed."""
LIFE_MOST = 4.0
"""Seconds after its first call after which it is killed in any case."""


async def prove(folder: Path, kills: int) -> Sequence[Finding]:
    """Kill the bot so often while people send tips."""

    async def trouble(scene: Scene, chance: Random) -> None:
        for _ in range(kills):
            await _lives_and_dies(scene, chance)

    return await goes_through(folder, trouble, kills, REPORTERS)


async def _lives_and_dies(scene: Scene, chance: Random) -> None:
    before, most = len(scene.simulator.calls), chance.randint(1, CALLS_MOST)
    async with alive(scene):
        # A slow machine starts slowly: a bot that never lives to answer would prove nothing.
        await scene.waits(lambda: len(scene.simulator.calls) > before)
        with suppress(TimeoutError):
            await scene.simulator.settled(lambda: len(scene.simulator.calls) >= before + most, LIFE_MOST)
