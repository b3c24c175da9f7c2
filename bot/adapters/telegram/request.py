"""The library's way to the Bot API, over aiohttp.

Its rule: addresses hold the token, so no address, and no exception that could show one, leaves this module; neither
does an answer that could not be read, since it may hold somebody's words.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final, TypedDict

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CHUNK_BYTES: Final = 1 << 16
FLOOD_MOST: Final = 86_400.0
"""Seconds: nobody is made to wait longer by one number in an answer; who is still not heard then is told so again."""

Seconds = ODVInput[float]


class _Body(TypedDict, total=False):
    """What aiohttp is given to send."""

    data: bytes | aiohttp.FormData
    headers: dict[str, str]


class Flood(RetryAfter):
    """Telegram asks to wait for `seconds`. The library's own constructor warns about a unit that we do not use."""

    def __init__(self, seconds: float) -> None:
        TelegramError.__init__(self, f"Flood control exceeded. Retry in {seconds} seconds")
        self._retry_after = timedelta(seconds=seconds)
        self.seconds = seconds


class Unreached(NetworkError):
    """No connection came about: nothing was sent."""

    def __init__(self) -> None:
        super().__init__("Connection failed")


class Unreadable(NetworkError):
    """An answer is none, or of another shape than is asked for; what it is stays untold."""

    def __init__(self) -> None:
        super().__init__("Invalid server response")


class TooLarge(TelegramError):
    """A file is larger than what is taken."""

    def __init__(self) -> None:
        super().__init__("File is too big")


class AiohttpRequest(BaseRequest):
    """One connection pool. `connections` requests are under way at most; the rest wait in order, without a limit.

    Times are seconds: `connect` for a new connection, `read` for the answer, `write` for what is sent.
    """

    __slots__ = ("_connect", "_connections", "_places", "_read", "_session", "_write")

    def __init__(self, connections: int, *, connect: float = 5, read: float = 10, write: float = 120) -> None:
        self._connections = connections
        self._connect, self._read, self._write = connect, read, write
        # A place is waited for before the pool, whose own waiting list costs more the longer it is.
        self._places = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(
                connector=connector,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - a place is waited for in any case
    ) -> tuple[int, bytes]:
        """Send one request; return its status and body. Raises the library's errors."""
        limits = self._timeout(connect_timeout, read_timeout, write_timeout, files=_has_files(request_data))
        async with self._answer(method, url, limits, _body(request_data)) as answer:
            body = await answer.read()
        return answer.status, body if answer.status < HTTPStatus.BAD_REQUEST else _refusal(answer.status, body)

    async def download(self, url: str, most: int) -> bytes:
        """Fetch a file of at most `most` bytes. Raises `TooLarge` as soon as it is known to be larger."""
        limits = self._timeout(self.DEFAULT_NONE, self._write, 0, files=False)
        async with self._answer("GET", url, limits, {}) as answer:
            if answer.status != HTTPStatus.OK:
                raise NetworkError(f"File not served ({answer.status})")
            if (answer.content_length or 0) > most:
                raise TooLarge
            return await _at_most(most, answer.content)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; the library's own would log what it cannot read."""
        answer = _parsed(payload)
        if isinstance(answer, dict) and "result" in answer:
            return answer
        raise Unreadable

    def _timeout(self, connect: Seconds, read: Seconds, write: Seconds, *, files: bool) -> aiohttp.ClientTimeout:
        seconds = _given(connect, self._connect) + _given(read, self._read)
        if files:
            seconds += _given(write, self._write)
        return aiohttp.ClientTimeout(total=seconds, sock_connect=_given(connect, self._connect))

    @asynccontextmanager
    async def _answer(
        self, method: str, url: str, limits: aiohttp.ClientTimeout, body: _Body
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise NetworkError("The connection is closed")
        async with self._places:
            try:
                async with self._session.request(method, url, timeout=limits, **body) as answer:
                    yield answer
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                raise Unreached from None
            except TimeoutError:
                raise TimedOut from None
            except (aiohttp.ClientError, OSError) as trouble:
                raise NetworkError(f"Connection failed: {type(trouble).__name__}") from None


def _given(value: Seconds, default: float) -> float:
    return default if isinstance(value, DefaultValue) or value is None else float(value)


def _has_files(data: RequestData | None) -> bool:
    return data is not None and data.contains_files


def _body(data: RequestData | None) -> _Body:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": data.json_payload, "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        # Of large bytes aiohttp warns; a stream it sends bit by bit.
        form.add_field(
            name, BytesIO(content) if isinstance(content, bytes) else content, filename=filename, content_type=kind
        )
    return {"data": form}


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """What a body says; None where it is no JSON, or none that can be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refusal(status: int, body: bytes) -> bytes:
    """The body of a refusal with what the library reads of one, of the types that it takes for granted.

    Raises what the library would report with the body in its message, or would take for a passing fault.
    """
    match _parsed(body):
        case {"description": str(), "parameters": {"retry_after": int() | float() as seconds}} if seconds > 0:
            raise Flood(min(seconds, FLOOD_MOST))
        case _ if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("Request Entity Too Large")
        case {"description": str(sentence), "parameters": {"migrate_to_chat_id": int(chat)}}:
            parameters = {"migrate_to_chat_id": chat}
        case {"description": str(sentence)}:
            parameters = {}
        case _:
            raise NetworkError(f"Server trouble ({status})")
    return json.dumps({"description": sentence, "parameters": parameters, "result": None}).encode()


async def _at_most(most: int, content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for chunk in content.iter_chunked(CHUNK_BYTES):
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)
