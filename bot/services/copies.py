"""What was said to moderators shows tips: it is noted where that stands, and goes with each of them."""

from collections.abc import Iterable, Sequence

from bot.services import cases, debts
from bot.services.context import Context
from bot.services.debts import Owe
from storage import copies
from storage.posts import Post


class Copies:
    """`owe` is called with the debts that come of a tip that went while it was being shown."""

    def __init__(self, context: Context, owe: Owe) -> None:
        self._context = context
        self._owe = owe

    async def shown(self, chat: int, messages: Sequence[int], numbers: Iterable[str]) -> None:
        """These tips, by number, are to be read in these messages. Raises `StorageUnavailable`."""
        context, gone = self._context, False
        async with context.database.transaction() as tx:
            for number in numbers:
                found = await cases.numbered(tx, context, number)
                if found:
                    await copies.note(tx, context.secrets, found.id, chat, messages)
                gone = gone or found is None
            there = [Post(chat, message, copies.COPY, 0) for message in messages] if gone else []
            owed = await debts.note(tx, context, debts.retraction(there, context.hour()))
        self._owe(owed)
