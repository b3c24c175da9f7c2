"""The simulator as tests, the demo and benchmarks hold it: a world, its people, and the server in front of it."""

import random
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import web

from bot.simulator import spec
from bot.simulator.console import Console, Pane
from bot.simulator.errors import Refused
from bot.simulator.faults import Faults
from bot.simulator.limits import Limits
from bot.simulator.people import Person
from bot.simulator.server import LARGEST_REQUEST, BotApi, Call
from bot.simulator.state import Chat, Member, User
from bot.simulator.updates import UpdateQueue
from bot.simulator.world import World

T = TypeVar("T")

BOT_ID = 70001
HOST = "127.0.0.1"
GRACE = 0.1
"""Seconds that requests under way get when the server stops."""


class Simulator:
    """One simulated Telegram, served on the loopback interface."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: dict[int, Person] = {}
        self.api = BotApi(world, spec.load())
        self.api_url = ""
        """To be used as BISIK_TELEGRAM_API_URL, with `token`."""
        self.console = Console(self)

    @classmethod
    @asynccontextmanager
    async def start(  # noqa: PLR0913 -- each has its default
        cls,
        *,
        host: str = HOST,
        port: int = 0,
        token: str | None = None,
        clock: Callable[[], float] = time.time,
        keep: int | None = None,
        seed: int | None = None,
    ) -> AsyncIterator["Simulator"]:
        """Serve until the block ends.

        `port` 0 takes a free one; without a `token` each run has a new one; `clock` gives Unix seconds; `keep` bounds
        what is remembered of each chat, of files and of calls; `seed` makes ids repeatable.
        """
        chance = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 -- ids, not secrets
        simulator = cls(World(token or f"{BOT_ID}:{secrets.token_urlsafe(26)}", clock, chance, keep))
        runner = web.AppRunner(simulator.app(), access_log=None, shutdown_timeout=GRACE)
        await runner.setup()
        try:
            await simulator._listen(runner, host, port)
            yield simulator
        finally:
            simulator.console.stop()
            simulator.updates.end_poll(Refused(500, "Internal Server Error: restart"))
            await runner.cleanup()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.add_routes(self.api.routes() + self.console.routes())
        return app

    @property
    def page_url(self) -> str:
        """The page that shows the panes; whoever knows it can act there."""
        return f"{self.api_url}/page/{self.console.key}/"

    def pane(self, key: str, title: str, chat: Chat, *people: Person, later: bool = False) -> None:
        """Show a chat on the page, as these people see it; `later`: not before something is said in it."""
        self.console.panes.append(Pane(key, title, chat, people, later))

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def updates(self) -> UpdateQueue:
        return self.world.updates

    @property
    def calls(self) -> deque[Call]:
        """Every request of the bot, oldest first, with its typed parameters and the answer."""
        return self.api.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def person(self, user_id: int, first_name: str, **named: str | None) -> Person:
        """Somebody who has never met the bot; `last_name`, `username`, `language_code` and `phone` may be given."""
        user = User(user_id, first_name, is_bot=False, **named)
        self.world.users[user_id] = user
        chat = Chat(self.world, user_id, "private", first_name, user.username)
        facts = {key: value for key, value in user.api().items() if key in ("first_name", "last_name", "username")}
        chat.api |= facts
        chat.members[user_id] = Member(user, "member")
        self.world.chats[user_id] = chat
        self.people[user_id] = Person(self.world, user, chat)
        return self.people[user_id]

    def group(self, title: str, owner: Person, *members: Person) -> Chat:
        """A basic group."""
        return self._chat("group", title, owner, members)

    def supergroup(
        self, title: str, owner: Person, *members: Person, username: str | None = None, forum: bool = False
    ) -> Chat:
        """A supergroup; public if it has a username; a forum has topics."""
        chat = self._chat("supergroup", title, owner, members, username)
        chat.is_forum = forum
        if forum:
            chat.api["is_forum"] = True
        return chat

    def channel(
        self, title: str, owner: Person, *subscribers: Person, username: str | None = None, linked: Chat | None = None
    ) -> Chat:
        """A channel; public if it has a username; `linked` is its discussion group."""
        chat = self._chat("channel", title, owner, subscribers, username)
        if linked:
            chat.linked_chat_id, linked.linked_chat_id = linked.id, chat.id
        return chat

    async def settled(self, condition: Callable[[], T | None], timeout: float = 10) -> T:  # noqa: ASYNC109 -- a deadline
        """Wait until the condition gives something true and return it; it is tried again whenever anything happens.

        Raises `TimeoutError` after that many seconds.
        """
        return await self.world.settled(condition, timeout)

    def _chat(
        self, kind: str, title: str, owner: Person, members: tuple[Person, ...], username: str | None = None
    ) -> Chat:
        chat = self.world.new_chat(kind, title, username)
        chat.members = {person.user.id: Member(person.user, "member") for person in members}
        chat.members[owner.user.id] = Member(owner.user, "creator")
        return chat

    async def _listen(self, runner: web.AppRunner, host: str, port: int) -> None:
        site = web.TCPSite(runner, host, port)
        await site.start()
        address: Any = runner.addresses[0]
        self.api_url = f"http://{address[0]}:{address[1]}"
