"""Files that reporters sent, fetched while Telegram has them."""

from typing import Final

from telegram.error import TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.outcomes import outcome_of
from bot.conversation.speech import Later, Outcome

DOWNLOAD_MOST: Final = 20 * (1 << 20)
"""More than that Telegram gives no bot."""


class Source:
    def __init__(self, api: Api, most: int = DOWNLOAD_MOST) -> None:
        self._api, self._most = api, most

    async def fetch(self, file: str) -> bytes | Outcome:
        """The bytes of a file, or why they cannot be had: `Unfit("too_big")`, or `Later` for what may pass."""
        try:
            match await self._api.call("getFile", {"file_id": file}):
                case {"file_path": str(path)}:
                    return await self._api.download(path, self._most)
                case _:
                    return Later()
        except TelegramError as error:
            return outcome_of(error)
