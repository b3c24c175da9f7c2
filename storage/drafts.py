"""Unfinished tips, found by the hash of their chat.

Rule: everything here takes many chats at once, for a statement with many rows costs hardly more than with one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from storage import handles
from storage.ids import new_id
from storage.purposes import Secrets
from storage.sql import Transaction, array, queries
from storage.vault import BrokenSeal, Key, Place

_TABLE = "drafts"


@dataclass(frozen=True, slots=True)
class Draft:
    """Content in the caller's own bytes; `id` owns the draft's files. `replace(draft, content=…)` changes it."""

    id: bytes
    content: bytes = field(repr=False)
    key: Key = field(repr=False, compare=False)
    wrapped: bytes = field(repr=False)


class Loaded(NamedTuple):
    """Drafts by chat, and the chats whose draft does not open."""

    drafts: dict[int, Draft]
    broken: set[int]


def new(secrets: Secrets, content: bytes) -> Draft:
    """Make a draft with an id and a key of its own; `save` keeps it."""
    draft_id, key = new_id(), Key.new()
    return Draft(draft_id, content, key, secrets.vault.wrap(_place(draft_id, "wrapped"), key))


async def load(tx: Transaction, secrets: Secrets, chats: Iterable[int]) -> Loaded:
    """Find the drafts of chats; those that have none are left out."""
    places = handles.candidates(secrets, _TABLE, chats)
    loaded = Loaded({}, set())
    rows = {row[0]: row[1:] async for row in queries(_TABLE).find(tx, handles=array(places))}
    for handle in places.keys() & rows.keys():
        chat, _ = places[handle]
        try:
            loaded.drafts[chat] = _opened(secrets, *rows[handle])
        except BrokenSeal:
            loaded.broken.add(chat)
    return loaded


async def save(tx: Transaction, secrets: Secrets, drafts: Mapping[int, Draft], expires: date) -> None:
    """Write drafts by chat; `expires` is the last day on which they can be alive, so rounded up."""
    await handles.leave_former(tx, secrets, _TABLE, drafts)
    await queries(_TABLE).save(tx, [_row(secrets, chat, draft, expires.isoformat()) for chat, draft in drafts.items()])


async def discard(tx: Transaction, secrets: Secrets, chats: Iterable[int]) -> None:
    """Remove the drafts of chats, also those that do not open. Their files are `files.discard_of`'s."""
    await handles.discard(tx, secrets, _TABLE, chats)


class Expired(NamedTuple):
    """What was removed: the id that owns the files, see `files.discard_of`; content None where the seal is broken."""

    id: bytes
    content: bytes | None


async def expire(tx: Transaction, secrets: Secrets, today: date) -> list[Expired]:
    """Remove drafts whose last day is over, and give what they were."""
    rows = [row async for row in queries(_TABLE).expire(tx, today=today.isoformat())]
    return [Expired(row[0], _content(secrets, *row)) for row in rows]


def _content(secrets: Secrets, draft_id: bytes, wrapped: bytes, sealed: bytes) -> bytes | None:
    try:
        return _opened(secrets, draft_id, wrapped, sealed).content
    except BrokenSeal:
        return None


def _row(secrets: Secrets, chat: int, draft: Draft, expires: str) -> dict[str, object]:
    return {
        "handle": secrets.chats[0].handle(_TABLE, chat),
        "id": draft.id,
        "expires": expires,
        "wrapped": draft.wrapped,
        "sealed": draft.key.seal(_place(draft.id, "sealed"), draft.content),
    }


def _opened(secrets: Secrets, draft_id: bytes, wrapped: bytes, sealed: bytes) -> Draft:
    key = secrets.vault.unwrap(_place(draft_id, "wrapped"), wrapped)
    return Draft(draft_id, key.open(_place(draft_id, "sealed"), sealed), key, wrapped)


def _place(draft_id: bytes, column: str) -> Place:
    return Place(_TABLE, column, draft_id)
