"""Evidence in the conversation: what was sent, what became of it, and the question where it is asked for.

Bytes are not this room's business: a file is fetched, cleaned and sealed elsewhere, and comes back as an event.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.draft import KEPT, LINK, PENDING, Draft, Item
from bot.conversation.effects import Effect, Fetch, Remove, Show
from bot.conversation.events import Attached, Cleaned, FileKind, Spoiled
from bot.conversation.links import links_in, unmarked
from bot.conversation.own_words import STORY_MOST, piece, unusable
from bot.conversation.places import (
    Asked,
    Result,
    again,
    answer,
    answered,
    legible,
    main,
    match_codes,
    number_after,
    paged,
)
from bot.conversation.questions import Question
from bot.conversation.screens import Choice, Line, say
from bot.conversation.world import World

LINK_MOST = 500
SPOKEN = frozenset({FileKind.VOICE, FileKind.VIDEO_NOTE})

# Why a file was not taken: each of these has a sentence of its own; whatever else happened, it can be sent again.
SPOILED = frozenset(
    {"unsupported", "encrypted", "macros", "broken", "too_big", "bomb", "still_dirty", "timeout", "crashed"}
)


@dataclass(frozen=True)
class Evidence(Question):
    """Files and links, as many as the rules allow; what else is typed here goes on with the story."""

    def ask(self, draft: Draft, world: World) -> Asked:
        if draft.within:
            return Asked(self._listed(draft), self.choices(draft, world))
        lines = (
            say("ask.evidence", most=world.rules.files_most, megabytes=world.rules.file_mb),
            *counted(draft),
        )
        return Asked(lines, self.choices(draft, world))

    def _listed(self, draft: Draft) -> tuple[Line, ...]:
        item = _item(draft, draft.within)
        return _about(item, draft.items.index(item) + 1) if item else (say("evidence.pick"),)

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        if item := _item(draft, draft.within):
            look = [answer(f"look-{item.name}", "evidence.look")] if item.stored else []
            return (*look, answer(f"drop-{item.name}", "evidence.remove"))
        if draft.within:
            numbered = enumerate(draft.items, start=1)
            listed = [answer(f"item-{item.name}", "show.line", line=item_line(item, n)) for n, item in numbered]
            return paged(listed, draft.page, len(self.moves(draft)))
        if not draft.items:
            return (main("next", "evidence.none"),)
        return (answer("items", "evidence.items"), main("next", "move.next"))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        page, item = number_after("page", choice), _item(draft, choice)
        if choice == "next":
            return self._done(draft)
        if item is None:
            return Result(within="items", page=page or 0)
        if choice.startswith("drop-"):
            return _dropped(draft, item)
        effects = (Show(item.stored, item.kind, item.extension),) if choice.startswith("look-") else ()
        return Result(within=f"item-{item.name}", effects=effects)

    def _done(self, draft: Draft) -> Result:
        return answered(self.name, "given" if draft.items else "none")

    def read(self, draft: Draft, words: str, world: World) -> Result:
        said = match_codes(("none", "yes"), words, draft, world, loose=False)
        if said:
            return self._done(draft) if said == "none" else again()
        bare = unmarked(words)
        links = links_in(bare)
        if not links:
            return self._told_on(draft, words)
        result = self._linked(draft, bare, links, world)
        return result.saying(say("evidence.unmarked")) if result.items and bare != words else result

    def _told_on(self, draft: Draft, words: str) -> Result:
        before = f"{draft.text('story')}\n\n"
        problem = unusable(words, STORY_MOST) or unusable(before + words, STORY_MOST)
        return again(problem) if problem else piece("story", before, words, again(say("evidence.story")))

    def _linked(self, draft: Draft, words: str, links: Sequence[str], world: World) -> Result:
        known = {item.same for item in draft.items}
        fresh = [link for link in links if link not in known]
        if not fresh:
            return again(say("evidence.twice"))
        if len(draft.items) + len(fresh) > world.rules.files_most:
            return again(say("evidence.full", most=world.rules.files_most))
        if len(words) > LINK_MOST * len(links):
            return again(say("problem.long", most=LINK_MOST * len(links), length=len(words)))
        items = [Item(f"{world.fresh:x}-{n}", KEPT, LINK, same=link, url=link) for n, link in enumerate(fresh)]
        items[0] = replace(items[0], note=_beside(words, links))
        return Result(items=(*draft.items, *items), notes=(say("evidence.linked", count=len(items)),))

    def show(self, draft: Draft, world: World) -> Line:
        return say("evidence.count", count=len(draft.items)) if draft.items else say("evidence.nothing")


def _item(draft: Draft, code: str) -> Item | None:
    """The item that a code such as `item-3f2` names."""
    return next((item for item in draft.items if code.partition("-")[2] == item.name), None)


def _about(item: Item, number: int) -> tuple[Line, ...]:
    """One piece of evidence: what it is, the note that came with it, which traces were taken off."""
    note = [say("evidence.note", note=item.note)] if item.note else []
    link = [say("show.words", words=item.url)] if item.url else []
    return (item_line(item, number), *link, *note, *removed_line("evidence.cleaned", item.removed))


def removed_line(key: str, removed: Sequence[str]) -> tuple[Line, ...]:
    return (say(key, traces=tuple(say(f"trace.{code}") for code in removed)),) if removed else ()


def _dropped(draft: Draft, item: Item) -> Result:
    effects = (Remove(item.stored),) if item.stored else ()
    return Result(items=_replaced(draft, item).items, notes=(say("evidence.dropped"),), effects=effects)


def _beside(words: str, links: Sequence[str]) -> str:
    """The words that came with links; of a single link they need not say it again."""
    if len(links) > 1:
        return words
    # A pattern made of the link would be remembered by the library.
    return " ".join(piece.strip(" ") for piece in words.split(links[0])).strip(" .,:;\n")


def item_line(item: Item, number: int) -> Line:
    kind = "pending" if item.state == PENDING else item.kind
    return say(f"item.{kind}", number=number)


def counted(draft: Draft) -> tuple[Line, ...]:
    """How many pieces there are and how many are still being cleaned, where there are any."""
    kept = [say("evidence.kept", count=len(draft.kept))] if draft.kept else []
    return (*kept, *([say("evidence.pending", count=draft.pending)] if draft.pending else []))


def noted(items: Sequence[Item]) -> tuple[Line, ...]:
    """The words that came with pieces of evidence, each with its piece."""
    return tuple(
        say("evidence.noted", item=item_line(item, number), note=item.note)
        for number, item in enumerate(items, start=1)
        if item.note
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A draft after something happened to its evidence.

    `quiet`: nothing needs to be said yet; `brief`: the notes are enough, the question follows when the files are clean.
    """

    draft: Draft
    notes: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    quiet: bool = False
    brief: bool = False


def attach(draft: Draft, sent: Attached, world: World) -> Taken:
    """A file was sent, at whatever question: it is kept as evidence, or a sentence says why not."""
    problem = _unwelcome(draft, sent, world)
    if problem:
        return Taken(draft, (problem,))
    item = Item(
        f"{world.fresh:x}",
        PENDING,
        sent.kind.value,
        same=sent.same,
        note=legible(sent.caption),
        plain_file=sent.kind is FileKind.DOCUMENT,
    )
    fetch = Fetch(item.name, sent.file, sent.kind)
    after = replace(draft, items=(*draft.items, item))
    return Taken(after, (say("evidence.working"),), (fetch,), quiet=draft.pending > 0, brief=True)


def _unwelcome(draft: Draft, sent: Attached, world: World) -> Line | None:
    if sent.kind in SPOKEN and draft.at != "evidence":
        return say("evidence.spoken")
    if any(item.same == sent.same for item in draft.items):
        return say("evidence.twice")
    if len(draft.items) >= world.rules.files_most:
        return say("evidence.full", most=world.rules.files_most)
    if (sent.size or 0) > world.rules.file_mb * 1_000_000:
        return say("evidence.too_big", megabytes=world.rules.file_mb)
    return None


def settle(draft: Draft, outcome: Cleaned | Spoiled) -> Taken:
    """A file is clean and sealed, or could not be taken. Words come when none is left to wait for, or for a refusal."""
    item = next((item for item in draft.items if item.name == outcome.item and item.state == PENDING), None)
    if item is None:
        return Taken(draft, effects=(Remove(outcome.stored),) if isinstance(outcome, Cleaned) else (), quiet=True)
    if isinstance(outcome, Spoiled):
        return Taken(_replaced(draft, item), (spoiled_line(outcome.reason),))
    if any(other.clean_sha256 == outcome.clean_sha256 for other in draft.kept):
        return Taken(_replaced(draft, item), (say("evidence.twice"),), (Remove(outcome.stored),))
    clean = replace(
        item,
        state=KEPT,
        kind=outcome.kind,
        stored=outcome.stored,
        extension=outcome.extension,
        size=outcome.size,
        removed=outcome.removed,
        original_sha256=outcome.original_sha256,
        clean_sha256=outcome.clean_sha256,
    )
    after = _replaced(draft, item, clean)
    return Taken(after, _cleaned(after), quiet=after.pending > 0)


def spoiled_line(reason: str) -> Line:
    return say(f"spoiled.{reason if reason in SPOILED else 'gone'}")


def _replaced(draft: Draft, old: Item, *new: Item) -> Draft:
    """The draft with an item in the other's place, or without it."""
    items = tuple(other for item in draft.items for other in (new if item is old else (item,)))
    return replace(draft, items=items)


def _cleaned(draft: Draft) -> tuple[Line, ...]:
    """Which kinds of traces were taken off, without their values. The question counts by itself."""
    removed = sorted({code for item in draft.kept for code in item.removed})
    count = [] if draft.at == "evidence" else [say("evidence.kept", count=len(draft.kept))]
    return (*count, *removed_line("evidence.removed", removed))
