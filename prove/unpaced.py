"""The bot as `bisik run` starts it, but without pacing and the bound of floods: a crowd says more in a minute than a
channel takes, and what waits for its turn would be at work seldom when it is killed.
"""

import asyncio

from bot import logs, settings
from bot.adapters.telegram.pacer import UNLIMITED
from bot.app import App
from bot.groundwork import Surroundings
from prove.stage import lets_hurry


async def run() -> None:
    async with App.open(settings.load(), Surroundings(limits=UNLIMITED)) as app:
        lets_hurry(app)
        await app.run()


if __name__ == "__main__":
    logs.configure()
    asyncio.run(run())
