"""Brings a database file to the program's version, step by step.

Rule: numbered SQL files, one transaction each together with its number (`user_version`); a copy of the file
beside it first when it has tables; a newer file and a stranger's are refused. A file without tables, such as
one whose first start was cut off, counts as new. A copy holds what has been forgotten since, so it has a term too.
"""

import glob
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storage.sql import Transaction

if TYPE_CHECKING:
    from storage.database import Database

_FOLDER: Final = Path(__file__).parent / "migrations"
_COPIES: Final = (".v*", ".replaced*", ".restored*")


class NewerDatabase(Exception):
    """The database was written by a newer version of this program: install that one."""


class ForeignDatabase(Exception):
    """The file is another program's database."""


@dataclass(frozen=True, slots=True)
class Step:
    """What brings version `number - 1` to `number`."""

    number: int
    sql: str


def shipped() -> list[Step]:
    """Steps that come with this program, in order."""
    return [Step(int(file.name[:3]), file.read_text()) for file in sorted(_FOLDER.glob("[0-9]*.sql"))]


async def upgrade(database: "Database", steps: Sequence[Step]) -> None:
    """Take the steps that are missing; raises `NewerDatabase`, `ForeignDatabase`, `StorageUnavailable`."""
    async with database.transaction() as tx:
        version = await _version(tx)
        if version > steps[-1].number:
            raise NewerDatabase(NewerDatabase.__doc__)
        if version == 0 and await _has_tables(tx):
            raise ForeignDatabase(ForeignDatabase.__doc__)
    if 0 < version < steps[-1].number:
        await _copy(database, version)
    for step in steps:
        await _take(database, step)


def former_copies(path: Path, before: float) -> list[Path]:
    """Copies that were made beside the file before a moment (seconds of the epoch), also those that were cut off.

    Whoever made them, a migration or a restore: each holds what is forgotten since.
    """
    name = glob.escape(path.name)
    found = (copy for kind in _COPIES for copy in path.parent.glob(name + kind))
    return [copy for copy in found if copy.stat().st_mtime < before]


def build(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Take steps on a file that nobody else has, such as one that is made of a backup."""
    for step in steps:
        for statement in _statements(step.sql):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {step.number}")


async def _take(database: "Database", step: Step) -> None:
    async with database.transaction() as tx:
        # Asked again inside: another process may have taken it since.
        if await _version(tx) >= step.number:
            return
        for statement in _statements(step.sql):
            await tx.execute(statement)
        await tx.execute(f"PRAGMA user_version = {step.number}")


async def _copy(database: "Database", version: int) -> None:
    """Keep the file as it was in `<name>.v<version>`; a copy that was cut off leaves only `….part`."""
    kept = database.path.with_name(f"{database.path.name}.v{version}")
    part = kept.with_name(f"{kept.name}.part")
    part.unlink(missing_ok=True)
    await database.copy(part)
    part.replace(kept)


async def _version(tx: Transaction) -> int:
    return int(next(iter(await tx.execute_fetchall("PRAGMA user_version")))[0])


async def _has_tables(tx: Transaction) -> bool:
    return bool(await tx.execute_fetchall("SELECT 1 FROM sqlite_master LIMIT 1"))


def _statements(sql: str) -> Iterator[str]:
    # sqlite3's own script call commits first, which would tear the step from its number.
    statement = ""
    for part in re.split(r"(?<=;)\n", sql):
        statement += part + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
