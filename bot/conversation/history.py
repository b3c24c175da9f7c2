"""A tip's history as moderators see it: what was done, when and by whom, never what was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.conversation.card import HISTORY, MENU
from bot.conversation.case import Case, standing_line
from bot.conversation.casework import ACTS, Who
from bot.conversation.places import arrows, move
from bot.conversation.screens import Line, Screen, say

HISTORY_ROWS = 10

ABOUT = {
    "forward": {"to": "target"},
    "reject": {"reason": "reason"},
    "category": {"category": "category"},
    "uncategory": {"category": "category"},
}
"""What the history says of an act besides: in the value of that name the word for the argument, of that kind."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of a tip's history: an ISO day, the word for the act, the name of who did it where that has one."""

    day: str
    act: str
    name: str = ""


def history(case: Case, happened: Sequence[Happened], page: int = 0) -> Screen:
    """What was done with a tip, the latest first."""
    last = max(0, (len(happened) - 1) // HISTORY_ROWS)
    here = min(page, last)
    shown = happened[::-1][here * HISTORY_ROWS : (here + 1) * HISTORY_ROWS]
    rows = say("rows", rows=tuple(map(_happened, shown))) if shown else say("history.none")
    title = say("card.title", number=case.number, standing=standing_line(case))
    return Screen(case.number, 0, (title, rows), (*arrows(here, last, HISTORY), move(MENU, "move.back")))


def _happened(one: Happened) -> Line:
    """Whose act it is, is read from the table: a moderator may be called anything."""
    act, _, argument = one.act.partition("-")
    about = {what: say(f"{kind}.{argument}") for what, kind in ABOUT.get(act, {}).items()}
    day, did = date.fromisoformat(one.day), say(f"past.{act}", **about)
    match ACTS[act].by:
        case Who.REPORTER:
            return say("history.reporter", day=day, act=did)
        case Who.BOT:
            return say("history.bot", day=day, act=did)
        case _:
            return say("history.row", day=day, act=did, name=say("show.words", words=one.name))
