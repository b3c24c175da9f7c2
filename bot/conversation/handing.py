"""Handing tips over as moderators see it: whom to, what could lead to a reporter, and the second person's word.

Rule: a screen keeps nothing; what was asked stands behind the code in its buttons (`to0-CODE`, `cut-CODE`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.card import days, left_line
from bot.conversation.case import TARGETS, Case
from bot.conversation.places import answer, main, move
from bot.conversation.screens import Line, Screen, say
from bot.conversation.where import region_line
from bot.conversation.world import World

HANDOVER = "handover"
"""The name that every screen of a hand-over bears, so that its buttons are known."""
TO: Mapping[str, str] = {f"to{n}": target for n, target in enumerate(TARGETS)}
MASK, WHOLE, DROP = "cut", "all", "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """A tip that is to be handed over, and the words in it that could lead to its reporter."""

    case: Case
    traces: tuple[str, ...]


def choose(tips: Sequence[Asked], world: World, code: str) -> Screen:
    """What would be handed over; asks to whom."""
    targets = [answer(f"{verb}-{code}", f"target.{to}") for verb, to in TO.items()]
    lines = (say("handover.choose", count=len(tips)), *about(tips, world), say("handover.to_whom"))
    return Screen(HANDOVER, 0, lines, (*targets, move(f"{DROP}-{code}", "handover.no")))


def confirm(tips: Sequence[Asked], world: World, code: str, to: str, name: str) -> Screen:
    """Asks for the word that makes it: a second person's, or, with an empty `name`, that of who asked."""
    whom = say(f"target.{to}")
    title = say("handover.confirm", name=name, to=whom) if name else say("handover.confirm.alone", to=whom)
    there = any(one.traces for one in tips)
    made = [main(f"{MASK}-{code}", "handover.masked" if there else "handover.yes")]
    made += [answer(f"{WHOLE}-{code}", "handover.whole")] if there else []
    return Screen(HANDOVER, 0, (title, *about(tips, world)), (*made, move(f"{DROP}-{code}", "handover.no")))


def about(tips: Sequence[Asked], world: World) -> tuple[Line, ...]:
    """A row a tip, and, where there are any, what could lead to its reporter."""
    rows = tuple(
        say(
            "handover.row",
            number=one.case.number,
            where=region_line(one.case.region, world),
            lines=tuple(say(f"category.{code}") for code in one.case.categories),
            left=left_line(days(one.case, world)),
        )
        for one in tips
    )
    found = tuple(
        say("handover.trace", number=one.case.number, words=", ".join(f"“{words}”" for words in one.traces))
        for one in tips
        if one.traces
    )
    listed = say("rows", rows=rows)
    return (listed, say("handover.traces", rows=found)) if found else (listed, say("handover.no_traces"))


def only(line: Line) -> Screen:
    """A sentence that offers nothing."""
    return Screen(HANDOVER, 0, (line,))
