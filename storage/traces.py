"""Messages of private chats, so that they can be deleted while the platform still allows it.

Rule: a chat's list lies under its hash and is sealed by the week's chat key, never joined to a tip; an entry
is dropped after 48 hours. A list that does not open is left out: its messages can no longer be deleted.
"""

import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Final, NamedTuple

from storage import handles
from storage.purposes import MESSAGE_HOURS, FindingKey, Secrets
from storage.sql import Transaction, array, queries
from storage.vault import BrokenSeal, Place

_TABLE: Final = "traces"
_ENTRY: Final = struct.Struct(">qI")


class Trace(NamedTuple):
    """A message id and the hour it was sent in, counted from the epoch."""

    message: int
    hour: int


async def load(tx: Transaction, secrets: Secrets, chats: Iterable[int]) -> dict[int, list[Trace]]:
    """Traces by chat, oldest first; chats without any are left out."""
    places = handles.candidates(secrets, _TABLE, chats)
    loaded = {}
    async for handle, sealed in queries(_TABLE).find(tx, handles=array(places)):
        chat, key = places[handle]
        with suppress(BrokenSeal):
            loaded[chat] = [Trace(*entry) for entry in _ENTRY.iter_unpack(key.sealing.open(_place(handle), sealed))]
    return loaded


async def save(
    tx: Transaction, secrets: Secrets, traces: Mapping[int, Iterable[Trace]], hour: int, expires: date
) -> None:
    """Write lists by chat without what is older than 48 hours at `hour`; `expires` is the day 48 hours on."""
    await handles.leave_former(tx, secrets, _TABLE, traces)
    await queries(_TABLE).save(
        tx,
        [
            _row(secrets.chats[0], chat, [trace for trace in entries if trace.hour > hour - MESSAGE_HOURS], expires)
            for chat, entries in traces.items()
        ],
    )


async def discard(tx: Transaction, secrets: Secrets, chats: Iterable[int]) -> None:
    await handles.discard(tx, secrets, _TABLE, chats)


async def expire(tx: Transaction, today: date) -> int:
    """Remove lists whose last day is over; how many."""
    return int(await queries(_TABLE).expire(tx, today=today.isoformat()))


def _row(key: FindingKey, chat: int, entries: list[Trace], expires: date) -> dict[str, object]:
    handle = key.handle(_TABLE, chat)
    packed = b"".join(_ENTRY.pack(*entry) for entry in entries)
    return {
        "handle": handle,
        "expires": expires.isoformat(),
        "sealed": key.sealing.seal(_place(handle), packed),
    }


def _place(handle: str) -> Place:
    return Place(_TABLE, "sealed", bytes.fromhex(handle))
