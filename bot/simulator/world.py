"""One simulated Telegram: everything it knows, its counters and chance, and who is waiting for something to happen."""

import asyncio
import random
import string
from collections.abc import Callable
from typing import Any, TypeVar

from bot.simulator.faults import Faults
from bot.simulator.limits import Limits
from bot.simulator.state import Chat, Json, Media, Message, StoredFile, Subject, Tap, User
from bot.simulator.updates import UpdateQueue

T = TypeVar("T")

Clock = Callable[[], float]
ALPHABET = string.ascii_letters + string.digits
Watcher = Callable[[str, Subject], None]


class World:
    """Everything of one simulated Telegram with one bot in it."""

    def __init__(self, token: str, clock: Clock, chance: random.Random, keep: int | None) -> None:
        self.token = token
        self.clock = clock
        self.random = chance
        self.keep = keep
        """How many messages a chat, and files the server, remember; None for all."""
        self.faults = Faults()
        self.limits = Limits(clock)
        self.updates = UpdateQueue(clock, chance)
        self.bot = User(int(token.partition(":")[0]), "Bisik", username="bisik_bot", is_bot=True)
        self.bot_api = self.bot.api()
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.media: dict[str, Media] = {}
        """By the file_id of each of its files."""
        self.files: dict[str, StoredFile] = {}
        """By path."""
        self.taps: dict[str, Tap] = {}
        """Taps on buttons that wait for their answer, by callback query id."""
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.webhook = ""
        self.watchers: set[Watcher] = set()
        self._counters: dict[int, int] = {}
        self._file_numbers = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def now(self) -> int:
        """The time as messages show it, in Unix seconds."""
        return int(self.clock() + self.faults.clock_skew)

    def token_of(self, length: int) -> str:
        """An opaque random word."""
        return "".join(self.random.choices(ALPHABET, k=length))

    def next_message_id(self, chat: Chat) -> int:
        """Private chats and basic groups of one account share a counter; supergroups and channels have their own."""
        counter = 0 if chat.type in ("private", "group") else chat.id
        self._counters[counter] = self._counters.get(counter, 1) + 1
        return self._counters[counter]

    def new_chat(self, kind: str, title: str, username: str | None = None) -> Chat:
        """An empty group, supergroup or channel with an id in the range of its kind."""
        number = len(self.chats) * 1000 + self.random.randrange(1, 1000)
        chat = Chat(self, -(10**9) - number if kind == "group" else -(10**12) - 10**9 - number, kind, title, username)
        chat.api |= {"title": title} | ({"username": username} if username else {})
        self.chats[chat.id] = chat
        return chat

    def next_file_number(self) -> int:
        self._file_numbers += 1
        return self._file_numbers

    def chat_named(self, username: str) -> Chat | None:
        named = username.removeprefix("@").lower()
        public = (chat for chat in self.chats.values() if not chat.is_private and chat.username)
        return next((chat for chat in public if str(chat.username).lower() == named), None)

    def keep_message(self, message: Message) -> None:
        messages = message.chat.message_by_id
        messages[message.id] = message
        _bound(messages, self.keep)

    def keep_file(self, file: StoredFile, media: Media) -> None:
        self.files[file.path] = file
        self.media[file.file_id] = media
        _bound(self.files, self.keep)
        _bound(self.media, self.keep)

    def record(self, kind: str, message: Message) -> None:
        """Note that a message was `sent`, `edited` or `deleted`, and tell everybody who watches."""
        if message.from_bot or kind == "deleted":
            message.chat.happened.append((kind, message))
        self.show(kind, message)

    def show(self, kind: str, subject: Subject) -> None:
        """Tell everybody who watches what has happened to whom."""
        for watcher in self.watchers:
            watcher(kind, subject)
        self.notify()

    def notify(self) -> None:
        """Let every `settled` look again."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def settled(self, condition: Callable[[], T | None], timeout: float = 10) -> T:  # noqa: ASYNC109 -- as above
        """Wait until the condition gives something true, looking again whenever anything happens here."""
        async with asyncio.timeout(timeout):
            while not (result := condition()):
                await self._change()
        return result

    async def _change(self) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)


def _bound(kept: dict[Any, Any], most: int | None) -> None:
    while most is not None and len(kept) > most:
        del kept[next(iter(kept))]
