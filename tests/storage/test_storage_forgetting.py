"""Raw files: nothing sealed lies in them in clear, and what is forgotten lies in them not at all."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest

from storage import audit, bans, destroyed, drafts, entries, facts, files, looks, openings, outbox, seen, tips, traces
from storage.database import Database
from storage.drafts import Draft
from storage.openings import Opening
from storage.purposes import Secrets
from storage.sql import Transaction
from storage.tips import NewTip
from storage.traces import Trace

CHAT = 0x5EC2_E7CA_4A21
CANARY = b"canary-that-nobody-may-see"
RECEIPT, NUMBER = "9876543210987654", "K7QX-2M"
HOUR = 490_000
LAST_DAY = date(2025, 11, 27)

Forget: TypeAlias = Callable[[Transaction, Secrets, "Kept"], Awaitable[None]]


def raw(database: Database):
    """All that lies on disk of the database: file, log and shared memory."""
    return b"".join(file.read_bytes() for file in sorted(database.path.parent.iterdir()))


@dataclass(frozen=True)
class Kept:
    draft: Draft
    tip_id: bytes
    owed_id: bytes


@pytest.fixture
async def kept(database: Database, secrets: Secrets, today: date):
    """One of everything, holding the canary, and the log not yet emptied."""
    draft = drafts.new(secrets, CANARY)
    tip = NewTip(number=NUMBER, receipt=RECEIPT, day=today, summary=CANARY, content=CANARY, address=CHAT)
    async with database.transaction() as tx:
        await seen.note(tx, [1])
        await drafts.save(tx, secrets, {CHAT: draft}, LAST_DAY)
        await files.add(tx, secrets, draft.id, CANARY * 20_000)
        tip_id = await tips.submit(tx, secrets, tip)
        await files.add(tx, secrets, tip_id, CANARY * 20_000)
        await entries.add(tx, secrets, tip_id, [CANARY])
        await openings.note_message(tx, secrets, CHAT, 11, Opening(CANARY, LAST_DAY, tip_id))
        await openings.make(tx, secrets, Opening(CANARY, LAST_DAY, tip_id), Random(1))  # noqa: S311 - no secret here
        await bans.add(tx, secrets, CHAT, LAST_DAY)
        await looks.note(tx, secrets, tip_id, [CANARY])
        (owed_id,) = await outbox.add(tx, secrets, [("answer", CANARY)])
        await traces.save(tx, secrets, {CHAT: [Trace(CHAT, HOUR)]}, HOUR, LAST_DAY)
        await facts.keep(tx, secrets, "fact", CANARY)
        await audit.append(tx, secrets, [audit.Line(today, "claimed", "M1")])
    return Kept(draft, tip_id, owed_id)


@pytest.mark.usefixtures("kept")
async def test_nothing_sealed_lies_on_disk_in_clear(database: Database):
    """Neither words, chat, receipt nor number are in file or log, before and after a checkpoint."""
    forbidden = [CANARY, RECEIPT.encode(), NUMBER.encode(), b"K7QX2M", str(CHAT).encode()]
    forbidden += [CHAT.to_bytes(size, order) for size in (6, 8) for order in ("big", "little")]
    before = raw(database)
    assert await database.checkpoint()
    after = raw(database)

    assert [] == [word for word in forbidden if word in before or word in after]


async def sealed_of(database: Database, *selects: tuple[str, ...]):
    """Ciphertexts and wrapped keys as they lie in the file; long ones by a piece that fits a page."""
    async with database.reading() as tx:
        values = [value for select in selects for row in await tx.execute_fetchall(select) for value in row]
    return [value[-64:] for value in values]


OF_DRAFTS = (
    "SELECT wrapped, sealed FROM drafts",
    "SELECT files.wrapped, chunks.sealed FROM drafts JOIN files ON owner = drafts.id JOIN chunks ON file = files.id",
)
OF_TIPS = (
    "SELECT wrapped, summary, address, content, number_mac, receipt_mac FROM tips",
    "SELECT files.wrapped, chunks.sealed FROM tips JOIN files ON owner = tips.id JOIN chunks ON file = files.id",
    "SELECT sealed FROM entries",
    "SELECT sealed, CAST(handle AS BLOB) FROM openings",
    "SELECT CAST(handle AS BLOB) FROM looks",
)


async def expire_drafts(tx: Transaction, secrets: Secrets, _kept: Kept):
    await files.discard_of(tx, [one.id for one in await drafts.expire(tx, secrets, LAST_DAY + timedelta(1))])


async def discard_draft(tx: Transaction, secrets: Secrets, kept: Kept):
    await drafts.discard(tx, secrets, [CHAT])
    await files.discard_of(tx, [kept.draft.id])


async def change_draft(tx: Transaction, secrets: Secrets, kept: Kept):
    await drafts.save(tx, secrets, {CHAT: replace(kept.draft, content=CANARY * 200)}, LAST_DAY)


async def destroy_tip(tx: Transaction, _secrets: Secrets, kept: Kept):
    await tips.destroy(tx, [kept.tip_id])


async def cut_address(tx: Transaction, _secrets: Secrets, kept: Kept):
    await tips.cut_address(tx, kept.tip_id)


async def pay(tx: Transaction, _secrets: Secrets, kept: Kept):
    await outbox.done(tx, [kept.owed_id])


async def discard_traces(tx: Transaction, secrets: Secrets, _kept: Kept):
    await traces.discard(tx, secrets, [CHAT])


async def lift_bans(tx: Transaction, _secrets: Secrets, _kept: Kept):
    await bans.expire(tx, LAST_DAY + timedelta(1))


@pytest.mark.parametrize(
    ("forget", "selects"),
    [
        (expire_drafts, OF_DRAFTS),
        (discard_draft, OF_DRAFTS),
        (change_draft, ("SELECT sealed FROM drafts",)),
        (destroy_tip, OF_TIPS),
        (cut_address, ("SELECT address FROM tips",)),
        (pay, ("SELECT sealed FROM outbox",)),
        (lift_bans, ("SELECT CAST(handle AS BLOB) FROM bans",)),
        (discard_traces, ("SELECT sealed, CAST(handle AS BLOB) FROM traces",)),
    ],
)
async def test_what_is_forgotten_is_gone_from_the_files(
    database: Database, secrets: Secrets, kept: Kept, forget: Forget, selects: tuple[str, ...]
):
    """After a checkpoint neither the ciphertext nor the wrapped key of what was removed is on disk."""
    values = await sealed_of(database, *selects)
    there = [value in raw(database) for value in values]
    async with database.transaction() as tx:
        await forget(tx, secrets, kept)
    emptied = await database.checkpoint()

    assert [True] * len(values) == there
    assert emptied
    assert [] == [value for value in values if value in raw(database)]


async def test_what_is_destroyed_is_on_the_list_beside_the_database_and_what_was_undone_is_not_committed(
    database: Database, secrets: Secrets, kept: Kept
):
    """Ids of removed tips, drafts and files are noted by whichever way they went; nothing else is."""
    async with database.reading() as tx:
        gone = {row[0] for row in await tx.execute_fetchall("SELECT id FROM files")} | {kept.tip_id, kept.draft.id}
    before = destroyed.read(destroyed.beside(database.path))
    async with database.transaction() as tx:
        await tips.destroy(tx, [kept.tip_id])
        await discard_draft(tx, secrets, kept)

    assert set() == before
    assert gone == destroyed.read(destroyed.beside(database.path))


def test_the_name_of_the_list_is_on_disk_before_anything_is_removed(tmp_path, monkeypatch):
    """Where the list is made, or another takes its place, its folder is synced after it."""
    path, synced, sync = tmp_path / "bisik.db.destroyed", [], os.fsync

    def noted(descriptor):
        synced.append((Path(f"/proc/self/fd/{descriptor}").resolve(), path.exists() and path.read_bytes()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    destroyed.add(path, [b"a" * 16])
    made = synced[-1], path.read_bytes()
    destroyed.begin(path, date(2025, 11, 1), 30)
    replaced = synced[-1], path.read_bytes()

    assert ((tmp_path, made[1]), made[1]) == made
    assert ((tmp_path, replaced[1]), replaced[1]) == replaced


def test_the_list_keeps_the_days_of_living_backups_and_survives_a_torn_line(tmp_path):
    """What was destroyed longer ago than backups are kept is let go, and a line that a crash cut is passed over."""
    path = tmp_path / "bisik.db.destroyed"
    for day, one in ((1, b"a" * 16), (2, b"b" * 16), (20, b"c" * 16)):
        destroyed.begin(path, date(2025, 11, day), 30)
        destroyed.add(path, [one])
    with path.open("a") as torn:
        torn.write("6161")
    destroyed.add(path, [b"d" * 16])
    all_kept = destroyed.read(path)
    destroyed.begin(path, date(2025, 12, 10), 30)

    assert {b"a" * 16, b"b" * 16, b"c" * 16, b"d" * 16} == all_kept
    assert {b"b" * 16, b"c" * 16, b"d" * 16} == destroyed.read(path)
    assert 0o600 == path.stat().st_mode & 0o777
