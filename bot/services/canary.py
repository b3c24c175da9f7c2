"""The canary: each hour a made-up tip goes the way of every tip, so that a break shows before a reporter meets it.

Rule: it is walked, sealed, read, posted and taken back, and nothing of it stays. Its tip is undone in its own
transaction, so that no list, count or trail ever holds it; the debt that posts it becomes, in one commit with what
is known of the post, the debt to take it back.
"""

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.conversation import canary
from bot.conversation.case import from_json, to_json
from bot.conversation.draft import Draft
from bot.conversation.post import Place, Post, compose
from bot.conversation.screens import Screen, say
from bot.conversation.speech import Accepted, Later, Moved, Outcome
from bot.conversation.tip import content, opened, reopened
from bot.services import debts
from bot.services.awake import POLLED_WITHIN
from bot.services.context import Context
from bot.services.debts import Debt, Kind, Owe
from bot.services.jobs import Retry
from bot.services.ports import Channel, Speaker
from bot.services.submission import NOTICE_VERSION
from storage import facts, outbox, posts, tips
from storage.database import StorageUnavailable
from storage.outbox import Owed
from storage.sql import Transaction
from storage.vault import BrokenSeal

FACT: Final = "canary"
"""The fact that tells the hour of the last one and, behind a blank, the verdict."""

log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What is known: nothing yet; all is well; or what fails: intake and storage (`kept`), the way to the moderators'
    chat and back (`posted`), the news from the platform (`heard`).
    """

    NEW = "new"
    WELL = "well"
    KEPT = "kept"
    POSTED = "posted"
    HEARD = "heard"


_FINE: Final = (Verdict.NEW, Verdict.WELL)


class _Lost(Exception):
    """The made-up reporter did not come to the end, or the storage does not give back what was kept."""


class _Undone(Exception):
    """Takes back what was only tried."""


class Canary:
    """`hourly` lets one out, `post` works off the debt of kind `canary`; `silence` is as for `Awake`."""

    def __init__(
        self, context: Context, channel: Channel, speaker: Speaker, owe: Owe, silence: Callable[[], float | None]
    ) -> None:
        self._context, self._channel, self._speaker, self._owe = context, channel, speaker, owe
        self._silence = silence
        self._out: datetime | None = None
        self._back = False
        self._unkept = False

    async def hourly(self) -> None:
        """Judge the last one and let the next one out, unless this hour's is out already."""
        try:
            owed = await self._let_out(self._context.hour())
        except (StorageUnavailable, BrokenSeal, _Lost):
            # The outbox may be what fails: this word does not go through it.
            self._unkept = self._unkept or await self._said(_alarm(Verdict.KEPT))
            return
        self._unkept = False
        self._owe(owed)

    async def post(self, owed: Owed) -> Retry | None:
        """Post it without a sound and take it back. One that is late, or may be there unseen, is not posted again."""
        body, chat = json.loads(owed.body), self._context.route.chat
        if self._context.hour() > body["hour"] + 1:
            return None
        [piece] = self._channel.pieces(self._composed(body))
        outcome = await self._channel.send(Place(chat), piece, {})
        match outcome:
            case Accepted():
                await self._take_back(owed, [posts.Post(chat, one, piece.kind, 0) for one in outcome.messages])
            case Moved():
                await self._context.route.follow(outcome.chat)
                return Retry(0)
            case Later(unsure=False):
                return Retry(outcome.seconds)
        return None

    async def _let_out(self, hour: int) -> Sequence[debts.Noted]:
        """What is owed then, also to admins where what is known of the last one is news."""
        context = self._context
        async with context.database.reading() as tx:
            last, _, noted = (await facts.read(tx, context.secrets, FACT) or b" new").decode().partition(" ")
        if last == str(hour):
            return []
        before = Verdict.KEPT if self._unkept else Verdict(noted)
        verdict = self._judged(before)
        tip = await self._tip(hour)
        async with context.database.transaction() as tx:
            self._out, self._back = self._out or context.now(), False
            await facts.keep(tx, context.secrets, FACT, f"{hour} {verdict}".encode())
            news = debts.to_admins(context, _alarm(verdict)) if (verdict in _FINE) != (before in _FINE) else []
            return await debts.note(tx, context, [tip, *news])

    def _judged(self, before: Verdict) -> Verdict:
        """The verdict on the last one; soon after the start nothing else is known than before."""
        silence = self._silence()
        overdue = self._out is not None and self._context.now() - self._out >= POLLED_WITHIN
        if not overdue and not self._back:
            return before
        if silence is None or silence > POLLED_WITHIN.total_seconds():
            return Verdict.HEARD
        return Verdict.POSTED if overdue else Verdict.WELL

    async def _tip(self, hour: int) -> Debt:
        """The debt to post a made-up tip, as the storage gave it back."""
        draft = canary.sent(self._context.world())
        kept: list[bytes | None] = []
        with suppress(_Undone):
            async with self._context.database.transaction() as tx:
                kept += await self._kept(tx, draft) if draft else []
                raise _Undone
        match kept:
            case [bytes() as summary, bytes() as words]:
                return debts.debt(Kind.CANARY, case=summary.decode(), content=words.decode(), hour=hour)
            case _:
                raise _Lost

    async def _kept(self, tx: Transaction, draft: Draft) -> list[bytes | None]:
        """Summary and content of the tip that a draft becomes, once they were sealed and opened."""
        context, secrets = self._context, self._context.secrets
        number = await tips.new_number(tx, secrets, context.chance)
        case = opened(draft, number, context.world(), route=context.route.chat, notice_version=NOTICE_VERSION)
        tip = tips.NewTip(
            number=number,
            receipt=tips.new_receipt(context.chance),
            day=context.today(),
            summary=to_json(case),
            content=content(draft),
            address=None,
        )
        tip_id = await tips.submit(tx, secrets, tip)
        found = await tips.find(tx, secrets, tip_id)
        return [found.summary if found else None, await tips.read_content(tx, secrets, tip_id)]

    def _composed(self, body: dict[str, str]) -> Post:
        """Its content as the channel gets that of any tip, behind a line that says what it is, and without a card."""
        post = compose(reopened(body["content"].encode()), from_json(body["case"].encode()), self._context.world())
        return replace(post, body=(say("post.canary"), *post.body), card=None)

    async def _take_back(self, owed: Owed, sent: Sequence[posts.Post]) -> None:
        try:
            async with self._context.database.transaction() as tx:
                await outbox.done(tx, [owed.id])
                noted = await debts.note(tx, self._context, debts.retraction(sent, self._context.hour()))
        finally:
            # Also where it could not be noted: it is not left in the chat for that.
            outcome = await self._channel.retract(self._context.route.chat, [one.message for one in sent], [])
        await self._taken_back(noted, outcome)

    async def _taken_back(self, noted: Sequence[debts.Noted], outcome: Outcome) -> None:
        if not isinstance(outcome, Accepted):
            self._owe(noted)
            return
        async with self._context.database.transaction() as tx:
            await outbox.done(tx, [owed_id for owed_id, _ in noted])
        self._out, self._back = None, True

    async def _said(self, screen: Screen) -> bool:
        """Whether an admin was told."""
        context = self._context
        outcomes = [await self._speaker.say(admin, screen, context.moderator_language) for admin in context.admins]
        return any(isinstance(outcome, Accepted) for outcome in outcomes)


def _alarm(verdict: Verdict) -> Screen:
    log.warning("canary", extra={"state": verdict})
    return Screen("", 0, (say(f"alarm.canary.{verdict}"),))
