"""Tips that may be of the same matter, named on each other's cards.

Rule: they are found without opening any; what is like a tip the most is never left out for what is less so.
"""

from collections.abc import Mapping

from bot.conversation.case import Case
from bot.conversation.likeness import ALIKE_MOST, WHO, crowded, likenesses, named
from bot.services import cases
from bot.services.cases import Found
from bot.services.context import Context
from bot.services.debts import Debt
from storage import looks
from storage.sql import Transaction


async def found(
    tx: Transaction, context: Context, tip: Found, features: Mapping[bytes, int]
) -> tuple[Case, list[Debt]]:
    """The case of a tip with these features, which names others that moderators have; what is owed of those."""
    shared = await looks.like(tx, context.secrets, features)
    shared.pop(tip.id, None)
    owed = await _apart(tx, context, crowded(features, shared))
    strengths = {}
    for other_id, strength in likenesses(features, shared).items():
        other = await cases.load(tx, context, other_id)
        if other and cases.is_theirs(context, other.case):
            strengths[other.case.number] = strength
            owed += await cases.keep(tx, context, other.id, named(other.case, {tip.case.number: strength}))
        if len(strengths) == ALIKE_MOST:
            break
    return named(tip.case, strengths), owed


async def _apart(tx: Transaction, context: Context, others: list[bytes]) -> list[Debt]:
    """What only day and kind made like another is so no more."""
    owed = []
    for other_id in others:
        other = await cases.load(tx, context, other_id)
        if other and named(other.case, {}, WHO) != other.case:
            owed += await cases.keep(tx, context, other.id, named(other.case, {}, WHO))
    return owed
