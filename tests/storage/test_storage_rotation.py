"""Rotation: what is kept opens by the new master key alone, and nothing is lost on the way."""

import asyncio
import os
from base64 import b64encode
from datetime import date
from pathlib import Path
from random import Random

import pytest

from storage import drafts, files, keyring, rotation, tips
from storage.database import Database
from storage.keyring import KeyringError
from storage.purposes import Secrets, WrongKeyring
from storage.rotation import WRAPPED, StillNeeded, destroy_former, rotate
from storage.tips import NewTip
from storage.vault import BrokenSeal, Vault

STORY = b"what a reporter told"
LAST_DAY = date(2025, 11, 27)
DRAFT_HOURS = 72


@pytest.fixture
def path(tmp_path: Path, vault: Vault):  # noqa: ARG001 - the vault's fixture makes the file
    return tmp_path / "keyring.json"


async def keep(database: Database, secrets: Secrets, chat: int):
    """A draft and a tip, each with a file."""
    async with database.transaction() as tx:
        draft = drafts.new(secrets, STORY)
        await drafts.save(tx, secrets, {chat: draft}, LAST_DAY)
        number = await tips.new_number(tx, secrets, Random(chat))  # noqa: S311 - a test repeats itself
        tip = NewTip(number=number, receipt=f"{chat:016}", day=LAST_DAY, summary=STORY, content=STORY, address=chat)
        tip_id = await tips.submit(tx, secrets, tip)
        for owner in (draft.id, tip_id):
            await files.add(tx, secrets, owner, STORY)


async def told(database: Database, secrets: Secrets, chats: range):
    """All that `keep` kept, as far as these secrets open it."""
    async with database.reading() as tx:
        opened = [draft.content for draft in (await drafts.load(tx, secrets, chats)).drafts.values()]
        async for tip in tips.summaries(tx, secrets, LAST_DAY):
            opened += [tip.summary, await tips.read_content(tx, secrets, tip.id)]
        for (file_id,) in await tx.execute_fetchall("SELECT id FROM files"):
            opened.append(await files.whole(tx, secrets, file_id))
    return opened


async def wrapped(database: Database):
    """Every wrapped key with its place."""
    async with database.reading() as tx:
        return [
            (column.place(row_id, part), blob)
            for column in WRAPPED
            async for row_id, part, blob in column.sql.behind(tx, newest=b"", after=b"", most=-1)
        ]


def opens(vault: Vault, rows):
    count = 0
    for place, blob in rows:
        try:
            vault.unwrap(place, blob)
        except BrokenSeal:
            continue
        count += 1
    return count


async def test_no_column_of_wrapped_keys_is_forgotten(database: Database):
    """Whatever the schema calls `wrapped` or `thread` is a row of the rotation's table."""
    async with database.reading() as tx:
        columns = await tx.execute_fetchall(
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
            "WHERE m.type = 'table' AND c.name IN ('wrapped', 'thread')"
        )

    assert set(columns) == {(column.table, column.column) for column in WRAPPED}


async def test_after_a_rotation_the_new_key_opens_everything_and_the_former_nothing(
    database: Database, secrets: Secrets, path: Path, today: date, monkeypatch: pytest.MonkeyPatch
):
    """The database with the new keyring reads all of it; with the keyring of before it gives not one key."""
    monkeypatch.setattr(rotation, "BATCH", 3)
    for chat in range(5):
        await keep(database, secrets, chat)
    before = keyring.load(path)
    heard: list[tuple[int, int]] = []
    await rotate(database, path, today, lambda *progress: heard.append(progress))
    await destroy_former(database, path)
    after = keyring.load(path)
    rows = await wrapped(database)
    fresh = await Secrets.load(database, Vault(after), today, DRAFT_HOURS)

    assert 1 == len(after.keys)
    assert after.newest != before.newest
    assert (0, len(rows)) == (opens(Vault(before), rows), opens(Vault(after), rows))
    assert [STORY] * 25 == await told(database, fresh, range(5))
    assert (heard[0], heard[-1]) == ((0, len(rows)), (len(rows), len(rows)))


async def test_the_former_master_is_gone_from_the_disk(
    database: Database, secrets: Secrets, path, today: date, tmp_path
):
    """No file holds the destroyed key or its name, and what was its file is overwritten for whoever holds it open."""
    await keep(database, secrets, 1)
    former = keyring.load(path).newest
    with path.open("rb") as held:
        await rotate(database, path, today)
        await destroy_former(database, path)
        overwritten = held.read()
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    assert {0} == set(overwritten)
    assert [] == [trace for trace in (b64encode(former.secret), former.id.hex().encode(), former.id) if trace in left]
    assert 0o600 == path.stat().st_mode & 0o777


async def test_who_writes_meanwhile_follows(database: Database, path: Path, today: date):
    """A bot that runs with the keyring's file wraps by the new key from the next event on, and reads across the end."""
    running = await Secrets.load(database, Vault.following(path), today, DRAFT_HOURS)
    beside = await Database.open(f"sqlite:///{database.path}")
    try:
        for chat in range(40):
            await keep(database, running, chat)

        async def works():
            for chat in range(40, 80):
                await keep(database, running, chat)

        await asyncio.gather(works(), rotate(beside, path, today))
        await destroy_former(beside, path)
    finally:
        await beside.close()
    await keep(database, running, 80)
    fresh = await Secrets.load(database, Vault.following(path), today, DRAFT_HOURS)

    assert [STORY] * 5 * 81 == await told(database, running, range(81)) == await told(database, fresh, range(81))


async def test_the_former_key_is_kept_as_long_as_one_key_needs_it(
    database: Database, secrets: Secrets, path: Path, today: date
):
    """What was wrapped by the former key since stops its end; the next rotation wraps that too and makes no third."""
    await rotate(database, path, today)
    await keep(database, secrets, 1)
    with pytest.raises(StillNeeded):
        await destroy_former(database, path)
    kept = keyring.load(path)
    await rotate(database, path, today)
    await destroy_former(database, path)

    assert 2 == len(kept.keys)
    assert kept.newest_alone() == keyring.load(path)


async def test_a_key_that_opens_under_none_holds_nothing_up(
    database: Database, secrets: Secrets, path: Path, today: date
):
    """A damaged row stays as it is, and the rotation goes to its end."""
    await keep(database, secrets, 1)
    async with database.transaction() as tx:
        await tx.execute("UPDATE tips SET wrapped = CAST(substr(wrapped, 1, 20) || zeroblob(45) AS BLOB)")
    await rotate(database, path, today)
    await destroy_former(database, path)

    assert 1 == len(keyring.load(path).keys)


@pytest.mark.usefixtures("secrets")
async def test_a_keyring_that_opens_another_database_is_not_touched(database: Database, tmp_path: Path, today: date):
    """With the wrong keyring nothing is rotated: neither its file nor the database changes."""
    other = tmp_path / "other.json"
    ring, rows = keyring.create(other, today), await wrapped(database)
    with pytest.raises(WrongKeyring):
        await rotate(database, other, today)

    assert (ring, rows) == (keyring.load(other), await wrapped(database))


@pytest.mark.usefixtures("secrets")
async def test_a_keyring_that_cannot_be_replaced_says_what_to_do(database: Database, path, today: date):
    """Where the folder takes no new file, as a service manager's does not, nothing changes and the way is told."""
    before = path.read_bytes()
    path.with_name("keyring.json.part").mkdir()
    with pytest.raises(KeyringError, match="rotate the file that the manager takes it from"):
        await rotate(database, path, today)

    assert before == path.read_bytes()


async def test_a_keyring_that_was_taken_away_still_serves_who_holds_it(database: Database, path, today: date):
    """A bot whose keyring was moved off the machine goes on with what it has read."""
    running = await Secrets.load(database, Vault.following(path), today, DRAFT_HOURS)
    path.unlink()
    await keep(database, running, 1)

    assert [STORY] * 5 == await told(database, running, range(2))


def test_a_keyring_that_is_replaced_while_it_is_read_is_read_again(
    path: Path, today: date, monkeypatch: pytest.MonkeyPatch
):
    """A reader that began with the former file, which is overwritten under it, gets the new one whole."""
    fresh = keyring.load(path).with_new_key(today)
    fstat = os.fstat

    def replaced_meanwhile(descriptor: int):
        monkeypatch.setattr(os, "fstat", fstat)
        status = fstat(descriptor)
        keyring.replace(path, fresh)
        return status

    monkeypatch.setattr(os, "fstat", replaced_meanwhile)

    assert fresh == keyring.load(path)
