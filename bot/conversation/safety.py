"""The last look before sending: what in the answers could lead to the reporter, to be changed or sent as it is.

The check itself is in `betrayal`; here is what is looked at, of a tip and of what follows it, and what is said. Nothing
of it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.betrayal import Trace, TraceKind, numbers, traces
from bot.conversation.draft import Draft
from bot.conversation.effects import Submit
from bot.conversation.links import unmarked
from bot.conversation.places import Asked, Place, Result, answer, main
from bot.conversation.screens import Line, say
from bot.conversation.world import World

# What are the reporter's own words: answers of a tip, those of what follows it, and what came with evidence.
CHECKED = ("accused", "place", "story", "benefits", "witnesses", "words", "evidence")

# To send in spite of the warning. No language has a word for it: a "ya" that was meant for the summary, or a "kirim"
# that was typed twice, must not pass over what was never read.
ANYWAY = "anyway"


def warned(draft: Draft, name: str, words: str, mentions: Sequence[str], world: World) -> tuple[Line, ...]:
    """A sentence for words that were just typed at a question, where something in them could lead to the reporter.

    Where a talk goes on, the check says so of all that is to be sent; people who were picked are known only here.
    """
    if draft.about:
        return _told("betrayal.answer", [Trace(TraceKind.MENTION, mention) for mention in mentions])
    kept = unmarked(words) if name == "evidence" else words
    return _told("betrayal.typed", _traces(draft, name, kept, world, mentions)) if name in CHECKED else ()


def cautioned(draft: Draft, world: World) -> tuple[Line, ...]:
    """The same of an answer as it is about to be sent."""
    return _told("betrayal.answer", [trace for found in betraying(draft, world).values() for trace in found])


def _told(key: str, found: Sequence[Trace]) -> tuple[Line, ...]:
    return (say(key, words=_shown(found)),) if found else ()


def betraying(draft: Draft, world: World) -> Mapping[str, tuple[Trace, ...]]:
    """What was found, by question, in everything that is about to be sent."""
    found = {name: _traces(draft, name, _words(draft, name), world) for name in CHECKED}
    return {name: some for name, some in found.items() if some}


def _words(draft: Draft, name: str) -> str:
    if name == "evidence":
        return "\n".join(words for item in draft.items for words in (item.note, item.url) if words)
    return draft.text(name)


def _traces(draft: Draft, name: str, words: str, world: World, mentions: Sequence[str] = ()) -> tuple[Trace, ...]:
    # Whom the tip is about may be named everywhere, but in naming them somebody may name themselves; not by a number.
    accused = [draft.text("nip"), *(numbers(words) if name == "accused" else [draft.text("accused")])]
    return traces(words, world.reader, world.lexicon[draft.language], accused=accused, mentions=mentions)


def _shown(found: Sequence[Trace]) -> str:
    return ", ".join(f"“{trace.words}”" for trace in found)


def sent() -> Result:
    return Result(notes=(say("sent.now"),), effects=(Submit(),), over=True)


@dataclass(frozen=True)
class Safety(Place):
    """Shown between "send" and sending, only where something was found."""

    name: str = "safety"

    def ask(self, draft: Draft, world: World) -> Asked:
        found = betraying(draft, world)
        rows = tuple(
            say("row", label=say(f"label.{name}"), value=say("show.words", words=_shown(some)))
            for name, some in found.items()
        )
        changes = [answer(f"to-{name}", "betrayal.change", what=say(f"label.{name}")) for name in found]
        lines = (say("betrayal.found"), say("rows", rows=rows), say("betrayal.ask"))
        return Asked(lines, (*changes, main(ANYWAY, "betrayal.send")))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        return sent() if choice == ANYWAY else Result(go=choice.partition("-")[2])
