"""What is owed to the platform. Rule: an entry shows its kind and nothing else: no time, no order, no tip."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from storage.ids import new_id
from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import Place

_TABLE = "outbox"


@dataclass(frozen=True, slots=True)
class Owed:
    """A debt: its kind in the caller's words, and the body that says whom and what in the caller's bytes."""

    id: bytes
    kind: str
    body: bytes = field(repr=False)


async def add(tx: Transaction, secrets: Secrets, debts: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """Note (kind, body) pairs; their random ids in the same order."""
    owed = [Owed(new_id(), kind, body) for kind, body in debts]
    await queries(_TABLE).add(tx, [_row(secrets, entry) for entry in owed])
    return [entry.id for entry in owed]


async def ids(tx: Transaction) -> list[tuple[bytes, str]]:
    """(id, kind) of all that is owed and not held, in no order."""
    return [row async for row in queries(_TABLE).ids(tx)]


async def release(tx: Transaction) -> int:
    """Let go what came back with a backup; how many entries."""
    return int(await queries(_TABLE).release(tx))


async def expire(tx: Transaction, before: date) -> int:
    """Remove what has been held since before that day; how many entries."""
    return int(await queries(_TABLE).expire(tx, before=before.toordinal()))


async def read(tx: Transaction, secrets: Secrets, owed_id: bytes) -> Owed | None:
    """An entry, or None when it is done; raises `BrokenSeal`."""
    row = await queries(_TABLE).read(tx, id=owed_id)
    return row and Owed(owed_id, row[0], secrets.outbox.open(_place(owed_id, row[0]), row[1]))


async def replace(tx: Transaction, secrets: Secrets, owed: Owed) -> None:
    """Write an entry anew, such as one that is sent in part; nothing when it is done."""
    await queries(_TABLE).replace(tx, **_row(secrets, owed))


async def done(tx: Transaction, owed_ids: Iterable[bytes]) -> None:
    await queries(_TABLE).done(tx, [{"id": owed_id} for owed_id in owed_ids])


def _row(secrets: Secrets, owed: Owed) -> dict[str, object]:
    sealed = secrets.outbox.seal(_place(owed.id, owed.kind), owed.body)
    return {"id": owed.id, "kind": owed.kind, "sealed": sealed}


def _place(owed_id: bytes, kind: str) -> Place:
    return Place(_TABLE, "sealed", owed_id, kind)
