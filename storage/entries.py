"""The talk on a tip after it was sent: entries in order, sealed under the key of the tip's thread.

Rule: an entry opens only in its tip and at its number. Who said it, and to whom, is within.
"""

from collections.abc import Iterable
from typing import Final

from storage import tips
from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import Place

_TABLE: Final = "entries"


async def add(tx: Transaction, secrets: Secrets, tip_id: bytes, bodies: Iterable[bytes]) -> list[int]:
    """Add entries in the caller's own bytes; their numbers, or none when tip or key is gone; raises `BrokenSeal`."""
    found = await queries(_TABLE).next(tx, tip=tip_id)
    if found is None:
        return []
    *wrapped, first = found
    key = tips.thread_key(secrets, tip_id, *wrapped)
    rows = [{"tip": tip_id, "n": n, "sealed": key.seal(place(tip_id, n), body)} for n, body in enumerate(bodies, first)]
    await queries(_TABLE).add(tx, rows)
    return list(range(first, first + len(rows)))


async def of(tx: Transaction, secrets: Secrets, tip_id: bytes) -> list[bytes]:
    """Entries of a tip in their order, the first is number 0; none when tip or key is gone; raises `BrokenSeal`."""
    rows = [row async for row in queries(_TABLE).of(tx, tip=tip_id)]
    if not rows:
        return []
    key = tips.thread_key(secrets, tip_id, *rows[0][2:])
    return [key.open(place(tip_id, row[0]), row[1]) for row in rows]


async def change(tx: Transaction, secrets: Secrets, tip_id: bytes, n: int, body: bytes) -> bool:
    """Write an entry anew, such as a question that was edited; False where there is none; raises `BrokenSeal`."""
    wrapped = await queries(_TABLE).key(tx, tip=tip_id, n=n)
    if wrapped is None:
        return False
    sealed = tips.thread_key(secrets, tip_id, *wrapped).seal(place(tip_id, n), body)
    await queries(_TABLE).change(tx, tip=tip_id, n=n, sealed=sealed)
    return True


def place(tip_id: bytes, n: int) -> Place:
    """Where an entry is sealed."""
    return Place(_TABLE, "sealed", tip_id, str(n))
