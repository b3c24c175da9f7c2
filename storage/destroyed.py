"""Ids of destroyed tips, drafts and files, in a file beside the database, so that no backup brings them back.

Rule: an id is on disk here before its row's removal is committed. The ids are random and lead nowhere. The file grows
at its end, a day's heading before what was destroyed from that day on; days that no backup can be of are let go.
"""

import os
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import aiosqlite

from storage.disk import give, sync_folder

TABLES: Final = ("tips", "drafts", "files")
_ID: Final = re.compile("[0-9a-f]{32}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
# Temporary: it is the connection's own, so that nobody who removes a row has to remember the list.
_TRIGGER: Final = """
CREATE TEMP TRIGGER destroyed_{table} AFTER DELETE ON main.{table} BEGIN SELECT note_destroyed(old.id); END;
"""


def beside(database: Path) -> Path:
    return database.with_name(f"{database.name}.destroyed")


async def follow(writer: aiosqlite.Connection, note: Callable[[bytes], None]) -> None:
    """Have `note` called with each id whose row this connection removes, within the transaction, in its thread."""
    await writer.create_function("note_destroyed", 1, note)
    await writer.executescript("".join(_TRIGGER.format(table=table) for table in TABLES))


def add(path: Path, ids: Iterable[bytes]) -> None:
    """Append ids, on disk on return; raises `OSError`."""
    anew = not path.exists()
    _append(path, [one.hex() for one in ids])
    if anew:
        sync_folder(path.parent)


def read(path: Path) -> set[bytes]:
    """All ids; none where there is no file. What was cut off while it was written was not committed."""
    return {bytes.fromhex(line) for line in _lines(path) if _ID.fullmatch(line)}


def begin(path: Path, today: date, keep_days: int) -> None:
    """Head what follows with `today`, and let go what was destroyed before any backup that may still be there.

    Call it in a write transaction, for it puts another file in the place of this one. Raises `OSError`.
    """
    lines = _lines(path)
    if today.isoformat() in lines:
        return
    first = today - timedelta(days=keep_days)
    # A heading's ids were noted before the next heading: they go when that one is too old.
    days = [(n, day) for n, line in enumerate(lines) if (day := _heads(line))]
    over = [n for n, day in days[1:] if day < first]
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    _append(part, [*lines[over[-1] if over else 0 :], today.isoformat()])
    part.replace(path)
    sync_folder(path.parent)


def _heads(line: str) -> date | None:
    """The day that a line heads; None where it heads none. What was damaged must not stop every night that follows."""
    try:
        return date.fromisoformat(line) if _DAY.fullmatch(line) else None
    except ValueError:
        return None


def _lines(path: Path) -> list[str]:
    return path.read_text("ascii", "replace").split() if path.exists() else []


def _append(path: Path, lines: Iterable[str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        give(descriptor, like=path.parent.stat())
        # Begun on a line of its own, it does not join what a crash cut off.
        file.write("\n".join(["", *lines, ""]).encode())
        file.flush()
        os.fsync(file.fileno())
