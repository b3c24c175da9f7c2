"""Drafts between the conversation and the storage: with the hour of the last answer, forgotten after their term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.conversation.counting import of_left
from bot.conversation.draft import Draft, from_json, to_json
from bot.services.context import Context
from storage import drafts, files, tally
from storage.drafts import Draft as Row
from storage.sql import Transaction

__all__ = ["Held", "Row", "day_in", "discard", "expire", "load", "save"]


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
        await _count_left(tx, context, [row.content for chat, row in loaded.drafts.items() if chat in gone])
        await discard(tx, context, gone, [row.id for chat, row in loaded.drafts.items() if chat in gone])
    return {chat: found for chat, found in held.items() if found is not None}


def _held(context: Context, row: Row) -> Held | None:
    hour, _, content = row.content.partition(b"\n")
    if context.hour() - int(hour) > context.rules.draft_hours:
        return None
    draft = _read(content)
    context.counters["draft_unreadable"] += draft is None
    return Held(draft, row) if draft else None


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


async def expire(tx: Transaction, context: Context) -> int:
    """Destroy every draft whose last day is over, and count at which question it was left; how many."""
    gone = await drafts.expire(tx, context.secrets, context.today())
    await files.discard_of(tx, [one.id for one in gone])
    await _count_left(tx, context, [one.content for one in gone if one.content is not None])
    context.counters["draft_expired"] += len(gone)
    return len(gone)


async def _count_left(tx: Transaction, context: Context, contents: Iterable[bytes]) -> None:
    readable = [draft for content in contents if (draft := _read(content.partition(b"\n")[2]))]
    await tally.count(tx, of_left(readable, context.today()))


def _read(content: bytes) -> Draft | None:
    """The draft, or None where it was written in a way that is no longer known."""
    try:
        return from_json(content)
    except (ValueError, TypeError, KeyError):
        return None


async def discard(tx: Transaction, context: Context, chats: Iterable[int], owners: Iterable[bytes]) -> None:
    """Destroy drafts by chat, and the files of their rows."""
    await drafts.discard(tx, context.secrets, chats)
    await files.discard_of(tx, owners)
