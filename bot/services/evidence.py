"""Evidence: fetched, cleaned, sealed. A durable job for each file; the conversation hears how it ended.

A chat whose file ran to a limit of the cleaner may do it again: all such chats together take one turn at a time, so
that the rest of the cleaner is left to others. They are known in memory only, until a file of theirs is cleaned.
"""

import asyncio
import json
from contextlib import nullcontext

from bot.conversation.events import Arrival, Cleaned, Event, Spoiled
from bot.conversation.speech import Later, Outcome, Unfit
from bot.evidence import Cleaned as Clean
from bot.evidence import Cleaner, Refused
from bot.services import drafts
from bot.services.context import Context
from bot.services.intake import Intake
from bot.services.jobs import Retry
from bot.services.ports import Attendant, Source
from storage import files
from storage.outbox import Owed

GONE = "gone"
TOO_BIG = "too_big"
HELD_UP = frozenset({"timeout", "crashed"})
NEXT_TURN = 1.0
"""Seconds after which a file of a chat that held others up asks again for its turn."""


class EvidenceRoom:
    """Works off the debts of kind `fetch`."""

    def __init__(
        self, context: Context, intake: Intake, source: Source, attendant: Attendant, cleaner: Cleaner
    ) -> None:
        self._context = context
        self._intake = intake
        self._source = source
        self._attendant = attendant
        self._cleaner = cleaner
        self._slow: set[int] = set()
        self._slow_turn = asyncio.Lock()

    async def fetch(self, owed: Owed) -> Retry | None:
        """Done when the conversation knows; a file of a draft that is gone is not even fetched."""
        body = json.loads(owed.body)
        chat, item = body["chat"], body["item"]
        if not await self._owner(chat):
            return None
        if chat in self._slow and self._slow_turn.locked():
            return Retry(NEXT_TURN)
        async with self._slow_turn if chat in self._slow else nullcontext():
            return await self._worked(chat, item, body["file"])

    async def _worked(self, chat: int, item: str, file: str) -> Retry | None:
        await self._attendant.busy(chat)
        data = await self._source.fetch(file)
        if isinstance(data, Later):
            return Retry(data.seconds)
        await self._tell(chat, await self._outcome(chat, item, data))
        return None

    async def _outcome(self, chat: int, item: str, data: bytes | Outcome) -> Event:
        if not isinstance(data, bytes):
            return Spoiled(item, TOO_BIG if data == Unfit(TOO_BIG) else GONE)
        try:
            clean = await self._cleaner.clean(data)
        except Refused as refused:
            self._slow |= {chat} if refused.reason in HELD_UP else set()
            return Spoiled(item, refused.reason)
        self._slow.discard(chat)
        return await self._kept(chat, item, clean)

    async def _owner(self, chat: int) -> bytes | None:
        async with self._context.database.transaction() as tx:
            held = await drafts.load(tx, self._context, [chat])
        return held[chat].row.id if chat in held else None

    async def _kept(self, chat: int, item: str, clean: Clean) -> Event:
        owner = await self._owner(chat)
        if owner is None:
            return Spoiled(item, GONE)
        async with self._context.database.transaction() as tx:
            stored = await files.add(tx, self._context.secrets, owner, clean.data)
        sums = (clean.original_sha256, clean.clean_sha256)
        return Cleaned(item, stored.hex(), clean.kind, clean.extension, len(clean.data), clean.removed, *sums)

    async def _tell(self, chat: int, event: Event) -> None:
        self._attendant.say(chat, await self._intake.handle(Arrival(None, chat, None, event)))
