"""What in a tip could lead to its reporter, looked for once more before it leaves, and taken out where it is wished.

Rule: it errs towards showing; whoever hands over sees what was found, and a second person decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.conversation.betrayal import NOBODY, traces
from bot.conversation.case import Case
from bot.conversation.draft import Draft
from bot.conversation.post import Exhibit
from bot.conversation.safety import CHECKED, betraying
from bot.conversation.screens import Line, Value
from bot.conversation.world import World

HIDDEN = "[disamarkan]"


@dataclass(frozen=True, slots=True)
class Tip:
    """A submitted tip, opened: its answers, the day of receipt, the `talk` since in its order, all its exhibits.

    `notes` are the moderators' own, and stand on no paper.
    """

    case: Case
    draft: Draft
    day: date
    talk: tuple[Line, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    notes: tuple[Line, ...] = ()


def found(tip: Tip, world: World) -> tuple[str, ...]:
    """Words that could lead to the reporter, as they were written, each once."""
    answers = (trace.words for some in betraying(tip.draft, world).values() for trace in some)
    known = [tip.draft.text("nip"), tip.draft.text("accused")]
    lexicon = world.lexicon[tip.draft.language]
    said = (
        trace.words
        for text in (*_texts(tip.talk), *(one.note for one in tip.exhibits))
        for trace in traces(text, NOBODY, lexicon, accused=known)
    )
    return tuple(dict.fromkeys((*answers, *said)))


def masked(tip: Tip, words: Iterable[str]) -> Tip:
    """The tip without these words, wherever the reporter wrote them."""
    longest_first = sorted(words, key=len, reverse=True)
    answers = {
        name: _without(answer, longest_first) if name in CHECKED and isinstance(answer, str) else answer
        for name, answer in tip.draft.answers.items()
    }
    return replace(
        tip,
        draft=replace(tip.draft, answers=answers),
        talk=tuple(_line_without(line, longest_first) for line in tip.talk),
        exhibits=tuple(replace(one, note=_without(one.note, longest_first)) for one in tip.exhibits),
    )


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Line():
            yield from (text for inner in value.values.values() for text in _texts(inner))
        case tuple():
            yield from (text for inner in value for text in _texts(inner))


def _line_without(line: Line, words: Iterable[str]) -> Line:
    return replace(line, values={name: _value_without(value, words) for name, value in line.values.items()})


def _value_without(value: Value, words: Iterable[str]) -> Value:
    match value:
        case str():
            return _without(value, words)
        case Line():
            return _line_without(value, words)
        case tuple():
            return tuple(_line_without(line, words) for line in value)
    return value


def _without(text: str, words: Iterable[str]) -> str:
    for one in words:
        text = text.replace(one, HIDDEN)
    return text
