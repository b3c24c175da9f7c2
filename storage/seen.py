"""Updates that are handled and may still come again. Rule: the number alone is kept, no chat and no time."""

from collections.abc import Iterable

from storage.sql import Transaction, array, queries


async def known(tx: Transaction, ids: Iterable[int]) -> set[int]:
    return {row[0] async for row in queries("seen").known(tx, ids=array(ids))}


async def note(tx: Transaction, ids: Iterable[int]) -> None:
    """Remember updates; those that are known stay so."""
    await queries("seen").note(tx, [{"id": update_id} for update_id in ids])


async def forget(tx: Transaction, ids: Iterable[int]) -> None:
    """Drop updates that the platform will not send again."""
    await queries("seen").forget(tx, [{"id": update_id} for update_id in ids])
