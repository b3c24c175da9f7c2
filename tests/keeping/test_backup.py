"""Backup and restore as an operator meets them: nothing shows, nothing is lost, and no dead come back."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from keeping_stage import EVIDENCE, RECEIPT, STORY, WORDS, Machine

from bot import keeping, settings
from bot.app import App
from storage import archive_key, backup, facts, keyring, parcel, tips
from storage.parcel import ParcelProblem, Passphrase

WHOLE = (STORY, [EVIDENCE])


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "server")
    made.folder.mkdir()
    return made


@pytest.fixture
def elsewhere(tmp_path):
    made = Machine(tmp_path / "elsewhere")
    made.folder.mkdir()
    return made


@pytest.fixture
def ids(machine):
    return asyncio.run(machine.begins())


@pytest.fixture
def copied(machine, ids, tmp_path):  # noqa: ARG001 - it is what is copied
    """A backup, and a copy of the keyring."""
    made = machine.calls("backup", tmp_path / "copy", "--keyring-to", tmp_path / "ring")
    assert 0 == made.exit_code, made.output
    return tmp_path / "copy", tmp_path / "ring"


def test_an_empty_machine_comes_back_from_two_files_and_a_passphrase(copied, elsewhere):
    """Backup and keyring copy alone give a bot whose receipt opens the tip; what was owed waits for the admin."""
    copy, ring = copied
    run = elsewhere.calls("restore", copy, "--keyring-from", ring)
    content, files, owed = asyncio.run(elsewhere.found())
    released = elsewhere.calls("restore", "--release")

    assert 0 == run.exit_code, run.output
    assert (*WHOLE, 0) == (content, files, owed)
    assert "No list of destroyed tips" in run.output
    assert "1 waiting" in released.output
    assert 1 == asyncio.run(elsewhere.found())[2]
    assert {0o600} == {path.stat().st_mode & 0o777 for path in (elsewhere.database, elsewhere.ring)}


def test_a_keyring_that_was_brought_back_is_not_in_the_way(copied, elsewhere, tmp_path):
    """Where the backup that was named first was none, the same call with the right one goes on."""
    copy, ring = copied
    (tmp_path / "wrong").write_text("no backup")
    codes = [elsewhere.calls("restore", one, "--keyring-from", ring).exit_code for one in (tmp_path / "wrong", copy)]

    assert [1, 0] == codes
    assert WHOLE == asyncio.run(elsewhere.found())[:2]


def test_a_backup_shows_nothing(copied, machine, ids):
    """Neither words, ids, receipt, wrapped keys nor the keyring stand in either file, and both are one's own."""
    with sqlite3.connect(machine.database) as reader:
        wrapped = [row[0] for row in reader.execute("SELECT wrapped FROM tips UNION SELECT wrapped FROM files")]
    reader.close()
    forbidden = [
        STORY,
        *ids,
        RECEIPT.encode(),
        *wrapped,
        b"INSERT",
        b"CREATE",
        b"wrapped",
        machine.ring.read_bytes()[20:80],
    ]
    raw = b"".join(path.read_bytes() for path in copied)

    assert [] == [word for word in forbidden if word in raw]
    assert {0o600} == {path.stat().st_mode & 0o777 for path in copied}


def test_neither_command_overwrites(copied, machine):
    """A backup that is there, a database that is there, and a keyring that is there stay as they are."""
    copy, ring = copied
    machine.ring.unlink()
    keyring.create(machine.ring, date(2026, 11, 1))
    before = [path.read_bytes() for path in (copy, ring, machine.database, machine.ring)]
    runs = [
        machine.calls("backup", copy),
        machine.calls("restore", copy),
        machine.calls("restore", copy, "--keyring-from", ring, "--replace"),
    ]

    assert [1, 1, 1] == [run.exit_code for run in runs]
    assert before == [path.read_bytes() for path in (copy, ring, machine.database, machine.ring)]


async def _destroyed(machine, tip_id):
    database, _ = await machine.opened()
    await database.begin_day(datetime.now(UTC).date(), 30)
    async with database.transaction() as tx:
        await tips.destroy(tx, [tip_id])
    await database.close()


def test_a_restore_does_not_bring_back_the_dead(copied, machine, ids):
    """What was withdrawn after the backup stays gone, with its files, and the former database is kept aside."""
    asyncio.run(_destroyed(machine, ids[0]))
    run = machine.calls("restore", copied[0], "--replace")

    assert 0 == run.exit_code, run.output
    assert (None, []) == asyncio.run(machine.found())[:2]
    assert machine.database.with_name("bisik.db.replaced").exists()
    assert "No list" not in run.output


def test_what_was_owed_is_held_from_the_day_of_the_restore_on(copied, machine):
    """Each debt that came back has that day, from which its term is counted."""
    before = keeping.today(settings.check(machine.environment))
    assert 0 == machine.calls("restore", copied[0], "--replace").exit_code
    with closing(sqlite3.connect(machine.database)) as connection:
        held = {row[0] for row in connection.execute("SELECT held FROM outbox")}

    assert {before.toordinal()} == held


def test_a_damaged_database_is_replaced_and_a_running_bots_is_not(copied, machine):
    """A file that is none any more gives way; one that another program holds does not."""

    async def held():
        database, _ = await machine.opened()
        run = await asyncio.to_thread(machine.calls, "restore", copied[0], "--replace")
        await database.close()
        return run

    refused = asyncio.run(held())
    machine.database.write_bytes(b"no database" * 500)
    run = machine.calls("restore", copied[0], "--replace")

    assert (1, 0) == (refused.exit_code, run.exit_code), refused.output + run.output
    assert "Stop the bot first" in refused.output
    assert WHOLE == asyncio.run(machine.found())[:2]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda raw: raw[:-1], "cut short or damaged"),
        (lambda raw: raw[: parcel.CHUNK_BYTES + 16 + 400], "cut short or damaged"),
        (lambda raw: raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:], "cut short or damaged"),
        (lambda raw: raw[:40], "does not open it"),
        (lambda raw: raw[:60] + bytes([raw[60] ^ 1]) + raw[61:], "does not open it"),
        (lambda _: b"", "no backup of Bisik"),
        (lambda _: b"PK\3\4" * 99, "no backup of Bisik"),
    ],
)
def test_what_is_no_whole_backup_is_told(spoil, sentence, copied, machine, elsewhere):
    """Cut, changed and foreign files each get a sentence and exit code 1, and make no database."""
    shutil.copy(machine.ring, elsewhere.ring)
    copied[0].write_bytes(spoil(copied[0].read_bytes()))
    run = elsewhere.calls("restore", copied[0])

    assert 1 == run.exit_code
    assert sentence in run.output
    assert {"keyring.json", "words"} == {path.name for path in elsewhere.folder.iterdir()}


def test_another_keyring_is_told_before_anything_is_replaced(copied, machine):
    """After a rotation that destroyed its master, an older backup is refused and the database stays."""
    assert 0 == machine.calls("rotate-keys", "--yes").exit_code
    run = machine.calls("restore", copied[0], "--replace")

    assert 1 == run.exit_code
    assert "does not open this backup" in run.output
    assert WHOLE == asyncio.run(machine.found())[:2]


def test_a_keyring_that_opens_nothing_makes_no_backup(machine, ids, tmp_path):  # noqa: ARG001 - there is a database
    """What would be made with it by mistake does not lie about as if it had been made."""
    machine.ring.unlink()
    keyring.create(machine.ring, date(2026, 11, 1))
    run = machine.calls("backup", tmp_path / "copy")

    assert (1, True) == (run.exit_code, "does not open this database" in run.output)
    assert not (tmp_path / "copy").exists()


def test_the_day_of_the_last_backup_is_remembered(copied, machine):  # noqa: ARG001 - it was made
    """The database tells on which day it was last backed up."""

    async def told():
        database, secrets = await machine.opened()
        async with database.reading() as tx:
            day = await facts.read(tx, secrets, keeping.FACT)
        await database.close()
        return day

    assert asyncio.run(told()) is not None


def test_a_backup_older_than_reporters_were_told_is_refused(machine, ids, elsewhere, tmp_path):  # noqa: ARG001
    """Beyond BISIK_BACKUP_KEEP_DAYS a backup brings nothing back."""
    with (tmp_path / "old").open("wb") as file:
        parcel.seal(
            file, Passphrase(WORDS), "backup", backup.rows(machine.database, datetime(2025, 1, 1, tzinfo=UTC).date())
        )
    shutil.copy(machine.ring, elsewhere.ring)
    run = elsewhere.calls("restore", tmp_path / "old")

    assert 1 == run.exit_code
    assert "BISIK_BACKUP_KEEP_DAYS" in run.output


def test_a_newer_backup_is_refused(machine, ids, elsewhere, tmp_path):  # noqa: ARG001 - there is a database
    """A database of a later version asks for that program."""
    with sqlite3.connect(machine.database) as writer:
        writer.execute("PRAGMA user_version = 999")
    writer.close()
    with (tmp_path / "new").open("wb") as file:
        parcel.seal(file, Passphrase(WORDS), "backup", backup.rows(machine.database, datetime.now(UTC).date()))
    shutil.copy(machine.ring, elsewhere.ring)
    run = elsewhere.calls("restore", tmp_path / "new")

    assert 1 == run.exit_code
    assert "newer version" in run.output


def test_a_place_that_takes_no_file_is_told(machine, ids):  # noqa: ARG001 - there is a database
    """Where the place takes nothing a sentence says so."""
    run = machine.calls("backup", "/dev/full/copy")

    assert 1 == run.exit_code
    assert "cannot be written" in run.output


def test_a_wrong_passphrase_opens_nothing(tmp_path):
    """Other words are told apart from damage."""
    with (tmp_path / "parcel").open("wb") as file:
        parcel.seal(file, Passphrase(WORDS), "backup", [b"content"])
    with (tmp_path / "parcel").open("rb") as file, pytest.raises(ParcelProblem, match="does not open it"):
        list(parcel.opened(file, Passphrase("other words"), "backup"))


def test_a_backup_that_is_sealed_to_the_archive_opens_with_its_private_key_alone(machine, ids, elsewhere, tmp_path):  # noqa: ARG001
    """The server seals it with the public half; another machine with keyring and private half has all of it back."""
    archive_key.create(tmp_path / "private", tmp_path / "public")
    made = machine.calls("backup", tmp_path / "copy", archive=tmp_path / "public")
    shutil.copy(machine.ring, elsewhere.ring)
    refused = elsewhere.calls("restore", tmp_path / "copy")
    run = elsewhere.calls("restore", tmp_path / "copy", "--archive-key", tmp_path / "private")

    assert (0, 1, 0) == (made.exit_code, refused.exit_code, run.exit_code), made.output + refused.output + run.output
    assert "does not open it" in refused.output
    assert WHOLE == asyncio.run(elsewhere.found())[:2]


def test_a_bot_opens_what_was_restored(copied, elsewhere):
    """The whole bot is built on the restored files, and its own keys find the tip by the receipt."""
    assert 0 == elsewhere.calls("restore", copied[0], "--keyring-from", copied[1]).exit_code

    async def found():
        async with App.open(settings.check(elsewhere.environment)) as app, app.context.database.reading() as tx:
            return await tips.find_by_receipt(tx, app.context.secrets, RECEIPT)

    assert STORY == asyncio.run(found()).summary
