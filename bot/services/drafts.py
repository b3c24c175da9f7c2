"""Drafts between the conversation and the storage: with the hour of the last answer, forgotten after their term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.conversation.draft import Draft, from_json, to_json
from bot.services.context import Context
from storage import drafts, files
from storage.drafts import Draft as Row
from storage.sql import Transaction

__all__ = ["Held", "Row", "day_in", "discard", "load", "save"]


@dataclass(frozen=True, slots=True)
class Held:
    """A draft in hand with its row."""

    draft: Draft
    row: Row


async def load(tx: Transaction, context: Context, chats: Iterable[int]) -> dict[int, Held]:
    """The living drafts by chat. What does not open, or is over its hours, is as good as none."""
    loaded = await drafts.load(tx, context.secrets, chats)
    context.counters["draft_broken"] += len(loaded.broken)
    held = {chat: _held(context, row) for chat, row in loaded.drafts.items()}
    gone = [chat for chat in [*loaded.broken, *held] if held.get(chat) is None]
    if gone:
        await discard(tx, context, gone, [row.id for chat, row in loaded.drafts.items() if chat in gone])
    return {chat: found for chat, found in held.items() if found is not None}


def _held(context: Context, row: Row) -> Held | None:
    hour, _, content = row.content.partition(b"\n")
    if context.hour() - int(hour) > context.rules.draft_hours:
        return None
    try:
        return Held(from_json(content), row)
    except (ValueError, TypeError, KeyError):
        context.counters["draft_unreadable"] += 1
        return None


async def save(tx: Transaction, context: Context, changed: Mapping[int, tuple[Draft, Row | None]]) -> None:
    """Keep drafts by chat; one without a row gets its own."""
    rows = {chat: _row(context, draft, row) for chat, (draft, row) in changed.items()}
    await drafts.save(tx, context.secrets, rows, day_in(context, context.rules.draft_hours))


def _row(context: Context, draft: Draft, row: Row | None) -> Row:
    content = b"%d\n%b" % (context.hour(), to_json(draft))
    return replace(row, content=content) if row else drafts.new(context.secrets, content)


def day_in(context: Context, hours: int) -> date:
    """The day on which that many hours from now are surely over."""
    return context.today() + timedelta(days=-(-hours // 24))


async def discard(tx: Transaction, context: Context, chats: Iterable[int], owners: Iterable[bytes]) -> None:
    """Destroy drafts by chat, and the files of their rows."""
    await drafts.discard(tx, context.secrets, chats)
    await files.discard_of(tx, owners)
