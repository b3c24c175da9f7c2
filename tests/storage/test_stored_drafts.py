"""Drafts: found by chat under changing keys, many at once, forgotten by themselves."""

from dataclasses import replace
from datetime import date, timedelta

from storage import drafts
from storage.database import Database
from storage.purposes import Secrets

ALI, BUDI, CITRA = 7_000_000_001, -1_002_345_678_901, 42
LAST_DAY = date(2025, 11, 27)
DRAFT_HOURS = 72


async def kept(database: Database, secrets: Secrets, **contents: bytes):
    chats = {"ali": ALI, "budi": BUDI, "citra": CITRA}
    made = {chats[name]: drafts.new(secrets, content) for name, content in contents.items()}
    async with database.transaction() as tx:
        await drafts.save(tx, secrets, made, LAST_DAY)
    return made


async def loaded(database: Database, secrets: Secrets, *chats: int):
    async with database.transaction() as tx:
        return await drafts.load(tx, secrets, chats)


async def test_many_drafts_are_saved_and_loaded_at_once(database: Database, secrets: Secrets):
    """Drafts come back by chat, and a chat without one is left out."""
    await kept(database, secrets, ali=b"one", budi=b"two")

    found = await loaded(database, secrets, ALI, BUDI, CITRA)

    assert {ALI: b"one", BUDI: b"two"} == {chat: draft.content for chat, draft in found.drafts.items()}
    assert set() == found.broken


async def test_a_draft_keeps_its_id_and_key_when_its_content_changes(database: Database, secrets: Secrets):
    """Files that belong to a draft still do after the next answer."""
    made = await kept(database, secrets, ali=b"one")
    async with database.transaction() as tx:
        await drafts.save(tx, secrets, {ALI: replace(made[ALI], content=b"two")}, LAST_DAY)

    found = await loaded(database, secrets, ALI)

    assert (made[ALI].id, b"two") == (found.drafts[ALI].id, found.drafts[ALI].content)


async def test_a_broken_draft_hurts_no_other(database: Database, secrets: Secrets):
    """A draft whose seal is broken is reported by its chat, and the others load."""
    made = await kept(database, secrets, ali=b"one", budi=b"two")
    async with database.transaction() as tx:
        await tx.execute("UPDATE drafts SET sealed = wrapped WHERE id = ?", (made[ALI].id,))

    found = await loaded(database, secrets, ALI, BUDI)

    assert {ALI} == found.broken
    assert {BUDI} == set(found.drafts)


async def test_a_draft_of_last_week_is_found_and_moves_to_the_new_key(
    database: Database, secrets: Secrets, today: date
):
    """After a turn of the week a draft is found under the old key, and written under the new one alone."""
    made = await kept(database, secrets, ali=b"one")
    await secrets.turn(database, today + timedelta(days=7), DRAFT_HOURS)
    found = await loaded(database, secrets, ALI)
    async with database.transaction() as tx:
        await drafts.save(tx, secrets, found.drafts, LAST_DAY)
        handles = await tx.execute_fetchall("SELECT handle FROM drafts")

    assert made[ALI].id == found.drafts[ALI].id
    assert [(secrets.chats[0].handle("drafts", ALI),)] == handles
    assert found == await loaded(database, secrets, ALI)


async def test_discarding_reaches_what_an_older_key_wrote(database: Database, secrets: Secrets, today: date):
    """A discarded draft is gone whichever week it was written in, and other chats keep theirs."""
    await kept(database, secrets, ali=b"one", budi=b"two")
    await secrets.turn(database, today + timedelta(days=7), DRAFT_HOURS)
    async with database.transaction() as tx:
        await drafts.discard(tx, secrets, [ALI])

    assert {BUDI} == set((await loaded(database, secrets, ALI, BUDI)).drafts)


async def test_drafts_expire_after_their_last_day(database: Database, secrets: Secrets):
    """A draft lives through its last day, and the day after it is handed over and its row is gone."""
    made = await kept(database, secrets, ali=b"one")
    async with database.transaction() as tx:
        on_the_day = await drafts.expire(tx, secrets, LAST_DAY)
        the_day_after = await drafts.expire(tx, secrets, LAST_DAY + timedelta(days=1))

    assert [] == on_the_day
    assert [(made[ALI].id, b"one")] == the_day_after
    assert {} == (await loaded(database, secrets, ALI)).drafts


async def test_a_draft_prints_nothing_of_itself(secrets: Secrets):
    """The repr of a draft holds neither its content nor its key."""
    draft = drafts.new(secrets, b"a secret")

    assert f"Draft(id={draft.id!r})" == repr(draft)
