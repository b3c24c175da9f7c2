"""Where a reporter can stand: what every question and every menu has in common.

A place asks (lines and choices), takes a choice, and reads typed words. It answers with a `Result`; where that leads
is not the place's business but that of `advance`.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.conversation.draft import Answer, Draft, Item
from bot.conversation.effects import Effect
from bot.conversation.lexicon import LONGEST, match_choice, named_apart
from bot.conversation.screens import CHOICES_MOST, Choice, Line, Role, Value, say
from bot.conversation.world import World
from bot.unseen import without_unseen

# Blanks that are letters or signs to a program are among them.
UNREADABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\u115f\u1160\u2800\u3164\uffa0]"
)


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer did: answers given, where to go (`done`: onwards; `go`: there; else it stays), what to say first.

    `within` and `page` are where a nested list stands when the reporter stays; `language` is a newly chosen one;
    `items` is the evidence as it now is; `goes_on` names the answer of which more may follow; `anew` begins another
    draft, `over` ends this one; `erase` takes the typed message out of the chat.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    notes: tuple[Line, ...] = ()
    done: bool = False
    go: str = ""
    within: str = ""
    page: int = 0
    language: str = ""
    items: tuple[Item, ...] | None = None
    goes_on: str = ""
    effects: tuple[Effect, ...] = ()
    anew: bool = False
    over: bool = False
    erase: bool = False

    def saying(self, *notes: Line) -> Self:
        return replace(self, notes=(*self.notes, *notes))


def answered(name: str, answer: Answer, *notes: Line) -> Result:
    return Result(answers={name: answer}, notes=notes, done=True)


def again(*notes: Line) -> Result:
    """They erred: say why, ask the same."""
    return Result(notes=notes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a place says and offers, before navigation is added."""

    lines: tuple[Line, ...]
    choices: tuple[Choice, ...] = ()


def answer(code: str, key: str = "", *, chosen: bool = False, **values: Value) -> Choice:
    return Choice(code, say(key or code, **values), chosen=chosen)


def main(code: str, key: str) -> Choice:
    return Choice(code, say(key), Role.MAIN)


def move(code: str, key: str = "", **values: Value) -> Choice:
    return Choice(code, say(key or f"move.{code}", **values), Role.MOVE)


BACK = move("back")
CANCEL = move("cancel")
SKIP = move("skip")


def number_after(prefix: str, code: str) -> int | None:
    """The number of a code such as `page-3`, or None where it is another code."""
    head, _, tail = code.partition("-")
    return int(tail) if head == prefix and tail.isascii() and tail.isdigit() else None


def paged(options: Sequence[Choice], page: int, others: int, code: str = "page") -> tuple[Choice, ...]:
    """The options that fit beside `others` further choices, with arrows (`code-N`) where they do not all fit."""
    here, ways = window(len(options), page, others, code)
    return (*options[here], *ways)


def window(count: int, page: int, others: int, code: str = "page") -> tuple[slice, tuple[Choice, ...]]:
    """Which of so many options `paged` shows, and the arrows to the others."""
    if count + others <= CHOICES_MOST:
        return slice(count), ()
    size = CHOICES_MOST - others - 2
    last = (count - 1) // size
    here = min(page, last)
    return slice(here * size, (here + 1) * size), arrows(here, last, code)


def arrows(here: int, last: int, code: str) -> tuple[Choice, ...]:
    """The ways to the pages before and after this one, where there are any."""
    earlier = (move(f"{code}-{here - 1}", "move.earlier"),) if here else ()
    later = (move(f"{code}-{here + 1}", "move.later"),) if here < last else ()
    return (*earlier, *later)


@dataclass(frozen=True)
class Place(ABC):
    name: str

    @abstractmethod
    def ask(self, draft: Draft, world: World) -> Asked: ...

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return (BACK, CANCEL)

    @abstractmethod
    def take(self, draft: Draft, choice: str, world: World) -> Result:
        """What a choice that is on the screen does; `read` does the same for words that are no choice."""

    def read(self, draft: Draft, words: str, world: World) -> Result:
        return again(say("problem.choose"))

    def offered(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        return (*self.ask(draft, world).choices, *self.moves(draft))


def legible(words: str) -> str:
    """What can be kept and shown: no control signs, none that turn lines round, no halves, no blank ends.

    A blank stands in place of each; what nobody sees goes without one, so that no check of words is led past them.
    """
    return without_unseen(UNREADABLE.sub(" ", words)).strip()


def match_codes(codes: Iterable[str], words: str, draft: Draft, world: World, *, loose: bool) -> str | None:
    """The one of these choices that typed words mean in the reporter's language; `loose`: misspelt, in a sentence."""
    if not loose and len(words) > LONGEST:
        return None
    lexicon = world.lexicon[draft.language]
    labels = {code: lexicon.choices.get(code.partition("-")[0], ()) for code in codes}
    found = match_choice(words, labels, lexicon, exactly=not loose, in_sentence=loose)
    return found if isinstance(found, str) else None


def match_several(codes: Iterable[str], words: str, draft: Draft, world: World) -> tuple[str, ...]:
    """All the choices that typed words name, one after another; none where a part of them names no single one."""
    codes = tuple(codes)
    if whole := match_codes(codes, words, draft, world, loose=True):
        return (whole,)
    parts = named_apart(words, world.lexicon[draft.language])
    named = [match_codes(codes, part, draft, world, loose=True) for part in parts]
    return tuple(dict.fromkeys(code for code in named if code)) if all(named) else ()


def meant(place: Place, draft: Draft, words: str, world: World) -> str | None:
    """The choice on the screen whose very words were typed.

    Nothing is guessed here, for words may be an answer of their own and choices send or destroy: Batam is no "batal".
    """
    codes = [choice.code for choice in place.offered(draft, world)]
    return match_codes(codes, words, draft, world, loose=False)
