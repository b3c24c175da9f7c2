"""What an update costs where a million tips are stored, beside a thousand, in turn; each with one commit of its own.

People tell a tip from the greeting to its receipt, on databases that hold so many tips with a post each, and look-alike
rows of a tenth, for those live a month. Contents are short: what an update meets is how deep the tables are, not how
long a story is.
"""

import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.keeping import SETTINGS
from bench.report import spread
from bench.scripts import INTERVIEW
from bot import groundwork, settings
from bot.conversation.events import Arrival, Chose, Command, Commanded, Event, Typed
from bot.conversation.screens import Reply
from bot.services.intake import Intake
from storage import keyring

FEW, MANY = 1_000, 1_000_000
PEOPLE: Final = 100
BOUND: Final = 1.1
_FAST: Final = "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;"
# In the order of their keys, so that a million rows are written from end to end.
_TIPS: Final = """
INSERT INTO tips (id, number_mac, receipt_mac, day, wrapped, thread, summary, content)
WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ?)
SELECT randomblob(16) AS id, randomblob(32), randomblob(32), '2026-01-01', randomblob(65), randomblob(65),
    randomblob(285), randomblob(285) FROM count ORDER BY id;
"""
_POSTS: Final = "INSERT INTO posts SELECT id, -1001, row_number() OVER (), 'card', 0 FROM tips;"
_LOOKS: Final = """
INSERT INTO looks SELECT lower(hex(randomblob(16))) AS handle, id, (SELECT id FROM keys WHERE purpose = 'look')
FROM tips WHERE id < x'19' ORDER BY handle;
"""


async def lines(build: str) -> list[str]:
    """The lines to print."""
    with TemporaryDirectory(dir=build, prefix="bench-") as folder:
        async with AsyncExitStack() as stack:
            rooms = [await stack.enter_async_context(_intake(f"{folder}/{tips}", tips)) for tips in (FEW, MANY)]
            few, many = await _in_turn(rooms)
    ratio = median(after / before for before, after in zip(few, many, strict=True))
    verdict = "met" if ratio <= BOUND else "MISSED"
    return [
        f"\n{'an update, ms until it is on the disk':<52}{'1,000 tips':>20}{'1,000,000 tips':>24}{'ratio':>9}",
        f"  {'a tip told up to its receipt':<50}{spread(few, 2):>20}{spread(many, 2):>24}{ratio:>9.2f}  {verdict}",
    ]


@asynccontextmanager
async def _intake(path: str, tips: int) -> AsyncIterator[Intake]:
    places = {"BISIK_DATABASE_URL": f"sqlite:///{path}.db", "BISIK_KEYRING": f"{path}.json"}
    chosen = settings.check(SETTINGS | places)
    keyring.create(chosen.keyring, datetime.now(UTC).date())
    async with groundwork.opened(chosen) as context:
        with closing(sqlite3.connect(context.database.path)) as writer, writer:
            writer.executescript(_FAST)
            writer.execute(_TIPS, (tips,))
            writer.execute(_POSTS)
            writer.execute(_LOOKS)
        await context.database.checkpoint()
        yield Intake(context, lambda _owed: None)


async def _in_turn(rooms: Sequence[Intake]) -> list[list[float]]:
    """For each room, what an update has cost each person on the average."""
    took: list[list[float]] = [[] for _ in rooms]
    for chat in range(1, PEOPLE + 1):
        for times, room in zip(took, rooms, strict=True):
            times.append(await _told(room, chat))
    return took


async def _told(intake: Intake, chat: int) -> float:
    """Milliseconds for an update, of somebody who tells a tip."""
    started, reply = time.perf_counter(), None
    events: list[Event] = [Commanded(Command.START), *(Typed(words) for words in INTERVIEW[1:])]
    for n, event in enumerate(events):
        reply = await intake.handle(Arrival(100 * chat + n, chat, n, event))
    assert reply
    await intake.handle(Arrival(100 * chat + 99, chat, 99, _sends(reply)))
    return 1000 * (time.perf_counter() - started) / (len(events) + 1)


def _sends(reply: Reply) -> Event:
    review = reply.screens[-1]
    return Chose(review.turn, review.question, "send")
