"""Unmistakable people go through everything, and are then looked for in every byte that the bot leaves anywhere."""

import asyncio
import base64
import logging
import signal

import pytest

from prove.canaries import HASHES, forms, found_in
from prove.leaks import ACCUSED, CONTENT, WITNESSED, Canary, all_that_is_logged, everything, on_disk, phone_of
from prove.stage import does, process, to_the_evidence

CODE_ONLY = Canary(
    6_173_904_582, "Qorizana", "Xylofermata", "qori_zx_canary", "+6281399912345", "IMG_Qorizana_BKD", "CAMQZX77"
)
TOLD_HERE = Canary(
    6_284_015_693, "Wistarindra", "Öztunaļi", "wist_vq_canary", "+6281399954321", "IMG_Wistarindra_RSUD", "CAMWVQ88"
)
PEOPLE = (CODE_ONLY, TOLD_HERE)


async def test_nobody_and_nothing_is_found_in_clear(scene):
    """No canary of any reporter is in files, logs, posts or buttons; no content or receipt is on disk."""
    left = await everything(scene, PEOPLE)
    people = [word for canary in PEOPLE for word in canary.words()]
    digits = [*left.receipts, *(receipt.replace(" ", "") for receipt in left.receipts)]
    where = {**left.running, **{f"stopped {name}": data for name, data in left.stopped.items()}, **left.log}

    pictures = [data for name, data in left.shown.items() if name.startswith("file")]
    runs = [data[start : start + 24] for data in pictures for start in range(len(data) // 3, len(data) - 24, 997)]

    assert {
        "data/bisik.db",
        "data/bisik.db-wal",
        "data/bisik.db-shm",
        "keyring.json",
        "health.json",
    } <= left.running.keys()
    assert left.log["log"]
    assert [] == found_in(where, [*people, *CONTENT, *digits, scene.simulator.token])
    assert [] == found_in(left.shown, [*people, *digits])
    assert len(left.shown) > 8
    assert runs
    assert not [name for name, data in where.items() if any(run in data for run in runs)]


async def test_the_log_of_a_crash_names_nobody(scene):
    """A process that dies over its database in the middle of a talk writes neither words, nor ids, nor the token."""
    phone = phone_of(scene, CODE_ONLY)
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


@pytest.mark.parametrize("form", forms("6173904582"))
def test_the_detector_finds_an_id_in_every_form(form):
    """A planted id is found in each form that is looked for."""
    planted = {"file": b"\1\2" + forms("6173904582")[form] + b"\3"}

    assert found_in(planted, ["6173904582"])
    assert not found_in({"file": b"6173904583"}, ["6173904582"])


@pytest.mark.parametrize("form", forms(TOLD_HERE.last))
def test_the_detector_finds_a_name_in_every_form(form):
    """A planted name with letters beyond ASCII is found in each form that is looked for."""
    planted = {"file": b"\1\2" + forms(TOLD_HERE.last)[form] + b"\3"}

    assert found_in(planted, [TOLD_HERE.last])
    assert not found_in({"file": "Öztunali".encode()}, [TOLD_HERE.last])


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
