"""The statements of `queries/*.sql` as functions, and what a transaction is to them.

Rule: one statement, one hop. Every await on aiosqlite is a hop to its thread and back, so what runs per event
is one statement for many rows, and the adapter below fetches in the same hop that executes.
"""

import json
import sqlite3
from collections.abc import AsyncGenerator, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import aiosql
import aiosqlite
from aiosql.adapters.aiosqlite import AioSQLiteAdapter

Transaction: TypeAlias = aiosqlite.Connection
"""A connection inside `Database.transaction()` or `Database.reading()`."""

_QUERIES = Path(__file__).parent / "queries"
_Row: TypeAlias = sqlite3.Row
_Values: TypeAlias = Mapping[str, object]


@cache
def queries(name: str, **names: str) -> Any:  # noqa: ANN401 - aiosql makes the functions out of the file
    """Functions of `queries/<name>.sql`, read at the first call; `names` of ours, of tables and columns, go into it."""
    text = (_QUERIES / f"{name}.sql").read_text()
    return aiosql.from_str(text.format_map(names) if names else text, _OneHop)  # type: ignore[arg-type] # counts rows


def array(values: Iterable[int | str]) -> str:
    """Many values as one parameter, for `json_each`."""
    return json.dumps(list(values))


class _OneHop(AioSQLiteAdapter):
    """aiosql's adapter takes two or three hops a statement, this one takes one.

    Cursors are dropped, not closed: a statement that ran to its end holds nothing.
    """

    async def select(
        self, conn: Transaction, _name: str, sql: str, parameters: _Values, _record: object = None
    ) -> AsyncGenerator[_Row, None]:
        for row in await conn.execute_fetchall(sql, parameters):
            yield row

    async def select_one(
        self, conn: Transaction, _name: str, sql: str, parameters: _Values, _record: object = None
    ) -> _Row | None:
        return next(iter(await conn.execute_fetchall(sql, parameters)), None)

    async def select_value(self, conn: Transaction, name: str, sql: str, parameters: _Values) -> object:
        row = await self.select_one(conn, name, sql, parameters)
        return row and row[0]

    async def insert_update_delete(self, conn: Transaction, _name: str, sql: str, parameters: _Values) -> int:
        return (await conn.execute(sql, parameters)).rowcount

    async def insert_update_delete_many(
        self, conn: Transaction, _name: str, sql: str, parameters: Iterable[_Values]
    ) -> int:
        return (await conn.executemany(sql, parameters)).rowcount
