"""What lies beside the database, and beside a backup: nothing of it outlives its promise, and none is written over."""

import asyncio
import fcntl
import os
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from keeping_stage import EVIDENCE, STORY, Machine

from bot.cli import cli
from storage import keyring, migrate


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "server")
    made.folder.mkdir()
    asyncio.run(made.begins())
    return made


@pytest.fixture
def copy(machine, tmp_path):
    made = machine.calls("backup", tmp_path / "copy")
    assert 0 == made.exit_code, made.output
    return tmp_path / "copy"


def test_one_name_for_both_files_is_refused(machine, tmp_path):
    """A backup is not written over by the keyring that is asked for beside it."""
    both = tmp_path / "both"
    made = machine.calls("backup", both, "--keyring-to", tmp_path / "server" / ".." / "both")

    assert 1 == made.exit_code
    assert "a file each" in made.output
    assert not both.exists()


def test_two_backups_to_one_file_do_not_meet(machine, tmp_path):
    """The second is told that another call makes it, and leaves its work alone."""
    part = tmp_path / "copy.part"
    with part.open("wb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        first.write(b"half")
        first.flush()
        refused = machine.calls("backup", tmp_path / "copy")
        left = part.read_bytes()
    made = machine.calls("backup", tmp_path / "copy")

    assert (1, b"half", 0) == (refused.exit_code, left, made.exit_code), refused.output + made.output
    assert "by another call" in refused.output


@pytest.mark.parametrize("damaged", [False, True])
def test_a_restore_that_was_broken_off_before_the_new_file_goes_on(damaged, machine, copy):
    """With two names for what is there, and its log already moved, the same command ends what was begun."""
    aside = machine.database.with_name("bisik.db.replaced")
    if damaged:
        machine.database.write_bytes(b"no database" * 500)
    os.link(machine.database, aside)
    machine.database.with_name("bisik.db.replaced-wal").write_bytes(b"log")
    again = machine.calls("restore", copy, "--replace")

    assert 0 == again.exit_code, again.output
    assert (STORY, [EVIDENCE]) == asyncio.run(machine.found())[:2]
    assert not aside.samefile(machine.database)


def test_what_a_restore_kept_aside_is_told_and_gets_no_older_than_a_backup(machine, copy):
    """The restore and `bisik check` say what it holds; by its age it is a copy as a migration's is."""
    restored = machine.calls("restore", copy, "--replace")
    told = machine.calls("check")
    aside = machine.database.with_name("bisik.db.replaced")
    os.utime(aside, (0, 0))

    assert [aside] == migrate.former_copies(machine.database, 1)
    for run in (restored, told):
        assert f"{aside} still holds what is deleted from now on" in run.output


def test_a_restored_database_knows_the_day_of_its_backup(machine, copy):
    """`bisik check` counts from the backup that it came from."""
    machine.calls("restore", copy, "--replace")

    assert "Age of the last backup: 0 d." in machine.calls("check").output


def test_a_rotation_that_was_left_open_is_told(machine):
    """`bisik check` names the command that ends it."""
    former = keyring.load(machine.ring)
    keyring.replace(machine.ring, former.with_new_key(former.newest.made))

    assert "A former master key is still there" in machine.calls("check").output


@pytest.mark.parametrize("command", [("check",), ("restore", "--release"), ("restore", "copy")])
def test_a_folder_that_is_closed_is_a_sentence(command, machine, monkeypatch):
    """Whoever calls it as another user is told so."""
    real = Path.exists

    def exists(self, **how):
        if self.name.startswith("bisik.db"):
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, **how)

    monkeypatch.setattr(Path, "exists", exists)
    run = machine.calls(*command)

    assert 1 == run.exit_code
    assert "as the user who runs the bot" in run.output


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(sqlite3.SQLITE_READONLY, "folder is not writable"), (sqlite3.SQLITE_BUSY, "Another program holds")],
)
def test_why_a_database_cannot_be_replaced_is_told_as_it_is(code, sentence, machine, copy, monkeypatch):
    """A folder that takes nothing is not called a program that runs."""

    def refuse(*_, **__):
        error = sqlite3.OperationalError()
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr("bot.keeping.sqlite3.connect", refuse)
    run = machine.calls("restore", copy, "--replace")

    assert 1 == run.exit_code
    assert sentence in run.output


def test_what_cannot_be_opened_is_not_called_damaged(machine, monkeypatch):
    """`bisik check` sends to a backup only where the file itself is at fault."""
    machine.database.write_bytes(b"no database" * 500)
    damaged = machine.calls("check").output

    def refuse(*_, **__):
        error = sqlite3.OperationalError()
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    monkeypatch.setattr("storage.survey.sqlite3.connect", refuse)
    closed = machine.calls("check").output

    assert [True, False] == ["from a backup" in told for told in (damaged, closed)]
    assert "folder cannot be opened" in closed


def test_no_new_keyring_is_made_beside_a_database(machine, tmp_path, monkeypatch):
    """`bisik init` with the keyring lost asks for it, and makes nothing."""
    machine.ring.unlink()
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli, ["init", "--yes"], env=machine.environment)

    assert 1 == run.exit_code
    assert "bring back its keyring" in run.output
    assert not machine.ring.exists()
