"""The database: one writer, all or nothing, closed to others, plain about what it cannot do."""

import asyncio
import gc
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from storage import facts, files, seen
from storage.database import AddressError, Database, StorageUnavailable, path_of
from storage.purposes import Secrets
from storage.sql import Transaction

CutOff: TypeAlias = tuple[Callable[[str], None], list[tuple[str, Path]]]


def files_of(database: Database):
    return sorted(file.name for file in database.path.parent.iterdir())


def modes_beside(database: Database):
    return {file.stat().st_mode & 0o777 for file in database.path.parent.iterdir()}


async def known(database: Database, *ids: int):
    async with database.reading() as tx:
        return await seen.known(tx, ids)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/bisik.db", "data/bisik.db"),
        ("sqlite:////srv/bisik.db", "/srv/bisik.db"),
        ("sqlite:///bisik.db", "bisik.db"),
    ],
)
def test_addresses_name_files(url: str, path: Path):
    """Three slashes begin a relative path, four an absolute one."""
    assert Path(path) == path_of(url)


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite://x.db", "x.db", "", "mysql://host/name"])
def test_other_addresses_are_refused_with_an_example(url: str):
    """What is no address of a file is answered with one that is."""
    with pytest.raises(AddressError, match="looks like sqlite:"):
        path_of(url)


@pytest.mark.parametrize("url", ["postgresql://host/bisik", "postgres://host/bisik"])
def test_postgresql_is_refused_by_name(url: str):
    """Whoever asks for PostgreSQL reads that it is not built yet."""
    with pytest.raises(AddressError, match="PostgreSQL is not built yet"):
        path_of(url)


async def test_the_database_and_its_log_are_closed_to_others(database: Database):
    """File, log and shared memory are 0600, their folder 0700."""
    async with database.transaction() as tx:
        await seen.note(tx, [1])

    assert ["bisik.db", "bisik.db-shm", "bisik.db-wal"] == files_of(database)
    assert {0o600} == modes_beside(database)
    assert 0o700 == database.path.parent.stat().st_mode & 0o777


async def test_a_file_that_stood_open_is_closed(tmp_path: Path):
    """An existing file that others could read is 0600 once it is opened, and so is its log."""
    path = tmp_path / "bisik.db"
    path.touch(0o644)
    database = await Database.open(f"sqlite:///{path}")
    modes = modes_beside(database)
    await database.close()

    assert {0o600} == modes


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("auto_vacuum", 2),
        ("temp_store", 2),
    ],
)
async def test_the_settings_that_promises_rest_on(database: Database, setting: str, value: object):
    """The log, full sync, overwriting of what is deleted, foreign keys and giving back pages are on."""
    async with database.transaction() as tx:
        rows = await tx.execute_fetchall(f"PRAGMA {setting}")

    assert [(value,)] == rows


async def test_a_transaction_is_all(database: Database):
    """What was written stays when the block ends well, also for a file that is opened again."""
    async with database.transaction() as tx:
        await seen.note(tx, [1, 2])
    await database.close()
    again = await Database.open(f"sqlite:///{database.path}")
    found = await known(again, 1, 2, 3)
    await again.close()

    assert {1, 2} == found


async def test_a_transaction_is_nothing_when_it_fails(database: Database):
    """Any exception undoes all of it, and the next transaction works."""
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as tx:
            await tx.executemany("INSERT INTO seen VALUES (?)", [(1,), (1,)])
    async with database.transaction() as tx:
        await seen.note(tx, [2])

    assert {2} == await known(database, 1, 2)


async def test_a_transaction_is_nothing_when_its_task_is_cancelled(database: Database):
    """A task that is cancelled while it writes leaves nothing, and the lock is free."""
    written = asyncio.Event()

    async def write():
        async with database.transaction() as tx:
            await seen.note(tx, [1])
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as tx:
        await seen.note(tx, [2])

    assert {2} == await known(database, 1, 2)


@pytest.mark.parametrize("steps", range(12))
async def test_a_cancelled_transaction_is_all_or_nothing_at_every_step(database: Database, steps: int):
    """Cancelled after any number of turns of the loop, twice, both rows are there or neither, and it goes on."""

    async def write():
        async with database.transaction() as tx:
            await seen.note(tx, [1])
            await seen.note(tx, [2])

    task = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    async with database.transaction() as tx:
        found = await seen.known(tx, [1, 2])
        await seen.note(tx, [3])

    assert found in (set(), {1, 2})
    assert {3} <= await known(database, 3)


async def test_a_commit_is_not_lost_to_a_cancellation(database: Database, monkeypatch: pytest.MonkeyPatch):
    """Cancelled in the middle of the commit, the task waits for it and is cancelled then: it is on disk."""
    committing, go_on = asyncio.Event(), asyncio.Event()
    commit = database._writer.commit

    async def slow_commit():
        committing.set()
        await go_on.wait()
        await commit()

    async def write():
        async with database.transaction() as tx:
            await seen.note(tx, [1])

    monkeypatch.setattr(database._writer, "commit", slow_commit)
    task = asyncio.create_task(write())
    await committing.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    waiting = not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert waiting
    assert {1} == await known(database, 1)


async def test_writers_take_turns(database: Database):
    """Transactions of many tasks never meet, and each sees what those before it wrote."""
    order = []

    async def write(number: int):
        async with database.transaction() as tx:
            order.append(("in", number, len(await seen.known(tx, range(20)))))
            await seen.note(tx, [number])
            order.append(("out", number))

    await asyncio.gather(*(write(number) for number in range(20)))

    assert [step for n in range(20) for step in (("in", n, n), ("out", n))] == order


@pytest.mark.parametrize("steps", range(1, 8))
async def test_a_reader_that_is_cut_off_leaves_nothing_open(database: Database, steps: int):
    """However early a reader is cut off, also while it connects, its connection is closed and in nobody's way."""
    reader = asyncio.create_task(known(database, 1))
    for _ in range(steps):
        await asyncio.sleep(0)
    reader.cancel()
    await asyncio.wait([reader])
    gc.collect()  # Python 3.13 and later warn here of a connection that nobody closed

    assert await database.checkpoint()


async def test_reading_sees_what_is_committed_and_holds_up_no_writer(database: Database):
    """A reader keeps its view while others write, and cannot write itself."""
    async with database.reading() as reader:
        before = await seen.known(reader, [1])
        async with database.transaction() as tx:
            await seen.note(tx, [1])
        still = await seen.known(reader, [1])
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await seen.note(reader, [2])

    assert (set(), set()) == (before, still)
    assert {1} == await known(database, 1)


async def test_a_full_disk_leaves_nothing_half_done(database: Database, secrets: Secrets):
    """When no page is left the transaction fails as a whole with a sentence, and works again with room."""
    async with database.transaction() as tx:
        ((pages,),) = await tx.execute_fetchall("PRAGMA page_count")
        await tx.execute_fetchall(f"PRAGMA max_page_count = {pages + 5}")

    async def write():
        async with database.transaction() as tx:
            await seen.note(tx, [1])
            await facts.keep(tx, secrets, "large", bytes(200_000))

    with pytest.raises(StorageUnavailable, match="The disk is full") as caught:
        await write()
    kept_after_failure = await known(database, 1)
    async with database.transaction() as tx:
        await tx.execute_fetchall("PRAGMA max_page_count = 1000000")
        await seen.note(tx, [1])

    assert set() == kept_after_failure
    assert (None, True) == (caught.value.__cause__, caught.value.__suppress_context__)
    assert {1} == await known(database, 1)


async def test_a_database_held_by_another_program_is_told(database: Database):
    """A lock that does not open in time is a sentence, and nothing is written."""
    async with database.transaction() as tx:
        await tx.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="Another program holds the database"):
        async with database.transaction() as tx:
            await seen.note(tx, [1])
    other.close()

    assert set() == await known(database, 1)


async def test_a_database_that_is_not_writable_is_told(database: Database):
    """A write that is refused is a sentence."""
    async with database.transaction() as tx:
        await tx.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageUnavailable, match="not writable"):
        async with database.transaction() as tx:
            await seen.note(tx, [1])

    assert set() == await known(database, 1)


@pytest.mark.parametrize("folder", ["/proc/bisik", "{tmp}/file/data", "{tmp}/folder"])
async def test_a_folder_that_takes_no_file_is_told(tmp_path: Path, folder: str):
    """Where neither folder nor file can be made the sentence says so."""
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "bisik.db").mkdir(parents=True)
    with pytest.raises(StorageUnavailable, match=r"not writable|cannot be opened"):
        await Database.open(f"sqlite:///{folder.format(tmp=tmp_path)}/bisik.db")


async def test_a_file_that_is_no_database_is_told(tmp_path: Path):
    """Bytes of another sort are refused in a sentence, and stay as they were."""
    path = tmp_path / "bisik.db"
    path.write_bytes(b"no database " * 100)
    with pytest.raises(StorageUnavailable, match="no database"):
        await Database.open(f"sqlite:///{path}")

    assert b"no database " * 100 == path.read_bytes()


async def test_a_fault_of_the_program_is_not_called_unavailable(database: Database):
    """A statement that makes no sense raises what it is, so that it is mended."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        async with database.transaction() as tx:
            await tx.execute("SELECT * FROM nowhere")


async def test_a_checkpoint_empties_the_log(database: Database):
    """After a checkpoint everything lies in the file and the log is empty."""
    async with database.transaction() as tx:
        await seen.note(tx, [1])
    emptied = await database.checkpoint()

    assert emptied
    assert 0 == database.path.with_name("bisik.db-wal").stat().st_size


async def test_a_checkpoint_waits_for_no_reader(database: Database):
    """A reader in the way makes it give up at once and say so; writers still wait as before."""
    async with database.reading() as reader:
        await seen.known(reader, [1])
        async with database.transaction() as tx:
            await seen.note(tx, [1])
        emptied = await database.checkpoint()
        async with database.transaction() as tx:
            ((patience,),) = await tx.execute_fetchall("PRAGMA busy_timeout")

    assert not emptied
    assert 5000 == patience


async def test_a_copy_is_whole_and_closed_to_others(database: Database, tmp_path: Path):
    """A copy made while the database is open holds what is committed, mode 0600, and overwrites nothing."""
    async with database.transaction() as tx:
        await seen.note(tx, [1])
    target = tmp_path / "copy.db"
    await database.copy(target)
    with pytest.raises(FileExistsError):
        await database.copy(target)
    copied = sqlite3.connect(target)
    rows = copied.execute("SELECT update_id FROM seen").fetchall()
    copied.close()

    assert [(1,)] == rows
    assert 0o600 == target.stat().st_mode & 0o777


@pytest.fixture
def cut_off(database: Database, tmp_path: Path):
    """Copies of file and log as they stand at each statement, as a power cut would leave them."""
    snapshots = []

    def snap(statement: str):
        folder = tmp_path / f"cut{len(snapshots)}"
        folder.mkdir()
        for name in ("bisik.db", "bisik.db-wal"):
            shutil.copy(database.path.with_name(name), folder / name)
        snapshots.append((statement, folder))

    return snap, snapshots


async def found_in(folder: Path):
    database = await Database.open(f"sqlite:///{folder}/bisik.db")
    try:
        return await known(database, 1, 2, 3)
    finally:
        await database.close()


async def test_a_cut_at_any_statement_leaves_all_or_nothing(database: Database, cut_off: CutOff):
    """Opened from what lay on disk at each statement, the transaction is not there; after it, it is whole."""
    snap, snapshots = cut_off
    async with database.transaction() as tx:
        await tx.set_trace_callback(snap)
        for update_id in (1, 2, 3):
            await seen.note(tx, [update_id])
    async with database.transaction() as tx:
        await tx.set_trace_callback(None)
    found = [await found_in(folder) for _, folder in snapshots]
    after = ["COMMIT" in statement for statement, _ in snapshots].index(True) + 1

    assert [set()] * after == found[:after]
    assert {1, 2, 3} == found[after]


async def test_a_torn_log_leaves_all_or_nothing(database: Database):
    """A log that was cut at any byte holds whole transactions only."""
    assert await database.checkpoint()
    async with database.transaction() as tx:
        await seen.note(tx, [1, 2, 3])
        await facts_of_many_pages(tx)
    log = database.path.with_name("bisik.db-wal").read_bytes()
    file = database.path.read_bytes()
    found = []
    for length in (*range(0, len(log), len(log) // 12), len(log) - 1, len(log)):
        folder = database.path.parent.parent / f"torn{length}"
        folder.mkdir()
        (folder / "bisik.db").write_bytes(file)
        (folder / "bisik.db-wal").write_bytes(log[:length])
        found.append(await found_in(folder))

    assert [set()] * (len(found) - 1) == found[:-1]
    assert {1, 2, 3} == found[-1]


async def facts_of_many_pages(tx: Transaction):
    await tx.executemany(
        "INSERT INTO facts (name, sealed) VALUES (?, ?)", [(f"fact {n}", bytes(3000)) for n in range(10)]
    )


async def test_pages_that_hold_nothing_go_back_to_the_system(database: Database, secrets: Secrets):
    """A large file's pages go back a thousand at a time, and the database is about as small as before it."""
    await database.give_back()
    small = database.path.stat().st_size
    async with database.transaction() as tx:
        await files.add(tx, secrets, b"o" * 16, bytes(6_000_000))
    await database.checkpoint()
    large = database.path.stat().st_size
    async with database.transaction() as tx:
        await files.sweep(tx)
    calls: list[str] = []
    await database._writer.set_trace_callback(calls.append)
    emptied = await database.give_back()

    assert emptied
    assert len([call for call in calls if "incremental_vacuum" in call]) <= 3
    assert large > small + 6_000_000
    assert database.path.stat().st_size <= small + 65_536
