"""Opens what a power cut has left, as the bot does when it starts, and says what it comes to."""

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.conversation.case import from_json
from bot.conversation.retention import Term, term
from bot.groundwork import rules
from prove.page import Broken, need
from prove.stage import Scene
from storage import audit, destroyed, files, outbox, posts, tips
from storage.database import Database, StorageUnavailable
from storage.keyring import KeyringError
from storage.purposes import Secrets, WrongKeyring
from storage.sql import Transaction
from storage.vault import BrokenSeal, Vault

ROWS = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """A database: a digest of its rows, its ids that no backup may bring back once they are gone, and those listed."""

    rows: bytes
    ids: frozenset[bytes]
    listed: frozenset[bytes]


class Revival:
    """A folder of its own beside the scene's bot, with the same settings."""

    def __init__(self, scene: Scene, name: str, receipts: Collection[str]) -> None:
        self._folder, self._name = scene.folder / "revived", name
        self._keyring = self._folder / scene.settings().keyring.name
        self._today, self._rules = scene.clock.now.date(), rules(scene.settings())
        self._receipts = receipts
        self._known: dict[tuple[bytes, bytes], frozenset[str]] = {}

    async def finds(self, disk: Mapping[str, bytes], held: Collection[str] = ()) -> Found:
        """What these files come to, the keyring among them; each receipt that is `held` must lead to a whole tip."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        for name, data in disk.items():
            (self._folder / name).write_bytes(data)
        self._keyring.chmod(0o600)
        try:
            database = await Database.open(f"sqlite:///{self._folder / self._name}")
        except StorageUnavailable as error:
            raise Broken(f"A database did not open: {error}") from None
        try:
            found = await _found(database)
            opened = found.rows, disk[self._keyring.name]
            if opened not in self._known:
                self._known[opened] = await self._opens(database)
        except (KeyringError, WrongKeyring, BrokenSeal):
            raise Broken("A database did not open with the keyring that lay there.") from None
        finally:
            await database.close()
        need(self._known[opened].issuperset(held), "A receipt that somebody held led to no tip.")
        return found

    async def _opens(self, database: Database) -> frozenset[str]:
        """Receipts that lead to a tip, in a database whose every tip is whole."""
        secrets = await Secrets.load(database, Vault.following(self._keyring), self._today, self._rules.draft_hours)
        async with database.reading() as tx:
            await self._is_whole(tx, secrets)
            return frozenset([one for one in self._receipts if await tips.find_by_receipt(tx, secrets, one)])

    async def _is_whole(self, tx: Transaction, secrets: Secrets) -> None:
        """Everything opens but what is over its term, and each tip is in the channel or owed to it."""
        owed = [await outbox.read(tx, secrets, owed_id) for owed_id, kind in await outbox.ids(tx) if kind == "tip"]
        going = {json.loads(one.body)["tip"] for one in owed if one}
        for tip in await tips.after(tx, secrets, b"", ROWS):
            need(tip.summary, "A tip was half.")
            # Its keys go first, so that the purge can be cut off anywhere.
            over = tip.summary and term(from_json(tip.summary), self._rules, self._today) is Term.OVER
            need(over or await tips.read_content(tx, secrets, tip.id), "A tip was half.")
            posted = any(post.kind == "card" for post in await posts.of(tx, tip.id))
            need(posted or tip.id.hex() in going, "A tip was neither posted nor owed.")
        for (file_id,) in await tx.execute_fetchall("SELECT id FROM files"):
            need(await files.whole(tx, secrets, file_id) is not None, "A file was half.")
        need(not await audit.verify(tx, secrets), "The audit trail was broken.")


async def _found(database: Database) -> Found:
    async with database.reading() as tx:
        need([*await tx.execute_fetchall("PRAGMA integrity_check")] == [("ok",)], "A database was damaged.")
        return Found(await digest(tx), await _ids(tx), frozenset(destroyed.read(destroyed.beside(database.path))))


async def digest(tx: Transaction, passing: Collection[str] = ()) -> bytes:
    """Every row of every table that is not passed over."""
    found = await tx.execute_fetchall("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    tables = [(name,) for (name,) in found if name not in passing]
    rows = [await tx.execute_fetchall(f"SELECT * FROM {table}") for (table,) in tables]  # noqa: S608 - ours
    return hashlib.sha256(repr([tables, rows]).encode()).digest()


async def _ids(tx: Transaction) -> frozenset[bytes]:
    ids = " UNION ".join(f"SELECT id FROM {table}" for table in destroyed.TABLES)  # noqa: S608 - ours
    return frozenset(row[0] for row in await tx.execute_fetchall(ids))
