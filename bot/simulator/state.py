"""What the simulated Telegram keeps: people, chats, messages, files.

A message is kept as the very JSON object that the Bot API shows (`Message.api`); everything else here only
answers questions about it. Nothing in this module sends an update or decides what is allowed.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.simulator.world import World

Json = dict[str, Any]

MEDIA = ("animation", "photo", "video", "document", "audio", "voice", "video_note", "sticker")
"""Kinds of files in a message, `animation` before `document`: such a message carries both."""
PLAIN = ("text", "location", "venue", "contact", "poll", "dice")
"""Other content."""

PRESENT = {"creator", "administrator", "member"}


@dataclass(slots=True)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone: str | None = None
    is_bot: bool = False

    def api(self) -> Json:
        """As a Bot API `User`."""
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        named = {key: value for key, value in optional.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **named}


@dataclass(slots=True)
class Member:
    """A user's standing in a chat: a Bot API status, and an administrator's rights."""

    user: User
    status: str
    rights: dict[str, bool] = field(default_factory=dict)

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))


@dataclass(slots=True)
class StoredFile:
    """A file on Telegram's servers; a photo lies there in several sizes, each a file of its own."""

    file_id: str
    unique_id: str
    path: str
    data: bytes


@dataclass(slots=True)
class Media:
    """What a message carries: the field of `Message` it stands in, its JSON value, its files (the largest last)."""

    kind: str
    api: Json | list[Json]
    files: list[StoredFile]


class Message:
    """A message in a chat as the bot sees it, with what observers want to know about it."""

    __slots__ = ("api", "chat", "deleted", "history", "media", "sender")

    def __init__(self, chat: "Chat", sender: User | None, api: Json, media: Media | None = None) -> None:
        self.chat = chat
        self.sender = sender
        self.api = api
        self.media = media
        self.history: list[Json] = []
        """Earlier forms of an edited message, oldest first."""
        self.deleted = False

    def __repr__(self) -> str:
        return f"<Message {self.id} in {self.chat.type} {self.chat.id}>"

    @property
    def id(self) -> int:
        return int(self.api["message_id"])

    @property
    def text(self) -> str:
        """The text or caption, without markup; empty where there is none."""
        return str(self.api.get("text", self.api.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        field = "entities" if "entities" in self.api else "caption_entities"
        found: list[Json] = self.api.get(field, [])
        return found

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of inline buttons."""
        return list(self.api.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def taps(self) -> list[str]:
        """The data of the buttons that the bot hears of, in their order."""
        return [button["callback_data"] for row in self.keyboard for button in row if "callback_data" in button]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def kind(self) -> str:
        """Which field of the Bot API's `Message` holds the content, e.g. `text`, `photo`, `location`."""
        return next((kind for kind in (*MEDIA, *PLAIN) if kind in self.api), "service")

    @property
    def data(self) -> bytes:
        """The bytes of the attached file in its full size; empty where there is none."""
        return self.media.files[-1].data if self.media else b""

    @property
    def protected(self) -> bool:
        return bool(self.api.get("has_protected_content"))

    @property
    def edited(self) -> bool:
        return "edit_date" in self.api

    @property
    def reply_to(self) -> int | None:
        replied: int | None = self.api.get("reply_to_message", {}).get("message_id")
        return replied

    @property
    def from_bot(self) -> bool:
        return self.sender is not None and self.sender.is_bot


@dataclass(slots=True)
class Tap:
    """A tap on an inline button, and the bot's answer to it."""

    world: "World"
    query_id: str
    message: Message
    user: User
    data: str
    at: float
    answer: Json | None = None

    @property
    def chat(self) -> "Chat":
        return self.message.chat

    async def answered(self, timeout: float = 10) -> Json:  # noqa: ASYNC109 -- a deadline for the whole wait
        """The parameters of `answerCallbackQuery`, once it has come."""
        return await self.world.settled(lambda: self.answer, timeout)


class Chat:
    """A private chat, group, supergroup or channel."""

    def __init__(self, world: "World", chat_id: int, kind: str, title: str, username: str | None = None) -> None:
        self.world = world
        self.id = chat_id
        self.type = kind
        self.title = title
        self.username = username
        self.is_forum = False
        self.api: Json = {"id": chat_id, "type": kind}
        self.members: dict[int, Member] = {}
        self.message_by_id: dict[int, Message] = {}
        self.topics: dict[int, Json] = {}
        self.linked_chat_id: int | None = None
        self.migrated_to: Chat | None = None
        self.actions: deque[str] = deque(maxlen=world.keep)
        """Chat actions such as `typing` that the bot has shown here."""
        self.happened: deque[tuple[str, Message]] = deque(maxlen=world.keep)
        """What the bot did here and no `next_...` has asked for yet: (`sent`, `edited` or `deleted`, the message)."""

    def __repr__(self) -> str:
        return f"<Chat {self.type} {self.id}>"

    @property
    def is_channel(self) -> bool:
        return self.type == "channel"

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def member(self, user: User) -> Member:
        return self.members.get(user.id) or Member(user, "left")

    @property
    def bot(self) -> Member:
        return self.member(self.world.bot)

    def present(self) -> list[Member]:
        return [member for member in self.members.values() if member.status in PRESENT]

    @property
    def messages(self) -> list[Message]:
        """What people see here, oldest first."""
        return list(self.message_by_id.values())

    @property
    def last(self) -> Message:
        """The newest message."""
        return self.messages[-1]

    async def next_message(self, timeout: float = 10) -> Message:  # noqa: ASYNC109 -- a deadline for the whole wait
        """The next message of the bot here that nobody has asked for yet; `TimeoutError` after that many seconds."""
        return await self.next_event("sent", timeout)

    async def next_edit(self, timeout: float = 10) -> Message:  # noqa: ASYNC109 -- as above
        """The next edit by the bot here, as the edited message."""
        return await self.next_event("edited", timeout)

    async def next_event(self, kind: str | None = None, timeout: float = 10) -> Message:  # noqa: ASYNC109 -- as above
        """The next `sent`, `edited` or `deleted` message (any, without a kind); what came before it is skipped."""
        return await self.world.settled(lambda: self._taken(kind), timeout)

    def _taken(self, kind: str | None) -> Message | None:
        while self.happened:
            happened, message = self.happened.popleft()
            if kind in (None, happened):
                return message
        return None


Subject = Message | Tap | Chat | User
"""What something can happen to."""
