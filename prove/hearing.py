"""What is read where, in a world that forgets: every sentence that matters bears a numbered word of its tip.

Rule: nothing here waits by looking again and again, and of all that is said only those words are kept.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.simulator import Message, Person, Simulator
from bot.simulator.state import Json, Subject, Tap
from prove.page import need
from prove.stage import NUMBER

WORD = re.compile(r"\b((?:cerita|tanya|jawab)-(\d{6})-\d+)\b")
CARD = "kartu"
"""Stands for a tip's card among its posts."""
ASKED = 2
"""Questions to each reporter."""


@dataclass(eq=False)
class Tip:
    """What is to be read of a tip, and what was: in the channel, and in its reporter's chat. `card` is a message."""

    n: int
    sentences: int
    number: str = ""
    card: int = 0
    posts: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def word(self, kind: str, n: int) -> str:
        return f"{kind}-{self.n:06}-{n}"

    def words(self, kind: str, many: int) -> list[str]:
        return [self.word(kind, n) for n in range(1, many + 1)]

    @property
    def told(self) -> list[str]:
        """How the channel reads the tip: whom it is about and the story, then the card."""
        return [*self.words("cerita", 1 + self.sentences), CARD]

    def story(self) -> str:
        sentence = "Ia meminta guru mengunggah foto dengan simbol calon"
        return " ".join(f"{sentence}, {one}." for one in self.told[1:-1])

    def reads(self, post: Message, words: Sequence[str]) -> None:
        """One more post: without words the card, to which answers have to reply."""
        if not words:
            self.card = post.id
        astray = any(word.startswith("jawab") for word in words) and post.reply_to != self.card
        self.posts += ["astray"] if astray else words or [CARD]
        self.news.set()

    def lacks(self) -> str:
        """What is not as it was said, or nothing."""
        if self.posts[: len(self.told)] != self.told:
            return "is not in the channel whole, once and before its card"
        if self.asked != self.words("tanya", ASKED):
            return "has questions that did not reach its reporter once and in their order"
        if self.posts[len(self.told) :] != self.words("jawab", ASKED):
            return "has answers that did not reach its card once and in their order"
        return ""

    async def comes(self, posts: int) -> None:
        """Wait for so many posts."""
        while len(self.posts) < posts:
            self.news.clear()
            await self.news.wait()


@dataclass
class OwnChat:
    """Somebody's chat with the bot, who reads there of one `tip` alone. Every act is answered by one screen."""

    person: Person
    tip: Tip | None = None
    answered: int = 0
    screens: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    questions: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)

    def hears(self, kind: str, message: Message) -> None:
        """A question comes by itself; all else is the answer to an act."""
        if kind == "sent" and self.tip and asks(message) == "open":
            self.tip.asked += (word for word, _ in WORD.findall(message.text))
            self.questions.put_nowait(message)
        else:
            self.screens.put_nowait(message)

    async def types(self, words: str, then: str) -> Message:
        return await self.does(lambda: self.person.types(words), then)

    async def taps(self, screen: Message, choice: str, then: str) -> Message:
        """Tap a button by the end of its data."""
        data = next((one for one in screen.taps if one.rpartition("|")[2] == choice), "")
        return await self.does(lambda: self.person.taps(screen, data=data), then)

    async def does(self, act: Callable[[], object], then: str) -> Message:
        """Act; the screen that it brings, which asks `then` and is the only one."""
        act()
        screen = await self.screens.get()
        while then and not asks(screen) and WORD.search(screen.text):
            # A long screen is in several messages, the last of which has the buttons.
            screen = await self.screens.get()
        self.answered += 1
        need(self.screens.empty(), "An update was answered twice.")
        need(asks(screen) == then, f"'{asks(screen)}' answered what '{then}' should.")
        return screen

    def forgets(self) -> None:
        """Clear the chat, as people are told to."""
        self.person.chat.message_by_id.clear()
        self.person.chat.happened.clear()


def asks(screen: Message) -> str:
    """The question that its buttons answer, or nothing."""
    return screen.taps[0].split("|")[1] if screen.taps else ""


class Hearing:
    """Hears all that happens in a world, and hands it to whom it is for; what is told in a wrong place is `astray`.

    `updates` are what people did, `shown` what the bot said in private.
    """

    def __init__(self, simulator: Simulator) -> None:
        self.tips: list[Tip] = []
        self.chats: dict[int, OwnChat] = {}
        self.updates = self.shown = self.astray = 0
        self._numbered: dict[str, Tip] = {}
        self._pressed: dict[str, asyncio.Future[Json]] = {}
        simulator.world.watchers.add(self._hears)

    def begins(self, sentences: int) -> Tip:
        self.tips.append(Tip(len(self.tips), sentences))
        return self.tips[-1]

    def chat_of(self, person: Person, tip: Tip | None = None) -> OwnChat:
        self.chats[person.user.id] = chat = OwnChat(person, tip)
        return chat

    async def answer(self, person: Person, message: Message, data: str) -> Json:
        """Tap; what Telegram is told to show for it."""
        tap = person.taps(message, data=data)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._pressed[tap.query_id] = answer
        return await answer

    def _hears(self, kind: str, subject: Subject) -> None:
        match subject:
            case Tap():
                self._tapped(kind, subject)
            case Message() if not subject.from_bot:
                self.updates += kind == "sent"
            case Message() if subject.chat.is_private and kind != "deleted":
                self._told(kind, subject)
            case Message() if kind == "sent":
                self._posted(subject)

    def _tapped(self, kind: str, tap: Tap) -> None:
        self.updates += kind == "tapped"
        waiting = self._pressed.pop(tap.query_id, None) if kind == "answered" else None
        if waiting:
            waiting.set_result(tap.answer or {})

    def _told(self, kind: str, message: Message) -> None:
        """Somebody reads of their tip, and of no other."""
        self.shown += 1
        chat = self.chats.get(message.chat.id)
        own = chat.tip.n if chat and chat.tip else None
        self.astray += any(int(n) != own for _, n in WORD.findall(message.text))
        if chat:
            chat.hears(kind, message)

    def _posted(self, post: Message) -> None:
        """A post with words belongs to the tip that they are of; a card has none, but its tip's number."""
        number, found = NUMBER.match(post.text), WORD.findall(post.text)
        if number and found:
            self._numbered.setdefault(number[0], self.tips[int(found[0][1])])
        tip = self._numbered.get(number[0]) if number else None
        if tip and number:
            tip.number = number[0]
            tip.reads(post, [word for word, _ in found])
        else:
            self.astray += bool(found)
