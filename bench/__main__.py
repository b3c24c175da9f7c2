"""`make bench`: every contestant in turn, as often as asked, then the table, then evidence. Takes some eight minutes.

Exit code 1 where a contestant did not do its work; a target that is missed is said, and is no failure.
"""

import asyncio
import subprocess
import sys
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import psutil

from bench import acts, evidence, figures, floor, updates
from bench.entries import ENTRIES, SERIAL
from bench.report import report
from bench.rounds import LATENCY, Crowd, Round, Wrong, measure
from bench.scripts import INTERVIEW

BUILD: Final = Path("build")
"""Databases lie beside the project: where the system keeps what is temporary may be no disk at all."""


@click.command()
@click.option("--repetitions", default=3, show_default=True, help="How often each is measured.")
@click.option("--people", default=400, show_default=True, help="How many talk at the same time.")
def bench(repetitions: int, people: int) -> None:
    """Measure this bot beside the bare library and other bots."""
    busy = psutil.cpu_percent(interval=1)
    click.echo(f"{psutil.cpu_count()} cores; other programs used {busy:.0f} % of them just before.")
    click.echo(f"{people} people, {len(INTERVIEW)} typed answers each; the API answers after {LATENCY * 1000:.0f} ms.")
    click.echo(f"ConversationHandler answers one after the other, so there it is one in {SERIAL} of these people.")
    for entry in ENTRIES:
        if not entry.ready:
            click.echo(f"Not set up, so not measured (`make peers` does): {entry.called}.")
    try:
        rounds = asyncio.run(_repeat(repetitions, people))
    except Wrong as wrong:
        raise click.ClickException(str(wrong)) from None
    build = str(BUILD.resolve())
    for line in (*report(rounds), *floor.lines(rounds, build)):
        click.echo(line)
    for work in (evidence.lines(), figures.lines(build), updates.lines(build), acts.lines(build)):
        for line in asyncio.run(work):
            click.echo(line)
    # From a process of its own: what a child held most counts from the fork, when it still is as large as its parent.
    subprocess.run([sys.executable, "-m", "bench.keeping"], check=True)
    click.echo("\nEverybody was answered once for each update, and every draft is on the disk.")


async def _repeat(repetitions: int, people: int) -> list[list[Round]]:
    async with Crowd.gather() as crowd:
        return [await _in_turn(crowd, people, number) for number in range(1, repetitions + 1)]


async def _in_turn(crowd: Crowd, people: int, number: int) -> list[Round]:
    found: list[Round] = []
    BUILD.mkdir(exist_ok=True)
    for entry in filter(attrgetter("ready"), ENTRIES):
        with TemporaryDirectory(dir=BUILD.resolve(), prefix="bench-") as folder:
            rounds = await measure(entry, crowd, people, Path(folder))
        for one in rounds:
            said = f"{one.rate:5.0f} updates/s, {one.cost:.2f} ms CPU each"
            click.echo(f"  {number}. {entry.name:<24}{one.order.script:<7}{said}")
        found += rounds
    return found


if __name__ == "__main__":
    bench(prog_name="python -m bench")
