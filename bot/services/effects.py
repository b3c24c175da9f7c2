"""What a step asks for is done, within its event's transaction; what has to be done after it is owed."""

from dataclasses import dataclass, replace

from bot.conversation.compose import REPLY
from bot.conversation.effects import (
    Answer,
    ClearChat,
    Discard,
    Drop,
    Effect,
    Fetch,
    Keep,
    LookUp,
    Reach,
    Remove,
    Show,
    Submit,
    Withdraw,
    Write,
)
from bot.conversation.events import Opened
from bot.conversation.outcomes import heard
from bot.conversation.screens import Line, Screen, say
from bot.conversation.step import screen
from bot.conversation.waiting import forward, in_hand
from bot.services import debts, followup
from bot.services.context import Context
from bot.services.debts import Debt, Kind, answer, debt, erase
from bot.services.receipts import Receipts
from bot.services.submission import submit
from bot.services.traces import Traces
from bot.services.turn import Turn
from storage import files
from storage.sql import Transaction

_Said = Write | Keep | Drop | Answer | Reach


@dataclass(frozen=True, slots=True)
class Effects:
    """`do` writes what became of them into the turn: what is said, what is owed, what stays in hand."""

    context: Context
    receipts: Receipts
    traces: Traces

    async def do(self, tx: Transaction, turn: Turn) -> None:
        """All that the turn's step asks for, in its order."""
        if turn.step.erase and turn.arrival.message is not None:
            turn.debts.append(erase(turn.arrival.chat, [turn.arrival.message], self.context.hour()))
        for effect in turn.step.effects:
            await self._effect(tx, turn, effect)

    async def _effect(self, tx: Transaction, turn: Turn, effect: Effect) -> None:
        context, chat = self.context, turn.arrival.chat
        match effect:
            case Fetch():
                turn.debts.append(debt(Kind.FETCH, chat=chat, item=effect.item, file=effect.file))
            case Show():
                turn.debts.append(debts.show(chat, effect, context.hour()))
            case Remove():
                await files.discard(tx, [bytes.fromhex(effect.stored)])
            case Discard():
                turn.anew = True
            case Submit() if turn.held:
                turn.debts += await submit(tx, context, chat, turn.held)
            case LookUp():
                await self._opened(tx, turn, await self.receipts.look_up(tx, chat, effect.receipt))
            case Write() | Keep() | Drop() | Answer() | Reach():
                await self._say(tx, turn, effect)
            case Withdraw():
                told, retractions = await self.receipts.withdraw(tx, chat, effect.receipt)
                turn.debts += [*retractions, answer(chat, told, turn.step.language, context.hour())]
                turn.debts += await self.traces.clear(tx, turn.arrival)
            case ClearChat():
                turn.debts += await self.traces.clear(tx, turn.arrival)

    async def _opened(self, tx: Transaction, turn: Turn, found: Opened | Screen) -> None:
        if isinstance(found, Screen):
            turn.screens.append(found)
        else:
            found = await followup.resumed(tx, self.context, turn.held, found)
            turn.take(found, self.context)

    async def _say(self, tx: Transaction, turn: Turn, effect: _Said) -> None:
        """What was confirmed goes to the other side; an answer that cannot go stays in hand."""
        line, owed = await self._written(tx, turn, effect)
        turn.debts += owed
        if isinstance(effect, Answer) and turn.held and not owed:
            writing = next(one for one in in_hand(turn.held.draft) if (one.at, one.about) == (REPLY, effect.handle))
            draft = forward(turn.held.draft, writing)
            again = screen(draft, turn.world(self.context), [line, say("thread.kept")])
            turn.step = replace(turn.step, draft=draft, screens=(again,))
        else:
            turn.first.append(heard(line))

    async def _written(self, tx: Transaction, turn: Turn, effect: _Said) -> tuple[Line, list[Debt]]:
        """What was confirmed goes to the other side: how it went, and what is owed."""
        match effect:
            case Answer() if turn.held:
                return await followup.answer(tx, self.context, turn.held.row.id, effect)
            case Reach():
                return await followup.reach(tx, self.context, turn.arrival.chat, effect)
            case Write() if turn.by:
                return await followup.work(tx, self.context, turn.by, effect)
            case Keep() | Drop() if turn.by:
                return await followup.stock(tx, self.context, turn.by, effect), []
            case _:
                return say("work.refused"), []
