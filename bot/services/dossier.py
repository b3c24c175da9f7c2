"""A submitted tip, opened for those who may read all of it: its answers, its talk, every piece of evidence.

Rule: it is read at the moment in which it is needed, and kept nowhere else.
"""

from collections.abc import Sequence
from datetime import date

from bot.conversation.case import from_json
from bot.conversation.post import exhibit
from bot.conversation.tip import reopened
from bot.handover.masking import Tip
from bot.services import talk
from bot.services.context import Context
from bot.services.talk import Entry
from storage import tips
from storage.sql import Transaction


async def opened(tx: Transaction, context: Context, found: tips.Tip) -> Tip | None:
    """All of a tip, its evidence numbered as in the moderators' chat; None where its content is not to be had here.

    Raises `BrokenSeal`.
    """
    content = await tips.read_content(tx, context.secrets, found.id)
    if content is None or found.summary is None:
        return None
    return assembled(found.summary, content, found.day, await talk.of(tx, context, found.id))


def assembled(summary: bytes, content: bytes, day: date, said: Sequence[Entry]) -> Tip:
    """A tip out of what was kept of it, the talk in its order."""
    draft = reopened(content)
    items = [*draft.kept, *(item for entry in said for item in entry.items)]
    return Tip(
        from_json(summary),
        draft,
        day,
        tuple(talk.worked(entry) for entry in said if entry.kind in ("ask", "answer")),
        tuple(exhibit(item, n) for n, item in enumerate(items, start=1)),
        tuple(talk.worked(entry) for entry in said if entry.kind == "note"),
    )


async def numbered(tx: Transaction, context: Context, number: str) -> Tip | None:
    """As `opened`, by a number as people type it."""
    found = await tips.find_by_number(tx, context.secrets, number)
    return await opened(tx, context, found) if found else None
