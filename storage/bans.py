"""Chats from which nothing is taken for a while. Rule: a keyed hash and a last day, nothing of who, why or by whom."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from storage.purposes import Secrets
from storage.sql import Transaction, array, queries

_TABLE: Final = "bans"


async def known(tx: Transaction, secrets: Secrets, chats: Iterable[int], today: date) -> set[int]:
    """Those of `chats` that are banned on that day."""
    handles = {secrets.ban.handle(_TABLE, chat): chat for chat in chats}
    return {handles[row[0]] async for row in queries(_TABLE).known(tx, handles=array(handles), today=today.isoformat())}


async def add(tx: Transaction, secrets: Secrets, chat: int, expires: date) -> None:
    """Ban a chat through the day `expires`; a ban that lasts longer stays."""
    await queries(_TABLE).add(tx, handle=secrets.ban.handle(_TABLE, chat), expires=expires.isoformat())


async def lift(tx: Transaction, secrets: Secrets, chat: int) -> None:
    """Ban a chat no longer, whatever it was banned for."""
    await queries(_TABLE).lift(tx, handle=secrets.ban.handle(_TABLE, chat))


async def expire(tx: Transaction, today: date) -> int:
    """Remove bans whose last day is over; how many."""
    return int(await queries(_TABLE).expire(tx, today=today.isoformat()))
