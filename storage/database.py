"""The database: one SQLite file, one writer at a time, all or nothing.

Rule: whoever leaves `transaction()` without an error may speak, for it is on disk; whoever leaves it with one
knows that nothing is. A task that is cancelled while it commits waits for the commit and is cancelled then.
"""

import asyncio
import errno
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import aiosqlite

from storage import destroyed, migrate
from storage.sql import Transaction

BUSY_SECONDS: Final = 5
PAGES_AT_ONCE: Final = 1000
_PREFIX: Final = "sqlite:///"

# auto_vacuum stands first: it can be chosen only while the file is empty.
_SETTINGS: Final = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA busy_timeout = {BUSY_SECONDS * 1000};
"""

_UNAVAILABLE: Final = {
    sqlite3.SQLITE_FULL: "The disk is full.",
    sqlite3.SQLITE_BUSY: "Another program holds the database.",
    sqlite3.SQLITE_LOCKED: "Another program holds the database.",
    sqlite3.SQLITE_IOERR: "The disk does not read or write.",
    sqlite3.SQLITE_READONLY: "The database or its folder is not writable.",
    sqlite3.SQLITE_CANTOPEN: "The database or its folder cannot be opened.",
    sqlite3.SQLITE_PERM: "The database or its folder is not writable.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged.",
    sqlite3.SQLITE_NOTADB: "The file is no database.",
}


class StorageUnavailable(Exception):
    """Nothing can be kept at the moment, for a reason outside the program, told in one sentence."""


class AddressError(ValueError):
    """`BISIK_DATABASE_URL` names no database that can be used; the sentence says which can."""


class Database:
    """An open database. `transaction()` writes, `reading()` reads beside it."""

    def __init__(self, path: Path, writer: aiosqlite.Connection) -> None:
        self.path = path
        self._writer = writer
        self._turn = asyncio.Lock()
        self._gone: list[bytes] = []

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Open the file that `url` names, made (mode 0600) where there is none, and bring it up to date.

        Raises `AddressError`, `StorageUnavailable`, and what `storage.migrate` raises.
        """
        path = path_of(url)
        _close_to_others(path)
        database = cls(path, await _writer(path))
        try:
            await migrate.upgrade(database, migrate.shipped())
            await destroyed.follow(database._writer, database._gone.append)
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Write: one at a time, on disk when the block has ended; any exception undoes it all. Never nested.

        Raises `StorageUnavailable` for what sqlite3 reports of the disk, the file or other programs.
        """
        async with self._turn:
            with _told_plainly():
                try:
                    # Within the try: a cancelled BEGIN still runs, and must be undone like all that follows.
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    if self._gone:
                        await _to_its_end(asyncio.to_thread(self._listed, destroyed.add, self._gone))
                    await _to_its_end(self._writer.commit())
                except BaseException:
                    await _to_its_end(self._writer.rollback())  # after a commit it does nothing
                    raise
                finally:
                    self._gone.clear()

    async def begin_day(self, today: date, keep_days: int) -> None:
        """Begin the day in the list of what is destroyed; raises `StorageUnavailable`."""
        async with self.transaction():
            self._listed(destroyed.begin, today, keep_days)

    def _listed(self, change: Callable[..., None], *values: object) -> None:
        try:
            change(destroyed.beside(self.path), *values)
        except OSError as error:
            full = error.errno == errno.ENOSPC
            raise StorageUnavailable(_UNAVAILABLE[sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_IOERR]) from None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Read what is committed now, on a connection of its own: long lists hold up no writer."""
        with _told_plainly():
            async with _connected(self.path.resolve().as_uri()) as reader:
                await reader.executescript("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; BEGIN")
                yield reader

    async def checkpoint(self) -> bool:
        """Move the log into the file and empty it, so that what was deleted is gone from both.

        False when a reader was in the way: try again later.
        """
        async with self._turn:
            with _told_plainly():
                # A reader may take long; writers shall not wait for it.
                await self._writer.execute("PRAGMA busy_timeout = 0")
                try:
                    (result,) = await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    await self._writer.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        return bool(result[0] == 0)

    async def give_back(self) -> bool:
        """Give pages that hold nothing back to the system, a few at a time, and empty the log.

        False when a reader was in the way of the log: `checkpoint` again later.
        """
        free, before = -1, -2
        while free not in (0, before):
            free, before = await self._give_back(PAGES_AT_ONCE), free
        return await self.checkpoint()

    async def _give_back(self, pages: int) -> int:
        """Give back so many pages that hold nothing; how many are left."""
        async with self._turn:
            with _told_plainly():
                # A page goes for each row that is fetched: of a single statement Python 3.11 fetches but the first.
                await self._writer.executescript(f"PRAGMA incremental_vacuum({pages})")
                (row,) = await self._writer.execute_fetchall("PRAGMA freelist_count")
        return int(row[0])

    async def copy(self, target: Path) -> None:
        """Write a consistent copy, without what was deleted, to `target` (mode 0600), which must not exist.

        Raises `OSError`, `StorageUnavailable`.
        """
        _make(target)
        async with self._turn:
            with _told_plainly():
                await self._writer.execute("VACUUM INTO ?", (str(target),))
        with target.open("rb") as copied:
            os.fsync(copied.fileno())  # SQLite leaves that to its caller here

    async def close(self) -> None:
        async with self._turn:
            await _to_its_end(self._writer.close())


def path_of(url: str) -> Path:
    """File of `sqlite:///relative.db` or `sqlite:////absolute.db`; raises `AddressError`."""
    if url.startswith(("postgresql:", "postgres:")):
        raise AddressError("PostgreSQL is not built yet: use sqlite:///data/bisik.db")
    if not url.startswith(_PREFIX) or url == _PREFIX:
        raise AddressError("The database's address looks like sqlite:///data/bisik.db")
    return Path(url.removeprefix(_PREFIX))


def existing(url: str) -> Path:
    """As `path_of`, for who makes no new file of a mistyped address; raises `AddressError`, `StorageUnavailable`."""
    path = path_of(url)
    if not path.exists():
        raise StorageUnavailable(f"There is no database at {path}: the first `bisik run` makes it.")
    return path


@asynccontextmanager
async def beside(url: str) -> AsyncIterator[Transaction]:
    """Read an existing database beside a bot that runs, without changing anything.

    Raises `AddressError`, `StorageUnavailable`.
    """
    address = f"{existing(url).resolve().as_uri()}?mode=ro"
    with _told_plainly():
        with closing(sqlite3.connect(address, uri=True)) as look:
            if look.execute("PRAGMA user_version").fetchone() == (0,):
                raise StorageUnavailable("The database is empty: the bot has never run with it.")
        async with _connected(address) as reader:
            await reader.execute("BEGIN")
            yield reader


@asynccontextmanager
async def _connected(address: str) -> AsyncIterator[aiosqlite.Connection]:
    connection = aiosqlite.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        # Cut off while it connects, the library would let go of an open file without closing it.
        await _to_its_end(connection)
        yield connection
    finally:
        await _to_its_end(connection.close())


async def _writer(path: Path) -> aiosqlite.Connection:
    with _told_plainly():
        # A file that cannot be opened is noticed here: a thread that fails to connect answers a loop that may be gone.
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as look:
            look.execute("PRAGMA schema_version").fetchone()
        writer = await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            await writer.executescript(_SETTINGS)
        except BaseException:
            await writer.close()
            raise
    return writer


def _close_to_others(path: Path) -> None:
    # SQLite gives its log and shared memory the mode of the file, so this one mode is enough. A file that is
    # there is not opened: closing it would drop the locks that a connection of this process holds on it.
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            path.chmod(0o600)
        else:
            _make(path)
    except OSError:
        raise StorageUnavailable(_UNAVAILABLE[sqlite3.SQLITE_READONLY]) from None


def _make(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def why_unavailable(error: sqlite3.Error) -> str | None:
    """What is wrong with the file, its folder or its disk, in one sentence; None where it is none of them."""
    # The lowest byte is the kind, the others its variety. An error made by Python has no code.
    return _UNAVAILABLE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        sentence = why_unavailable(error)
        if sentence is None:
            raise
        raise StorageUnavailable(sentence) from None


async def _to_its_end(work: Awaitable[object]) -> None:
    """Finish `work` whatever happens; a cancellation meanwhile is passed on when it is done."""
    task = asyncio.ensure_future(work)
    cancelled = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()
