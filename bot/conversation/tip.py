"""A submitted tip: what was answered, as it is sealed, and what can be told of it at a glance."""

from bot.conversation.case import Case
from bot.conversation.draft import Draft, from_json, to_json
from bot.conversation.where import regency_of
from bot.conversation.world import World


def content(draft: Draft) -> bytes:
    """What is sealed under the tip's own key: the answers and what is known of each piece of evidence."""
    return to_json(draft)


def reopened(sealed: bytes) -> Draft:
    """The answers of a tip as `content` wrote them."""
    return from_json(sealed)


def opened(draft: Draft, number: str, world: World, *, route: int, notice_version: int) -> Case:
    """The case that a submitted draft becomes; `route` is the chat that it goes to.

    `formal` and `material` are the two halves of what Bawaslu looks for (Perbawaslu 8/2020), as hints for moderators,
    never as a verdict; whether the 7 days still run is the card's to say.
    """
    told = all(draft.text(name) for name in ("region", "place", "happened", "story"))
    return Case(
        number,
        draft.text("status"),
        regency_of(draft),
        draft.picks("categories"),
        draft.text("happened"),
        draft.text("known"),
        formal=bool(draft.text("accused")),
        material=told and bool(draft.items),
        reachable=draft.text("contact") == "here",
        exhibits=len(draft.kept),
        election=world.rules.election,
        route=route,
        notice_version=notice_version,
        language=draft.language,
    )
