"""Who is blocked brings no new tip; their talk goes on where they are asked, and what this line is they may read."""

import pytest
from reporter import Reporter

from bot.conversation.compose import CONFIRM
from bot.conversation.effects import Answer, LookUp, Withdraw
from bot.conversation.events import Attached, Chose, Cleaned, Command, Commanded, Edited, FileKind, Opened, Sent, Typed
from bot.conversation.events import Unusable as Kind
from bot.conversation.silence import heeded

RECEIPT = "0123 4567 8901 2345"
FILE = Attached(FileKind.PHOTO, "f", "u", 100)


def blocked(draft_of: Reporter | None = None) -> Reporter:
    return Reporter(draft=draft_of.draft if draft_of else None, silenced=True)


@pytest.mark.parametrize(
    ("command", "first"),
    [
        (Command.PRIVACY, "privacy.full"),
        (Command.HELP, "help"),
        (Command.STATUS, "ask.lookup"),
        (Command.DELETE, "ask.withdraw"),
        (Command.CANCEL, "stop.nothing"),
    ],
)
def test_what_everybody_may_ask_is_answered(command, first):
    """What this line is and where a tip is can be asked, and no consent is offered with it."""
    reporter = blocked()
    allowed = heeded(None, Commanded(command))
    reporter.commands(command)

    assert allowed
    assert first == reporter.keys[0]
    assert not {"agree-id", "lang-en"} & {one.code for shown in reporter.step.screens for one in shown.choices}


@pytest.mark.parametrize(
    "event",
    [
        *map(Commanded, (Command.START, Command.REPORT, Command.UNKNOWN)),
        *(Typed("Kepala dinas"), FILE, Sent(Kind.STICKER), Edited(), Chose(0, "notice", "agree-id")),
    ],
)
@pytest.mark.parametrize("at", ["", "story", "review"])
def test_no_new_tip_is_taken(event, at):
    """Neither is one begun, nor does one go on that was in hand."""
    assert not heeded(Reporter().reaches(at).draft if at else None, event)


@pytest.mark.parametrize(("command", "effect"), [(Command.STATUS, LookUp), (Command.DELETE, Withdraw)])
def test_the_receipt_is_taken_wherever_it_is_asked_for(command, effect):
    """Typed where it is asked for, it leaves the chat and opens or destroys the tip."""
    reporter = blocked().commands(command)
    allowed = heeded(reporter.draft, Typed(RECEIPT))
    reporter.types(RECEIPT)

    assert allowed
    assert (effect("0123456789012345"),) == reporter.step.effects


@pytest.mark.parametrize(("waits", "offered"), [(True, True), (False, False)])
def test_the_talk_is_read_and_answered_where_something_was_asked(waits, offered):
    """The talk opens; where no answer is waited for, none is offered or taken."""
    opened = Opened("thread", "CODE", asked=("when", "") if waits else (), waits=waits, contact="here")
    reporter = blocked()
    allowed = heeded(None, opened)
    reporter.does(opened)

    assert allowed
    assert offered == ("reply" in reporter.codes)
    assert [offered] * 2 == [heeded(reporter.draft, event) for event in (Typed("Pukul 9."), FILE)]
    assert {"code", "cancel"} <= set(reporter.codes)


@pytest.mark.parametrize("waits", [True, False])
def test_a_question_is_answered_by_its_button_while_it_waits(waits):
    """The answer opens, is written with a file, and sent; one that nobody waits for does not open."""
    opened = Opened("reply", "CODE", asked=("when", ""), waits=waits)
    reporter = blocked()
    allowed = heeded(None, opened)
    reporter.does(opened)
    going_on = [heeded(reporter.draft, event) for event in (Typed("Pukul 9."), FILE, Edited())]
    reporter.types("Pukul 9.")
    pressed = heeded(reporter.draft, reporter.button(CONFIRM))

    assert (waits, [True] * 3, True) == (allowed, going_on, pressed)
    assert (Answer("CODE", "Pukul 9."),) == reporter.taps(CONFIRM).step.effects


def test_a_file_that_becomes_clean_is_noted():
    """What the bot has to tell itself is heard from every chat, so that no file is left without its draft."""
    assert heeded(None, Cleaned("a", "aa", "picture", "jpg", 9, (), "o", "c"))
