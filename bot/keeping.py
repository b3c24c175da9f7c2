"""Keys and backups as an operator keeps them: what stands between the commands and `storage`."""

import errno
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from bot.settings import Settings
from storage import backup, destroyed, disk, facts, keyring, outbox, parcel, rotation
from storage.backup import Header
from storage.database import Database, existing, path_of, why_unavailable
from storage.parcel import Lock, ParcelProblem, Unlock
from storage.purposes import Secrets, WrongKeyring
from storage.rotation import Tell
from storage.survey import survey
from storage.vault import Vault

BACKUP, KEYRING = "backup", "keyring"
FACT: Final = "backup"
"""The fact that tells the day of the last backup, as `2025-11-24`."""


ASIDE: Final = (
    "{aside} still holds what is deleted from now on: destroy it when the new one has run. The bot does so when it "
    "destroys a tip, and after BISIK_BACKUP_KEEP_DAYS at the latest."
)


async def rotate(settings: Settings, tell: Tell) -> None:
    """Wrap everything by a new master key, or go on with it; raises as `rotation.rotate`."""
    async with _database(settings) as database:
        await rotation.rotate(database, settings.keyring, today(settings), tell)


async def destroy_former(settings: Settings) -> None:
    """End the rotation; raises as `rotation.destroy_former`."""
    async with _database(settings) as database:
        await rotation.destroy_former(database, settings.keyring)


def must_be_free(*targets: Path) -> None:
    """Raise `ParcelProblem` where a file to be made is there, or two are one, before any is made."""
    if len({target.resolve() for target in targets}) < len(targets):
        raise ParcelProblem("The backup and the copy of the keyring need a file each, in two places.")
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
        # Before anything is made: a keyring that does not open it may be that of another database.
        secrets = await Secrets.load(database, vault, day, settings.draft_hours)
        _seal(target, lock, BACKUP, _counted(backup.rows(database.path, day), whole, tell))
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
    former = _aside_of(path)
    if path.exists():
        _may_be_replaced(path, former, replace=replace)
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
        backup.note(part, vault, FACT, header.day)
        _take_place(part, path, former)
    except sqlite3.OperationalError:
        raise ParcelProblem("The database cannot be written: the disk is full or does not write.") from None
    finally:
        part.unlink(missing_ok=True)  # what was refused is not left lying about
    return header


def aside(settings: Settings) -> Path | None:
    """What a restore has kept aside, where it is still there."""
    kept = _aside_of(path_of(settings.database_url))
    return kept if kept.exists() else None


async def release(settings: Settings) -> int:
    """Let go what a restored backup owes; how many debts. Raises `StorageUnavailable`."""
    async with _database(settings) as database, database.transaction() as tx:
        return await outbox.release(tx)


def has_list(settings: Settings) -> bool:
    """Whether there is a list of what was destroyed since a backup."""
    return destroyed.beside(path_of(settings.database_url)).exists()


def _aside_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.replaced")


def _may_be_replaced(path: Path, aside: Path, *, replace: bool) -> None:
    if not replace:
        raise ParcelProblem(f"{path} is there already: --replace keeps it aside as {aside.name}.")
    if aside.exists() and aside.samefile(path):
        _take_back(path, aside)
    if aside.exists():
        raise ParcelProblem(f"{aside} is there from another restore: move it away or destroy it first.")
    try:
        # It needs the file alone, and leaves one file of three.
        with closing(sqlite3.connect(path, timeout=0)) as former:
            former.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        hint = "Stop the bot first, and call it as the user who runs the bot."
        raise ParcelProblem(f"{why_unavailable(error) or 'The database cannot be changed.'} {hint}") from None
    except sqlite3.DatabaseError:
        pass  # damaged: that is what a restore is for


def _take_place(part: Path, path: Path, aside: Path) -> None:
    """At every moment there is a database at `path`, where there was one."""
    if path.exists():
        os.link(path, aside)
        _move_logs(path, aside)
    part.replace(path)
    disk.sync_folder(path.parent)


def _take_back(path: Path, aside: Path) -> None:
    """Undo what a restore did that was broken off before the new file came: both names are of one file."""
    _move_logs(aside, path)
    aside.unlink()


def _move_logs(source: Path, target: Path) -> None:
    for log in ("-wal", "-shm"):
        if (former := source.with_name(source.name + log)).exists():
            former.replace(target.with_name(target.name + log))


def _seal(target: Path, lock: Lock, purpose: str, pieces: Iterable[bytes]) -> None:
    """Write a parcel whole or not at all, mode 0600, on disk on return."""
    part = target.with_name(f"{target.name}.part")
    try:
        with _begun(part) as file:
            parcel.seal(file, lock, purpose, pieces)
            file.flush()
            os.fsync(file.fileno())
            part.replace(target)
        disk.sync_folder(target.parent)
    except BlockingIOError:
        raise ParcelProblem(f"{target} is being made by another call at this moment.") from None
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        full = error.errno == errno.ENOSPC
        why = "the disk is full" if full else error.strerror
        raise ParcelProblem(f"{target} cannot be written: {why}.") from None
    except sqlite3.Error:
        raise ParcelProblem("The database cannot be read: bisik check says more.") from None


def _begun(part: Path) -> BinaryIO:
    """An empty file of one's own (mode 0600), also where a call was broken off; raises `BlockingIOError`, `OSError`."""
    file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb")
    with ExitStack() as unfinished:
        unfinished.enter_context(file)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file.fileno()), part.stat()):
            raise BlockingIOError  # whoever held it has just put it in its place
        os.fchmod(file.fileno(), 0o600)
        file.truncate()
        unfinished.pop_all()
    return file


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
    existing(settings.database_url)
    database = await Database.open(settings.database_url)
    try:
        yield database
    finally:
        await database.close()
