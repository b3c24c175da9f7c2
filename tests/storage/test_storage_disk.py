"""Files on the disk: there whole or not at all, and belonging to who has to go on with them."""

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from storage import archive_key, destroyed, disk, keyring
from storage.archive_key import ArchiveKeyError
from storage.keyring import KeyringError

TODAY = date(2025, 11, 24)
SOMEBODY = 65534
root_alone = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch):
    """No disk takes anything more."""

    def refuse(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk.os, "fsync", refuse)


def test_a_file_that_is_not_finished_is_gone(tmp_path: Path):
    """What was begun and broken off leaves nothing, so that the next call is not in its way."""
    path = tmp_path / "file"
    with pytest.raises(TypeError), disk.new_file(path) as file:
        file.writelines([b"half", None])

    assert not path.exists()


def test_a_file_that_is_there_stays(tmp_path: Path):
    """It is neither written over nor taken away."""
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    with pytest.raises(FileExistsError), disk.new_file(path):
        pass

    assert b"whole" == path.read_bytes()


@pytest.mark.usefixtures("full")
def test_a_full_disk_leaves_no_half_of_a_key(tmp_path: Path):
    """Neither keyring nor archive key is begun on it: a second call finds room for it, and none is taken for broken."""
    with pytest.raises(KeyringError, match="cannot be made: No space left"):
        keyring.create(tmp_path / "keyring.json", TODAY)
    with pytest.raises(ArchiveKeyError, match="cannot be made: No space left"):
        archive_key.create(tmp_path / "private", tmp_path / "public")

    assert [] == list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_keyring_as_it_was(tmp_path: Path, request: pytest.FixtureRequest):
    """A rotation that finds no room leaves the former keyring, and no other beside it."""
    path = tmp_path / "keyring.json"
    made = keyring.create(path, TODAY)
    request.getfixturevalue("full")
    with pytest.raises(KeyringError, match="cannot be replaced"):
        keyring.replace(path, made.with_new_key(TODAY))

    assert made == keyring.load(path)
    assert [path] == list(tmp_path.iterdir())


@root_alone
def test_a_keyring_that_root_replaces_stays_its_owners(tmp_path: Path):
    """A bot that could not read it would go on with the key that is destroyed, and lose every tip from then on."""
    path = tmp_path / "keyring.json"
    made = keyring.create(path, TODAY)
    os.chown(path, SOMEBODY, SOMEBODY)
    keyring.replace(path, made.with_new_key(TODAY))

    assert (SOMEBODY, SOMEBODY) == (path.stat().st_uid, path.stat().st_gid)


@root_alone
def test_the_list_of_the_dead_that_root_begins_is_whose_the_folder_is(tmp_path: Path):
    """The bot goes on with it, or nothing could be deleted."""
    os.chown(tmp_path, SOMEBODY, SOMEBODY)
    path = destroyed.beside(tmp_path / "bisik.db")
    destroyed.add(path, [bytes(16)])
    destroyed.begin(path, TODAY, 30)

    assert SOMEBODY == path.stat().st_uid
