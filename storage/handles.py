"""Rows that belong to a chat: how they are found, and how the ones under an older key go.

Rule: a row is read under every chat key that still reads, and written under the newest alone, so that no hash
of a chat outlives its key.
"""

from collections.abc import Iterable

from storage.purposes import FindingKey, Secrets
from storage.sql import Transaction, queries


def candidates(secrets: Secrets, table: str, chats: Iterable[int]) -> dict[str, tuple[int, FindingKey]]:
    """Every handle under which a row of one of `chats` may lie, with the key that made it."""
    return {key.handle(table, chat): (chat, key) for chat in chats for key in secrets.chats}


async def leave_former(tx: Transaction, secrets: Secrets, table: str, chats: Iterable[int]) -> None:
    """Remove what older keys wrote of `chats`, before the newest writes."""
    former = secrets.chats[1:]
    if former:  # on most days there is none, and the hop is saved
        await _remove(tx, table, (key.handle(table, chat) for chat in chats for key in former))


async def discard(tx: Transaction, secrets: Secrets, table: str, chats: Iterable[int]) -> None:
    """Remove all rows of `chats`, also those that do not open."""
    await _remove(tx, table, candidates(secrets, table, chats))


async def _remove(tx: Transaction, table: str, handles: Iterable[str]) -> None:
    await queries(table).discard(tx, [{"handle": handle} for handle in handles])
