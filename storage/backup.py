"""What a backup holds: the rows of every table as they were at one moment, and how a database is made of them.

Rule: rows alone, never pages or a schema. So nothing that was removed is in a backup, no copy of the file lies on a
disk meanwhile, and what comes back is built by the migrations of this program, whoever wrote the backup.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from storage import destroyed, disk, facts, migrate
from storage.migrate import NewerDatabase
from storage.parcel import ParcelProblem
from storage.purposes import wrapped_place
from storage.vault import Key, Vault, canonical

_LENGTH_BYTES: Final = 4
_DAMAGED: Final = "The backup holds what no database of its version does: it is damaged."

Value: TypeAlias = int | str | bytes | None


@dataclass(frozen=True, slots=True)
class Header:
    """The version of the database, and the day of the backup."""

    version: int
    day: date


def rows(path: Path, day: date) -> Iterator[bytes]:
    """The database at `path` as pieces, while others write to it; raises `sqlite3.Error`."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        version = int(reader.execute("PRAGMA user_version").fetchone()[0])
        yield _record(json.dumps({"version": version, "day": day.isoformat()}))
        for table in _tables(reader):
            for row in reader.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a name of ours
                yield _record(table, *row)


def build(part: Path, pieces: Iterable[bytes], today: date, oldest: date, dead: set[bytes]) -> Header:
    """Make a database of this program's version at `part` (mode 0600), on disk on return, and check it.

    Rows of `dead` ids are left out, and what was owed is held from `today` on.
    Raises `ParcelProblem`, `NewerDatabase`, `sqlite3.Error`.
    """
    part.unlink(missing_ok=True)
    with disk.new_file(part) as file:
        disk.give(file.fileno(), like=part.parent.stat())
    records = _records(pieces)
    header = _header(next(records, ()), oldest)
    steps = migrate.shipped()
    if header.version > steps[-1].number:
        raise NewerDatabase("The backup was made by a newer version of this program: install that one.")
    with closing(sqlite3.connect(part, isolation_level=None)) as writer:
        # It is begun anew after a crash, so it needs no journal.
        writer.executescript("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = OFF; PRAGMA secure_delete = ON")
        migrate.build(writer, steps[: header.version])
        _insert(writer, records)
        migrate.build(writer, steps[header.version :])
        writer.execute("PRAGMA foreign_keys = ON")
        for table in destroyed.TABLES:
            writer.executemany(f"DELETE FROM {table} WHERE id = ?", [(one,) for one in dead])  # noqa: S608 - ours
        writer.execute("UPDATE outbox SET held = ?", (today.toordinal(),))
        if (
            writer.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
            or writer.execute("PRAGMA foreign_key_check").fetchone()
        ):
            raise ParcelProblem(_DAMAGED)
    with part.open("rb") as built:
        os.fsync(built.fileno())
    return header


def note(part: Path, vault: Vault, fact: str, day: date) -> None:
    """Have what was built remember its backup's day, for that was noted only when the backup was whole.

    Raises `BrokenSeal`, `sqlite3.Error`.
    """
    with closing(sqlite3.connect(part)) as writer, writer:
        key_id, wrapped = writer.execute("SELECT id, wrapped FROM keys WHERE purpose = 'index'").fetchone()
        index: Key = vault.unwrap(wrapped_place(key_id, "index"), wrapped)
        sealed = index.seal(facts.place(fact), day.isoformat().encode())
        writer.execute("INSERT OR REPLACE INTO facts (name, sealed) VALUES (?, ?)", (fact, sealed))


def _insert(writer: sqlite3.Connection, records: Iterable[tuple[Value, ...]]) -> None:
    places = {
        table: ", ".join("?" * len(writer.execute(f"PRAGMA table_info({table})").fetchall()))
        for table in _tables(writer)
    }
    writer.execute("BEGIN")
    try:
        for name, *row in records:
            table = str(name)
            writer.execute(f"INSERT INTO {table} VALUES ({places[table]})", row)  # noqa: S608 - ours, or no place
    except (KeyError, ValueError, OverflowError, sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise ParcelProblem(_DAMAGED) from None
    writer.execute("COMMIT")


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return [name for (name,) in found.fetchall()]


def _header(record: tuple[Value, ...], oldest: date) -> Header:
    try:
        written = json.loads(str(record[0]))
        header = Header(int(written["version"]), date.fromisoformat(written["day"]))
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, RecursionError):
        raise ParcelProblem(_DAMAGED) from None
    if header.day < oldest:
        raise ParcelProblem(
            f"The backup is of {header.day}, longer ago than BISIK_BACKUP_KEEP_DAYS: reporters were told it is gone."
        )
    return header


def _record(*values: Value) -> bytes:
    return canonical(canonical(*map(_encoded, values)))


def _encoded(value: Value) -> bytes:
    match value:
        case None:
            return b""
        case int():
            return b"i%d" % value
        case str():
            return b"s" + value.encode()
        case bytes():
            return b"b" + value


def _decoded(field: bytes) -> Value:
    if not field:
        return None
    kind, content = field[:1], field[1:]
    return content if kind == b"b" else content.decode() if kind == b"s" else int(content)


def _records(pieces: Iterable[bytes]) -> Iterator[tuple[Value, ...]]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while (record := _first(held)) is not None:
            del held[: _LENGTH_BYTES + len(record)]
            try:
                yield tuple(_decoded(field) for field in _fields(record))
            except ValueError:
                raise ParcelProblem(_DAMAGED) from None
    if held:
        raise ParcelProblem(_DAMAGED)


def _fields(record: bytes) -> Iterator[bytes]:
    rest = record
    while (field := _first(rest)) is not None:
        yield field
        rest = rest[_LENGTH_BYTES + len(field) :]


def _first(held: bytes | bytearray) -> bytes | None:
    """The first of fields that `canonical` joined, or None where it is not there whole."""
    length = int.from_bytes(held[:_LENGTH_BYTES], "big")
    if len(held) < _LENGTH_BYTES or len(held) < _LENGTH_BYTES + length:
        return None
    return bytes(held[_LENGTH_BYTES : _LENGTH_BYTES + length])
