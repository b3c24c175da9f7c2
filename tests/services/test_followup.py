"""The talk of moderators and a reporter: everything arrives, in order, at the right people, and leads to nobody."""

import asyncio
import shutil

import pytest
from desk import MODERATORS, desk_at, tap
from office import CANARY, DEWI, RINA, SARI, Office, keys, office_at, sends_picture

from bot.conversation.case import Actor
from bot.conversation.errands import Person
from bot.conversation.events import Arrival, Attached, Command, Commanded, FileKind, Typed
from bot.conversation.speech import Accepted, Later, Shut
from bot.services import cases, drafts, followup, talk
from bot.services.flood import Flood
from bot.services.intake import Intake
from storage import bans, files, outbox, posts
from storage.vault import Key


async def test_a_question_reaches_the_reporter_and_the_answer_the_moderators_in_order(tmp_path):
    """Two questions arrive in order; an answer with a picture and a second one are posted in order under the card."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        before = len(office.moderators.posted)
        asked = [keys(await office.asks(number, words)) for words in ("Jam berapa?", "Di aula mana?")]
        await office.works()
        await office.desk.hears(SARI, office.button(SARI), 20)
        await sends_picture(office, SARI)
        reply = await office.desk.hears(SARI, Typed("Pukul 9."), 21)
        thanked = await office.desk.taps(SARI, reply, "confirm", 22)
        await office.answers(SARI, "Aula lama.")
        await office.works()
        posted = office.moderators.posted[before:]
        card = office.moderators.posted[before - 1]
        async with office.context.database.reading() as tx:
            tip_id, case = (await office.cases())[number]
            noted = [post for post in await posts.of(tx, tip_id) if post.kind == "follow"]

    assert [["act.ask"]] * 2 == asked
    assert ["Jam berapa?", "Di aula mana?"] == office.told(SARI)
    assert ["thread.answer"] == keys(thanked)
    assert "card" == card[1].kind
    assert [("text", before), ("single", before), ("text", before)] == [(piece.kind, to) for _, piece, to in posted]
    assert {MODERATORS} == {chat for chat, _, _ in posted}
    assert b"a clean picture" in office.moderators.files.values()
    assert (3, ("checking", 2, 2)) == (len(noted), (case.standing, case.asked, case.answers))


async def test_what_was_due_is_told_in_order_after_a_platform_that_could_not(tmp_path):
    """A question that could not be told holds back those behind it, and all of them come in their order."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        office.chats.outcomes = [Later(1.0), Later(1.0)]
        for words in ("satu?", "dua?"):
            await office.asks(number, words)
        left = await office.works("tell")
        nothing = office.told(SARI)
        await office.works("tell")

    assert (["tell"] * 2, []) == (left, nothing)
    assert ["satu?", "dua?"] == office.told(SARI)


async def test_a_chat_that_takes_long_holds_up_no_other_and_is_told_in_order(tmp_path, monkeypatch):
    """While one chat waits another is told; workers who meet at one tip say each of its questions once, in order."""
    async with office_at(tmp_path) as office:
        asked = {SARI: ["satu?", "dua?"], CANARY: ["tiga?"]}
        numbers = {chat: await office.sends(chat) for chat in asked}
        for chat, questions in asked.items():
            for words in questions:
                await office.asks(numbers[chat], words)
        say, goes_on, quick = office.chats.say, asyncio.Event(), asyncio.Event()

        async def slow(chat, *what):
            await (goes_on.wait() if chat == SARI else asyncio.sleep(0))
            outcome = await say(chat, *what)
            quick.set()
            return outcome

        monkeypatch.setattr(office.chats, "say", slow)
        work = [asyncio.create_task(office.works("tell")) for _ in range(3)]
        await asyncio.wait([asyncio.create_task(quick.wait()), *work], return_when=asyncio.FIRST_COMPLETED)
        before = {chat: office.told(chat) for chat in asked}
        goes_on.set()
        await asyncio.gather(*work)
        after = {chat: office.told(chat) for chat in asked}

    assert {SARI: [], CANARY: ["tiga?"]} == before
    assert asked == after


async def test_words_that_came_with_a_picture_are_in_the_talk(tmp_path):
    """What was written under a picture is read again with the receipt, and no post says that there are no words."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        made, pieces = [], office.moderators.pieces
        office.moderators.pieces = lambda post: made.append(post) or pieces(post)
        await office.asks(number, "Di mana?")
        await office.works()
        await office.desk.hears(SARI, office.button(SARI), 20)
        await sends_picture(office, SARI, "Di aula lama.")
        await office.desk.taps(SARI, await office.desk.hears(SARI, office.button(SARI), 21), "check", 22)
        check = await office.desk.hears(SARI, Commanded(Command.HELP), 23)
        await office.desk.taps(SARI, check, "confirm", 24)
        await office.works()
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 25)
        (rows,) = [line.values["rows"] for line in opened.screens[-1].lines if line.key == "thread.answered"]

    assert ["thread.files", "evidence.noted"] == [row.key for row in rows]
    assert "Di aula lama." == rows[1].values["note"]
    assert {("follow.title",)} == {tuple(line.key for line in post.body) for post in made}


async def test_with_the_code_only_the_talk_is_read_with_the_receipt(tmp_path):
    """Nothing is told to a code-only reporter, who reads the question with the receipt from any chat and answers it."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI, contact="code")
        said = len(office.chats.said)
        await office.asks(number, "Jam berapa?")
        await office.works()
        quiet = len(office.chats.said) - said
        opened = await office.desk.hears(DEWI, Commanded(Command.STATUS, office.receipts[0]), 4)
        check = await office.desk.hears(DEWI, Typed("Pukul 9."), 5)
        sent = await office.desk.taps(DEWI, check, "confirm", 6)
        again = await office.desk.hears(DEWI, Typed(office.receipts[0]), 7)

    assert 0 == quiet
    assert ["standing.asking", "thread.asked", "thread.ask"] == keys(opened)
    assert (["thread.asked", "check.reply", "show.words"], ["thread.answer"]) == (keys(check), keys(sent))
    assert ["standing.checking", "thread.asked", "thread.answered", "thread.ask"] == keys(again)


async def test_a_note_reaches_no_reporter(tmp_path):
    """A moderator's note is kept in the talk, and neither told nor shown to the reporter."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        said = len(office.chats.said)
        noted = await office.asks(number, "CANARY-NOTE", purpose="note")
        await office.works()
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 4)

    assert (["act.note"], said) == (keys(noted), len(office.chats.said))
    assert ["standing.delivered", "thread.ask"] == keys(opened)


async def known_of(there: set[int], person: Person) -> Actor | None:
    """Who of those that are moderators just now a person is."""
    return Actor("M2", "Dewi") if person.user in there else None


async def test_only_a_moderator_at_that_moment_sends_what_moderators_write(tmp_path):
    """A link opens for the one who pressed, once; and who is no moderator any more sends nothing."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        async with office.context.database.transaction() as tx:
            code = await followup.invite(tx, office.context, "ask", number, RINA)
        stranger = await office.desk.hears(DEWI, Commanded(Command.START, code), 1)
        mine = await office.desk.hears(RINA, Commanded(Command.START, code), 1)
        await office.desk.hears(RINA, Commanded(Command.CANCEL), 2)
        twice = await office.desk.hears(RINA, Commanded(Command.START, code), 3)
        async with office.context.database.transaction() as tx:
            code = await followup.invite(tx, office.context, "ask", number, DEWI)
        there = {DEWI}
        office.desk.intake = Intake(office.context, office.desk.owed.extend, lambda person: known_of(there, person))
        await office.desk.hears(DEWI, Commanded(Command.START, code), 4)
        written = await office.desk.hears(DEWI, Typed("Siapa Anda?"), 5)
        there.clear()
        refused = await office.desk.taps(DEWI, written, "confirm", 6)
        await office.works()

    assert "notice.welcome" in keys(stranger)
    assert ["compose.about", "compose.ask"] == keys(mine)
    assert ["link.spent"] == keys(twice)
    assert (["work.refused"], []) == (keys(refused), office.told(SARI))


async def test_how_to_be_told_can_be_switched_both_ways(tmp_path):
    """Switched on, a question comes to the chat; switched off, nothing comes and the address is gone."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI, contact="code")
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 4)
        on = await office.desk.taps(SARI, opened, "here", 5)
        await office.asks(number, "satu?")
        await office.works()
        address = await office.address(number)
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 6)
        off = await office.desk.taps(SARI, opened, "code", 7)
        await office.asks(number, "dua?")
        await office.works()

        assert (["thread.now.here"], ["thread.now.code"]) == (keys(on), keys(off))
        assert (SARI, None) == (address, await office.address(number))
        assert ["satu?"] == office.told(SARI)


async def test_closing_is_told_and_cuts_the_address(tmp_path):
    """The last word is told without a button, and with its acceptance the address and what opens the tip are gone."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        old = office.button(SARI)
        await office.closes(number)
        await office.works("tell")
        _, last, _ = office.chats.said[-1]
        stale = await office.desk.hears(SARI, old, 30)

        assert ("standing.closed", ()) == (last.lines[0].key, last.choices)
        assert await office.address(number) is None
        assert not (await office.cases())[number][1].reachable
        assert ((), "thread.shut") == (stale.screens, stale.toast.key)


@pytest.mark.parametrize("event", [Typed("Terima kasih, ada lagi."), Attached(FileKind.PHOTO, "f", "u", 100)])
@pytest.mark.parametrize("at", ["", "open", "reply"])
async def test_a_reply_to_a_talk_that_is_shut_is_told_the_way_in(tmp_path, event, at):
    """After closing, who replies to a question, an answer or the last word reads how the talk is opened."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.closes(number)
        await office.works()
        told = await office.desk.intake.handle(Arrival(None, SARI, 30, event, 1000 + len(office.chats.said), at))
        notice = await office.desk.intake.handle(Arrival(None, SARI, 31, Typed("Halo"), 1, "notice"))

    assert ["thread.shut"] == keys(told)
    assert "notice.welcome" in keys(notice)


@pytest.mark.parametrize("at", ["open", "reply"])
async def test_a_reply_to_a_talk_that_is_shut_is_no_answer_of_a_new_tip(tmp_path, at):
    """Somebody who sends another tip meanwhile is told the same, and what is on the screen stays there."""
    async with office_at(tmp_path) as office:
        await office.desk.reaches_review(SARI)
        told = await office.desk.intake.handle(Arrival(None, SARI, 30, Typed("Pukul 9."), 17, at))
        own = await office.desk.intake.handle(Arrival(None, SARI, 31, Typed("ubah"), 18, "review"))

    assert ("thread.shut", "review.title") == tuple(keys(told)[:2])
    assert ["ask.change"] == keys(own)


@pytest.mark.parametrize("by_reply", [True, False])
async def test_answers_to_two_tips_of_one_reporter_both_arrive(tmp_path, by_reply):
    """An answer that was not sent when the other tip's question was answered waits, and goes to its own tip."""
    async with office_at(tmp_path) as office:
        questions = {}
        for words in ("satu?", "dua?"):
            number = await office.sends(SARI, story=f"Tentang {words}")
            await office.asks(number, words)
            await office.works()
            questions[words] = (number, office.button(SARI), 1000 + len(office.chats.said))
        for words, said in (("satu?", "Jawaban satu."), ("dua?", "Jawaban dua."), ("satu?", "Lagi.")):
            _, button, message = questions[words]
            if not by_reply:
                await office.desk.hears(SARI, button, 20)
            check = await office.desk.intake.handle(
                Arrival(None, SARI, 21, Typed(said), reply_to=message if by_reply else None)
            )
        after = await office.desk.taps(SARI, check, "confirm", 22)
        sent = [after, await office.desk.taps(SARI, after, "confirm", 23)]
        async with office.context.database.reading() as tx:
            talks = [
                await talk.of(tx, office.context, (await office.cases())[one][0]) for one, *_ in questions.values()
            ]

    assert "compose.waiting" in keys(check)
    assert ["thread.answer"] * 2 == [keys(reply)[0] for reply in sent]
    assert ["Jawaban satu.\nLagi.", "Jawaban dua."] == [
        said.line.values["words"] for one in talks for said in one if said.kind == "answer"
    ]


@pytest.mark.parametrize("by_reply", [True, False])
async def test_who_answers_the_first_of_two_questions_reads_that_one(tmp_path, by_reply):
    """The button of a question, and a reply to it, show the question that they are under, whatever was asked since."""
    async with office_at(tmp_path) as office:
        number, shown = await office.sends(SARI), []
        questions = []
        for words in ("satu?", "dua?"):
            await office.asks(number, words)
            await office.works()
            questions.append((office.button(SARI), 1000 + len(office.chats.said)))
        for button, message in questions:
            event = Arrival(None, SARI, 21, Typed("Ya."), reply_to=message) if by_reply else None
            reply = await (office.desk.intake.handle(event) if event else office.desk.hears(SARI, button, 20))
            lines = [line for screen in reply.screens for line in screen.lines if line.key == "thread.asked"]
            shown += [line.values["others"].values["words"] for line in lines]
            await office.desk.hears(SARI, Commanded(Command.CANCEL), 22)

    assert ["satu?", "dua?"] == shown


@pytest.mark.parametrize("by_reply", [True, False])
async def test_what_was_being_written_when_the_tip_was_closed_is_sent_as_an_addition(tmp_path, by_reply):
    """Words and a picture that waited to be confirmed reach the moderators though the tip was closed meanwhile."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        if by_reply:
            first = Arrival(9_000, SARI, 20, Typed("Begini:"), reply_to=1000 + len(office.chats.said))
            await office.desk.intake.handle(first)
        else:
            await office.desk.hears(SARI, office.button(SARI), 20)
        await sends_picture(office, SARI)
        check = await office.desk.hears(SARI, Typed("Pukul 9."), 21)
        before = len(office.moderators.posted)
        await office.closes(number)
        await office.works()
        address = await office.address(number)
        sent = await office.desk.taps(SARI, check, "confirm", 22)
        await office.works()
        posted = office.moderators.posted[before:]

    assert (None, ["thread.add"]) == (address, keys(sent))
    assert ["text", "single"] == [piece.kind for _, piece, _ in posted]


async def test_an_answer_that_cannot_be_taken_stays_in_hand(tmp_path):
    """Where the tip is gone when its answer is confirmed, words and picture are there still, with what to do."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        await office.desk.hears(SARI, office.button(SARI), 20)
        await sends_picture(office, SARI)
        check = await office.desk.hears(SARI, Typed("Pukul 9."), 21)
        await office.desk.hears(DEWI, Commanded(Command.DELETE, office.receipts[0]), 22)
        refused = await office.desk.taps(SARI, check, "confirm", 23)
        async with office.context.database.reading() as tx:
            held = (await drafts.load(tx, office.context, [SARI]))[SARI]
            kept = await files.whole(tx, office.context.secrets, bytes.fromhex(held.draft.items[0].stored))

    assert ["thread.gone", "thread.kept", "thread.asked", "check.reply", "show.words"] == keys(refused)[:5]
    assert ("Pukul 9.", b"a clean picture") == (held.draft.text("words"), kept)


async def test_the_address_is_cut_a_day_after_closing_at_the_latest(tmp_path):
    """Where the last word cannot be told, the address goes a day later all the same."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.closes(number)
        office.chats.outcomes = [Later(1.0)]
        await office.works()
        early = await office.address(number)
        office.desk.clock.passes(hours=25)
        await office.works("cut")

        assert (SARI, None) == (early, await office.address(number))


async def test_the_address_is_not_kept_for_a_clock_that_was_ahead(tmp_path):
    """Closed while the clock was a year ahead, a tip has no address left once the clock was put right."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        office.desk.clock.passes(days=366)
        await office.closes(number)
        office.desk.clock.passes(days=-366)
        await office.works("cut")

        assert await office.address(number) is None


async def test_a_reporter_who_shut_the_chat_finds_the_question_with_the_receipt(tmp_path):
    """A chat that takes nothing ends the telling, and the talk keeps the question."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        office.chats.outcomes = [Shut("blocked")]
        await office.asks(number, "satu?")
        left = await office.works("tell")
        opened = await office.desk.hears(DEWI, Commanded(Command.STATUS, office.receipts[0]), 4)

    assert [] == left
    assert "thread.asked" in keys(opened)


async def test_a_reply_to_the_question_is_its_answer_and_the_draft_in_hand_comes_back(tmp_path):
    """Words in reply to a question are shown to be confirmed; then the draft that was in hand is on the screen."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        review = await office.desk.reaches_review(SARI)
        arrival = Arrival(9_000, SARI, 40, Typed("Pukul 9."), reply_to=1000 + len(office.chats.said))
        check = await office.desk.intake.handle(arrival)
        sent = await office.desk.taps(SARI, check, "confirm", 41)

    assert ["thread.asked", "check.reply", "show.words"] == keys(check)
    assert ["thread.answer", *keys(review)] == keys(sent)
    assert review.screens[-1] == sent.screens[-1]


async def test_two_reporters_never_get_each_others_words(tmp_path):
    """What is asked of two tips and answered crosswise stays with its tip."""
    async with office_at(tmp_path) as office:
        numbers = {SARI: await office.sends(SARI), DEWI: await office.sends(DEWI)}
        for chat in (DEWI, SARI, SARI, DEWI):
            await office.asks(numbers[chat], f"untuk {chat}?")
        await office.works()
        for chat in (SARI, DEWI):
            await office.answers(chat, f"dari {chat}")
        await office.works()
        opened = {
            chat: repr(await office.desk.hears(chat, Commanded(Command.STATUS, receipt), 50))
            for chat, receipt in zip((SARI, DEWI), office.receipts, strict=True)
        }

    for chat, other in ((SARI, DEWI), (DEWI, SARI)):
        assert [f"untuk {chat}?"] * 2 == office.told(chat)
        assert f"dari {chat}" in opened[chat]
        assert f"untuk {other}" not in opened[chat]
        assert f"dari {other}" not in opened[chat]


async def test_withdrawing_takes_the_talk_and_its_posts_back(tmp_path):
    """With the tip go its entries, what opens it, and the posts of the answers."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        await office.answers(SARI, "Pukul 9.")
        await office.works()
        await office.desk.hears(SARI, Commanded(Command.DELETE, office.receipts[0]), 60)
        await office.works()
        async with office.context.database.reading() as tx:
            left = [
                len(list(await tx.execute_fetchall(f"SELECT 1 FROM {table}")))  # noqa: S608 - names of our own tables
                for table in ("tips", "entries", "openings", "posts", "files")
            ]
        posted = {number for number, _ in enumerate(office.moderators.posted, start=1)}

    assert [0] * 5 == left
    assert posted == {message for _, messages in office.moderators.retracted for message in messages}


async def test_a_crash_at_any_statement_leaves_all_of_an_answer_or_nothing(tmp_path):
    """Killed before any statement of keeping or posting it, the bot has no answer or a whole one, and ends with one."""
    source, copies = tmp_path / "origin", []
    source.mkdir()

    def copy(_statement=""):
        target = tmp_path / f"copy-{len(copies)}"
        shutil.copytree(source, target)
        copies.append(target)

    async with office_at(source) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        await office.desk.hears(SARI, office.button(SARI), 20)
        check = await office.desk.hears(SARI, Typed("Pukul 9."), 21)
        writer = office.context.database._writer
        await writer.set_trace_callback(copy)
        sending = Arrival(9_000, SARI, 22, tap(check, "confirm"))
        await office.desk.intake.handle(sending)
        await office.works("follow")
        await writer.set_trace_callback(None)
        copy()
    found = []
    for folder in copies:
        async with office_at(folder) as office:
            before = await _state(office)
            office.moderators.first = 1_000
            await office.desk.intake.handle(sending)
            async with office.context.database.reading() as tx:
                office.desk.owed[:] = await outbox.ids(tx)
            await office.works("follow")
            found.append((before, await _state(office)))

    assert len(copies) > 10
    assert {(3, 0, 0), (4, 0, 1), (5, 1, 1), (5, 1, 0)} == {before for before, _ in found}
    assert {(5, 1, 0)} == {after for _, after in found}


async def _state(office: Office) -> tuple[int, int, int]:
    """How many entries, how many answers the case counts, how many posts of them are owed."""
    async with office.context.database.reading() as tx:
        ((entries,),) = await tx.execute_fetchall("SELECT count(*) FROM entries")
        owed = [kind for _, kind in await outbox.ids(tx)]
    (_, case), *_ = (await office.cases()).values()
    return entries, case.answers, owed.count("follow")


async def test_with_the_code_only_nothing_that_is_kept_leads_to_the_reporter(tmp_path, monkeypatch):
    """Of somebody who chose the code only, no chat is ever sealed with tip, talk or openings, and no draft is left."""
    sealed, seal = [], Key.seal
    monkeypatch.setattr(
        Key, "seal", lambda key, place, data: sealed.append((place.table, data)) or seal(key, place, data)
    )
    async with office_at(tmp_path) as office:
        number = await office.sends(CANARY, contact="code")
        await office.asks(number, "satu?")
        opened = await office.desk.hears(CANARY, Commanded(Command.STATUS, office.receipts[0]), 4)
        await office.desk.taps(CANARY, opened, "reply", 5)
        await office.desk.taps(CANARY, await office.desk.hears(CANARY, Typed("Pukul 9."), 6), "confirm", 7)
        await office.works()
        async with office.context.database.reading() as tx:
            ((drafts_left,),) = await tx.execute_fetchall("SELECT count(*) FROM drafts")
        address = await office.address(number)
    about_the_tip = {table: data for table, data in sealed if table in ("tips", "entries", "openings")}

    assert (None, 0) == (address, drafts_left)
    assert {"tips", "entries", "openings"} == set(about_the_tip)
    assert [] == [table for table, data in sealed if table in about_the_tip and b"%d" % CANARY in data]


async def test_a_banned_chat_gets_a_sentence_and_leaves_nothing(tmp_path):
    """Of a banned chat nothing is kept, though it may still take its own tip back; others are not touched."""
    async with office_at(tmp_path) as office:
        await office.sends(SARI)
        await _blocks(office, SARI)
        refused = [keys(await office.desk.hears(SARI, event, 70)) for event in (Commanded(Command.START), Typed("x"))]
        other = await office.desk.hears(DEWI, Commanded(Command.START), 71)
        await office.desk.hears(SARI, Commanded(Command.DELETE, office.receipts[0]), 72)
        left = await office.numbers()

    assert [["banned"]] * 2 == refused
    assert "notice.welcome" in keys(other)
    assert set() == left


async def _blocks(office: Office, chat: int) -> None:
    async with office.context.database.transaction() as tx:
        await bans.add(tx, office.context.secrets, chat, office.context.today())


async def test_a_banned_chat_is_asked_for_the_receipt_of_what_it_takes_back(tmp_path):
    """`/hapus` asks a banned chat for the receipt as it asks any other, takes that alone, and nothing is left of it."""
    async with office_at(tmp_path) as office:
        await office.sends(SARI)
        await _blocks(office, SARI)
        asked = await office.desk.hears(SARI, Commanded(Command.DELETE), 70)
        picture = await office.desk.hears(SARI, Attached(FileKind.PHOTO, "f", "u", 100), 71)
        words = await office.desk.hears(SARI, Typed("Pukul 9."), 72)
        await office.desk.hears(SARI, Typed(office.receipts[0]), 73)
        after = await office.desk.hears(SARI, Typed("x"), 74)
        left = await office.numbers()

    assert (["ask.withdraw"], ["banned"]) == (keys(asked), keys(picture))
    assert ["problem.receipt", "ask.withdraw"] == keys(words)
    assert (["banned"], set()) == (keys(after), left)


@pytest.mark.parametrize("how", ["reply", "button", "receipt"])
async def test_a_banned_chat_answers_what_it_is_asked_and_nothing_else(tmp_path, how):
    """A question on its tip is answered by a reply, its button or the receipt; once answered, nothing more is taken."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await _blocks(office, SARI)
        await office.asks(number, "Jam berapa?")
        await office.works()
        question = 1000 + len(office.chats.said)

        async def says(words: str):
            if how == "button":
                await office.desk.hears(SARI, office.button(SARI), 70)
            if how == "receipt":
                await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 70)
            reply_to = question if how == "reply" else None
            return await office.desk.intake.handle(Arrival(None, SARI, 71, Typed(words), reply_to=reply_to))

        sent = await office.desk.taps(SARI, await says("Pukul 9."), "confirm", 72)
        again = await says("Satu lagi.")

    assert (["thread.answer"], ["banned"]) == (keys(sent), keys(again))


async def test_a_flood_is_turned_away_with_one_sentence_a_minute(tmp_path):
    """Beyond its events a chat is told once a minute and nothing is kept, while another chat is heard."""
    async with desk_at(tmp_path) as desk:
        desk.intake = Intake(desk.context, desk.owed.extend, flood=Flood(chat_most=3, strangers_most=9))
        heard = [keys(await desk.hears(SARI, Typed("x"), 80)) for _ in range(6)]
        other = keys(await desk.hears(DEWI, Typed("x"), 81))
        crowd = [keys(await desk.hears(chat, Typed("x"), 82)) for chat in range(1, 7)]
        desk.clock.passes(minutes=1)
        later = keys(await desk.hears(SARI, Typed("x"), 83))

    assert [False] * 3 == [said in (["slow"], []) for said in heard[:3]]
    assert [["slow"], [], []] == heard[3:]
    assert "slow" not in [*other, *later]
    assert [False] * 5 + [True] == [said == ["slow"] for said in crowd]


async def test_a_flood_of_strangers_holds_no_moderator_up(tmp_path):
    """Whoever follows a link of their work is heard while strangers without a draft are turned away."""
    async with desk_at(tmp_path) as desk:
        actor = Actor("7", "Dewi")

        async def who(person: Person) -> Actor | None:
            return actor if person.user == DEWI else None

        desk.intake = Intake(desk.context, desk.owed.extend, who, Flood(strangers_most=0))
        heard = {chat: keys(await desk.hears(chat, Commanded(Command.START, "link"), 84)) for chat in (SARI, DEWI)}

    assert ["slow"] == heard[SARI]
    assert heard[DEWI]
    assert "slow" not in heard[DEWI]


async def test_an_answer_waits_for_its_release(tmp_path):
    """With a release delay an answer is posted only when its minute has come."""
    async with office_at(tmp_path, release_minutes=30) as office:
        number = await office.sends(SARI)
        office.desk.clock.passes(minutes=31)
        await office.works()
        await office.asks(number, "satu?")
        await office.works()
        before = len(office.moderators.posted)
        await office.answers(SARI, "Pukul 9.")
        await office.works()
        early = len(office.moderators.posted) - before
        office.desk.clock.passes(minutes=31)
        await office.works()

    assert (0, 1) == (early, len(office.moderators.posted) - before)


async def test_with_a_delay_the_channel_tells_nothing_before_its_minute(tmp_path):
    """With a delay no card changes at once by an answer, a look-alike or a switch; its reporter reads the answer."""
    async with office_at(tmp_path, release_minutes=600) as office:
        number = await office.sends(SARI)
        office.desk.clock.passes(minutes=601)
        await office.works()
        await office.asks(number, "satu?")
        await office.works()
        drawn = len(office.moderators.drawn)
        other = await office.sends(DEWI)
        await office.answers(SARI, "Pukul 9.")
        await office.works()
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 30)
        await office.desk.taps(SARI, opened, "code", 31)
        again = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 32)
        await office.works()
        _, early = (await office.cases())[number]
        async with office.context.database.reading() as tx:
            listed = [case.number async for case in cases.every(tx, office.context)]
            hidden = await cases.numbered(tx, office.context, other)
        at_once = len(office.moderators.drawn) - drawn
        office.desk.clock.passes(minutes=601)
        await office.works()
        await office.works()
        known = await office.cases()

    assert (0, [number], None) == (at_once, listed, hidden)
    assert ("asking", 0, (), True) == (early.standing, early.answers, early.alike, early.reachable)
    assert "here" in [choice.code for choice in again.screens[-1].choices]
    assert not known[number][1].reachable
    assert "standing.checking" in keys(opened)
    assert ("checking", 1, (other,)) == (known[number][1].standing, known[number][1].answers, known[number][1].alike)
    assert (number,) == known[other][1].alike


async def test_what_the_platform_took_is_not_repeated_after_a_crash(tmp_path):
    """An answer whose picture could not be sent goes on with it, as a possible repeat; its text is posted once."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "satu?")
        await office.works()
        await office.desk.hears(SARI, office.button(SARI), 20)
        await sends_picture(office, SARI)
        await office.desk.taps(SARI, await office.desk.hears(SARI, Typed("Pukul 9."), 21), "confirm", 22)
        before = len(office.moderators.posted)
        office.moderators.outcomes = [Accepted((900,)), Later(unsure=True)]
        left = await office.works()
        await office.works()
        kinds = [(piece.kind, piece.repeat) for _, piece, _ in office.moderators.posted[before:]]

    assert ["follow"] == left
    assert [("single", True)] == kinds


async def test_what_nobody_asked_for_is_taken_so_often_a_day_and_an_answer_always(tmp_path):
    """With the receipt of a closed tip alone nobody floods the channel; what is too much stays in hand for tomorrow."""
    async with office_at(tmp_path) as office:
        number = await office.sends(SARI, "code")

        async def adds(words):
            opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 30)
            await office.desk.taps(SARI, opened, "reply", 31)
            return await office.desk.taps(SARI, await office.desk.hears(SARI, Typed(words), 32), "confirm", 33)

        await office.asks(number, "Jam berapa?")
        taken = [keys(await adds(str(n))) for n in range(followup.ADDED_MOST)]
        await office.works()
        refused = await adds("lagi")
        await office.desk.taps(SARI, refused, "cancel", 34)
        await office.asks(number, "Di mana?")
        asked = keys(await adds("Di aula."))
        await office.works()
        await office.closes(number)
        over = await adds("lagi")
        office.desk.clock.passes(days=1)
        later = keys(await office.desk.taps(SARI, over, "confirm", 35))

    assert [["thread.answer"], *[["thread.add"]] * (followup.ADDED_MOST - 1)] == taken
    assert ["thread.enough", "thread.kept"] == keys(refused)[:2] == keys(over)[:2]
    assert "show.words" in keys(refused)
    assert (["thread.answer"], ["thread.add"]) == (asked, later)
