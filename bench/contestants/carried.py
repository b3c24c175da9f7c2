"""aiogram's methods, carried by our requests: a session to be opened with `async with`, as `fsm` does.

The interview needs no files, so none are sent or streamed; updates are fetched by a long poll, as by aiogram's own.
"""

from typing import Any, NoReturn, Self

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from telegram.error import TelegramError

from bot.adapters.telegram.api import Api


class CarriedSession(BaseSession):
    """Whatever `Api` reports is a trouble of the network to aiogram: in a bench nothing is refused."""

    def __init__(self, api: Api) -> None:
        super().__init__()
        self._api = api

    async def __aenter__(self) -> Self:
        await self._api.initialize()
        return self

    async def close(self) -> None:
        await self._api.shutdown()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        given = method.model_dump(warnings=False)
        parameters = {name: self.prepare_value(value, bot, files={}) for name, value in given.items()}
        try:
            result = await self._api.call(method.__api_method__, parameters, read=timeout)
        except TelegramError as trouble:
            raise TelegramNetworkError(method, str(trouble)) from None
        # Read as aiogram's own session reads it, so that an answer costs the same.
        read = Response[method.__returning__].model_validate({"ok": True, "result": result}, context={"bot": bot})
        return read.result

    def stream_content(self, *_arguments: Any, **_named: Any) -> NoReturn:
        raise NotImplementedError
