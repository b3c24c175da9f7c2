"""What a process holds is for nobody else: it leaves no core file, and no other process of its user looks in."""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from prove.stage import Scene, clean_environment, does, process, scene_in, types

DIES = "import os; os.abort()"
WAITS = "input()"
READER = """
import subprocess, sys, time
wanted, *command = sys.argv[1:]
until = time.monotonic() + 60
with subprocess.Popen(command, stdin=subprocess.PIPE) as started:
    found = ""
    while found != wanted and time.monotonic() < until:
        try:
            with open(f"/proc/{started.pid}/maps") as maps:
                start = int(maps.readline().partition("-")[0], 16)
            with open(f"/proc/{started.pid}/mem", "rb") as memory:
                memory.seek(start)
                found = "read" if memory.read(16) else ""
        except PermissionError:
            found = "refused"
    started.kill()
sys.exit(found != wanted)
"""
"""Starts a command and reads its memory until that goes as it is wanted: a debugger may look at what it has started."""
PR_CAPBSET_DROP, CAP_SYS_PTRACE = 24, 19  # linux/prctl.h, linux/capability.h

linux = pytest.mark.skipif(sys.platform != "linux", reason="what is shown of processes differs from system to system")


@pytest.fixture
async def scene(tmp_path: Path):
    async with scene_in(tmp_path) as scene:
        yield scene


@pytest.fixture
def cores(tmp_path: Path) -> Iterator[None]:
    """Whoever is started now and dies leaves a core file, as one does that does nothing about it."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        control = subprocess.Popen([sys.executable, "-c", DIES], cwd=tmp_path, stderr=subprocess.DEVNULL)
        if not left_a_core(control):
            pytest.skip("here nobody leaves a core file")
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def left_a_core(started: subprocess.Popen[bytes]) -> bool:
    """Whether it did when it died; also where a program takes the core instead of a folder."""
    _, status = os.waitpid(started.pid, 0)
    started.wait()  # which finds that nobody is there any more, and remembers it
    return os.WIFSIGNALED(status) and os.WCOREDUMP(status)


@linux
@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("fault", [signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT])
async def test_a_bot_that_dies_of_a_fault_leaves_no_core(scene: Scene, fault: signal.Signals):
    """Killed in the middle of a talk, in a folder where another process leaves its core, it leaves none."""
    before = {path.name for path in scene.folder.glob("core*")}
    with process("run", environment=scene.environment(), folder=scene.folder) as started:
        await does(scene.sari, [types("/start")])
        started.send_signal(fault)
        left = await asyncio.to_thread(left_a_core, started)

    assert not left
    assert before == {path.name for path in scene.folder.glob("core*")}


def without_powers() -> None:
    """What an administrator may read says nothing of what a process of the same user may."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0, 0)


def looks_in(wanted: str, *words: str, environment: dict[str, str], folder: Path) -> int:
    """Exit code 0 once another process reads, or may not read, the memory of a Python with these words."""
    surroundings = {**clean_environment(), "PYTHONPATH": str(Path.cwd()), **environment}
    return subprocess.run(
        [sys.executable, "-c", READER, wanted, sys.executable, *words],
        env=surroundings,
        cwd=folder,
        preexec_fn=without_powers,
        check=False,
    ).returncode


@linux
@pytest.mark.parametrize("words", [("-m", "bot", "run"), ("-m", "bot.evidence.worker", "512", "60")])
async def test_no_other_process_of_the_user_reads_a_bot_or_its_workers(scene: Scene, words: tuple[str, ...]):
    """Even who has started it is refused its memory; that of a process that does nothing about it can be read."""
    there = {"environment": scene.environment(), "folder": scene.folder}

    assert 0 == await asyncio.to_thread(looks_in, "read", "-c", WAITS, **there)
    assert 0 == await asyncio.to_thread(looks_in, "refused", *words, **there)
