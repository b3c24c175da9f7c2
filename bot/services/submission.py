"""A draft becomes a tip: its key, its files, its debts, its audit line and its counts, in one transaction."""

from collections.abc import Iterable

from bot.conversation.case import Standing, to_json
from bot.conversation.counting import Entry, of_tip, of_word
from bot.conversation.likeness import features
from bot.conversation.outcomes import sent
from bot.conversation.tip import content, opened
from bot.services import release
from bot.services.context import Context
from bot.services.debts import Debt, Kind, answer, debt
from bot.services.drafts import Held
from storage import audit, files, looks, tips
from storage.sql import Transaction

NOTICE_VERSION = 1
REPORTER = "reporter"


async def submit(tx: Transaction, context: Context, chat: int, held: Held) -> list[Debt]:
    """Keep the tip; what is then owed: its post, and the receipt to the reporter."""
    draft, today, minute = held.draft, context.today(), release.minute(context)
    number = await tips.new_number(tx, context.secrets, context.chance)
    case = opened(draft, number, context.world(), route=context.route.chat, notice_version=NOTICE_VERSION)
    receipt = tips.new_receipt(context.chance)
    tip = tips.NewTip(
        number=number,
        receipt=receipt,
        day=today,
        summary=to_json(case),
        content=content(draft),
        address=chat if case.reachable else None,
    )
    tip_id = await tips.submit(tx, context.secrets, tip)
    await files.adopt(tx, held.row.id, tip_id, [bytes.fromhex(item.stored) for item in draft.kept if item.stored])
    await looks.note(tx, context.secrets, tip_id, features(draft))
    counted = await note(tx, context, Standing.RECEIVED, minute, of_tip(case, context.day_of(minute)))
    post = debt(Kind.TIP, tip=tip_id.hex(), release=minute)
    return [post, answer(chat, sent(receipt), draft.language, context.hour()), *counted]


async def note(
    tx: Transaction, context: Context, standing: str, minute: int, besides: Iterable[Entry] = ()
) -> list[Debt]:
    """The audit line and the counts of what became of a tip; what is owed, for they show from that minute on.

    The line names no tip, for lines stand in order.
    """
    await audit.append(tx, context.secrets, [audit.Line(context.today(), standing, REPORTER)])
    return await release.count(tx, context, [*of_word(standing, context.day_of(minute)), *besides], minute)
