"""A bot's folder with a tip in it, and the commands called on it as an operator calls them."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import cli
from storage import drafts, files, keyring, outbox, tips
from storage.database import Database
from storage.purposes import Secrets
from storage.tips import NewTip
from storage.vault import Vault

RECEIPT, NUMBER = "9876543210987654", "K7QX-2M"
STORY = b"canary-that-nobody-may-see"
CHAT = 731980055
WORDS = "four words are enough"
EVIDENCE = b"picture" * 100_000


@dataclass
class Machine:
    """A folder with keyring, database and settings of its own."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "bisik.db"

    @property
    def ring(self) -> Path:
        return self.folder / "keyring.json"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "BISIK_TELEGRAM_TOKEN": "4071:CanaryTokenAbcdef",
            "BISIK_MODERATOR_CHAT_ID": "-1001234567890",
            "BISIK_ADMIN_IDS": "77",
            "BISIK_OPERATOR_NAME": "Lembaga",
            "BISIK_OPERATOR_CONTACT": "halo@lembaga.example",
            "BISIK_ELECTION": "Pilkada",
            "BISIK_DATABASE_URL": f"sqlite:///{self.database}",
            "BISIK_KEYRING": str(self.ring),
        }

    def calls(self, *arguments: object, archive: Path | None = None) -> Result:
        """A command with the passphrase in a file, or sealing to the archive's public key."""
        words = self.folder / "words"
        words.write_text(WORDS)
        given = [str(argument) for argument in arguments]
        extra = ["--passphrase-file", str(words)] if given[0] in {"backup", "restore"} and not archive else []
        environment = {name: "" for name in os.environ if name.startswith("BISIK_")} | self.environment
        environment["BISIK_ARCHIVE_PUBLIC_KEY"] = str(archive or "")
        return CliRunner().invoke(cli, [*given, *extra], env=environment, catch_exceptions=False)

    async def opened(self) -> tuple[Database, Secrets]:
        database = await Database.open(f"sqlite:///{self.database}")
        return database, await Secrets.load(database, Vault(keyring.load(self.ring)), datetime.now(UTC).date(), 72)

    async def begins(self) -> tuple[bytes, bytes, bytes]:
        """Keep a draft, a tip with a file, and a debt; ids of tip and file."""
        keyring.create(self.ring, date(2025, 11, 24))
        database, secrets = await self.opened()
        tip = NewTip(number=NUMBER, receipt=RECEIPT, day=date(2025, 11, 24), summary=STORY, content=STORY, address=CHAT)
        async with database.transaction() as tx:
            draft = drafts.new(secrets, STORY)
            await drafts.save(tx, secrets, {CHAT: draft}, date(2999, 1, 1))
            tip_id = await tips.submit(tx, secrets, tip)
            file_id = await files.add(tx, secrets, tip_id, EVIDENCE)
            await outbox.add(tx, secrets, [("tip", STORY)])
        await database.close()
        return tip_id, file_id, draft.id

    async def found(self) -> tuple[bytes | None, list[bytes], int]:
        """What the receipt opens, the files, and how many debts are let out."""
        database, secrets = await self.opened()
        async with database.reading() as tx:
            tip = await tips.find_by_receipt(tx, secrets, RECEIPT)
            content = await tips.read_content(tx, secrets, tip.id) if tip else None
            ids = [row[0] for row in await tx.execute_fetchall("SELECT id FROM files")]
            held = [await files.whole(tx, secrets, one) or b"" for one in ids]
            owed = len(await outbox.ids(tx))
        await database.close()
        return content, held, owed
