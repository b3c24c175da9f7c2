"""Reporters and moderators whose every trace is recognisable go through everything, failures included; then every byte
that the bot left or sent anywhere is searched for each of them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import HOUR, MINUTE
from bot.simulator import Message
from prove.betrayable import CONTENT, Board, Canary, Desk, Reporter, looks_at_figures
from prove.canaries import found_in
from prove.page import Finding, need
from prove.remains import Transcript, all_that_is_logged, on_disk
from prove.rooms import Room, each_whole, named_apart
from prove.spilled import spilling_into
from prove.stage import Scene, call, lets_hurry, number_of, scene_in
from prove.unpacked import unpacked
from storage import archive_key

SIDE_BY_SIDE = 8
"""Desks, each with reporters one after another: most of what one of them takes is waiting."""
FATES = ("closed", "withdrawn", "forwarded")
"""What becomes of a tip in the end, in turn."""
PUBLIC, PRIVATE, PASSPHRASE = "public.key", "private.key", "passphrase"


@dataclass
class Left:
    """What one run has left: files while it ran and after, its log, what was shown to whom, and all buttons.

    What was printed and what was removed is among the files.
    `receipts` are those of reporters by their ids, `numbers` those of a tip for each fate.
    """

    running: dict[str, bytes]
    stopped: dict[str, bytes]
    log: dict[str, bytes]
    shown: dict[int, dict[str, bytes]]
    buttons: dict[str, bytes]
    receipts: dict[int, str]
    numbers: dict[str, str]

    def kept(self) -> dict[str, bytes]:
        """Files and log, with the names of files, and whatever is packed in them."""
        kept = unpacked(self.running | {f"after {name}": data for name, data in self.stopped.items()} | self.log)
        return {f"kept: {name}": data for name, data in kept.items()}  # its names are not those of what commands made


async def everything(scene: Scene, people: Sequence[Canary], moderators: Sequence[Canary]) -> Left:
    """Each of these people, told by the receipt alone or in their chat, with a moderator who works their tip."""
    ways = ("code", "here")
    reporters = [Reporter(scene, one, ways[n % 2], f"Amplop ke-{n:06}.") for n, one in enumerate(people)]
    transcript, numbers = Transcript(scene.simulator), dict[str, str]()

    async def lane(desk: Desk, first: int) -> None:
        for n in range(first, len(reporters), len(moderators)):
            fate = FATES[n % len(FATES)]
            numbers[fate] = number_of(await _whole(desk, reporters[n], fate))

    health = {"BISIK_HEALTH_FILE": str(scene.folder / "health.json")}
    with spilling_into(scene.folder), all_that_is_logged() as stream:
        async with scene.bot(**health, **archiving(scene)) as app:
            lets_hurry(app)
            board = Board(scene)
            async with asyncio.TaskGroup() as lanes:
                for first, one in enumerate(moderators):
                    lanes.create_task(lane(Desk(scene, board, one), first))
            await looks_at_figures(scene)
            # The hourly round empties the write-ahead log, which has told more until then.
            busy = {f"at work {name}": data for name, data in on_disk(scene.folder / "data").items()}
            for work in (*app.rounds[HOUR], *app.rounds[MINUTE]):
                await work()
            running = busy | on_disk(scene.folder)
        log = {"log": stream.getvalue().encode()}
    stopped = on_disk(scene.folder)
    receipts = {one.canary.id: one.receipt for one in reporters}
    buttons = {"buttons": transcript.buttons()}
    return Left(running, stopped, log, transcript.shown(), buttons, receipts, numbers)


async def _whole(desk: Desk, reporter: Reporter, fate: str) -> Message:
    """A tip from its first word to its end; its card."""
    await reporter.tells()
    card = await desk.works(reporter)
    if fate == "closed":
        await desk.presses(card, "close")
        await desk.scene.waits(lambda: "Selesai" in card.text and "hanya membaca lewat kode" in card.text)
    if fate == "withdrawn":
        await reporter.withdraws()
        await desk.scene.waits(lambda: card.deleted)
    return card


# Commands beside the bot, and all that they make

COUNTED = (
    ("stats", "--json"),
    ("export", "--format", "json"),
    ("export", "--format", "csv"),
    ("export", "--format", "xlsx", "--output", "counts.xlsx"),
    ("verify-audit",),
    ("purge", "--dry-run"),
    ("check",),
    ("backup", "copy.bisik", "--passphrase-file", PASSPHRASE),
)
"""Commands that open no tip."""
OFFICER = ("--to", "bawaslu", "--by", "Penyusun", "--second", "Pemeriksa", "--yes")
ARCHIVED = ("--archive-key", PRIVATE, "--database", "data/bisik.db")
OPENED = (
    ("handover", "{forwarded}", "--output", "opened/forwarded.zip", *OFFICER),
    ("export", "--tips", "--archive-key", PRIVATE, "--output", "opened/archived.zip", "data/bisik.db"),
    ("handover", "{closed}", "--output", "opened/closed.zip", *OFFICER, *ARCHIVED),
)
"""Commands whose files go to others, by what became of a tip."""
READ = (("show", "{forwarded}", "--evidence", "read"),)
"""Shows what moderators see."""


def archiving(scene: Scene) -> dict[str, str]:
    """Settings of a bot with a sealed archive, whose keys are in the scene's folder."""
    if not (scene.folder / PUBLIC).exists():
        archive_key.create(scene.folder / PRIVATE, scene.folder / PUBLIC)
    return {"BISIK_ARCHIVE_PUBLIC_KEY": str(scene.folder / PUBLIC)}


async def commanded(
    scene: Scene, commands: Sequence[Sequence[str]], numbers: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """What each command said, and every file that is there since, packed ones opened."""
    before, environment = on_disk(scene.folder), scene.environment(**archiving(scene))
    called = [[word.format(**numbers or {}) for word in words] for words in commands]
    told = {" ".join(words): await call(*words, environment=environment, folder=scene.folder) for words in called}
    news = {name: data for name, data in on_disk(scene.folder).items() if before.get(name) != data}
    return unpacked(told | news)


# The chapter

FIRST_ID, FIRST_MODERATOR = 6_173_904_582_000, 6_395_126_804_000
"""Ids as long as those of today in SQLite's rows, and long enough to be known in its keys, which take 7 bits a byte."""


async def prove(folder: Path, reporters: int) -> Sequence[Finding]:
    """Let so many people go through everything, then search what is left, sent, said, exported and backed up."""
    people = [_canary("qorizanax", FIRST_ID + n) for n in range(reporters)]
    moderators = [_canary("vexolandra", FIRST_MODERATOR + n) for n in range(min(SIDE_BY_SIDE, reporters))]
    async with scene_in(folder) as scene:
        left = await everything(scene, people, moderators)
        (folder / PASSPHRASE).write_text("lima kata yang tidak ditebak orang")
        counted = await commanded(scene, COUNTED)
        opened = await commanded(scene, OPENED, left.numbers)
        read = await commanded(scene, READ, left.numbers)
        rooms = rooms_of(scene, left, people, moderators, Made(counted, opened, read))
    need({"counts.xlsx: xl/workbook.xml", "copy.bisik"} <= counted.keys(), "A command made no file to search.")
    need(sum(name.endswith(".pdf: shown") for name in opened) > 1, "No hand-over was made to search.")
    for room in rooms:
        traces = room.traces()
        need(not traces, f"{len(traces)} traces were found in {room.name}, the first of them {traces[:1]}.")
    planted = b"%b%b%b" % (b"\1" * 1_000_000, people[-1].id.to_bytes(6, "big"), b"\2" * 1_000_000)
    need(found_in({"planted": planted}, [one for person in people for one in person.words()]), "A trace was missed.")
    return [
        Finding(f"traces in {room.name}", f"0 in {len(room.places):,} places, {room.size / 1e6:,.1f} MB")
        for room in rooms
    ]


@dataclass(frozen=True)
class Made:
    """What commands have said and made: counts and backups, hand-overs and exported tips, and a tip in the terminal."""

    counted: dict[str, bytes]
    opened: dict[str, bytes]
    read: dict[str, bytes]


def rooms_of(
    scene: Scene, left: Left, people: Sequence[Canary], moderators: Sequence[Canary], made: Made
) -> list[Room]:
    """All that was left, by who must not be found in it."""
    own = {one.id: [*one.words(), *_as_written(left.receipts[one.id])] for one in people}
    reporters = [word for words in own.values() for word in words]
    staff = [word for one in moderators for word in one.words()]
    admin = scene.stage.admin.user.id
    others = [chat for chat in left.shown if chat not in own and chat != admin]
    chats = each_whole({chat: shown for chat, shown in left.shown.items() if chat in own})
    moderators_see = named_apart(left.shown, others) | made.read
    return [
        Room("files, logs, counts and backups", left.kept() | made.counted, [*reporters, *staff, *CONTENT]),
        Room("buttons", left.buttons, [*reporters, *staff]),
        Room("hand-overs and exported tips", made.opened, [*reporters, *staff]),
        Room("what an admin is shown", named_apart(left.shown, [admin]), [*reporters, *staff]),
        Room("what moderators are shown and sent: of reporters", moderators_see, reporters),
        Room(
            "what each reporter is shown: of others",
            chats,
            [*reporters, *staff],
            {str(chat): words for chat, words in own.items()},
        ),
    ]


def _as_written(receipt: str) -> tuple[str, str]:
    return receipt, receipt.replace(" ", "")


def _canary(stem: str, number: int) -> Canary:
    """Somebody whose every name ends in the last digits of their id."""
    n = number % 10_000
    name = f"{stem}{n:04}"
    return Canary(
        number,
        name.title(),
        f"{stem.title()} {n:04}",
        f"{name}_u",
        f"+62813{number % 10**8:08}",
        f"IMG_{name}",
        f"CAM{name}",
    )
