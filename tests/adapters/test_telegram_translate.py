"""Claims about what a private chat's updates become."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.adapters.telegram import buttons
from bot.adapters.telegram.staff import errand
from bot.adapters.telegram.translate import COMMANDS, translate
from bot.conversation.events import (
    Arrival,
    Attached,
    Chose,
    Command,
    Commanded,
    Edited,
    Event,
    FileKind,
    Sent,
    Typed,
    Unusable,
)

PERSON = {"id": 1001, "is_bot": False, "first_name": "Sari", "username": "sari_w", "language_code": "id"}
CHAT = {"id": 1001, "type": "private", "first_name": "Sari", "username": "sari_w"}
DAY = 1_790_000_000
FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 9}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 5, "from": PERSON, "chat": CHAT, "date": DAY, **content}


def arrival(**update: Any) -> Arrival | None:
    return translate(Update.de_json({"update_id": 7, **update}))


def event(**content: Any) -> Event | None:
    arrived = arrival(message=message(**content))
    return arrived.event if arrived else None


def test_words_arrive_plain_with_where_they_came_from():
    """Text is kept, of a mention its words alone; update, chat and message numbers come along."""
    mention = {"type": "text_mention", "offset": 0, "length": 4, "user": PERSON | {"id": 99}}

    arrived = arrival(message=message(text="Sari *tebal*", entities=[mention]))

    assert arrived == Arrival(7, 1001, 5, Typed("Sari *tebal*", ("Sari",)))


def test_the_names_that_the_account_shows_come_along_for_the_check_of_words():
    """Display name and username are there for the moment, and no print of an arrival shows them."""
    arrived = arrival(message=message(text="halo"))

    assert arrived is not None
    assert PERSON["first_name"] in arrived.reader.names
    assert str(PERSON["first_name"]) not in repr(arrived)


def test_a_reply_names_the_bots_own_message_that_it_answers():
    """A reply to the bot's message names it; one to a message of their own names none."""
    bot = {"id": 1, "is_bot": True, "first_name": "Bisik"}

    asked = arrival(
        message=message(text="Pukul 9.", reply_to_message=message(text="?") | {"message_id": 4, "from": bot})
    )
    own = arrival(message=message(text="Pukul 9.", reply_to_message=message(text="?") | {"message_id": 4}))

    assert (4, None) == (asked.reply_to, own.reply_to)


@pytest.mark.parametrize(
    ("button", "at"),
    [({"callback_data": "0|open|CODE"}, "open"), ({"callback_data": "x"}, ""), ({"url": "https://t.me"}, "")],
)
def test_a_reply_tells_what_the_buttons_of_its_message_answer(button, at):
    """What stood under the bot's message says whether it was of a talk; a button of something else says nothing."""
    under = {"reply_markup": {"inline_keyboard": [[{"text": "Jawab", **button}]]}, "from": PERSON | {"is_bot": True}}
    replied = arrival(message=message(text="Pukul 9.", reply_to_message=message(text="?") | under))

    assert at == replied.reply_at


@pytest.mark.parametrize(("name", "command"), COMMANDS.items())
def test_commands_are_understood_by_every_name(name: str, command: Command):
    """Each command has its Indonesian and its English name, in any case, with or without the bot's."""
    assert event(text=f"/{name}") == Commanded(command)
    assert event(text=f"/{name.upper()}@bisik_bot") == Commanded(command)
    assert event(text=f"/{name} 1234  5678") == Commanded(command, "1234  5678")


@pytest.mark.parametrize("text", ["/", "/ jalan", "1/2", "/etc/passwd", "//start", "x /start"])
def test_words_that_only_look_like_a_command_are_words(text: str):
    """A slash alone makes no command."""
    assert event(text=text) == Typed(text)


def test_unknown_commands_are_told_apart():
    """A command that is none of ours is known as such."""
    assert event(text="/menu now") == Commanded(Command.UNKNOWN, "now")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("document", FileKind.DOCUMENT),
        ("video", FileKind.VIDEO),
        ("video_note", FileKind.VIDEO_NOTE),
        ("animation", FileKind.ANIMATION),
        ("voice", FileKind.VOICE),
        ("audio", FileKind.AUDIO),
    ],
)
def test_files_arrive_with_their_kind(name: str, kind: FileKind):
    """Each kind of file is attached with its caption, without its name; an animation is no document."""
    sides = {"width": 3, "height": 4, "duration": 1, "length": 3, "file_name": "IMG_Budi.docx"}
    also = {"document": FILE} if name == "animation" else {}

    assert event(**{name: FILE | sides}, **also, caption="di kantor") == Attached(kind, "F", "U", 9, "di kantor")


def test_the_largest_size_of_a_photo_is_taken():
    """Of the sizes that Telegram offers, the largest is attached."""
    sizes = [{"file_id": str(n), "file_unique_id": f"u{n}", "width": n, "height": n} for n in (90, 1280, 320)]

    assert event(photo=sizes) == Attached(FileKind.PHOTO, "1280", "u1280", None, "")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, Unusable.LOCATION),
        (
            {
                "location": {"latitude": 1.0, "longitude": 2.0},
                "venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "a", "address": "b"},
            },
            Unusable.LOCATION,
        ),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, Unusable.CONTACT),
        ({"dice": {"emoji": "🎲", "value": 3}}, Unusable.DICE),
        ({"story": {"id": 3, "chat": CHAT}}, Unusable.STORY),
        ({"game": {"title": "a", "description": "b", "photo": []}}, Unusable.OTHER),
        ({"something_of_next_year": {"a": 1}}, Unusable.OTHER),
    ],
)
def test_of_what_cannot_be_used_only_the_kind_is_known(content: dict[str, Any], what: Unusable):
    """Places, contacts, dice and the like are told apart; nothing of them goes on."""
    assert event(**content) == Sent(what)


@pytest.mark.parametrize(
    "origin",
    [
        {"forward_origin": {"type": "user", "sender_user": PERSON, "date": DAY}},
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Budi", "date": DAY}},
        {"via_bot": {"id": 4, "is_bot": True, "first_name": "gif"}},
        {"external_reply": {"origin": {"type": "user", "sender_user": PERSON, "date": DAY}}},
    ],
)
def test_nothing_is_kept_of_what_comes_from_elsewhere(origin: dict[str, Any]):
    """A forward, a reply across chats and an inline bot's message are known as such, words, file and origin gone."""
    assert event(text="rahasia", **origin) == Sent(Unusable.FORWARD)
    assert event(document=FILE, caption="rahasia", **origin) == Sent(Unusable.FORWARD)


def test_quoting_the_bots_own_question_is_an_answer():
    """Who quotes a message of this very chat is answering it."""
    assert event(text="kemarin", quote={"text": "Kapan", "position": 0}) == Typed("kemarin")


def test_an_edit_is_no_answer():
    """An edited message is known as an edit, whatever is in it."""
    arrived = arrival(edited_message=message(text="/batal", edit_date=DAY))

    assert arrived == Arrival(7, 1001, 5, Edited())


# The library deprecates the unit of a duration that is not looked at here.
@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": message(text="x")},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"write_access_allowed": {}},
    ],
)
def test_service_messages_ask_for_nothing(content: dict[str, Any]):
    """What the platform says of the chat itself is no event."""
    assert event(**content) is None


def tapped(data: str | None) -> Arrival | None:
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "message": message(text="?")}
    return arrival(callback_query=query | ({"data": data} if data is not None else {}))


@given(st.integers(0, 10**9), st.from_regex(r"[a-z_]{0,16}", fullmatch=True), st.text(max_size=6))
def test_a_tap_comes_back_as_it_was_drawn(turn: int, question: str, choice: str):
    """Turn, question and choice come back from a button exactly, whatever is in the choice."""
    data = buttons.encode(turn, question, choice)

    assert tapped(data) == Arrival(7, 1001, 5, Chose(turn, question, choice))


@given(st.none() | st.text() | st.from_regex(r"-?\w+\|[^|]*", fullmatch=True))
def test_a_forged_tap_matches_nothing(data: str | None):
    """Data that no button of ours carries becomes a choice that matches no screen."""
    forged = data is None or not re.fullmatch(r"[0-9]{1,12}\|[^|]*\|.*", data, re.DOTALL)

    assert not forged or tapped(data) == Arrival(7, 1001, 5, buttons.FOREIGN)


@pytest.mark.parametrize("parts", [(1, "q" * 16, "c" * 60), (1, "a|b", "c"), (-1, "q", "c")])
def test_a_button_that_could_not_come_back_is_refused(parts: tuple[int, str, str]):
    """What is longer than 64 bytes, or ambiguous, is refused where the button is made."""
    with pytest.raises(ValueError, match="cannot carry"):
        buttons.encode(*parts)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
SIZE = st.fixed_dictionaries(
    {"file_id": st.text(), "file_unique_id": st.text(), "width": st.integers(), "height": st.integers()}
)
CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(),
        "caption": st.text(),
        "photo": st.lists(SIZE, max_size=4),
        "document": st.just(FILE),
        "location": st.just({"latitude": 1.0, "longitude": 2.0}),
        "forward_origin": st.just({"type": "hidden_user", "sender_user_name": "Budi", "date": DAY}),
        "reply_to_message": st.just(message(text="?")),
        "unheard_of": JSON,
    },
)
QUERY = st.fixed_dictionaries(
    {"id": st.text(), "from": st.just(PERSON), "chat_instance": st.text()},
    optional={"message": CONTENT.map(lambda content: message(**content)), "data": st.text()},
)


@given(
    st.fixed_dictionaries(
        {"update_id": st.integers()},
        optional={
            "message": CONTENT.map(lambda content: message(**content)),
            "edited_message": CONTENT.map(lambda content: message(**content)),
            "callback_query": QUERY,
            "unheard_of": JSON,
        },
    )
)
def test_nothing_that_can_be_sent_raises(raw: dict[str, Any]):
    """Any update of roughly the right shape becomes an event or nothing, and an errand or nothing."""
    update = Update.de_json(raw)
    translate(update)
    errand(update, "bisik_bot")
