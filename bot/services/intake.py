"""The intake: events in, replies out, each reply only when its event is on disk.

Events of different chats that wait for each other share one commit. Where such a batch fails for a reason that is
not the storage's, each of its events is tried alone, so that nobody's event is another's misfortune.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.conversation.advance import advance
from bot.conversation.casework import Actor
from bot.conversation.compose import MODERATORS_ALONE, REPLY, THREAD, WORK
from bot.conversation.counting import Entry, of_draft
from bot.conversation.draft import Draft
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
from bot.conversation.errands import Person
from bot.conversation.events import (
    Arrival,
    Attached,
    Chose,
    Command,
    Commanded,
    Event,
    Opened,
    Replayed,
    Shut,
    Spent,
    Typed,
)
from bot.conversation.menus import NOTICE
from bot.conversation.outcomes import banned, heard, slow
from bot.conversation.screens import Line, Reply, Screen, say
from bot.conversation.silence import heeded
from bot.conversation.step import Step, screen
from bot.conversation.waiting import forward, in_hand
from bot.conversation.world import World
from bot.services import debts, drafts, followup, release
from bot.services.context import Context
from bot.services.debts import Debt, Kind, Owe, answer, debt, erase
from bot.services.drafts import Held
from bot.services.flood import Flood
from bot.services.receipts import Receipts
from bot.services.submission import submit
from storage import bans, files, seen, traces
from storage.database import StorageUnavailable
from storage.purposes import MESSAGE_HOURS
from storage.sql import Transaction

BATCH_MOST = 100
TALKS = frozenset({"open", REPLY, THREAD})
"""What the buttons of a talk's own messages answer."""

Also = Callable[[Transaction], Awaitable[None]]
_Said = Write | Keep | Drop | Answer | Reach
Who = Callable[[Person], Awaitable[Actor | None]]


@dataclass(slots=True, eq=False)
class _Waiting:
    """An event whose commit somebody waits for; `also` is done in the same transaction.

    `by` is the moderator who confirms what they wrote, or follows a link.
    """

    arrival: Arrival
    also: Also | None
    by: Actor | None
    reply: asyncio.Future[Reply]


@dataclass(slots=True)
class _Turn:
    """What one event comes to, while its transaction is open; `first` is said before all else, `screens` after it.

    `silent`: the chat is blocked.
    """

    arrival: Arrival
    held: Held | None
    step: Step
    by: Actor | None = None
    silent: bool = False
    first: list[Screen] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    anew: bool = False

    @property
    def reply(self) -> Reply:
        screens = (*self.first, *self.step.screens, *self.screens)
        return Reply(self.step.language, screens, self.step.toast, _worked(self.step.draft))


class Intake:
    """`handle` is for adapters, `spoke` tells what they sent; `owe` is called with new debts after each commit.

    `who` says which moderator a person is, None where they are none.
    """

    def __init__(self, context: Context, owe: Owe, who: Who | None = None, flood: Flood | None = None) -> None:
        self._context = context
        self._owe = owe
        self._who = who or _nobody
        self._flood = flood or Flood()
        self._receipts = Receipts(context)
        self._waiting: list[_Waiting] = []
        self._spoken: dict[int, list[int]] = {}
        self._noticed: dict[int, str] = {}
        self._worker: asyncio.Task[None] | None = None

    async def handle(self, arrival: Arrival, also: Also | None = None) -> Reply:
        """The reply, once the event is committed. Raises `StorageUnavailable`, or what made the event impossible."""
        if arrival.update is not None and not self._flood.takes(arrival.chat, self._context.minute()):
            return self._turned_away(arrival).reply
        by = await self._who(_person(arrival)) if _may_be_a_moderators(arrival.event) else None
        waiting = _Waiting(arrival, also, by, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await waiting.reply

    def spoke(self, chat: int, messages: Iterable[int]) -> None:
        """These messages are in the chat; they are noted with its next event, so that they can be deleted."""
        self._spoken.setdefault(chat, []).extend(messages)

    def forget_minute(self) -> None:
        """Who wrote in a minute that is over is forgotten, also where nobody writes after them."""
        self._flood.begins(self._context.minute())

    async def note_spoken(self) -> None:
        """Note messages of chats that were silent since; of chats in which nothing is noted, forget them."""
        spoken, self._spoken, hour = self._spoken, {}, self._context.hour()
        self._noticed.clear()
        async with self._context.database.transaction() as tx:
            noted = await traces.load(tx, self._context.secrets, spoken)
            for chat, entries in noted.items():
                entries += [traces.Trace(message, hour) for message in spoken[chat]]
            await traces.save(tx, self._context.secrets, noted, hour, drafts.day_in(self._context, MESSAGE_HOURS))

    async def apologise(self, chat: int) -> Reply:
        """What to say to an event that could not be handled: sorry, with the current screen where there is a draft."""
        async with self._context.database.transaction() as tx:
            held = (await drafts.load(tx, self._context, [chat])).get(chat)
        if held is None:
            return Reply(self._context.rules.languages[0], (Screen("", 0, (say("apology"),)),))
        shown = screen(held.draft, self._context.world(), [say("apology")])
        return Reply(held.draft.language, (shown,))

    async def told(self, updates: Iterable[int]) -> None:
        """The platform will not hand these over again."""
        async with self._context.database.transaction() as tx:
            await seen.forget(tx, updates)

    async def _work(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            await self._settle(batch)

    def _next_batch(self) -> list[_Waiting]:
        """At most one event a chat, in the order in which they came."""
        batch: dict[int, _Waiting] = {}
        rest = []
        for waiting in self._waiting:
            if len(batch) < BATCH_MOST and waiting.arrival.chat not in batch:
                batch[waiting.arrival.chat] = waiting
            else:
                rest.append(waiting)
        self._waiting = rest
        return list(batch.values())

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            replies = await self._commit(batch)
        except StorageUnavailable as error:
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 - one event must not take the others along; the adapter sorts it out
            if len(batch) == 1:
                _fail(batch, error)
            else:
                for waiting in batch:
                    await self._settle([waiting])
        else:
            for waiting, reply in zip(batch, replies, strict=True):
                if not waiting.reply.done():
                    waiting.reply.set_result(reply)

    async def _commit(self, batch: Sequence[_Waiting]) -> list[Reply]:
        context = self._context
        updates = [waiting.arrival.update for waiting in batch if waiting.arrival.update is not None]
        async with context.database.transaction() as tx:
            known = await seen.known(tx, updates)
            chats = [waiting.arrival.chat for waiting in batch]
            silenced = await bans.known(tx, context.secrets, chats, context.today())
            held = await drafts.load(tx, context, chats)
            turns = [
                await self._advanced(tx, waiting, held.get(waiting.arrival.chat), known, silenced) for waiting in batch
            ]
            for turn, waiting in zip(turns, batch, strict=True):
                await self._do(tx, turn, waiting.also)
            counted = await self._keep(tx, turns)
            owed = await debts.note(tx, context, [*(debt for turn in turns for debt in turn.debts), *counted])
            await seen.note(tx, updates)
        self._owe(owed)
        self._note_notices(turns)
        return [turn.reply for turn in turns]

    def _note_notices(self, turns: Sequence[_Turn]) -> None:
        """In whose chat the notice was said last, and in which language: in memory alone, for an hour at most."""
        for turn in turns:
            if screens := turn.reply.screens:
                self._noticed.pop(turn.arrival.chat, None)
                if any(screen.question == NOTICE and screen.choices for screen in screens):
                    self._noticed[turn.arrival.chat] = turn.reply.language

    async def _advanced(
        self, tx: Transaction, waiting: _Waiting, held: Held | None, known: set[int], silenced: set[int]
    ) -> _Turn:
        """The conversation's step. A repeated event draws the screen again; with no draft it moves nothing anyway."""
        arrival = waiting.arrival
        event = Replayed() if held and arrival.update in known else arrival.event
        if isinstance(event, Typed):
            event = replace(event, noticed=self._noticed.get(arrival.chat, ""))
        self._context.counters[f"event_{type(event).__name__.lower()}"] += 1
        silent, draft = arrival.chat in silenced, held.draft if held else None
        # Who is blocked takes nothing of what there is for strangers.
        if draft is None and arrival.update is not None and not silent and not self._flood.takes_stranger():
            return self._turned_away(arrival)
        events = await self._events(tx, arrival, event, held, waiting.by)
        if silent and not heeded(draft, events[0]):
            return _Turn(arrival, None, self._nothing(banned()))
        turn = _Turn(arrival, held, Step(draft, ""), waiting.by, silent=silent)
        for one in events:
            turn.step = _further(turn.step, advance(turn.step.draft, one, self._world(turn)))
        return turn

    def _world(self, turn: _Turn) -> World:
        return self._context.world(turn.arrival.reader, silenced=turn.silent)

    async def _events(
        self, tx: Transaction, arrival: Arrival, event: Event, held: Held | None, by: Actor | None
    ) -> tuple[Event, ...]:
        """The event, or what it opens: by a code in a link or a button; by a reply, which then says something in it.

        A receipt among other words is taken as the receipt alone, which no question takes for an answer.
        """
        context, chat = self._context, arrival.chat
        if receipt := await self._receipts.among(tx, chat, _words(event)):
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

    def _turned_away(self, arrival: Arrival) -> _Turn:
        """Nothing is kept, and it is said once a minute."""
        self._context.counters["turned_away"] += 1
        told = [slow()] if self._flood.first_time(arrival.chat) else []
        return _Turn(arrival, None, self._nothing(*told))

    def _nothing(self, *screens: Screen) -> Step:
        return Step(None, self._context.rules.languages[0], screens)

    async def _do(self, tx: Transaction, turn: _Turn, also: Also | None) -> None:
        if turn.step.erase and turn.arrival.message is not None:
            turn.debts.append(erase(turn.arrival.chat, [turn.arrival.message], self._context.hour()))
        for effect in turn.step.effects:
            await self._effect(tx, turn, effect)
        if also:
            await also(tx)

    async def _effect(self, tx: Transaction, turn: _Turn, effect: Effect) -> None:
        context, chat = self._context, turn.arrival.chat
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
                await self._opened(tx, turn, await self._receipts.look_up(tx, chat, effect.receipt))
            case Write() | Keep() | Drop() | Answer() | Reach():
                await self._say(tx, turn, effect)
            case Withdraw():
                told, retractions = await self._receipts.withdraw(tx, chat, effect.receipt)
                turn.debts += [*retractions, answer(chat, told, turn.step.language, context.hour())]
                turn.debts += await self._clear(tx, turn)
            case ClearChat():
                turn.debts += await self._clear(tx, turn)

    async def _opened(self, tx: Transaction, turn: _Turn, found: Opened | Screen) -> None:
        if isinstance(found, Screen):
            turn.screens.append(found)
        else:
            found = await followup.resumed(tx, self._context, turn.held, found)
            turn.step = _further(turn.step, advance(turn.step.draft, found, self._world(turn)))

    async def _say(self, tx: Transaction, turn: _Turn, effect: _Said) -> None:
        """What was confirmed goes to the other side; an answer that cannot go stays in hand."""
        line, owed = await self._written(tx, turn, effect)
        turn.debts += owed
        if isinstance(effect, Answer) and turn.held and not owed:
            writing = next(one for one in in_hand(turn.held.draft) if (one.at, one.about) == (REPLY, effect.handle))
            draft = forward(turn.held.draft, writing)
            again = screen(draft, self._world(turn), [line, say("thread.kept")])
            turn.step = replace(turn.step, draft=draft, screens=(again,))
        else:
            turn.first.append(heard(line))

    async def _written(self, tx: Transaction, turn: _Turn, effect: _Said) -> tuple[Line, list[Debt]]:
        """What was confirmed goes to the other side: how it went, and what is owed."""
        match effect:
            case Answer() if turn.held:
                return await followup.answer(tx, self._context, turn.held.row.id, effect)
            case Reach():
                return await followup.reach(tx, self._context, turn.arrival.chat, effect)
            case Write() if turn.by:
                return await followup.work(tx, self._context, turn.by, effect)
            case Keep() | Drop() if turn.by:
                return await followup.stock(tx, self._context, turn.by, effect), []
            case _:
                return say("work.refused"), []

    async def _clear(self, tx: Transaction, turn: _Turn) -> list[Debt]:
        """Owed: all messages of the chat that can still be deleted, but the one that the reply is drawn over."""
        chat = turn.arrival.chat
        noted = (await traces.load(tx, self._context.secrets, [chat])).get(chat, [])
        drawn_over = turn.arrival.message if isinstance(turn.arrival.event, Chose) else None
        messages = {*(trace.message for trace in noted), *self._spoken.pop(chat, [])} - {drawn_over}
        await traces.discard(tx, self._context.secrets, [chat])
        return [erase(chat, sorted(messages), self._context.hour())] if messages else []

    async def _keep(self, tx: Transaction, turns: Sequence[_Turn]) -> list[Debt]:
        """Write what the turns left behind: drafts that live on, drafts that are over, messages to delete later."""
        counted = await self._count(tx, turns)
        over = [turn for turn in turns if turn.held and (turn.anew or turn.step.draft is None)]
        if over:
            chats, owners = [turn.arrival.chat for turn in over], [turn.held.row.id for turn in over if turn.held]
            await drafts.discard(tx, self._context, chats, owners)
        changed: dict[int, tuple[Draft, drafts.Row | None]] = {
            turn.arrival.chat: (turn.step.draft, None if turn.anew or not turn.held else turn.held.row)
            for turn in turns
            if turn.step.draft is not None
        }
        if changed:
            await drafts.save(tx, self._context, changed)
            await self._trace(tx, [turn for turn in turns if turn.arrival.chat in changed])
        for turn in turns:
            # Of somebody who has agreed to nothing yet, what they wrote is known like the answer to it: in memory.
            if turn.step.draft is None and turn.reply.screens and turn.arrival.message is not None:
                self.spoke(turn.arrival.chat, [turn.arrival.message])
        return counted

    async def _count(self, tx: Transaction, turns: Sequence[_Turn]) -> list[Debt]:
        """Count the drafts that were begun, and those that were left: one statement for the batch, mostly none."""
        minute = release.minute(self._context)
        day = self._context.day_of(minute)
        return await release.count(
            tx, self._context, [entry for turn in turns for entry in _counted(turn, day)], minute
        )

    async def _trace(self, tx: Transaction, turns: Sequence[_Turn]) -> None:
        context, hour = self._context, self._context.hour()
        noted = await traces.load(tx, context.secrets, [turn.arrival.chat for turn in turns])
        for turn in turns:
            chat = turn.arrival.chat
            fresh = [*self._spoken.pop(chat, []), *([turn.arrival.message] if turn.arrival.message is not None else [])]
            known = {trace.message for trace in noted.setdefault(chat, [])}
            noted[chat] += [traces.Trace(message, hour) for message in dict.fromkeys(fresh) if message not in known]
        await traces.save(tx, context.secrets, noted, hour, drafts.day_in(context, MESSAGE_HOURS))


def _further(before: Step, after: Step) -> Step:
    """Two steps for one event: what was to be done in either, what is said in the last."""
    return replace(after, effects=(*before.effects, *after.effects), erase=before.erase or after.erase)


def _counted(turn: _Turn, today: date) -> list[Entry]:
    before, sent = turn.held.draft if turn.held else None, any(isinstance(one, Submit) for one in turn.step.effects)
    return of_draft(before, turn.step.draft, today, sent=sent, anew=turn.anew)


async def _nobody(_person: Person) -> None:
    """Where nobody is known to be a moderator."""


def _person(arrival: Arrival) -> Person:
    return Person(arrival.chat, " ".join(arrival.reader.names).strip())


def _may_be_a_moderators(event: Event) -> bool:
    """Whether it matters if a moderator does it: confirms what only they write, or follows a link."""
    match event:
        case Chose(_, question, choice):
            return question in WORK and choice in MODERATORS_ALONE
        case Commanded(Command.START, words):
            return bool(words)
        case _:
            return False


def _words(event: Event) -> str:
    """What an event would have kept of somebody's words."""
    match event:
        case Typed():
            return event.words
        case Attached():
            return event.caption
        case _:
            return ""


def _misses(arrival: Arrival, held: Held | None) -> bool:
    """Whether a reply that opens nothing was meant for a talk, and is for nothing that is in hand."""
    if held is None:
        return arrival.reply_at != NOTICE
    return arrival.reply_at in TALKS and not held.draft.about


def _worked(draft: Draft | None) -> tuple[str, ...]:
    """The tip that a moderator writes about, by number."""
    return (draft.about,) if draft and draft.at in WORK else ()


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.reply.done():
            waiting.reply.set_exception(error)
