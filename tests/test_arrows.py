"""The rooms of the program and the arrows between them, read from the imports of every file.

`ROOMS` is the table of the architecture as data. A file belongs to the longest name that it lies under; it may
import its own room, what its row allows, and of the standard library all but what its row forbids.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "storage")


@dataclass(frozen=True)
class Room:
    """What a room may import beside itself and the standard library, and what it may not for all that."""

    may: frozenset[str]
    never: frozenset[str] = frozenset()
    standard: frozenset[str] = frozenset(sys.stdlib_module_names)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# No clock, no chance, nothing that reaches out of the process; what `datetime` knows of the clock is forbidden below.
PURE = _names(
    "__future__ abc bisect calendar collections contextlib copy dataclasses datetime difflib enum fractions functools "
    "graphlib heapq itertools json math numbers operator re string textwrap types typing unicodedata zoneinfo"
)
DISK_AND_NETWORK = _names("ftplib glob http pathlib shelve shutil socket sqlite3 ssl tempfile urllib")

ROOMS = {
    "bot.conversation": Room(may=_names("rapidfuzz bot.unseen"), standard=PURE),
    "bot.evidence": Room(
        may=_names("PIL av bot.confinement bot.memory bot.unseen lxml pikepdf pillow_heif"), never=DISK_AND_NETWORK
    ),
    "bot.unseen": Room(may=frozenset(), standard=_names("re")),
    "bot.adapters": Room(may=_names("aiohttp bot.conversation bot.locales telegram"), never=_names("sqlite3")),
    "bot.handover": Room(may=_names("bot.conversation bot.locales reportlab"), never=_names("sqlite3 socket")),
    "bot.charts": Room(may=_names("bot.conversation bot.locales matplotlib")),
    "bot.locales": Room(may=_names("babel bot.conversation")),
    "bot.regions": Room(may=_names("bot.conversation")),
    "bot.services": Room(may=_names("bot.conversation bot.evidence bot.handover storage"), never=_names("sqlite3")),
    "bot.simulator": Room(may=_names("PIL aiohttp")),
    "bot.demo": Room(may=_names("aiohttp bot click storage telegram")),
    "bot": Room(
        may=_names("aiohttp click dotenv pydantic pydantic_core pydantic_settings storage telegram xlsxwriter"),
        never=_names("bot.simulator"),
    ),
    "storage": Room(may=_names("aiosql aiosqlite cryptography")),
}
CLOCK = re.compile(r"(^|\.)(date\.today|datetime\.(now|today|utcnow))$")
OUTSIDE = {"open", "input", "print", "breakpoint", "__import__"}
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.DOTALL)


def _modules() -> dict[str, Path]:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def _lies_under(module: str, names: frozenset[str] | set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def _room(module: str) -> str:
    return max((name for name in ROOMS if _lies_under(module, {name})), key=len)


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=0):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom():
                yield "a relative import"


def _is_allowed(imported: str, name: str) -> bool:
    room = ROOMS[name]
    if _lies_under(imported, room.never):
        return False
    return _lies_under(imported, room.may | room.standard | {name})


def _wrong_arrows(module: str, source: str) -> list[str]:
    name = _room(module)
    return [f"{module} → {found}" for found in _imports(ast.parse(source)) if not _is_allowed(found, name)]


def _reaches_out(source: str) -> list[str]:
    called = [ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [name for name in called if name in OUTSIDE or CLOCK.search(name)]


def _sources(under: str) -> dict[str, str]:
    return {name: path.read_text("utf-8") for name, path in _modules().items() if _lies_under(name, {under})}


def test_every_import_follows_an_arrow_of_the_table():
    """No file of any room imports what its row does not allow."""
    wrong = [
        arrow for package in PACKAGES for name, text in _sources(package).items() for arrow in _wrong_arrows(name, text)
    ]

    assert [] == wrong


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.conversation.intake", "import random"),
        ("bot.conversation.intake", "from time import monotonic"),
        ("bot.conversation.intake", "from bot import settings"),
        ("bot.conversation.intake", "import telegram"),
        ("bot.conversation.intake", "def later():\n    import os.path"),
        ("bot.conversation.intake", "if TYPE_CHECKING:\n    from storage.tips import Tip"),
        ("bot.evidence.pdf", "from urllib.request import urlopen"),
        ("bot.evidence", "import storage"),
        ("bot.handover.package", "from storage import tips"),
        ("bot.handover.package", "from bot.services import dossier"),
        ("bot.adapters.telegram.inbound", "from bot.services import intake"),
        ("bot.adapters.telegram.inbound", "from storage import tips"),
        ("bot.services.intake", "from bot.adapters.telegram import sender"),
        ("bot.services.intake", "from telegram.error import RetryAfter"),
        ("bot.services.intake", "import sqlite3"),
        ("bot.services.intake", "from ..adapters import telegram"),
        ("bot.app", "from bot.simulator import server"),
        ("bot.simulator.page", "from bot.conversation import screens"),
        ("storage.tips", "from bot import settings"),
    ],
)
def test_a_wrong_arrow_is_noticed(module: str, line: str):
    """The test above sees each kind of forbidden import, however it is written and wherever it stands."""
    assert [] != _wrong_arrows(module, line)


def test_the_demo_alone_may_use_the_simulator():
    """The row of the demo allows what the row of the shell forbids."""
    assert [] == _wrong_arrows("bot.demo", "from bot.simulator import server")


def test_the_conversation_reads_no_clock_and_reaches_for_nothing():
    """Beyond imports: no call in the pure room asks for the day, opens a file or prints."""
    assert [] == [(name, call) for name, text in _sources("bot.conversation").items() for call in _reaches_out(text)]
    assert ["date.today", "open"] == _reaches_out("date.today(); open('x')")


def test_evidence_opens_no_file():
    """Bytes come in and go out; nothing of a reporter's file is written in clear on the way."""
    assert [] == [name for name, text in _sources("bot.evidence").items() if "open" in _reaches_out(text)]


def test_no_sql_stands_in_the_bot():
    """Statements live in `storage`."""
    constants = [
        (name, node.value)
        for name, text in _sources("bot").items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [] == [(name, text) for name, text in constants if SQL.search(text)]
    assert SQL.search("SELECT state FROM tips")


def test_the_settings_alone_read_the_environment():
    """No other file names `os.environ` or `getenv`."""
    readers = [
        name
        for package in PACKAGES
        for name, text in _sources(package).items()
        if re.search(r"\b(environ|getenv)\b", text)
    ]

    assert ["bot.settings"] == readers


# Imports everything, and reports what Python's own audit events say was done beside reading code.
IMPORT_ALL = """
import importlib, os, sys, threading
done = []
def audit(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        done.append(f"opened {arguments[0]} to write")
    elif event in {"socket.connect", "socket.bind", "sqlite3.connect", "os.mkdir", "os.remove", "os.rename"}:
        done.append(event)
sys.addaudithook(audit)
for name in sys.argv[1:]:
    importlib.import_module(name)
assert not done, done
assert threading.active_count() == 1, threading.enumerate()
"""


def test_nothing_happens_at_import(tmp_path: Path):
    """Every module imports with no environment, in an empty folder, and touches no file, database or network."""
    modules = [name for name in _modules() if not name.endswith("__main__")]
    run = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", IMPORT_ALL, *modules],
        env={"PYTHONPATH": os.fspath(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "", "") == (run.returncode, run.stdout, run.stderr)
    assert [] == list(tmp_path.iterdir())
