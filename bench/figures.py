"""`/statistik` before drawing: what it costs with a million tips in the tally, beside a thousand, in turn.

Both tallies are of the same year: each holds what that many tips would have counted in it.
"""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.report import spread
from bot import regions
from bot.conversation.case import Case, Standing
from bot.conversation.counting import of_tip, of_word
from bot.conversation.figures import screen, understood
from bot.conversation.intake import CATEGORY_GROUPS, STATUS
from bot.conversation.regions import RegionTable
from bot.services import statistics
from storage.database import Database

FEW, MANY = 1_000, 1_000_000
DISTINCT: Final = 100_000
"""So many tips are drawn; beyond, each stands for several."""
TODAY: Final = date(2026, 11, 24)
ROUNDS: Final = 60
ASKED: Final = ("", "kategori", "sulsel 30", "provinsi semua")
BOUND: Final = 1.2


async def lines(build: str) -> list[str]:
    """The lines to print."""
    table = regions.load()
    with TemporaryDirectory(dir=build, prefix="bench-") as folder:
        databases = [await _filled(Path(folder) / f"{tips}.db", tips, table) for tips in (FEW, MANY)]
        try:
            return [f"\n{'/statistik, ms before drawing':<52}{'1,000 tips':>20}{'1,000,000 tips':>24}{'ratio':>9}"] + [
                await _line(words, databases, table) for words in ASKED
            ]
        finally:
            for database in databases:
                await database.close()


async def _line(words: str, databases: Sequence[Database], table: RegionTable) -> str:
    took: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for times, database in zip(took, databases, strict=True):
            times.append(await _asked(database, words, table))
    few, many = took
    ratio = median(many) / median(few)
    verdict = "met" if ratio <= BOUND else "MISSED"
    return f"  {'/statistik ' + words:<50}{spread(few, 2):>20}{spread(many, 2):>24}{ratio:>9.2f}  {verdict}"


async def _asked(database: Database, words: str, table: RegionTable) -> float:
    """Milliseconds from the words to the screen."""
    started = time.perf_counter()
    query, whole = understood(words, table)
    async with database.reading() as tx:
        counts = await statistics.read(tx, query, TODAY)
    screen(query, counts, table, whole=whole)
    return 1000 * (time.perf_counter() - started)


async def _filled(path: Path, tips: int, table: RegionTable) -> Database:
    database = await Database.open(f"sqlite:///{path}")
    rows = [(dimension, period, value, n) for (period, dimension, value), n in _counted(tips, table).items()]
    with closing(sqlite3.connect(path)) as writer, writer:
        keys = "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)"
        writer.execute(f"INSERT INTO tally (dimension, period, value, n) {keys}", (json.dumps(rows),))
    return database


def _counted(tips: int, table: RegionTable) -> Counter[tuple[str, str, str]]:
    counted: Counter[tuple[str, str, str]] = Counter()
    each = max(1, tips // DISTINCT)
    for case, day in _tips(tips // each, table):
        for entry in (*of_tip(case, day), *of_word(Standing.RECEIVED, day)):
            counted[entry] += each
    return counted


def _tips(tips: int, table: RegionTable) -> Iterator[tuple[Case, date]]:
    chance = Random(tips)  # noqa: S311 - the same tips each time
    regencies = [region.code for region in table if len(region.code) == len("73.04")]
    categories = [code for codes in CATEGORY_GROUPS.values() for code in codes]
    for _ in range(tips):
        case = Case("", chance.choice(STATUS), chance.choice(regencies), (chance.choice(categories),), "", "")
        yield case, TODAY - timedelta(chance.randrange(365))
