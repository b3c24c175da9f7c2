"""Telegram answers late, wrongly, or not at all; it throws the bot out and takes it back; a stranger uses its token,
by polling or by a webhook; the token is refused for a while, or nothing can be reached at all.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.simulator.faults import KINDS
from prove.crowd import alive, goes_through
from prove.page import Finding
from prove.stage import Scene

METHODS = (None, "sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "getMe")
FAULTS_AT_ONCE = (0, 0, 1, 3)
"""Between storms it is calm, for people have to get on if anything is to be lost."""
LATENCY_MOST = 5.0
"""Seconds. Most answers come much sooner: the eighth power of chance times this."""
SECONDS = (0.1, 1.5)
RIGHTS = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
RARE = 0.02
"""Chance of each of what happens seldom, at each change."""
WEBHOOK = "https://thief.example/hook"


async def prove(folder: Path, changes: int) -> Sequence[Finding]:
    """Change the weather so often while people send tips."""
    met = Counter[str]()

    async def trouble(scene: Scene, chance: Random) -> None:
        async with alive(scene):
            for _ in range(changes):
                await _weather(scene, chance)
            scene.simulator.faults.clear()
        calls = scene.simulator.calls
        met.update(call.fault or f"answered with {call.error.code}" for call in calls if call.fault or call.error)

    found = await goes_through(folder, trouble, changes)
    return [*found, Finding("what the bot's calls met", ", ".join(f"{n:,} {what}" for what, n in met.most_common()))]


async def _weather(scene: Scene, chance: Random) -> None:
    faults = scene.simulator.faults
    faults.clear()
    faults.latency = LATENCY_MOST * chance.random() ** 8
    for _ in range(chance.choice(FAULTS_AT_ONCE)):
        kind, method = chance.choice(KINDS), chance.choice(METHODS)
        faults.add(kind, method, times=chance.randint(1, 5), seconds=chance.randint(1, 3))
    for seldom in (_thrown_out, _conflict, _hooked, _refused, _unreachable):
        if chance.random() < RARE:
            await seldom(scene, chance)
    await asyncio.sleep(chance.uniform(*SECONDS))


async def _thrown_out(scene: Scene, chance: Random) -> None:
    scene.stage.dewi.removes_bot(scene.stage.channel)
    await asyncio.sleep(chance.uniform(*SECONDS))
    scene.stage.dewi.adds_bot(scene.stage.channel, **RIGHTS)


async def _conflict(scene: Scene, chance: Random) -> None:
    """Somebody else polls with the same token, and takes nothing away."""
    rival = asyncio.create_task(_polls(scene))
    await asyncio.sleep(chance.uniform(*SECONDS))
    rival.cancel()
    await asyncio.gather(rival, return_exceptions=True)


async def _hooked(scene: Scene, chance: Random) -> None:
    """Somebody sets a webhook, which the bot has to take off before it hears anything again."""
    scene.simulator.world.webhook = WEBHOOK
    await asyncio.sleep(chance.uniform(*SECONDS))


async def _refused(scene: Scene, chance: Random) -> None:
    """The token is revoked, and given back before anybody has changed the settings."""
    world = scene.simulator.world
    token, world.token = world.token, "1:revoked"
    await asyncio.sleep(chance.uniform(*SECONDS))
    world.token = token


async def _unreachable(scene: Scene, chance: Random) -> None:
    """Every connection fails, as where no name is found any more."""
    gone = scene.simulator.faults.add("refused", times=None)
    await asyncio.sleep(chance.uniform(*SECONDS))
    scene.simulator.faults.remove(gone)


async def _polls(scene: Scene) -> None:
    while True:
        await scene.simulator.updates.get(0, 1, 0.5)
        await asyncio.sleep(0.05)
