"""Both ways of a tip's talk: what moderators ask, what the reporter answers, and who has still to read what.

The talk itself is the queue: an entry says whether it is due, and debts only name the tip. So each side reads in the
order in which things were said, and a crash between the platform's acceptance and our note repeats one entry.
Rule: whom to tell is read from the tip's address at that moment, and noted nowhere else.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.conversation.casework import OVER, REPORTER, Actor, Case, decide, heard
from bot.conversation.compose import REPLY, THREAD
from bot.conversation.effects import AddLabel, Answer, Ask, Note, Reach
from bot.conversation.events import Opened
from bot.conversation.places import main
from bot.conversation.post import Post, exhibit
from bot.conversation.screens import Line, Screen, say
from bot.conversation.speech import Accepted, Later, Moved, Outcome
from bot.conversation.tip import reopened
from bot.services import cases, debts, drafts, talk
from bot.services.context import Context
from bot.services.debts import OWED_HOURS, Debt, Kind, debt
from bot.services.jobs import Retry
from bot.services.ports import Channel, Speaker
from bot.services.posting import Posting
from bot.services.submission import release
from bot.services.talk import Entry
from storage import files, openings, posts, tips
from storage.openings import Opening
from storage.outbox import Owed
from storage.sql import Transaction

WORK_DAYS = 1
PARTS = 1000
"""A post of the talk is numbered by its entry and its part, so that it is found again after a crash."""
SHUT_SECONDS = 300.0

Work = Ask | Note | AddLabel


# What opens a tip's talk


async def invite(tx: Transaction, context: Context, purpose: str, number: str, user: int) -> str:
    """A code that lets this moderator write once: `purpose` is "ask", "note" or "newlabel"."""
    body = json.dumps({"purpose": purpose, "number": number, "user": user}).encode()
    expires = context.today() + timedelta(days=WORK_DAYS)
    found = await tips.find_by_number(tx, context.secrets, number)
    opening = Opening(body, expires, found.id if found else None)
    return await openings.make(tx, context.secrets, opening, context.chance)


async def opened(tx: Transaction, context: Context, chat: int, code: str) -> Opened | None:
    """What a code opens for who holds it in this private chat, or None; a moderator's opens once."""
    found = await openings.read(tx, context.secrets, code)
    body = json.loads(found.body) if found else {}
    if not found or found.tip is None or body.get("user", chat) != chat:
        return None
    if "user" in body:
        await openings.take(tx, context.secrets, code)
        return Opened(body["purpose"], body["number"], language=context.moderator_language)
    return await _talk(tx, context, found.tip, code, body["purpose"])


async def answered(tx: Transaction, context: Context, chat: int, message: int) -> Opened | None:
    """What a reply to a message in a private chat opens, or None."""
    found = await openings.read_message(tx, context.secrets, chat, message)
    return await found_by_receipt(tx, context, found.tip, REPLY) if found and found.tip else None


async def found_by_receipt(tx: Transaction, context: Context, tip_id: bytes, purpose: str = THREAD) -> Opened | None:
    """A tip's talk for whoever has its receipt, under a new code; None where its seal is broken.

    The code serves what is written there and then, so it lives as long as a draft.
    """
    opening = _opening(tip_id, purpose, drafts.day_in(context, context.rules.draft_hours))
    code = await openings.make(tx, context.secrets, opening, context.chance)
    return await _talk(tx, context, tip_id, code, purpose)


def _opening(tip_id: bytes, purpose: str, expires: date) -> Opening:
    """Of whom it is for, it knows nothing."""
    return Opening(json.dumps({"purpose": purpose}).encode(), expires, tip_id)


def _reply(context: Context, tip_id: bytes) -> Opening:
    """What the bot's own message to a reporter opens."""
    return _opening(tip_id, REPLY, context.today() + timedelta(context.rules.retention_days))


async def _talk(tx: Transaction, context: Context, tip_id: bytes, code: str, purpose: str) -> Opened | None:
    case = await cases.find(tx, context, tip_id)
    if case is None:
        return None
    said = await talk.of(tx, context, tip_id)
    asked = [talk.shown(entry) for entry in said if entry.kind == "ask"][-1:]
    lines = talk.lines(case, said) if purpose == THREAD else tuple(asked)
    contact = "" if case.standing in OVER else "here" if case.reachable else "code"
    return Opened(purpose, code, lines, contact, case.language)


# What is said, each within its caller's transaction


async def work(tx: Transaction, context: Context, by: Actor, effect: Work) -> tuple[Line, list[Debt]]:
    """What a moderator wrote and confirmed: how it went, and what is owed. Whether they may is the caller's to know."""
    found = await cases.numbered(tx, context, effect.number)
    if found is None:
        return say("thread.gone"), []
    name, argument = {Ask: "ask", Note: "note", AddLabel: "label"}[type(effect)], ""
    if isinstance(effect, AddLabel):
        argument = await cases.label_of(tx, context, effect.words)
    decision = decide(found.case, name, by, argument)
    if decision.case is None:
        return decision.toast, []
    owed = await cases.record(tx, context, found, decision, by)
    if isinstance(effect, Ask):
        line = say(f"canned.{effect.canned}") if effect.canned else say("show.words", words=effect.words)
        owed += await _to_reporter(tx, context, found.id, Entry("ask", line, by.pseudonym))
    elif isinstance(effect, Note):
        await talk.add(tx, context, found.id, Entry("note", say("show.words", words=effect.words), by.pseudonym))
    return decision.toast, owed


async def tell(tx: Transaction, context: Context, tip_id: bytes, line: Line, *, closing: bool) -> list[Debt]:
    """A word on a tip's standing for its reporter, where one is told. `closing`: the address goes with it."""
    if await tips.address(tx, context.secrets, tip_id) is None:
        return []
    owed = await _to_reporter(tx, context, tip_id, Entry("word", line, closing=closing))
    return [*owed, *([debt(Kind.CUT, tip=tip_id.hex(), hour=context.hour() + OWED_HOURS)] if closing else [])]


async def _to_reporter(tx: Transaction, context: Context, tip_id: bytes, entry: Entry) -> list[Debt]:
    """Into the talk, and to the reporter's chat where there is one; otherwise it waits for the receipt."""
    reached = await tips.address(tx, context.secrets, tip_id) is not None
    code = await openings.make(tx, context.secrets, _reply(context, tip_id), context.chance) if reached else ""
    await talk.add(tx, context, tip_id, replace(entry, code=code, due=reached))
    return [debt(Kind.TELL, tip=tip_id.hex())] if reached else []


async def answer(tx: Transaction, context: Context, owner: bytes, effect: Answer) -> tuple[Line, list[Debt]]:
    """What the reporter wrote and confirmed; the files that came with it are the draft's of id `owner` until now."""
    found = await _opened_tip(tx, context, effect.handle)
    if found is None:
        return say("thread.gone"), []
    tip_id, before = found.id, found.case
    act, items = heard(before), tuple(item for item in effect.items if item.stored)
    await files.adopt(tx, owner, tip_id, [bytes.fromhex(item.stored) for item in items])
    line = say("show.words", words=effect.words) if effect.words else say("thread.no_words")
    await talk.add(tx, context, tip_id, Entry("answer", line, items=items, due=True, release=release(context)))
    owed = await cases.record(tx, context, found, decide(before, act, REPORTER), REPORTER)
    return say(f"thread.{act}"), [*owed, debt(Kind.FOLLOW, tip=tip_id.hex())]


async def reach(tx: Transaction, context: Context, chat: int, effect: Reach) -> tuple[Line, list[Debt]]:
    """The reporter wants to be told in this chat from now on, or in none; a tip that is over has no address."""
    found = await _opened_tip(tx, context, effect.handle)
    if found is None or found.case.standing in OVER:
        return say("thread.gone"), []
    tip_id = found.id
    if effect.here:
        await tips.set_address(tx, context.secrets, tip_id, chat)
    owed = await _reachable(tx, context, tip_id, found.case, reachable=effect.here)
    return say("thread.now.here" if effect.here else "thread.now.code"), owed


async def _opened_tip(tx: Transaction, context: Context, code: str) -> cases.Found | None:
    opening = await openings.read(tx, context.secrets, code)
    return await cases.load(tx, context, opening.tip) if opening and opening.tip else None


async def let_go(tx: Transaction, context: Context, tip_id: bytes, case: Case) -> list[Debt]:
    """The reporter has withdrawn a tip that must stay for now: nothing leads to them any more."""
    return await _reachable(tx, context, tip_id, replace(case, withdrawn=True), reachable=False)


async def _reachable(tx: Transaction, context: Context, tip_id: bytes, case: Case, *, reachable: bool) -> list[Debt]:
    if not reachable:
        await tips.cut_address(tx, tip_id)
        await openings.close(tx, tip_id)
    return await cases.keep(tx, context, tip_id, replace(case, reachable=reachable))


# What is owed


class Followup:
    """Works off the debts of kinds `tell`, `cut` and `follow`. `tell` and `follow` want a single worker each.

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

    async def tell(self, owed: Owed) -> Retry | None:
        """Tell the reporter what is due, in its order; a chat that is shut ends it, the talk waits for the receipt."""
        tip_id = bytes.fromhex(json.loads(owed.body)["tip"])
        for n in await self._due(tip_id, ("ask", "word")):
            async with self._context.database.reading() as tx:
                chat = await tips.address(tx, self._context.secrets, tip_id)
                case = await cases.find(tx, self._context, tip_id)
                said = await talk.of(tx, self._context, tip_id)
            if chat is None or case is None:
                return None
            outcome = await self._speaker.say(chat, _told(said[n]), case.language)
            if isinstance(outcome, Later):
                return Retry(outcome.seconds)
            await self._told(tip_id, n, said[n], chat, outcome)
        return None

    async def _due(self, tip_id: bytes, kinds: tuple[str, ...]) -> list[int]:
        async with self._context.database.reading() as tx:
            said = await talk.of(tx, self._context, tip_id)
        return [n for n, entry in enumerate(said) if entry.due and entry.kind in kinds]

    async def _told(self, tip_id: bytes, n: int, entry: Entry, chat: int, outcome: Outcome) -> None:
        """Note what became of telling an entry; the last word takes the address with it."""
        context, sent = self._context, outcome.messages if isinstance(outcome, Accepted) else ()
        async with context.database.transaction() as tx:
            await talk.settled(tx, context, tip_id, n, entry)
            case = await cases.find(tx, context, tip_id)
            for message in sent if case and not entry.closing else ():
                await openings.note_message(tx, context.secrets, chat, message, _reply(context, tip_id))
            noted = await self._cut(tx, tip_id, case) if entry.closing else []
        self._owe(noted)
        if sent:
            self._spoke(chat, sent)
        else:
            context.counters["tell_refused"] += 1

    async def cut(self, owed: Owed) -> Retry | None:
        """A day after closing the address goes, told or not, unless the tip was opened again."""
        body = json.loads(owed.body)
        wait = body["hour"] * 3600 - self._context.now().timestamp()
        if wait > 0:
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
        owed = await _reachable(tx, self._context, tip_id, case, reachable=False)
        return await debts.note(tx, self._context, owed)

    async def follow(self, owed: Owed) -> Retry | None:
        """Post what the reporter wrote, in its order, in reply to the tip's card."""
        tip_id = bytes.fromhex(json.loads(owed.body)["tip"])
        for n in await self._due(tip_id, ("answer",)):
            async with self._context.database.reading() as tx:
                said, shown = await talk.of(tx, self._context, tip_id), await posts.of(tx, tip_id)
                post = await self._composed(tx, tip_id, said, n)
            if post is None:
                return None
            wait = said[n].release * 60 - self._context.now().timestamp()
            if wait > 0:
                return Retry(wait)
            again = await self._post(tip_id, n, post, shown)
            if again:
                return again
            async with self._context.database.transaction() as tx:
                await talk.settled(tx, self._context, tip_id, n, said[n])
        return None

    async def _composed(self, tx: Transaction, tip_id: bytes, said: Sequence[Entry], n: int) -> Post | None:
        """An answer as the moderators get it; only that there is one where the channel is not to hold content."""
        case = await cases.find(tx, self._context, tip_id)
        content = await tips.read_content(tx, self._context.secrets, tip_id)
        if case is None or content is None or n >= len(said):
            return None
        if not self._context.rules.forwards_content:
            return Post(case.number, (say("follow.new", number=case.number),), "", ())
        first = 1 + len(reopened(content).kept) + sum(len(entry.items) for entry in said[:n])
        return Post(
            case.number,
            (say("follow.title", number=case.number), said[n].line),
            "",
            tuple(exhibit(item, number) for number, item in enumerate(said[n].items, first)),
        )

    async def _post(self, tip_id: bytes, n: int, post: Post, shown: Sequence[posts.Post]) -> Retry | None:
        """Send what is missing of an answer; it waits until the tip's card is in the chat."""
        card = next((one.message for one in shown if one.kind == "card"), None)
        if card is None:
            return Retry()
        parts = [replace(piece, part=n * PARTS + piece.part) for piece in self._channel.pieces(post)]
        outcome = await self._posting.send(tip_id, parts, "follow", card)
        return None if isinstance(outcome, Accepted) else await self._refused(outcome)

    async def _refused(self, outcome: Outcome) -> Retry:
        if isinstance(outcome, Moved):
            await self._context.route.follow(outcome.chat)
            return Retry(0, all=True)
        return Retry(outcome.seconds if isinstance(outcome, Later) else SHUT_SECONDS, all=True)


def _told(entry: Entry) -> Screen:
    """A question or a word with the button that opens the answer."""
    lines = (say("tell.asked", line=entry.line), say("tell.how")) if entry.kind == "ask" else (entry.line,)
    return Screen("open", 0, lines, () if entry.closing else (main(entry.code, "tell.reply"),))
