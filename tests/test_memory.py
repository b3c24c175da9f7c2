"""What a process holds is for nobody else, and it does not hold for ever: no core file, nobody who looks in, and of
reporters who are done nothing that it still knows.
"""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prove.betrayable import CONTENT, Board, Canary, Desk, Reporter
from prove.stage import Scene, clean_environment, does, process, scene_in, sends_tip, types

CANARIES = [
    Canary(6_173_904_582, "Qorizana", "Xylofermata", "qori_zx_canary", "+6281399912345", "IMG_Qorizana", "CAMQZX77"),
    Canary(6_284_015_693, "Wistarindra", "Oztunali", "wist_vq_canary", "+6281399954321", "IMG_Wistar", "CAMWVQ88"),
    Canary(6_395_126_804, "Zefirantha", "Kwilindra", "zefi_kw_canary", "+6281399967890", "IMG_Zefir", "CAMZKW99"),
]
KNOWN = "Lembaga Pantau"
"""The operator, of whom the bot speaks to everybody."""
HOLDER = Path(__file__).parent / "holder.py"
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
UNPRIVILEGED = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_SYS_PTRACE = 24, 19  # linux/prctl.h, linux/capability.h
ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Becomes another command. What an administrator may read says nothing of what a process of the same user may."""

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


@contextmanager
def holding(scene: Scene) -> Iterator[subprocess.Popen[str]]:
    """A bot at work in a process of its own that can be asked what it holds."""
    surroundings = {**clean_environment(), "PYTHONPATH": str(Path.cwd()), **scene.environment()}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, HOLDER], env=surroundings, text=True, **pipes) as started:
        try:
            yield started
        finally:
            started.kill()


def held_by(bot: subprocess.Popen[str], words: list[str]) -> list[str]:
    """Which of these words it knows when an hour has passed."""
    print(json.dumps(words).encode().hex(), file=bot.stdin, flush=True)
    return json.loads(bot.stdout.readline())


def looks_in(wanted: str, *words: str, environment: dict[str, str], folder: Path) -> int:
    """Exit code 0 once another process reads, or may not read, the memory of a Python with these words."""
    surroundings = {**clean_environment(), "PYTHONPATH": str(Path.cwd()), **environment}
    return subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, sys.executable, "-c", READER, wanted, sys.executable, *words],
        env=surroundings,
        cwd=folder,
        check=False,
    ).returncode


@linux
@pytest.mark.parametrize("words", [("-m", "bot", "run"), ("-m", "bot.evidence.worker", "512", "60")])
async def test_no_other_process_of_the_user_reads_a_bot_or_its_workers(scene: Scene, words: tuple[str, ...]):
    """Even who has started it is refused its memory; that of a process that does nothing about it can be read."""
    there = {"environment": scene.environment(), "folder": scene.folder}

    assert 0 == await asyncio.to_thread(looks_in, "read", "-c", WAITS, **there)
    assert 0 == await asyncio.to_thread(looks_in, "refused", *words, **there)


async def test_a_running_bot_knows_nothing_of_reporters_who_are_done(scene: Scene):
    """An hour after, and with others about, no living object has their names, ids, receipts or what they told."""
    people = [CANARIES[0], CANARIES[1]]
    reporters = [
        Reporter(scene, one, contact, one.first) for one, contact in zip(people, ("here", "code"), strict=True)
    ]
    desk = Desk(scene, Board(scene), CANARIES[2])
    with holding(scene) as bot:
        for one in reporters:
            await one.tells()
            card = await desk.works(one)
            await desk.presses(card, "close")
            await scene.waits(lambda card=card: "hanya membaca lewat kode" in card.text)
        await sends_tip(scene.budi)
        told = [word for one in people for word in one.words()] + [*CONTENT, *(one.receipt for one in reporters)]
        held = await asyncio.to_thread(held_by, bot, [*told, *(one.replace(" ", "") for one in told), KNOWN])

    assert [KNOWN] == held
