"""A few worker processes that clean files side by side, each under a memory and a time limit.

Rule: bytes travel through pipes, never through a disk. A worker is believed only about a file that it
has cleaned: one that refused, overran its time or died is killed, and a fresh one takes its place.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import BinaryIO, cast

from bot.confinement import WALLS, Wall
from bot.evidence.model import REASONS, Cleaned, Refused
from bot.evidence.worker import read_frame, write_frame


class _Worker:
    """One process and its pipes; every method blocks.

    `missing` are the walls around it that its kernel does not have, as soon as it has said so.
    """

    missing: frozenset[Wall] | None = None

    def __init__(self, memory_mb: int, seconds: float) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-B", "-m", "bot.evidence.worker", str(memory_mb), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders' complaints quote the file
            env={"PYTHONPATH": os.pathsep.join(sys.path)},  # no token, no path to a keyring
            start_new_session=True,  # a Ctrl-C is the bot's to handle
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, data: bytes) -> Cleaned | Refused:
        try:
            self.enters()
            write_frame(cast("BinaryIO", self._process.stdin), data)
            answers = cast("BinaryIO", self._process.stdout)
            return _understood(read_frame(answers), read_frame(answers))
        except (OSError, EOFError, ValueError, TypeError):
            return Refused("crashed")

    def enters(self) -> frozenset[Wall]:
        """Wait until it stands behind its walls, which it does once; raises as its pipe and JSON do."""
        if self.missing is None:
            told = json.loads(read_frame(cast("BinaryIO", self._process.stdout)))
            self.missing = frozenset(wall for wall in WALLS if wall in told)
        return self.missing

    def kill(self) -> None:
        """End the process; whoever waits in `ask` then gets an answer."""
        self._process.kill()

    def bury(self) -> None:
        """End the process and give back its pipes, when nobody waits in `ask`."""
        self.kill()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdout.close()
        with suppress(OSError):  # what was left to be written, to a process that is dead
            self._process.stdin.close()
        self._process.wait()


def _understood(report: bytes, clean: bytes) -> Cleaned | Refused:
    """An answer, taken at its word only where it has the form of one."""
    fields = json.loads(report)
    if "refused" in fields:
        reason = fields["refused"]
        return Refused(reason if reason in REASONS else "crashed")
    fields["removed"] = tuple(fields["removed"])
    return Cleaned(data=clean, **fields)


class Cleaner:
    """Cleans up to `workers` files at once; the next wait. Processes start when first needed.

    `memory_mb` bounds each worker's address space in MiB, `seconds` the time that one file may take. `unconfined` is
    called once, with the walls that are missing, where this kernel does not keep a worker from all that it should.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        memory_mb: int = 1536,
        seconds: float = 60,
        unconfined: Callable[[frozenset[Wall]], None] = lambda _: None,
    ) -> None:
        self._workers = workers
        self._memory_mb = memory_mb
        self._seconds = seconds
        self._unconfined = unconfined
        self._missing: frozenset[Wall] = frozenset()
        self._turns = asyncio.Semaphore(workers)
        self._closed = False
        self._idle: list[_Worker] = []
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="evidence")

    async def clean(self, data: bytes) -> Cleaned:
        """The clean file with its report; raises `Refused`. Cancelling it kills its worker."""
        if self._closed:
            raise RuntimeError("the cleaner is closed")
        async with self._turns:
            worker = await self._ready_worker()
            asked = asyncio.get_running_loop().run_in_executor(self._threads, worker.ask, data)
            answer: Cleaned | Refused = Refused("timeout")
            try:
                done, _ = await asyncio.wait({asked}, timeout=self._seconds)
                answer = asked.result() if done else answer
            finally:
                self._heed(worker)
                await self._put_back(worker, asked, trusted=isinstance(answer, Cleaned))
        if isinstance(answer, Refused):
            raise answer
        return answer

    async def close(self) -> None:
        """Wait for the files in hand (each bounded by its time), then end every worker."""
        if self._closed:
            return
        self._closed = True
        for _ in range(self._workers):
            await self._turns.acquire()
        while self._idle:
            await asyncio.to_thread(self._idle.pop().bury)
        self._threads.shutdown()

    async def walls_missing(self) -> frozenset[Wall] | None:
        """What this kernel does not keep a worker from; None where no worker starts at all."""
        missing = None
        async with self._turns:
            with suppress(OSError, EOFError, ValueError, TypeError):
                worker = await self._ready_worker()
                try:
                    missing = await asyncio.to_thread(worker.enters)
                finally:
                    await asyncio.to_thread(worker.bury)
        return missing

    def _heed(self, worker: _Worker) -> None:
        if worker.missing and not self._missing:
            self._missing = worker.missing
            self._unconfined(worker.missing)

    async def _ready_worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            await asyncio.to_thread(worker.bury)
        return _Worker(
            self._memory_mb, self._seconds
        )  # in the loop: a start cut off halfway would leave a process behind

    async def _put_back(self, worker: _Worker, asked: "asyncio.Future[Cleaned | Refused]", *, trusted: bool) -> None:
        if trusted:
            self._idle.append(worker)
            return
        worker.kill()
        await asyncio.shield(asked)
        await asyncio.to_thread(worker.bury)
