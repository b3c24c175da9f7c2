"""The intake: events in, replies out, each reply only when its event is on disk."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.conversation.case import Actor
from bot.conversation.compose import MODERATORS_ALONE, WORK
from bot.conversation.draft import Draft
from bot.conversation.errands import Person
from bot.conversation.events import Arrival, Chose, Command, Commanded, Event, Replayed, Typed
from bot.conversation.menus import NOTICE
from bot.conversation.outcomes import banned, slow
from bot.conversation.screens import Reply, Screen, say
from bot.conversation.silence import heeded
from bot.conversation.step import Step, screen
from bot.conversation.waiting import empty_handed
from bot.services import debts, drafts, release
from bot.services.batches import Also, Batches, Waiting
from bot.services.context import Context
from bot.services.debts import Debt, Owe
from bot.services.drafts import Held
from bot.services.effects import Effects
from bot.services.flood import Flood
from bot.services.opening import Opener
from bot.services.receipts import Receipts
from bot.services.traces import Traces
from bot.services.turn import Turn, counted
from storage import bans, seen
from storage.sql import Transaction

Who = Callable[[Person], Awaitable[Actor | None]]


class Noticed(NamedTuple):
    """When the notice was said in a chat, as an hour of the epoch, and in which language."""

    hour: int
    language: str


class Intake:
    """`handle` is for adapters, `spoke` tells what they sent; `owe` is called with new debts after each commit.

    `who` says which moderator a person is, None where they are none.
    """

    def __init__(self, context: Context, owe: Owe, who: Who | None = None, flood: Flood | None = None) -> None:
        self._context = context
        self._owe = owe
        self._who = who or _nobody
        self._flood = flood or Flood()
        receipts = Receipts(context)
        self._opener = Opener(context, receipts)
        self._traces = Traces(context)
        self._effects = Effects(context, receipts, self._traces)
        self._batches = Batches(self._commit)
        self._noticed: dict[int, Noticed] = {}

    async def handle(self, arrival: Arrival, also: Also | None = None) -> Reply:
        """The reply, once the event is committed. Raises `StorageUnavailable`, or what made the event impossible."""
        if arrival.update is not None and not self._flood.takes(arrival.chat, self._context.minute()):
            return self._turned_away(arrival).reply
        by = await self._who(_person(arrival)) if _may_be_a_moderators(arrival.event) else None
        return await self._batches.reply(arrival, also, by)

    def spoke(self, chat: int, messages: Iterable[int]) -> None:
        """These messages are in the chat; they are noted with its next event, so that they can be deleted."""
        self._traces.spoke(chat, messages)

    def forget_minute(self) -> None:
        """Who wrote in a minute that is over is forgotten, also where nobody writes after them."""
        self._flood.begins(self._context.minute())

    async def note_spoken(self) -> None:
        """Note messages of chats that were silent since; of chats in which nothing is noted, forget them."""
        last = self._context.hour() - 1
        self._noticed = {chat: one for chat, one in self._noticed.items() if one.hour >= last}
        await self._traces.note_spoken()

    async def apologise(self, chat: int) -> Reply:
        """What to say to an event that could not be handled: sorry, with the current screen where there is a draft."""
        async with self._context.database.transaction() as tx:
            held = (await drafts.load(tx, self._context, [chat])).get(chat)
        if held is None:
            return Reply(self._context.rules.languages[0], (Screen("", 0, (say("apology"),)),), greets=True)
        shown = screen(held.draft, self._context.world(), [say("apology")])
        return Reply(held.draft.language, (shown,))

    async def told(self, updates: Iterable[int]) -> None:
        """The platform will not hand these over again."""
        async with self._context.database.transaction() as tx:
            await seen.forget(tx, updates)

    async def _commit(self, batch: Sequence[Waiting]) -> list[Reply]:
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
                await self._effects.do(tx, turn)
                if waiting.also:
                    await waiting.also(tx)
            counted = await self._keep(tx, turns)
            owed = await debts.note(tx, context, [*(debt for turn in turns for debt in turn.debts), *counted])
            await seen.note(tx, updates)
        self._owe(owed)
        self._note_notices(turns)
        return [turn.reply for turn in turns]

    def _note_notices(self, turns: Sequence[Turn]) -> None:
        """In whose chat the notice was said last: in memory alone, for an hour, and for two at most."""
        for turn in turns:
            if screens := turn.reply.screens:
                self._noticed.pop(turn.arrival.chat, None)
                if any(screen.question == NOTICE and screen.choices for screen in screens):
                    self._noticed[turn.arrival.chat] = Noticed(self._context.hour(), turn.reply.language)

    async def _advanced(
        self, tx: Transaction, waiting: Waiting, held: Held | None, known: set[int], silenced: set[int]
    ) -> Turn:
        """The conversation's step. A repeated event draws the screen again; with no draft it moves nothing anyway."""
        arrival = waiting.arrival
        event = Replayed() if held and arrival.update in known else arrival.event
        if isinstance(event, Typed):
            said = self._noticed.get(arrival.chat)
            event = replace(event, noticed=said.language if said else "")
        self._context.counters[f"event_{type(event).__name__.lower()}"] += 1
        silent, draft = arrival.chat in silenced, held.draft if held else None
        # Who is blocked takes nothing of what there is for strangers, and a moderator at work is none.
        stranger = empty_handed(draft) and not silent and waiting.by is None
        if stranger and arrival.update is not None and not self._flood.takes_stranger(arrival.chat):
            return self._turned_away(arrival)
        events = await self._opener.events(tx, arrival, event, held, waiting.by)
        if silent and not heeded(draft, events[0]):
            return Turn(arrival, None, self._nothing(banned()))
        turn = Turn(arrival, held, Step(draft, ""), waiting.by, silent=silent)
        for one in events:
            turn.take(one, self._context)
        return turn

    def _turned_away(self, arrival: Arrival) -> Turn:
        """Nothing is kept, and it is said once a minute."""
        self._context.counters["turned_away"] += 1
        told = [slow()] if self._flood.first_time(arrival.chat) else []
        return Turn(arrival, None, self._nothing(*told))

    def _nothing(self, *screens: Screen) -> Step:
        return Step(None, self._context.rules.languages[0], screens)

    async def _keep(self, tx: Transaction, turns: Sequence[Turn]) -> list[Debt]:
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
            await self._traces.note(tx, [turn.arrival for turn in turns if turn.arrival.chat in changed])
        for turn in turns:
            # Of somebody who has agreed to nothing yet, what they wrote is known like the answer to it: in memory.
            if turn.step.draft is None and turn.reply.screens and turn.arrival.message is not None:
                self.spoke(turn.arrival.chat, [turn.arrival.message])
        return counted

    async def _count(self, tx: Transaction, turns: Sequence[Turn]) -> list[Debt]:
        """Count the drafts that were begun, and those that were left: one statement for the batch, mostly none."""
        minute = release.minute(self._context)
        day = self._context.day_of(minute)
        return await release.count(tx, self._context, [entry for turn in turns for entry in counted(turn, day)], minute)


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
