"""The page's server side: static files, the chats as JSON, a stream of what happens, acts and faults.

Everything lies under a random key made for this run, is served on the loopback interface only, and answers only
requests whose Host is this server and whose Origin, if any, is this page: another website can't drive it.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.simulator.acts import Misdirected, perform
from bot.simulator.faults import KINDS
from bot.simulator.methods import profile
from bot.simulator.people import Person
from bot.simulator.server import encode
from bot.simulator.state import Chat, Json, Message, Subject, Tap, User

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

Handler = Callable[["Console", web.Request], Awaitable[web.StreamResponse]]

FILES = {"": "text/html", "style.css": "text/css", "page.js": "text/javascript", "render.js": "text/javascript"}
GUARDS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
LOCAL_NAMES = frozenset(("127.0.0.1", "localhost", "::1"))
ENDED = None
"""In a stream's queue: the server stops."""


@dataclass(slots=True, frozen=True)
class Pane:
    """One chat on the page as some people see it; the first of them acts unless another is chosen.

    `later`: it is not shown before something is said in it.
    """

    key: str
    title: str
    chat: Chat
    people: tuple[Person, ...]
    later: bool = False


def guarded(handler: Handler) -> Handler:
    """Only for this page itself."""

    @wraps(handler)
    async def guard(console: "Console", request: web.Request) -> web.StreamResponse:
        host = urlsplit(f"//{request.host}").hostname
        origin = request.headers.get("Origin")
        strange = origin is not None and origin != f"http://{request.host}"
        if request.match_info["key"] != console.key or host not in LOCAL_NAMES or strange:
            raise web.HTTPNotFound
        return await handler(console, request)

    return guard


class Console:
    def __init__(self, simulator: "Simulator") -> None:
        self.simulator = simulator
        self.key = secrets.token_urlsafe(18)
        self.panes: list[Pane] = []
        self._streams: set[asyncio.Queue[Json | None]] = set()
        simulator.world.watchers.add(self._watch)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/page/{key}/state", self.state),
            web.get("/page/{key}/events", self.events),
            web.get("/page/{key}/counts", self.counts),
            web.get("/page/{key}/media/{path:.+}", self.media),
            web.post("/page/{key}/acts", self.acts),
            web.post("/page/{key}/faults", self.faults),
            web.get("/page/{key}/{file:[a-z.]*}", self.static),
        ]

    def stop(self) -> None:
        """End all streams."""
        for stream in self._streams:
            stream.put_nowait(ENDED)

    @guarded
    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        if name not in FILES:
            raise web.HTTPNotFound
        text = resources.files(__package__).joinpath("page", name or "index.html").read_text(encoding="utf-8")
        return web.Response(text=text, content_type=FILES[name], headers=GUARDS)

    @guarded
    async def state(self, _: web.Request) -> web.StreamResponse:
        faults = {"kinds": KINDS, "methods": sorted(self.simulator.api.names())} | self._trouble()
        panes = [self._pane(pane) for pane in self.panes]
        return _json({"panes": panes, "faults": faults})

    @guarded
    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events, one JSON object each; ends with the server."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **GUARDS})
        stream: asyncio.Queue[Json | None] = asyncio.Queue()
        self._streams.add(stream)
        try:
            await response.prepare(request)
            await response.write(b": ready\n\n")
            while (event := await stream.get()) is not ENDED:
                await response.write(f"data: {encode(event)}\n\n".encode())
        except ConnectionError:
            return response
        finally:
            self._streams.discard(stream)
        return response

    @guarded
    async def counts(self, _: web.Request) -> web.StreamResponse:
        """How often each method was asked, and how many updates wait."""
        return _json({"calls": self.simulator.api.counts, "waiting": len(self.simulator.updates)})

    @guarded
    async def media(self, request: web.Request) -> web.StreamResponse:
        file = self.simulator.world.files.get(request.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        picture = file.path.startswith("photos/")
        kind = "image/jpeg" if picture else "application/octet-stream"
        return web.Response(body=file.data, content_type=kind, headers=GUARDS)

    @guarded
    async def acts(self, request: web.Request) -> web.StreamResponse:
        """A JSON array of acts, done in order (see `acts`)."""
        try:
            for act in await request.json():
                perform(self.simulator, act)
        except Misdirected as trouble:
            return _json({"error": str(trouble)}, status=400)
        return _json({})

    @guarded
    async def faults(self, request: web.Request) -> web.StreamResponse:
        """`{"clear": true}`, `{"latency": s}`, `{"clock_skew": s}`, `{"limits": bool}` or a fault to plan."""
        asked = await request.json()
        faults = self.simulator.faults
        if asked.get("clear"):
            faults.clear()
        faults.latency = asked.get("latency", faults.latency)
        faults.clock_skew = asked.get("clock_skew", faults.clock_skew)
        self.simulator.limits.enabled = asked.get("limits", self.simulator.limits.enabled)
        if "kind" in asked:
            faults.add(asked["kind"], asked.get("method"), asked.get("times", 1), asked.get("seconds", 1))
        return _json(self._trouble())

    def _trouble(self) -> Json:
        faults = self.simulator.faults
        planned = [{"kind": fault.kind, "method": fault.method, "times": fault.times} for fault in faults.planned]
        limits = self.simulator.limits.enabled
        return {"planned": planned, "latency": faults.latency, "clock_skew": faults.clock_skew, "limits": limits}

    def _pane(self, pane: Pane) -> Json:
        return {
            "key": pane.key,
            "title": pane.title,
            "chat": pane.chat.id,
            "type": pane.chat.type,
            "later": pane.later,
            "blocked": pane.chat.bot.status == "kicked",
            "people": [self._actor(pane, person) for person in pane.people],
            "messages": [shown(message, pane) for message in pane.chat.messages],
        }

    def _actor(self, pane: Pane, person: Person) -> Json:
        menu = profile.menu(self.simulator.world, pane.chat, person.user)
        return {"id": person.user.id, "name": person.user.first_name, "commands": menu}

    def _watch(self, kind: str, subject: Subject) -> None:
        if self._streams:
            for pane in self.panes:
                if _concerns(subject, pane.chat):
                    self._tell({"kind": kind, "pane": pane.key, **self._about(kind, subject, pane)})

    def _about(self, kind: str, subject: Subject, pane: Pane) -> Json:
        if isinstance(subject, Message):
            return {"message": shown(subject, pane)}
        if isinstance(subject, Tap):
            return {"tap": _tap(subject)}
        if isinstance(subject, User):
            return {"people": [self._actor(pane, person) for person in pane.people]}
        return {"action": pane.chat.actions[-1]} if kind == "action" else {"pane_state": self._pane(pane)}

    def _tell(self, event: Json) -> None:
        for stream in self._streams:
            stream.put_nowait(event)


def _concerns(subject: Subject, chat: Chat) -> bool:
    """Whether a pane of that chat shows it; what the bot changes about itself concerns all."""
    if isinstance(subject, User):
        return True
    return chat is (subject if isinstance(subject, Chat) else subject.chat)


def shown(message: Message, pane: Pane) -> Json:
    """A message as the page draws it."""
    api: dict[str, Any] = message.api
    own = message.sender is not None and message.sender in [person.user for person in pane.people]
    picked = ("date", "media_group_id", "location", "contact", "poll", "dice")
    return {
        "id": message.id,
        "own": own and not message.from_bot,
        "text": message.text,
        "entities": message.entities,
        "keyboard": message.keyboard,
        "edited": message.edited,
        "protected": message.protected,
        "kind": message.kind,
        "forwarded": "forward_origin" in api,
        "reply": _reply(api.get("reply_to_message")),
        "media": _media(message),
        **{key: api[key] for key in picked if key in api},
    }


def _reply(replied: Json | None) -> Json | None:
    if replied is None:
        return None
    text: str = replied["text"] if "text" in replied else replied.get("caption", "")
    return {"id": replied["message_id"], "text": text[:80]}


def _media(message: Message) -> Json | None:
    if message.media is None:
        return None
    file = message.media.files[-1]
    api = message.media.api
    facts: Json = api[-1] if isinstance(api, list) else api
    picked: Json = {key: facts[key] for key in ("width", "height", "file_name", "mime_type") if key in facts}
    return {"url": f"media/{file.path}", "size": len(file.data), **picked}


def _tap(tap: Tap) -> Json:
    answer = tap.answer or {}
    _, _, start = answer.get("url", "").partition("?start=")
    told = {"text": answer.get("text", ""), "alert": answer.get("show_alert", False), "start": start}
    return {"message": tap.message.id, "person": tap.user.id, **told}


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(text=encode(body), status=status, content_type="application/json", headers=GUARDS)
