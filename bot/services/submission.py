"""A draft becomes a tip: its key, its files, its debts, its audit line and its counts, in one transaction."""

import json
from dataclasses import asdict
from datetime import date

from bot.conversation.draft import Draft
from bot.conversation.outcomes import Standing, sent
from bot.conversation.tip import content, counts, summary
from bot.services.context import Context
from bot.services.debts import Debt, Kind, answer, debt
from bot.services.drafts import Held
from storage import audit, files, tally, tips
from storage.sql import Transaction

NOTICE_VERSION = 1
REPORTER = "reporter"


async def submit(tx: Transaction, context: Context, chat: int, held: Held) -> list[Debt]:
    """Keep the tip; what is then owed: its post, and the receipt to the reporter."""
    draft, today = held.draft, context.today()
    number = await tips.new_number(tx, context.secrets, context.chance)
    receipt = tips.new_receipt(context.chance)
    tip = tips.NewTip(
        number=number,
        receipt=receipt,
        day=today,
        summary=_summary(context, draft, number),
        content=content(draft),
        address=chat if draft.text("contact") == "here" else None,
    )
    tip_id = await tips.submit(tx, context.secrets, tip)
    await files.adopt(tx, held.row.id, tip_id, [bytes.fromhex(item.stored) for item in draft.kept if item.stored])
    await note(tx, context, Standing.RECEIVED, today)
    await tally.count(tx, [tally.Entry(*entry) for entry in counts(draft, today)])
    post = debt(Kind.TIP, tip=tip_id.hex(), release=_release(context))
    return [post, answer(chat, sent(receipt), draft.language, context.hour())]


async def note(tx: Transaction, context: Context, standing: str, today: date) -> None:
    """The audit line and the count of what became of a tip; the line names no tip, for lines stand in order."""
    await audit.append(tx, context.secrets, [audit.Line(today, standing, REPORTER)])
    await tally.count(tx, [tally.Entry(today.isoformat(), "status", standing)])


def _summary(context: Context, draft: Draft, number: str) -> bytes:
    told = asdict(summary(draft))
    about = {
        "number": number,
        "standing": Standing.RECEIVED,
        "election": context.rules.election,
        "route": context.route.chat,
        "notice_version": NOTICE_VERSION,
        "language": draft.language,
    }
    return json.dumps(told | about, ensure_ascii=False, separators=(",", ":")).encode()


def _release(context: Context) -> int:
    """The minute of the epoch before which the tip is not posted: at random within the delay that is set."""
    minute = int(context.now().timestamp()) // 60
    return minute + context.chance.randint(0, context.release_minutes)
