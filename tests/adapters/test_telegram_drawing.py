"""Claims about how screens look in Telegram."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.buttons import decode
from bot.adapters.telegram.drawing import SHORT, TOAST, draw_screen, draw_staff, draw_toast
from bot.adapters.telegram.markup import MESSAGE, length
from bot.conversation.events import Chose
from bot.conversation.screens import Choice, Role, Screen, say
from bot.locales.catalogue import Catalogues

SHIPPED = Catalogues.load()


def choice(label: str, role: Role = Role.ANSWER, *, chosen: bool = False) -> Choice:
    return Choice(label[:6], say("toast", words=label), role, chosen)


def rows(screen: Screen, catalogues: Catalogues) -> list[list[str]]:
    keyboard = draw_screen(screen, catalogues.default).keyboard
    return [[button["text"] for button in row] for row in json.loads(keyboard or "")["inline_keyboard"]]


def test_short_answers_stand_in_pairs_and_the_rest_alone(catalogues: Catalogues):
    """Short answers share a row, long ones and the main one have their own, navigation is the last row."""
    screen = Screen(
        "q",
        1,
        (),
        (
            choice("Kembali", Role.MOVE),
            choice("PNS"),
            choice("PPPK"),
            choice("Honorer"),
            choice("Kepala desa atau perangkatnya"),
            choice("Polri"),
            choice("Kirim", Role.MAIN),
            choice("Batal", Role.MOVE),
        ),
    )

    assert rows(screen, catalogues) == [
        ["PNS", "PPPK"],
        ["Honorer"],
        ["Kepala desa atau perangkatnya"],
        ["Polri"],
        ["Kirim"],
        ["Kembali", "Batal"],
    ]


def test_what_is_chosen_is_ticked(catalogues: Catalogues):
    """A chosen answer carries a tick before its label."""
    screen = Screen("q", 1, (), (choice("TNI", chosen=True), choice("Polri")))

    assert rows(screen, catalogues) == [["✓ TNI", "Polri"]]


@given(labels=st.lists(st.text(min_size=1, max_size=2 * SHORT), min_size=1, max_size=10))
def test_every_choice_has_its_button(catalogues: Catalogues, labels: list[str]):
    """Whatever the labels, each choice has one button that brings it back with its question and turn."""
    choices = tuple(Choice(str(n), say("toast", words=label)) for n, label in enumerate(labels))
    keyboard = json.loads(draw_screen(Screen("where", 3, (), choices), catalogues.default).keyboard or "")
    taps = [decode(button["callback_data"]) for row in keyboard["inline_keyboard"] for button in row]

    assert taps == [Chose(3, "where", str(n)) for n in range(len(labels))]


def test_a_screen_without_choices_has_no_keyboard(catalogues: Catalogues):
    """Where nothing can be chosen there are no buttons."""
    assert draw_screen(Screen("q", 1, (say("next"),)), catalogues.default).keyboard is None


@pytest.mark.parametrize("words", ["kata " * 3000, "<&>" * 3000, "x" * 9000])
def test_a_long_screen_is_split(catalogues: Catalogues, words: str):
    """What is longer than a message becomes several, each short enough, with the marks of the first kept whole."""
    texts = draw_screen(Screen("q", 1, (say("heard", words=words),)), catalogues.default).texts

    assert len(texts) > 1
    assert all(length(text) <= MESSAGE for text in texts)
    assert texts[0].startswith("<b>Anda:</b> ")


def test_a_toast_is_cut_to_what_telegram_shows(catalogues: Catalogues):
    """A toast has no marks and at most the length that Telegram takes."""
    assert len(draw_toast(say("toast", words="x" * 300), catalogues.default)) == TOAST
    assert draw_toast(say("toast", words="<b>"), catalogues.default) == "<b>"


LIVE = "https://t.me/a, @dewi_mod, /hapus, tg://user?id=1"
BROKEN = ("hxxps://t[.]me/a", "@\u2060dewi_mod", "/\u2060hapus", "tg[:]//user")
WORDS = say("show.words", words=LIVE)


@pytest.mark.parametrize("key", ["tell.asked", "thread.asked", "show.others"])
def test_a_moderators_words_link_nowhere_in_a_reporters_chat(key: str):
    """A link, a name and a command of a question can be read there and not tapped; the reporter's own stay as typed."""
    asked, own = (
        draw_screen(Screen("q", 1, (line,)), SHIPPED.default).texts[0] for line in (say(key, others=WORDS), WORDS)
    )

    assert all(piece in asked for piece in BROKEN)
    assert own == LIVE


def test_the_bots_own_commands_can_be_tapped_by_moderators():
    """In what the bot itself says a command is one, beside words of others that link nowhere."""
    [text] = draw_staff(Screen("q", 0, (say("tip.how"), WORDS)), SHIPPED.default).texts

    assert "/antrean" in text
    assert all(piece in text for piece in BROKEN)
