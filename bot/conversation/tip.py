"""A submitted tip: what was answered, as it is sealed, and what can be told of it at a glance."""

from dataclasses import dataclass
from datetime import date

from bot.conversation.draft import Draft, from_json, to_json
from bot.conversation.questions import day_of, days_left, regency_of, today_of
from bot.conversation.world import World


@dataclass(frozen=True, slots=True)
class Completeness:
    """`formal`: the accused can be found and the 7 days run; `material`: place, day, story and evidence are there.

    The two halves of what Bawaslu looks for (Perbawaslu 8/2020), as hints for moderators, never as a verdict.
    """

    formal: bool
    material: bool


def completeness(draft: Draft, world: World) -> Completeness:
    known = day_of(draft, "known")
    in_time = known is not None and days_left(known, today_of(draft, world)) >= 0
    told = all(draft.text(name) for name in ("region", "place", "happened", "story"))
    return Completeness(bool(draft.text("accused")) and in_time, told and bool(draft.items))


def content(draft: Draft) -> bytes:
    """What is sealed under the tip's own key: the answers and what is known of each piece of evidence."""
    return to_json(draft)


def reopened(sealed: bytes) -> Draft:
    """The answers of a tip as `content` wrote them."""
    return from_json(sealed)


@dataclass(frozen=True, slots=True)
class Summary:
    """The few things that lists and the card need without opening the tip; days are ISO dates, `region` a regency."""

    status: str
    region: str
    categories: tuple[str, ...]
    happened: str
    known: str


def summary(draft: Draft) -> Summary:
    return Summary(
        draft.text("status"),
        regency_of(draft),
        draft.picks("categories"),
        draft.text("happened"),
        draft.text("known"),
    )


def counts(draft: Draft, today: date) -> list[tuple[str, str, str]]:
    """What the tally counts of a tip: (period, dimension, value), each on its own, none finer than `design` allows."""
    day, month = today.isoformat(), today.isoformat()[:7]
    regency = regency_of(draft)
    province = regency.partition(".")[0]
    by_category = [(day, "category", code) for code in draft.picks("categories")]
    crossed = [(month, "province-category", f"{province}/{code}") for code in draft.picks("categories")]
    return [
        (day, "province", province),
        (month, "regency", regency),
        *by_category,
        *crossed,
    ]
