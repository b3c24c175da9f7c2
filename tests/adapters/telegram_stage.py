"""A simulated Telegram, the adapter before it over real HTTP, and services that only write down what they are told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.channel import Channel
from bot.adapters.telegram.health import Health
from bot.adapters.telegram.inbound import Inbound
from bot.adapters.telegram.outbound import Outbound
from bot.adapters.telegram.pacer import UNLIMITED, Pacer
from bot.adapters.telegram.reception import Hooks, Reception
from bot.adapters.telegram.responder import Responder
from bot.adapters.telegram.sender import Sender
from bot.adapters.telegram.standing import Standing
from bot.conversation.errands import Errand, Response
from bot.conversation.events import Arrival
from bot.conversation.screens import Choice, Reply, Role, Screen, say
from bot.conversation.speech import Moved
from bot.locales.catalogue import Catalogues
from bot.simulator import Simulator

WORDS = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: id\n"

msgid "heard"
msgstr "**Anda:** {words}"

msgid "sorry"
msgstr "Maaf, ada yang salah di pihak kami."

msgid "toast"
msgstr "{words}"

msgid "next"
msgstr "Lanjut"

msgid "tell.amended"
msgstr "Lihat di bawah."

msgid "post.story"
msgstr "**Cerita**"

msgid "post.more"
msgstr "{number} ({part}/{parts})"

msgid "post.exhibit"
msgstr "{number} · Bukti {exhibit}"

msgid "post.link"
msgstr "Bukti {exhibit}: {url}"

msgid "rows"
msgstr "{rows}"

msgid "post.sums"
msgstr "{original} {clean}"

msgid "post.cleaned"
msgstr "{traces}"

msgid "trace.gps"
msgstr "lokasi GPS"

msgid "post.repeat"
msgstr "Kiriman ulang: mungkin sudah ada"

msgid "post.missing"
msgstr "{number} · Bukti {exhibit} tidak bisa dikirim"

msgid "post.tombstone"
msgstr "Dihapus."
"""


class StorageTrouble(Exception):
    """Nothing can be kept at the moment."""


class Fault(Exception):
    """The services have a bug."""


def echo(arrival: Arrival) -> Reply:
    words = getattr(arrival.event, "words", "…")
    move = Choice("next", say("next"), Role.MOVE)
    return Reply("id", (Screen("echo", 1, (say("heard", words=words),), (move,)),))


@dataclass
class Services:
    """Answers every event with its words; `meets` decides what goes wrong before that."""

    moderator_chat: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    spoken: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    shown: list[tuple[int, tuple[int, ...], tuple[str, ...]]] = field(default_factory=list)
    unshown: list[Exception] = field(default_factory=list)
    greeted: list[int] = field(default_factory=list)
    noted: list[Standing | Moved] = field(default_factory=list)
    errands: list[Errand] = field(default_factory=list)
    responses: list[Response | Exception] = field(default_factory=list)
    tries: int = 0
    now: float = 0
    meets: Callable[[Arrival], object] = lambda _: None
    reply: Callable[[Arrival], Reply] = echo
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, arrival: Arrival) -> Reply:
        self.tries += 1
        self._news.set()
        obstacle = self.meets(arrival)
        if isinstance(obstacle, asyncio.Event):
            await obstacle.wait()
        elif isinstance(obstacle, Exception):
            raise obstacle
        self.arrivals.append(arrival)
        self._news.set()
        return self.reply(arrival)

    async def apologise(self, _chat: int) -> Reply:
        return Reply("id", (Screen("", 0, (say("sorry"),)),))

    async def forget(self, updates: tuple[int, ...]) -> None:
        self.told += updates
        self._news.set()

    async def work(self, errand: Errand) -> Response | None:
        self.errands.append(errand)
        self._news.set()
        found = self.responses.pop(0) if self.responses else None
        if isinstance(found, Exception):
            raise found
        return found

    async def moderators(self, news: Standing | Moved) -> None:
        self.noted.append(news)
        self._news.set()

    def spoke(self, chat: int, messages: tuple[int, ...]) -> None:
        self.spoken.append((chat, messages))
        self._news.set()

    async def show(self, chat: int, messages: tuple[int, ...], tips: tuple[str, ...]) -> None:
        self._news.set()
        if self.unshown:
            raise self.unshown.pop()
        self.shown.append((chat, messages, tips))

    async def greet(self, chat: int) -> None:
        self.greeted.append(chat)
        self._news.set()

    async def sleep(self, seconds: float) -> None:
        """Let the tests' own clock go on, without waiting."""
        self.now += seconds
        self._news.set()
        await asyncio.sleep(0)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until it holds; looked at whenever a hook is called."""
        async with asyncio.timeout(20):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def hooks(self) -> Hooks:
        return Hooks(
            handle=self.handle,
            apologise=self.apologise,
            told=self.forget,
            spoke=self.spoke,
            shown=self.show,
            greet=self.greet,
            moderators=self.moderators,
            work=self.work,
            moderator_chat=lambda: self.moderator_chat,
            trouble=(StorageTrouble,),
        )

    def words(self, chat: int) -> list[str]:
        """What was handled of a chat, in order."""
        return [getattr(one.event, "words", type(one.event).__name__) for one in self.arrivals if one.chat == chat]


@dataclass
class Adapter:
    """The whole adapter, wired as the application does it."""

    api: Api
    outbound: Outbound
    channel: Channel
    inbound: Inbound
    health: Health


def wire(simulator: Simulator, services: Services, catalogues: Catalogues, token: str = "") -> Adapter:
    api = Api(token or simulator.token, simulator.api_url)
    health = Health()
    sender = Sender(api, Pacer(UNLIMITED, clock=lambda: services.now, sleep=services.sleep))
    outbound = Outbound(sender, catalogues, health, services.sleep)
    responder = Responder(sender, outbound, catalogues.default, protect=True, sleep=services.sleep)
    reception = Reception(outbound, responder, services.hooks(), health, services.sleep)
    inbound = Inbound(api, reception, health, patience=0.02, sleep=services.sleep)
    return Adapter(api, outbound, Channel(sender, catalogues.default, protect=True), inbound, health)
