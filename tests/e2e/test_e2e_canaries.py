"""Unmistakable people go through everything, and are then looked for in every byte that the bot leaves anywhere."""

import asyncio
import base64
import hashlib
import json
import logging
import os
import signal
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp

import pikepdf

from bot.adapters.telegram import drawing
from bot.adapters.telegram.api import Api
from bot.handover import package
from bot.services.intake import Intake
from prove import leaks
from prove.betrayable import ACCUSED, CONTENT, WITNESSED, Canary
from prove.canaries import Trace, found_in
from prove.leaks import COUNTED, OPENED, Made, commanded, everything, rooms_of
from prove.remains import all_that_is_logged
from prove.rooms import each_whole, named_apart
from prove.stage import Phone, Scene, does, lets_hurry, process, to_the_evidence

CODE_ONLY = Canary(
    6_173_904_582_013, "Qorizana", "Xylofermata", "qori_zx_canary", "+6281399912345", "IMG_Qorizana_BKD", "CAMQZX77"
)
TOLD_HERE = Canary(
    6_284_015_693_022, "Wistarindra", "Öztunaļi", "wist_vq_canary", "+6281399954321", "IMG_Wistarindra_RSUD", "CAMWVQ88"
)
PEOPLE = (CODE_ONLY, TOLD_HERE)
MODERATOR = Canary(
    6_395_126_804_031, "Zefirantha", "Kwilindra", "zefi_kw_canary", "+6281399967890", "IMG_Zefirantha", "CAMZKW99"
)


async def test_nobody_and_nothing_is_found_in_clear(scene):
    """No canary of anybody is in files, logs or buttons, none of a reporter with others; no content is on disk."""
    left = await everything(scene, PEOPLE, [MODERATOR])
    people = [word for canary in PEOPLE for word in canary.words()]
    digits = [one for receipt in left.receipts.values() for one in (receipt, receipt.replace(" ", ""))]
    others = named_apart(left.shown, left.shown.keys() - left.receipts.keys())
    theirs = each_whole({chat: left.shown[chat] for chat in left.receipts})
    papers = {trace.place for trace in found_in(others, ["kode Kemendagri"])}
    pictures = [data for name, data in others.items() if name.endswith(".jpg")]
    runs = [data[start : start + 24] for data in pictures for start in range(len(data) // 3, len(data) - 24, 997)]

    assert {
        "data/bisik.db",
        "data/bisik.db-wal",
        "data/bisik.db-shm",
        "keyring.json",
        "health.json",
    } <= left.running.keys()
    assert left.log["log"]
    assert [] == found_in(left.kept(), [*people, *MODERATOR.words(), *CONTENT, *digits, scene.simulator.token])
    assert [] == found_in(left.buttons, [*people, *MODERATOR.words(), *digits])
    assert [] == found_in(others, [*people, *digits])
    assert [] == found_in(theirs, MODERATOR.words())
    assert found_in(others, [MODERATOR.first])
    # The papers of a hand-over were read, and can be read only so.
    assert {True} == {place.endswith(("shown", "streams")) for place in papers if ".pdf" in place}
    assert runs
    assert not [name for name, data in left.kept().items() if any(run in data for run in runs)]


async def test_the_log_of_a_crash_names_nobody(scene):
    """A process that dies over its database in the middle of a talk writes neither words, nor ids, nor the token."""
    phone = Phone(scene.simulator, CODE_ONLY.joins(scene))
    scene.simulator.updates.put("message", {"chat": phone.person.chat.api, "text": WITNESSED, "date": WITNESSED})
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


def test_the_detector_finds_words_within_other_text():
    """Words are found in any case and within a base64 text at any offset."""
    carriers = [base64.b64encode(b"x" * n + b"--Qorizana Xylofermata--") for n in range(3)]

    assert all(found_in({"file": carrier}, ["Qorizana Xylofermata"]) for carrier in carriers)
    assert found_in({"file": b"sapa QORIZANA"}, ["Qorizana"])


async def test_a_chapter_of_a_thousand_people_is_no_flood(scene):
    """Where the clock stands, all that ever happens happens in one minute, and nobody is turned away."""
    async with scene.bot() as app:
        lets_hurry(app)
        flood = app.intake._flood

        assert all(flood.takes(CODE_ONLY.id, 0) and flood.takes_stranger(CODE_ONLY.id) for _ in range(20_000))


async def test_the_search_finds_leaks_that_are_planted():
    """A bot that logs a name would be noticed."""
    with all_that_is_logged() as stream:
        logging.getLogger("httpx").warning("%s", CODE_ONLY.first)
        stream.write(f"planted {CODE_ONLY.first}")

    assert Trace(CODE_ONLY.first, "plain", "log") in found_in({"log": stream.getvalue().encode()}, [CODE_ONLY.first])
    assert 1 == stream.getvalue().count(CODE_ONLY.first)


async def test_a_bot_that_leaks_everywhere_is_caught_everywhere(scene, monkeypatch, tmp_path_factory):
    """Leaks in rows, log, output, lost files, buttons, papers and others' chats are all found, each in its room."""
    _leak_where_it_is_kept(monkeypatch, tmp_path_factory.mktemp("elsewhere"))
    _leak_where_it_is_shown(monkeypatch)
    monkeypatch.setattr(leaks, "FATES", ("forwarded",))
    left = await everything(scene, PEOPLE, [MODERATOR])
    _leak_in_commands(monkeypatch, tmp_path_factory.mktemp("first"))
    made = Made(await commanded(scene, COUNTED[:2]), await commanded(scene, OPENED[:1], left.numbers), {})
    rooms = {room.name: room.traces() for room in rooms_of(scene, left, PEOPLE, [MODERATOR], made)}
    kept = rooms["files, logs, counts and backups"]
    rows = {(trace.place, trace.form) for trace in kept}
    kinds = {trace.place.removeprefix("kept: ").removeprefix("after ").partition("/")[0] for trace in kept}
    seen = rooms["what moderators are shown and sent: of reporters"]
    theirs = rooms["what each reporter is shown: of others"]

    assert rows >= {
        (place, form)
        for place in ("kept: at work bisik.db-wal", "kept: after data/bisik.db")
        for form in ("6 bytes big", "sha256 hex", "8 bytes little", "key of SQLite")
    }
    assert {"log", "printed", "temporary", "removed", "elsewhere", "names"} <= kinds
    assert any(trace.place.endswith(".tmp") for trace in found_in(made.counted, [CODE_ONLY.username]))
    assert "stats --json" in {trace.place for trace in kept}
    assert "names" in {trace.place for trace in rooms["hand-overs and exported tips"]}
    assert rooms["buttons"]
    assert rooms["what an admin is shown"]
    assert {MODERATOR.first, str(CODE_ONLY.id)} == {trace.canary for trace in theirs}
    assert {("pdf", "streams"), ("names",), ("said",)} <= {_kind(trace.place) for trace in seen}


def _kind(place):
    """What a place in a chat is: said, names, or the last piece of a file, by the file's kind."""
    file, _, piece = place.rpartition(": ")
    return (file.rpartition(".")[2], piece) if "." in file else (piece,)


def _leak_where_it_is_kept(monkeypatch, elsewhere):
    """Let each commit note whose chat it is, in the ways that a careless change would."""
    commit = Intake._commit

    async def notes(self, batch):
        replies = await commit(self, batch)
        for waiting in batch:
            await _note(self._context.database, waiting.arrival.chat)
            _spill(waiting.arrival.chat, elsewhere)
        return replies

    monkeypatch.setattr(Intake, "_commit", notes)


async def _note(database, chat):
    rows = {
        "chat INTEGER": chat,
        "chat INTEGER PRIMARY KEY": chat,
        "chat TEXT": hashlib.sha256(str(chat).encode()).hexdigest()[:16],
        "chat BLOB": chat.to_bytes(8, "little"),
    }
    async with database.transaction() as tx:
        for n, (column, value) in enumerate(rows.items()):
            await tx.execute(f"CREATE TABLE IF NOT EXISTS spy{n} ({column}) STRICT")
            await tx.execute(f"INSERT OR IGNORE INTO spy{n} VALUES (?)", (value,))  # noqa: S608 - our own names


def _spill(chat, elsewhere):
    sys.stdout.write(f"{chat}\n")
    logging.getLogger().handlers[0].stream.write(f"{chat}\n")
    Path(mkdtemp(), f"{chat}.tmp").write_text(f"{chat}")
    with TemporaryFile("w") as file:
        file.write(f"{chat}")
    (elsewhere / "state").write_text(f"{chat}")


def _leak_where_it_is_shown(monkeypatch):
    """Let each keyboard, message, paper and package name somebody who must not be known there."""
    call, drawn, paper, close = Api.call, drawing._keyboard, package.pdf, package.Package.close
    reporters = {one.id for one in PEOPLE}

    async def tells(self, method, parameters, **more):
        if method == "sendMessage":
            named = MODERATOR.first if parameters["chat_id"] in reporters else CODE_ONLY.username
            parameters = {**parameters, "text": f"{parameters['text']}\n{named}"}
        return await call(self, method, parameters, **more)

    def keyboard(*given):
        rows = json.loads(drawn(*given) or "{}").get("inline_keyboard", [])
        more = {"text": "?", "url": f"https://example.org/{CODE_ONLY.id}"}
        return json.dumps({"inline_keyboard": [*rows, [more]]}) if rows else None

    def signed(*given):
        out = BytesIO()
        with pikepdf.open(BytesIO(paper(*given))) as document:
            document.docinfo["/Author"] = TOLD_HERE.last
            document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()

    def closed(self):
        self._write(f"{CODE_ONLY.id}.txt", b"")
        close(self)

    monkeypatch.setattr(Api, "call", tells)
    monkeypatch.setattr(drawing, "_keyboard", keyboard)
    monkeypatch.setattr(package, "pdf", signed)
    monkeypatch.setattr(package.Package, "close", closed)


LEAKING_COMMANDS = f"""
import sys, tempfile
from pathlib import Path
from bot.handover.package import Package

close = Package.close

def closed(self):
    self._write("{CODE_ONLY.id}.txt", b"")
    close(self)

Package.close = closed
Path(tempfile.mkdtemp(), "left.tmp").write_text("{CODE_ONLY.username}")
sys.stderr.write("{CODE_ONLY.id}")
"""
"""Python runs it before each command."""


def _leak_in_commands(monkeypatch, folder):
    environment = Scene.environment
    (folder / "sitecustomize.py").write_text(LEAKING_COMMANDS)
    paths = os.pathsep.join([str(folder), *sys.path])
    monkeypatch.setattr(Scene, "environment", lambda *given, **more: environment(*given, **more, PYTHONPATH=paths))
