"""Rounds: a contestant and the crowd, each in its process; what is measured, and that it was right."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import psutil

from bench.contestants import Place, ours
from bench.crowd import Order, Outcome
from bench.entries import OURS, Entry
from bench.scripts import TYPED

LATENCY: Final = 0.05
WARM_UP: Final = 40
"""So many people first talk to a bot that has just started; their round is not counted."""


class Wrong(Exception):
    """A contestant did not do what it was measured for."""


@dataclass(frozen=True, slots=True)
class Round:
    """One script acted out with one contestant. `cpu` is the seconds that its process has computed for it, `held` the
    bytes of memory that it and its workers hold in the end.
    """

    entry: Entry
    order: Order
    outcome: Outcome
    cpu: float
    held: int

    @property
    def rate(self) -> float:
        """Updates a second."""
        return self.outcome.updates / self.outcome.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of computing for one update."""
        return 1000 * self.cpu / self.outcome.updates

    @property
    def memory(self) -> float:
        """Megabytes."""
        return self.held / (1 << 20)


class Crowd:
    """The other end of `bench.crowd`."""

    def __init__(self, process: Process, addresses: dict[str, Any]) -> None:
        self._process, self._addresses = process, addresses
        self._came = 0

    @classmethod
    @asynccontextmanager
    async def gather(cls, latency: float = LATENCY) -> AsyncIterator["Crowd"]:
        """A crowd whose Telegram takes `latency` seconds for each answer."""
        arguments = ("-m", "bench.crowd", "--latency", str(latency))
        async with running(sys.executable, *arguments, pipe=PIPE) as process:
            yield cls(process, await _heard(process))

    def place(self, folder: Path) -> Place:
        return Place(**self._addresses, folder=folder)

    def newcomers(self, people: int, script: str = TYPED) -> Order:
        """An order for people who have never met the bot."""
        first, self._came = self._came + 1, self._came + people
        return Order(script, people, first)

    async def act_out(self, order: Order) -> Outcome:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        return Outcome(**await _heard(self._process))


async def measure(entry: Entry, crowd: Crowd, people: int, folder: Path) -> list[Round]:
    """Start a contestant, let it warm up, and play its scripts. Raises `Wrong` where it did not do its work."""
    place = crowd.place(folder)
    arguments = ("-m", "bench.contestants", entry.module, json.dumps(asdict(place), default=str), *entry.wishes)
    async with running(str(entry.python), *arguments) as process, _while_alive(process):
        await crowd.act_out(crowd.newcomers(max(WARM_UP // entry.share, 1)))
        order = crowd.newcomers(max(people // entry.share, 1))
        rounds = [await _play(entry, process, crowd, replace(order, script=script)) for script in entry.scripts]
    if entry is OURS and (kept := await ours.kept(place, order.chats)) != order.people:
        raise Wrong(f"{kept} of {order.people} drafts are on the disk")
    return rounds


async def _play(entry: Entry, process: Process, crowd: Crowd, order: Order) -> Round:
    meter = psutil.Process(process.pid)
    before = meter.cpu_times()
    outcome = await crowd.act_out(order)
    after = meter.cpu_times()
    if outcome.exact != order.people:
        raise Wrong(f"{entry.name} answered {outcome.exact} of {order.people} people once for each update")
    held = sum(one.memory_info().rss for one in (meter, *meter.children(recursive=True)))
    return Round(entry, order, outcome, after.user + after.system - before.user - before.system, held)


@asynccontextmanager
async def running(*command: str, pipe: int | None = None) -> AsyncIterator[Process]:
    """A process of its own, interrupted and awaited in the end."""
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()


@asynccontextmanager
async def _while_alive(process: Process) -> AsyncIterator[None]:
    """End the block with `Wrong` where the process ends before it."""

    async def watch(worker: asyncio.Task[Any] | None) -> None:
        await process.wait()
        assert worker
        worker.cancel()

    watching = asyncio.create_task(watch(asyncio.current_task()))
    try:
        yield
    except asyncio.CancelledError:
        if watching.done():
            raise Wrong(f"a contestant has ended with {process.returncode}") from None
        raise
    finally:
        watching.cancel()


async def _heard(process: Process) -> dict[str, Any]:
    assert process.stdout
    line = await process.stdout.readline()
    if not line:
        raise Wrong("the crowd has gone")
    heard: dict[str, Any] = json.loads(line)
    return heard
