"""Which chat a request means, and whether the bot may do there what it asks."""

from bot.simulator.errors import bad_request, forbidden, migrated
from bot.simulator.state import PRESENT, Chat, Message
from bot.simulator.world import World

OUTSIDE = {
    ("private", "kicked"): "bot was blocked by the user",
    ("private", "left"): "bot can't initiate conversation with a user",
    **{(kind, "kicked"): f"bot was kicked from the {kind} chat" for kind in ("group", "supergroup", "channel")},
    **{(kind, "left"): f"bot is not a member of the {kind} chat" for kind in ("group", "supergroup", "channel")},
}

SENDING = {
    "text": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "document": ("can_send_documents", "documents"),
    "audio": ("can_send_audios", "audios"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "video_note": ("can_send_video_notes", "video notes"),
    "animation": ("can_send_other_messages", "animations"),
}
"""For each kind of message: the right it needs in a group, and what the refusal calls it."""


def find(world: World, chat_id: int | str) -> Chat:
    """A chat that the bot has met, by id or @username."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else world.chat_named(chat_id)
    if chat is None or (chat.is_private and not _has_met(world, chat)):
        raise bad_request("chat not found")
    return chat


def readable(world: World, chat_id: int | str) -> Chat:
    """A chat whose facts the bot may read: in a supergroup or channel it must be inside, unless all may look."""
    chat = find(world, chat_id)
    if chat.type in ("supergroup", "channel") and not (chat.username and chat.bot.status == "left"):
        _inside(chat)
    return chat


def writable(world: World, chat_id: int | str) -> Chat:
    """A chat where the bot may act: it is inside, and the chat has not moved."""
    chat = find(world, chat_id)
    if chat.migrated_to:
        raise migrated(chat.migrated_to.id)
    _inside(chat)
    return chat


def may_send(chat: Chat, kind: str) -> None:
    """Refuse unless the bot's rights there cover such a message."""
    bot = chat.bot
    if chat.is_channel and not bot.may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    if bot.status == "restricted":
        right, called = SENDING.get(kind, SENDING["animation"])
        if not bot.rights.get(right):
            raise bad_request(f"not enough rights to send {called} to the chat")


def message_in(chat: Chat, message_id: int | None, called: str) -> Message:
    """The message, or the refusal that names it as `called`, e.g. "message to edit"."""
    message = chat.message_by_id.get(message_id or 0)
    if message is None:
        raise bad_request(f"{called} not found")
    return message


def _inside(chat: Chat) -> None:
    status = chat.bot.status
    if status not in PRESENT and status != "restricted":
        raise forbidden(OUTSIDE[chat.type, status])


def _has_met(world: World, private: Chat) -> bool:
    """Whether the bot has seen this person: in their own chat, or in one that both are in."""
    if private.bot.status != "left":
        return True
    shared = (chat for chat in world.chats.values() if not chat.is_private and chat.bot.status in PRESENT)
    return any(private.id in chat.members for chat in shared)
