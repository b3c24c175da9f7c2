"""Makes the packages of a hand-over and sends them to who asked, each a debt of its own.

Bound: a package holds at most `PACKAGE_MOST` bytes of evidence, made one file at a time; one package is in hand at a
time, so that memory holds no more than a package, one file, and the platform's copy of the request.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Final

from bot.conversation.handing import only
from bot.conversation.post import Exhibit
from bot.conversation.screens import say
from bot.conversation.speech import Accepted, Later
from bot.conversation.world import World
from bot.handover.guide import Guide
from bot.handover.masking import Tip, found, masked
from bot.handover.package import Package, Packing, Part, papers, parts
from bot.handover.sheet import Handing, Writer, file_name
from bot.services import debts, dossier
from bot.services.context import Context
from bot.services.debts import OWED_HOURS, Debt, Kind, debt
from bot.services.jobs import Retry
from bot.services.ports import Speaker
from storage import files
from storage.outbox import Owed

PACKAGE_MOST: Final = 45_000_000
"""A bot may send 50 MB."""


@dataclass(frozen=True, slots=True)
class Order:
    """A tip that is handed over: whom `to`, at whose word, and whether traces of the reporter are taken out."""

    number: str
    to: str
    by: str
    second: str
    mask: bool
    day: str


def owed(context: Context, tip: Tip, order: Order, chat: int) -> list[Debt]:
    """A debt for each package of a tip, for a private chat."""
    body = {name: getattr(order, name) for name in order.__slots__}
    until = context.hour() + OWED_HOURS
    count = len(parts(tip.case.number, tip.exhibits, PACKAGE_MOST))
    return [debt(Kind.SHEET, chat=chat, part=n, order=body, until=until) for n in range(count)]


def written(guide: Guide, world: World, timezone: str, tip: Tip, order: Order) -> Mapping[str, bytes]:
    """The papers of a tip by file name; it takes a while, and asks for a thread of its own."""
    words = found(tip, world) if order.mask else ()
    handing = Handing(
        to=order.to,
        by=order.by,
        second=order.second,
        day=date.fromisoformat(order.day),
        zone=timezone,
        keeps_days=world.rules.retention_days,
        masked=bool(words),
    )
    return papers(Writer.load(guide, world), masked(tip, words), handing)


async def fill(packing: Packing, context: Context, number: str, exhibits: Sequence[Exhibit]) -> None:
    """Add evidence to a packing, one file at a time, and what takes long beside the event loop."""
    for one in exhibits:
        async with context.database.reading() as tx:
            data = await files.whole(tx, context.secrets, bytes.fromhex(one.stored)) or b""
        await asyncio.to_thread(packing.add, number, file_name(one), data)


class Sheets:
    """Works off debts of kind `sheet`, which wants a single worker; `owe` is called with new debts."""

    def __init__(
        self, context: Context, speaker: Speaker, guide: Guide, owe: Callable[[Sequence[debts.Noted]], None]
    ) -> None:
        self._context, self._speaker, self._guide, self._owe = context, speaker, guide, owe

    async def send(self, due: Owed) -> Retry | None:
        """Send one package; where the chat takes none, the moderators' chat hears of it."""
        context, body = self._context, json.loads(due.body)
        order = Order(**body["order"])
        async with context.database.reading() as tx:
            tip = await dossier.numbered(tx, context, order.number)
        if tip is None or context.hour() >= body["until"]:
            context.counters["sheet_dropped"] += 1
            return None
        part = parts(tip.case.number, tip.exhibits, PACKAGE_MOST)[body["part"]]
        outcome = await self._speaker.give(body["chat"], part.name, await self._made(tip, part, order))
        if not isinstance(outcome, Accepted | Later):
            await self._not_taken(order)
        return Retry(outcome.seconds) if isinstance(outcome, Later) else None

    async def _made(self, tip: Tip, part: Part, order: Order) -> bytes:
        out, number = BytesIO(), tip.case.number
        package = Package(out)
        if part.papers:
            world, timezone = self._context.world(), self._context.timezone
            written_papers = await asyncio.to_thread(written, self._guide, world, timezone, tip, order)
            for name, data in written_papers.items():
                package.add(number, name, data)
        await fill(package, self._context, number, part.exhibits)
        package.close()
        return out.getvalue()

    async def _not_taken(self, order: Order) -> None:
        context = self._context
        context.counters["sheet_refused"] += 1
        screen = only(say("handover.not_taken", number=order.number, name=order.by))
        word = debts.answer(context.route.chat, screen, context.moderator_language, context.hour())
        async with context.database.transaction() as tx:
            noted = await debts.note(tx, context, [word])
        self._owe(noted)
