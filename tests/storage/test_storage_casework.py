"""What moderators and reporters go on saying: entries, openings, bans and look-alikes."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import bans, copies, entries, keyring, looks, migrate, openings, posts, purposes, tips
from storage.database import Database
from storage.openings import Opening
from storage.purposes import Secrets
from storage.sql import Transaction
from storage.tips import NUMBER_ALPHABET, NewTip, Tip
from storage.vault import BrokenSeal, Vault

CHAT, OTHER = 7_000_000_001, -1_002_345_678_901
OLD = bytes(range(16))
HOURS = 72
FEATURES = [b"73.04", b"camat", b"2025-11-20"]


def seeded(seed: int = 1):
    return Random(seed)  # noqa: S311 - the same draws at every run; the bot hands in the system's generator


async def submitted(tx: Transaction, secrets: Secrets, number: str):
    new = NewTip(number=number, receipt=number, day=date(2025, 11, 24), summary=b"", content=b"", address=CHAT)
    return await tips.submit(tx, secrets, new)


@pytest.fixture
async def tip_id(tx: Transaction, secrets: Secrets):
    return await submitted(tx, secrets, "K7QX-2M")


@pytest.fixture
async def other_id(tx: Transaction, secrets: Secrets):
    return await submitted(tx, secrets, "2222-22")


async def rows(tx: Transaction, table: str):
    ((count,),) = await tx.execute_fetchall(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
    return count


# Entries


async def test_a_talk_is_read_in_its_order(tx: Transaction, secrets: Secrets, tip_id: bytes, other_id: bytes):
    """Entries of several goes follow one another, and those of another tip are apart."""
    first = await entries.add(tx, secrets, tip_id, [b"when?", b"where?"])
    await entries.add(tx, secrets, other_id, [b"who?"])
    second = await entries.add(tx, secrets, tip_id, [b"yesterday"])

    assert [[0, 1], [2]] == [first, second]
    assert [b"when?", b"where?", b"yesterday"] == await entries.of(tx, secrets, tip_id)
    assert [b"who?"] == await entries.of(tx, secrets, other_id)


async def test_a_talk_from_before_threads_had_keys_lies_under_the_tips_own(
    tx: Transaction, secrets: Secrets, tip_id: bytes
):
    """A tip without a key for its thread keeps its talk and its address under its own."""
    await tx.execute("UPDATE tips SET thread = NULL")
    await entries.add(tx, secrets, tip_id, [b"when?"])
    await entries.change(tx, secrets, tip_id, 0, b"where?")
    await tips.set_address(tx, secrets, tip_id, 5)

    assert [b"where?"] == await entries.of(tx, secrets, tip_id)
    assert 5 == await tips.address(tx, secrets, tip_id)


async def test_a_talk_is_sealed_under_the_key_of_its_thread(tx: Transaction, secrets: Secrets, tip_id: bytes):
    """Where its key is gone nothing can be read, added or changed, and nothing breaks."""
    await entries.add(tx, secrets, tip_id, [b"when?"])
    await tx.execute("UPDATE tips SET thread = NULL, wrapped = NULL")

    assert [] == await entries.of(tx, secrets, tip_id)
    assert [] == await entries.add(tx, secrets, tip_id, [b"where?"])
    assert not await entries.change(tx, secrets, tip_id, 0, b"where?")
    assert [] == await entries.add(tx, secrets, bytes(16), [b"where?"])


async def test_a_question_is_written_anew(tx: Transaction, secrets: Secrets, tip_id: bytes):
    """A changed entry keeps its place; one that is not there is told."""
    await entries.add(tx, secrets, tip_id, [b"when?", b"where?"])
    changed = [await entries.change(tx, secrets, tip_id, n, b"what hour?") for n in (0, 2)]

    assert [True, False] == changed
    assert [b"what hour?", b"where?"] == await entries.of(tx, secrets, tip_id)


async def test_entries_do_not_change_places(tx: Transaction, secrets: Secrets, tip_id: bytes):
    """An entry that was moved to another number is a broken seal."""
    await entries.add(tx, secrets, tip_id, [b"when?"])
    await tx.execute("UPDATE entries SET n = 1")

    with pytest.raises(BrokenSeal):
        await entries.of(tx, secrets, tip_id)


# Copies


async def test_where_a_tip_is_shown_is_kept_once_and_sealed(
    tx: Transaction, secrets: Secrets, tip_id: bytes, other_id: bytes
):
    """Copies are told as posts of their tip alone, each once; the file does not tell a moderator's chat."""
    for _ in range(2):
        await copies.note(tx, secrets, tip_id, CHAT, [5, 6])
    await copies.note(tx, secrets, other_id, CHAT, [5])
    stored = await tx.execute_fetchall("SELECT handle, sealed FROM copies")

    assert {(CHAT, 5), (CHAT, 6)} == {post[:2] for post in await copies.of(tx, secrets, tip_id)}
    assert [(CHAT, 5)] == [post[:2] for post in await copies.of(tx, secrets, other_id)]
    assert 3 == len(stored)
    assert all(CHAT.to_bytes(8, "big") not in sealed for _, sealed in stored)


async def test_copies_go_with_their_tip_and_do_not_outlast_it(
    tx: Transaction, secrets: Secrets, tip_id: bytes, other_id: bytes
):
    """Of a tip that is gone nothing is kept; what was moved to another tip opens nothing."""
    await copies.note(tx, secrets, tip_id, CHAT, [5])
    await copies.note(tx, secrets, OLD, CHAT, [5])
    await tx.execute("UPDATE copies SET tip = ?", (other_id,))

    assert 1 == await rows(tx, "copies")
    assert [] == await copies.of(tx, secrets, other_id)
    await tips.destroy(tx, [other_id])
    assert 0 == await rows(tx, "copies")


# Openings


async def test_a_code_opens_what_it_was_made_for(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """A code opens its own body and tip as often as it is asked, and another code opens nothing."""
    made = [Opening(b"answer", today, tip_id), Opening(b"ask", today)]
    codes = [await openings.make(tx, secrets, opening, seeded(n)) for n, opening in enumerate(made)]

    for _ in range(2):
        assert made == [await openings.read(tx, secrets, code) for code in codes]
    assert None is await openings.read(tx, secrets, "")
    assert None is await openings.read(tx, secrets, codes[0].lower())


@given(st.integers(min_value=0))
def test_codes_are_long_and_read_well(seed: int):
    """A code has 95 bits or more, in signs that are not mistaken for one another."""
    drawn = openings.new_code(seeded(seed))

    assert openings.CODE_LENGTH == len(drawn)
    assert set(drawn) <= set(NUMBER_ALPHABET)
    assert 2**95 <= len(NUMBER_ALPHABET) ** len(drawn)


async def test_a_message_opens_for_a_reply(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """An opening is found by chat and message together, and the last that was noted counts."""
    await openings.note_message(tx, secrets, CHAT, 11, Opening(b"first", today, tip_id))
    await openings.note_message(tx, secrets, CHAT, 11, Opening(b"second", today, tip_id))

    assert Opening(b"second", today, tip_id) == await openings.read_message(tx, secrets, CHAT, 11)
    assert None is await openings.read_message(tx, secrets, CHAT, 12)
    assert None is await openings.read_message(tx, secrets, OTHER, 11)
    assert 1 == await rows(tx, "openings")


async def test_what_is_taken_opens_once(tx: Transaction, secrets: Secrets, today: date):
    """The second to take a code gets nothing."""
    code = await openings.make(tx, secrets, Opening(b"ask", today), seeded())
    taken = [await openings.take(tx, secrets, code) for _ in range(2)]

    assert [Opening(b"ask", today), None] == taken
    assert None is await openings.read(tx, secrets, code)


async def test_openings_close_with_their_tip(
    tx: Transaction, secrets: Secrets, today: date, tip_id: bytes, other_id: bytes
):
    """Closing a tip closes its codes and messages and no others."""
    codes = [
        await openings.make(tx, secrets, Opening(b"answer", today, tip), seeded(n))
        for n, tip in enumerate((tip_id, other_id, None))
    ]
    await openings.note_message(tx, secrets, CHAT, 11, Opening(b"answer", today, tip_id))
    await openings.close(tx, tip_id)

    assert [False, True, True] == [bool(await openings.read(tx, secrets, code)) for code in codes]
    assert None is await openings.read_message(tx, secrets, CHAT, 11)


async def test_some_openings_of_a_tip_outlast_the_others(
    tx: Transaction, secrets: Secrets, today: date, tip_id: bytes, other_id: bytes
):
    """What stays is told by the body; a seal that is broken stays for nobody, and other tips are not touched."""
    codes = [
        await openings.make(tx, secrets, Opening(body, today, tip), seeded(n))
        for n, (body, tip) in enumerate([(b"ask", tip_id), (b"answer", tip_id), (b"answer", other_id)])
    ]
    await openings.note_message(tx, secrets, CHAT, 11, Opening(b"ask", today, tip_id))
    await tx.execute("UPDATE openings SET sealed = x'00' WHERE handle = ?", [openings._sent(secrets, CHAT, 11)])
    await openings.close_but(tx, secrets, tip_id, b"ask".__eq__)

    assert [True, False, True] == [bool(await openings.read(tx, secrets, code)) for code in codes]
    assert 2 == await rows(tx, "openings")


async def test_openings_expire_after_their_last_day(tx: Transaction, secrets: Secrets, today: date):
    """On its last day an opening opens, on the next it is gone."""
    code = await openings.make(tx, secrets, Opening(b"ask", today), seeded())
    await openings.expire(tx, today)
    on_the_day = await openings.read(tx, secrets, code)
    await openings.expire(tx, today + timedelta(1))

    assert Opening(b"ask", today) == on_the_day
    assert 0 == await rows(tx, "openings")


async def test_an_opening_is_bound_to_its_tip(
    tx: Transaction, secrets: Secrets, today: date, tip_id: bytes, other_id: bytes
):
    """An opening that was given another tip is a broken seal."""
    code = await openings.make(tx, secrets, Opening(b"answer", today, tip_id), seeded())
    await tx.execute("UPDATE openings SET tip = ?", (other_id,))

    with pytest.raises(BrokenSeal):
        await openings.read(tx, secrets, code)


async def test_an_opening_shows_neither_code_nor_message(tx: Transaction, secrets: Secrets, today: date):
    """A row holds neither the code nor what it opens, and its repr shows no body."""
    opening = Opening(b"secret", today)
    code = await openings.make(tx, secrets, opening, seeded())
    ((handle, _, _, sealed),) = await tx.execute_fetchall("SELECT * FROM openings")

    assert code not in handle
    assert b"secret" not in sealed
    assert "secret" not in repr(opening)


# Bans


async def test_banned_chats_are_known_through_their_last_day(tx: Transaction, secrets: Secrets, today: date):
    """Many chats are asked for at once, and a ban is gone the day after its last."""
    await bans.add(tx, secrets, CHAT, today)
    await bans.expire(tx, today)
    on_the_day = await bans.known(tx, secrets, [CHAT, OTHER], today)
    after_it = await bans.known(tx, secrets, [CHAT, OTHER], today + timedelta(1))
    await bans.expire(tx, today + timedelta(1))

    assert {CHAT} == on_the_day
    assert set() == after_it == await bans.known(tx, secrets, [CHAT, OTHER], today)


async def test_the_longer_ban_stays(tx: Transaction, secrets: Secrets, today: date):
    """A second ban can lengthen the first and never shortens it."""
    for days in (2, 7, 1):
        await bans.add(tx, secrets, CHAT, today + timedelta(days))

    assert [((today + timedelta(7)).isoformat(),)] == await tx.execute_fetchall("SELECT expires FROM bans")


async def test_a_ban_is_a_hash_and_a_day(tx: Transaction, secrets: Secrets, today: date):
    """The table has two columns, and the chat is in neither."""
    await bans.add(tx, secrets, CHAT, today)
    ((handle, expires),) = await tx.execute_fetchall("SELECT * FROM bans")

    assert today.isoformat() == expires
    assert secrets.ban.handle("bans", CHAT) == handle


# Look-alikes


async def test_look_alikes_are_found_with_what_they_share(
    tx: Transaction, secrets: Secrets, tip_id: bytes, other_id: bytes
):
    """Tips are found with the features that they share, and not where they share none."""
    await looks.note(tx, secrets, tip_id, FEATURES)
    await looks.note(tx, secrets, other_id, [*FEATURES[:1], b"lurah", *FEATURES[:1]])

    assert {tip_id: {*FEATURES}, other_id: {FEATURES[0]}} == await looks.like(tx, secrets, FEATURES)
    assert {other_id: {b"lurah"}} == await looks.like(tx, secrets, [b"lurah", b"lurah"])
    assert {} == await looks.like(tx, secrets, [])


async def test_what_was_noted_last_counts(tx: Transaction, secrets: Secrets, tip_id: bytes):
    """A tip that is noted again has its new features alone, and one that is forgotten none."""
    await looks.note(tx, secrets, tip_id, FEATURES)
    await looks.note(tx, secrets, tip_id, FEATURES[2:])
    again = await looks.like(tx, secrets, FEATURES)
    await looks.forget(tx, tip_id)

    assert {tip_id: {*FEATURES[2:]}} == again
    assert {} == await looks.like(tx, secrets, FEATURES)


async def test_look_alikes_are_found_over_weeks(database: Database, secrets: Secrets, today: date):
    """A tip of an earlier week is found until its key's 30 days are over, and then its rows are gone."""
    async with database.transaction() as tx:
        tip_id = await submitted(tx, secrets, "K7QX-2M")
        await looks.note(tx, secrets, tip_id, FEATURES)
    found = []
    for days in (7, purposes.LOOK_DAYS - 1, purposes.LOOK_DAYS):
        await secrets.turn(database, today + timedelta(days), HOURS)
        async with database.reading() as tx:
            found.append((await looks.like(tx, secrets, FEATURES), await rows(tx, "looks")))

    assert [({tip_id: {*FEATURES}}, 3)] * 2 + [({}, 0)] == found


async def test_a_late_turn_lengthens_no_look_keys_life(database: Database, secrets: Secrets, today: date):
    """A bot that was off for weeks destroys what it should have destroyed meanwhile."""
    async with database.transaction() as tx:
        tip_id = await submitted(tx, secrets, "K7QX-2M")
        await looks.note(tx, secrets, tip_id, FEATURES)
    await secrets.turn(database, today + timedelta(purposes.LOOK_DAYS), HOURS)
    async with database.reading() as tx:
        left = await rows(tx, "looks")

    assert 0 == left
    assert 1 == len(secrets.looks)


# All of them


async def test_all_goes_with_the_tip(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes, other_id: bytes):
    """A destroyed tip takes its entries, openings and looks along, and another tip keeps its own."""
    for n, tip in enumerate((tip_id, other_id)):
        await entries.add(tx, secrets, tip, [b"when?"])
        await openings.make(tx, secrets, Opening(b"answer", today, tip), seeded(n))
        await looks.note(tx, secrets, tip, FEATURES[:1])
    await tips.destroy(tx, [tip_id])
    left = [await tx.execute_fetchall(f"SELECT tip FROM {table}") for table in ("entries", "openings", "looks")]  # noqa: S608 - our own names

    assert [[(other_id,)]] * 3 == left


async def test_a_database_with_rows_comes_from_the_first_version(tmp_path: Path, today: date):
    """Tips, posts and keys of version 1 are there after the step, and take entries, openings and looks."""
    path = tmp_path / "bisik.db"
    vault = Vault(keyring.create(tmp_path / "keyring.json", today))
    made = [purposes._made(vault, purpose, "") for purpose in ("index", "outbox", "audit", "receipt", "number")]
    first = sqlite3.connect(path)
    first.executescript(migrate.shipped()[0].sql)
    first.executemany("INSERT INTO keys (id, purpose, week, wrapped) VALUES (:id, :purpose, :week, :wrapped)", made)
    first.execute("INSERT INTO tips VALUES (?, x'01', x'02', '2025-11-24', NULL, x'03', NULL, x'04')", (OLD,))
    first.execute("INSERT INTO posts VALUES (?, -100, 11, 'card', 0)", (OLD,))
    first.execute("PRAGMA user_version = 1")
    first.commit()
    first.close()
    database = await Database.open(f"sqlite:///{path}")
    secrets = await Secrets.load(database, vault, today, HOURS)
    async with database.transaction() as tx:
        kept = {row[0] for row in await tx.execute_fetchall("SELECT id FROM keys")}
        tip_id = await submitted(tx, secrets, "K7QX-2M")
        await entries.add(tx, secrets, tip_id, [b"when?"])
        await looks.note(tx, secrets, tip_id, FEATURES)
        code = await openings.make(tx, secrets, Opening(b"answer", today, tip_id), seeded())
        opened = await openings.read(tx, secrets, code)
        old = await tips.find(tx, secrets, OLD), await posts.tip_of(tx, -100, 11)
        await looks.note(tx, secrets, OLD, FEATURES)
    await database.close()

    assert {row["id"] for row in made} < kept
    assert (Tip(OLD, today, None), OLD) == old
    assert tip_id == opened.tip
    assert path.with_name("bisik.db.v1").exists()
