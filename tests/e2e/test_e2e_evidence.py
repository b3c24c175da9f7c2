"""Evidence on its way through the whole bot: whole albums, one broken file among good ones, memory."""

import re
from hashlib import sha256
from pathlib import Path

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


async def test_a_large_file_raises_memory_by_less_than_three_times_its_size(scene):
    """A file of some 15 MB, fetched, sealed and posted, is never held many times over by the bot's own process."""
    data = picture(2500, "PNG")
    with process("run", environment=scene.environment(), folder=scene.folder) as run:
        await does(scene.sari, to_the_evidence())
        before = _peak(run.pid)
        scene.sari.person.sends_document(data, "besar.png")
        await scene.sari.sees("1 bukti tersimpan")
        await _sent(scene)
        await scene.delivered()
        after = _peak(run.pid)

    assert 10_000_000 < len(data) < 20_000_000
    assert after - before < 3 * len(data)
