"""One update from its JSON to its commit, and then its answer.

Its rule: an update is handled until it is committed. One that fails `TRIES` times for a reason other than storage is
set aside: committed unhandled, counted by where it failed, and answered kindly. Nothing is said before the commit.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from traceback import walk_tb
from typing import Any, Final, TypeGuard

from telegram import Message, Update
from telegram.constants import ChatType

from bot.adapters.telegram.health import Health
from bot.adapters.telegram.lanes import Lanes, Work
from bot.adapters.telegram.outbound import Origin, Outbound
from bot.adapters.telegram.responder import Responder
from bot.adapters.telegram.sender import unpaced
from bot.adapters.telegram.staff import errand
from bot.adapters.telegram.standing import ABSENT, Standing, standing
from bot.adapters.telegram.translate import translate
from bot.conversation.errands import Errand, Response
from bot.conversation.events import Arrival, Command, Commanded
from bot.conversation.screens import Reply
from bot.conversation.speech import Moved

TRIES: Final = 3
NOTE_TRIES: Final = 10
BACK_OFF_MOST: Final = 30.0
BACKLOG: Final = 30
"""So many replies may wait for one chat; beyond, taps are still settled, but screens are not drawn."""

GREETINGS: Final = 2
"""Of these so many: what a stranger is told is much the same each time."""

HOLDERS: Final = ("message", "edited_message", "channel_post", "my_chat_member", "chat_member")
"""What an update may be that names its chat, besides a tap."""

OVER: Final = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")
"""What is read of a message whose button was tapped. Parsing the rest would be half the work of parsing a tap."""

NUMBERS: Final = range(1, 1 << 52)
"""What an update may be numbered. One below would be asked for as an offset from the end, and lose what came before."""

ASIDE: Final = 4
"""So many rounds of the loop bring a commit to the request for the next updates."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the adapter is given to call. `handle`, `work` and `moderators` return when what they did is committed.

    `work` brings None for who may not, and for what asks for no answer.

    `told` hears which updates Telegram has forgotten, `spoke` which messages a chat was sent, `shown` in which of them
    a moderator reads of which tips, `greet` who has opened their chat with the bot, once that is answered. `trouble`
    are the exceptions of a storage that does not answer: what raised them is tried again until it does.
    """

    handle: Callable[[Arrival], Awaitable[Reply]]
    apologise: Callable[[int], Awaitable[Reply]]
    told: Callable[[tuple[int, ...]], Awaitable[None]]
    spoke: Callable[[int, tuple[int, ...]], None]
    shown: Callable[[int, tuple[int, ...], tuple[str, ...]], Awaitable[None]]
    greet: Callable[[int], Awaitable[None]]
    moderators: Callable[[Standing | Moved], Awaitable[None]]
    work: Callable[[Errand], Awaitable[Response | None]]
    moderator_chat: Callable[[], int]
    trouble: tuple[type[Exception], ...]


class Reception:
    """Takes updates one at a time for each chat; answers them in lanes of its own."""

    def __init__(
        self,
        outbound: Outbound,
        responder: Responder,
        hooks: Hooks,
        health: Health,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._api, self._outbound, self._responder = outbound.api, outbound, responder
        self._hooks, self._health, self._sleep = hooks, health, sleep
        self._lanes = Lanes()

    async def open(self) -> None:
        """Connect, where that is not done. Raises the library's errors."""
        await self._api.initialize()

    async def drain(self, seconds: float) -> None:
        await self._lanes.drain(seconds)

    async def close(self) -> None:
        await self._api.shutdown()

    async def busy(self, chat: int) -> None:
        """Show that something is being worked on."""
        await self._outbound.busy(chat)

    def say(self, chat: int, reply: Reply) -> None:
        """Say something that answers no update, in the chat's own order and with the same patience."""
        self._lanes.put(chat, partial(self._speak, Origin(chat), reply))

    async def told(self, updates: tuple[int, ...]) -> bool:
        """Pass on what Telegram has forgotten; say whether that was noted."""
        return await self._noted(self._hooks.told(updates))

    async def process(self, raw: dict[str, Any], origin: Origin, commit: Callable[[], None]) -> None:
        """Handle an update until it is committed or set aside, then queue what is to be said."""
        failed = troubled = 0
        while isinstance(result := await self._attempt(raw), Exception):
            if isinstance(result, self._hooks.trouble):
                troubled += 1
                self._health.happened("storage_trouble")
            else:
                failed += 1
            if failed == TRIES:
                self._health.happened(f"set_aside {_place(result)}")
                result = partial(self._apologise if origin.chat > 0 else self._settle, origin)
                break
            await self._sleep(_back_off(failed + troubled))
        commit()
        if result is not None:
            self._lanes.put(origin.chat, result)

    async def _attempt(self, raw: dict[str, Any]) -> Work | Exception | None:
        # Not by the library's application: it swallows what a handler raises, and logs it with the words in it.
        try:
            return await self._route(Update.de_json(_read(raw), self._api))
        except Exception as failure:  # noqa: BLE001 - whatever is malformed may raise anything; judged in process()
            return failure

    async def _route(self, update: Update) -> Work | None:
        """Do what an update asks for; return what is to be said or done once that is committed."""
        chat, message = update.effective_chat, update.effective_message
        if chat is None:
            return None
        if not (_is_id(chat.id) and (message is None or _is_id(message.message_id))):
            # What the library does not check would be sealed, noted and written to as if Telegram had given it.
            raise ValueError("an id that Telegram could not have given")
        if chat.type == ChatType.PRIVATE:
            return await self._staff(update) or await self._reporter(update)
        if chat.id == self._hooks.moderator_chat():
            await self._moderators(update)
            return await self._staff(update) or partial(self._settle, _origin(update))
        return self._stranger(update)

    async def _staff(self, update: Update) -> Work | None:
        """In a private chat, what no moderator or admin asked is None, and then a reporter's, like any other words."""
        asked = errand(update, self._api.username)
        response = await self._hooks.work(asked) if asked else None
        return partial(self._respond, _origin(update), response) if response else None

    async def _reporter(self, update: Update) -> Work | None:
        arrival = translate(update)
        if arrival is None:
            return None
        reply = await self._hooks.handle(arrival)
        opened = isinstance(arrival.event, Commanded) and arrival.event.command is Command.START
        return partial(self._welcome if opened else self._speak, _origin(update), reply)

    async def _moderators(self, update: Update) -> None:
        if update.my_chat_member:
            change = update.my_chat_member
            await self._hooks.moderators(standing(change.chat.type, change.new_chat_member))
        elif update.message and update.message.migrate_to_chat_id:
            await self._hooks.moderators(Moved(update.message.migrate_to_chat_id))

    def _stranger(self, update: Update) -> Work | None:
        if update.my_chat_member and update.my_chat_member.new_chat_member.status in ABSENT:
            return None
        return partial(self._leave, update.effective_chat.id) if update.effective_chat else None

    async def _leave(self, chat: int) -> None:
        moderators = self._hooks.moderator_chat()
        typing = self._api.call("sendChatAction", {"chat_id": moderators, "action": "typing"})
        # A supergroup that the moderators' group has just become is no stranger's, though its number is new.
        if await unpaced(typing) == Moved(chat):
            await self._noted(self._hooks.moderators(Moved(chat)))
        else:
            await unpaced(self._api.call("leaveChat", {"chat_id": chat}))
            self._health.happened("left_chat")

    async def _speak(self, origin: Origin, reply: Reply) -> None:
        await _aside()
        if self._lanes.waiting(origin.chat) >= (GREETINGS if reply.greets else BACKLOG):
            reply = replace(reply, screens=())
        try:
            messages = await self._outbound.answer(origin, reply)
        except Exception as failure:  # noqa: BLE001 - one reply that cannot be drawn must not silence a chat
            self._health.happened(f"unsaid {_place(failure)}")
            await self._settle(origin)
        else:
            self._hooks.spoke(origin.chat, messages)
            await self._shown(origin.chat, messages, reply.shows)

    async def _welcome(self, origin: Origin, reply: Reply) -> None:
        await self._speak(origin, reply)
        await self._noted(self._hooks.greet(origin.chat))

    async def _respond(self, origin: Origin, response: Response) -> None:
        await _aside()
        if self._lanes.waiting(origin.chat) >= BACKLOG:
            response = Response(response.toast, opens=response.opens) if origin.query else Response()
        try:
            messages = await self._responder.respond(origin, response)
        except Exception as failure:  # noqa: BLE001 - as in `_speak`
            self._health.happened(f"unsaid {_place(failure)}")
            await self._settle(origin)
        else:
            # What is said among moderators is nobody's own talk, to be cleared with it.
            if origin.chat > 0:
                self._hooks.spoke(origin.chat, messages)
            over = (origin.message,) if response.over and origin.message else ()
            await self._shown(origin.chat, (*over, *messages), response.shows)

    async def _shown(self, chat: int, messages: tuple[int, ...], tips: tuple[str, ...]) -> None:
        """Tell where tips are read. Nobody else knows it: a storage that does not answer is waited for, a minute."""
        for n in range(NOTE_TRIES) if messages and tips else ():
            if await self._noted(self._hooks.shown(chat, messages, tips)):
                break
            await self._sleep(_back_off(n))

    async def _apologise(self, origin: Origin) -> None:
        try:
            reply = await self._hooks.apologise(origin.chat)
        except Exception as failure:  # noqa: BLE001 - this answers a failure, and must not fail as well
            self._health.happened(f"unsaid {_place(failure)}")
            await self._settle(origin)
        else:
            await self._speak(origin, reply)

    async def _settle(self, origin: Origin) -> None:
        if origin.query:
            await self._outbound.settle(origin.query)

    async def _noted(self, noting: Awaitable[None]) -> bool:
        try:
            await noting
        except Exception as failure:  # noqa: BLE001 - what is noted here only spares work, and nobody waits for it
            self._health.happened(f"unnoted {_place(failure)}")
            return False
        return True


def _back_off(failed: int) -> float:
    return min(BACK_OFF_MOST, 0.1 * 2.0 ** min(failed, 10))


async def _aside() -> None:
    """Let commits and the next poll go first: Telegram's delay then passes while answers are drawn and sent."""
    for _ in range(ASIDE):
        await asyncio.sleep(0)


def number_in(raw: object) -> int | None:
    """An update's own number, read before it is parsed; None where it has none that Telegram could have given it."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and number in NUMBERS else None


def _is_id(value: object) -> TypeGuard[int]:
    """Of a chat or a message, which may be 0 where it is still to be sent: a whole number of 52 bits."""
    return type(value) is int and abs(value) <= NUMBERS.stop


def _read(raw: dict[str, Any]) -> dict[str, Any]:
    """An update without what nobody reads: over a tapped button the bot's own words and keyboard."""
    match raw:
        case {"callback_query": {"message": dict(over)} as tap}:
            return raw | {"callback_query": tap | {"message": {key: over[key] for key in OVER if key in over}}}
        case _:
            return raw


def origin_in(raw: dict[str, Any]) -> Origin:
    """Where an update comes from, read before it is parsed; chat 0 where that cannot be told."""
    tap = _within(raw, "callback_query")
    holder = _within(tap, "message") or next(filter(None, (_within(raw, kind) for kind in HOLDERS)), {})
    chat, message, query = _within(holder, "chat").get("id"), holder.get("message_id"), tap.get("id")
    return Origin(
        chat if _is_id(chat) else 0,
        message if _is_id(message) else None,
        query if isinstance(query, str) else None,
    )


def _within(holder: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of that name, or an empty one: what was not parsed yet may be anything."""
    inner = holder.get(name)
    return inner if isinstance(inner, dict) else {}


def _origin(update: Update) -> Origin:
    """What is to be answered; 0 where that cannot be told."""
    chat, message, tap = update.effective_chat, update.effective_message, update.callback_query
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return Origin(chat.id if chat else 0, message.message_id if message else None, tap.id if tap else None, thread)


def _place(failure: Exception) -> str:
    """What failed, and where in the code: never its sentence, which may hold somebody's words."""
    *_, (frame, line) = walk_tb(failure.__traceback__)
    return f"{type(failure).__name__} {PurePath(frame.f_code.co_filename).name}:{line}"
