"""What is to be done besides speaking; the services do it in the same transaction as the draft."""

from dataclasses import dataclass

from bot.conversation.draft import Item
from bot.conversation.events import FileKind


@dataclass(frozen=True, slots=True)
class Fetch:
    """Get a file from the platform, clean it, seal it, and tell the conversation as `Cleaned` or `Spoiled`."""

    item: str
    file: str
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Remove:
    """Destroy a sealed file of this draft."""

    stored: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show a sealed file of this draft to its reporter, as it will be sent."""

    stored: str
    kind: str
    extension: str


@dataclass(frozen=True, slots=True)
class Discard:
    """Destroy the draft as it was before this event, with its files, though another one begins."""


@dataclass(frozen=True, slots=True)
class Submit:
    """The draft as it was before this event becomes a tip."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Tell where the tip with this receipt is."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Destroy the tip with this receipt."""

    receipt: str


@dataclass(frozen=True, slots=True)
class ClearChat:
    """Delete what the private chat still shows, as far as the platform allows."""


@dataclass(frozen=True, slots=True)
class Write:
    """A moderator writes about the tip with this number, in their own words or, where they ask, in `canned` ones.

    `purpose` is the place where it was written: a question, another wording of it, a note, a label, a number, a reason.
    """

    purpose: str
    number: str
    words: str
    canned: str = ""


@dataclass(frozen=True, slots=True)
class Keep:
    """These words become one of the moderators' ready questions."""

    words: str


@dataclass(frozen=True, slots=True)
class Drop:
    """What is ready under this code at a place of `compose.STOCKED` is offered no more."""

    purpose: str
    code: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The reporter writes to the tip that the code `handle` opens; the items' files are still the draft's."""

    handle: str
    words: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """From now on the reporter is told in this chat, or no longer in any."""

    handle: str
    here: bool


Effect = Fetch | Remove | Show | Discard | Submit | LookUp | Withdraw | ClearChat | Write | Keep | Drop | Answer | Reach
