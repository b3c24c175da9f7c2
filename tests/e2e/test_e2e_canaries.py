"""Unmistakable people go through everything, and are then looked for in every byte that the bot leaves anywhere."""

import asyncio
import base64
import logging
import signal

from prove.betrayable import ACCUSED, CONTENT, WITNESSED, Canary
from prove.canaries import Trace, found_in
from prove.leaks import everything
from prove.remains import all_that_is_logged, on_disk
from prove.rooms import each_whole, named_apart
from prove.stage import Phone, does, lets_hurry, process, to_the_evidence

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

        assert all(flood.takes(CODE_ONLY.id, 0) and flood.takes_stranger() for _ in range(20_000))


async def test_the_search_finds_leaks_that_are_planted(scene):
    """A bot that logs a name, or a row that keeps an id, would be noticed."""
    with all_that_is_logged() as stream:
        logging.getLogger("httpx").warning("%s", CODE_ONLY.first)
        stream.write(f"planted {CODE_ONLY.first}")
    (scene.folder / "planted").write_bytes(CODE_ONLY.id.to_bytes(6, "big"))

    assert Trace(CODE_ONLY.first, "plain", "log") in found_in({"log": stream.getvalue().encode()}, [CODE_ONLY.first])
    assert 1 == stream.getvalue().count(CODE_ONLY.first)
    assert found_in(on_disk(scene.folder), [str(CODE_ONLY.id)])
