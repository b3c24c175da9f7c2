"""A draft becomes a tip: its key, its files, its debts, its audit line and its counts, in one transaction."""

from datetime import date

from bot.conversation.casework import Standing, to_json
from bot.conversation.counting import of_tip, of_word
from bot.conversation.likeness import features
from bot.conversation.outcomes import sent
from bot.conversation.tip import content, opened
from bot.services.context import Context
from bot.services.debts import Debt, Kind, answer, debt
from bot.services.drafts import Held
from storage import audit, files, looks, tally, tips
from storage.sql import Transaction

NOTICE_VERSION = 1
REPORTER = "reporter"


async def submit(tx: Transaction, context: Context, chat: int, held: Held) -> list[Debt]:
    """Keep the tip; what is then owed: its post, and the receipt to the reporter."""
    draft, today = held.draft, context.today()
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
    await note(tx, context, Standing.RECEIVED, today)
    await tally.count(tx, of_tip(case, today))
    post = debt(Kind.TIP, tip=tip_id.hex(), release=release(context))
    return [post, answer(chat, sent(receipt), draft.language, context.hour())]


async def note(tx: Transaction, context: Context, standing: str, today: date) -> None:
    """The audit line and the count of what became of a tip; the line names no tip, for lines stand in order."""
    await audit.append(tx, context.secrets, [audit.Line(today, standing, REPORTER)])
    await tally.count(tx, of_word(standing, today))


def release(context: Context) -> int:
    """The minute of the epoch before which the tip is not posted: at random within the delay that is set."""
    minute = int(context.now().timestamp()) // 60
    return minute + context.chance.randint(0, context.release_minutes)
