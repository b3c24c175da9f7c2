"""How long what was sent is kept. Rule: a legal hold by two admins goes before every term, also its reporter's own."""

from datetime import date, timedelta
from enum import StrEnum

from bot.conversation.case import Case, Standing
from bot.conversation.world import Rules

REJECTED_DAYS = 14
AUDIT_DAYS = 365
BAN_DAYS = 30
LOOK_DAYS = 30
"""For so long at most a tip is found by what it has in common with another."""
ADDRESS_HOURS = 24
"""For so long at most after closing a reporter's chat is known, so that the last word can reach it."""
RETRACTION_DAYS = 30
"""For so long the bot tries to take posts back out of a chat that it can no longer reach."""


class Term(StrEnum):
    """What becomes of a tip by its term."""

    RUNS = "runs"
    HELD = "held"
    OVER = "over"


def rejected_days(rules: Rules) -> int:
    """For how many days a rejected tip is kept: never longer than one that was closed."""
    return min(REJECTED_DAYS, rules.retention_days)


def banned_until(case: Case) -> date | None:
    """The last day on which nothing is taken from the sender of a tip, where they were blocked from it."""
    return date.fromisoformat(case.blocked) + timedelta(BAN_DAYS) if case.blocked else None


def term(case: Case, rules: Rules, today: date) -> Term:
    """Whether a tip stays. It goes on the day after its last, which is counted from the day it was closed."""
    if case.held:
        return Term.HELD
    if case.withdrawn:
        return Term.OVER
    days = rejected_days(rules) if case.standing is Standing.REJECTED else rules.retention_days
    closed = date.fromisoformat(case.closed) if case.closed else today
    return Term.OVER if closed + timedelta(days) < today else Term.RUNS
