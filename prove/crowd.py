"""A crowd of reporters goes on sending tips and answering through some trouble, while two moderators ask, and press
what their cards offer; then the bot is left alone, and it is counted whether everybody got what they were promised.
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
from prove.stage import Phone, Scene, as_sent, call, number_of, process, scene_in
from prove.threads import PRESSED_SECONDS, Threads
from prove.walkers import Walker, people

REPORTERS = 6
STILL = 60.0
"""Seconds in which nothing more arrives: what was not there then will never be."""
ASKS = 0.7
"""How often a moderator asks, where there is somebody to ask, instead of pressing anything."""
RESTS = (0.5, 3.0)
"""Seconds after a question: reporters are to send tips as well."""
REACHED, TAKEN = "menerima pertanyaan di chat-nya", "Ditangani: "
"""What a card says of a reporter who can be asked, and of who works the tip."""
LINGERS = 6.0
"""Seconds for which a reporter waits for another question before the next tip."""
PRESSES = (0.05, 0.4)
"""Seconds between two presses of a moderator."""
AVOIDED = re.compile("history|block")
REPEAT = re.compile(r"\AKiriman ulang.*\n")
"""The line with which a piece says that it may be there already."""

ROUNDS = 20

Trouble = Callable[[Scene, Random], Awaitable[None]]


async def goes_through(folder: Path, trouble: Trouble, seed: int, reporters: int = REPORTERS) -> list[Finding]:
    """Let people send tips until the trouble is over, then let the bot do what is owed; raises `Broken`.

    It goes on until somebody has sent one in it: what touches nobody proves nothing.
    """
    chance = Random(seed)  # noqa: S311 - what goes wrong when is no secret
    async with scene_in(folder) as scene:
        walkers = [Walker(Phone(scene.simulator, person)) for person in people(scene.simulator, reporters)]
        desks = [Phone(scene.simulator, moderator) for moderator in (scene.stage.dewi, scene.stage.agus)]
        marks, over, threads = count(), asyncio.Event(), Threads()
        work = [asyncio.create_task(_tells(walker, threads, marks, chance, over)) for walker in walkers]
        work += [asyncio.create_task(_works(scene, desk, threads, chance, over)) for desk in desks]
        for _ in range(ROUNDS):
            await trouble(scene, chance)
            if any(walker.told for walker in walkers):
                break
        during = sum(len(walker.told) for walker in walkers), len(threads.asked), len(threads.answered)
        need(during[0], "Nobody sent a tip while it lasted.")
        over.set()
        async with alive(scene):
            await asyncio.gather(*work)
            await _arrives(scene, walkers, threads)
        trail = await call("verify-audit", "--json", environment=scene.environment(), folder=folder)
        seen = "{:,} receipts, {:,} questions, {:,} answers".format(*during)
        return [
            *_found(scene, walkers),
            *threads.found(
                {walker.phone.person.user.id: walker.phone for walker in walkers}, _owners(scene, walkers), scene.posts
            ),
            Finding("what was seen to be sent while it lasted, and not only after it", seen),
            _whole(trail),
        ]


async def _tells(walker: Walker, threads: Threads, marks: "count[int]", chance: Random, over: asyncio.Event) -> None:
    """Tips one after another until it is over, the first told of in the chat; after each, what is asked is answered."""
    while not over.is_set():
        await walker.sends_tip(f"tanda{next(marks):06}")
        while await _asked(walker.phone, threads) and await threads.answer(walker.phone):
            pass
        walker.contact = chance.choice(("here", "here", "code"))


async def _asked(phone: Phone, threads: Threads) -> bool:
    """Whether there is something to answer, within the time for which a reporter waits for it."""
    with suppress(TimeoutError):
        return bool(await phone.simulator.settled(lambda: threads.unanswered(phone), LINGERS))
    return False


async def _works(scene: Scene, desk: Phone, threads: Threads, chance: Random, over: asyncio.Event) -> None:
    """A moderator asks, or presses whatever a card offers, until it is over and something was asked."""
    while not (over.is_set() and threads.asked):
        cards = [card for card in scene.cards() if card.keyboard and card.chat is scene.stage.channel]
        reached = [card for card in cards if _can_ask(desk.person, card)]
        if reached and chance.random() < ASKS:
            await threads.ask(desk, chance.choice(reached))
            await asyncio.sleep(chance.uniform(*RESTS))
        elif cards:
            await _presses(desk.person, chance.choice(cards), chance)
        await asyncio.sleep(chance.uniform(*PRESSES))


def _can_ask(moderator: Person, card: Message) -> bool:
    return REACHED in card.text and (TAKEN not in card.text or TAKEN + moderator.user.first_name in card.text)


async def _presses(moderator: Person, card: Message, chance: Random) -> None:
    """Any button of a card; but its history, which takes the card's place, and the block of its sender."""
    offered = [data for data in card.taps if not AVOIDED.search(data)]
    # Nobody presses on while nothing is answered: a bot that died would find hours of presses.
    with suppress(TimeoutError):
        await moderator.taps(card, data=chance.choice(offered)).answered(PRESSED_SECONDS)


async def _arrives(scene: Scene, walkers: Sequence[Walker], threads: Threads) -> None:
    """Wait until all is there that was said, with answers to the last questions too, or until nothing more comes."""
    phones = [walker.phone for walker in walkers]

    def left() -> int:
        return len(_missing(scene, walkers)) + len(threads.missing(phones, scene.posts))

    for _ in ("questions", "answers"):
        with suppress(TimeoutError):
            while most := left():
                await scene.simulator.settled(lambda: left() < most, STILL)
        for phone in phones:
            await threads.answer(phone)


def _whole(trail: bytes) -> Finding:
    """The audit trail's chain, as `bisik verify-audit` finds it."""
    found = json.loads(trail)
    need(not found["faults"], "The audit trail is broken.")
    lines = int(found["head"].partition(":")[0])
    return Finding("broken links in the audit trail, which holds the moderators' acts too", f"0 of {lines:,}")


@asynccontextmanager
async def alive(scene: Scene) -> AsyncIterator[Popen[bytes]]:
    """The bot in a process of its own until the block ends, which kills it."""
    with process(environment=scene.environment(), folder=scene.folder, module="prove.unpaced") as started:
        yield started


def _missing(scene: Scene, walkers: Sequence[Walker]) -> set[str]:
    """Tips, by the marks in their stories or by their numbers, of which the channel has not everything yet."""
    shown = " ".join(post.text for post in scene.posts)
    numbers = {number_of(post) for post in scene.posts} - {number_of(card) for card in scene.cards()}
    return {mark for walker in walkers for mark in walker.told if mark not in shown} | numbers


def _owners(scene: Scene, walkers: Sequence[Walker]) -> dict[str, int]:
    """The reporters of tips by the tips' numbers."""
    whose = {mark: walker.phone.person.user.id for walker in walkers for mark in walker.told}
    return {number_of(post): owner for post in scene.posts for mark, owner in whose.items() if mark in post.text}


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
    sent = [(post.chat.id, as_sent(post).text) for post in scene.posts]
    twice = [n for n in Counter(one for one in sent if not REPEAT.match(one[1])).values() if n > 1]
    need(not twice, f"{len(twice)} pieces came more than once and do not say so.")
    repeats = sum(n - 1 for n in Counter((chat, REPEAT.sub("", text)) for chat, text in sent).values())
    return [
        Finding("receipts that a reporter saw and that led to no tip in the channel", f"0 of {len(receipts):,}"),
        Finding("tips that came under two numbers", f"0 of {len(marks):,}"),
        Finding("pieces that came twice, each with its tip's number", f"{repeats:,} of {len(sent):,}"),
        Finding("of those, pieces that do not say that they may be there already", f"0 of {repeats:,}"),
        Finding("cards that stand before what their tip tells", f"0 of {len(scene.cards()):,}"),
    ]


def _in_order(scene: Scene) -> bool:
    """Whether each tip's first post tells it: its card is below."""
    first = {number_of(post): post for post in reversed(scene.posts)}
    return not any(card is one for one in first.values() for card in scene.cards())
