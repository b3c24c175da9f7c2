"""What moderators see of a tip: content first, then one card, without language or platform."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation.draft import Draft, Item
from bot.conversation.intake import DETAILS, INTAKE
from bot.conversation.menus import row
from bot.conversation.questions import DEADLINE_DAYS, days_left, region_line
from bot.conversation.screens import Line, say
from bot.conversation.tip import Completeness, Summary, completeness, summary
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
    """A tip for the moderators: `body` paragraphs and the `story` come first, the exhibits, then the `card`."""

    number: str
    body: tuple[Line, ...]
    story: str
    exhibits: tuple[Exhibit, ...]
    card: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One sending of a post, as an adapter cuts it. The same post is always cut into the same pieces.

    `kind` is text, album, single or card; `part` counts from 0; `payload` is the adapter's own.
    """

    part: int
    kind: str
    exhibits: tuple[Exhibit, ...] = ()
    payload: str = ""


def compose(draft: Draft, number: str, world: World, *, in_full: bool) -> Post:
    """A tip as the moderators get it; only its card where the channel is not to hold content."""
    card = card_lines(number, summary(draft), completeness(draft, world), world)
    if not in_full:
        return Post(number, (), "", (), (*card, say("post.closed", number=number)))
    exhibits = tuple(_exhibit(item, n) for n, item in enumerate(draft.kept, start=1))
    return Post(number, (say("post.title", number=number), _rows(draft, world)), draft.text("story"), exhibits, card)


def _rows(draft: Draft, world: World) -> Line:
    """Every answer but the story; the moderators get a NIP whole, for they have to look it up."""
    told = [question for question in (*INTAKE, *DETAILS) if draft.text(question.name) and question.name not in UNTOLD]
    whole = {"nip": say("show.words", words=draft.text("nip"))}
    return say("rows", rows=tuple(row(one, whole.get(one.name) or one.show(draft, world)) for one in told))


def card_lines(number: str, told: Summary, ready: Completeness, world: World) -> tuple[Line, ...]:
    """The card, from the few things that need no opening of the tip."""
    known = date.fromisoformat(told.known)
    today = world.today[world.regions.zone(told.region).name]
    rows = (
        say("card.categories", lines=tuple(say(f"category.{code}") for code in told.categories)),
        say("card.region", where=region_line(told.region, world)),
        say("card.who", who=say(f"status.{told.status}")),
        say("card.when", day=date.fromisoformat(told.happened)),
        say("card.deadline", day=known + timedelta(days=DEADLINE_DAYS), left=card_left(days_left(known, today))),
        say("card.ready", formal=_mark(ready.formal), material=_mark(ready.material)),
    )
    return (say("card.title", number=number), say("rows", rows=rows))


def card_left(days: int) -> Line:
    if days > 0:
        return say("card.left", count=days)
    return say("card.last" if days == 0 else "card.over")


def _mark(there: bool) -> Line:  # noqa: FBT001 - the one thing it is about
    return say("mark.yes" if there else "mark.no")


def _exhibit(item: Item, number: int) -> Exhibit:
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
