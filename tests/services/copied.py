"""The files of a database as they are on disk before every statement of something that is done with it."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from storage.database import Database


async def copied_at_every_statement(
    database: Database, folder: Path, work: Callable[[], Awaitable[object]]
) -> list[Path]:
    """Do the work; copies of the database's folder, made in another one, the last of them after the commit."""
    copies: list[Path] = []

    def copy(_statement: str = "") -> None:
        target = folder / f"copy-{len(copies)}"
        shutil.copytree(database.path.parent, target)
        copies.append(target)

    await database._writer.set_trace_callback(copy)
    await work()
    await database._writer.set_trace_callback(None)
    copy()
    return copies
