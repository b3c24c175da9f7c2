"""Replies and owed answers on their way to a private chat.

Its rule: a tap is answered once, whatever else happens; what cannot be delivered is counted, never logged.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.cutting import method_of, neutral_name
from bot.adapters.telegram.drawing import ALERT, Drawn, draw_lines, draw_screen, draw_toast, message_of
from bot.adapters.telegram.health import Health
from bot.adapters.telegram.pacer import Kind
from bot.adapters.telegram.sender import CROWDED, Sender, persist, unpaced
from bot.conversation.post import Exhibit
from bot.conversation.screens import Line, Reply, Screen, say
from bot.conversation.speech import Accepted, Outcome, Shut, Unfit
from bot.locales.catalogue import Catalogues

DELETE_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """What a reply answers: `message` is the person's own, or the one whose button was tapped by `query`.

    `thread` is the topic of a forum in which that stands.
    """

    chat: int
    message: int | None = None
    query: str | None = None
    thread: int | None = None


class Outbound:
    """Speaks in private chats."""

    def __init__(
        self,
        sender: Sender,
        catalogues: Catalogues,
        health: Health,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._sender, self._catalogues, self._health, self._sleep = sender, catalogues, health, sleep

    @property
    def api(self) -> Api:
        """What it speaks through."""
        return self._sender.api

    async def answer(self, origin: Origin, reply: Reply) -> tuple[int, ...]:
        """Say a reply, trying again where that may help; return the messages that were sent for it."""
        catalogue = self._catalogues.of(reply.language)
        # All is drawn before anything is said, so that what raises has said nothing.
        drawn = [draw_screen(screen, catalogue) for screen in reply.screens]
        toast = draw_toast(reply.toast, catalogue) if reply.toast else ""
        if origin.query:
            await self.settle(origin.query, toast)
        kind = Kind.GREETING if reply.greets else Kind.ANSWER
        sent: list[int] = []
        for position, screen in enumerate(drawn):
            over = origin.message if origin.query and position == 0 else None
            outcome = await self._show(origin.chat, kind, screen, over)
            if not isinstance(outcome, Accepted):
                self._health.happened("reply_shut" if isinstance(outcome, Shut) else "reply_lost")
                break
            sent += outcome.messages
        return tuple(sent)

    async def settle(self, query: str, toast: str = "", url: str = "") -> None:
        """Answer a tap, so that its button stops waiting; `url` is opened by who tapped."""
        parameters: dict[str, Any] = {"callback_query_id": query} | ({"url": url} if url else {})
        if toast:
            parameters |= {"text": toast, "show_alert": len(toast) > ALERT}
        await persist(lambda: unpaced(self._sender.api.call("answerCallbackQuery", parameters)), self._sleep)

    async def say(self, chat: int, what: Screen | Sequence[Line], language: str) -> Outcome:
        """Say what is owed, with one try; `Accepted` names its messages."""
        catalogue = self._catalogues.of(language)
        drawn = draw_screen(what, catalogue) if isinstance(what, Screen) else draw_lines(what, catalogue)
        return await self._send(chat, drawn)

    async def amend(self, chat: int, messages: Sequence[int], screen: Screen, language: str) -> Outcome:
        """Say something else in these messages, with one try; `Accepted` names them, and those that more words took.

        What fits into fewer stands in the last of them, where the first say so; what says it already is accepted.
        """
        catalogue = self._catalogues.of(language)
        drawn = draw_screen(screen, catalogue)
        spared = draw_lines([say("tell.amended")], catalogue).texts * (len(messages) - len(drawn.texts))
        texts = spared + drawn.texts
        keyboards = (*[None] * (len(texts) - 1), drawn.keyboard)
        for message, text, keyboard in zip(messages, texts, keyboards, strict=False):
            edit = {"message_id": message, **message_of(text, keyboard)}
            outcome = await self._sender.call(chat, Kind.ANSWER, "editMessageText", edit)
            if not isinstance(outcome, Accepted) and outcome != Unfit("same"):
                return outcome
        more = texts[len(messages) :]
        outcome = await self._send(chat, Drawn(more, drawn.keyboard)) if more else Accepted()
        return Accepted((*messages, *outcome.messages)) if isinstance(outcome, Accepted) else outcome

    async def show(self, chat: int, exhibit: Exhibit, data: bytes) -> Outcome:
        """Show a reporter a file of theirs, as the moderators will get it."""
        method, name = method_of(exhibit), neutral_name(exhibit)
        sending = getattr(self._sender.api, f"send_{method}")
        return await self._sender.paced(
            chat, Kind.ANSWER, partial(sending, chat, **{method: data}, filename=name, protect_content=True)
        )

    async def give(self, chat: int, name: str, data: bytes) -> Outcome:
        """Send a file that whoever gets it may save."""
        sending = partial(self._sender.api.send_document, chat, data, filename=name)
        return await self._sender.paced(chat, Kind.ANSWER, sending)

    async def busy(self, chat: int) -> None:
        """Show that something is being worked on; it does not matter whether that succeeds."""
        await unpaced(self._sender.api.call("sendChatAction", {"chat_id": chat, "action": "upload_document"}))

    async def erase(self, chat: int, messages: Sequence[int]) -> Outcome:
        """Delete messages of a private chat; what is gone already, or too old, is passed over."""
        for some in (messages[start : start + DELETE_MOST] for start in range(0, len(messages), DELETE_MOST)):
            outcome = await self._delete(chat, some)
            if isinstance(outcome, Unfit) and len(some) > 1:
                # One that is too old keeps Telegram from deleting any of them.
                outcome = await self._delete_singly(chat, some)
            if not isinstance(outcome, Accepted | Unfit):
                return outcome
        return Accepted()

    async def _delete(self, chat: int, messages: Sequence[int]) -> Outcome:
        gone = {"chat_id": chat, "message_ids": list(messages)}
        return await unpaced(self._sender.api.call("deleteMessages", gone))

    async def _delete_singly(self, chat: int, messages: Sequence[int]) -> Outcome:
        for message in messages:
            outcome = await self._delete(chat, (message,))
            if not isinstance(outcome, Accepted | Unfit):
                return outcome
        return Accepted()

    async def _show(self, chat: int, kind: Kind, drawn: Drawn, over: int | None) -> Outcome:
        if over is not None and len(drawn.texts) == 1:
            edit = {"message_id": over, **message_of(drawn.texts[0], drawn.keyboard)}
            outcome = await persist(lambda: self._sender.call(chat, kind, "editMessageText", edit), self._sleep)
            if isinstance(outcome, Accepted) or outcome == Unfit("same"):
                return Accepted()
            if not isinstance(outcome, Unfit) or outcome == CROWDED:
                return outcome
        return await persist(lambda: self._send(chat, drawn, kind), self._sleep)

    async def _send(self, chat: int, drawn: Drawn, kind: Kind = Kind.ANSWER) -> Outcome:
        sent: list[int] = []
        for position, text in enumerate(drawn.texts, start=1):
            keyboard = drawn.keyboard if position == len(drawn.texts) else None
            outcome = await self._sender.call(chat, kind, "sendMessage", message_of(text, keyboard))
            if not isinstance(outcome, Accepted):
                return outcome
            sent += outcome.messages
        return Accepted(tuple(sent))
