"""What a moderator's act costs where a thousand tips are open, beside ten; in turn, twenty moderators side by side.

An act is a button of a tip's card until what it changed is on the disk; the queue is read until its screen is there.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.keeping import SETTINGS
from bench.report import spread
from bot import settings
from bot.app import App
from bot.conversation.case import Case, Standing, to_json
from bot.conversation.errands import Deed, Errand, Person, Pressed, StaffCommand, Summoned
from bot.services import phrases
from bot.services.card import KIND
from bot.services.phrases import Phrases
from storage import keyring, posts, tips

FEW, MANY = 10, 1_000
MODERATORS: Final = 20
ROUNDS: Final = 30
BOUND: Final = 1.2
CONTENT: Final = b"x" * 1_500
# Each cycle leaves the tip as it was; the third asks for the way to write a question.
PRESSES: Final = ("label-{by}", "menu-status", "ask", "unlabel-{by}")

Deeds = Callable[[int, str], Sequence[Deed]]
"""What a moderator does in a round, with a tip's number."""


class Room:
    """A desk before so many open tips."""

    def __init__(self, app: App, numbers: Sequence[str]) -> None:
        self._app, self._numbers, self._updates = app, numbers, count(1)
        self._chance = Random(len(numbers))  # noqa: S311 - the same tips each time

    async def round(self, deeds: Deeds) -> float:
        """Milliseconds for a deed, when every moderator does theirs at the same time."""
        drawn = [deeds(by, self._chance.choice(self._numbers)) for by in range(1, MODERATORS + 1)]
        started = time.perf_counter()
        await asyncio.gather(*(self._does(by, what) for by, what in enumerate(drawn, start=1)))
        return 1000 * (time.perf_counter() - started) / sum(map(len, drawn))

    async def _does(self, by: int, deeds: Sequence[Deed]) -> None:
        for deed in deeds:
            chat = self._app.context.route.chat
            response = await self._app.desk.handle(Errand(next(self._updates), chat, 1, Person(by, f"M{by}"), deed))
            assert response


async def lines(build: str) -> list[str]:
    """The lines to print."""
    with TemporaryDirectory(dir=build, prefix="bench-") as folder:
        async with AsyncExitStack() as stack:
            rooms = [await stack.enter_async_context(_room(f"{folder}/{size}", size)) for size in (FEW, MANY)]
            return [
                f"\n{'20 moderators at once, ms each':<52}{'10 open tips':>20}{'1,000 open tips':>24}{'ratio':>9}",
                await _line("an act on a tip, until it is on the disk", rooms, _works),
                await _line("/antrean", rooms, _lists),
            ]


async def _line(says: str, rooms: Sequence[Room], deeds: Deeds) -> str:
    took: list[list[float]] = [[] for _ in rooms]
    for _ in range(ROUNDS):
        for times, room in zip(took, rooms, strict=True):
            times.append(await room.round(deeds))
    few, many = took
    ratio = median(after / before for before, after in zip(few, many, strict=True))
    verdict = "met" if ratio <= BOUND else "MISSED"
    return f"  {says:<50}{spread(few, 2):>20}{spread(many, 2):>24}{ratio:>9.2f}  {verdict}"


def _works(by: int, number: str) -> list[Deed]:
    return [Pressed(number, code.format(by=by)) for code in PRESSES]


def _lists(_by: int, _number: str) -> list[Deed]:
    return [Summoned(StaffCommand.QUEUE)]


@asynccontextmanager
async def _room(path: str, size: int) -> AsyncIterator[Room]:
    places = {
        "BISIK_DATABASE_URL": f"sqlite:///{path}.db",
        "BISIK_KEYRING": f"{path}.json",
        "BISIK_MODERATOR_IDS": ",".join(str(by) for by in range(1, MODERATORS + 1)),
    }
    chosen = settings.check(SETTINGS | places)
    keyring.create(chosen.keyring, datetime.now(UTC).date())
    async with App.open(chosen) as app:
        yield Room(app, await _filled(app, size))


async def _filled(app: App, size: int) -> list[str]:
    """Open tips, each with its card; their numbers."""
    context, numbers = app.context, []
    regencies = [region.code for region in context.regions if len(region.code) == len("73.04")]
    today = context.today().isoformat()
    async with context.database.transaction() as tx:
        for by in range(1, MODERATORS + 1):
            await phrases.code_of(tx, context, Phrases.LABELS, f"M{by}")
        for n in range(size):
            number = await tips.new_number(tx, context.secrets, context.chance)
            region = context.chance.choice(regencies)
            case = Case(number, "PNS", region, ("AJAKAN",), today, today, standing=Standing.DELIVERED)
            receipt = tips.new_receipt(context.chance)
            new = tips.NewTip(
                number=number,
                receipt=receipt,
                day=context.today(),
                summary=to_json(case),
                content=CONTENT,
                address=None,
            )
            tip_id = await tips.submit(tx, context.secrets, new)
            await posts.add(tx, tip_id, [posts.Post(context.route.chat, n + 1, KIND, 0)])
            numbers.append(number)
    return numbers
