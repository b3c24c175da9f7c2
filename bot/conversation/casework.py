"""A submitted tip's life: which act from which standing, by whom, and what it changes.

Rule: every change of a case is a row of `ACTS`, and `decide` alone applies it. An act that changes nothing is refused,
so that nothing is done twice: whoever presses second reads how the case stands, and by whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Any

from bot.conversation.case import (
    ANY,
    BOT,
    HOLDERS,
    OPEN,
    OVER,
    REASONS,
    REPORTER,
    TARGETS,
    Actor,
    Case,
    Reach,
    Standing,
    holder,
    reporter_line,
    standing_line,
)
from bot.conversation.intake import CATEGORY_GROUPS
from bot.conversation.screens import Line, say

CATEGORIES = tuple(code for group in CATEGORY_GROUPS.values() for code in group)

REASON_MOST = 300
"""So many characters has the reason for a hold."""


class Who(StrEnum):
    """Whose act it is: any moderator's, or theirs who works the tip (`WORKER`: also where nobody does yet).

    What was taken by somebody who is no moderator any more is any moderator's to go on with, or to release.
    """

    MODERATOR = auto()
    WORKER = auto()
    HOLDER = auto()
    ADMIN = auto()
    REPORTER = auto()
    BOT = auto()


@dataclass(frozen=True, slots=True)
class Act:
    """One row. `after` None: the tip stays where it is. `takes`: the arguments there are, None for any but none.

    `claims`: the tip is then theirs; `frees`: then nobody's. The argument goes into the case's field `sets`, is one
    more or one less of the field `adds` or `removes`, of which one stays where `needed`; `counts` goes up by one,
    `dates` becomes the day, and `clears` empty. `tells`: the reporter hears of the new standing. `repeats`: it may be
    done though the case stays the same. `addressed`: only while the tip still has an address. `signs`: the pseudonym
    of who acts is taken for the argument. `empties`: nothing is left in that field. `ends`: nor in that one and in the
    field `adds`, once as many ask for it as a hold takes, or where it was not in force. `waits`: it is for the
    reporter to read; where they are to read it with their code, who acts is told so, in words of that name.
    """

    by: Who
    before: frozenset[Standing]
    after: Standing | None = None
    takes: tuple[str, ...] | None = ("",)
    claims: bool = False
    frees: bool = False
    sets: str = ""
    adds: str = ""
    removes: str = ""
    empties: str = ""
    ends: str = ""
    needed: bool = False
    counts: str = ""
    dates: str = ""
    clears: str = ""
    tells: bool = False
    repeats: bool = False
    addressed: bool = False
    signs: bool = False
    waits: str = ""


_M, _W, _H, _A, _R = Who.MODERATOR, Who.WORKER, Who.HOLDER, Who.ADMIN, Who.REPORTER
ACTS: Mapping[str, Act] = {
    "deliver": Act(Who.BOT, frozenset({Standing.RECEIVED}), Standing.DELIVERED),
    "take": Act(_W, OPEN, claims=True),
    "leave": Act(_H, OPEN, frees=True),
    "check": Act(_W, OPEN, Standing.CHECKING, claims=True, tells=True),
    "ask": Act(_W, OPEN, Standing.ASKING, claims=True, counts="asked", waits="asked"),
    "amend": Act(_H, OPEN, repeats=True),
    "answer": Act(_R, frozenset({Standing.ASKING}), Standing.CHECKING, counts="answers"),
    "add": Act(_R, ANY, counts="answers"),
    "forward": Act(_W, OPEN, Standing.FORWARDED, TARGETS, claims=True, sets="to", tells=True),
    "close": Act(_W, OPEN, Standing.CLOSED, claims=True, tells=True),
    "reject": Act(_W, OPEN, Standing.REJECTED, REASONS, claims=True, sets="reason", tells=True, waits="rejected"),
    "reopen": Act(_M, OVER, Standing.CHECKING, claims=True, tells=True),
    "category": Act(_W, OPEN, takes=CATEGORIES, claims=True, adds="categories"),
    "uncategory": Act(_W, OPEN, takes=CATEGORIES, claims=True, removes="categories", needed=True),
    "label": Act(_M, ANY, takes=None, adds="labels"),
    "unlabel": Act(_M, ANY, takes=None, removes="labels"),
    "link": Act(_M, ANY, takes=None, adds="linked"),
    "unlink": Act(_M, ANY, takes=None, removes="linked"),
    "note": Act(_M, ANY, counts="notes"),
    "block": Act(_W, ANY, dates="blocked", addressed=True),
    "unblock": Act(_W, ANY, clears="blocked", addressed=True),
    "hold": Act(_A, ANY, adds="hold", empties="lift", signs=True),
    "unhold": Act(_A, ANY, adds="lift", ends="hold", signs=True),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A case after an act: what who acted reads in passing, what the reporter is told, the audit's word.

    `case` is None where the act was refused, and `toast` says why. `past` is the word of the tip's own history, which
    is sealed and may say of which category it was.
    """

    case: Case | None
    toast: Line
    tells: Line | None = None
    audit: str = ""
    past: str = ""


def decide(case: Case, name: str, by: Actor, argument: str = "", day: str = "") -> Decision:
    """What becomes of an act on an ISO day; any `name` and `argument` may come, for buttons can be old or forged.

    Two tips are linked by two decisions, one for each.
    """
    refused = refusal(case, name, by, argument)
    if refused:
        return Decision(None, refused)
    act = ACTS[name]
    after = _after(case, act, by, argument, day)
    if after == case and not act.repeats:
        return Decision(None, _already(case, by))
    moved = (after.standing, after.to, after.reason) != (case.standing, case.to, case.reason)
    told = reporter_line(after) if act.tells and moved else None
    done = say(f"{act.waits}.{case.reach}" if act.waits and case.reach is not Reach.HERE else f"act.{name}")
    past = f"{name}-{argument}" if act.takes and argument else name
    return Decision(after, done, told, past if act.sets else name, past)


def refusal(case: Case, name: str, by: Actor, argument: str = "") -> Line | None:
    """Why an act is not this actor's, or not now; None where it is. For what needs words first, ask it twice."""
    act = ACTS.get(name)
    if act is None or not _known(act, by, argument):
        return say("act.unknown")
    if case.standing not in act.before:
        return _already(case, by)
    return _not_theirs(case, act, by) or _not_possible(case, act, argument)


def _known(act: Act, by: Actor, argument: str) -> bool:
    outsiders = {REPORTER: Who.REPORTER, BOT: Who.BOT}
    if act.by in outsiders.values() or by in outsiders:
        return outsiders.get(by) == act.by
    return bool(argument) if act.takes is None else argument in act.takes


def _not_theirs(case: Case, act: Act, by: Actor) -> Line | None:
    pseudonym, name = case.claim
    held = holder(case, by)
    if act.by is Who.ADMIN and not by.admin:
        return say("act.admins")
    left = pseudonym != held
    if act.by is Who.HOLDER and not (by.admin or left or held == by.pseudonym):
        return say("act.not_yours")
    if act.by is Who.WORKER and held not in ("", by.pseudonym):
        return say("act.taken", name=name)
    return None


def _not_possible(case: Case, act: Act, argument: str) -> Line | None:
    if act.needed and getattr(case, act.removes) == (argument,):
        return say("act.last")
    if act.addressed and not case.reachable:
        return say("act.no_address" if act.dates else "act.no_way_back")
    if argument == case.number:
        return say("act.itself")
    return None


def _already(case: Case, by: Actor) -> Line:
    if holder(case, by) in ("", by.pseudonym):
        return say("act.already", standing=standing_line(case))
    return say("act.already_by", standing=standing_line(case), name=case.claim[1])


def _after(case: Case, act: Act, by: Actor, argument: str, day: str) -> Case:
    changed: dict[str, Any] = {}
    if act.frees:
        changed["claim"] = ("", "")
    if act.claims:
        changed["claim"] = (by.pseudonym, by.name)
    if act.after:
        changed |= {"standing": act.after, "reason": "", "closed": day if act.after in OVER else ""}
    if act.sets:
        changed[act.sets] = argument
    if act.counts:
        changed[act.counts] = getattr(case, act.counts) + 1
    if act.dates:
        changed[act.dates] = day
    if act.clears:
        changed[act.clears] = ""
    one = by.pseudonym if act.signs else argument
    if act.adds and one not in getattr(case, act.adds):
        changed[act.adds] = (*getattr(case, act.adds), one)
    if act.removes:
        changed[act.removes] = tuple(other for other in getattr(case, act.removes) if other != one)
    return replace(case, **changed | _emptied(case, act, changed))


def _emptied(case: Case, act: Act, changed: Mapping[str, Any]) -> dict[str, Any]:
    if act.ends and (not case.held or len(changed.get(act.adds, ())) >= HOLDERS):
        return {act.ends: (), act.adds: ()}
    return {act.empties: ()} if act.empties else {}


def heard(case: Case) -> str:
    """The reporter's act when they write: an answer where something was asked, otherwise an addition. Never refused."""
    return "answer" if case.standing is Standing.ASKING else "add"
