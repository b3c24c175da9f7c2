"""Nothing is written to the other side unconfirmed, what was in hand comes back untouched, one can get out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporter import Reporter

from bot.conversation.betrayal import Reader
from bot.conversation.compose import (
    ASK,
    CANNED,
    CANNED_SIGNS,
    COMPOSING,
    CONFIRM,
    DROP,
    KEEP,
    LABEL_MOST,
    MOST,
    REPLY,
    THREAD,
    WORK,
)
from bot.conversation.draft import from_json, to_json
from bot.conversation.effects import Answer, Drop, Keep, LookUp, Reach, Remove, Write
from bot.conversation.events import Chose, Command, Commanded, Edited, Opened, Typed
from bot.conversation.safety import ANYWAY
from bot.conversation.screens import say
from bot.conversation.step import screen
from bot.conversation.waiting import in_hand
from bot.conversation.way import PLACES

SENT = (Write, Answer)
WRITING = [place for place in COMPOSING if place != THREAD]


SARI = Reader("sari_w", ("Sari", "Wulandari"))
OFFERED = (*((code, "") for code in CANNED), ("5", "Di aula mana?"))


def shown_of(words: str, at: str = ASK):
    """What was written at a place, as who it is for will read it."""
    shown = say("show.words", words=words)
    return shown if at in (REPLY, THREAD) else say("show.others", others=shown)


def opened(purpose: str, at: str = "", contact: str = "here") -> Reporter:
    reporter = Reporter().reaches(at) if at else Reporter()
    offered = OFFERED if purpose == ASK else ()
    reporter.does(Opened(purpose, "CODE", (say("thread.no_words"),), contact, offered=offered))
    return reporter


@pytest.mark.parametrize(
    ("purpose", "effect"),
    [
        *((purpose, Write(purpose, "CODE", "Kapan?")) for purpose in WORK),
        ("reply", Answer("CODE", "Kapan?")),
    ],
)
def test_words_are_shown_then_sent_by_a_button(purpose, effect):
    """What was typed is on the screen as it will be sent, and goes only with the button."""
    reporter = opened(purpose).types("Kapan?")
    shown, before = reporter.shown, reporter.step.effects
    reporter.taps(CONFIRM)

    assert shown_of("Kapan?", purpose) in shown.lines
    assert ((), (effect,)) == (before, reporter.step.effects)
    assert reporter.draft is None


@pytest.mark.parametrize("code", CANNED)
def test_canned_questions_are_sent_by_their_key(code):
    """A canned question is shown first, and travels as its key, so that the reporter reads it in their language."""
    reporter = opened("ask").taps(f"canned-{code}")
    shown = reporter.shown
    reporter.taps(CONFIRM)

    assert say("show.others", others=say(f"canned.{code}")) in shown.lines
    assert (Write("ask", "CODE", "", code),) == reporter.step.effects


def test_moderators_own_ready_questions_are_sent_by_their_words():
    """What was offered is shown, and its words are sent, whatever became of the code meanwhile."""
    reporter = opened("ask").taps("canned-5")
    shown = reporter.shown
    reporter.taps(CONFIRM)

    assert shown_of("Di aula mana?") in shown.lines
    assert (Write("ask", "CODE", "Di aula mana?"),) == reporter.step.effects


def test_a_question_becomes_a_ready_one_where_it_is_confirmed():
    """What is typed can be kept before it is sent; it is kept once, and sent like any other."""
    reporter = opened("ask").types("Jam berapa?").taps(KEEP)
    kept, codes = reporter.step.effects, reporter.codes
    reporter.taps(CONFIRM)

    assert (Keep("Jam berapa?"),) == kept
    assert KEEP not in codes
    assert (Write("ask", "CODE", "Jam berapa?"),) == reporter.step.effects


@pytest.mark.parametrize("code", [code for code, _ in OFFERED])
def test_a_ready_question_is_removed_where_it_is_shown(code):
    """Chosen, it can be let go of: nothing is asked, and it is no longer among those that are offered."""
    reporter = opened("ask").taps(f"canned-{code}", DROP)

    assert (Drop("ask", code),) == reporter.step.effects
    assert {f"canned-{other}" for other, _ in OFFERED if other != code} <= set(reporter.codes)
    assert f"canned-{code}" not in reporter.codes


@pytest.mark.parametrize("words", ["Di aula mana?", "x" * (CANNED_SIGNS + 1), "Jam berapa?\nDi mana?"])
def test_what_is_no_button_is_not_kept(words):
    """A question that is there already, or does not fit a button, is sent without being kept."""
    reporter = opened("ask").types(words)

    assert CONFIRM in reporter.codes
    assert KEEP not in reporter.codes


@pytest.mark.parametrize("words", ["kirim", "ya", "send", "ok"])
@pytest.mark.parametrize("purpose", WRITING)
def test_no_word_confirms(purpose, words):
    """Words on the confirming screen are more of the text, or the new one, never the confirmation."""
    reporter = opened(purpose).types("Kapan?", words)
    all_of_it = "Kapan?\n" + words if COMPOSING[purpose].most == MOST else words

    assert () == reporter.step.effects
    assert shown_of(all_of_it, purpose) in reporter.shown.lines


@pytest.mark.parametrize(("purpose", "most"), [("reply", MOST), ("ask", MOST), ("newlabel", LABEL_MOST)])
def test_too_long_is_told_and_not_kept(purpose, most):
    """One sign more than fits is refused with both numbers, and there is nothing to confirm."""
    reporter = opened(purpose).types("x" * (most + 1))
    refused, codes = reporter.keys, reporter.codes
    reporter.types("x" * most)

    assert "problem.long" in refused
    assert CONFIRM not in codes
    assert CONFIRM in reporter.codes


def test_a_reply_takes_files_and_waits_until_they_are_clean():
    """A file is the reply's own; while it is being cleaned nothing is sent, and then it goes with the words."""
    reporter = opened("reply", at="story")
    item = reporter.sends_file().fetched()
    early = reporter.types("Ini fotonya.").taps(CONFIRM).keys
    reporter.is_cleaned(item, stored="bb").taps(CONFIRM)
    (effect,) = reporter.step.effects

    assert "compose.pending" in early
    assert ("Ini fotonya.", ["bb"]) == (effect.words, [one.stored for one in effect.items])
    assert ("story", ()) == (reporter.at, reporter.draft.items)


def test_files_alone_can_be_sent():
    """A reply may be a picture without words."""
    reporter = opened("reply").keeps_file(stored="bb").taps("check", CONFIRM)
    (effect,) = reporter.step.effects

    assert ("", ["bb"]) == (effect.words, [one.stored for one in effect.items])


def test_words_that_came_with_a_file_are_shown_before_they_are_sent():
    """What was written under a picture stands on the screen that is confirmed, and goes when it is written anew."""
    reporter = opened("reply")
    item = reporter.sends_file(caption="Di aula lama.").fetched()
    reporter.is_cleaned(item).taps("check")
    shown = reporter.said
    reporter.taps("change")
    (kept,) = reporter.draft.items

    assert "Bukti 1 (gambar): Di aula lama." in shown
    assert ("", "aa") == (kept.note, kept.stored)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Saya Sari.", "“Sari”"),
        ("Tanya sari_w saja.", "“sari_w”"),
        ("Hubungi 0812-3456-7890.", "“0812-3456-7890”"),
        ("NIP saya 198501012010011001", "“198501012010011001”"),
        ("Saya bekerja di sana.", "“Saya bekerja”"),
    ],
)
@pytest.mark.parametrize("caption", [False, True])
def test_an_answer_is_looked_at_for_what_leads_to_its_writer(words, found, caption):
    """Words that could lead to the reporter are named above the button, and go only by one that says so."""
    reporter = opened("reply")
    reporter.reader = SARI
    if caption:
        reporter.is_cleaned(reporter.sends_file(caption=words).fetched()).taps("check")
    else:
        reporter.types(words)
    shown, codes = reporter.said, reporter.codes
    reporter.taps(ANYWAY)

    assert found in shown.partition("bisa mengarah ke Anda")[2]
    assert CONFIRM not in codes
    assert isinstance(reporter.step.effects[0], Answer)


def test_a_person_picked_from_a_list_is_warned_of_in_an_answer():
    """Who is named by a mention is named in the warning, though their name alone would raise none."""
    reporter = opened("thread")
    reporter.does(Typed("Tanya Budi.", mentions=("Budi",)))

    assert "mengarah ke Anda: “Budi”" in reporter.said


def test_a_check_that_was_drawn_without_knowing_the_reporter_sends_nothing_of_theirs():
    """A file that becomes clean has the check drawn with no name to look for: its button shows the warning first."""
    reporter = opened("reply")
    reporter.types("Saya Sari.")
    blind = reporter.button(CONFIRM)
    reporter.reader = SARI
    reporter.does(blind)

    assert () == reporter.step.effects
    assert "betrayal.answer" in reporter.keys


def test_moderators_are_not_warned_of_themselves():
    """What moderators write is their own to judge."""
    reporter = opened("ask")
    reporter.reader = SARI

    assert CONFIRM in reporter.types("Saya Sari, hubungi 0812-3456-7890.").codes


@pytest.mark.parametrize("purpose", ["ask", "note", "newlabel"])
def test_moderators_write_words_only(purpose):
    """A file sent where moderators write is not fetched."""
    reporter = opened(purpose).sends_file()

    assert ("compose.words_only", ()) == (reporter.keys[0], reporter.step.effects)


def test_a_file_of_the_parked_draft_that_is_cleaned_meanwhile_is_not_lost():
    """Evidence of the tip in hand that becomes clean while a reply is written is there when the tip comes back."""
    reporter = Reporter().reaches("evidence")
    item = reporter.sends_file().fetched()
    reporter.does(Opened("reply", "CODE"))
    reporter.is_cleaned(item, stored="aa")
    told = reporter.step.screens
    reporter.commands(Command.CANCEL)

    assert () == told
    assert ("evidence", ["aa"]) == (reporter.at, [one.stored for one in reporter.draft.kept])


@pytest.mark.parametrize("purpose", [*COMPOSING])
def test_cancelling_leads_out_and_removes_the_files(purpose):
    """By button or command one is out, back at what was in hand, and files that were not sent are destroyed."""
    by_button, by_command = opened(purpose, at="story"), opened(purpose)
    if purpose == "reply":
        by_button.keeps_file(stored="bb")
    by_button.taps("cancel")
    by_command.commands(Command.CANCEL)

    assert ("story", None) == (by_button.at, by_command.draft)
    assert ((Remove("bb"),) if purpose == "reply" else ()) == by_button.step.effects


@pytest.mark.parametrize("command", [Command.REPORT, Command.DELETE])
def test_a_command_that_leads_elsewhere_leaves_the_writing(command):
    """The command is of what was in hand, and what was not sent is told to be so."""
    reporter = opened("reply", at="story").types("belum selesai").commands(command)

    assert reporter.keys[0] == "compose.dropped"
    assert ("", "story") == (reporter.draft.about, reporter.draft.behind)


@pytest.mark.parametrize("receipt", ["", "0123 4567 8901 2345"])
def test_a_look_at_where_a_tip_is_leaves_the_answer_in_hand(receipt):
    """With the receipt or asked for it, `/status` drops no word of an answer; the talk opens before it."""
    reporter = opened("reply", at="story").types("belum selesai").commands(Command.STATUS, receipt)
    if not receipt:
        reporter.types("0123 4567 8901 2345")
    looked = reporter.step.effects
    reporter.does(Opened("thread", "OTHER", (say("standing.checking"),)))
    told = reporter.keys
    reporter.taps("cancel")

    assert (LookUp("0123456789012345"),) == looked
    assert ("compose.waiting", "thread.ask") == told[-2:]
    assert ("belum selesai", "story") == (reporter.draft.text("words"), reporter.draft.parked.at)


def two_answers(at: str = "") -> Reporter:
    """A reporter who had begun an answer with a picture when they began one on another tip."""
    reporter = opened("reply", at=at)
    reporter.does(Opened("reply", "A", asked=("when", "")))
    reporter.types("Pukul 9.").keeps_file(stored="aa")
    reporter.does(Opened("reply", "B", asked=("", "Di aula mana?")))
    return reporter.types("Aula lama.")


@pytest.mark.parametrize("at", ["", "story"])
def test_an_answer_waits_while_another_is_written(at):
    """The other says that it waits; after that it is on the screen again, with what was asked, and then the tip is."""
    reporter = two_answers(at)
    waiting, told = say("compose.waiting") in reporter.shown.lines, reporter.said
    sent = reporter.taps(CONFIRM).step.effects
    again = reporter.said
    reporter.taps(CONFIRM)
    (first,) = reporter.step.effects

    assert waiting
    assert "Di aula mana?" in told
    assert (Answer("B", "Aula lama."),) == sent
    assert ("Kapan" in again, "Pukul 9." in again, "lain belum dikirim" in again) == (True, True, False)
    assert ("A", "Pukul 9.", "aa") == (first.handle, first.words, first.items[0].stored)
    assert at == (reporter.draft.at if reporter.draft else "")


def test_the_button_under_an_answer_that_waits_sends_that():
    """What stands above a button is what it sends, whichever answer was begun later; the other stays in hand."""
    reporter = opened("reply").types("Pukul 9.")
    first = reporter.button(CONFIRM)
    reporter.does(Opened("reply", "B"))
    reporter.types("Aula lama.").does(first)

    assert (Answer("CODE", "Pukul 9."),) == reporter.step.effects
    assert ("B", "Aula lama.", None) == (reporter.draft.about, reporter.draft.text("words"), reporter.draft.parked)


def test_a_button_of_an_answer_leaves_what_a_moderator_writes():
    """Somebody who is both loses no word when the answer behind is sent by its own button."""
    reporter = opened("reply").types("Pukul 9.")
    first = reporter.button(CONFIRM)
    reporter.does(Opened("ask", "K7QX-2M"))
    reporter.types("Kapan?").does(first)

    assert ("ask", "Kapan?") == (reporter.at, reporter.draft.text("words"))


def test_an_answer_that_waits_is_gone_on_with():
    """Opened again, it comes before the other with its words, and nothing is twice in hand."""
    reporter = two_answers()
    reporter.does(Opened("reply", "A"))
    reporter.types("Lebih sedikit.")

    assert "Pukul 9.\nLebih sedikit." == reporter.draft.text("words")
    assert ["A", "B"] == [one.about for one in in_hand(reporter.draft)]


def test_from_the_talk_one_comes_back_to_the_answer_that_was_begun_in_it():
    """The talk's button leads to what is written already, and words to another answer, before that."""
    reporter = two_answers()
    reporter.does(Opened("thread", "A"))
    typed = replace(reporter, draft=reporter.draft)
    reporter.taps("reply")
    typed.types("Satu lagi.")

    assert ("A", "Pukul 9.") == (reporter.draft.about, reporter.draft.text("words"))
    assert ["Satu lagi.", "Aula lama.", "Pukul 9."] == [one.text("words") for one in in_hand(typed.draft)]


def test_a_file_of_an_answer_that_waits_is_cleaned_meanwhile():
    """It is quietly there when its answer comes back, however many were begun after it."""
    reporter = opened("reply", at="story")
    item = reporter.sends_file().fetched()
    for other in ("A", "B"):
        reporter.does(Opened("reply", other))
        reporter.types("Begini.")
    reporter.is_cleaned(item, stored="cc")
    told = reporter.step.screens

    assert () == told
    assert [[], [], ["cc"], []] == [[kept.stored for kept in one.kept] for one in in_hand(reporter.draft)]


def test_leaving_for_a_new_tip_drops_every_answer_and_says_so():
    """Of all that was written nothing is kept, files of answers that wait included."""
    reporter = two_answers().commands(Command.REPORT)

    assert ((Remove("aa"),), "compose.dropped") == (reporter.step.effects, reporter.keys[0])
    assert reporter.draft is None


@pytest.mark.parametrize("asked", [("when", ""), ("", "Di aula mana?")])
def test_what_was_asked_stays_on_the_screen_until_it_is_answered(asked):
    """From the talk to the answer and to its check, the question is above what is written."""
    reporter = Reporter()
    reporter.does(Opened("thread", "CODE", asked=asked))
    writing = reporter.taps("reply").said
    check = reporter.types("Pukul 9.").said
    words = asked[1] or "Kapan"

    assert words in writing
    assert words in check


def test_the_thread_leads_to_a_reply_and_back():
    """From the talk one may answer, by a button or at once by words; "back" leads to the talk."""
    reporter = opened("thread")
    told = reporter.keys
    reporter.taps("reply", "back")
    back = reporter.at
    reporter.types("Pukul 9.").taps(CONFIRM)

    assert ("thread.no_words", "thread.ask") == told
    assert (THREAD, (Answer("CODE", "Pukul 9."),)) == (back, reporter.step.effects)


@pytest.mark.parametrize(("contact", "offered"), [("here", ["code"]), ("code", ["here"]), ("", [])])
def test_how_to_be_told_is_offered_where_it_can_be_switched(contact, offered):
    """The talk offers the other way to be told, and none for a tip that is over."""
    reporter = opened("thread", contact=contact)

    assert offered == [code for code in reporter.codes if code in ("here", "code")]
    for code in offered:
        assert (Reach("CODE", code == "here"),) == reporter.taps(code).step.effects


EVENTS = st.one_of(
    st.sampled_from(
        ["back", "cancel", "check", "change", "reply", CONFIRM, KEEP, DROP, "canned-when", "here", "code"]
    ).map(lambda code: ("tap", code)),
    st.sampled_from(["Pukul 9.", "kirim", "batal", "kembali", "", "x" * 4_000, "0123 4567 8901 2345"]).map(
        lambda words: ("type", words)
    ),
    st.sampled_from(["file", "clean", "/language", "/help"]).map(lambda what: ("do", what)),
)


def _do(reporter: Reporter, what: str, value: str) -> None:
    if what == "tap" and value in reporter.codes:
        reporter.does(reporter.button(value))
    elif what == "type":
        reporter.does(Typed(value))
    elif value == "file":
        reporter.sends_file(f"u{reporter.events}")
    elif value == "clean" and reporter.draft and reporter.draft.pending:
        reporter.is_cleaned(next(one.name for one in reporter.draft.items if one.state == "pending"), "bb")
    elif value.startswith("/"):
        reporter.commands(Command(value[1:]))


@given(st.sampled_from([*COMPOSING]), st.booleans(), st.lists(EVENTS, max_size=12))
def test_whatever_is_done_nothing_is_sent_unconfirmed_and_the_parked_draft_stays(purpose, parked, doings):
    """Only the confirming button sends, and what it showed; the parked draft is the same to the end, in JSON too."""
    reporter = Reporter().reaches("place") if parked else Reporter()
    before = reporter.draft
    reporter.does(Opened(purpose, "CODE"))
    for doing in doings:
        if reporter.draft is None or not reporter.draft.about:
            break
        shown = reporter.shown
        _do(reporter, *doing)
        sent = [effect for effect in reporter.step.effects if isinstance(effect, SENT)]
        if sent and doing == ("tap", CONFIRM):
            (effect,) = sent
            assert not effect.words or shown_of(effect.words, purpose) in shown.lines
        else:
            assert doing == ("tap", CONFIRM) or [] == sent
        if reporter.draft and reporter.draft.about:
            assert before == reporter.draft.parked
            assert reporter.draft == from_json(to_json(reporter.draft))
    if reporter.draft is not None and reporter.draft.about:
        reporter.commands(Command.CANCEL)

    assert before == reporter.draft
    assert before is None or screen(before, reporter.world).lines[-1] in reporter.step.screens[-1].lines


def test_what_moderators_write_gives_way_to_what_they_write_next():
    """A second opening takes the place of the first, which is told; what is parked is still the tip in hand."""
    reporter = opened("ask", at="story").types("Kapan?")
    reporter.does(Opened("note", "OTHER"))

    assert "compose.dropped" == reporter.keys[0]
    assert ("OTHER", "story") == (reporter.draft.about, reporter.draft.parked.at)


def test_a_receipt_typed_in_one_talk_opens_another():
    """Whoever reads several tips goes from one to the next by typing its receipt, which leaves the chat."""
    reporter = opened("thread").types("0123 4567 8901 2345")

    assert ((LookUp("0123456789012345"),), True) == (reporter.step.effects, reporter.step.erase)


def test_a_button_of_another_turn_is_old():
    """A confirmation that was drawn before sends nothing."""
    reporter = opened("reply").types("satu")
    old = replace(reporter.button(CONFIRM), turn=reporter.draft.turn - 1)
    reporter.does(old)

    assert ("stale", ()) == (reporter.step.toast.key, reporter.step.effects)


def test_moderators_places_are_their_own():
    """What only moderators write stands apart from what reporters do."""
    assert not WORK.keys() & {"reply", "thread"}
    assert set(COMPOSING) <= set(PLACES)
    assert "stale.none" == Reporter().does(Chose(0, "open", "GONE")).toast.key
    assert "notice.welcome" in [line.key for line in Reporter().does(Commanded(Command.START, "GONE")).screens[0].lines]


def test_an_edited_message_is_told_how_the_text_is_changed():
    """Who edits what they wrote reads of the button that is there, not of one that is not."""
    reporter = opened("reply").types("Kapan?")
    reporter.does(Edited())

    assert "compose.edited" in reporter.keys


def test_an_answer_is_opened_again_from_an_aside():
    """Who looks aside while they answer and taps the question's button goes on with that answer."""
    reporter = opened("reply").types("Di aula.")
    reporter.does(Commanded(Command.STATUS))
    aside = reporter.at

    reporter.does(Opened("reply", "CODE"))

    assert (aside != REPLY, REPLY, "Di aula.") == (True, reporter.at, reporter.draft.text("words"))
