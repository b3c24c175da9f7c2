"""What moderators see of all cases: the queue of open tips, and the figures of a morning.

Rule: all of it is made from cases, so that nothing here opens a tip.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from bot.conversation.card import days, left_line
from bot.conversation.case import OVER, Actor, Case, Standing, holder, standing_line
from bot.conversation.places import answer, move, window
from bot.conversation.screens import Line, Screen, say
from bot.conversation.world import World

QUEUE = "queue"
URGENT_DAYS = 2
GONE = say("act.gone")


class Filter(StrEnum):
    """Which open tips are listed."""

    UNCLAIMED = "unclaimed"
    MINE = "mine"
    WAITING = "waiting"

    def holds(self, case: Case, by: Actor) -> bool:
        if self is Filter.WAITING:
            return case.standing is Standing.ASKING
        return holder(case, by) == ("" if self is Filter.UNCLAIMED else by.pseudonym)


def queue(cases: Iterable[Case], by: Actor, which: Filter, world: World, page: int = 0) -> Screen:
    """Open tips of one kind, those whose days run out first, and how many there are of the others.

    Codes are `tip-NUMBER`, and `unclaimed-PAGE` or the like.
    """
    found = [case for case in cases if case.standing not in OVER]
    held = {one: [case for case in found if one.holds(case, by)] for one in Filter}
    others = [move(f"{one}-0", f"queue.to.{one}", n=len(held[one])) for one in Filter if one is not which]
    listed = sorted(held[which], key=lambda case: _urgency(case, world))
    here, ways = window(len(listed), page, len(others), which)
    options = [
        answer(f"tip-{one.number}", "queue.choice", number=one.number, left=_left(one, world)) for one in listed[here]
    ]
    rows = tuple(_row(case, world) for case in listed[here])
    lines = (say(f"queue.{which}", n=len(listed)), say("rows", rows=rows) if rows else say("queue.none"))
    return Screen(QUEUE, 0, lines, (*options, *ways, *others))


def listed(screen: Screen) -> tuple[str, ...]:
    """The tips of a queue as it is shown, by number."""
    return tuple(number for verb, _, number in (one.code.partition("-") for one in screen.choices) if verb == "tip")


def _urgency(case: Case, world: World) -> tuple[bool, int, str]:
    """Those that can still become formal reports first, the last to expire last."""
    left = days(case, world)
    return left < 0, abs(left), case.number


def _left(case: Case, world: World) -> Line:
    return left_line(days(case, world))


def _row(case: Case, world: World) -> Line:
    return say(
        "queue.row",
        number=case.number,
        left=_left(case, world),
        standing=standing_line(case),
        where=say("show.words", words=world.regions.short(case.region)),
    )


def no_tip() -> Screen:
    """What `/tip` and the buttons of a tip say that is deleted, or never was."""
    return Screen(QUEUE, 0, (GONE,))


def which_tip() -> Screen:
    """What `/tip` says without a number."""
    return Screen(QUEUE, 0, (say("tip.how"),))


def daily(cases: Iterable[Case], counted: Mapping[date, Mapping[str, int]], world: World) -> tuple[Line, ...]:
    """The summary of a morning: what waits, and what each day brought by the tally (standing to count). Counts only."""
    found = [case for case in cases if case.standing not in OVER]
    urgent = [case for case in found if 0 <= days(case, world) <= URGENT_DAYS]
    rows = {
        "open": len(found),
        "unclaimed": sum(not case.claim[0] for case in found),
        "waiting": sum(case.standing is Standing.ASKING for case in found),
        "urgent": len(urgent),
    }
    return (
        say("daily.title"),
        say("rows", rows=tuple(say(f"daily.{name}", n=n) for name, n in rows.items())),
        *(say("daily.day", day=day, lines=_brought(counts)) for day, counts in counted.items()),
    )


def _brought(counts: Mapping[str, int]) -> tuple[Line, ...]:
    brought = tuple(say(f"daily.{one}", n=counts[one]) for one in Standing if counts.get(one))
    return brought or (say("daily.nothing"),)
