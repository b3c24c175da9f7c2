"""`/statistik`: the tally read in one short transaction. Rule: nothing of a tip is read, so nothing can be opened."""

from datetime import date

from bot.conversation.casework import Actor
from bot.conversation.counting import Dimension
from bot.conversation.errands import Response
from bot.conversation.figures import Query, of_code, screen, understood
from bot.services.context import Context
from bot.services.debts import Debt
from storage import tally
from storage.sql import Transaction


async def summoned(tx: Transaction, context: Context, by: Actor, words: str) -> tuple[Response, list[Debt]] | None:
    """What an admin asks for by a command; None for anybody else, who gets the ordinary help."""
    if not by.admin:
        return None
    query, whole = understood(words, context.regions)
    counts = await read(tx, query, context.today())
    return Response(new=screen(query, counts, context.regions, whole=whole)), []


async def pressed(tx: Transaction, context: Context, by: Actor, code: str) -> tuple[Response, list[Debt]] | None:
    """What an admin asks for by a button of that screen; None for anybody else, and for what no button bears."""
    query = of_code(code, context.regions)
    if query is None or not by.admin:
        return None
    return Response(over=screen(query, await read(tx, query, context.today()), context.regions)), []


async def read(tx: Transaction, query: Query, today: date) -> dict[str, dict[str, int]]:
    """Counts by dimension and value: one statement for what has the same periods, so two at most."""
    spans: dict[tuple[str, str], list[Dimension]] = {}
    for dimension in query.dimensions:
        spans.setdefault(query.periods(dimension, today), []).append(dimension)
    found: dict[str, dict[str, int]] = {}
    for (first, last), dimensions in spans.items():
        found |= await tally.sums(tx, dimensions, first, last)
    return found
