"""What is made of a power cut: a disk that may have lost anything that no sync confirmed, and a judge that notices."""

import os
import sqlite3
from contextlib import closing
from random import Random
from types import SimpleNamespace

import pytest

from prove import power
from prove.beside import Beside
from prove.layer import Cut, FolderSynced, Over, Removed, Replaced, Synced, Written, recorded
from prove.page import Broken
from prove.torn import Disk
from storage import database, destroyed, disk


def torn(*events, tries=200):
    disk, chance = Disk(), Random(1)  # noqa: S311 - what is lost is no secret
    for event in events:
        disk.sees(event)
    return [disk.torn(chance) for _ in range(tries)]


def test_what_a_sync_confirmed_is_there_after_every_cut():
    """Whatever else is lost, bytes that were written before a sync of their file are not."""
    found = torn(Written("log", 0, b"kept"), Synced("log"), Written("log", 4, b"?" * 2000))

    assert all(disk["log"].startswith(b"kept") for disk in found)


def test_anything_else_may_be_there_or_not():
    """None, all, a beginning that breaks off, and any sectors are met, a sector without the one before it too."""
    found = {disk["log"] for disk in torn(Written("log", 0, b"a" * 512), Written("log", 512, b"b" * 512))}

    assert {b"", b"a" * 512, b"a" * 512 + b"b" * 512, bytes(512) + b"b" * 512} <= found
    assert any(0 < len(data) % 512 for data in found)


def test_a_file_that_was_removed_may_come_back_until_its_folder_is_on_disk():
    """A sync of another file does not confirm a name; one of the folder does."""
    events = Written("journal", 0, b"old"), Synced("journal"), Removed("journal")

    assert {b"old", b""} == {disk["journal"] for disk in torn(*events)}
    assert {b""} == {disk["journal"] for disk in torn(*events, FolderSynced())}


def test_another_file_in_ones_place_is_there_as_a_whole_or_not_at_all():
    """Nobody reads half of a file that was put in the place of another."""
    found = {disk["list"] for disk in torn(Written("list", 0, b"old"), Synced("list"), Replaced("list", b"n" * 2000))}

    assert {b"old", b"n" * 2000} == found


def test_every_write_of_sqlite_is_noted_in_its_order(tmp_path):
    """What was noted, put together, is the file; a commit is over after its sync."""
    events, path = [], tmp_path / "some.db"
    with recorded(events.append), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE some (thing)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk = Disk()
    for event in events:
        disk.sees(event)
    first = events.index(Over(), next(n for n, event in enumerate(events) if event == Synced("some.db-wal")))

    assert path.read_bytes() == disk.whole()["some.db"]
    assert Synced("some.db-wal") in events[:first]
    assert any(isinstance(event, Cut) for event in events)


async def test_a_database_that_is_told_before_it_is_on_disk_is_found_out(tmp_path, monkeypatch):
    """With the sync of each commit left out, the chapter does not hold."""
    settings = database._SETTINGS.replace("synchronous = FULL", "synchronous = NORMAL")
    monkeypatch.setattr(database, "_SETTINGS", settings)

    with pytest.raises(Broken, match="acknowledged"):
        await power.prove(tmp_path, 100)


@pytest.mark.parametrize(
    ("room", "told"),
    [
        pytest.param(destroyed, "could come back", id="list"),
        pytest.param(disk, "was overwritten", id="keyring"),
    ],
)
async def test_what_python_writes_is_not_taken_for_synced(tmp_path, monkeypatch, room, told):
    """With the syncs of the list of what is destroyed left out, or with those of a new keyring, it does not hold."""
    monkeypatch.setattr(room, "os", SimpleNamespace(**{**vars(os), "fsync": lambda _file: None}))

    with pytest.raises(Broken, match=told):
        await power.prove(tmp_path, 100)


def test_what_replaced_a_file_is_whole_if_it_was_synced_before_and_there_if_its_folder_was(tmp_path):
    """Only then is nothing else to be met after a cut; without the first even half of it may be."""
    path, other = tmp_path / "ring", tmp_path / "other"
    path.write_bytes(b"old")
    for synced in (True, False):
        beside = Beside(path)
        other.write_bytes(b"new" * 300)
        assert not synced or [*beside.synced(other.stat())] == []
        other.replace(path)

        assert {Replaced if synced else Written} == {type(one) for one in beside.changes()} - {Cut}
        assert [Synced("ring")] * synced == [*beside.synced(tmp_path.stat())]
        path.write_bytes(b"old")
