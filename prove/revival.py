"""Opens what a power cut has left, as the bot does when it starts, and says what it comes to."""

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from prove.page import Broken, need
from prove.stage import Scene
from storage import audit, destroyed, files, outbox, posts, tips
from storage.database import Database, StorageUnavailable
from storage.purposes import Secrets
from storage.sql import Transaction
from storage.vault import Vault

ROWS = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """A database: a digest of its rows, its ids that no backup may bring back once they are gone, and those listed."""

    rows: bytes
    ids: frozenset[bytes]
    listed: frozenset[bytes]


class Revival:
    """A folder of its own beside the scene's bot, with the same settings and keyring."""

    def __init__(self, scene: Scene, name: str, receipts: Collection[str]) -> None:
        self._folder, self._name = scene.folder / "revived", name
        self._vault = Vault.following(scene.settings().keyring)
        self._today, self._hours = scene.clock.now.date(), scene.settings().draft_hours
        self._receipts = receipts
        self._known: dict[bytes, frozenset[str]] = {}

    async def finds(self, disk: Mapping[str, bytes], held: Collection[str] = ()) -> Found:
        """What these files come to; each of the receipts that are `held` must lead to a whole tip in them."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        for name, data in disk.items():
            (self._folder / name).write_bytes(data)
        try:
            database = await Database.open(f"sqlite:///{self._folder / self._name}")
        except StorageUnavailable as error:
            raise Broken(f"A database did not open: {error}") from None
        try:
            found = await _found(database)
            if found.rows not in self._known:
                self._known[found.rows] = await self._opens(database)
        finally:
            await database.close()
        need(self._known[found.rows].issuperset(held), "A receipt that somebody held led to no tip.")
        return found

    async def _opens(self, database: Database) -> frozenset[str]:
        """Receipts that lead to a tip, in a database whose every tip is whole."""
        secrets = await Secrets.load(database, self._vault, self._today, self._hours)
        async with database.reading() as tx:
            await _is_whole(tx, secrets)
            return frozenset([one for one in self._receipts if await tips.find_by_receipt(tx, secrets, one)])


async def _found(database: Database) -> Found:
    async with database.reading() as tx:
        need(await tx.execute_fetchall("PRAGMA integrity_check") == [("ok",)], "A database was damaged.")
        return Found(await _digest(tx), await _ids(tx), frozenset(destroyed.read(destroyed.beside(database.path))))


async def _digest(tx: Transaction) -> bytes:
    tables = await tx.execute_fetchall("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    rows = [await tx.execute_fetchall(f"SELECT * FROM {table}") for (table,) in tables]  # noqa: S608 - ours
    return hashlib.sha256(repr([tables, rows]).encode()).digest()


async def _ids(tx: Transaction) -> frozenset[bytes]:
    ids = " UNION ".join(f"SELECT id FROM {table}" for table in destroyed.TABLES)  # noqa: S608 - ours
    return frozenset(row[0] for row in await tx.execute_fetchall(ids))


async def _is_whole(tx: Transaction, secrets: Secrets) -> None:
    """Everything opens, and each tip is in the channel or owed to it."""
    owed = [await outbox.read(tx, secrets, owed_id) for owed_id, kind in await outbox.ids(tx) if kind == "tip"]
    going = {json.loads(one.body)["tip"] for one in owed if one}
    for tip in await tips.after(tx, secrets, b"", ROWS):
        need(tip.summary and await tips.read_content(tx, secrets, tip.id), "A tip was half.")
        posted = any(post.kind == "card" for post in await posts.of(tx, tip.id))
        need(posted or tip.id.hex() in going, "A tip was neither posted nor owed.")
    for (file_id,) in await tx.execute_fetchall("SELECT id FROM files"):
        need(await files.whole(tx, secrets, file_id) is not None, "A file was half.")
    need(not await audit.verify(tx, secrets), "The audit trail was broken.")
