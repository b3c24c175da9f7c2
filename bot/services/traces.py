"""Which messages are in a chat, so that they can be deleted: in memory until its next event, then noted by the hour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.conversation.events import Arrival, Chose
from bot.services import drafts
from bot.services.context import Context
from bot.services.debts import Debt, erase
from storage import traces
from storage.purposes import MESSAGE_HOURS
from storage.sql import Transaction


@dataclass(slots=True)
class Traces:
    """What was said in chats since their last event, and what is noted of them."""

    context: Context
    spoken: dict[int, list[int]] = field(default_factory=dict)

    def spoke(self, chat: int, messages: Iterable[int]) -> None:
        """These messages are in the chat; they are noted with its next event, so that they can be deleted."""
        self.spoken.setdefault(chat, []).extend(messages)

    async def note_spoken(self) -> None:
        """Note messages of chats that were silent since; of chats in which nothing is noted, forget them."""
        spoken, self.spoken, hour = self.spoken, {}, self.context.hour()
        async with self.context.database.transaction() as tx:
            noted = await traces.load(tx, self.context.secrets, spoken)
            for chat, entries in noted.items():
                entries += [traces.Trace(message, hour) for message in spoken[chat]]
            await traces.save(tx, self.context.secrets, noted, hour, drafts.day_in(self.context, MESSAGE_HOURS))

    async def note(self, tx: Transaction, arrivals: Sequence[Arrival]) -> None:
        """Note the message of each arrival, and what was said in its chat."""
        context, hour = self.context, self.context.hour()
        noted = await traces.load(tx, context.secrets, [arrival.chat for arrival in arrivals])
        for arrival in arrivals:
            chat = arrival.chat
            fresh = [*self.spoken.pop(chat, []), *([arrival.message] if arrival.message is not None else [])]
            known = {trace.message for trace in noted.setdefault(chat, [])}
            noted[chat] += [traces.Trace(message, hour) for message in dict.fromkeys(fresh) if message not in known]
        await traces.save(tx, context.secrets, noted, hour, drafts.day_in(context, MESSAGE_HOURS))

    async def clear(self, tx: Transaction, arrival: Arrival) -> list[Debt]:
        """Owed: all messages of the chat that can still be deleted, but the one that the reply is drawn over."""
        chat = arrival.chat
        noted = (await traces.load(tx, self.context.secrets, [chat])).get(chat, [])
        drawn_over = arrival.message if isinstance(arrival.event, Chose) else None
        messages = {*(trace.message for trace in noted), *self.spoken.pop(chat, [])} - {drawn_over}
        await traces.discard(tx, self.context.secrets, [chat])
        return [erase(chat, sorted(messages), self.context.hour())] if messages else []
