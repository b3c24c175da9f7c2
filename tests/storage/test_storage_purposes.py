"""Keys for a purpose: made once, opened by their keyring, the chat's turned by the week."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from storage import keyring
from storage.database import Database
from storage.purposes import LASTING, Secrets, WrongKeyring
from storage.vault import Key, Vault

HOURS = 72
SUNDAY = date(2025, 11, 30)
MONDAY = SUNDAY + timedelta(days=1)
CHAT = 7_000_000_001


def handles(secrets: Secrets):
    return [key.handle("drafts", CHAT) for key in secrets.chats]


def lasting(secrets: Secrets):
    keys = [getattr(secrets, purpose) for purpose in LASTING]
    return [(key if isinstance(key, Key) else key.hashing).secret for key in keys]


async def test_keys_are_the_same_after_a_restart(database: Database, vault: Vault, today: date):
    """Lasting keys and the week's chat key are read back, not made again."""
    first = await Secrets.load(database, vault, today, HOURS)
    again = await Secrets.load(database, vault, today, HOURS)

    assert lasting(first) == lasting(again)
    assert handles(first) == handles(again)
    assert first.looks[0].id == again.looks[0].id


async def test_each_purpose_has_a_key_of_its_own(secrets: Secrets):
    """No two purposes share a key."""
    assert len(LASTING) == len(set(lasting(secrets)))


@pytest.mark.usefixtures("secrets")
async def test_another_keyring_is_told(database: Database, tmp_path: Path, today: date):
    """A keyring that does not open the database is refused at the start, in a sentence."""
    other = Vault(keyring.create(tmp_path / "other.json", today))
    with pytest.raises(WrongKeyring, match="does not open this database"):
        await Secrets.load(database, other, today, HOURS)


async def test_within_a_week_the_chat_key_stays(database: Database, secrets: Secrets):
    """From Monday through Sunday one key writes and no other reads."""
    before = handles(secrets)
    await secrets.turn(database, SUNDAY, HOURS)

    assert 1 == len(before)
    assert before == handles(secrets)


async def test_a_new_week_writes_under_a_new_key_and_reads_both(database: Database, secrets: Secrets):
    """On the first day of a week a new key comes first and the former one still reads."""
    (before,) = handles(secrets)
    await secrets.turn(database, MONDAY, HOURS)

    assert 2 == len(handles(secrets))
    assert before == handles(secrets)[1]


@pytest.mark.parametrize(("hours", "days"), [(72, 3), (73, 4), (24, 2), (24 * 15, 15)])
async def test_a_former_key_is_destroyed_when_its_drafts_have_expired(
    database: Database, secrets: Secrets, hours: int, days: int
):
    """It reads through the last day of what it wrote, 48 hours at least, and the day after it is gone."""
    (before,) = handles(secrets)
    await secrets.turn(database, MONDAY, hours)
    await secrets.turn(database, MONDAY + timedelta(days=days), hours)
    on_the_last_day = handles(secrets)
    await secrets.turn(database, MONDAY + timedelta(days=days + 1), hours)

    assert before in on_the_last_day
    assert before not in handles(secrets)


async def test_a_late_turn_costs_no_draft(database: Database, secrets: Secrets):
    """The former key's days count from the turn, for it wrote until then."""
    (before,) = handles(secrets)
    late = MONDAY + timedelta(days=5)
    await secrets.turn(database, late, HOURS)
    await secrets.turn(database, late + timedelta(days=3), HOURS)

    assert before in handles(secrets)


async def test_a_clock_that_is_put_back_for_an_hour_costs_no_draft(database: Database, secrets: Secrets):
    """The key that wrote before is still there when the clock is right again, and goes in its turn."""
    (before,) = handles(secrets)
    await secrets.turn(database, MONDAY - timedelta(days=400), HOURS)
    await secrets.turn(database, MONDAY, HOURS)
    there = handles(secrets)
    await secrets.turn(database, MONDAY + timedelta(days=4), HOURS)

    assert before in there
    assert before not in handles(secrets)


async def test_a_destroyed_key_is_gone_from_the_files(database: Database, secrets: Secrets):
    """The wrapped chat key is in neither file nor log once its days are over."""
    async with database.reading() as tx:
        ((wrapped,),) = await tx.execute_fetchall("SELECT wrapped FROM keys WHERE purpose = 'chat'")
    assert await database.checkpoint()
    there = wrapped in database.path.read_bytes()
    await secrets.turn(database, MONDAY, HOURS)
    await secrets.turn(database, MONDAY + timedelta(days=4), HOURS)

    assert there
    assert wrapped not in database.path.read_bytes()
    assert b"" == database.path.with_name("bisik.db-wal").read_bytes()


async def test_a_turn_that_fails_leaves_memory_as_it_was(database: Database, secrets: Secrets):
    """Keys that are not on disk never write."""
    before = handles(secrets)
    async with database.transaction() as tx:
        await tx.execute("CREATE TRIGGER no_key BEFORE INSERT ON keys BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        await secrets.turn(database, MONDAY, HOURS)

    assert before == handles(secrets)


async def test_a_chat_has_unrelated_handles_in_two_tables(secrets: Secrets):
    """Drafts and traces of one chat cannot be joined by their handles."""
    key = secrets.chats[0]

    assert key.handle("drafts", CHAT) != key.handle("traces", CHAT)
    assert key.handle("drafts", CHAT) != key.handle("drafts", -CHAT)
