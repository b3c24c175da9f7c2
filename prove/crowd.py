"""A crowd of reporters goes on sending tips through some trouble, while two moderators press what their cards offer;
then the bot is left alone, and it is counted whether everybody got what they were promised.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from random import Random
from subprocess import Popen

from bot.simulator import Message, Person
from prove.page import Finding, need
from prove.stage import NUMBER, Phone, Scene, call, process, scene_in
from prove.walkers import Walker, in_turn, people

REPORTERS = 6
SETTLED = 240.0
ANSWERED = 4.0
"""Seconds after which a moderator presses something else where nothing was answered."""
PRESSES = (0.05, 0.4)
"""Seconds between two presses of a moderator."""
AVOIDED = re.compile("history|block")
REPEAT = re.compile(r"\AKiriman ulang.*\n")
"""The line with which a piece says that it may be there already."""

Trouble = Callable[[Scene, Random], Awaitable[None]]


async def goes_through(folder: Path, trouble: Trouble, seed: int) -> list[Finding]:
    """Let people send tips until the trouble is over, then let the bot do what is owed; raises `Broken`."""
    chance = Random(seed)  # noqa: S311 - what goes wrong when is no secret
    async with scene_in(folder) as scene:
        walkers = [Walker(Phone(scene.simulator, person)) for person in people(scene.simulator, REPORTERS)]
        marks, over = count(), asyncio.Event()
        work = [asyncio.create_task(in_turn(walker, marks, chance, over)) for walker in walkers]
        moderators = (scene.stage.dewi, scene.stage.agus)
        work += [asyncio.create_task(_presses(scene, moderator, chance, over)) for moderator in moderators]
        await trouble(scene, chance)
        during = sum(len(walker.told) for walker in walkers)
        over.set()
        async with alive(scene):
            await asyncio.gather(*work)
            with suppress(TimeoutError):
                await scene.simulator.settled(lambda: not _missing(scene, walkers), SETTLED)
        trail = await call("verify-audit", "--json", environment=scene.environment(), folder=folder)
        found = _found(scene, walkers)
        return [
            *found,
            Finding("receipts that were seen while it lasted, and not only after it", f"{during:,}"),
            _whole(trail),
        ]


async def _presses(scene: Scene, moderator: Person, chance: Random, over: asyncio.Event) -> None:
    """Whatever a card offers, at random; but its history, which takes the card's place, and the block of its sender."""
    while not over.is_set():
        cards = [card for card in scene.cards() if card.keyboard]
        if cards:
            card = chance.choice(cards)
            offered = [button["callback_data"] for row in card.keyboard for button in row]
            pressed = moderator.taps(card, data=chance.choice([data for data in offered if not AVOIDED.search(data)]))
            # Nobody presses on while nothing is answered: a bot that died would find hours of presses.
            with suppress(TimeoutError):
                await pressed.answered(ANSWERED)
        await asyncio.sleep(chance.uniform(*PRESSES))


def _whole(trail: bytes) -> Finding:
    """The audit trail's chain, as `bisik verify-audit` finds it."""
    found = json.loads(trail)
    need(not found["faults"], "The audit trail is broken.")
    lines = int(found["head"].partition(":")[0])
    return Finding("broken links in the audit trail, which holds the moderators' acts too", f"0 of {lines:,}")


@asynccontextmanager
async def alive(scene: Scene) -> AsyncIterator[Popen[bytes]]:
    """`bisik run` until the block ends, which kills it."""
    with process("run", environment=scene.environment(), folder=scene.folder) as started:
        yield started


def _missing(scene: Scene, walkers: Sequence[Walker]) -> set[str]:
    """Tips, by the marks in their stories or by their numbers, of which the channel has not everything yet."""
    shown = " ".join(post.text for post in scene.posts)
    numbers = {number_of(post) for post in scene.posts} - {number_of(card) for card in scene.cards()}
    return {mark for walker in walkers for mark in walker.told if mark not in shown} | numbers


def number_of(post: Message) -> str:
    found = NUMBER.search(post.text)
    return found[0] if found else ""


def _found(scene: Scene, walkers: Sequence[Walker]) -> list[Finding]:
    marks = [mark for walker in walkers for mark in walker.told]
    receipts = [receipt for walker in walkers for receipt in walker.told.values()]
    numbers = {mark: {number_of(post) for post in scene.posts if mark in post.text} for mark in marks}
    missing = _missing(scene, walkers)
    need(marks, "Nobody sent a tip.")
    need(not missing, f"{len(missing)} tips whose receipt was seen, or that were begun, are not whole in the channel.")
    need(len(set(receipts)) == len(receipts), "Two tips have the same receipt.")
    need(all(len(found) == 1 for found in numbers.values()), "A story is in the channel under two numbers, or none.")
    need(all(number_of(post) for post in scene.posts), "A post in the channel names no tip.")
    need(_in_order(scene), "A card stands before what its tip tells.")
    sent = [_as_sent(post) for post in scene.posts]
    twice = [n for n in Counter(text for text in sent if not REPEAT.match(text)).values() if n > 1]
    need(not twice, f"{len(twice)} pieces came more than once and do not say so.")
    repeats = sum(n - 1 for n in Counter(REPEAT.sub("", text) for text in sent).values())
    return [
        Finding("receipts that a reporter saw and that led to no tip in the channel", f"0 of {len(receipts):,}"),
        Finding("tips that came under two numbers", f"0 of {len(marks):,}"),
        Finding("pieces that came twice, each with its tip's number", f"{repeats:,} of {len(sent):,}"),
        Finding("of those, pieces that do not say that they may be there already", f"0 of {repeats:,}"),
        Finding("cards that stand before what their tip tells", f"0 of {len(scene.cards()):,}"),
    ]


def _in_order(scene: Scene) -> bool:
    """Whether each tip's first post tells it: its card is below."""
    first = {number_of(post): post.id for post in reversed(scene.posts)}
    return not {card.id for card in scene.cards()}.intersection(first.values())


def _as_sent(post: Message) -> str:
    """Its text before it was ever edited: a card's is redrawn."""
    first = post.history[0] if post.history else post.api
    return str(first.get("text", first.get("caption", "")))
