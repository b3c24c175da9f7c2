"""Keys and backups as an operator keeps them: what stands between the commands and `storage`."""

import errno
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from bot.settings import Settings
from storage import backup, destroyed, facts, keyring, outbox, parcel, rotation
from storage.backup import Header
from storage.database import Database, StorageUnavailable, path_of
from storage.parcel import Lock, ParcelProblem, Unlock
from storage.purposes import Secrets, WrongKeyring
from storage.rotation import Tell
from storage.survey import survey
from storage.vault import Vault

BACKUP, KEYRING = "backup", "keyring"
FACT: Final = "backup"
"""The fact that tells the day of the last backup, as `2025-11-24`."""


async def rotate(settings: Settings, tell: Tell) -> None:
    """Wrap everything by a new master key, or go on with it; raises as `rotation.rotate`."""
    async with _database(settings) as database:
        await rotation.rotate(database, settings.keyring, today(settings), tell)


async def destroy_former(settings: Settings) -> None:
    """End the rotation; raises as `rotation.destroy_former`."""
    async with _database(settings) as database:
        await rotation.destroy_former(database, settings.keyring)


def must_be_free(*targets: Path) -> None:
    """Raise `ParcelProblem` where one of the files to be made is there, before any is made."""
    for target in targets:
        if target.exists():
            raise ParcelProblem(f"{target} is there already, and is not overwritten.")


async def back_up(settings: Settings, target: Path, lock: Lock, tell: Tell) -> None:
    """Write a sealed backup to `target` while the bot runs, and note its day.

    Raises `ParcelProblem`, `StorageUnavailable`, `KeyringError`, `WrongKeyring`.
    """
    vault = Vault.following(settings.keyring)
    async with _database(settings) as database:
        day, whole = today(settings), database.path.stat().st_size
        _seal(target, lock, BACKUP, _counted(backup.rows(database.path, day), whole, tell))
        secrets = await Secrets.load(database, vault, day, settings.draft_hours)
        async with database.transaction() as tx:
            await facts.keep(tx, secrets, FACT, day.isoformat().encode())


def copy_keyring(settings: Settings, target: Path, lock: Lock) -> None:
    """Write the keyring to a sealed file of its own; raises `ParcelProblem`, `KeyringError`."""
    keyring.load(settings.keyring)
    _seal(target, lock, KEYRING, [settings.keyring.read_bytes()])


def restore_keyring(settings: Settings, source: Path, unlock: Unlock) -> None:
    """Bring the keyring back where there is none; raises `ParcelProblem`, `KeyringError`."""
    with _opened(source) as file:
        keyring.bring_back(settings.keyring, b"".join(parcel.opened(file, unlock, KEYRING)))


def restore(settings: Settings, source: Path, unlock: Unlock, tell: Tell, *, replace: bool) -> Header:
    """Make the database of a backup and check it; only then it takes its place, and what lay there is kept aside.

    Raises `ParcelProblem`, `StorageUnavailable`, `KeyringError`, `WrongKeyring`, `NewerDatabase`.
    """
    path, vault = path_of(settings.database_url), Vault(keyring.load(settings.keyring))
    aside = path.with_name(f"{path.name}.replaced")
    if path.exists():
        _may_be_replaced(path, aside, replace=replace)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.restored")
    now = today(settings)
    oldest = now - timedelta(days=settings.backup_keep_days)
    try:
        with _opened(source) as file:
            pieces = _counted(parcel.opened(file, unlock, BACKUP), source.stat().st_size, tell)
            header = backup.build(part, pieces, now, oldest, destroyed.read(destroyed.beside(path)))
        if not survey(part, vault).opens:
            raise WrongKeyring("The keyring does not open this backup: it is another's, or of another rotation.")
        _take_place(part, path, aside)
    except sqlite3.OperationalError:
        raise ParcelProblem("The database cannot be written: the disk is full or does not write.") from None
    finally:
        part.unlink(missing_ok=True)  # what was refused is not left lying about
    return header


async def release(settings: Settings) -> int:
    """Let go what a restored backup owes; how many debts. Raises `StorageUnavailable`."""
    async with _database(settings) as database, database.transaction() as tx:
        return await outbox.release(tx)


def has_list(settings: Settings) -> bool:
    """Whether there is a list of what was destroyed since a backup."""
    return destroyed.beside(path_of(settings.database_url)).exists()


def _may_be_replaced(path: Path, aside: Path, *, replace: bool) -> None:
    if not replace:
        raise ParcelProblem(f"{path} is there already: --replace keeps it aside as {aside.name}.")
    if aside.exists():
        raise ParcelProblem(f"{aside} is there from another restore: move it away or destroy it first.")
    try:
        # It needs the file alone, and leaves one file of three.
        with closing(sqlite3.connect(path, timeout=0)) as former:
            former.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        raise ParcelProblem("Another program holds the database: stop the bot first.") from None
    except sqlite3.DatabaseError:
        pass  # damaged: that is what a restore is for


def _take_place(part: Path, path: Path, aside: Path) -> None:
    """At every moment there is a database at `path`, where there was one."""
    if path.exists():
        os.link(path, aside)
        for log in ("-wal", "-shm"):
            if (former := path.with_name(path.name + log)).exists():
                former.replace(aside.with_name(aside.name + log))
    part.replace(path)
    keyring.sync_folder(path.parent)


def _seal(target: Path, lock: Lock, purpose: str, pieces: Iterable[bytes]) -> None:
    """Write a parcel whole or not at all, mode 0600, on disk on return."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            parcel.seal(file, lock, purpose, pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        keyring.sync_folder(target.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        full = error.errno == errno.ENOSPC
        why = "the disk is full" if full else error.strerror
        raise ParcelProblem(f"{target} cannot be written: {why}.") from None
    except sqlite3.Error:
        raise ParcelProblem("The database cannot be read: bisik check says more.") from None


@contextmanager
def _opened(source: Path) -> Iterator[BinaryIO]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise ParcelProblem(f"{source} cannot be read: {error.strerror}.") from None
    with file:
        yield file


def _counted(pieces: Iterable[bytes], whole: int, tell: Tell) -> Iterator[bytes]:
    done = 0
    for piece in pieces:
        done += len(piece)
        tell(min(done, whole), whole)
        yield piece
    tell(whole, whole)


def today(settings: Settings) -> date:
    """The day in the operator's zone."""
    return datetime.now(UTC).astimezone(ZoneInfo(settings.timezone)).date()


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """The database, which must be there: a mistyped address makes no new one."""
    path = path_of(settings.database_url)
    if not path.exists():
        raise StorageUnavailable(f"There is no database at {path}: the first `bisik run` makes it.")
    database = await Database.open(settings.database_url)
    try:
        yield database
    finally:
        await database.close()
