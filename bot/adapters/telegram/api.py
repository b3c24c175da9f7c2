"""The library's bot, as this adapter uses it: typed methods for what is rare, plain calls for what happens all day."""

from typing import Any, Final

from telegram import Bot, User
from telegram.error import InvalidToken

from bot.adapters.telegram.request import AiohttpRequest, Unreadable

PUBLIC_SERVER: Final = "https://api.telegram.org"


class Api(Bot):
    """A bot that never shows its token."""

    def __init__(self, token: str, server: str = PUBLIC_SERVER, *, connections: int = 64) -> None:
        self._files = AiohttpRequest(4)
        super().__init__(
            token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=AiohttpRequest(connections),
            get_updates_request=AiohttpRequest(1),
        )

    def __repr__(self) -> str:
        return "Api()"

    async def initialize(self) -> None:
        try:
            await self._files.initialize()
            await super().initialize()
        except InvalidToken:
            # The library's message holds the token.
            raise InvalidToken("The token was refused") from None

    async def get_me(self, *_: Any, **__: Any) -> User:
        """Who the bot is: as much of the answer as is used. The library's own raises anything over what is no bot."""
        match await self.call("getMe", {}):
            case {"id": int(number), "first_name": str(name), "username": str(username)}:
                self._bot_user = User(number, name, is_bot=True, username=username)
                return self._bot_user
        raise Unreadable

    async def shutdown(self) -> None:
        await super().shutdown()
        await self._files.shutdown()

    async def call(self, method: str, parameters: dict[str, Any], *, read: float | None = None) -> Any:  # noqa: ANN401 - JSON
        """Call a Bot API method and return its result as JSON, without the objects nobody looks at.

        Raises the library's errors; `read` is how many seconds to wait for the answer.
        """
        return await self._post(method, parameters, read_timeout=read)

    async def download(self, path: str, most: int) -> bytes:
        """Fetch the file that `getFile` said is at `path`, of at most `most` bytes."""
        return await self._files.download(f"{self.base_file_url}/{path}", most)
