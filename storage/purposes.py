"""Keys for a purpose: random, kept in the database wrapped by the master, opened once, held in memory.

Rule: a lasting key is made once. The chat key, which hashes chats to the handles of their drafts, changes with
the ISO week: the new one writes, the one before reads until its last draft has expired, and is destroyed then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from storage.database import Database
from storage.ids import new_id
from storage.sql import queries
from storage.vault import BrokenSeal, Key, Place, Vault

MESSAGE_HOURS: Final = 48
"""How long a platform message can be deleted, hence its trace be of use."""
LASTING: Final = ("index", "outbox", "audit", "receipt", "number")
_CHAT: Final = "chat"


class WrongKeyring(Exception):
    """The keyring does not open this database: it is another's, or lacks a key."""


@dataclass(frozen=True, slots=True)
class ChatKey:
    """A weekly key in its two uses: hashing chats, and sealing what lies under their handles."""

    hashing: Key
    sealing: Key

    def handle(self, table: str, chat: int) -> str:
        """32 hex digits that stand for a chat in one table, and for nothing in another."""
        return self.hashing.mac(table, chat.to_bytes(8, "big", signed=True))[:16].hex()


@dataclass(slots=True, repr=False)
class Secrets:
    """The opened keys: one for each lasting purpose, and the chat keys, the one that writes first."""

    vault: Vault
    index: Key
    outbox: Key
    audit: Key
    receipt: Key
    number: Key
    chats: tuple[ChatKey, ...]

    @classmethod
    async def load(cls, database: Database, vault: Vault, today: date, draft_hours: int) -> "Secrets":
        """Open the keys and make those that are missing; raises `WrongKeyring`, `StorageUnavailable`."""
        keys = await _turned(database, vault, today, draft_hours)
        return cls(
            vault=vault,
            index=keys["index"][0],
            outbox=keys["outbox"][0],
            audit=keys["audit"][0],
            receipt=keys["receipt"][0],
            number=keys["number"][0],
            chats=_chat_keys(keys),
        )

    async def turn(self, database: Database, today: date, draft_hours: int) -> None:
        """Begin the week's chat key and destroy those whose drafts have expired. To be called daily.

        It commits by itself and changes memory only then, so that a key that writes is always on disk.
        """
        self.chats = _chat_keys(await _turned(database, self.vault, today, draft_hours))


async def _turned(database: Database, vault: Vault, today: date, draft_hours: int) -> dict[str, list[Key]]:
    """Keys of each purpose, the one that writes first, once the table holds what `today` asks for."""
    wanted = {(purpose, "") for purpose in LASTING} | {(_CHAT, "{}-W{:02}".format(*today.isocalendar()))}
    sql = queries("keys")
    async with database.transaction() as tx:
        destroyed = await sql.expire(tx, today=today.isoformat())
        missing = wanted - {row async for row in sql.writing(tx)}
        for purpose, _ in missing:
            await sql.retire(tx, purpose=purpose, expires=_last_day(today, draft_hours).isoformat())
        await sql.add(tx, [_made(vault, purpose, week) for purpose, week in missing])
        keys = _opened(vault, [row async for row in sql.all(tx)])
    if destroyed:
        await database.checkpoint()
    return keys


def _made(vault: Vault, purpose: str, week: str) -> dict[str, object]:
    key_id = new_id()
    wrapped = vault.wrap(wrapped_place(key_id, purpose), Key.new())
    return {"id": key_id, "purpose": purpose, "week": week, "wrapped": wrapped}


def _opened(vault: Vault, rows: Iterable[tuple[bytes, str, bytes]]) -> dict[str, list[Key]]:
    keys = defaultdict(list)
    try:
        for key_id, purpose, wrapped in rows:
            keys[purpose].append(vault.unwrap(wrapped_place(key_id, purpose), wrapped))
    except BrokenSeal:
        raise WrongKeyring(WrongKeyring.__doc__) from None
    return keys


def _chat_keys(keys: dict[str, list[Key]]) -> tuple[ChatKey, ...]:
    return tuple(ChatKey(key.derive("hash"), key.derive("seal")) for key in keys[_CHAT])


def _last_day(today: date, draft_hours: int) -> date:
    """The last day of what a key wrote until today, rounded up like the rows' own."""
    return today + timedelta(days=-(-max(draft_hours, MESSAGE_HOURS) // 24))


def wrapped_place(key_id: bytes, purpose: str) -> Place:
    return Place("keys", "wrapped", key_id, purpose)
