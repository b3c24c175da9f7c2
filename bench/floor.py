"""The floor: what one update costs this machine at least, the requests alone and a commit that is on the disk."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from bench.entries import BARE, HTTP, OURS
from bench.report import COST, RATE, Measure, Repetition, of
from bench.rounds import Round
from bench.scripts import TYPED

COMMITS: Final = 300
ROW: Final = b"x" * 1_000
"""About as long as a draft."""
SCHEMA: Final = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE kept (id INTEGER PRIMARY KEY, row)"


class Commit(NamedTuple):
    """Milliseconds of computing, and until it is on the disk."""

    cost: float
    took: float


def lines(repetitions: Sequence[Repetition], build: str) -> Iterator[str]:
    """The lines to print."""
    with TemporaryDirectory(dir=build, prefix="bench-") as folder:
        commit = commits(Path(folder) / "floor.db")
    http, ours, bare = ([of(one, entry, TYPED) for one in repetitions] for entry in (HTTP, OURS, BARE))
    requests = median(map(COST, http))
    floors = [COST(found) + commit.cost for found in http]
    ours_over, bare_over = (_ratio(COST, rounds, floors) for rounds in (ours, bare))
    yield f"\nThe floor of an update is {median(floors):.2f} ms CPU: {requests:.2f} for the requests alone, and"
    yield f"{commit.cost:.2f} for a commit, which is on the disk after {commit.took:.1f} ms. This bot computes"
    yield f"{ours_over:.1f} x the floor; the bare library, which keeps nothing, {bare_over:.1f} x."
    yield f"It answers {_ratio(RATE, ours, map(RATE, http)):.2f} x as many updates a second as the requests alone."


def commits(path: Path) -> Commit:
    """What a commit of one row costs, each on the disk before the next."""
    took: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(SCHEMA)
        computed = time.thread_time()
        for _ in range(COMMITS):
            began = time.perf_counter()
            database.execute("INSERT INTO kept (row) VALUES (?)", (ROW,))
            took.append(time.perf_counter() - began)
        computed = time.thread_time() - computed
    return Commit(1000 * computed / COMMITS, 1000 * median(took))


def _ratio(measure: Measure, rounds: Iterable[Round], others: Iterable[float]) -> float:
    return median(measure(found) / other for found, other in zip(rounds, others, strict=True))
