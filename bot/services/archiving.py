"""Tips on their way into the sealed archive, from which only a key that is not here takes them out.

A tip goes as soon as nothing that is owed needs what goes: its content after delivery or when it is closed, as is set;
its talk once it is closed and nobody is told any more. Rule: each tip is a transaction of its own, so that whatever
breaks off leaves it archived or not, and the next round goes on.
"""

from collections.abc import AsyncIterator

from bot.conversation.case import OVER, Case, Standing, from_json
from bot.services import talk
from bot.services.context import Context
from storage import archive, tips
from storage.archive_key import PublicKey
from storage.sql import Transaction
from storage.vault import BrokenSeal

BATCH = 100


class Archiving:
    """`at_delivery`: content goes when the moderators' chat has it, otherwise when the tip is closed."""

    def __init__(self, context: Context, key: PublicKey, *, at_delivery: bool) -> None:
        self._context = context
        self._key = key
        self._at_delivery = at_delivery

    async def round(self) -> None:
        """Archive whatever is due."""
        async for tip_id in self._candidates():
            try:
                async with self._context.database.transaction() as tx:
                    self._context.counters["archived"] += await self._archive(tx, tip_id)
            except BrokenSeal:
                self._context.counters["archive_broken"] += 1

    async def _candidates(self) -> AsyncIterator[bytes]:
        """Tips whose standing lets something go; a few are read at a time."""
        after = b""
        while True:
            async with self._context.database.reading() as tx:
                found = await archive.unarchived(tx, self._context.secrets, after, BATCH)
            for tip in found:
                if tip.summary is not None and self._lets_go(from_json(tip.summary)):
                    yield tip.id
            if not found:
                return
            after = found[-1].id

    def _lets_go(self, case: Case) -> bool:
        return case.standing in OVER or (self._at_delivery and case.standing is not Standing.RECEIVED)

    async def _archive(self, tx: Transaction, tip_id: bytes) -> bool:
        """Archive a tip as far as nothing that is owed stands in the way; whether anything went."""
        found = await tips.find(tx, self._context.secrets, tip_id)
        case = from_json(found.summary) if found and found.summary else None
        if case is None or not self._lets_go(case):
            return False
        # An answer that the moderators have still to get needs its files, and the post's own content is long there.
        if any(entry.due and entry.kind == "answer" for entry in await talk.of(tx, self._context, tip_id)):
            return False
        told = await tips.address(tx, self._context.secrets, tip_id) is not None
        whole = case.standing in OVER and not told
        if not whole and (not self._at_delivery or await archive.is_archived(tx, tip_id)):
            return False
        await archive.seal(tx, self._context.secrets, self._key, tip_id, thread=whole)
        return True
