"""A bot's services on a real database, with a clock, chance, chats and a moderators' channel that a test holds."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from bot import regions
from bot.conversation.events import Arrival, Chose, Command, Commanded, Event, Typed
from bot.conversation.post import Exhibit, Piece, Place, Post
from bot.conversation.screens import Line, Reply, Screen
from bot.conversation.speech import Accepted, Outcome
from bot.conversation.world import Rules
from bot.locales.lexicon import LANGUAGES, lexicon
from bot.services.context import Context
from bot.services.debts import Noted
from bot.services.intake import Intake
from bot.services.route import Route
from storage import keyring
from storage.database import Database
from storage.purposes import Secrets
from storage.vault import Vault

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RULES = Rules("Lembaga", "halo@lembaga.example", "Pilkada", LANGUAGES, 72, 90, 30, 10, 20, forwards_content=True)
MODERATORS = -1001
ADMIN = 900
REGIONS = regions.load()
LEXICON = {language: lexicon(language) for language in LANGUAGES}


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Desk:
    """An intake with its context; `owed` collects the debts that it tells the jobs of."""

    context: Context
    clock: Clock
    owed: list[Noted] = field(default_factory=list)
    updates: int = 0

    def __post_init__(self) -> None:
        self.intake = Intake(self.context, self.owed.extend)

    async def hears(self, chat: int, event: Event, message: int | None = None) -> Reply:
        self.updates += 1
        return await self.intake.handle(Arrival(self.updates, chat, message, event))

    async def taps(self, chat: int, reply: Reply, choice: str, message: int | None = None) -> Reply:
        return await self.hears(chat, tap(reply, choice), message)

    async def reaches_review(
        self,
        chat: int,
        contact: str = "code",
        story: str = "Ia mengajak kami memilih.",
        accused: str = "Kepala dinas",
    ) -> Reply:
        """Answer everything up to the review."""
        reply = await self.hears(chat, Commanded(Command.START), 1)
        for said in ("agree-id", "PNS", Typed(accused), Typed("Jeneponto"), "skip", "2026-11-24", "on-AJAKAN"):
            reply = await (self.taps(chat, reply, said) if isinstance(said, str) else self.hears(chat, said))
        for said in ("next", Typed(story), "next", contact):
            reply = await (self.taps(chat, reply, said) if isinstance(said, str) else self.hears(chat, said))
        return reply


def tap(reply: Reply, choice: str) -> Chose:
    screen = reply.screens[-1]
    assert choice in {offered.code for offered in screen.choices}, f"{choice} is not on the screen"
    return Chose(screen.turn, screen.question, choice)


@asynccontextmanager
async def desk_at(path: Path, clock: Clock | None = None, release_minutes: int = 0) -> AsyncIterator[Desk]:
    """A desk on the database in a folder, made there or found again; its keyring lies beside it."""
    clock = clock or Clock()
    ring = path / "keyring.json"
    if not ring.exists():
        keyring.create(ring, date(2026, 11, 1))
    database = await Database.open(f"sqlite:///{path / 'bisik.db'}")
    try:
        secrets = await Secrets.load(database, Vault.following(ring), clock().date(), RULES.draft_hours)
        route = await Route.load(database, secrets, MODERATORS)
        yield Desk(
            Context(
                database=database,
                secrets=secrets,
                regions=REGIONS,
                lexicon=LEXICON,
                rules=RULES,
                timezone="Asia/Jakarta",
                route=route,
                moderator_language="id",
                admins=(ADMIN,),
                release_minutes=release_minutes,
                now=clock,
                chance=Random(clock().timestamp()),  # noqa: S311 - a test repeats itself
            ),
            clock,
        )
    finally:
        await database.close()


@dataclass
class Chats:
    """Private chats that take what they are told, unless `outcomes` has other plans for the next sendings."""

    said: list[tuple[int, Screen, str]] = field(default_factory=list)
    amended: list[tuple[int, int, Screen]] = field(default_factory=list)
    erased: list[tuple[int, list[int]]] = field(default_factory=list)
    shown: list[tuple[int, Exhibit, bytes]] = field(default_factory=list)
    given: list[tuple[int, str, bytes]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    async def give(self, chat: int, name: str, data: bytes) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.given.append((chat, name, data))
        return Accepted((3000 + len(self.given),))

    async def say(self, chat: int, screen: Screen, language: str) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.said.append((chat, screen, language))
        return Accepted((1000 + len(self.said),))

    async def amend(self, chat: int, messages: Sequence[int], screen: Screen, language: str) -> Outcome:  # noqa: ARG002 - known
        if self.outcomes:
            return self.outcomes.pop(0)
        self.amended.append((chat, messages[-1], screen))
        return Accepted(tuple(messages))

    async def show(self, chat: int, exhibit: Exhibit, data: bytes) -> Outcome:
        self.shown.append((chat, exhibit, data))
        return Accepted((2000 + len(self.shown),))

    async def erase(self, chat: int, messages: Sequence[int]) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.erased.append((chat, list(messages)))
        return Accepted()


@dataclass
class Attending:
    """Takes what is told to chats besides their events."""

    told: list[tuple[int, Reply]] = field(default_factory=list)
    worked: list[int] = field(default_factory=list)

    async def busy(self, chat: int) -> None:
        self.worked.append(chat)

    def say(self, chat: int, reply: Reply) -> None:
        self.told.append((chat, reply))

    @property
    def keys(self) -> list[str]:
        return [line.key for _, reply in self.told for screen in reply.screens for line in screen.lines]


@dataclass
class Moderators:
    """A moderators' chat; a post is cut into its content, each exhibit, and its card. `exhausted`: no plan left."""

    posted: list[tuple[int, Piece, int | None]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    drawn: list[tuple[int, int, Screen]] = field(default_factory=list)
    retracted: list[tuple[int, list[int]]] = field(default_factory=list)
    alerts: list[Line] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    redraws: list[Outcome] = field(default_factory=list)
    asked: list[tuple[int, Screen]] = field(default_factory=list)
    exhausted: asyncio.Event = field(default_factory=asyncio.Event)
    first: int = 1

    def pieces(self, post: Post) -> tuple[Piece, ...]:
        exhibits = [Piece(n, "single", (one,), post.number) for n, one in enumerate(post.exhibits, start=1)]
        card = [Piece(len(exhibits) + 1, "card", payload=post.number)] if post.card else []
        return (Piece(0, "text", payload=post.number), *exhibits, *card)

    def instead(self, piece: Piece) -> Piece:
        return Piece(piece.part, "text", payload="instead")

    async def send(self, place: Place, piece: Piece, files: Mapping[str, bytes]) -> Outcome:
        if self.outcomes:
            outcome = self.outcomes.pop(0)
            if not self.outcomes:
                self.exhausted.set()
            return outcome
        self.posted.append((place.chat, piece, place.reply_to))
        self.files.update(files)
        return Accepted((self.first + len(self.posted) - 1,))

    async def redraw(self, chat: int, message: int, screen: Screen) -> Outcome:
        if self.redraws:
            return self.redraws.pop(0)
        self.drawn.append((chat, message, screen))
        return Accepted()

    async def retract(self, chat: int, messages: Sequence[int], topics: Sequence[int]) -> Outcome:  # noqa: ARG002 - none
        self.retracted.append((chat, list(messages)))
        return Accepted()

    async def ask(self, chat: int, screen: Screen) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.asked.append((chat, screen))
        return Accepted((self.first,))

    async def alert(self, chat: int, lines: Sequence[Line]) -> Outcome:  # noqa: ARG002 - there is one chat only
        if self.outcomes:
            return self.outcomes.pop(0)
        self.alerts += lines
        return Accepted()


async def cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
