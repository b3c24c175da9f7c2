"""Which chat gets the tips: the one that is set, or the one into which its group was made since."""

import json

from storage import facts
from storage.database import Database
from storage.purposes import Secrets

FACT = "moderator_chat"


class Route:
    """`chat` is where to post now. A move is kept, and forgotten when another chat is set."""

    def __init__(self, database: Database, secrets: Secrets, chosen: int) -> None:
        self._database = database
        self._secrets = secrets
        self._chosen = chosen
        self.chat = chosen

    @classmethod
    async def load(cls, database: Database, secrets: Secrets, chosen: int) -> "Route":
        route = cls(database, secrets, chosen)
        async with database.reading() as tx:
            known = json.loads(await facts.read(tx, secrets, FACT) or b"{}")
        if known.get("chosen") == chosen:
            route.chat = known["chat"]
        return route

    async def follow(self, chat: int) -> None:
        """The group has a new number, and keeps it across restarts."""
        moved = json.dumps({"chosen": self._chosen, "chat": chat}).encode()
        async with self._database.transaction() as tx:
            await facts.keep(tx, self._secrets, FACT, moved)
        self.chat = chat
