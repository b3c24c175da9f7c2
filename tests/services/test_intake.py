"""Events in, replies out: one commit for many, nobody answered before it, nobody harmed by another."""

import asyncio
from datetime import UTC, datetime

import pytest
from desk import RULES, START, desk_at, tap

from bot.conversation.advance import advance
from bot.conversation.events import Arrival, Attached, Cleaned, Command, Commanded, FileKind, Typed
from bot.conversation.screens import Reply
from bot.services import drafts, turn
from storage import files, outbox, seen, traces
from storage.database import StorageUnavailable

CHATS = range(1, 21)


async def _starts(desk, chat: int) -> Reply:
    return await desk.taps(chat, await desk.hears(chat, Commanded(Command.START), 1), "agree-id", 2)


async def test_a_word_agrees_only_to_the_notice_that_was_said_last(tmp_path):
    """An "ok" to the notice begins, also in the next hour; one to what follows a sent tip, or later, shows it anew."""
    async with desk_at(tmp_path) as desk:
        await desk.hears(1, Commanded(Command.START))
        desk.clock.passes(hours=1)
        await desk.intake.note_spoken()
        begun = await desk.hears(1, Typed("ok"))
        await desk.taps(2, await desk.reaches_review(2, contact="code"), "send", 9)
        thanked = await desk.hears(2, Typed("ok"))
        desk.clock.passes(hours=2)
        await desk.intake.note_spoken()
        late = await desk.hears(2, Typed("ok"))

    assert ["status", "notice", "notice"] == [reply.screens[0].question for reply in (begun, thanked, late)]


async def test_events_that_wait_together_share_a_commit(tmp_path):
    """Twenty chats that write at once are answered out of a few transactions."""
    async with desk_at(tmp_path) as desk:
        replies = {chat: await _starts(desk, chat) for chat in CHATS}
        commits: list[str] = []
        writer = desk.context.database._writer
        await writer.set_trace_callback(lambda statement: commits.append(statement) if statement == "COMMIT" else None)
        await asyncio.gather(*(desk.taps(chat, replies[chat], "PNS") for chat in CHATS))
        await writer.set_trace_callback(None)

    assert 1 <= len(commits) <= 3


async def test_nobody_is_answered_before_the_commit(tmp_path, monkeypatch):
    """When it comes to the commit no reply is there, and nobody has heard of what is owed; after it, both."""
    async with desk_at(tmp_path) as desk:
        review = await desk.reaches_review(1)
        desk.owed.clear()
        sending, early = asyncio.ensure_future(desk.taps(1, review, "send", 9)), []
        writer = desk.context.database._writer
        commit = writer.commit

        async def seen_committing() -> None:
            for _ in range(10):  # so many rounds of the loop would bring what was said too soon
                await asyncio.sleep(0)
            early.append((sending.done(), [*desk.owed]))
            await commit()

        monkeypatch.setattr(writer, "commit", seen_committing)
        await sending

    assert [(False, [])] == early
    assert {"tip", "answer"} <= {kind for _, kind in desk.owed}


async def test_an_event_that_cannot_be_handled_harms_no_other(tmp_path, monkeypatch):
    """Where one event of a batch raises, its own sender alone gets the error."""

    def broken(draft, event, world):
        if event == Typed("poison"):
            raise ZeroDivisionError
        return advance(draft, event, world)

    async with desk_at(tmp_path) as desk:
        for chat in CHATS:
            await _starts(desk, chat)
        monkeypatch.setattr(turn, "advance", broken)
        words = ["poison" if chat == 7 else "PPPK" for chat in CHATS]
        results = await asyncio.gather(
            *(desk.hears(chat, Typed(said)) for chat, said in zip(CHATS, words, strict=True)), return_exceptions=True
        )

    assert [7] == [chat for chat, result in zip(CHATS, results, strict=True) if isinstance(result, ZeroDivisionError)]
    assert {"accused"} == {result.screens[0].question for result in results if isinstance(result, Reply)}


async def test_a_storage_that_fails_is_told_and_keeps_nothing(tmp_path):
    """When the disk is full the event raises `StorageUnavailable`; once it is not, the same question is still open."""
    async with desk_at(tmp_path) as desk:
        await desk.reaches_review(1)
        writer = desk.context.database._writer
        pages = (await writer.execute_fetchall("PRAGMA page_count"))[0][0]
        await writer.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageUnavailable):
            await asyncio.gather(*(desk.reaches_review(chat, story="z" * 4000) for chat in range(2, 12)))
        await writer.execute("PRAGMA max_page_count = 1000000")
        again = await desk.hears(1, Commanded(Command.START))

    assert "resume" == again.screens[0].question


async def test_a_replayed_event_draws_the_current_screen_and_moves_nothing(tmp_path):
    """The platform's second handing-over of an answer shows the question that followed it."""
    async with desk_at(tmp_path) as desk:
        reply = await _starts(desk, 1)
        arrival = Arrival(99, 1, 3, tap(reply, "PNS"))
        first = await desk.intake.handle(arrival)
        second = await desk.intake.handle(arrival)

    assert first.screens == second.screens


async def test_an_event_that_telegram_has_forgotten_is_forgotten(tmp_path):
    """Rows of handled events go once the platform has been told."""
    async with desk_at(tmp_path) as desk:
        await desk.hears(1, Commanded(Command.START))
        await desk.intake.told([1])
        async with desk.context.database.reading() as tx:
            known = await seen.known(tx, [1])

    assert set() == known


async def test_nothing_is_kept_before_consent(tmp_path):
    """Whoever only reads the notice, asks for help or sends a photo leaves no row but the number of the event."""
    async with desk_at(tmp_path) as desk:
        for event in (
            Commanded(Command.START),
            Commanded(Command.HELP),
            Commanded(Command.PRIVACY),
            Typed("halo"),
            Attached(FileKind.PHOTO, "f", "u", 100),
        ):
            await desk.hears(1, event, 4)
        writer = desk.context.database._writer
        counts = {
            table: (await writer.execute_fetchall(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 - our names
            for table in ("drafts", "traces", "tips", "files", "outbox", "tally")
        }

    assert {0} == set(counts.values())


async def test_the_conversation_goes_on_after_a_restart_at_every_question(tmp_path):
    """Stopped and started anew before each answer, the bot asks what it asked before and reaches the end."""
    steps = ("agree-id", "PNS", Typed("Kepala dinas"), Typed("Jeneponto"), "skip", "2026-11-23", "2026-11-24")
    steps += ("on-AJAKAN", "next", Typed("Ia mengajak kami memilih calon itu."), "next", "here", "send")
    updates, questions = 1, []
    async with desk_at(tmp_path) as desk:
        reply = await desk.intake.handle(Arrival(updates, 1, 1, Commanded(Command.START)))
    for step in steps:
        async with desk_at(tmp_path) as desk:
            updates += 1
            reply = await desk.intake.handle(
                Arrival(updates, 1, 1, tap(reply, step) if isinstance(step, str) else step)
            )
            questions += [screen.question for screen in reply.screens]
            owed = sorted(kind for _, kind in desk.owed)

    assert "review" in questions
    assert ["answer", "tip"] == owed


async def test_a_draft_lives_for_its_hours_and_not_longer(tmp_path):
    """Silence of one hour less than the term changes nothing; of one hour more leaves neither draft nor files."""
    async with desk_at(tmp_path) as desk:
        await _starts(desk, 1)
        desk.clock.passes(hours=RULES.draft_hours)
        kept = await desk.hears(1, Typed("PNS"))
        async with desk.context.database.transaction() as tx:
            held = (await drafts.load(tx, desk.context, [1]))[1]
            await files.add(tx, desk.context.secrets, held.row.id, b"picture")
        desk.clock.passes(hours=RULES.draft_hours + 1)
        forgotten = await desk.hears(1, Typed("Kepala dinas"))
        async with desk.context.database.transaction() as tx:
            rows = [row[0] for row in await tx.execute_fetchall("SELECT count(*) FROM files")]

    assert "accused" == kept.screens[0].question
    assert "notice" == forgotten.screens[0].question
    assert [0] == rows


async def test_a_draft_that_cannot_be_opened_is_as_good_as_none(tmp_path):
    """A changed byte in one draft makes its reporter start anew, and is counted."""
    async with desk_at(tmp_path) as desk:
        await _starts(desk, 1)
        async with desk.context.database.transaction() as tx:
            await tx.execute("UPDATE drafts SET sealed = zeroblob(300)")
        reply = await desk.hears(1, Typed("PNS"))

    assert "notice" == reply.screens[0].question
    assert 1 == desk.context.counters["draft_broken"]


async def test_today_is_the_day_of_the_place(tmp_path):
    """At 23.30 in Jakarta it is the next day in Jayapura, and the reporter there is asked in their own day."""
    async with desk_at(tmp_path) as desk:
        desk.clock.now = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
        reply = await _starts(desk, 1)
        for said in ("PNS", Typed("Kepala dinas"), Typed("Kota Jayapura"), "skip"):
            reply = await (desk.taps(1, reply, said) if isinstance(said, str) else desk.hears(1, said))

    assert "2026-11-25" == reply.screens[0].choices[0].code


async def test_cancelling_clears_the_chat_but_for_the_message_that_tells_it(tmp_path):
    """When a draft is discarded, the messages of the chat are owed to be deleted, all but the one drawn over."""
    async with desk_at(tmp_path) as desk:
        reply = await _starts(desk, 1)
        desk.intake.spoke(1, (10, 11))
        reply = await desk.taps(1, reply, "cancel", 11)
        await desk.taps(1, reply, "discard", 11)
        async with desk.context.database.reading() as tx:
            (owed_id, kind), *more = await outbox.ids(tx)
            owed = await outbox.read(tx, desk.context.secrets, owed_id)
            left = await traces.load(tx, desk.context.secrets, [1])

    assert ("erase", [], {}) == (kind, more, left)
    assert b'"messages":[1,2,10]' in owed.body


async def test_messages_that_a_silent_chat_was_sent_are_noted_by_the_hour(tmp_path):
    """What was said since the last event is noted with a chat that has a draft, and forgotten otherwise."""
    async with desk_at(tmp_path) as desk:
        await _starts(desk, 1)
        desk.intake.spoke(1, (10,))
        desk.intake.spoke(2, (20,))
        await desk.intake.note_spoken()
        async with desk.context.database.reading() as tx:
            noted = await traces.load(tx, desk.context.secrets, [1, 2])

    assert {1: [1, 2, 10]} == {chat: [trace.message for trace in entries] for chat, entries in noted.items()}


async def test_what_cleaning_tells_reaches_the_draft_that_still_waits_for_it(tmp_path):
    """A cleaned file is kept with its draft, and destroyed where the draft has gone meanwhile."""
    async with desk_at(tmp_path) as desk:
        await _starts(desk, 1)
        await desk.hears(1, Attached(FileKind.PHOTO, "f", "u", 100))
        async with desk.context.database.transaction() as tx:
            held = (await drafts.load(tx, desk.context, [1]))[1]
            stored = [await files.add(tx, desk.context.secrets, held.row.id, b"clean") for _ in range(2)]
        about = ("picture", "jpg", 5, (), "a", "b")
        await desk.intake.handle(Arrival(None, 1, None, Cleaned(held.draft.items[0].name, stored[0].hex(), *about)))
        await desk.intake.handle(Arrival(None, 2, None, Cleaned("other", stored[1].hex(), *about)))
        async with desk.context.database.transaction() as tx:
            held = (await drafts.load(tx, desk.context, [1]))[1]
            left = [row[0] for row in await tx.execute_fetchall("SELECT id FROM files")]

    assert ["kept"] == [item.state for item in held.draft.items]
    assert [stored[0]] == left


async def test_hours_are_counted_in_no_zone(tmp_path):
    """The hour that drafts and debts are dated by is the same wherever the operator's clock stands."""
    async with desk_at(tmp_path) as desk:
        assert int(START.timestamp()) // 3600 == desk.context.hour()
