"""What an event opens: by a code in a link or a button, by a reply, or by a receipt among its words."""

from dataclasses import dataclass

from bot.conversation.case import Actor
from bot.conversation.compose import REPLY, THREAD
from bot.conversation.events import Arrival, Attached, Chose, Command, Commanded, Event, Shut, Spent, Typed
from bot.conversation.menus import NOTICE
from bot.services import followup
from bot.services.context import Context
from bot.services.drafts import Held
from bot.services.receipts import Receipts
from storage.sql import Transaction

TALKS = frozenset({"open", REPLY, THREAD})
"""What the buttons of a talk's own messages answer."""


@dataclass(frozen=True, slots=True)
class Opener:
    """What an event is to the conversation, with what it opens."""

    context: Context
    receipts: Receipts

    async def events(
        self, tx: Transaction, arrival: Arrival, event: Event, held: Held | None, by: Actor | None
    ) -> tuple[Event, ...]:
        """The event, or what it opens: by a code in a link or a button; by a reply, which then says something in it.

        A receipt among other words is taken as the receipt alone, which no question takes for an answer.
        """
        context, chat = self.context, arrival.chat
        if receipt := await self.receipts.among(tx, chat, _words(event)):
            return (Typed(receipt, receipt=True),)
        match event:
            case Commanded(Command.START, code) | Chose(question="open", choice=code) if code:
                opened = await followup.opened(tx, context, chat, code, by)
                if opened is None:
                    shut = Shut(tapped=True) if isinstance(event, Chose) else event
                    return (Spent(context.moderator_language) if by else shut,)
                return (await followup.resumed(tx, context, held, opened),)
            case Typed() | Attached() if arrival.reply_to is not None:
                opened = await followup.answered(tx, context, chat, arrival.reply_to)
                if opened is None:
                    return (Shut(tapped=False) if _misses(arrival, held) else event,)
                return (await followup.resumed(tx, context, held, opened), event)
            case _:
                return (event,)


def _misses(arrival: Arrival, held: Held | None) -> bool:
    """Whether a reply that opens nothing was meant for a talk, and is for nothing that is in hand."""
    if held is None:
        return arrival.reply_at != NOTICE
    return arrival.reply_at in TALKS and not held.draft.about


def _words(event: Event) -> str:
    """What an event would have kept of somebody's words."""
    match event:
        case Typed():
            return event.words
        case Attached():
            return event.caption
        case _:
            return ""
