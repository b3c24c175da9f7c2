"""The one gate through which whatever is sent goes: paced, and with an outcome instead of an exception."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Message
from telegram.error import TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.outcomes import outcome_of
from bot.adapters.telegram.pacer import Kind, Pacer
from bot.conversation.speech import Accepted, Later, Outcome


class Sender:
    """Sends to chats; `api` is for what is no message and needs no pace."""

    def __init__(self, api: Api, pacer: Pacer) -> None:
        self.api, self._pacer = api, pacer

    async def call(self, chat: int, kind: Kind, method: str, parameters: dict[str, Any]) -> Outcome:
        """Call a method that sends or edits one message in `chat`."""
        return await self.paced(chat, kind, lambda: self.api.call(method, {"chat_id": chat, **parameters}))

    async def paced(self, chat: int, kind: Kind, sending: Callable[[], Awaitable[object]], places: int = 1) -> Outcome:
        """Await the chat's turn, then `sending`, which makes so many messages."""
        await self._pacer.turn(chat, kind, places)
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
