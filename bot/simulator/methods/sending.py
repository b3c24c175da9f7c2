"""sendMessage, sendChatAction, copyMessage, forwardMessage, and how any message comes to be."""

from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import bad_request, flooded
from bot.simulator.methods import access, content
from bot.simulator.state import MEDIA, PLAIN, Chat, Json, Media, Message
from bot.simulator.world import World

ACTIONS = frozenset(
    {
        "choose_sticker",
        "find_location",
        "record_video",
        "record_video_note",
        "record_voice",
        "typing",
        "upload_document",
        "upload_photo",
        "upload_video",
        "upload_video_note",
        "upload_voice",
    }
)
GENERAL_TOPIC = 1
COPIED = frozenset((*MEDIA, *PLAIN, "entities", "caption", "caption_entities", "link_preview_options"))


@dataclass(slots=True, frozen=True)
class Content:
    """What a message is to hold: its kind, the fields that show it, and its files."""

    kind: str
    body: Json
    media: Media | None = None


def send_message(world: World, parameters: Json) -> Json:
    options = {key: parameters[key] for key in ("link_preview_options",) if key in parameters}
    return deliver(world, parameters, Content("text", content.text(parameters) | options)).api


def send_chat_action(world: World, parameters: Json) -> bool:
    if parameters["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = access.writable(world, parameters["chat_id"])
    chat.actions.append(parameters["action"])
    world.show("action", chat)
    return True


def copy_message(world: World, parameters: Json) -> Json:
    source = _source(world, parameters, "message to copy")
    copied = {key: value for key, value in source.api.items() if key in COPIED}
    if "caption" in parameters:
        copied = {key: value for key, value in copied.items() if not key.startswith("caption")}
        copied |= content.caption(parameters)
    message = deliver(world, parameters, Content(source.kind, copied, source.media))
    return {"message_id": message.id}


def forward_message(world: World, parameters: Json) -> Json:
    source = _source(world, parameters, "message to forward")
    copied = {key: value for key, value in source.api.items() if key in COPIED}
    copied["forward_origin"] = origin(source)
    return deliver(world, parameters, Content(source.kind, copied, source.media)).api


def deliver(world: World, parameters: Json, said: Content, *, charged: bool = True) -> Message:
    """Put a message of the bot into the chat that the parameters name, or refuse."""
    chat = access.writable(world, parameters["chat_id"])
    access.may_send(chat, said.kind)
    body = said.body | content.keyboard(parameters) | _topic(chat, parameters) | _reply(world, chat, parameters)
    if parameters.get("protect_content"):
        body["has_protected_content"] = True
    if charged:
        charge(world, chat, 1)
    return post(world, chat, body, said.media)


def charge(world: World, chat: Chat, messages: int) -> None:
    """Count the messages against the flood limits."""
    seconds = world.limits.charge(chat.id, messages)
    if seconds:
        raise flooded(seconds)


def post(world: World, chat: Chat, body: Json, media: Media | None = None) -> Message:
    """A new message of the bot; in a channel the channel itself is the sender."""
    message_id = world.next_message_id(chat)
    sender = {"sender_chat": chat.api} if chat.is_channel else {"from": world.bot_api}
    api = {"message_id": message_id, **sender, "chat": chat.api, "date": world.now(), **body}
    message = Message(chat, world.bot, api, media)
    world.keep_message(message)
    world.record("sent", message)
    return message


def quoted(message: Message) -> Json:
    """A message inside another one: what it replied to itself is left out."""
    return {key: value for key, value in message.api.items() if key != "reply_to_message"}


def origin(message: Message) -> Json:
    """Where a forwarded message came from, as far as Telegram tells."""
    if "forward_origin" in message.api:
        known: Json = message.api["forward_origin"]
        return known
    if message.chat.is_channel:
        return {"type": "channel", "chat": message.chat.api, "message_id": message.id, "date": message.api["date"]}
    return {"type": "user", "sender_user": message.api["from"], "date": message.api["date"]}


def _source(world: World, parameters: Json, called: str) -> Message:
    message = access.message_in(access.readable(world, parameters["from_chat_id"]), parameters["message_id"], called)
    if message.kind == "service" or message.protected:
        raise bad_request(f"message can't be {'copied' if 'copy' in called else 'forwarded'}")
    return message


def _topic(chat: Chat, parameters: Json) -> Json:
    topic_id = parameters.get("message_thread_id")
    if not topic_id or not chat.is_forum:
        return {}
    topic = chat.topics.get(topic_id)
    if topic is None or topic_id == GENERAL_TOPIC:
        raise bad_request("message thread not found")
    if topic.get("closed") and not chat.bot.may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": topic_id, "is_topic_message": True}


def _reply(world: World, chat: Chat, parameters: Json) -> Json:
    wanted: dict[str, Any] | None = parameters.get("reply_parameters")
    if not wanted:
        return {}
    elsewhere = wanted.get("chat_id", chat.id)
    source = chat if elsewhere in (chat.id, f"@{chat.username}") else access.readable(world, elsewhere)
    replied = source.message_by_id.get(wanted["message_id"])
    if replied is None and wanted.get("allow_sending_without_reply"):
        return {}
    if replied is None:
        raise bad_request("message to be replied not found")
    if source is not chat:
        return {"external_reply": {"origin": origin(replied), "chat": source.api, "message_id": replied.id}}
    return {"reply_to_message": quoted(replied)} | _quote(replied, wanted)


def _quote(replied: Message, wanted: Json) -> Json:
    """The part of the message that is quoted; it must stand there word for word."""
    if "quote" not in wanted:
        return {}
    quote, _ = content.formatted(wanted["quote"], wanted.get("quote_parse_mode"), wanted.get("quote_entities"))
    if quote not in replied.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {"quote": {"text": quote, "position": wanted.get("quote_position", 0), "is_manual": True}}


METHODS = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
