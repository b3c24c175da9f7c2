"""Keys for a purpose: random, kept in the database wrapped by the master, opened once, held in memory.

Rule: a lasting key is made once. A turning one changes with the ISO week: the new one writes, those before still
read until their last day, and are destroyed then. The chat key, which hashes chats to the handles of their drafts,
reads until its last draft has expired; the look key, which hashes what tips have in common, for 30 days in all,
and its rows go with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self, TypeAlias

from storage.database import Database
from storage.ids import new_id
from storage.sql import queries
from storage.vault import BrokenSeal, Key, Place, Vault

MESSAGE_HOURS: Final = 48
"""How long a platform message can be deleted, hence its trace be of use."""
LOOK_DAYS: Final = 30
"""How long a look key is there at the most, from the Monday of its week."""
LASTING: Final = ("index", "outbox", "audit", "receipt", "number", "opening", "ban")
_CHAT: Final = "chat"
_LOOK: Final = "look"
_Keys: TypeAlias = Mapping[str, list[tuple[bytes, Key]]]


class WrongKeyring(Exception):
    """The keyring does not open this database: it is another's, or lacks a key."""


@dataclass(frozen=True, slots=True)
class FindingKey:
    """A key in its two uses: hashing what rows are found by, and sealing what lies in them; `id` is its own row's."""

    id: bytes
    hashing: Key
    sealing: Key

    @classmethod
    def of(cls, key_id: bytes, key: Key) -> Self:
        return cls(key_id, key.derive("hash"), key.derive("seal"))

    def handle(self, table: str, name: int | bytes) -> str:
        """32 hex digits that stand for a chat, or for other bytes, in one table, and for nothing in another."""
        data = name.to_bytes(8, "big", signed=True) if isinstance(name, int) else name
        return self.hashing.mac(table, data)[:16].hex()


@dataclass(slots=True, repr=False)
class Secrets:
    """The opened keys: one for each lasting purpose, and the chat and look keys, the one that writes first."""

    vault: Vault
    index: Key
    outbox: Key
    audit: Key
    receipt: Key
    number: Key
    opening: FindingKey
    ban: FindingKey
    chats: tuple[FindingKey, ...]
    looks: tuple[FindingKey, ...]

    @classmethod
    async def load(cls, database: Database, vault: Vault, today: date, draft_hours: int) -> "Secrets":
        """Open the keys and make those that are missing; raises `WrongKeyring`, `StorageUnavailable`."""
        keys = await _turned(database, vault, today, draft_hours)
        return cls(
            vault=vault,
            index=keys["index"][0][1],
            outbox=keys["outbox"][0][1],
            audit=keys["audit"][0][1],
            receipt=keys["receipt"][0][1],
            number=keys["number"][0][1],
            opening=FindingKey.of(*keys["opening"][0]),
            ban=FindingKey.of(*keys["ban"][0]),
            chats=_finding(keys, _CHAT),
            looks=_finding(keys, _LOOK),
        )

    async def turn(self, database: Database, today: date, draft_hours: int) -> None:
        """Begin the week's chat and look keys and destroy those whose days are over. To be called daily.

        It commits by itself and changes memory only then, so that a key that writes is always on disk.
        """
        keys = await _turned(database, self.vault, today, draft_hours)
        self.chats, self.looks = _finding(keys, _CHAT), _finding(keys, _LOOK)


async def _turned(database: Database, vault: Vault, today: date, draft_hours: int) -> _Keys:
    """Keys of each purpose, the one that writes first, once the table holds what `today` asks for."""
    week = "{}-W{:02}".format(*today.isocalendar())
    wanted = {(purpose, "") for purpose in LASTING} | {(_CHAT, week), (_LOOK, week)}
    sql = queries("keys")
    async with database.transaction() as tx:
        writing = {row async for row in sql.writing(tx)}
        for purpose, began in writing - wanted:
            last_day = _last_day(purpose, began, today, draft_hours)
            await sql.retire(tx, purpose=purpose, expires=last_day.isoformat())
        destroyed = await sql.expire(tx, today=today.isoformat())
        await sql.add(tx, [_made(vault, *key) for key in wanted - writing])
        keys = _opened(vault, [row async for row in sql.all(tx)])
    if destroyed:
        await database.checkpoint()
    return keys


def _made(vault: Vault, purpose: str, week: str) -> dict[str, object]:
    key_id = new_id()
    wrapped = vault.wrap(wrapped_place(key_id, purpose), Key.new())
    return {"id": key_id, "purpose": purpose, "week": week, "wrapped": wrapped}


def _opened(vault: Vault, rows: Iterable[tuple[bytes, str, bytes]]) -> _Keys:
    keys = defaultdict(list)
    try:
        for key_id, purpose, wrapped in rows:
            keys[purpose].append((key_id, vault.unwrap(wrapped_place(key_id, purpose), wrapped)))
    except BrokenSeal:
        raise WrongKeyring(WrongKeyring.__doc__) from None
    return keys


def _finding(keys: _Keys, purpose: str) -> tuple[FindingKey, ...]:
    return tuple(FindingKey.of(*key) for key in keys[purpose])


def _last_day(purpose: str, began: str, today: date, draft_hours: int) -> date:
    """The last day of a key that writes no more. A look key's days count from its week, however late the turn.

    A chat key's are the last of what it wrote until today, rounded up like the rows' own; or until the end of its
    week, where a clock that was put back turns it before that.
    """
    if purpose == _LOOK:
        return date.fromisoformat(f"{began}-1") + timedelta(days=LOOK_DAYS - 1)
    wrote = max(today, date.fromisoformat(f"{began}-7"))
    return wrote + timedelta(days=-(-max(draft_hours, MESSAGE_HOURS) // 24))


def wrapped_place(key_id: bytes, purpose: str) -> Place:
    return Place("keys", "wrapped", key_id, purpose)
