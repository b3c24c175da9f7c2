"""A submitted tip's life: which act from which standing, by whom, and what it changes.

Rule: every change of a case is a row of `ACTS`, and `decide` alone applies it. An act that changes nothing is refused,
so that nothing is done twice: whoever presses second reads how the case stands, and by whom.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum, auto
from typing import Any

from bot.conversation.intake import CATEGORY_GROUPS
from bot.conversation.screens import Line, say


class Standing(StrEnum):
    """How far a tip has come, in the words of the card, the tally and the reporter's status."""

    RECEIVED = "received"
    DELIVERED = "delivered"
    CHECKING = "checking"
    ASKING = "asking"
    FORWARDED = "forwarded"
    CLOSED = "closed"
    REJECTED = "rejected"


OVER = frozenset({Standing.CLOSED, Standing.REJECTED})
OPEN = frozenset(Standing) - OVER
ANY = OPEN | OVER

# To whom a tip is handed over.
TARGETS = ("bawaslu", "bkn", "other")
# Why a tip is not pursued; the reporter reads it with a next step.
REASONS = ("thin", "outside", "twice", "late", "spam")
UNTOLD = {"twice": "thin"}
"""Reasons in place of which the reporter reads another: who is accused, and tries, would learn of the tip before."""
CATEGORIES = tuple(code for group in CATEGORY_GROUPS.values() for code in group)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a pseudonym for what is kept, and the name that the moderators' chat shows anyway.

    `peers` are the pseudonyms of all who may work tips at this moment, None where that is not known.
    """

    pseudonym: str
    name: str = field(compare=False, default="")
    admin: bool = field(compare=False, default=False)
    peers: frozenset[str] | None = field(compare=False, default=None)


HOLDERS = 2
"""How many different admins a legal hold takes."""

REASON_MOST = 300
"""So many characters has the reason for a hold."""

REPORTER = Actor("reporter")
BOT = Actor("bot")


class Reach(StrEnum):
    """How the reporter learns of what is asked: told in their chat, where that is not shut, or read with the code."""

    HERE = "here"
    SHUT = "shut"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Case:
    """What the card shows and lists are made from, so that neither opens the tip; kept as the tip's summary.

    Days are ISO dates, `region` is a regency. `formal`: the accused can be found; `material`: place, day, story and
    evidence are there. `claim` is the pseudonym and name of who works it, empty where nobody does. `to` and `reason`
    belong to a tip that was forwarded or rejected. `reachable`: the reporter is told in their chat; `shut`: that took
    nothing when it was last told something. `labels` are codes of the moderators' own set, `alike` and `linked`
    numbers of other tips, `strengths` how like each of `alike` is (see `likeness`); `exhibits` counts the evidence that
    came with it. `blocked` is the day on which its sender was last blocked, `closed` that on which it was closed or
    rejected, empty while it is open; `hold` are the pseudonyms of the admins who asked for a legal hold, `lift` of
    those who ask for its end, `grounds` the last reason given for either, and `withdrawn` that the reporter wants it
    destroyed as soon as that ends.
    """

    number: str
    status: str
    region: str
    categories: tuple[str, ...]
    happened: str
    known: str
    formal: bool = False
    material: bool = False
    reachable: bool = False
    shut: bool = False
    blocked: str = ""
    standing: Standing = Standing.RECEIVED
    claim: tuple[str, str] = ("", "")
    to: str = ""
    reason: str = ""
    labels: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    strengths: tuple[int, ...] = ()
    linked: tuple[str, ...] = ()
    exhibits: int = 0
    asked: int = 0
    answers: int = 0
    notes: int = 0
    closed: str = ""
    hold: tuple[str, ...] = ()
    lift: tuple[str, ...] = ()
    grounds: str = ""
    withdrawn: bool = False
    election: str = ""
    route: int = 0
    notice_version: int = 0
    language: str = ""

    @property
    def held(self) -> bool:
        """Whether a legal hold keeps the tip beyond its term."""
        return len(self.hold) >= HOLDERS

    @property
    def reach(self) -> Reach:
        if not self.reachable:
            return Reach.CODE
        return Reach.SHUT if self.shut else Reach.HERE


def to_json(case: Case) -> bytes:
    return json.dumps(asdict(case), ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Case:
    """The case that `to_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    plain = json.loads(data)
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
    if isinstance(plain["blocked"], bool):
        # Of a block of before its day was kept nobody knows when it ends.
        fields["blocked"] = ""
    return Case(**fields | {"standing": Standing(plain["standing"])})


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


def holder(case: Case, by: Actor) -> str:
    """Who works a tip, as who acts sees it: nobody, where they who took it are no moderator any more."""
    pseudonym, _ = case.claim
    return pseudonym if by.peers is None or pseudonym in by.peers else ""


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


def standing_line(case: Case) -> Line:
    """The standing as moderators read it, in a word or two, with to whom or why."""
    return say(f"state.{case.standing}", **_about(case))


def reporter_line(case: Case) -> Line:
    """The standing as the reporter reads it: what it means for them, and what they can do next."""
    return say(f"standing.{case.standing}", **_about(case))


def _about(case: Case) -> dict[str, Line]:
    match case.standing:
        case Standing.FORWARDED:
            return {"to": say(f"target.{case.to}")}
        case Standing.REJECTED:
            told = UNTOLD.get(case.reason, case.reason)
            return {"reason": say(f"reason.{case.reason}"), "why": say(f"why.{told}"), "next": say(f"next.{told}")}
        case _:
            return {}
