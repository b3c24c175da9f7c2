"""The floor: the requests alone, by aiohttp and without any library for bots. It keeps nothing and reads nothing."""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp

from bench.contestants import Place


def run(place: Place) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(_work(f"{place.api_url}/bot{place.token}"))


async def _work(bot: str) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, asyncio.TaskGroup() as tasks:
        offset = 0
        while True:
            for update in await _call(session, f"{bot}/getUpdates", offset=offset, timeout=50):
                offset = update["update_id"] + 1
                chat = update["message"]["chat"]["id"]
                tasks.create_task(_call(session, f"{bot}/sendMessage", chat_id=chat, text="Terima kasih."))


async def _call(session: aiohttp.ClientSession, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
    async with session.post(method, json=parameters) as answer:
        return (await answer.json())["result"]
