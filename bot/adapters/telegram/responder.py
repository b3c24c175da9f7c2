"""Answers to what moderators and admins did, in their chat or in one's own.

Its rule: a tap is answered first and once; a screen is drawn before anything is said, so that what raises says nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.adapters.telegram.drawing import Drawn, draw_staff, draw_toast, message_of
from bot.adapters.telegram.outbound import Origin, Outbound
from bot.adapters.telegram.pacer import Kind
from bot.adapters.telegram.sender import Sender, persist
from bot.conversation.errands import Response
from bot.conversation.speech import Accepted, Outcome
from bot.locales.catalogue import Catalogue


class Responder:
    """Speaks the moderators' language."""

    def __init__(
        self,
        sender: Sender,
        outbound: Outbound,
        catalogue: Catalogue,
        *,
        protect: bool,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._sender, self._outbound, self._catalogue = sender, outbound, catalogue
        self._protect, self._sleep = protect, sleep

    async def respond(self, origin: Origin, response: Response) -> tuple[int, ...]:
        """Say what an errand brought; return the messages that were sent for it."""
        over = draw_staff(response.over, self._catalogue) if response.over else None
        new = [draw_staff(screen, self._catalogue) for screen in (response.first, response.new) if screen]
        if origin.query:
            toast = draw_toast(response.toast, self._catalogue) if response.toast else ""
            await self._outbound.settle(origin.query, toast, self._door(response.opens))
        if over:
            await self._redraw(origin, over)
        return tuple([message for drawn in new for message in await self._send(origin, drawn)])

    def _door(self, code: str) -> str:
        return f"https://t.me/{self._sender.api.username}?start={code}" if code else ""

    async def _redraw(self, origin: Origin, drawn: Drawn) -> None:
        edit = {"message_id": origin.message, **message_of(drawn.texts[0], drawn.keyboard)}
        kind = Kind.EDIT if origin.chat < 0 else Kind.ANSWER
        await persist(lambda: self._sender.call(origin.chat, kind, "editMessageText", edit), self._sleep)

    async def _send(self, origin: Origin, drawn: Drawn) -> tuple[int, ...]:
        sent: list[int] = []
        for position, text in enumerate(drawn.texts, start=1):
            keyboard = drawn.keyboard if position == len(drawn.texts) else None
            sending = partial(self._say, origin, message_of(text, keyboard))
            outcome = await persist(sending, self._sleep)
            if not isinstance(outcome, Accepted):
                break
            sent += outcome.messages
        return tuple(sent)

    async def _say(self, origin: Origin, message: dict[str, Any]) -> Outcome:
        how = message | self._how(origin)
        return await self._sender.call(origin.chat, Kind.ANSWER, "sendMessage", how)

    def _how(self, origin: Origin) -> dict[str, Any]:
        how: dict[str, Any] = {"protect_content": self._protect}
        if origin.message:
            how["reply_parameters"] = {"message_id": origin.message, "allow_sending_without_reply": True}
        if origin.thread:
            how["message_thread_id"] = origin.thread
        return how
