"""A tip's talk on its way: questions and words to the reporter, answers to the moderators.

Each side reads in the order in which things were said. Rule: what was said is told until the platform has it, and a
crash between its acceptance and our note repeats one entry.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.conversation.case import OVER, Case
from bot.conversation.places import main
from bot.conversation.post import Post, exhibit
from bot.conversation.screens import Screen, say
from bot.conversation.speech import Accepted, Later, Moved, Outcome, Shut, Unfit
from bot.services import cases, debts, followup, release, talk
from bot.services.context import Context
from bot.services.jobs import Retry
from bot.services.ports import Channel, Speaker
from bot.services.posting import Posting
from bot.services.talk import Entry
from storage import openings, posts, tips
from storage.outbox import Owed
from storage.sql import Transaction

PARTS = 1000
"""A post of the talk is numbered by its entry and its part, so that it is found again after a crash."""
SHUT_SECONDS = 300.0
TOLD = ("ask", "word")
"""The kinds of entries that are for the reporter."""


class Relay:
    """Works off the debts of kinds `tell`, `cut` and `follow`, of which `follow` wants a single worker.

    `spoke` hears what was sent to a private chat, so that it can be deleted; `owe` is called with new debts.
    """

    def __init__(
        self,
        context: Context,
        speaker: Speaker,
        channel: Channel,
        spoke: Callable[[int, Iterable[int]], None],
        owe: Callable[[Sequence[debts.Noted]], None],
    ) -> None:
        self._context = context
        self._speaker = speaker
        self._channel = channel
        self._posting = Posting(context, channel, owe)
        self._spoke = spoke
        self._owe = owe
        self._telling: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def tell(self, owed: Owed) -> Retry | None:
        """Tell the reporter what is due, in its order; a chat that is shut ends it, the talk waits for the receipt.

        Chats are told side by side, of one tip only one worker tells: each tells all that is due.
        """
        tip_id = bytes.fromhex(json.loads(owed.body)["tip"])
        async with self._telling.setdefault(tip_id, asyncio.Lock()):
            return await self._tell(tip_id)

    async def _tell(self, tip_id: bytes) -> Retry | None:
        for n in await self._due(tip_id, TOLD):
            async with self._context.database.reading() as tx:
                chat = await tips.address(tx, self._context.secrets, tip_id)
                case = await cases.find(tx, self._context, tip_id)
                said = await talk.of(tx, self._context, tip_id)
            if chat is None or case is None:
                return None
            outcome = await self._say(chat, said[n], case.language)
            if isinstance(outcome, Later):
                return Retry(outcome.seconds)
            await self._told(tip_id, n, said[n], chat, outcome)
        return None

    async def _due(self, tip_id: bytes, kinds: tuple[str, ...]) -> list[int]:
        async with self._context.database.reading() as tx:
            return _due(await talk.of(tx, self._context, tip_id), kinds)

    async def _say(self, chat: int, entry: Entry, language: str) -> Outcome:
        """Tell an entry; one that was told before is worded anew where it stands, unless it stands there no more."""
        if entry.told:
            outcome = await self._speaker.amend(chat, entry.told, _told(entry), language)
            if not isinstance(outcome, Unfit):
                return outcome
        return await self._speaker.say(chat, _told(entry), language)

    async def _told(self, tip_id: bytes, n: int, entry: Entry, chat: int, outcome: Outcome) -> None:
        """Note what became of telling an entry; the last word takes the address with it, once nothing follows it."""
        context, sent = self._context, outcome.messages if isinstance(outcome, Accepted) else ()
        async with context.database.transaction() as tx:
            await talk.settled(tx, context, tip_id, n, replace(entry, told=sent or entry.told))
            case = await cases.find(tx, context, tip_id)
            for message in sent if case and not entry.closing else ():
                opening = followup.reply_opening(context, tip_id, n)
                await openings.note_message(tx, context.secrets, chat, message, opening)
            last = entry.closing and not _due(await talk.of(tx, context, tip_id), TOLD)
            noted = await (self._cut(tx, tip_id, case) if last else self._shown(tx, tip_id, case, outcome))
        self._owe(noted)
        if not sent:
            context.counters["tell_refused"] += 1
        elif sent != entry.told:
            self._spoke(chat, sent)

    async def _shown(self, tx: Transaction, tip_id: bytes, case: Case | None, outcome: Outcome) -> list[debts.Noted]:
        """The card says whether the chat takes anything; its address stays, for it may do so again."""
        shut = isinstance(outcome, Shut)
        if case is None or case.shut == shut:
            return []
        owed = await cases.keep(tx, self._context, tip_id, replace(case, shut=shut))
        return await debts.note(tx, self._context, owed)

    async def cut(self, owed: Owed) -> Retry | None:
        """A day after closing the address goes, told or not, unless the tip was opened again."""
        body = json.loads(owed.body)
        if wait := debts.wait(self._context, body["hour"] * 3600, debts.OWED_HOURS * 3600):
            return Retry(wait)
        tip_id = bytes.fromhex(body["tip"])
        async with self._context.database.transaction() as tx:
            noted = await self._cut(tx, tip_id, await cases.find(tx, self._context, tip_id))
        self._owe(noted)
        return None

    async def _cut(self, tx: Transaction, tip_id: bytes, case: Case | None) -> list[debts.Noted]:
        """The address of a tip that is over goes; what is owed of it."""
        if case is None or case.standing not in OVER:
            return []
        await followup.cut(tx, self._context, tip_id)
        return await debts.note(tx, self._context, await release.show_reach(tx, self._context, tip_id))

    async def follow(self, owed: Owed) -> Retry | None:
        """Post what the reporter wrote, in its order, in reply to the tip's card."""
        tip_id = bytes.fromhex(json.loads(owed.body)["tip"])
        for n in await self._due(tip_id, ("answer",)):
            async with self._context.database.reading() as tx:
                said, shown = await talk.of(tx, self._context, tip_id), await posts.of(tx, tip_id)
                post = await self._composed(tx, tip_id, said, n)
            if post is None:
                return None
            if wait := debts.wait(self._context, said[n].release * 60, self._context.release_minutes * 60):
                return Retry(wait)
            again = await self._post(tip_id, n, post, shown)
            if again:
                return again
            async with self._context.database.transaction() as tx:
                noted = await debts.note(
                    tx, self._context, await followup.posted(tx, self._context, tip_id, n, said[n])
                )
            self._owe(noted)
        return None

    async def _composed(self, tx: Transaction, tip_id: bytes, said: Sequence[Entry], n: int) -> Post | None:
        """An answer as the moderators get it; only that there is one where the channel is not to hold content."""
        case = await cases.find(tx, self._context, tip_id)
        if case is None or n >= len(said):
            return None
        if not self._context.rules.forwards_content:
            return Post(case.number, (say("follow.new", number=case.number),), "", ())
        first = 1 + case.exhibits + sum(len(entry.items) for entry in said[:n])
        return Post(
            case.number,
            (say("follow.title", number=case.number), *talk.words(said[n])),
            "",
            tuple(exhibit(item, number) for number, item in enumerate(said[n].items, first)),
        )

    async def _post(self, tip_id: bytes, n: int, post: Post, shown: Sequence[posts.Post]) -> Retry | None:
        """Send what is missing of an answer, once the tip has a card, and as a reply to that in the same chat."""
        cards = [one for one in shown if one.kind == "card"]
        if not cards:
            return Retry()
        card = next((one.message for one in cards if one.chat == self._context.route.chat), None)
        parts = [replace(piece, part=n * PARTS + piece.part) for piece in self._channel.pieces(post)]
        outcome = await self._posting.send(tip_id, parts, "follow", card)
        return None if isinstance(outcome, Accepted) else await self._refused(outcome)

    async def _refused(self, outcome: Outcome) -> Retry:
        if isinstance(outcome, Moved):
            await self._context.route.follow(outcome.chat)
            return Retry(0, all=True)
        return Retry(outcome.seconds if isinstance(outcome, Later) else SHUT_SECONDS, all=True)


def _due(said: Sequence[Entry], kinds: tuple[str, ...]) -> list[int]:
    return [n for n, entry in enumerate(said) if entry.due and entry.kind in kinds]


def _told(entry: Entry) -> Screen:
    """A question or a word with the button that opens the answer."""
    lines = (say("tell.asked", others=entry.line), say("tell.how")) if entry.kind == "ask" else (entry.line,)
    return Screen("open", 0, lines, () if entry.closing else (main(entry.code, "tell.reply"),))
