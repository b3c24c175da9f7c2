"""The intake: events in, replies out, each reply only when its event is on disk.

Events of different chats that wait for each other share one commit. Where such a batch fails for a reason that is
not the storage's, each of its events is tried alone, so that nobody's event is another's misfortune.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.conversation.advance import Step, advance, screen
from bot.conversation.draft import Draft
from bot.conversation.effects import ClearChat, Discard, Effect, Fetch, LookUp, Remove, Show, Submit, Withdraw
from bot.conversation.events import Arrival, Chose, Replayed
from bot.conversation.screens import Reply, Screen, say
from bot.services import debts, drafts
from bot.services.context import Context
from bot.services.debts import Debt, Kind, Noted, answer, debt, erase
from bot.services.drafts import Held
from bot.services.receipts import Receipts
from bot.services.submission import submit
from storage import files, seen, traces
from storage.database import StorageUnavailable
from storage.purposes import MESSAGE_HOURS
from storage.sql import Transaction

BATCH_MOST = 100

Owe = Callable[[Sequence[Noted]], None]
Also = Callable[[Transaction], Awaitable[None]]


@dataclass(slots=True, eq=False)
class _Waiting:
    """An event whose commit somebody waits for; `also` is done in the same transaction."""

    arrival: Arrival
    also: Also | None
    reply: asyncio.Future[Reply]


@dataclass(slots=True)
class _Turn:
    """What one event comes to, while its transaction is open."""

    arrival: Arrival
    held: Held | None
    step: Step
    screens: list[Screen] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    anew: bool = False

    @property
    def reply(self) -> Reply:
        return Reply(self.step.language, (*self.step.screens, *self.screens), self.step.toast)


class Intake:
    """`handle` is for adapters, `spoke` tells what they sent; `owe` is called with new debts after each commit."""

    def __init__(self, context: Context, owe: Owe) -> None:
        self._context = context
        self._owe = owe
        self._receipts = Receipts(context)
        self._waiting: list[_Waiting] = []
        self._spoken: dict[int, list[int]] = {}
        self._worker: asyncio.Task[None] | None = None

    async def handle(self, arrival: Arrival, also: Also | None = None) -> Reply:
        """The reply, once the event is committed. Raises `StorageUnavailable`, or what made the event impossible."""
        waiting = _Waiting(arrival, also, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await waiting.reply

    def spoke(self, chat: int, messages: Iterable[int]) -> None:
        """These messages are in the chat; they are noted with its next event, so that they can be deleted."""
        self._spoken.setdefault(chat, []).extend(messages)

    async def note_spoken(self) -> None:
        """Note messages of chats that were silent since; of chats in which nothing is noted, forget them."""
        spoken, self._spoken, hour = self._spoken, {}, self._context.hour()
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
            held = await drafts.load(tx, context, [waiting.arrival.chat for waiting in batch])
            turns = [self._advanced(waiting.arrival, held.get(waiting.arrival.chat), known) for waiting in batch]
            for turn, waiting in zip(turns, batch, strict=True):
                await self._do(tx, turn, waiting.also)
            await self._keep(tx, turns)
            owed = await debts.note(tx, context, [debt for turn in turns for debt in turn.debts])
            await seen.note(tx, updates)
        self._owe(owed)
        return [turn.reply for turn in turns]

    def _advanced(self, arrival: Arrival, held: Held | None, known: set[int]) -> _Turn:
        """The conversation's step. A repeated event draws the screen again; with no draft it moves nothing anyway."""
        draft = held.draft if held else None
        event = Replayed() if held and arrival.update in known else arrival.event
        self._context.counters[f"event_{type(event).__name__.lower()}"] += 1
        return _Turn(arrival, held, advance(draft, event, self._context.world(arrival.reader)))

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
                turn.screens.append(await self._receipts.look_up(tx, chat, effect.receipt))
            case Withdraw():
                told, retractions = await self._receipts.withdraw(tx, chat, effect.receipt)
                turn.debts += [*retractions, answer(chat, told, turn.step.language, context.hour())]
                turn.debts += await self._clear(tx, turn)
            case ClearChat():
                turn.debts += await self._clear(tx, turn)

    async def _clear(self, tx: Transaction, turn: _Turn) -> list[Debt]:
        """Owed: all messages of the chat that can still be deleted, but the one that the reply is drawn over."""
        chat = turn.arrival.chat
        noted = (await traces.load(tx, self._context.secrets, [chat])).get(chat, [])
        drawn_over = turn.arrival.message if isinstance(turn.arrival.event, Chose) else None
        messages = {*(trace.message for trace in noted), *self._spoken.pop(chat, [])} - {drawn_over}
        await traces.discard(tx, self._context.secrets, [chat])
        return [erase(chat, sorted(messages), self._context.hour())] if messages else []

    async def _keep(self, tx: Transaction, turns: Sequence[_Turn]) -> None:
        """Write what the turns left behind: drafts that live on, drafts that are over, messages to delete later."""
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

    async def _trace(self, tx: Transaction, turns: Sequence[_Turn]) -> None:
        context, hour = self._context, self._context.hour()
        noted = await traces.load(tx, context.secrets, [turn.arrival.chat for turn in turns])
        for turn in turns:
            chat = turn.arrival.chat
            fresh = [*self._spoken.pop(chat, []), *([turn.arrival.message] if turn.arrival.message is not None else [])]
            known = {trace.message for trace in noted.setdefault(chat, [])}
            noted[chat] += [traces.Trace(message, hour) for message in dict.fromkeys(fresh) if message not in known]
        await traces.save(tx, context.secrets, noted, hour, drafts.day_in(context, MESSAGE_HOURS))


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.reply.done():
            waiting.reply.set_exception(error)
