"""What moderators see of a tip: content first, then one card, without language or platform."""

from dataclasses import dataclass

from bot.conversation.card import card
from bot.conversation.case import Case
from bot.conversation.draft import Draft, Item
from bot.conversation.intake import DETAILS, INTAKE
from bot.conversation.menus import row
from bot.conversation.screens import Line, Screen, say
from bot.conversation.world import World

# The story stands by itself, the evidence follows as exhibits, and how to hear back is the reporter's own matter.
UNTOLD = frozenset({"story", "evidence", "contact"})


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence as the channel gets it, under a neutral name. `stored` finds its bytes, `size` counts them.

    `kind` is picture, video, animation, audio, voice, document or link; a link has only `url`. `plain_file` is true
    where the reporter chose to send it as a file, so that it is posted as one. `removed` names the sorts of traces that
    were taken off; the sums are those of the bytes as they came and as they are posted.
    """

    number: int
    kind: str
    stored: str = ""
    extension: str = ""
    size: int = 0
    url: str = ""
    note: str = ""
    plain_file: bool = False
    removed: tuple[str, ...] = ()
    original_sha256: str = ""
    clean_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What goes to the moderators: `body` paragraphs and the `story` come first, the exhibits, then a tip's `card`."""

    number: str
    body: tuple[Line, ...]
    story: str
    exhibits: tuple[Exhibit, ...]
    card: Screen | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece is to stand: in a chat, there in reply to a message, and in a topic where the chat has them."""

    chat: int
    reply_to: int | None = None
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One sending of a post, as an adapter cuts it. The same post is always cut into the same pieces.

    `kind` is topic, text, album, single or card; a topic is where the others stand. `part` counts from 0; `payload` and
    `keyboard` are the adapter's own.
    `repeat`: an earlier sending of it may have arrived, which it has to say.
    """

    part: int
    kind: str
    exhibits: tuple[Exhibit, ...] = ()
    payload: str = ""
    keyboard: str | None = None
    repeat: bool = False


def compose(draft: Draft, case: Case, world: World) -> Post:
    """A tip as the moderators get it; only its card where the channel is not to hold content.

    Labels are drawn on the card when it is redrawn.
    """
    shown = card(case, world, {})
    if not world.rules.forwards_content:
        return Post(case.number, (), "", (), shown)
    body = (say("post.title", number=case.number), _rows(draft, world))
    exhibits = tuple(exhibit(item, n) for n, item in enumerate(draft.kept, start=1))
    return Post(case.number, body, draft.text("story"), exhibits, shown)


def _rows(draft: Draft, world: World) -> Line:
    """Every answer but the story; the moderators get a NIP whole, for they have to look it up."""
    told = [question for question in (*INTAKE, *DETAILS) if draft.text(question.name) and question.name not in UNTOLD]
    whole = {"nip": say("show.words", words=draft.text("nip"))}
    return say("rows", rows=tuple(row(one, whole.get(one.name) or one.show(draft, world)) for one in told))


def exhibit(item: Item, number: int) -> Exhibit:
    """A kept piece of evidence, as the exhibit with this number."""
    return Exhibit(
        number,
        item.kind,
        stored=item.stored,
        extension=item.extension,
        size=item.size,
        url=item.url,
        note=item.note,
        plain_file=item.plain_file,
        removed=item.removed,
        original_sha256=item.original_sha256,
        clean_sha256=item.clean_sha256,
    )
