"""What the tally counts, when it happens. Rule: one dimension at a time, never finer than a day, never joined to a tip.

An entry is (period, dimension, value). What has a day is also counted for all time, so that no sum grows with age.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from bot.conversation.case import OVER, Case, Standing
from bot.conversation.draft import Draft
from bot.conversation.menus import ASIDES, NOTICE
from bot.conversation.waiting import first

ALL = "all"
"""The period of what is counted for all time."""
FRESH = frozenset({Standing.RECEIVED, Standing.DELIVERED})
# The last day of each span of days; what took longer is in the span that is left.
SPANS = (0, 1, 3, 7, 14, 30)

Entry = tuple[str, str, str]


class Dimension(StrEnum):
    """By what is counted, each a day at a time but for those named after months."""

    STATUS = "status"
    CATEGORY = "category"
    PROVINCE = "province"
    ACCUSED = "accused"
    COMPLETENESS = "completeness"
    REPLY = "reply"
    CLOSING = "closing"
    BEGUN = "begun"
    LEFT = "left"
    REGENCY = "regency"
    PROVINCE_CATEGORY = "province-category"


MONTHLY = frozenset({Dimension.REGENCY, Dimension.PROVINCE_CATEGORY})


def of_tip(case: Case, today: date) -> list[Entry]:
    """What is counted of a tip when it is sent, besides its standing."""
    province = case.region.partition(".")[0]
    completeness = "-".join(name for name in ("formal", "material") if getattr(case, name)) or "neither"
    return [
        *_counted(today, Dimension.PROVINCE, province),
        *_counted(today, Dimension.REGENCY, case.region),
        *_counted(today, Dimension.ACCUSED, case.status),
        *_counted(today, Dimension.COMPLETENESS, completeness),
        *(entry for code in case.categories for entry in _counted(today, Dimension.CATEGORY, code)),
        *(
            entry
            for code in case.categories
            for entry in _counted(today, Dimension.PROVINCE_CATEGORY, f"{province}/{code}")
        ),
    ]


def of_word(standing: str, today: date) -> list[Entry]:
    """What is counted of a tip's coming to stand somewhere, or of its going."""
    return _counted(today, Dimension.STATUS, standing)


def of_standing(before: Standing, after: Standing, received: date, today: date) -> list[Entry]:
    """What is counted when a tip comes to stand elsewhere.

    The first reply is what first takes it out of the hands of the bot; closing is counted each time it is closed.
    """
    if before == after:
        return []
    took = span((today - received).days)
    replied = before in FRESH and after not in FRESH
    closed = before not in OVER and after in OVER
    return [
        *of_word(after, today),
        *(_counted(today, Dimension.REPLY, took) if replied else []),
        *(_counted(today, Dimension.CLOSING, took) if closed else []),
    ]


def of_draft(before: Draft | None, after: Draft | None, today: date, *, sent: bool, anew: bool = False) -> list[Entry]:
    """What is counted of an event's draft: one that is begun, or one that is left at a question without being sent."""
    was, now = unsent(before), unsent(after)
    left = _counted(today, Dimension.LEFT, was) if was and not sent and (anew or not now) else []
    begun = _counted(today, Dimension.BEGUN, Dimension.BEGUN) if now and (anew or not was) else []
    return [*left, *begun]


def of_left(drafts: Iterable[Draft], today: date) -> list[Entry]:
    """What is counted of drafts that are over their hours."""
    return [entry for draft in drafts for entry in of_draft(draft, None, today, sent=False)]


def unsent(draft: Draft | None) -> str:
    """The question or menu at which a tip that is not sent stands; empty where none is in hand."""
    draft = first(draft, lambda one: not one.about)
    at = (draft.behind or draft.at) if draft else ""
    return "" if at in ASIDES or at == NOTICE else at


def span(days: int) -> str:
    """The span that so many days lie in, by its first and last: "0-0", "2-3", "31-"."""
    last = next((most for most in SPANS if days <= most), None)
    if last is None:
        return f"{SPANS[-1] + 1}-"
    return f"{max((most + 1 for most in SPANS if most < last), default=0)}-{last}"


def _counted(today: date, dimension: Dimension, value: str) -> list[Entry]:
    period = today.isoformat()[:7] if dimension in MONTHLY else today.isoformat()
    return [(period, dimension, value), (ALL, dimension, value)]
