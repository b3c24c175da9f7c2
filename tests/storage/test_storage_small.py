"""Seen updates, the outbox, traces, tally, audit trail and facts."""

from datetime import date, timedelta

import pytest

from storage import audit, facts, outbox, seen, tally, traces
from storage.audit import Line
from storage.database import Database
from storage.outbox import Owed
from storage.purposes import Secrets
from storage.sql import Transaction
from storage.tally import Count, Entry
from storage.traces import Trace
from storage.vault import BrokenSeal

CHAT, OTHER = 7_000_000_001, -1_002_345_678_901
HOURS = 72
HOUR = 490_000
LINES = [Line(date(2025, 11, 24), "claimed", "M1", "K7QX-2M"), Line(date(2025, 11, 24), "rotated", "A1")]


async def test_seen_updates_are_known_until_forgotten(tx: Transaction):
    """Updates are known by membership, noting one twice is no fault, and forgotten ones are new again."""
    await seen.note(tx, [5, 2**40])
    await seen.note(tx, [5, 1])
    before = await seen.known(tx, [1, 2, 5, 2**40])
    await seen.forget(tx, [5, 2])

    assert {1, 5, 2**40} == before
    assert {1, 2**40} == await seen.known(tx, [1, 2, 5, 2**40])


async def test_debts_are_owed_until_done(tx: Transaction, secrets: Secrets):
    """What is added is listed by kind and read back until it is done."""
    first, second = await outbox.add(tx, secrets, [("answer", b"one"), ("tip", b"two")])
    listed = await outbox.ids(tx)
    read = await outbox.read(tx, secrets, first)
    await outbox.done(tx, [first])

    assert {(first, "answer"), (second, "tip")} == set(listed)
    assert Owed(first, "answer", b"one") == read
    assert None is await outbox.read(tx, secrets, first)
    assert [(second, "tip")] == await outbox.ids(tx)


async def test_a_debt_is_written_anew(tx: Transaction, secrets: Secrets):
    """A replaced entry keeps its id; one that is done stays done."""
    first, second = await outbox.add(tx, secrets, [("tip", b"one"), ("tip", b"two")])
    await outbox.done(tx, [second])
    await outbox.replace(tx, secrets, Owed(first, "tip", b"half"))
    await outbox.replace(tx, secrets, Owed(second, "tip", b"half"))

    assert Owed(first, "tip", b"half") == await outbox.read(tx, secrets, first)
    assert [(first, "tip")] == await outbox.ids(tx)


async def test_a_debt_is_bound_to_its_kind(tx: Transaction, secrets: Secrets):
    """An answer cannot be made a post by changing the clear word."""
    (owed_id,) = await outbox.add(tx, secrets, [("answer", b"one")])
    await tx.execute("UPDATE outbox SET kind = 'tip'")

    with pytest.raises(BrokenSeal):
        await outbox.read(tx, secrets, owed_id)


def test_a_debt_prints_nothing_of_its_body():
    """The repr of an entry holds its id and kind alone."""
    assert "Owed(id=b'x', kind='tip')" == repr(Owed(b"x", "tip", b"secret"))


async def test_traces_are_kept_for_48_hours(tx: Transaction, secrets: Secrets, today: date):
    """Lists come back by chat, without the messages that can no longer be deleted."""
    old, last, new = Trace(1, HOUR - 48), Trace(2, HOUR - 47), Trace(3, HOUR)
    await traces.save(tx, secrets, {CHAT: [old, last, new], OTHER: [new]}, HOUR, today)

    assert {CHAT: [last, new], OTHER: [new]} == await traces.load(tx, secrets, [CHAT, OTHER, 1])


async def test_traces_move_to_the_new_weeks_key(database: Database, secrets: Secrets, today: date):
    """After a turn of the week a list is found, and lies under the new key alone once it is written."""
    async with database.transaction() as tx:
        await traces.save(tx, secrets, {CHAT: [Trace(1, HOUR)]}, HOUR, today)
    await secrets.turn(database, today + timedelta(7), HOURS)
    async with database.transaction() as tx:
        loaded = await traces.load(tx, secrets, [CHAT])
        await traces.save(tx, secrets, loaded, HOUR, today)
        handles = await tx.execute_fetchall("SELECT handle FROM traces")
        again = await traces.load(tx, secrets, [CHAT])

    assert {CHAT: [Trace(1, HOUR)]} == loaded == again
    assert [(secrets.chats[0].handle("traces", CHAT),)] == handles


async def test_a_broken_list_hurts_no_other(tx: Transaction, secrets: Secrets, today: date):
    """A list that does not open is left out."""
    await traces.save(tx, secrets, {CHAT: [Trace(1, HOUR)], OTHER: [Trace(2, HOUR)]}, HOUR, today)
    handle = secrets.chats[0].handle("traces", CHAT)
    await tx.execute("UPDATE traces SET sealed = x'00' WHERE handle = ?", (handle,))

    assert {OTHER: [Trace(2, HOUR)]} == await traces.load(tx, secrets, [CHAT, OTHER])


async def test_traces_are_discarded_and_expire(tx: Transaction, secrets: Secrets, today: date):
    """A chat's list goes when asked, all others after their last day."""
    await traces.save(tx, secrets, {CHAT: [Trace(1, HOUR)], OTHER: [Trace(2, HOUR)]}, HOUR, today)
    await traces.discard(tx, secrets, [CHAT])
    await traces.expire(tx, today)
    on_the_day = await traces.load(tx, secrets, [CHAT, OTHER])
    await traces.expire(tx, today + timedelta(1))

    assert {OTHER: [Trace(2, HOUR)]} == on_the_day
    assert {} == await traces.load(tx, secrets, [CHAT, OTHER])


async def test_the_tally_counts_by_one_dimension(tx: Transaction):
    """Each entry adds one, and a dimension is read between two periods."""
    entry = Entry("2025-11-24", "category", "3")
    await tally.count(tx, [entry, entry, Entry("2025-11-25", "category", "1"), Entry("2025-11-24", "status", "3")])
    await tally.count(tx, [entry, Entry("2025-12-01", "category", "3")])
    counts = await tally.read(tx, "category", "2025-11-01", "2025-11-30")

    assert [Count("2025-11-24", "3", 3), Count("2025-11-25", "1", 1)] == counts


async def test_facts_are_kept_and_forgotten(tx: Transaction, secrets: Secrets):
    """A fact is what was kept last, until it is forgotten."""
    await facts.keep(tx, secrets, "chat", b"1")
    await facts.keep(tx, secrets, "chat", b"2")
    kept = await facts.read(tx, secrets, "chat")
    await facts.forget(tx, "chat")

    assert b"2" == kept
    assert None is await facts.read(tx, secrets, "chat")


async def test_an_untouched_trail_is_whole(tx: Transaction, secrets: Secrets):
    """Lines appended in several goes follow one another, an empty trail too, and the head is the last."""
    empty = (await audit.verify(tx, secrets), await audit.head(tx))
    first = await audit.append(tx, secrets, LINES)
    last = await audit.append(tx, secrets, LINES)

    assert ([], audit.EMPTY) == empty
    assert (2, 4) == (first.n, last.n)
    assert last == await audit.head(tx)
    assert [] == await audit.verify(tx, secrets, last)
    assert [] == await audit.verify(tx, secrets, first)


@pytest.mark.parametrize("harm", ["UPDATE audit SET act = 'closed' WHERE n = 2", "DELETE FROM audit WHERE n = 2"])
async def test_the_trail_takes_neither_change_nor_cut(database: Database, secrets: Secrets, harm: str):
    """The database itself refuses to change or remove a line."""
    async with database.transaction() as tx:
        await audit.append(tx, secrets, LINES)
    with pytest.raises(Exception, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(harm)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE audit SET act = 'closed' WHERE n = 2", [2]),
        ("UPDATE audit SET actor = 'M2' WHERE n = 1", [1]),
        ("UPDATE audit SET day = 'never' WHERE n = 4", [4]),
        ("UPDATE audit SET actor = 'A', act = 'rotated1' WHERE n = 2", [2]),
        ("UPDATE audit SET link = x'00' WHERE n = 2", [2, 3]),
        ("DELETE FROM audit WHERE n = 2", [3]),
        ("DELETE FROM audit WHERE n = 1", [2]),
        ("DELETE FROM audit WHERE n = 2; UPDATE audit SET n = n - 1 WHERE n > 2", [2, 3, 4]),
        ("INSERT INTO audit SELECT n + 1, day, act, actor, subject, link FROM audit WHERE n = 4", [5]),
        ("INSERT INTO audit SELECT -1, day, act, actor, subject, link FROM audit WHERE n = 4", [-1, 1]),
        ("DELETE FROM audit WHERE n = 4", [4]),
        ("DELETE FROM audit", [4]),
    ],
)
async def test_whoever_gets_round_the_database_is_found(tx: Transaction, secrets: Secrets, harm: str, found: list[int]):
    """Changed, removed and inserted lines show at their place; a cut tail shows against the known head."""
    await audit.append(tx, secrets, LINES)
    head = await audit.append(tx, secrets, LINES)
    await tx.execute("DROP TRIGGER audit_is_not_changed")
    await tx.execute("DROP TRIGGER audit_is_not_cut")
    for statement in harm.split(";"):
        await tx.execute(statement)

    assert found == await audit.verify(tx, secrets, head)


async def test_a_cut_tail_needs_a_known_head(tx: Transaction, secrets: Secrets):
    """Without a head noted elsewhere a trail that lost its end looks whole."""
    await audit.append(tx, secrets, LINES)
    await tx.execute("DROP TRIGGER audit_is_not_cut")
    await tx.execute("DELETE FROM audit WHERE n = 2")

    assert [] == await audit.verify(tx, secrets)


EARLIER = Line(date(2024, 11, 20), "claimed", "M1")
BEFORE = date(2024, 11, 24)


async def test_the_trail_begins_behind_a_signed_checkpoint_once_its_first_lines_are_over(
    tx: Transaction, secrets: Secrets
):
    """Lines of earlier days go, later ones stay; the chain is whole from the checkpoint, also when all have gone."""
    old = await audit.append(tx, secrets, [EARLIER, EARLIER])
    last = await audit.append(tx, secrets, LINES)
    gone = await audit.expire(tx, secrets, BEFORE)
    found = [await audit.verify(tx, secrets, known) for known in (audit.EMPTY, old, last)]
    again = await audit.expire(tx, secrets, BEFORE)
    rest = await audit.expire(tx, secrets, date(2026, 1, 1))
    grown = await audit.append(tx, secrets, LINES)

    assert (2, 0, 2) == (gone, again, rest)
    assert [[], [], []] == found
    assert 6 == grown.n
    assert [[], []] == [await audit.verify(tx, secrets, known) for known in (last, grown)]
    assert [(4,)] == await tx.execute_fetchall("SELECT n FROM checkpoints")


async def test_a_day_that_was_put_back_keeps_no_later_line_from_the_trail(tx: Transaction, secrets: Secrets):
    """Only the lines at the beginning go: one of an earlier day behind a later one stays in its place."""
    await audit.append(tx, secrets, [EARLIER, *LINES, EARLIER])
    gone = await audit.expire(tx, secrets, BEFORE)

    assert 1 == gone
    assert [] == await audit.verify(tx, secrets)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("DELETE FROM checkpoints", [3]),
        ("UPDATE checkpoints SET link = x'00'", [2, 3]),
        ("UPDATE checkpoints SET mac = x'00'", [2]),
        ("INSERT INTO checkpoints SELECT n, link, mac FROM audit, (SELECT mac FROM checkpoints) WHERE n = 3", [3]),
        ("DELETE FROM audit WHERE n = 3", [4]),
        ("DELETE FROM audit", [4]),
    ],
)
async def test_a_forged_or_lost_checkpoint_is_found(tx: Transaction, secrets: Secrets, harm: str, found: list[int]):
    """Whoever removes lines without the audit key cannot sign for it."""
    await audit.append(tx, secrets, [EARLIER, EARLIER])
    head = await audit.append(tx, secrets, LINES)
    await audit.expire(tx, secrets, BEFORE)
    for trigger in ("checkpoint_is_not_changed", "newest_checkpoint_stays", "audit_is_not_cut"):
        await tx.execute(f"DROP TRIGGER {trigger}")
    await tx.execute(harm)

    assert found == await audit.verify(tx, secrets, head)


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM audit WHERE n = 3",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET n = 4",
        "DELETE FROM audit",
    ],
)
async def test_the_database_lets_nothing_go_that_no_checkpoint_stands_for(
    database: Database, secrets: Secrets, harm: str
):
    """Behind the checkpoint no line is removed, and the newest checkpoint stays as it is."""
    async with database.transaction() as tx:
        await audit.append(tx, secrets, [EARLIER, EARLIER, *LINES])
        await audit.expire(tx, secrets, BEFORE)
    with pytest.raises(Exception, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(harm)
