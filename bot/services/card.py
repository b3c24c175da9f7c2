"""A tip's card in the moderators' chat: drawn anew where it stands when its case has changed.

It is posted again only where somebody has deleted it, or where its group has become another chat.
"""

import json

from bot.conversation.card import card
from bot.conversation.speech import Later, Moved, Shut, Unfit
from bot.services import cases, debts, phrases
from bot.services.context import Context
from bot.services.debts import Kind, Owe, debt
from bot.services.jobs import Retry
from bot.services.ports import Channel
from storage import posts
from storage.outbox import Owed

KIND = "card"
"""How the card is noted among a tip's posts."""


class Card:
    """Works off debts of kind `card`, which want a single worker: the last redraw is then of the last state.

    `owe` is called with the debts that come of it.
    """

    def __init__(self, context: Context, channel: Channel, owe: Owe) -> None:
        self._context = context
        self._channel = channel
        self._owe = owe

    async def redraw(self, owed: Owed) -> Retry | None:
        """Draw what the case is now. Nothing where there is no card yet, or it is in a chat that was given up."""
        context, body = self._context, json.loads(owed.body)
        tip_id = bytes.fromhex(body["tip"])
        async with context.database.reading() as tx:
            case, shown = await cases.find(tx, context, tip_id), await posts.of(tx, tip_id)
            labels = await phrases.labels(tx, context)
        where = next((post for post in shown if post.kind == KIND), None)
        if case is None or where is None:
            return None
        screen = card(case, context.world(), labels, body["menu"])
        outcome = await self._channel.redraw(where.chat, where.message, screen)
        match outcome:
            case Moved():
                await context.route.follow(outcome.chat)
                await self._lost(tip_id, where)
            case Later():
                return Retry(outcome.seconds)
            case Shut() if where.chat == context.route.chat:
                return Retry()
            case Unfit("gone") if body.get("anew", True):
                await self._lost(tip_id, where)
        return None

    async def _lost(self, tip_id: bytes, where: posts.Post) -> None:
        """What is missing of the tip's posts is sent again: its card."""
        async with self._context.database.transaction() as tx:
            await posts.forget(tx, [where])
            noted = await debts.note(tx, self._context, [debt(Kind.TIP, tip=tip_id.hex(), release=0)])
        self._owe(noted)
