"""What the services need of a platform and of the cleaning room; the application hands in who does it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.conversation.figures import Bars
from bot.conversation.post import Exhibit, Piece, Place, Post
from bot.conversation.screens import Line, Reply, Screen
from bot.conversation.speech import Outcome


class Speaker(Protocol):
    """Speaks to private chats."""

    async def say(self, chat: int, screen: Screen, language: str) -> Outcome:
        """Send a screen as a new message."""

    async def show(self, chat: int, exhibit: Exhibit, data: bytes) -> Outcome:
        """Send a file, under a neutral name."""

    async def give(self, chat: int, name: str, data: bytes) -> Outcome:
        """Send a file under this name, to be kept."""

    async def amend(self, chat: int, messages: Sequence[int], screen: Screen, language: str) -> Outcome:
        """Say something else in the messages that said it; `Accepted` names all that say it now, one gone is unfit."""

    async def erase(self, chat: int, messages: Sequence[int]) -> Outcome:
        """Delete messages, as far as the platform allows; what is gone already counts as deleted."""


class Attendant(Protocol):
    """Tells a private chat how it goes with what it sent, besides its events."""

    async def busy(self, chat: int) -> None:
        """Show that something is being worked on; it does not matter whether that succeeds."""

    def say(self, chat: int, reply: Reply) -> None:
        """Say a reply in the chat's own order, with patience for what passes."""


class Channel(Protocol):
    """Speaks to the moderators' chat."""

    def pieces(self, post: Post) -> tuple[Piece, ...]:
        """Cut a post; always the same way for the same post."""

    def instead(self, piece: Piece) -> Piece:
        """What is sent in place of a piece that the platform will never take: a sentence that names it."""

    async def send(self, place: Place, piece: Piece, files: Mapping[str, bytes]) -> Outcome:
        """Send a piece with the bytes of its exhibits by their `stored` name; a topic is named by its first message.

        A topic that the chat does not let be opened is accepted without one.
        """

    async def redraw(self, chat: int, message: int, screen: Screen) -> Outcome:
        """Draw a card anew where it stands; one that says so already is accepted, one that is gone is unfit."""

    async def retract(self, chat: int, messages: Sequence[int], topics: Sequence[int]) -> Outcome:
        """Delete posts, or empty those that are too old to be deleted, and topics with all that is in them."""

    async def ask(self, chat: int, screen: Screen) -> Outcome:
        """Ask something that is about no single tip, with its buttons."""

    async def alert(self, chat: int, lines: Sequence[Line]) -> Outcome:
        """Say something that is about no tip."""


class Administrators(Protocol):
    """Knows who administers a chat."""

    async def administrators(self, chat: int) -> frozenset[int] | None:
        """User ids, without bots; None where the platform does not say."""


class Source(Protocol):
    """Fetches what reporters sent."""

    async def fetch(self, file: str) -> bytes | Outcome:
        """The bytes, or why they cannot be had."""


class Artist(Protocol):
    """Draws what admins look at."""

    async def paint(self, bars: Bars) -> bytes | None:
        """A picture (PNG) in the moderators' language, or None where it could not be made."""
