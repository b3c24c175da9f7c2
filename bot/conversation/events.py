"""What a reporter did, in the past tense, as any platform can tell it. Adapters make these; `advance` takes them."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.conversation.betrayal import NOBODY, Reader
from bot.conversation.screens import Line


class Command(StrEnum):
    """What a reporter can ask for at any moment, whatever the question on the screen."""

    START = "start"
    REPORT = "report"
    STATUS = "status"
    CANCEL = "cancel"
    DELETE = "delete"
    LANGUAGE = "language"
    PRIVACY = "privacy"
    HELP = "help"
    UNKNOWN = "unknown"


class Unusable(StrEnum):
    """Kinds of message of which nothing is kept; each gets its own kind sentence."""

    FORWARD = "forward"
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"
    POLL = "poll"
    DICE = "dice"
    STORY = "story"
    OTHER = "other"


class FileKind(StrEnum):
    """How the reporter sent a file; what it really is, is judged later by its content."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    ANIMATION = "animation"
    VOICE = "voice"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Typed:
    """Plain words, without formatting; `mentions` are those of them that were picked from a list of people.

    `receipt`: they are known to be one, and no answer to anything, whatever else they look like. `noticed` is the
    language of the notice where that was said last, so that a "ya" can be meant for it.
    """

    words: str
    mentions: tuple[str, ...] = ()
    receipt: bool = False
    noticed: str = ""


@dataclass(frozen=True, slots=True)
class Chose:
    """A button: the question that it answers and the turn at which it was drawn come with it."""

    turn: int
    question: str
    choice: str


@dataclass(frozen=True, slots=True)
class Commanded:
    command: Command
    words: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file was sent. `file` fetches it from the platform, `same` tells two sendings of one file; `size` is bytes."""

    kind: FileKind
    file: str
    same: str
    size: int | None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something of which nothing is kept."""

    what: Unusable


@dataclass(frozen=True, slots=True)
class Edited:
    """An earlier message was changed: never a new answer."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The platform handed over an event for the second time: the current screen is drawn again, nothing moves."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An attached file is clean and sealed. `stored` finds it again; `removed` names kinds of traces, never values."""

    item: str
    stored: str
    kind: str
    extension: str
    size: int
    removed: tuple[str, ...]
    original_sha256: str
    clean_sha256: str


@dataclass(frozen=True, slots=True)
class Spoiled:
    """An attached file could not be taken; `reason` is a code with a sentence in the catalogues."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Something was opened by a code, a reply or a receipt: `purpose` is the place where it leads.

    `about` is the code that opens a tip's talk, or a tip's number for moderators; `lines` tell what is to be read
    first. `contact` is how the reporter is told now ("here", "code"), empty where that cannot be changed; `language`
    counts where nothing is in hand. `asked` is the question that is to be answered, by its code and words, empty where
    there is none; `waits`: the moderators wait for that answer. `offered` are questions or labels that are ready, by
    code; words are empty for shipped ones.
    """

    purpose: str
    about: str
    lines: tuple[Line, ...] = ()
    contact: str = ""
    language: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, str] | tuple[()] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """A moderator followed a link that opens nothing for them; `language` counts where nothing is in hand."""

    language: str


@dataclass(frozen=True, slots=True)
class Shut:
    """What a question opened is not open from its message any more: its button was `tapped`, or it was replied to."""

    tapped: bool


Event = Typed | Chose | Commanded | Attached | Sent | Edited | Replayed | Cleaned | Spoiled | Opened | Spent | Shut


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event with where it came from. `update` is the platform's own number, `chat` the private chat's.

    `message` is the message that carried the words, or the one whose button was tapped. What the bot itself has to
    tell, such as that a file is clean, has neither. `reply_to` is the bot's own message that was answered, `reply_at`
    what its buttons answer, empty where it has none. `reader` is how the platform shows the reporter; it is never kept.
    """

    update: int | None
    chat: int
    message: int | None
    event: Event
    reply_to: int | None = None
    reply_at: str = ""
    reader: Reader = field(default=NOBODY, compare=False)
