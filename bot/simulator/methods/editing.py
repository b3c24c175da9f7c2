"""Changing and deleting messages, and answering taps on their buttons."""

import re

from bot.simulator.errors import bad_request
from bot.simulator.methods import access, content, media
from bot.simulator.methods.sending import Content
from bot.simulator.state import MEDIA, Chat, Json, Media, Message
from bot.simulator.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TWO_DAYS = 48 * 3600
QUERY_SECONDS = 30
"""How long a tap waits for its answer."""
LONGEST_TOAST = 200
START_LINK = r"https://t\.me/{}\?start=[A-Za-z0-9_-]{{1,64}}"
"""What a tap may open without a game: the chat with the bot of that name, with a parameter."""
TEXT = ("text", "entities", "link_preview_options")
CAPTION = ("caption", "caption_entities", "show_caption_above_media")
REPLACED = {
    "keyboard": (),
    "text": TEXT,
    "caption": CAPTION,
    **dict.fromkeys(MEDIA, (*TEXT, *CAPTION, *MEDIA, "has_media_spoiler")),
}
"""Which fields of a message an edit of that kind takes away before it puts in its own."""
WITH_CAPTION = frozenset(("photo", "video", "animation", "document", "audio", "voice"))
MOST_DELETED = 100


def edit_message_text(world: World, parameters: Json) -> Json:
    body = content.text(parameters)
    message = _editable(world, parameters)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    options = {key: parameters[key] for key in ("link_preview_options",) if key in parameters}
    return _changed(world, message, parameters, Content("text", body | options))


def edit_message_caption(world: World, parameters: Json) -> Json:
    body = content.caption(parameters)
    message = _editable(world, parameters)
    if message.kind not in WITH_CAPTION:
        raise bad_request("there is no caption in the message to edit")
    if parameters.get("show_caption_above_media"):
        body["show_caption_above_media"] = True
    return _changed(world, message, parameters, Content("caption", body))


def edit_message_reply_markup(world: World, parameters: Json) -> Json:
    return _changed(world, _editable(world, parameters), parameters, Content("keyboard", {}))


def edit_message_media(world: World, parameters: media.Parameters) -> Json:
    given = parameters["media"]
    message = _editable(world, parameters)
    album = {"media_group_id"} & message.api.keys()
    if album and given["type"] not in media.COMPANIONS.get(message.kind, set()):
        raise bad_request("message content type can't be changed in an album")
    item = media.prepared(world, given["type"], given["media"], given, parameters.attachments)
    return _changed(world, message, parameters, item)


def delete_message(world: World, parameters: Json) -> bool:
    chat = access.writable(world, parameters["chat_id"])
    message = access.message_in(chat, parameters["message_id"], "message to delete")
    _check_deletable(world, chat, message)
    erase(world, message)
    return True


def delete_messages(world: World, parameters: Json) -> bool:
    """All of them that are found; none if one of those may not be deleted."""
    chat = access.writable(world, parameters["chat_id"])
    if len(parameters["message_ids"]) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    found = [chat.message_by_id[key] for key in parameters["message_ids"] if key in chat.message_by_id]
    for message in found:
        _check_deletable(world, chat, message)
    for message in found:
        erase(world, message)
    return True


def answer_callback_query(world: World, parameters: Json) -> bool:
    if len(parameters.get("text", "")) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    if "url" in parameters and not re.fullmatch(START_LINK.format(world.bot.username), parameters["url"]):
        raise bad_request("URL_INVALID")
    tap = world.taps.pop(parameters["callback_query_id"], None)
    if tap is None or world.clock() - tap.at > QUERY_SECONDS:
        raise bad_request(TOO_OLD)
    tap.answer = dict(parameters)
    world.show("answered", tap)
    return True


def erase(world: World, message: Message) -> None:
    """Take a message out of its chat, for everybody."""
    del message.chat.message_by_id[message.id]
    message.deleted = True
    world.record("deleted", message)


def replace(message: Message, api: Json, media: Media | None = None) -> None:
    """Give a message its new form; the old one is kept for observers."""
    message.history.append(message.api)
    message.api = api
    message.media = media or message.media


def _editable(world: World, parameters: Json) -> Message:
    if "chat_id" not in parameters or "message_id" not in parameters:
        raise bad_request("message identifier is not specified")
    chat = access.writable(world, parameters["chat_id"])
    message = access.message_in(chat, parameters["message_id"], "message to edit")
    others = chat.is_channel and chat.bot.may("can_edit_messages")
    own = message.from_bot and (not chat.is_channel or chat.bot.may("can_post_messages"))
    if not (own or others) or message.kind == "service" or "forward_origin" in message.api:
        raise bad_request("message can't be edited")
    return message


def _changed(world: World, message: Message, parameters: Json, new: Content) -> Json:
    """The message with new content of that kind; a missing reply_markup takes the buttons away."""
    replaced = {*REPLACED[new.kind], "reply_markup", "edit_date"}
    kept = {key: value for key, value in message.api.items() if key not in replaced}
    api = kept | new.body | content.keyboard(parameters)
    if api == {key: value for key, value in message.api.items() if key != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    replace(message, api | {"edit_date": world.now()}, new.media)
    world.record("edited", message)
    return message.api


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    own = message.from_bot and (not chat.is_channel or chat.bot.may("can_post_messages"))
    if not (own or chat.is_private or chat.bot.may("can_delete_messages")):
        raise bad_request("message can't be deleted")
    if world.now() - message.api["date"] > TWO_DAYS:
        raise bad_request("message can't be deleted for everyone")


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageMedia": edit_message_media,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
