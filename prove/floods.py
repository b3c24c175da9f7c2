"""One hostile reporter writes a hundred times a second, a thousand strangers come and stay; ten honest people go on.

The bot is `bisik run` in a process of its own, with the pace that it has anywhere, before a Telegram that answers in
50 ms and holds it to its limits. Each wait is measured in what the same step takes in quiet, in the median of ten
people. The median of these times, and what 95 of 100 stay within, may be twice what they are in quiet. Other programs
on the machine make single waits longer, so the whole is measured up to `ATTEMPTS` times; whoever stood in one line
with the flood would wait for seconds in each of them.
"""

import asyncio
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

from prove.page import Finding, need
from prove.stage import Phone, Scene, does, number_of, process, scene_in, taps, types
from prove.strangers import flooding
from prove.walkers import Walker, people

HONEST = 10
MOST = 2.0
"""Times their quiet wait that people may wait in the flood who have something in hand."""
OF_HUNDRED = 95
LATENCY = 0.05
"""Seconds in which Telegram answers, as where speed is measured."""
ATTEMPTS = 3
READS = 2.0
"""Seconds that somebody reads before they answer, more or less."""
PATIENCE = 120.0
DELIVERED = 600.0
"""Seconds; the channel gets 20 messages a minute at most."""
MORE, ALLOWED, MINUTE = 1_000, 200, 60
HOSTILE, STRANGERS, HONEST_FROM, NEW_FROM = 519_000_000, 520_000_000, 510_000_000, 515_000_000
SEED = 6

Wait = tuple[str, float]
"""A step, and the seconds that its answer took."""


@dataclass
class Field:
    """Who is there. `quiet` are the seconds that each kind of step took before the flood."""

    scene: Scene
    strangers: int
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - who says what when is no secret
    marks: "count[int]" = field(default_factory=count)
    tips: int = 0
    attempts: int = 0

    def walkers(self, first: int) -> list[Walker]:
        """Ten people whom the bot has never met."""
        there = people(self.scene.simulator, HONEST, first + HONEST * self.attempts)
        return [Walker(Phone(self.scene.simulator, person), patience=PATIENCE) for person in there]


@dataclass(frozen=True)
class Waits:
    """Seconds: of people in hand, in quiet and in the flood, each with its step; and of newcomers' first answers."""

    quiet: Sequence[Wait]
    flood: Sequence[Wait]
    newcomers: Sequence[float]

    def times(self, waits: Iterable[Wait]) -> list[float]:
        """How many times as long as the same step in quiet each took, the shortest first."""
        by_step = defaultdict[str, list[float]](list)
        for step, seconds in self.quiet:
            by_step[step].append(seconds)
        return sorted(seconds / statistics.median(by_step[step]) for step, seconds in waits)

    def slower(self) -> float:
        """How many times as long waits in the flood are as in quiet, in the median or in what 95 stay within."""
        quiet, flood = self.times(self.quiet), self.times(self.flood)
        return max(statistics.median(flood) / statistics.median(quiet), _within(flood) / _within(quiet))


async def prove(folder: Path, strangers: int) -> Sequence[Finding]:
    """Let ten people send a tip each in quiet, and one each in the flood; compare how long they wait for an answer."""
    async with scene_in(folder) as scene:
        scene.simulator.limits.enabled, scene.simulator.faults.latency = True, LATENCY
        there = Field(scene, strangers)
        (hostile,) = people(scene.simulator, 1, HOSTILE)
        with process("run", environment=scene.environment(BISIK_FORWARD="notice"), folder=folder):
            await does(Phone(scene.simulator, hostile), [types("/start"), taps("agree-id")])
            waits = await _measured(there)
            await scene.simulator.settled(lambda: len({*map(number_of, scene.posts)}) >= there.tips, DELIVERED)
            grown, told = await _refused(scene)
    need(grown == 0, f"The database grew by {grown} pages from what was refused.")
    need(told <= 1, f"Who was refused was told so {told} times in one minute.")
    return [
        *_told(waits, there.attempts),
        Finding("tips that honest reporters sent and that arrived", f"{there.tips} of {there.tips}"),
        Finding("pages by which the database grew from what was refused", f"0, of {MORE:,} refused updates"),
    ]


def _told(waits: Waits, attempts: int) -> list[Finding]:
    quiet, flood, newcomers = waits.times(waits.quiet), waits.times(waits.flood), sorted(waits.newcomers)
    pair = f"{_median(waits.quiet)}, {_median(waits.flood)}"
    return [
        Finding(
            f"waits of people with something in hand beside quiet, at most {MOST:.0f} times (attempt {attempts})",
            f"{waits.slower():.1f} times",
        ),
        Finding(f"their waits in quiet and in the flood, in the median of {len(flood)}", pair),
        Finding(
            f"times the same step's median in quiet that {OF_HUNDRED} of 100 stayed within, in quiet and in the flood",
            f"{_within(quiet):.1f}, {_within(flood):.1f}",
        ),
        Finding("of these the longest, in quiet and in the flood", f"{quiet[-1]:.1f}, {flood[-1]:.1f}"),
        Finding(
            "the first answer to somebody new, who stands in one line with the crowd (median, longest)",
            f"{statistics.median(newcomers):.0f} s, {newcomers[-1]:.0f} s",
        ),
    ]


async def _measured(there: Field) -> Waits:
    """What was waited, in the first attempt in which the claim holds; raises `Broken` where it does in none."""
    while True:
        waits = await _attempt(there)
        there.attempts += 1
        if waits.slower() <= MOST:
            return waits
        need(there.attempts < ATTEMPTS, f"In the flood honest reporters waited {waits.slower():.1f} times as long.")


async def _attempt(there: Field) -> Waits:
    """People send tips in quiet; begin others; go on with these in the flood, which lasts until newcomers have too."""
    honest, newcomers = there.walkers(HONEST_FROM), there.walkers(NEW_FROM)
    await _all_send(there, honest)
    quiet = [wait for walker in honest for wait in walker.waits]
    for walker in honest:
        await does(walker.phone, [types("/start"), taps("agree-id")])
        walker.waits.clear()
    hostile = there.scene.simulator.people[HOSTILE]
    strangers = people(there.scene.simulator, there.strangers, STRANGERS + there.strangers * there.attempts)
    async with flooding(hostile, strangers, there.chance):
        await _all_send(there, [*honest, *newcomers])
    firsts = [walker.waits.pop(0)[1] for walker in newcomers]
    return Waits(quiet, [wait for walker in (*honest, *newcomers) for wait in walker.waits], firsts)


async def _all_send(there: Field, walkers: Sequence[Walker]) -> None:
    await asyncio.gather(*(_sends(there, walker) for walker in walkers))
    there.tips += len(walkers)


async def _sends(there: Field, walker: Walker) -> None:
    """A whole tip from wherever they are, with time to read between."""
    mark, known = f"tanda{next(there.marks):06}", set(walker.phone.receipts())
    await _reads(there)
    while not await walker.step(mark, known):
        need(not walker.lost, f"An honest reporter was not answered in {PATIENCE:.0f} s.")
        await _reads(there)


async def _reads(there: Field) -> None:
    await asyncio.sleep(READS * there.chance.uniform(0.5, 1.5))


async def _refused(scene: Scene) -> tuple[int, int]:
    """Let the hostile one write more than a minute's allowance, and then a thousand times.

    The pages by which the database grew from the thousand, and how often the bot has answered them. A thousand that
    a new minute came among are not counted, but sent once more.
    """
    hostile = Phone(scene.simulator, scene.simulator.people[HOSTILE])
    while True:
        minute = time.time() // MINUTE
        await _writes(hostile, ALLOWED)
        await asyncio.sleep(READS)
        before, told = _pages(scene), len(hostile.told)
        await _writes(hostile, MORE)
        grown = _pages(scene) - before
        if time.time() // MINUTE == minute:
            return grown, len(hostile.told) - told


async def _writes(hostile: Phone, much: int) -> None:
    for _ in range(much):
        hostile.person.types("sampah lagi")
    await hostile.simulator.settled(lambda: not len(hostile.simulator.updates), PATIENCE)


def _pages(scene: Scene) -> int:
    """Pages of the bot's database that hold something: what fills free ones makes the file no larger."""
    with closing(sqlite3.connect(scene.folder / "data" / "bisik.db")) as database:
        (there,), (free,) = (database.execute(f"PRAGMA {one}").fetchone() for one in ("page_count", "freelist_count"))
    return int(there) - int(free)


def _within(times: Sequence[float]) -> float:
    """What 95 of 100 stay within."""
    return statistics.quantiles(times, n=100)[OF_HUNDRED - 1]


def _median(waits: Iterable[Wait]) -> str:
    return f"{1000 * statistics.median(seconds for _, seconds in waits):.0f} ms"
