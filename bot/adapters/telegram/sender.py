"""The one gate through which whatever is sent goes: paced, and with an outcome instead of an exception."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from telegram import Message
from telegram.error import TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.outcomes import outcome_of
from bot.adapters.telegram.pacer import Kind, Pacer
from bot.conversation.speech import Accepted, Later, Outcome, Unfit

TRIES: Final = 4
"""A reply is tried so often; the next event draws the screen again in any case."""
PATIENCE: Final = 60.0
"""A reply is given up where Telegram asks to wait longer than so many seconds."""
CROWDED: Final = Unfit("crowded")
"""So many strangers wait that this one is not answered."""


class Sender:
    """Sends to chats; `api` is for what is no message and needs no pace."""

    def __init__(self, api: Api, pacer: Pacer) -> None:
        self.api, self._pacer = api, pacer

    async def call(self, chat: int, kind: Kind, method: str, parameters: dict[str, Any]) -> Outcome:
        """Call a method that sends or edits one message in `chat`."""
        return await self.paced(chat, kind, lambda: self.api.call(method, {"chat_id": chat, **parameters}))

    async def paced(self, chat: int, kind: Kind, sending: Callable[[], Awaitable[object]], places: int = 1) -> Outcome:
        """Await the chat's turn, then `sending`, which makes so many messages."""
        if not await self._pacer.turn(chat, kind, places):
            return CROWDED
        try:
            return Accepted(_numbers(await sending()))
        except TelegramError as error:
            outcome = outcome_of(error)
        if isinstance(outcome, Later) and outcome.seconds:
            self._pacer.flooded(chat, outcome.seconds)
        return outcome


def _numbers(sent: object) -> tuple[int, ...]:
    match sent:
        case {"message_id": int(number)}:
            return (number,)
        case Message():
            return (sent.message_id,)
        case tuple() | list():
            return tuple(number for message in sent for number in _numbers(message))
        case _:
            return ()


async def unpaced(sending: Awaitable[object]) -> Outcome:
    """What became of a call that sends no message, such as the answer to a tap."""
    try:
        return Accepted(_numbers(await sending))
    except TelegramError as error:
        return outcome_of(error)


async def persist(sending: Callable[[], Awaitable[Outcome]], sleep: Callable[[float], Awaitable[object]]) -> Outcome:
    """Send something that somebody waits for, again where that may help."""
    for attempt in range(1, TRIES):
        outcome = await sending()
        if not isinstance(outcome, Later) or (outcome.seconds or 0) > PATIENCE:
            return outcome
        await sleep(outcome.seconds or 0.5 * 2**attempt)
    return await sending()
