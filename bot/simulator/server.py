"""The Bot API over HTTP: how a request is read, meets its faults, is carried out and answered.

Parameters come as Telegram takes them: in the query, as a form, as multipart with files, or as JSON; by GET or POST.
The path for one request is kept short, since benchmarks drive thousands of them through it.
"""

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.simulator.errors import Refused, bad_request, flooded, not_found, too_large, unauthorized
from bot.simulator.faults import Fault
from bot.simulator.methods import BY_NAME, refuse_unsimulated
from bot.simulator.methods.media import Parameters
from bot.simulator.spec import Method, Mismatch, Specification, Upload
from bot.simulator.world import World

LARGEST_REQUEST = 52 * 1024 * 1024
TOKEN = re.compile(r"[1-9]\d*:[\w-]{20,}")
CHAT = re.compile(r"-?\d{1,18}")
JSON_TYPE = "application/json"
GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)
BEFORE = frozenset(("flood", "server_error", "bad_gateway", "refused"))
DOWNLOAD = "download"
# As Telegram does: whatever is not ASCII is escaped, so that half a surrogate pair can be told as well.
encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(slots=True)
class Call:
    """One request of the bot: what it asked, with typed parameters, and what was answered.

    `error` is the refusal; `fault` the kind of fault it met (see `faults` for which of them leave it undone).
    """

    method: str
    parameters: dict[str, Any]
    at: float
    result: Any = None
    error: Refused | None = None
    fault: str | None = None


class BotApi:
    """Serves `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World, specification: Specification) -> None:
        self.world = world
        self.specification = specification
        self.calls: deque[Call] = deque(maxlen=world.keep)
        """The transcript, oldest first."""
        self.counts: dict[str, int] = {}
        """How often each method was asked, never forgotten."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/file/bot{token}/{path:.+}", self.download),
            web.route("*", "/bot{token}/{method}", self.handle),
        ]

    def names(self) -> list[str]:
        """What faults can strike: the methods that are simulated, and downloads."""
        return [*BY_NAME, DOWNLOAD]

    async def download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.world.token:
            return _stranger(request.match_info["token"])
        fault = self.world.faults.next(DOWNLOAD)
        await self._delay(fault)
        file = self.world.files.get(request.match_info["path"])
        return await _met(request, fault, web.Response(body=file.data) if file else _answer(not_found()))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.world.token:
            return _stranger(request.match_info["token"])
        method = self.specification.methods.get(request.match_info["method"].lower())
        if method is None:
            return _answer(not_found())
        if method.name not in BY_NAME:
            return _answer(Refused(404, f"Not Found: {method.name} is not simulated"))
        call = Call(method.name, {}, self.world.clock())
        fault = await self._carry_out(request, method, call)
        await self._delay(fault)
        answer = _answer(call.error) if call.error else _json(200, {"ok": True, "result": call.result})
        return await _met(request, fault, answer)

    async def _carry_out(self, request: web.Request, method: Method, call: Call) -> Fault | None:
        """Read the request and do what it asks, unless a fault strikes before; the transcript has it in any case."""
        fault = None
        try:
            call.parameters = await self._read(request)
            fault = self.world.faults.next(method.name, _chat(call.parameters))
            call.fault = fault.kind if fault else None
            self._note(call)
            if call.fault in BEFORE:
                return fault
            call.parameters = parameters = _checked(method, call.parameters)
            result = BY_NAME[method.name](self.world, parameters)
            call.result = await result if isawaitable(result) else result
        except Refused as refusal:
            call.error = refusal
        self.world.notify()
        return fault

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self.counts[call.method] = self.counts.get(call.method, 0) + 1
        self.world.notify()

    async def _read(self, request: web.Request) -> dict[str, Any]:
        """All parameters of a request, as text or uploads, from wherever they stand."""
        given: dict[str, Any] = dict(request.query) if request.query_string else {}
        if not request.body_exists:
            return given
        try:
            return given | await _body(request)
        except web.HTTPRequestEntityTooLarge:
            raise too_large() from None
        except (ValueError, TypeError):
            raise bad_request("can't parse the request's body") from None

    async def _delay(self, fault: Fault | None) -> None:
        seconds = self.world.faults.latency + (fault.seconds if fault and fault.kind == "slow" else 0)
        if seconds:
            await asyncio.sleep(seconds)


def _chat(parameters: dict[str, Any]) -> int | None:
    """The chat that a request names by its number, before its parameters are checked."""
    named = str(parameters.get("chat_id", ""))
    return int(named) if CHAT.fullmatch(named) else None


def _stranger(token: str) -> web.Response:
    """The answer to a token that is not the bot's: what does not even look like one is just not found."""
    return _answer(unauthorized() if TOKEN.fullmatch(token) else not_found())


async def _met(request: web.Request, fault: Fault | None, answer: web.Response) -> web.StreamResponse:
    """What is left of an answer when it meets the fault."""
    if fault is None or fault.kind == "slow":
        return answer
    return _struck(request, fault) if fault.kind in BEFORE else await _cut(request, fault, answer)


async def _cut(request: web.Request, fault: Fault, answer: web.Response) -> web.StreamResponse:
    """Send half of the answer or none, then drop the connection."""
    if fault.kind == "half_sent":
        assert isinstance(answer.body, bytes)
        half = web.StreamResponse(
            headers={"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        )
        await half.prepare(request)
        await half.write(answer.body[: len(answer.body) // 2])
    _drop(request)
    return answer


async def _body(request: web.Request) -> dict[str, Any]:
    match request.content_type:
        case "application/x-www-form-urlencoded":
            return dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        case "application/json":
            loaded = json.loads(await request.read() or b"{}")
            return dict(loaded)
        case "multipart/form-data":
            return {name: _field(value) for name, value in (await request.post()).items()}
    return {}


def _field(value: str | bytes | bytearray | web.FileField) -> str | Upload:
    if isinstance(value, web.FileField):
        with value.file as file:  # aiohttp leaves it open when the caller has hung up
            return Upload(value.filename, file.read(), value.content_type)
    return value if isinstance(value, str) else bytes(value).decode()


def _checked(method: Method, given: dict[str, Any]) -> Parameters:
    """Typed parameters and the files beside them, or the refusal that names what does not belong."""
    attachments = {
        name: value for name, value in given.items() if isinstance(value, Upload) and name not in method.read
    }
    try:
        parameters = Parameters(method.parameters({name: given[name] for name in given if name not in attachments}))
        _check_attached(attachments, given)
    except Mismatch as mismatch:
        raise bad_request(f"parameter {mismatch}") from None
    parameters.attachments = attachments
    refuse_unsimulated(parameters)
    return parameters


def _check_attached(attachments: dict[str, Upload], given: dict[str, Any]) -> None:
    """A file that no parameter refers to is as unknown as any other parameter."""
    texts = [
        value if isinstance(value, str) else encode(value) for value in given.values() if not isinstance(value, Upload)
    ]
    for name in attachments:
        if not any(f"attach://{name}" in text for text in texts):
            raise Mismatch(name, "is no parameter, and nothing refers to it")


def _struck(request: web.Request, fault: Fault) -> web.Response:
    """The answer of a fault that strikes before anything is carried out."""
    if fault.kind == "flood":
        return _answer(flooded(int(fault.seconds)))
    if fault.kind == "server_error":
        return _answer(Refused(500, "Internal Server Error"))
    if fault.kind == "refused":
        _drop(request)
    return web.Response(status=502, text=GATEWAY_PAGE, content_type="text/html")


def _drop(request: web.Request) -> None:
    """Close the connection; what was written before still goes out."""
    if request.transport:
        request.transport.close()


def _answer(refusal: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    answer = _json(refusal.code, body)
    if "retry_after" in refusal.parameters:
        answer.headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return answer


def _json(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=encode(body).encode(), headers={"Content-Type": JSON_TYPE})
