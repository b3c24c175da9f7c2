"""`/statistik`: the tally read in one short transaction. Rule: nothing of a tip is read, so nothing can be opened."""

import json
from datetime import date

from bot.conversation.case import Actor, Standing
from bot.conversation.counting import Dimension
from bot.conversation.errands import Person, Pressed, Response, StaffCommand
from bot.conversation.figures import CHART, FIGURES, FLOW, Query, chart, of_code, screen, understood
from bot.conversation.post import Exhibit
from bot.conversation.screens import Screen, say
from bot.conversation.speech import Later, Outcome
from bot.services.context import Context
from bot.services.debts import OWED_HOURS, Debt, Kind, debt
from bot.services.desk import Done, Office
from bot.services.jobs import Retry
from bot.services.ports import Artist, Speaker
from storage import tally
from storage.outbox import Owed
from storage.sql import Transaction

EMPTY = Screen("", 0, (say("figures.nothing"),))


async def summoned(tx: Transaction, context: Context, by: Actor, words: str) -> tuple[Response, list[Debt]] | None:
    """What an admin asks for by a command; None for anybody else, who gets the ordinary help."""
    if not by.admin:
        return None
    query, whole = understood(words, context.regions)
    counts = await read(tx, query, context.today())
    return Response(new=screen(query, counts, context.regions, whole=whole)), []


async def pressed(
    tx: Transaction, context: Context, by: Actor, code: str, chat: int
) -> tuple[Response, list[Debt]] | None:
    """What an admin asks for by a button of that screen; None for anybody else, and for what no button bears.

    A chart is owed to `chat`: it is drawn beside all else.
    """
    drawn, wanted = code.startswith(f"{CHART}-"), code.removeprefix(f"{CHART}-")
    query = of_code(wanted, context.regions)
    if query is None or not by.admin:
        return None
    if drawn:
        owed = debt(Kind.CHART, chat=chat, code=wanted, until=context.hour() + OWED_HOURS)
        return Response(toast=say("figures.drawing")), [owed]
    return Response(over=screen(query, await read(tx, query, context.today()), context.regions)), []


def office(context: Context) -> Office:
    """The desk's part that tells figures; a chart goes to the admin's own chat, whose id is the person's."""

    async def asked(tx: Transaction, _person: Person, by: Actor, words: str) -> Done | None:
        return await summoned(tx, context, by, words)

    async def tapped(tx: Transaction, person: Person, by: Actor, button: Pressed) -> Done:
        done = await pressed(tx, context, by, button.code, person.user)
        return done or (Response(toast=say("staff.nobody")), [])

    return Office(StaffCommand.STATISTICS, FIGURES, asked, tapped)


class Charts:
    """Works off debts of kind `chart`; the figures are those of the moment at which it is drawn."""

    def __init__(self, context: Context, speaker: Speaker, artist: Artist) -> None:
        self._context, self._speaker, self._artist = context, speaker, artist

    async def draw(self, owed: Owed) -> Retry | None:
        """Draw and show a chart; a chat that is shut, a day that has passed or nothing to draw ends it."""
        context, body = self._context, json.loads(owed.body)
        query = of_code(body["code"], context.regions)
        if query is None or context.hour() >= body["until"]:
            return None
        async with context.database.reading() as tx:
            counts = await read(tx, query, context.today()) | await _flow(tx, query, context.today())
        bars = chart(query, counts, context.regions)
        if bars is None:
            return _again(await self._speaker.say(body["chat"], EMPTY, context.moderator_language))
        picture = await self._artist.paint(bars)
        if picture is None:
            return Retry()
        exhibit = Exhibit(1, "picture", extension="png", size=len(picture))
        return _again(await self._speaker.show(body["chat"], exhibit, picture))


async def _flow(tx: Transaction, query: Query, today: date) -> dict[str, dict[str, int]]:
    """The tips that came in, over time, where the query's chart tells that."""
    along = query.flow(today)
    return {FLOW: await tally.flow(tx, Dimension.STATUS, Standing.RECEIVED, along, today)} if along else {}


def _again(outcome: Outcome) -> Retry | None:
    return Retry(outcome.seconds) if isinstance(outcome, Later) else None


async def read(tx: Transaction, query: Query, today: date) -> dict[str, dict[str, int]]:
    """Counts by dimension and value: one statement for what has the same periods, so two at most."""
    spans: dict[tuple[str, ...], list[Dimension]] = {}
    for dimension in query.dimensions:
        spans.setdefault(query.periods(dimension, today), []).append(dimension)
    found: dict[str, dict[str, int]] = {}
    for periods, dimensions in spans.items():
        found |= await tally.sums(tx, dimensions, periods, query.region)
    return found
