"""Unmistakable people go through everything, and are then looked for in every byte that the bot leaves anywhere."""

import asyncio
import base64
import io
import json
import logging
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import logs
from prove.canaries import HASHES, forms, found_in
from prove.stage import Phone, Scene, does, picture, picture_with_traces, process, taps, to_the_evidence, types

ACCUSED = "Kepala Dinas Zulkarnaen Paripurna"
PLACE = "Gedung Serbaguna Wanaherang"
SECRET = "Beliau membagikan amplop bertuliskan Rajawali Emas di ruang arsip."


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


CODE_ONLY = Canary(
    6_173_904_582, "Qorizana", "Xylofermata", "qori_zx_canary", "+6281399912345", "IMG_Qorizana_BKD", "CAMQZX77"
)
TOLD_HERE = Canary(
    6_284_015_693, "Wistarindra", "Öztunaļi", "wist_vq_canary", "+6281399954321", "IMG_Wistarindra_RSUD", "CAMWVQ88"
)
PEOPLE = (CODE_ONLY, TOLD_HERE)
CONTENT = (ACCUSED, PLACE, SECRET, "Rajawali Emas")


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
    await does(phone, to_the_evidence(place=PLACE, story=SECRET)[4:])
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


async def everything(scene: Scene) -> Left:
    with all_that_is_logged() as stream:
        async with scene.bot() as app:
            receipts = [
                await goes_through_everything(scene, CODE_ONLY, "code"),
                await goes_through_everything(scene, TOLD_HERE, "here"),
            ]
            await scene.delivered(2)
            await app.jobs.settled()
            await app._upkeep.hourly()
            running = on_disk(scene.folder)
        stopped = on_disk(scene.folder)
        log = {"log": stream.getvalue().encode()}
    return Left(running, stopped, log, to_moderators_and_admin(scene) | buttons(scene), receipts)


async def test_nobody_and_nothing_is_found_in_clear(scene):
    """No canary of any reporter is in files, logs, posts or buttons; no content or receipt is on disk."""
    left = await everything(scene)
    people = [word for canary in PEOPLE for word in canary.words()]
    digits = [*left.receipts, *(receipt.replace(" ", "") for receipt in left.receipts)]
    where = {**left.running, **{f"stopped {name}": data for name, data in left.stopped.items()}, **left.log}

    pictures = [data for name, data in left.shown.items() if name.startswith("file")]
    runs = [data[start : start + 24] for data in pictures for start in range(len(data) // 3, len(data) - 24, 997)]

    assert {"data/bisik.db", "data/bisik.db-wal", "data/bisik.db-shm", "keyring.json"} <= left.running.keys()
    assert left.log["log"]
    assert [] == found_in(where, [*people, *CONTENT, *digits, scene.simulator.token])
    assert [] == found_in(left.shown, [*people, *digits])
    assert len(left.shown) > 8
    assert runs
    assert not [name for name, data in where.items() if any(run in data for run in runs)]


async def test_the_log_of_a_crash_names_nobody(scene):
    """A process that dies over its database in the middle of a talk writes neither words, nor ids, nor the token."""
    phone = phone_of(scene, CODE_ONLY)
    scene.simulator.updates.put("message", {"chat": phone.person.chat.api, "text": SECRET, "date": SECRET})
    with process("run", environment=scene.environment(), folder=scene.folder) as started:
        await does(phone, to_the_evidence(ACCUSED)[:4])
        started.send_signal(signal.SIGSEGV)
        await asyncio.to_thread(started.wait)
    environment = scene.environment(BISIK_DATABASE_URL=f"sqlite:///{scene.folder}")
    with process("run", environment=environment, folder=scene.folder) as broken:
        code = await asyncio.to_thread(broken.wait)
    said = {"said": (scene.folder / "said").read_bytes()}

    assert 1 == code
    assert said["said"]
    assert [] == found_in(said, [*CODE_ONLY.words(), *CONTENT, scene.simulator.token])


@pytest.mark.parametrize("form", forms("6173904582"))
def test_the_detector_finds_an_id_in_every_form(form):
    """A planted id is found in each form that is looked for."""
    planted = {"file": b"\1\2" + forms("6173904582")[form] + b"\3"}

    assert found_in(planted, ["6173904582"])
    assert not found_in({"file": b"6173904583"}, ["6173904582"])


def test_the_detector_finds_words_within_other_text():
    """Words are found in any case and within a base64 text at any offset."""
    carriers = [base64.b64encode(b"x" * n + b"--Qorizana Xylofermata--") for n in range(3)]

    assert all(found_in({"file": carrier}, ["Qorizana Xylofermata"]) for carrier in carriers)
    assert found_in({"file": b"sapa QORIZANA"}, ["Qorizana"])
    assert "sha256" in HASHES


async def test_the_search_finds_leaks_that_are_planted(scene):
    """A bot that logs a name, or a row that keeps an id, would be noticed."""
    with all_that_is_logged() as stream:
        logging.getLogger("httpx").warning("%s", CODE_ONLY.first)
        stream.write(f"planted {CODE_ONLY.first}")
    (scene.folder / "planted").write_bytes(CODE_ONLY.id.to_bytes(8, "big"))

    assert f"{CODE_ONLY.first!r} as plain in log" in found_in({"log": stream.getvalue().encode()}, [CODE_ONLY.first])
    assert 1 == stream.getvalue().count(CODE_ONLY.first)
    assert found_in(on_disk(scene.folder), [str(CODE_ONLY.id)])
