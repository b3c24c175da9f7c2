"""Who floods: a reporter a hundred times a second, and a crowd that comes at once and stays, as long as it lasts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random

from bot.simulator import Person

PERIOD = 0.1
"""Seconds between two bursts."""
BURST = 10
"""Updates in each: a hundred a second of the hostile one, and as many of the crowd."""
RUBBISH = "sampah " * 100
WORDS = ("/start", "Halo?", "Ada orang di sana?", "/privasi", "/bantuan", "/status", RUBBISH)


@asynccontextmanager
async def flooding(hostile: Person, strangers: Sequence[Person], chance: Random) -> AsyncIterator[None]:
    """Until the block ends. None of the strangers agrees to anything: who does has a draft, and is a stranger no more.

    The crowd begins with a "/start" of each at once.
    """
    for person in strangers:
        person.starts()
    flood = asyncio.create_task(_bursts(hostile, strangers, chance))
    try:
        yield
    finally:
        flood.cancel()
        with suppress(asyncio.CancelledError):
            await flood


async def _bursts(hostile: Person, strangers: Sequence[Person], chance: Random) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        for _ in range(BURST):
            hostile.types(RUBBISH)
            _talks(chance.choice(strangers), chance)
        # By the clock, so that a busy machine makes the flood no smaller.
        due += PERIOD
        await asyncio.sleep(due - loop.time())


def _talks(person: Person, chance: Random) -> None:
    """Say or tap something, whether the bot has answered or not."""
    screen = next((one for one in reversed(person.chat.messages) if one.from_bot and one.taps), None)
    taps = [data for data in screen.taps if "agree" not in data] if screen else []
    if screen and taps and chance.random() < 1 / 2:
        person.taps(screen, data=chance.choice(taps))
    else:
        person.types(chance.choice(WORDS))
