"""A bot that dies at any statement, and the platform around it, which does not.

Rule: a death leaves the files as they were on disk before that statement. What the platform took until then it keeps,
and what it has handed over and nobody was done with comes again.
"""

import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from desk import MODERATORS, Chats, Clock, Moderators, desk_at
from office import Office
from staff import BUDI, RINA, Staff

from bot.conversation.case import Case
from bot.conversation.errands import Errand, Person, Pressed, Response
from bot.conversation.events import Arrival, Event
from bot.conversation.post import Piece, Post
from bot.conversation.screens import Reply
from bot.services import cases, phrases, talk
from bot.services.phrases import Phrases
from bot.services.talk import Entry
from storage import outbox, tips

T = TypeVar("T")


class Wall(Moderators):
    """A moderators' chat on which what reporters wrote can be read."""

    def pieces(self, post: Post) -> tuple[Piece, ...]:
        return (Piece(0, "text", payload=str(post.body[-1].values["words"])),)


@dataclass
class Platform:
    """What outlives the bot. The wall's messages are numbered above all that was posted when the bot was furnished."""

    chats: Chats = field(default_factory=Chats)
    wall: Wall = field(default_factory=lambda: Wall(first=1000))

    def remembers(self) -> Callable[[], None]:
        """A way back to what it has taken until now."""
        lists: tuple[list[object], ...] = (self.chats.said, self.wall.posted, self.wall.drawn)  # type: ignore[assignment]
        lengths = [len(one) for one in lists]

        def back() -> None:
            for one, length in zip(lists, lengths, strict=True):
                del one[length:]

        return back


@dataclass
class Home:
    """A folder with a bot's files, and its tips by number: whose each is, and which message its card."""

    folder: Path
    owners: dict[str, int]
    cards: dict[str, int]


async def furnished(folder: Path, reporters: tuple[int, ...]) -> Home:
    """The home of a bot to which these chats have each sent a tip, and which has delivered them."""
    async with desk_at(folder) as desk:
        office = Office(desk)
        owners = {await office.sends(chat, story=f"Cerita {n}."): chat for n, chat in enumerate(reporters)}
        await office.works()
        async with office.context.database.transaction() as tx:
            await phrases.code_of(tx, office.context, Phrases.LABELS, "darurat")
        staff = Staff(office)
        return Home(folder, owners, {number: (await staff.card(number)).message for number in owners})


class Mortal:
    """The bot of a home, in copies of it under `room`; whoever acts goes on with what a death has left."""

    def __init__(self, home: Home, room: Path) -> None:
        self.platform, self.home = Platform(), home
        self._clock, self._updates, self._stack = Clock(), count(50_000), AsyncExitStack()
        self._graves = (room / str(n) for n in count())
        self._folder = next(self._graves)
        shutil.copytree(home.folder, self._folder)

    async def wakes(self) -> None:
        """Open what is on disk, and hear of what is owed, which stands in no order there."""
        self._clock.passes(minutes=1)  # chance is seeded by the time: what was drawn is not drawn again
        desk = await self._stack.enter_async_context(desk_at(self._folder, self._clock))
        self.context, self.office = desk.context, Office(desk, self.platform.chats, self.platform.wall)
        self.staff = Staff(self.office, named=(RINA.user, BUDI.user))
        async with self.context.database.reading() as tx:
            found = [await outbox.read(tx, self.context.secrets, owed_id) for owed_id, _ in await outbox.ids(tx)]
        owed = sorted((one for one in found if one), key=lambda one: (one.kind, one.body))
        desk.owed.extend((one.id, one.kind) for one in owed)

    async def sleeps(self) -> None:
        await self._stack.aclose()

    async def presses(self, by: Person, number: str, code: str, death: int | None = None) -> Response:
        """A button of the card; the platform hands it over again where nobody answered."""
        self._clock.passes(minutes=1)
        errand = Errand(next(self._updates), MODERATORS, self.home.cards[number], by, Pressed(number, code))
        response = await self._through(lambda: self.staff.desk.handle(errand), death)
        response = response or await self.staff.desk.handle(errand)
        assert response
        return response

    async def hears(self, chat: int, event: Event, death: int | None = None) -> Reply:
        """An event in a private chat, handed over again where nobody answered."""
        self._clock.passes(minutes=1)
        arrival = Arrival(next(self._updates), chat, 1, event)
        reply = await self._through(lambda: self.office.desk.intake.handle(arrival), death)
        return reply or await self.office.desk.intake.handle(arrival)

    async def works(self, death: int | None = None) -> list[str]:
        """Work off what is owed, once; the kinds of what is to be tried again, none after a death."""
        return await self._through(self.office.works, death) or []

    async def knows(self, number: str) -> tuple[Case, list[Entry], int | None]:
        """A tip's case, its talk and its address."""
        async with self.context.database.reading() as tx:
            found = await cases.numbered(tx, self.context, number)
            assert found
            said = await talk.of(tx, self.context, found.id)
            return found.case, said, await tips.address(tx, self.context.secrets, found.id)

    async def _through(self, work: Callable[[], Awaitable[T]], death: int | None) -> T | None:
        """What it brings; where it dies before statement number `death`, or after the last, nobody hears of it."""
        if death is None:
            return await work()
        grave, statements, back = next(self._graves), count(), list[Callable[[], None]]()

        def die(_statement: str = "") -> None:
            shutil.copytree(self._folder, grave)
            back.append(self.platform.remembers())

        writer = self.context.database._writer
        await writer.set_trace_callback(lambda statement: die(statement) if next(statements) == death else None)
        await work()
        await writer.set_trace_callback(None)
        if not back:
            die()
        await self.sleeps()
        back[0]()
        self._folder = grave
        await self.wakes()
        return None
