"""Migrations: in order, one transaction each, with a copy made first; newer and foreign files are refused."""

import os
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from storage import facts, migrate, seen
from storage.database import Database
from storage.migrate import ForeignDatabase, NewerDatabase, Step
from storage.purposes import Secrets

LATEST = len(migrate.shipped())
NEXT = Step(
    LATEST + 1, "ALTER TABLE seen ADD COLUMN noted TEXT NOT NULL DEFAULT 'x;y';\nCREATE TABLE more (n INTEGER);\n"
)
HALF = Step(LATEST + 2, "CREATE TABLE half (n INTEGER);\nCREATE TABLE half (n INTEGER);\n")


def schema(path: Path, query: str = "PRAGMA user_version"):
    connection = sqlite3.connect(path)
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def url(path: Path):
    return f"sqlite:///{path}"


def test_the_steps_are_numbered_without_a_gap():
    """Migrations that come with the program count 1, 2, 3."""
    numbers = [step.number for step in migrate.shipped()]

    assert list(range(1, len(numbers) + 1)) == numbers


async def test_a_new_file_is_brought_up_to_date(database: Database):
    """A new database is at the last version, and no copy lies beside it."""
    assert [(len(migrate.shipped()),)] == schema(database.path)
    assert [] == list(database.path.parent.glob("*.v*"))


@pytest.mark.parametrize("left", [b"", None])
async def test_a_first_start_that_was_cut_off_is_made_good(tmp_path: Path, left: bytes | None):
    """A file that is empty, or has settings but no tables, counts as new."""
    path = tmp_path / "bisik.db"
    if left is None:
        schema(path, "PRAGMA journal_mode = WAL")
    else:
        path.write_bytes(left)
    database = await Database.open(url(path))
    await database.close()

    assert [(len(migrate.shipped()),)] == schema(path)


async def test_rows_survive_a_migration(database: Database, secrets: Secrets):
    """A database with rows takes the next step, keeps them, and has a copy of what it was beside it."""
    async with database.transaction() as tx:
        await seen.note(tx, [1])
        await facts.keep(tx, secrets, "fact", b"value")
    await migrate.upgrade(database, [*migrate.shipped(), NEXT])
    copy = database.path.with_name(f"bisik.db.v{LATEST}")
    async with database.reading() as tx:
        fact = await facts.read(tx, secrets, "fact")

    assert b"value" == fact
    assert [(LATEST + 1,)] == schema(database.path)
    assert [(1, "x;y")] == schema(database.path, "SELECT * FROM seen")
    assert [(LATEST,)] == schema(copy)
    assert [(1,)] == schema(copy, "SELECT * FROM seen")
    assert 0o600 == copy.stat().st_mode & 0o777


def test_what_was_held_waits_from_the_day_of_the_step_on(tmp_path: Path):
    """A debt that came back with a backup gets a day to wait from; one that nobody holds back stays as it was."""
    with closing(sqlite3.connect(tmp_path / "bisik.db", isolation_level=None)) as connection:
        migrate.build(connection, migrate.shipped()[:6])
        insert = "INSERT INTO outbox (id, kind, sealed, held) VALUES (randomblob(16), 'answer', x'00', ?)"
        connection.executemany(insert, [(0,), (1,)])
        migrate.build(connection, migrate.shipped()[6:7])
        free, held = (row[0] for row in connection.execute("SELECT held FROM outbox ORDER BY held"))

    assert 0 == free
    assert date(2026, 1, 1) < date.fromordinal(held) < date(2126, 1, 1)


async def test_a_step_that_fails_leaves_nothing_of_itself(database: Database):
    """A step is one transaction: its first statement is undone when its second fails, and earlier steps stay."""
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        await migrate.upgrade(database, [*migrate.shipped(), NEXT, HALF])

    assert [(LATEST + 1,)] == schema(database.path)
    assert [] == schema(database.path, "SELECT * FROM sqlite_master WHERE name = 'half'")


async def test_a_copy_that_was_cut_off_is_made_again(database: Database):
    """What an interrupted copy left is no copy, and is replaced."""
    database.path.with_name(f"bisik.db.v{LATEST}.part").write_bytes(b"half")
    await migrate.upgrade(database, [*migrate.shipped(), NEXT])

    assert [(LATEST,)] == schema(database.path.with_name(f"bisik.db.v{LATEST}"))
    assert [] == list(database.path.parent.glob("*.part"))


async def test_a_newer_database_is_refused(database: Database):
    """A database that a newer program wrote is not opened."""
    await migrate.upgrade(database, [*migrate.shipped(), NEXT])
    with pytest.raises(NewerDatabase, match="newer version"):
        await Database.open(url(database.path))

    assert [(LATEST + 1,)] == schema(database.path)


async def test_the_database_of_another_program_is_refused(tmp_path: Path):
    """A file with tables of someone else gets none of ours."""
    path = tmp_path / "other.db"
    schema(path, "CREATE TABLE theirs (n INTEGER)")
    with pytest.raises(ForeignDatabase, match="another program"):
        await Database.open(url(path))

    assert [("theirs",)] == schema(path, "SELECT name FROM sqlite_master")


async def test_two_programs_may_open_a_new_file(tmp_path: Path):
    """The second to open a file finds the steps taken."""
    first = await Database.open(url(tmp_path / "bisik.db"))
    second = await Database.open(url(tmp_path / "bisik.db"))
    async with first.transaction() as tx:
        await seen.note(tx, [1])
    async with second.reading() as tx:
        found = await seen.known(tx, [1])
    await first.close()
    await second.close()

    assert {1} == found


def test_no_column_goes_unexplained():
    """Every column of the schema has its word of explanation, or a name that the header explains."""
    explained_above = ("id ", "wrapped ", "file BLOB", "tip BLOB", "day TEXT", "PRIMARY KEY")
    lines = [line.strip() for step in migrate.shipped() for line in step.sql.splitlines() if line.startswith("    ")]
    bare = [line for line in lines if "--" not in line and not line.startswith(("SELECT", *explained_above))]

    assert [] == bare


KEPT = ("bisik.db.replaced", "bisik.db.replaced-wal", "bisik.db.restored")


def test_copies_are_known_by_their_age(tmp_path: Path):
    """Copies that are older than a moment are found, whole and cut off, and nothing else that lies there."""
    path = tmp_path / "bisik.db"
    for name in ("bisik.db", "bisik.db-wal", "bisik.db.v1", "bisik.db.v2.part", "bisik.db.v3", "other.db.v1", *KEPT):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (1000, 2000 if name.endswith("v3") else 1000))

    assert [*KEPT, "bisik.db.v1", "bisik.db.v2.part"] == sorted(copy.name for copy in migrate.former_copies(path, 2000))
