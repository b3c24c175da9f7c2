"""A worker whose decoder has been taken over: what it cannot do, and what is said where the kernel lets it."""

import ctypes
import errno
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import evidence_files as files
import evidence_media as media
import evidence_office as office
import pytest
from takeover import LACKS, obeyed, started_with
from test_pdf import office_pdf, written

from bot.confinement import WALLS, calls, kernel
from bot.confinement.files import ASK_VERSION, CREATE_RULESET
from bot.evidence import Cleaner, clean_here

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
EVERYTHING = "".join(LACKS.values())
SECRETS = {"keyring": "keyring.json", "settings": ".env", "database": "bisik.db"}
FILES = {
    **{f"read the {name}": f"open('{file}').read()" for name, file in SECRETS.items()},
    "read the users": "open('/etc/passwd').read()",
    "read the bot's environment": "open('/proc/{bot}/environ', 'rb').read()",
    "list a folder": "load('os').listdir('.')",
    "write a file": "open('left', 'wb').close()",
    "delete the database": "load('os').unlink('bisik.db')",
    "move the keyring": "load('os').rename('keyring.json', 'stolen')",
}
CALLS = {
    "empty the database": "load('os').truncate('bisik.db', 0)",
    "open the keyring to all": "load('os').chmod('keyring.json', 0o666)",
    "connect": "load('socket').create_connection(('127.0.0.1', {port}))",
    "send a datagram": "load('socket').socket(type=load('socket').SOCK_DGRAM)",
    "reach a socket of this machine": "load('socket').socket(load('socket').AF_UNIX)",
    "start a program": "load('os').posix_spawn('/bin/true', ['true'], {{}})",
    "become a program": "load('os').execv('/nowhere/at/all', ['all'])",
    "live on as a copy": "load('os').fork() or load('os')._exit(0)",
    "end the bot": "load('os').kill({bot}, 0)",
    "starve the bot": "load('resource').prlimit({bot}, load('resource').RLIMIT_NOFILE)",
}
EVERY_CALL = """(lambda calls, ctypes: [
    name
    for name, numbers in calls.REFUSED.items()
    for number in [numbers[calls.COLUMNS[load('platform').machine()][1]]]
    if number is not None
    and (ctypes.CDLL(None, use_errno=True).syscall(number, 0, 0, 0, 0, 0, 0), ctypes.get_errno()) != (-1, 1)
])(load('bot.confinement.calls').confinement.calls, load('ctypes'))"""


def _landlock() -> bool:
    """Whether this kernel says that it has it; asked apart from the program, whose word is on trial."""
    return sys.platform == "linux" and ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, ASK_VERSION) > 0


def _seccomp() -> bool:
    status = Path("/proc/self/status")
    return status.exists() and "Seccomp:" in status.read_text() and kernel.machine() in calls.COLUMNS


linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems tell it otherwise")
has_landlock = pytest.mark.skipif(not _landlock(), reason="this kernel has no Landlock, so nothing keeps files from it")
has_seccomp = pytest.mark.skipif(not _seccomp(), reason="no filter of system calls for this kernel or machine")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """In a folder as a bot is started in, with its secrets; and a port that takes whoever connects."""
    for name in SECRETS.values():
        (tmp_path / name).write_text("canary")
        (tmp_path / name).chmod(0o600)
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


async def _both(attempt: str, server: int, folder: Path) -> tuple[str, str]:
    """What came of it behind the walls, and what without them, as it would be if nothing were done."""
    attempt = attempt.format(port=server, bot=os.getpid())
    return await obeyed(attempt, folder), await obeyed(attempt, folder, before=EVERYTHING)


@has_landlock
@pytest.mark.parametrize("attempt", FILES.values(), ids=FILES)
async def test_a_worker_that_is_taken_over_opens_no_file(attempt: str, server: int, tmp_path: Path):
    """Of what the bot's user has it reads, lists, writes and removes nothing, which it could without the wall."""
    behind, without = await _both(attempt, server, tmp_path)

    assert "PermissionError" == behind
    assert "PermissionError" != without


@has_seccomp
@pytest.mark.parametrize("attempt", CALLS.values(), ids=CALLS)
async def test_a_worker_that_is_taken_over_reaches_nobody(attempt: str, server: int, tmp_path: Path):
    """It opens no socket, starts no program, and touches no other process or file's mode, which it could otherwise."""
    behind, without = await _both(attempt, server, tmp_path)

    assert "PermissionError" == behind
    assert "PermissionError" != without


@has_seccomp
async def test_every_call_that_is_named_is_refused_in_a_worker(tmp_path: Path):
    """The kernel itself refuses each call of the list, also those that Python has no name for."""
    assert "[]" == await obeyed(EVERY_CALL, tmp_path)


@linux
async def test_walls_stand_around_the_worker_alone(tmp_path: Path):
    """Who has started it is under no filter, and has given up nothing, that was not so before."""
    before = _filters()
    await obeyed("1", tmp_path)

    assert before == _filters()


def _filters() -> list[str]:
    return re.findall(r"(?:Seccomp|NoNewPrivs).*", Path("/proc/self/status").read_text("utf-8"))


async def test_behind_its_walls_a_worker_cleans_every_sort_of_file():
    """What comes back is what comes of the same file without any wall."""
    made = [
        files.phone_jpeg(),
        files.screenshot_png(),
        files.chat_webp(),
        files.chat_gif(),
        files.moving_png(),
        files.moving_webp(),
        files.phone_heic(),
        files.phone_avif(),
        files.scan_tiff(),
        files.saved(files.picture(), "BMP"),
        media.film(),
        media.song_with_cover(),
        media.film_with_subtitles(),
        office.word(),
        office.excel(),
        office.powerpoint(),
        office.writer(),
        written(office_pdf()),
        "Camat hadir, kata André.".encode(),
    ]
    cleaner = Cleaner(workers=1)

    cleaned = [await cleaner.clean(data) for data in made]
    await cleaner.close()

    assert [clean_here(data) for data in made] == cleaned


@pytest.mark.parametrize("wall", WALLS)
async def test_where_a_wall_is_missing_files_are_cleaned_and_it_is_told_once(wall: str, tmp_path: Path):
    """A kernel that cannot raise it makes no reporter's file fail; whoever runs the bot hears of it once."""
    told: list[frozenset[str]] = []
    cleaner = Cleaner(workers=1, unconfined=told.append)
    with started_with(LACKS[wall], tmp_path):
        cleaned = [await cleaner.clean(files.phone_jpeg()) for _ in range(2)]
        missing = await cleaner.walls_missing()
    await cleaner.close()

    assert ["jpg", "jpg"] == [one.extension for one in cleaned]
    assert wall in missing
    assert [missing] == told


async def test_a_worker_that_does_not_start_is_no_worker_without_walls(tmp_path: Path):
    """Whoever asks is told that there is none, not that all is well."""
    cleaner = Cleaner(workers=1)
    with started_with("raise SystemExit", tmp_path):
        missing = await cleaner.walls_missing()
    await cleaner.close()

    assert missing is None


def _verdict(machine: str, number: int, first: int = 0, mark: int | None = None) -> int:
    """What the filter says of a call, by the few instructions that it has."""
    steps = [struct.unpack("=HBBI", step) for step in calls.program(machine)]
    words = {calls.NUMBER: number, calls.ARCHITECTURE: mark or calls.COLUMNS[machine][0], calls.FIRST_ARGUMENT: first}
    tests = {
        calls.EQUAL: lambda word, operand: word == operand,
        calls.AT_LEAST: lambda word, operand: word >= operand,
        calls.ANY_BIT: lambda word, operand: bool(word & operand),
    }
    word = at = 0
    while True:
        code, then, otherwise, operand = steps[at]
        if code == calls.RETURN:
            return operand
        if code == calls.LOAD:
            word = words[operand]
        else:
            at += then if tests[code](word, operand) else otherwise
        at += 1


@pytest.mark.parametrize("machine", calls.COLUMNS)
def test_the_filter_of_each_machine_refuses_what_is_named_and_nothing_that_decoders_do(machine: str):
    """On a machine that is not this one the same calls are refused, threads are made, and reading goes on."""
    mark, column = calls.COLUMNS[machine]
    refused, ordinary = calls.ERRNO | errno.EPERM, {"x86_64": 0, "aarch64": 63}[machine]  # to read

    named = [numbers[column] for numbers in calls.REFUSED.values() if numbers[column] is not None]
    assert {refused} == {_verdict(machine, number) for number in named}
    assert calls.ALLOW == _verdict(machine, ordinary)
    assert calls.ALLOW == _verdict(machine, calls.CLONE[column], calls.CLONE_THREAD | 0xF00)
    assert refused == _verdict(machine, calls.CLONE[column], 17)  # SIGCHLD: a process
    assert calls.ERRNO | errno.ENOSYS == _verdict(machine, calls.CLONE3[column])
    assert [calls.ALLOW, refused] == [_verdict(machine, calls.PRLIMIT[column], pid) for pid in (0, 4711)]
    assert calls.KILL == _verdict(machine, ordinary, mark=mark + 1)


def test_calls_of_a_second_sort_are_refused_too():
    """On x86-64 each call has another number, by which none comes past the filter."""
    assert calls.ERRNO | errno.EPERM == _verdict("x86_64", calls.X32 | 41)


@pytest.mark.parametrize("machine", calls.COLUMNS)
def test_calls_have_the_numbers_of_the_kernel(machine: str):
    """As far as the headers that are installed here know them."""
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text("utf-8"))
    known = {name: int(number) for name, number in found}
    ours = {**calls.REFUSED, "clone": calls.CLONE, "clone3": calls.CLONE3, "prlimit64": calls.PRLIMIT}
    column = calls.COLUMNS[machine][1]

    assert {name: known[name] for name in ours if name in known} == {
        name: numbers[column] for name, numbers in ours.items() if name in known
    }
    assert len(known.keys() & ours.keys()) > 40


def test_a_machine_whose_numbers_are_not_known_gets_no_filter():
    """Better none, which is told, than one that refuses something else."""
    with pytest.raises(OSError, match="riscv64"):
        list(calls.program("riscv64"))
