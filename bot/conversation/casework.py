"""A submitted tip's life: which act from which standing, with which words to the reporter and which audit line.

Every transition is a row of `ACTS`. Who may act at all is decided before; here it is only whether this act fits now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

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


NEW = frozenset({Standing.RECEIVED, Standing.DELIVERED})
OPEN = NEW | {Standing.CHECKING, Standing.ASKING, Standing.FORWARDED}
OVER = frozenset({Standing.CLOSED, Standing.REJECTED})

# Why a tip is not pursued; each has its words to the reporter, with a next step.
REASONS = ("thin", "outside", "twice", "late", "spam")
# To whom a tip is handed over.
TARGETS = ("bawaslu", "bkn", "other")


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who acts: a pseudonym for what is kept, and the name that the moderators' chat shows anyway."""

    pseudonym: str
    name: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Case:
    """What the card shows and lists are made from, so that neither opens the tip.

    `days` are ISO dates. `claim` is the pseudonym and name of who works it, empty where nobody does; `to` and `reason`
    belong to a tip that was forwarded or rejected; `reachable` tells whether the reporter hears by themselves.
    """

    number: str
    status: str
    region: str
    categories: tuple[str, ...]
    happened: str
    known: str
    formal: bool
    material: bool
    standing: Standing = Standing.RECEIVED
    claim: tuple[str, str] = ("", "")
    labels: tuple[str, ...] = ()
    to: str = ""
    reason: str = ""
    reachable: bool = False
    asked: int = 0
    answers: int = 0
    notes: int = 0
    linked: tuple[str, ...] = ()

    def stands(self, standing: Standing, *, to: str = "", reason: str = "") -> Self:
        return replace(self, standing=standing, to=to or self.to, reason=reason)


@dataclass(frozen=True, slots=True)
class Act:
    """One row: from where, to where (None: stays), whether it claims the tip for who acts, and what the reporter hears."""

    before: frozenset[Standing]
    after: Standing | None = None
    claims: bool = True
    tells: str = ""


ACTS: Mapping[str, Act] = {
    "take": Act(OPEN, claims=True),
    "leave": Act(OPEN, claims=False),
    "check": Act(NEW | {Standing.ASKING, Standing.FORWARDED}, Standing.CHECKING, tells="told.checking"),
    "ask": Act(OPEN, Standing.ASKING),
    "label": Act(OPEN | OVER, claims=False),
    "category": Act(OPEN, claims=False),
    "note": Act(OPEN | OVER, claims=False),
    "link": Act(OPEN | OVER, claims=False),
    "block": Act(OPEN | OVER, claims=False),
    "forward": Act(OPEN, Standing.FORWARDED, tells="told.forwarded"),
    "close": Act(OPEN, Standing.CLOSED, tells="told.closed"),
    "reject": Act(OPEN, Standing.REJECTED, tells="told.rejected"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A case after an act: what the moderator reads in passing, what the reporter is told, the audit's word.

    `case` is None where nothing changed and `toast` says why.
    """

    case: Case | None
    toast: Line
    tells: Line | None = None
    audit: str = ""


def decide(case: Case, name: str, by: Moderator, *, to: str = "", reason: str = "") -> Decision:
    """What becomes of an act. The second of two who press at once is told who was first."""
    act = ACTS[name]
    holder, holder_name = case.claim
    if case.standing not in act.before:
        return Decision(None, say("act.too_late", standing=standing_line(case)))
    if name == "leave" and holder != by.pseudonym:
        return Decision(None, say("act.not_yours"))
    if act.claims and holder and holder != by.pseudonym:
        return Decision(None, say("act.taken", name=holder_name))
    if name == "take" and holder == by.pseudonym:
        return Decision(None, say("act.yours"))
    after = _claimed(case, name, act, by)
    if act.after is not None:
        after = after.stands(act.after, to=to, reason=reason)
    tells = say(act.tells, **_about(to, reason)) if act.tells else None
    return Decision(after, say(f"act.{name}.done"), tells, name if not (to or reason) else f"{name}-{to or reason}")


def _claimed(case: Case, name: str, act: Act, by: Moderator) -> Case:
    if name == "leave":
        return replace(case, claim=("", ""))
    return replace(case, claim=(by.pseudonym, by.name)) if act.claims else case


def _about(to: str, reason: str) -> dict[str, Line]:
    return {**({"to": say(f"target.{to}")} if to else {}), **({"reason": say(f"reason.{reason}")} if reason else {})}


def standing_line(case: Case) -> Line:
    """The standing in words, with to whom or why."""
    return say(f"standing.{case.standing}", **_about(case.to if case.standing is Standing.FORWARDED else "", case.reason))


def offered(case: Case) -> tuple[str, ...]:
    """The acts that the card's buttons offer now."""
    first = "leave" if case.claim[0] else "take"
    names = (first, "ask", "status", "label", "note", "history")
    return tuple(name for name in names if name in {"status", "history"} or case.standing in ACTS[name].before)
