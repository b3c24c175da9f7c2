"""A blind index of what tips have in common, so that look-alikes are found without opening any.

Rule: a feature is kept only as a hash under a look key, which is destroyed within 30 days, and its rows with it.
Whoever holds the keyring meanwhile can try names against it.
"""

from collections.abc import Iterable
from typing import Final

from storage.purposes import Secrets
from storage.sql import Transaction, array, queries

_TABLE: Final = "looks"


async def note(tx: Transaction, secrets: Secrets, tip_id: bytes, features: Iterable[bytes]) -> None:
    """Keep what a tip has, such as its normalised regency and office, instead of what was noted of it before."""
    key = secrets.looks[0]
    await forget(tx, tip_id)
    await queries(_TABLE).add(
        tx, [{"handle": key.handle(_TABLE, feature), "tip": tip_id, "key": key.id} for feature in set(features)]
    )


async def like(tx: Transaction, secrets: Secrets, features: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """Tips that share any of `features`, with those they share; the tip that they are of as well, where it is noted."""
    known = {key.handle(_TABLE, feature): feature for feature in features for key in secrets.looks}
    shared: dict[bytes, set[bytes]] = {}
    async for tip_id, handle in queries(_TABLE).like(tx, handles=array(known)):
        shared.setdefault(tip_id, set()).add(known[handle])
    return shared


async def forget(tx: Transaction, tip_id: bytes) -> None:
    """Drop what was noted of a tip, such as one that is closed."""
    await queries(_TABLE).forget(tx, tip=tip_id)
