"""What Telegram refuses is refused in its words, as the real library hears them (it writes the first letter large)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from conftest import ManualClock, bot_for
from simulator_pictures import picture
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, InvalidToken

from bot.simulator import Chat, Person, Simulator
from bot.simulator.methods.media import LARGEST_DOWNLOAD

pytestmark = pytest.mark.usefixtures("sari", "budi")

SARI, BUDI, STRANGER = 1001, 1002, 987654
Asked = Callable[[Bot], Awaitable[Any]]


def button(**action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Lanjut", **action)]])


SAYING: dict[str, tuple[Asked, str]] = {
    "long text": (lambda bot: bot.send_message(SARI, "a" * 4097), "Message is too long"),
    "no text": (lambda bot: bot.send_message(SARI, ""), "Message text is empty"),
    "blank text": (lambda bot: bot.send_message(SARI, " \n "), "Text must be non-empty"),
    "long caption": (
        lambda bot: bot.send_photo(SARI, picture(), caption="a" * 1025),
        "Message caption is too long",
    ),
    "long button data": (
        lambda bot: bot.send_message(SARI, "a", reply_markup=button(callback_data="é" * 33)),
        "Button_data_invalid",
    ),
    "button without action": (
        lambda bot: bot.send_message(SARI, "a", reply_markup=button()),
        "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
    ),
    "too many buttons": (
        lambda bot: bot.send_message(
            SARI, "a", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("b", callback_data="c")]] * 101)
        ),
        "Reply markup is too long",
    ),
    "unknown chat": (lambda bot: bot.send_message(STRANGER, "a"), "Chat not found"),
    "unknown channel": (lambda bot: bot.send_message("@nowhere", "a"), "Chat not found"),
    "never met": (lambda bot: bot.get_chat(BUDI), "Chat not found"),
    "unknown reply": (
        lambda bot: bot.send_message(SARI, "a", reply_parameters=ReplyParameters(999)),
        "Message to be replied not found",
    ),
    "unknown file": (
        lambda bot: bot.send_photo(SARI, "AgACAgUAAxkBAAI"),
        "Wrong file identifier/http url specified",
    ),
    "picture by address": (
        lambda bot: bot.send_photo(SARI, "https://example.org/a.jpg"),
        "Failed to get http url content",
    ),
    "no picture": (lambda bot: bot.send_photo(SARI, b"not a picture"), "Image_process_failed"),
    "thin picture": (lambda bot: bot.send_photo(SARI, picture(2100, 100)), "Photo_invalid_dimensions"),
    "empty file": (lambda bot: bot.send_document(SARI, b""), "File must be non-empty"),
    "unknown file_id": (
        lambda bot: bot.get_file("AgACAgUAAxkBAAI"),
        "Wrong file_id or the file is temporarily unavailable",
    ),
    "edit of nothing": (lambda bot: bot.edit_message_text("a", SARI, 999), "Message to edit not found"),
    "deletion of nothing": (lambda bot: bot.delete_message(SARI, 999), "Message to delete not found"),
    "copy of nothing": (lambda bot: bot.copy_message(SARI, SARI, 999), "Message to copy not found"),
    "unknown tap": (
        lambda bot: bot.answer_callback_query("123"),
        "Query is too old and response timeout expired or query id is invalid",
    ),
    "wrong action": (lambda bot: bot.send_chat_action(SARI, "sing"), "Wrong parameter action in request"),
    "wrong command": (lambda bot: bot.set_my_commands([BotCommand("Lapor", "a")]), "Bot_command_invalid"),
    "commands for a stranger": (
        lambda bot: bot.set_my_commands([BotCommand("a", "b")], scope=BotCommandScopeChat(STRANGER)),
        "Chat not found",
    ),
    "album of one": (
        lambda bot: bot.send_media_group(SARI, [InputMediaPhoto(picture())]),
        "Media must include 2-10 items",
    ),
    "mixed album": (
        lambda bot: bot.send_media_group(SARI, [InputMediaPhoto(picture()), InputMediaDocument(b"a")]),
        "Can't use the media of the specified type in the album",
    ),
    "sounds among documents": (
        lambda bot: bot.send_media_group(SARI, [InputMediaAudio(b"a"), InputMediaDocument(b"a")]),
        "Can't use the media of the specified type in the album",
    ),
    "markdown": (
        lambda bot: bot.send_message(SARI, "a", parse_mode="Markdown"),
        "Parse_mode markdown is not simulated",
    ),
    "unknown parse mode": (lambda bot: bot.send_message(SARI, "a", parse_mode="BBCode"), "Unsupported parse_mode"),
    "button with a strange address": (
        lambda bot: bot.send_message(SARI, "a", reply_markup=button(url="javascript:a")),
        "Inline keyboard button url 'javascript:a' is invalid: unsupported url protocol",
    ),
    "button with two actions": (
        lambda bot: bot.send_message(SARI, "a", reply_markup=button(url="https://a.org", callback_data="a")),
        "Button_invalid",
    ),
    "administrators of a private chat": (
        lambda bot: bot.get_chat_administrators(SARI),
        "There are no administrators in the private chat",
    ),
    "unknown member": (lambda bot: bot.get_chat_member(SARI, STRANGER), "Participant_id_invalid"),
    "leaving a person": (
        lambda bot: bot.leave_chat(SARI),
        "Chat member status can't be changed in private chats",
    ),
    "topic in a private chat": (lambda bot: bot.create_forum_topic(SARI, "a"), "The chat is not a forum"),
    "too many commands": (
        lambda bot: bot.set_my_commands([BotCommand("a", "b")] * 101),
        "Bot_commands_too_much",
    ),
    "command without words": (
        lambda bot: bot.set_my_commands([BotCommand("a", "")]),
        "Bot_command_description_invalid",
    ),
    "unknown language": (
        lambda bot: bot.set_my_commands([], language_code="bahasa"),
        "Invalid language code specified",
    ),
    "long name": (lambda bot: bot.set_my_name("a" * 65), "Bot_name_too_long"),
    "long toast": (lambda bot: bot.answer_callback_query("1", "a" * 201), "Message_too_long"),
    "foreign link": (lambda bot: bot.answer_callback_query("1", url="https://t.me/other?start=a"), "Url_invalid"),
    "too many deletions": (
        lambda bot: bot.delete_messages(SARI, list(range(1, 102))),
        "Too many message identifiers specified",
    ),
    "large photo": (
        lambda bot: bot.send_photo(SARI, b"a" * (10 * 1024 * 1024 + 1)),
        "File of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    ),
    "webhook without TLS": (
        lambda bot: bot.set_webhook("http://example.org"),
        "Bad webhook: an https url must be provided for webhook",
    ),
}

BROKEN_HTML = {
    "<x>a</x>": 'unsupported start tag "x" at byte offset 0',
    "é<b>a": 'can\'t find end tag corresponding to start tag "b"',
    "é</b>": "unexpected end tag at byte offset 2",
    "🏟<i>a</b>": 'unmatched end tag at byte offset 8, expected "</i>", found "</b>"',
    "a < b": 'unsupported start tag "" at byte offset 2',
    "<b": "unclosed start tag at byte offset 0",
    "<b>a</b": "unclosed end tag at byte offset 4",
    '<a href="x>y</a>': "unclosed start tag at byte offset 0",
    "<a href=x/>y</a>": "unexpected end of name token at byte offset 8",
    '<a ="x">y</a>': 'empty attribute name in the tag "a" at byte offset 0',
    "<span>a</span>": 'tag "span" must have class "tg-spoiler" at byte offset 0',
}


@pytest.mark.parametrize("case", SAYING)
async def test_what_may_not_be_asked_is_a_bad_request(case: str, bot: Bot) -> None:
    """A request that cannot be is a 400 in Telegram's words."""
    asked, words = SAYING[case]

    with pytest.raises(BadRequest) as refusal:
        await asked(bot)

    assert words == refusal.value.message


@pytest.mark.parametrize("source", BROKEN_HTML)
async def test_broken_html_is_refused_with_its_place(source: str, bot: Bot) -> None:
    """HTML that does not nest or is unknown is refused with the offset in bytes."""
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(SARI, source, parse_mode="HTML")

    assert f"Can't parse entities: {BROKEN_HTML[source]}" == refusal.value.message


async def test_a_blocked_bot_may_not_write(bot: Bot, sari: Person) -> None:
    """After a block every message is forbidden, until the person starts the bot again."""
    sari.blocks()

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(SARI, "a")
    sari.starts()
    assert await bot.send_message(SARI, "a")


@pytest.mark.usefixtures("channel")
async def test_a_bot_may_not_write_first(bot: Bot) -> None:
    """Somebody the bot has only seen in a channel cannot be written to before they start it."""
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(BUDI, "a")


async def test_a_bot_thrown_out_may_not_post(bot: Bot, channel: Chat, budi: Person) -> None:
    """A channel that has removed the bot forbids it to post, and says that it was kicked."""
    budi.removes_bot(channel)

    with pytest.raises(Forbidden, match="bot was kicked from the channel chat"):
        await bot.send_message(channel.id, "a")


async def test_a_bot_that_left_is_no_member(bot: Bot, channel: Chat) -> None:
    """After leaving, the bot is not a member and learns nothing about a private channel."""
    await bot.leave_chat(channel.id)

    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await bot.get_chat(channel.id)


async def test_posting_needs_the_right(bot: Bot, channel: Chat, budi: Person) -> None:
    """Without the right to post, a channel asks for administrator rights."""
    budi.promotes(channel, channel.world.bot, can_edit_messages=True)

    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message(channel.id, "a")


async def test_a_restricted_bot_lacks_rights(simulator: Simulator, bot: Bot, budi: Person) -> None:
    """In a group that restricts the bot, each kind of message needs its right."""
    group = simulator.supergroup("Warga", budi)
    budi.adds_bot(group)
    budi.restricts(group, simulator.bot, can_send_messages=True)

    assert await bot.send_message(group.id, "a")
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(group.id, picture())


async def test_others_messages_need_rights(bot: Bot, channel: Chat, budi: Person) -> None:
    """Without the rights to edit and delete, a post of somebody else can be neither edited nor deleted."""
    budi.promotes(channel, channel.world.bot, can_post_messages=True)
    post = budi.types("pengumuman", chat=channel)

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("a", channel.id, post.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(channel.id, post.id)


async def test_a_persons_message_cannot_be_edited(bot: Bot, sari: Person) -> None:
    """Nobody edits what a person wrote in a private chat."""
    message = sari.types("halo")

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("a", SARI, message.id)


async def test_an_edit_must_change_something(bot: Bot) -> None:
    """The same text and buttons again are refused as not modified; other buttons are an edit."""
    markup = button(callback_data="a")
    sent = await bot.send_message(SARI, "<b>Halo</b>", parse_mode="HTML", reply_markup=markup)

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply markup"):
        await bot.edit_message_text("<b>Halo</b> ", SARI, sent.message_id, parse_mode="HTML", reply_markup=markup)
    assert await bot.edit_message_reply_markup(SARI, sent.message_id, reply_markup=button(callback_data="b"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(SARI, sent.message_id, reply_markup=button(callback_data="b"))


async def test_text_and_caption_are_different_edits(bot: Bot) -> None:
    """A photo has no text to edit, a text no caption."""
    photo = await bot.send_photo(SARI, picture())
    text = await bot.send_message(SARI, "a")

    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("a", SARI, photo.message_id)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(SARI, text.message_id, caption="a")


async def test_nothing_older_than_two_days_is_deleted(clock: ManualClock, bot: Bot, channel: Chat) -> None:
    """After 48 hours no message can be deleted, though a bot's own can still be edited."""
    sent = [await bot.send_message(chat_id, "a") for chat_id in (SARI, channel.id)]
    clock.advance(48 * 3600 + 1)

    for message in sent:
        with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
            await message.delete()
        assert await message.edit_text("b")


async def test_a_tap_waits_only_so_long(clock: ManualClock, bot: Bot, sari: Person) -> None:
    """A tap is answered once, and in time; later its id is invalid."""
    await bot.send_message(SARI, "a", reply_markup=button(callback_data="b"))
    message = await sari.chat.next_message()
    first, second = sari.taps(message, "Lanjut"), sari.taps(message, "b")

    assert await bot.answer_callback_query(first.query_id, "ya", show_alert=True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(first.query_id)
    clock.advance(60)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(second.query_id)
    assert "ya" == (await first.answered())["text"]


async def test_a_moved_group_tells_its_new_id(simulator: Simulator, bot: Bot, budi: Person) -> None:
    """A group that became a supergroup refuses with the new id, and the library follows it."""
    group = simulator.group("Warga", budi)
    budi.adds_bot(group)
    moved = budi.upgrades(group)

    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(group.id, "a")
    assert moved.id == refusal.value.new_chat_id
    assert await bot.send_message(moved.id, "a")


async def test_a_download_has_a_limit(bot: Bot, sari: Person) -> None:
    """A file of more than 20 MB cannot be fetched; one of exactly that can."""
    largest = sari.sends_document(b"a" * LARGEST_DOWNLOAD, "a.bin")
    larger = sari.sends_document(b"a" * (LARGEST_DOWNLOAD + 1), "a.bin")

    assert await bot.get_file(largest.api["document"]["file_id"])
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(larger.api["document"]["file_id"])


async def test_a_file_keeps_its_kind(bot: Bot) -> None:
    """A document's file_id does not become a photo."""
    document = await bot.send_document(SARI, b"a", filename="a.txt")
    assert document.document

    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await bot.send_photo(SARI, document.document.file_id)


async def test_a_wrong_token_opens_nothing(simulator: Simulator) -> None:
    """The library takes the server's answer to any other token for what it is."""
    for token in ("70001:another-token-that-is-not-ours", "70001:x"):
        with pytest.raises(InvalidToken, match="was rejected by the server"):
            async with bot_for(simulator, token):
                pass


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    """A method that does not exist or is not simulated is a 404, which says so of the latter."""
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRegards")
    with pytest.raises(InvalidToken, match="Not Found: getStarTransactions is not simulated"):
        await bot.get_star_transactions()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"colour": "red"}, 'Parameter "colour" is not a parameter of sendmessage'),
        ({"protect_content": "perhaps"}, 'Parameter "protect_content" can\'t be read as boolean'),
        ({"message_thread_id": "7.5"}, 'Parameter "message_thread_id" must be an integer'),
        ({"reply_markup": {"inline_keyboard": "a"}}, 'Parameter "reply_markup.inline_keyboard" must be an array'),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "data": "b"}]]}},
            'Parameter "reply_markup.inline_keyboard[0][0].data" is not a field of inlinekeyboardbutton',
        ),
        ({"business_connection_id": "a"}, 'Parameter "business_connection_id" is not simulated'),
    ],
)
async def test_unknown_and_ill_typed_parameters_are_named(parameters: dict[str, Any], words: str, bot: Bot) -> None:
    """What the specification does not name, or names with another type, is refused by its name."""
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(SARI, "a", api_kwargs=parameters)

    assert words == refusal.value.message
