"""Rotation, backup and restore killed at any moment: nothing is lost, and the next call goes on."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from keeping_stage import EVIDENCE, STORY, WORDS, Machine

from storage import keyring

HERE = Path(__file__).parent
WHOLE = (STORY, [EVIDENCE])
GIVEN = ["--passphrase-file", "words"]
COMMANDS = {
    "rotate": (3, ["rotate-keys", "--yes"]),
    "backup": (7, ["backup", "copy", *GIVEN]),
    "restore": (9, ["restore", "first", "--replace", *GIVEN]),
}


@pytest.fixture
def origin(tmp_path):
    """A machine with a tip and a backup, whose settings name files of whichever folder it is called in."""
    made = Machine(tmp_path / "origin")
    made.folder.mkdir()
    asyncio.run(made.begins())
    assert 0 == made.calls("backup", made.folder / "first").exit_code
    return made


def killed(origin: Machine, command: str):
    """The folders as each kill left them."""
    step, arguments = COMMANDS[command]
    environment = origin.environment | {"BISIK_DATABASE_URL": "sqlite:///bisik.db", "BISIK_KEYRING": "keyring.json"}
    run = subprocess.run(
        [sys.executable, HERE / "killing.py", origin.folder.parent, str(step), *arguments],
        env=environment | {"PYTHONPATH": os.fspath(HERE.parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == run.returncode, run.stderr
    moments = int(run.stdout.splitlines()[-1])
    return [Machine(origin.folder.parent / str(1 + n * step)) for n in range(moments)]


def test_a_killed_rotation_loses_nothing_and_goes_on(origin):
    """At each moment all opens by the keyring that the kill left; the next call ends with one new master."""
    former = keyring.load(origin.ring).newest
    machines = killed(origin, "rotate")
    for machine in machines:
        before = asyncio.run(machine.found())[:2]
        run = machine.calls("rotate-keys", "--yes")

        assert (WHOLE, 0) == (before, run.exit_code), run.output
        assert WHOLE == asyncio.run(machine.found())[:2]
        assert 1 == len(keyring.load(machine.ring).keys)
        assert former != keyring.load(machine.ring).newest
    assert len(machines) > 10


def test_a_killed_backup_leaves_no_half_of_one_and_is_made_again(origin):
    """A backup is there whole or not at all; where it is not, the next call makes it."""
    machines = killed(origin, "backup")
    for machine in machines:
        copy = machine.folder / "copy"
        run = None if copy.exists() else machine.calls("backup", copy)

        assert run is None or run.exit_code == 0
        shutil.rmtree(machine.folder / "there", ignore_errors=True)
        other = Machine(machine.folder / "there")
        other.folder.mkdir()
        shutil.copy(machine.ring, other.ring)
        assert 0 == other.calls("restore", copy).exit_code
        assert WHOLE == asyncio.run(other.found())[:2]
    assert len(machines) > 5


def test_a_killed_restore_leaves_a_database_and_goes_on(origin):
    """The former database or the restored one is in its place at each moment, and the next call restores."""
    machines = killed(origin, "restore")
    for machine in machines:
        before = asyncio.run(machine.found())[:2]
        machine.database.with_name("bisik.db.replaced").unlink(missing_ok=True)
        run = machine.calls("restore", machine.folder / "first", "--replace")

        assert (WHOLE, 0) == (before, run.exit_code), run.output
        assert WHOLE == asyncio.run(machine.found())[:2]
    assert len(machines) > 5


def test_the_words_are_those_of_the_stage(origin):
    """The passphrase that the killed commands read is the one that the others use."""
    assert WORDS == (origin.folder / "words").read_text()
