"""`make bench`: every contestant in turn, as often as asked, then the table, then evidence. Takes some four minutes.

Exit code 1 where a contestant did not do its work; a target that is missed is said, and is no failure.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import psutil

from bench import evidence, figures, keeping, updates
from bench.contestants import ENTRIES
from bench.report import report
from bench.rounds import LATENCY, Crowd, Round, Wrong, measure
from bench.scripts import INTERVIEW

BUILD: Final = Path("build")
"""Databases lie beside the project: where the system keeps what is temporary may be no disk at all."""


@click.command()
@click.option("--repetitions", default=3, show_default=True, help="How often each is measured.")
@click.option("--people", default=400, show_default=True, help="How many talk at the same time.")
def bench(repetitions: int, people: int) -> None:
    """Measure this bot beside the bare library and the usual bot."""
    busy = psutil.cpu_percent(interval=1)
    click.echo(f"{psutil.cpu_count()} cores; other programs used {busy:.0f} % of them just before.")
    click.echo(f"{people} people, {len(INTERVIEW)} typed answers each; the API answers after {LATENCY * 1000:.0f} ms.")
    try:
        rounds = asyncio.run(_repeat(repetitions, people))
    except Wrong as wrong:
        raise click.ClickException(str(wrong)) from None
    for line in report(rounds):
        click.echo(line)
    build = str(BUILD.resolve())
    for work in (evidence.lines(), figures.lines(build), updates.lines(build)):
        for line in asyncio.run(work):
            click.echo(line)
    for line in keeping.lines():
        click.echo(line)
    click.echo("\nEverybody was answered once for each update, and every draft is on the disk.")


async def _repeat(repetitions: int, people: int) -> list[list[Round]]:
    async with Crowd.gather() as crowd:
        return [await _in_turn(crowd, people, number) for number in range(1, repetitions + 1)]


async def _in_turn(crowd: Crowd, people: int, number: int) -> list[Round]:
    found: list[Round] = []
    BUILD.mkdir(exist_ok=True)
    for entry in ENTRIES:
        with TemporaryDirectory(dir=BUILD.resolve(), prefix="bench-") as folder:
            rounds = await measure(entry, crowd, people, Path(folder))
        for one in rounds:
            said = f"{one.rate:5.0f} updates/s, {one.cost:.2f} ms CPU each"
            click.echo(f"  {number}. {entry.name:<6}{one.order.script:<7}{said}")
        found += rounds
    return found


if __name__ == "__main__":
    bench(prog_name="python -m bench")
