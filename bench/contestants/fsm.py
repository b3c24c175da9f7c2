"""The usual aiogram bot: its finite-state machine, with each state and answer on the disk before the next question.

aiogram ships storages in memory, for Redis and for MongoDB, and none in a file: `SqliteStorage` is the thinnest that
keeps the contract of `BaseStorage`. All else is as its documentation has it: updates side by side, its own requests.
One wish: `requests` takes ours instead. With them comes python-telegram-bot, whose code then counts as memory held.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Final

import aiosqlite
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder, StateType, StorageKey
from aiogram.types import Message

from bench.contestants import Place
from bench.contestants.interview import QUESTIONS

SCHEMA: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE fsm (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
PUT: Final = "INSERT INTO fsm VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
GET: Final = "SELECT value FROM fsm WHERE key = ?"


class SqliteStorage(BaseStorage):
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection, self._keys = connection, DefaultKeyBuilder()

    @classmethod
    async def open(cls, path: Path) -> "SqliteStorage":
        # Each statement is a transaction of its own, and on the disk when it has ended.
        connection = await aiosqlite.connect(path, isolation_level=None)
        await connection.executescript(SCHEMA)
        return cls(connection)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        value = state.state if isinstance(state, State) else state
        await self._connection.execute(PUT, (self._keys.build(key, "state"), value))

    async def get_state(self, key: StorageKey) -> str | None:
        return await self._value(self._keys.build(key, "state"))

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._connection.execute(PUT, (self._keys.build(key, "data"), json.dumps(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return json.loads(await self._value(self._keys.build(key, "data")) or "{}")

    async def close(self) -> None:
        await self._connection.close()

    async def _value(self, key: str) -> str | None:
        rows = await self._connection.execute_fetchall(GET, (key,))
        return next((row[0] for row in rows), None)


class Interview(StatesGroup):
    """Each is named for what has just been asked."""

    consent = State()
    status = State()
    person = State()
    region = State()
    place = State()
    happened = State()
    noticed = State()
    conduct = State()
    more_conduct = State()
    story = State()
    evidence = State()
    contact = State()


def run(place: Place, *wishes: str) -> None:
    logging.basicConfig(level=logging.ERROR)  # that it was asked to stop is a warning to it
    asyncio.run(_work(place, _carried if "requests" in wishes else _stock))


async def _work(place: Place, session_at: Callable[[Place], BaseSession]) -> None:
    dispatcher = Dispatcher(storage=await SqliteStorage.open(place.folder / "fsm.db"))
    dispatcher.message.register(_start, CommandStart())
    states = Interview.__states__
    for asked, following, question in zip(states, (*states[1:], None), QUESTIONS[1:], strict=True):
        dispatcher.message.register(_taking(asked, following, question), asked)
    async with session_at(place) as session:
        await dispatcher.start_polling(Bot(place.token, session=session))


def _stock(place: Place) -> BaseSession:
    return AiohttpSession(api=TelegramAPIServer.from_base(place.api_url))


def _carried(place: Place) -> BaseSession:
    # Only whoever wishes for our requests is to hold the library that they are made for.
    from bench.contestants.carried import Api, CarriedSession  # noqa: PLC0415

    return CarriedSession(Api(place.token, place.api_url))


async def _start(message: Message, state: FSMContext) -> None:
    await state.set_state(Interview.consent)
    await message.answer(QUESTIONS[0])


def _taking(asked: State, following: State | None, question: str) -> Callable[..., Coroutine[Any, Any, None]]:
    async def take(message: Message, state: FSMContext) -> None:
        await state.update_data({str(asked.state): message.text})
        await state.set_state(following)
        await message.answer(question)

    return take
