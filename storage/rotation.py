"""Rotation: a new master key takes over from the one before it, while the bot works.

Three steps, each of which may be broken off and taken again: the keyring gets a new key, which everybody writes with
from then on; every wrapped key is wrapped anew, a few in a transaction, so that nobody waits long; the former master
is destroyed when no key that opens needs it. Rule: a keyring with more than one key is a rotation that is not over.

What holds a wrapped key is a row of `WRAPPED`, and nothing else is to be done for a new one.
"""

from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from storage import keyring
from storage.database import Database
from storage.purposes import WrongKeyring
from storage.sql import Transaction, queries
from storage.vault import BrokenSeal, Place, Vault

BATCH: Final = 200
"""Keys that are wrapped anew in one transaction: some ten milliseconds."""

Tell: TypeAlias = Callable[[int, int], None]
"""Hears after each batch how many keys are done, and how many there are to do."""


class StillNeeded(Exception):
    """The former master key is still needed, so it was kept: rotate again."""


class Wrapped(NamedTuple):
    """A column of wrapped keys, by the row's `id`; `part` is what SQL gives for the place's part."""

    table: str
    column: str
    part: str = "''"

    @property
    def sql(self) -> Any:  # noqa: ANN401 - as `queries`
        return queries("rotation", **self._asdict())

    def place(self, row_id: bytes, part: str) -> Place:
        return Place(self.table, self.column, row_id, part)


WRAPPED: Final = (
    Wrapped("keys", "wrapped", "purpose"),
    Wrapped("drafts", "wrapped"),
    Wrapped("tips", "wrapped"),
    Wrapped("tips", "thread"),
    Wrapped("files", "wrapped"),
)


async def rotate(database: Database, path: Path, today: date, tell: Tell = lambda _done, _all: None) -> None:
    """Begin a rotation, or take up the one that is not over, and wrap everything by the newest master.

    `path` is the keyring's. Raises `KeyringError`, `WrongKeyring`, `StorageUnavailable`.
    """
    async with database.transaction() as tx:
        ring = keyring.load(path)
        await _must_open(tx, Vault(ring))
        if ring.newest == ring.keys[0]:
            ring = ring.with_new_key(today)
            keyring.replace(path, ring)
    await _rewrap(database, Vault(ring), ring.newest.id, tell)
    await database.checkpoint()


async def destroy_former(database: Database, path: Path) -> None:
    """Leave the newest master alone in the keyring, once nothing that opens needs another.

    Raises `StillNeeded`, and as `rotate`.
    """
    async with database.transaction() as tx:
        ring = keyring.load(path)
        vault = Vault(ring)
        for column in WRAPPED:
            async for row_id, part, wrapped in column.sql.behind(tx, newest=ring.newest.id, after=b"", most=-1):
                if _rewrapped(vault, column.place(row_id, part), wrapped):
                    raise StillNeeded(StillNeeded.__doc__)
        keyring.replace(path, ring.newest_alone())


async def _must_open(tx: Transaction, vault: Vault) -> None:
    async for key_id, purpose, wrapped in queries("keys").all(tx):
        if not _rewrapped(vault, WRAPPED[0].place(key_id, purpose), wrapped):
            raise WrongKeyring(WrongKeyring.__doc__)


async def _rewrap(database: Database, vault: Vault, newest: bytes, tell: Tell) -> None:
    async with database.reading() as tx:
        behind = sum([await column.sql.count_behind(tx, newest=newest) for column in WRAPPED])
    done = 0
    tell(done, behind)
    for column in WRAPPED:
        async for rows in _batches(database, vault, newest, column):
            done += rows
            tell(done, behind)


async def _batches(database: Database, vault: Vault, newest: bytes, column: Wrapped) -> AsyncIterator[int]:
    """How many keys each transaction has been through; one that opens under no master stays as it is."""
    after = b""
    while True:
        async with database.transaction() as tx:
            rows = [row async for row in column.sql.behind(tx, newest=newest, after=after, most=BATCH)]
            fresh = [
                {"id": row_id, "wrapped": _rewrapped(vault, column.place(row_id, part), wrapped)}
                for row_id, part, wrapped in rows
            ]
            await column.sql.rewrap(tx, [row for row in fresh if row["wrapped"]])
        if not rows:
            return
        after = rows[-1][0]
        yield len(rows)


def _rewrapped(vault: Vault, place: Place, wrapped: bytes) -> bytes | None:
    """The key under the newest master; None where no master opens it."""
    try:
        return vault.wrap(place, vault.unwrap(place, wrapped))
    except BrokenSeal:
        return None
