"""A submitted tip as those who work it know it: how far it has come, who works it, how its reporter is reached."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

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
    return Case(**fields | {"standing": Standing(plain["standing"])})


def holder(case: Case, by: Actor) -> str:
    """Who works a tip, as who acts sees it: nobody, where they who took it are no moderator any more."""
    pseudonym, _ = case.claim
    return pseudonym if by.peers is None or pseudonym in by.peers else ""


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
