"""Tips into the moderators' chat.

A chat that takes nothing holds the whole lane up: tips wait, admins are told once, nothing is dropped.
"""

import json
from dataclasses import replace

from bot.conversation.case import BOT, from_json
from bot.conversation.casework import decide
from bot.conversation.likeness import features
from bot.conversation.post import Post, compose
from bot.conversation.screens import Screen, say
from bot.conversation.speech import Accepted, Later, Moved, Outcome, Shut, Unfit
from bot.conversation.tip import reopened
from bot.services import cases, debts, lookalikes
from bot.services.context import Context
from bot.services.debts import Kind, Owe, debt
from bot.services.jobs import Retry
from bot.services.ports import Channel
from bot.services.posting import Posting
from storage import tips
from storage.outbox import Owed
from storage.sql import Transaction

SHUT_SECONDS = 300.0
BACKLOG = 20


class Delivery:
    """Works off the debts of kinds `tip` and `retract`; `owe` is called with the new debts that come of it."""

    def __init__(self, context: Context, channel: Channel, owe: Owe) -> None:
        self._context = context
        self._channel = channel
        self._posting = Posting(context, channel, owe)
        self._owe = owe
        self._shut = False
        self._announced = False

    async def post(self, owed: Owed, backlog: int) -> Retry | None:
        """Send what is missing of a tip. Done when its card is in the chat, or the tip is gone."""
        body = json.loads(owed.body)
        if wait := debts.wait(self._context, body["release"] * 60, self._context.release_minutes * 60):
            return Retry(wait)
        await self._announce(backlog)
        tip_id = bytes.fromhex(body["tip"])
        async with self._context.database.reading() as tx:
            post = await self._composed(tx, tip_id)
        outcome = await self._posting.send(tip_id, self._channel.pieces(post)) if post else None
        if outcome and not isinstance(outcome, Accepted):
            return await self._refused(outcome)
        if outcome and self._shut:
            await self._tell_admins("alarm.open", shut=False)
        await self._delivered(tip_id)
        return None

    async def standing(self, *, open: bool) -> None:  # noqa: A002 - the word for it
        """What the bot may do in the moderators' chat has changed: admins hear of it before the next tip does."""
        if open == self._shut:
            await self._tell_admins("alarm.open" if open else "alarm.shut", shut=not open)

    async def retract(self, owed: Owed) -> Retry | None:
        """Take posts back; a chat that is shut and no longer the moderators' alarms nobody and holds nothing up."""
        body = json.loads(owed.body)
        outcome = await self._channel.retract(body["chat"], body["messages"], body["topics"])
        if isinstance(outcome, Shut) and body["chat"] != self._context.route.chat:
            return Retry(until=body["until"])
        return replace(await self._refused(outcome), until=body["until"]) if isinstance(outcome, Later | Shut) else None

    async def _composed(self, tx: Transaction, tip_id: bytes) -> Post | None:
        """The tip as it is posted, or None where it is gone or its seal is broken."""
        found = await tips.find(tx, self._context.secrets, tip_id)
        content = await tips.read_content(tx, self._context.secrets, tip_id)
        if found is None or found.summary is None or content is None:
            return None
        return compose(reopened(content), from_json(found.summary), self._context.world())

    async def _delivered(self, tip_id: bytes) -> None:
        """The card is there, as it was before it was delivered: its redraw is owed in any case.

        One that was posted anew is not, should it be gone again by then: whatever deletes it would never end.
        """
        context = self._context
        async with context.database.transaction() as tx:
            found = await cases.load(tx, context, tip_id)
            if found is None:
                return
            decision = decide(found.case, "deliver", BOT)
            if decision.case:
                delivered = found._replace(case=decision.case)
                case, owed = await lookalikes.found(tx, context, delivered, await self._features(tx, tip_id))
                owed += await cases.record(tx, context, found, replace(decision, case=case), BOT)
            else:
                owed = [debt(Kind.CARD, tip=tip_id.hex(), menu="", anew=False)]
            noted = await debts.note(tx, context, owed)
        self._owe(noted)

    async def _features(self, tx: Transaction, tip_id: bytes) -> dict[bytes, int]:
        content = await tips.read_content(tx, self._context.secrets, tip_id)
        return features(reopened(content)) if content else {}

    async def _refused(self, outcome: Outcome) -> Retry:
        """When to try again; a chat that is shut holds the lane up, and admins hear of it once.

        A tip of which not even a word can be sent waits alone.
        """
        match outcome:
            case Moved():
                await self._context.route.follow(outcome.chat)
                return Retry(0, all=True)
            case Later():
                return Retry(outcome.seconds, all=True)
            case Unfit():
                return Retry()
            case _:
                if not self._shut:
                    await self._tell_admins("alarm.shut", shut=True)
                return Retry(SHUT_SECONDS, all=True)

    async def _tell_admins(self, key: str, *, shut: bool) -> None:
        """An alarm without content, owed like an answer, so that it is not lost either."""
        context = self._context
        async with context.database.transaction() as tx:
            owed = await debts.note(tx, context, debts.to_admins(context, Screen("", 0, (say(key),))))
        self._shut = shut
        self._owe(owed)

    async def _announce(self, backlog: int) -> None:
        """A backlog is told in the channel once, besides the tips and never instead of one."""
        if backlog < BACKLOG:
            self._announced = self._announced and backlog > 0
        elif not self._announced:
            outcome = await self._channel.alert(self._context.route.chat, [say("alarm.backlog", count=backlog)])
            self._announced = isinstance(outcome, Accepted)
