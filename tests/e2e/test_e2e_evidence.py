"""Evidence on its way through the whole bot: whole albums, one broken file among good ones, memory."""

import io
import re
from hashlib import sha256
from pathlib import Path

import pikepdf
from evidence_files import phone_jpeg
from evidence_media import film, heavy_film, song_with_cover
from evidence_office import word
from takeover import LACKS, started_with

from bot.simulator.spec import Upload
from prove.stage import does, picture, process, taps, to_the_evidence

ALBUM = 10


async def _sent(scene) -> None:
    await does(scene.sari, [taps("next"), taps("code"), taps("send")])


async def test_an_album_of_ten_arrives_as_an_album_of_ten(scene):
    """Ten pictures sent together are posted together, under neutral names, each beside the sum of its very bytes."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_album("photo", [(f"IMG_{n}.jpg", picture(300 + n)) for n in range(ALBUM)])
        await scene.sari.sees(f"{ALBUM} bukti tersimpan")
        await _sent(scene)
        await scene.delivered()
        await app.jobs.settled()
    (call,) = scene.simulator.calls_of("sendMediaGroup")
    uploads = call.parameters.attachments
    shown = [(item["caption"], uploads[item["media"].removeprefix("attach://")]) for item in call.parameters["media"]]

    assert len(shown) == ALBUM
    assert [upload.name for _, upload in shown] == [f"bukti-{n}.jpg" for n in range(1, ALBUM + 1)]
    for caption, upload in shown:
        assert re.search(r"SHA-256 bersih: ([0-9a-f]{64})", caption)[1] == sha256(upload.data).hexdigest()


def letter() -> bytes:
    """A page as an office prints it, with its writer's name."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = "Sari"
        pdf.save(out)
    return out.getvalue()


# As the phone sends it, in a mixed order; and as what it arrives.
MIXED = [
    ("voice", lambda: film("ogg", None, "libopus"), "suara-sari.ogg", "voice", "ogg"),
    ("document", word, "Surat Sari.docx", "document", "docx"),
    ("photo", lambda: picture(300), "IMG_1.jpg", "photo", "jpg"),
    ("audio", song_with_cover, "rekaman sari.mp3", "audio", "mp3"),
    ("document", phone_jpeg, "IMG_Sari.jpg", "document", "jpg"),
    ("animation", lambda: film(audio=None), "sari.mp4", "animation", "mp4"),
    ("video", film, "VID_Sari.mp4", "video", "mp4"),
    ("document", letter, "surat sari.pdf", "document", "pdf"),
    ("audio", lambda: film("ipod", None), "sari 2.m4a", "audio", "m4a"),
    ("photo", lambda: picture(301), "IMG_2.jpg", "photo", "jpg"),
]
ORDER = [(3, 7, 10), (2, 5, 8), (4, 9), (1,), (6,)]
"""Photos and videos, documents and sounds share albums; what may not goes alone."""


def uploads(call) -> list:
    """The files of a call, in the order in which they are shown."""
    given = call.parameters
    if "media" in given:
        return [given.attachments[item["media"].removeprefix("attach://")] for item in given["media"]]
    return [upload for upload in given.values() if isinstance(upload, Upload)]


async def test_evidence_of_every_kind_arrives_sorted_and_anew(scene):
    """Ten files of mixed kinds come as albums of their kinds, replying to the tip, under neutral names, anew."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence())
        for n, (kind, make, name, *_) in enumerate(MIXED, start=1):
            scene.sari.person.sends(kind, make(), name)
            await scene.sari.sees(f"{n} bukti tersimpan")
        await _sent(scene)
        await scene.delivered()
        await app.jobs.settled()
    sent = [uploads(call) for call in scene.simulator.calls if uploads(call)]
    first, *shown, card = scene.posts
    order = [n for group in ORDER for n in group]
    originals = {message.data for message in scene.stage.sari.chat.messages if not message.from_bot}

    assert [[f"bukti-{n}.{MIXED[n - 1][4]}" for n in group] for group in ORDER] == [
        [upload.name for upload in group] for group in sent
    ]
    assert [MIXED[n - 1][3] for n in order] == [post.kind for post in shown]
    assert {first.id} == {post.reply_to for post in (*shown, card)}
    assert not originals & {upload.data for group in sent for upload in group}


async def test_a_broken_file_among_good_ones_spoils_only_itself(scene):
    """Of four files one is damaged: three are kept, and the reporter hears which sort of trouble it was."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        good = [picture(300 + n) for n in range(3)]
        for n, data in enumerate([*good, good[0][: len(good[0]) // 2]]):
            scene.sari.person.sends_document(data, f"IMG_{n}.jpg")
        await scene.sari.sees("rusak")
        await scene.sari.sees("3 bukti tersimpan")


def _peak(pid: int) -> int:
    """The most memory that a process has held, in bytes, as Linux tells."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


async def test_a_large_video_raises_memory_by_less_than_three_times_its_size(scene):
    """A video of nearly 20 MB, fetched, sealed and posted, is never held many times over by the bot's own process."""
    data = heavy_film()
    with process("run", environment=scene.environment(), folder=scene.folder) as run:
        await does(scene.sari, to_the_evidence())
        before = _peak(run.pid)
        scene.sari.person.sends("video", data, "besar.mp4")
        await scene.sari.sees("1 bukti tersimpan")
        await _sent(scene)
        await scene.delivered()
        after = _peak(run.pid)

    assert 19_000_000 < len(data) < 20_000_000
    assert "video" in {post.kind for post in scene.posts}
    assert after - before < 3 * len(data)


async def test_a_kernel_that_lets_workers_roam_is_counted_and_logged_once(scene, caplog, tmp_path):
    """Both files arrive all the same; whoever reads the log learns of it, and not again with each file."""
    with started_with("".join(LACKS.values()), tmp_path):
        async with scene.bot() as app:
            await does(scene.sari, to_the_evidence())
            scene.sari.person.sends_album("photo", [(f"IMG_{n}.jpg", picture(300 + n)) for n in range(2)])
            await scene.sari.sees("2 bukti tersimpan")
            counted = app.context.counters["worker_unconfined"]

    assert 1 == counted
    assert 1 == caplog.messages.count("worker_unconfined")
