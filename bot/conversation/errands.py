"""What moderators and admins do, as any platform can tell it, and what comes back: the second door beside `events`.

Rule: who acts is the person by their own id, never the chat; whether they may is decided where an errand is done.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.screens import Line, Screen


class StaffCommand(StrEnum):
    """What moderators and admins ask for by a command; whoever may not gets the ordinary help."""

    QUEUE = "queue"
    TIP = "tip"
    HAND_OVER = "hand_over"
    STATISTICS = "statistics"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. `name` is what the moderators' chat shows anyway; neither is kept with a tip."""

    user: int
    name: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under a card, a queue or the like: `number` is the screen's question, `code` the choice's."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Remarked:
    """Words in reply to the message `to`. `edits`: they change what `message` said before.

    `about` is what that message's buttons bear: the tip's number where it is a card, or a copy of one. `attached`: the
    words stand under a picture or a file.
    """

    to: int
    words: str
    edits: bool = False
    about: str = ""
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Summoned:
    """A command with its words, in the moderators' chat or in a private one."""

    command: StaffCommand
    words: str = ""


@dataclass(frozen=True, slots=True)
class Faceless:
    """Somebody acts as a chat, not as a person: an anonymous administrator, or a channel."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Who belongs to the moderators' chat, or what they may do there, has changed."""


Deed = Pressed | Remarked | Summoned | Faceless | Changed


@dataclass(frozen=True, slots=True)
class Errand:
    """A deed with where it came from. `update` is the platform's own number, `message` the one pressed or written.

    `private`: in the person's own chat with the bot, not in the moderators'.
    """

    update: int | None
    chat: int
    message: int | None
    by: Person
    deed: Deed
    private: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """What an errand brings, once it is committed. `toast` answers a tap in passing.

    `over` is drawn over the message that was pressed, `new` is sent in reply to it, after `first`. `opens` is a code
    with which the person's own chat with the bot is opened. `shows` are the numbers of the tips that are read in any
    of these screens.
    """

    toast: Line | None = None
    over: Screen | None = None
    first: Screen | None = None
    new: Screen | None = None
    opens: str = ""
    shows: tuple[str, ...] = ()
