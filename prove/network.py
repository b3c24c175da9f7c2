"""Telegram answers late, wrongly, or not at all; it throws the bot out and takes it back; a stranger uses its token,
by polling or by a webhook; the token is refused for a while, or nothing can be reached at all; the moderators' group
becomes a supergroup. In the end no name is found for an hour.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from socket import gaierror
from typing import NoReturn
from unittest.mock import patch

from bot.app import MINUTE
from bot.simulator.faults import KINDS
from prove.crowd import alive, goes_through
from prove.page import Finding
from prove.stage import Scene, lets_hurry

METHODS = (None, "sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "getMe")
FAULTS_AT_ONCE = (0, 0, 1, 3)
"""Between storms it is calm, for people have to get on if anything is to be lost."""
LATENCY_MOST = 5.0
"""Seconds. Most answers come much sooner: the eighth power of chance times this."""
SECONDS = (0.1, 1.5)
RIGHTS = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
OUTAGE_MINUTES = 60
MINUTE_SECONDS = 0.1
"""So long of the real time is a minute of the outage."""
WEBHOOK = "https://thief.example/hook"


async def prove(folder: Path, changes: int) -> Sequence[Finding]:
    """Change the weather so often while people send tips to a group; what is rare comes a few times, in any order."""
    met, rare = Counter[str](), Counter[str]()

    async def trouble(scene: Scene, chance: Random) -> None:
        _in_a_group(scene)
        async with alive(scene):
            for seldom in _spread(scene, chance, changes):
                await _weather(scene, chance)
                if seldom:
                    rare[str(seldom.__doc__)] += 1
                    await seldom(scene, chance)
                await asyncio.sleep(chance.uniform(*SECONDS))
            scene.simulator.faults.clear()
        await _outage(scene)
        calls = scene.simulator.calls
        met.update(call.fault for call in calls if call.fault)
        met.update(f"answered with {call.error.code}" for call in calls if call.error and not call.fault)

    found = await goes_through(folder, trouble, changes)
    return [
        *found,
        Finding("what the bot's calls met", ", ".join(f"{n:,} {what}" for what, n in met.most_common())),
        *(Finding(what.rstrip("."), f"{n:,} times") for what, n in rare.most_common()),
    ]


def _spread(scene: Scene, chance: Random, changes: int) -> "list[Seldom | None]":
    """At which changes something rare comes: each as often as the others, once at least; a group moves only once."""
    rare = [one for one in SELDOM for _ in range(max(1, round(changes * RARE)))]
    whole = [*rare, *[None] * (changes - len(rare))]
    chance.shuffle(whole)
    moves = [_upgraded] if scene.stage.channel.type == "group" else []
    return [*whole[: len(whole) // 2], *moves, *whole[len(whole) // 2 :]]


def _in_a_group(scene: Scene) -> None:
    """The moderators have a group, which can become a supergroup, instead of a channel."""
    if scene.stage.channel.is_channel:
        dewi, agus = scene.stage.dewi, scene.stage.agus
        group = scene.simulator.group("Meja", dewi, agus)
        dewi.promotes(group, agus.user, **RIGHTS)
        dewi.adds_bot(group, **RIGHTS)
        scene.stage = replace(scene.stage, channel=group)


async def _weather(scene: Scene, chance: Random) -> None:
    faults = scene.simulator.faults
    faults.clear()
    faults.latency = LATENCY_MOST * chance.random() ** 8
    for _ in range(chance.choice(FAULTS_AT_ONCE)):
        kind, method = chance.choice(KINDS), chance.choice(METHODS)
        faults.add(kind, method, times=chance.randint(1, 5), seconds=chance.randint(1, 3))


async def _outage(scene: Scene) -> None:
    """For an hour of the bot's clock no name is found and no connection stands, while people go on writing."""
    loop = asyncio.get_running_loop()
    named = {"BISIK_TELEGRAM_API_URL": scene.simulator.api_url.replace("127.0.0.1", "localhost")}
    async with scene.bot(**named) as app:
        lets_hurry(app)
        gone = scene.simulator.faults.add("refused", times=None)
        with patch.object(loop, "getaddrinfo", _finds_nothing):
            for _ in range(OUTAGE_MINUTES):
                scene.clock.passes(minutes=1)
                for work in app.rounds[MINUTE]:
                    await work()
                await asyncio.sleep(MINUTE_SECONDS)
        scene.simulator.faults.remove(gone)


async def _finds_nothing(*_address: object, **_how: object) -> NoReturn:
    raise gaierror("no name is found")


async def _upgraded(scene: Scene, _chance: Random) -> None:
    """The moderators' group became a supergroup."""
    scene.moves(scene.stage.dewi.upgrades(scene.stage.channel))


async def _thrown_out(scene: Scene, chance: Random) -> None:
    """The bot was thrown out of the moderators' chat and taken back."""
    scene.stage.dewi.removes_bot(scene.stage.channel)
    await asyncio.sleep(chance.uniform(*SECONDS))
    scene.stage.dewi.adds_bot(scene.stage.channel, **RIGHTS)


async def _conflict(scene: Scene, chance: Random) -> None:
    """Somebody else polled with the same token, and took nothing away."""
    rival = asyncio.create_task(_polls(scene))
    await asyncio.sleep(chance.uniform(*SECONDS))
    rival.cancel()
    await asyncio.gather(rival, return_exceptions=True)


async def _hooked(scene: Scene, chance: Random) -> None:
    """Somebody set a webhook, which the bot had to take off before it heard anything again."""
    scene.simulator.world.webhook = WEBHOOK
    await asyncio.sleep(chance.uniform(*SECONDS))


async def _refused(scene: Scene, chance: Random) -> None:
    """The token was refused for a while."""
    world = scene.simulator.world
    token, world.token = world.token, "1:revoked"
    await asyncio.sleep(chance.uniform(*SECONDS))
    world.token = token


async def _unreachable(scene: Scene, chance: Random) -> None:
    """Every connection was refused for a while."""
    gone = scene.simulator.faults.add("refused", times=None)
    await asyncio.sleep(chance.uniform(*SECONDS))
    scene.simulator.faults.remove(gone)


async def _polls(scene: Scene) -> None:
    while True:
        await scene.simulator.updates.get(0, 1, 0.5)
        await asyncio.sleep(0.05)


Seldom = Callable[[Scene, Random], Awaitable[None]]
SELDOM: tuple[Seldom, ...] = (_thrown_out, _conflict, _hooked, _refused, _unreachable)
RARE = 0.02
"""How many of the changes bring each of them."""
