"""What a receipt opens for its reporter: where the tip is, and its end. Guesses are throttled, over all chats too."""

from collections import Counter
from dataclasses import dataclass, field

from bot.conversation.case import from_json
from bot.conversation.events import Opened
from bot.conversation.outcomes import held_back, throttled, unknown, withdrawn
from bot.conversation.receipt import receipts_among
from bot.conversation.screens import Screen
from bot.services import followup, forgetting, release
from bot.services.context import Context
from bot.services.debts import Debt
from bot.services.submission import note
from storage import tips
from storage.sql import Transaction

A_GUESS = 20
"""So many numbers among other words weigh as much as one receipt that is asked for: people tell of telephones."""
WRONG_A_CHAT = 10 * A_GUESS
WRONG_IN_ALL = 600 * A_GUESS


@dataclass(slots=True)
class Guesses:
    """Wrong numbers of this hour by chat, in memory only.

    Nobody's guesses lock another out: a chat that has not guessed this hour may always try, and sixteen digits
    are out of reach of a few tries for each account that a guesser can get.
    """

    hour: int = 0
    wrong: Counter[int] = field(default_factory=Counter)

    def left(self, chat: int, hour: int) -> int:
        """How many numbers may still be tried."""
        if hour != self.hour:
            self.hour = hour
            self.wrong.clear()
        erred = self.wrong[chat]
        left = max(0, WRONG_A_CHAT - erred)
        return left if erred < A_GUESS else max(0, min(left, WRONG_IN_ALL - self.wrong.total()))


@dataclass(slots=True)
class Receipts:
    """`look_up` and `withdraw` answer with a screen; what is owed besides comes with it."""

    context: Context
    guesses: Guesses = field(default_factory=Guesses)

    async def _find(self, tx: Transaction, chat: int, receipt: str) -> tips.Tip | Screen:
        if not self.guesses.left(chat, self.context.hour()):
            return throttled()
        found = await tips.find_by_receipt(tx, self.context.secrets, receipt)
        if found is None:
            self.guesses.wrong[chat] += A_GUESS
            return unknown()
        return found

    async def among(self, tx: Transaction, chat: int, words: str) -> str | None:
        """The receipt of some tip that stands among other words, which then are for nobody to read.

        What may not be tried any more is taken for one: a guesser learns nothing, and no receipt gets through.
        """
        numbers = receipts_among(words)
        if not numbers:
            return None
        left = self.guesses.left(chat, self.context.hour())
        found = await tips.receipt_among(tx, self.context.secrets, numbers[:left])
        if found is None:
            self.guesses.wrong[chat] += min(left, len(numbers))
        return found or next(iter(numbers[left:]), None)

    async def look_up(self, tx: Transaction, chat: int, receipt: str) -> Opened | Screen:
        """The tip's talk, to be opened in this chat."""
        found = await self._find(tx, chat, receipt)
        if isinstance(found, Screen):
            return found
        return await followup.found_by_receipt(tx, self.context, found.id) or unknown()

    async def withdraw(self, tx: Transaction, chat: int, receipt: str) -> tuple[Screen, list[Debt]]:
        """Destroy the tip, its posts are owed to be taken back; one under a legal hold goes when that ends."""
        found = await self._find(tx, chat, receipt)
        if isinstance(found, Screen):
            return found, []
        counted = await note(tx, self.context, "withdrawn", release.minute(self.context))
        case = from_json(found.summary) if found.summary else None
        if case and case.held:
            owed = await followup.let_go(tx, self.context, found.id, case)
            return held_back(self.context.rules.contact), [*owed, *counted]
        return withdrawn(), [*await forgetting.destroy(tx, self.context, [found.id]), *counted]
