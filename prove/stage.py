"""The whole bot before a simulated Telegram, and people who use it as a phone lets them: by what is on the screen.

Whoever acts waits for conditions, never for a time, so that it does not matter how often something is said.
"""

import asyncio
import io
import os
import re
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PIL import Image

from bot import settings
from bot.adapters.telegram.pacer import UNLIMITED
from bot.app import App
from bot.groundwork import Surroundings
from bot.settings import Settings
from bot.simulator import Chat, Message, Person, Simulator, Stage, demo_stage
from storage import keyring

STORY = "Ia mengajak para guru memilih calon nomor satu saat upacara di halaman sekolah."
RECEIPT = re.compile(r"\b\d{4} \d{4} \d{4} \d{4}\b")
NUMBER = re.compile(r"\b[2-9A-HJ-KM-NP-TV-Z]{4}-[2-9A-HJ-KM-NP-TV-Z]{2}\b")
PATIENCE = 30
UNBOUNDED = 1_000_000
"""Seconds after which a condition that has not come true never will."""
SCREEN = 50
"""So many messages back something may change that somebody waits for."""

Act = Callable[["Phone"], Awaitable[object]]


@dataclass
class Clock:
    """Stands still at the real time, which other processes go by, until it is moved."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Phone:
    """A person's chat with the bot."""

    simulator: Simulator
    person: Person

    @property
    def told(self) -> list[Message]:
        """What the bot has said and is still to be seen, oldest first."""
        return [message for message in self.person.chat.messages if message.from_bot]

    @property
    def screen(self) -> Message | None:
        """The newest message that has buttons."""
        return next((message for message in reversed(self.told) if message.taps), None)

    @property
    def question(self) -> str:
        """The question on the newest screen, or nothing."""
        return question_on(self.screen) if self.screen else ""

    async def waits(self, condition: Callable[[], object]) -> None:
        await self.simulator.settled(condition, PATIENCE)

    async def sees(self, words: str) -> Message:
        """The newest message of the bot with these words, once there is one."""
        await self.waits(lambda: any(words in message.text for message in self.told))
        return next(message for message in reversed(self.told) if words in message.text)

    async def offered(self, choice: str) -> tuple[Message, str]:
        """The newest screen once it offers that choice, and its button's data."""

        def found() -> tuple[Message, str] | None:
            screen = self.screen
            data = screen.taps if screen else []
            return next(((screen, one) for one in data if screen and one.rpartition("|")[2] == choice), None)

        return await self.simulator.settled(found, PATIENCE)

    async def offering(self, act: str, words: str = "") -> Message:
        """The newest message with these words and a button of moderators or admins that does this."""
        return await self.simulator.settled(
            lambda: next((one for one in reversed(self.told) if words in one.text and data_of(one, act)), None),
            PATIENCE,
        )

    async def taps(self, choice: str) -> None:
        """Tap what the newest screen offers, and wait for what comes of it."""
        screen, data = await self.offered(choice)
        await self.arrives(lambda: self.person.taps(screen, data=data))

    async def types(self, words: str) -> None:
        await self.arrives(lambda: self.person.types(words))

    async def arrives(self, act: Callable[[], object]) -> None:
        """Act, and wait until what the bot shows is another than before."""
        before = self._shown()
        act()
        await self.waits(lambda: self._shown() != before)

    async def receipt(self) -> str:
        await self.waits(self.receipts)
        return self.receipts()[-1]

    def receipts(self) -> list[str]:
        return [found[0] for message in self.told if (found := RECEIPT.search(message.text))]

    def _shown(self) -> list[tuple[int, str, list[str]]]:
        return [(message.id, message.text, message.labels) for message in self.told[-SCREEN:]]


def number_of(post: Message) -> str:
    """The number of the tip that a post names, or nothing."""
    found = NUMBER.search(post.text)
    return found[0] if found else ""


def question_on(screen: Message) -> str:
    return screen.taps[0].split("|")[1]


def as_sent(message: Message) -> Message:
    """The message before it was ever edited."""
    return Message(message.chat, message.sender, message.history[0]) if message.history else message


def data_of(message: Message, act: str) -> str:
    """The data of its button that does this, whatever it does it with; or nothing."""
    return next((one for one in message.taps if f"|{act}-" in one), "")


def taps(choice: str) -> Act:
    return lambda phone: phone.taps(choice)


def types(words: str) -> Act:
    return lambda phone: phone.types(words)


def to_the_evidence(accused: str = "Kepala SMP Negeri 2", place: str = "", story: str = STORY) -> list[Act]:
    """All that comes before the evidence."""
    return [
        types("/start"),
        taps("agree-id"),
        taps("PNS"),
        types(accused),
        types("jeneponto"),
        types(place) if place else taps("skip"),
        types("hari ini"),
        taps("on-FOTO"),
        taps("next"),
        types(story),
    ]


def to_the_review(contact: str = "code", **said: str) -> list[Act]:
    return [*to_the_evidence(**said), taps("next"), taps(contact)]


async def does(phone: Phone, acts: list[Act]) -> None:
    for act in acts:
        await act(phone)


async def sends_tip(phone: Phone, contact: str = "code", **said: str) -> str:
    """A whole tip without evidence; its receipt."""
    before = len(phone.receipts())
    await does(phone, [*to_the_review(contact, **said), taps("send")])
    await phone.waits(lambda: len(phone.receipts()) > before)
    return phone.receipts()[-1]


@dataclass
class Scene:
    """A simulated Telegram with its people, and the folder and settings of the bot that works there."""

    simulator: Simulator
    stage: Stage
    folder: Path
    clock: Clock = field(default_factory=Clock)
    left: list[Chat] = field(default_factory=list)
    """Chats that were the moderators' before."""

    def moves(self, chat: Chat) -> None:
        """The moderators are in this chat now."""
        self.left.append(self.stage.channel)
        self.stage = replace(self.stage, channel=chat)

    @property
    def sari(self) -> Phone:
        return Phone(self.simulator, self.stage.sari)

    @property
    def budi(self) -> Phone:
        return Phone(self.simulator, self.stage.budi)

    @property
    def admin(self) -> Phone:
        return Phone(self.simulator, self.stage.admin)

    @property
    def posts(self) -> list[Message]:
        chats = (*self.left, self.stage.channel)
        return [message for chat in chats for message in chat.messages if message.from_bot]

    def cards(self) -> list[Message]:
        """The cards in the channel: what a moderator counts as tips."""
        return [post for post in self.posts if "Kelengkapan" in post.text]

    async def waits(self, condition: Callable[[], object]) -> None:
        await self.simulator.settled(condition, PATIENCE)

    async def delivered(self, cards: int = 1) -> list[Message]:
        """All posts, once so many cards are in the channel."""
        await self.waits(lambda: len(self.cards()) >= cards)
        return self.posts

    def environment(self, **others: str) -> dict[str, str]:
        return {
            "BISIK_TELEGRAM_TOKEN": self.simulator.token,
            "BISIK_TELEGRAM_API_URL": self.simulator.api_url,
            "BISIK_MODERATOR_CHAT_ID": str([*self.left, self.stage.channel][0].id),
            "BISIK_ADMIN_IDS": str(self.stage.admin.user.id),
            "BISIK_OPERATOR_NAME": "Lembaga Pantau",
            "BISIK_OPERATOR_CONTACT": "halo@pantau.example",
            "BISIK_ELECTION": "Pilkada Jeneponto 2031",
            "BISIK_DATABASE_URL": f"sqlite:///{self.folder / 'data' / 'bisik.db'}",
            "BISIK_KEYRING": str(self.folder / "keyring.json"),
            **others,
        }

    def settings(self, **others: str) -> Settings:
        return settings.check(self.environment(**others))

    @asynccontextmanager
    async def bot(self, **others: str) -> AsyncIterator[App]:
        """The bot at work, unpaced and with the scene's clock; it stops in good order at the end."""
        around = Surroundings(now=self.clock, limits=UNLIMITED)
        async with App.open(self.settings(**others), around) as app, running(app):
            yield app


def lets_hurry(app: App) -> None:
    """Let each chat, and all together, do what they like: where the scene's clock stands, all is one minute."""
    flood = app.intake._flood  # noqa: SLF001 - no setting lifts it
    flood.chat_most, flood.strangers_most = UNBOUNDED, UNBOUNDED**2


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    work = asyncio.create_task(app.run())
    try:
        yield
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@asynccontextmanager
async def scene_in(folder: Path) -> AsyncIterator[Scene]:
    async with Simulator.start() as simulator:
        keyring.create(folder / "keyring.json", date(2026, 11, 24))
        yield Scene(simulator, demo_stage(simulator), folder)


def _surroundings(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """The environment of a command, whose temporary files lie in the scene's folder, where they are searched."""
    return {**clean_environment(), "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(folder), **environment}


def clean_environment() -> dict[str, str]:
    """The environment of the tests, without settings of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BISIK_")}


@contextmanager
def process(
    *words: str, environment: dict[str, str], folder: Path, module: str = "bot"
) -> Iterator[subprocess.Popen[bytes]]:
    """A `bisik` command in a process of its own, killed at the end if it still runs; what it says is in `said`."""
    command = [sys.executable, "-m", module, *words]
    with (folder / "said").open("ab") as said:
        started = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=folder, env=_surroundings(environment, folder), stdout=said, stderr=said
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


async def call(*words: str, environment: dict[str, str], folder: Path) -> bytes:
    """A `bisik` command to its end; all that it said, whatever became of it."""
    command, surroundings = (sys.executable, "-m", "bot", *words), _surroundings(environment, folder)
    started = await asyncio.create_subprocess_exec(*command, cwd=folder, env=surroundings, stdout=PIPE, stderr=STDOUT)
    said, _ = await started.communicate()
    return said


def picture(side: int = 320, form: str = "JPEG", **made: object) -> bytes:
    """A picture of noise; another side is another picture."""
    target = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(target, form, **made)
    return target.getvalue()


def picture_with_traces(*traces: str, side: int = 640) -> bytes:
    """A JPEG whose EXIF names a camera, a person and a place, with these words in it."""
    exif = Image.Exif()
    exif[0x010F] = "Nokia"
    exif[0x013B] = " ".join(traces)
    exif[0x010E] = " ".join(traces)
    exif.get_ifd(0x8825).update({1: "S", 2: (5.0, 40.0, 12.0), 3: "E", 4: (119.0, 44.0, 7.0)})
    return picture(side, exif=exif)
