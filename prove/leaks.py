"""Reporters whose every trace is recognisable go through everything, failures included; then every byte that the bot
left or sent anywhere is searched for each of them.
"""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import logs
from bot.app import MINUTE
from prove.canaries import found_in
from prove.page import Finding, need
from prove.stage import Phone, Scene, call, does, picture, picture_with_traces, scene_in, taps, to_the_evidence, types

ACCUSED = "Kepala Dinas Zulkarnaen Paripurna"
PLACE = "Gedung Serbaguna Wanaherang"
WITNESSED = "Beliau membagikan amplop bertuliskan Rajawali Emas di ruang arsip."


@dataclass(frozen=True)
class Canary:
    """Somebody whose every trace is recognisable."""

    id: int
    first: str
    last: str
    username: str
    phone: str
    file: str
    camera: str

    def words(self) -> list[str]:
        return [str(self.id), self.first, self.last, self.username, self.phone, self.file, self.camera]


CONTENT = (ACCUSED, PLACE, WITNESSED, "Rajawali Emas")


def phone_of(scene: Scene, canary: Canary) -> Phone:
    person = scene.simulator.person(
        canary.id,
        canary.first,
        last_name=canary.last,
        username=canary.username,
        phone=canary.phone,
        language_code="id",
    )
    return Phone(scene.simulator, person)


async def goes_through_everything(scene: Scene, canary: Canary, contact: str) -> str:
    """What a person can do: forwards, contacts, places, stickers, edits, files with names, failures, a whole tip."""
    phone = phone_of(scene, canary)
    person = phone.person
    await does(phone, [types("/start"), types("/privasi"), taps("agree-id"), taps("PNS"), types(ACCUSED)])
    typed = person.chat.messages[-1]
    person.edits(typed, f"{ACCUSED} {canary.first}")
    person.types("teruskan", forwarded_from=person)
    person.types("teruskan", forwarded_from=f"{canary.first} {canary.last}")
    person.sends_contact(canary.phone, canary.first)
    person.sends_location(-5.67, 119.74)
    person.sends("sticker", picture(64, form="WEBP"))
    person.sends_poll("Siapa?", [canary.first, canary.last])
    person.types(f"/bantuan {canary.username}")
    await does(phone, to_the_evidence(place=PLACE, story=WITNESSED)[4:])
    scene.simulator.faults.add("lost_response", "sendMessage")
    scene.simulator.faults.add("bad_gateway", "getFile")
    person.sends_photo(picture(300))
    await phone.sees("1 bukti tersimpan")
    person.sends_document(picture_with_traces(canary.camera, canary.first), f"{canary.file}.jpg")
    await phone.sees("2 bukti tersimpan")
    person.sends_document(b"\0bukan gambar" + canary.camera.encode(), f"{canary.file}.xyz")
    await phone.sees("belum bisa")
    await does(phone, [taps("next"), taps(contact), taps("send")])
    return await phone.receipt()


@contextmanager
def all_that_is_logged() -> Iterator[io.StringIO]:
    """Our own logging, with every other library told to say all it can; the process is as before afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level, logging.getLogRecordFactory(), logging.raiseExceptions
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning
    logs.configure(stream)
    known = [root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    levels = [(logger, logger.level) for logger in known]
    for logger in known:
        logger.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        for logger, level in levels:
            logger.setLevel(level)
        root.handlers[:], root.level = before[:2]
        logging.setLogRecordFactory(before[2])
        logging.raiseExceptions = before[3]
        sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning = hooks


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def to_moderators_and_admin(scene: Scene) -> dict[str, bytes]:
    """All that the bot has asked Telegram to show anybody but the reporters, uploads included."""
    others = {str(scene.stage.channel.id), str(scene.stage.admin.user.id)}
    calls = [call for call in scene.simulator.calls if str(call.parameters.get("chat_id")) in others]
    shown = {f"call {n}": repr((call.method, call.parameters)).encode() for n, call in enumerate(calls)}
    files = {f"file {message.id}": message.data for message in scene.posts if message.media}
    return shown | files


def buttons(scene: Scene) -> dict[str, bytes]:
    messages = [message for chat in scene.simulator.world.chats.values() for message in chat.messages]
    drawn = [button for message in messages if message.from_bot for row in message.keyboard for button in row]
    return {"buttons": json.dumps(drawn, ensure_ascii=False).encode()}


@dataclass
class Left:
    """What one run has left: files while it ran and after, its log, and what others were shown."""

    running: dict[str, bytes]
    stopped: dict[str, bytes]
    log: dict[str, bytes]
    shown: dict[str, bytes]
    receipts: list[str]


async def everything(scene: Scene, people: Sequence[Canary]) -> Left:
    """Each of these people in turn, told by the receipt alone or in their chat; then all that is left anywhere."""
    with all_that_is_logged() as stream:
        async with scene.bot(BISIK_HEALTH_FILE=str(scene.folder / "health.json")) as app:
            receipts = [
                await goes_through_everything(scene, person, ("code", "here")[n % 2]) for n, person in enumerate(people)
            ]
            await scene.delivered(len(people))
            await app.jobs.settled()
            await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
            for work in app.rounds[MINUTE]:
                await work()
            running = on_disk(scene.folder)
        stopped = on_disk(scene.folder)
        log = {"log": stream.getvalue().encode()}
    return Left(running, stopped, log, to_moderators_and_admin(scene) | buttons(scene), receipts)


# The chapter

STEM = "qorizanax"
"""All that a canary's names have in common, so that one search finds any of them."""
FIRST_ID = 6_173_904_000
COMMANDS = (
    ("stats", "--json"),
    ("export", "--format", "json"),
    ("export", "--format", "csv"),
    ("verify-audit",),
    ("purge", "--dry-run"),
    ("check",),
    ("backup", "copy.bisik", "--passphrase-file", "passphrase"),
)


async def prove(folder: Path, reporters: int) -> Sequence[Finding]:
    """Let so many people go through everything, then search what is left, sent, said, exported and backed up."""
    async with scene_in(folder) as scene:
        people = [_canary(n) for n in range(reporters)]
        left = await everything(scene, people)
        (folder / "passphrase").write_text("lima kata yang tidak ditebak orang")
        said = {
            " ".join(words): await call(*words, environment=scene.environment(), folder=folder) for words in COMMANDS
        }
    written = {**left.running, **{f"after {name}": data for name, data in left.stopped.items()}, **on_disk(folder)}
    places = {**written, **left.log, **left.shown, **said}
    digits = [receipt.replace(" ", "") for receipt in left.receipts]
    leaks = found_in(
        places, [STEM, *(str(person.id) for person in people), *(person.phone for person in people), *digits]
    )
    need(not leaks, f"{len(leaks)} traces of reporters were found, the first of them {leaks[:1]}.")
    need(not found_in({**written, **left.log, **said}, CONTENT), "What a tip tells was found in clear.")
    planted = [*said.values(), STEM.upper().encode(), (FIRST_ID).to_bytes(8, "big")]
    need(len(found_in({"planted": b"".join(planted)}, [STEM, str(FIRST_ID)])) > 1, "The search finds no planted trace.")
    searched = sum(map(len, places.values()))
    return [
        Finding("traces in files, logs, posts, buttons, exports and backups", f"0 of {reporters:,} reporters"),
        Finding("what was searched, in every form of each trace", f"{len(places):,} places, {searched / 1e6:,.0f} MB"),
    ]


def _canary(n: int) -> Canary:
    name = f"{STEM}{n:04}"
    return Canary(
        FIRST_ID + n,
        name.title(),
        f"{STEM.title()} {n:04}",
        f"{name}_u",
        f"+62813555{n:06}",
        f"IMG_{name}",
        f"CAM{name}",
    )
