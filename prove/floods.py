"""One hostile reporter writes a hundred times a second, a thousand strangers come at once; ten honest ones go on."""

import asyncio
import statistics
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from bot.app import App
from prove.page import Finding, need
from prove.stage import Phone, Scene, scene_in
from prove.walkers import Walker, people

HONEST = 10
PERIOD = 0.1
"""Seconds between two bursts of the hostile reporter."""
BURST = 10
WANTED, MOST = 2.0, 5.0
"""Times their quiet wait that honest people should, and at the very most may, wait in the flood. Between the two lies
what a machine that is busy with other things may add; whoever stood in one line with the flood would wait far longer.
"""
STRANGERS_FROM, HOSTILE = 520_000_000, 519_000_000


async def prove(folder: Path, strangers: int) -> Sequence[Finding]:
    """Let ten people send a tip each in quiet, and one each in the flood; compare how long they wait for an answer."""
    async with scene_in(folder) as scene, scene.bot() as app:
        marks = count()
        honest = [Walker(Phone(scene.simulator, person), patience=30) for person in people(scene.simulator, HONEST)]
        await _each_sends(honest, marks)
        quiet = _median(honest)
        flood = asyncio.create_task(_hostile(scene))
        for person in people(scene.simulator, strangers, STRANGERS_FROM):
            person.starts()
        await _each_sends(honest, marks)
        flood.cancel()
        slower = _median(honest) / quiet
        await scene.delivered(2 * HONEST)
        await app.jobs.settled()
        before = await _pages(app)
        refused = await _refused(scene, app)
        grown = await _pages(app) - before
    need(slower <= MOST, f"In the flood honest reporters waited {slower:.1f} times as long.")
    need(refused, "Nothing was refused: the flood was none.")
    need(grown == 0, f"The database grew by {grown} pages from what was refused.")
    return [
        Finding(
            f"honest reporters' wait for an answer in the flood, beside quiet (wanted: at most {WANTED:.0f} times)",
            f"{slower:.1f} times, {'met' if slower <= WANTED else 'MISSED'}",
        ),
        Finding("tips that honest reporters sent in the flood and that arrived", f"{HONEST} of {HONEST}"),
        Finding("pages by which the database grew from what was refused", f"0, of {refused:,} refused updates"),
    ]


async def _each_sends(walkers: Sequence[Walker], marks: "count[int]") -> None:
    for walker in walkers:
        walker.waits.clear()
    await asyncio.gather(*(walker.sends_tip(f"tanda{next(marks):06}") for walker in walkers))


def _median(walkers: Sequence[Walker]) -> float:
    return statistics.median(wait for walker in walkers for wait in walker.waits)


async def _hostile(scene: Scene) -> None:
    (person,) = people(scene.simulator, 1, HOSTILE)
    while True:
        for _ in range(BURST):
            person.types("sampah " * 100)
        await asyncio.sleep(PERIOD)


async def _refused(scene: Scene, app: App) -> int:
    """Let the hostile one go on until a thousand more are handled; how many of them were turned away."""
    before = app.context.counters["turned_away"]
    for _ in range(1_000):
        scene.simulator.people[HOSTILE].types("sampah lagi")
    await scene.simulator.settled(lambda: not len(scene.simulator.updates), 60)
    return app.context.counters["turned_away"] - before


async def _pages(app: App) -> int:
    """Pages that hold something: what fills free ones makes the file no larger."""
    async with app.context.database.reading() as tx:
        ((there,),) = await tx.execute_fetchall("PRAGMA page_count")
        ((free,),) = await tx.execute_fetchall("PRAGMA freelist_count")
    return int(there) - int(free)
