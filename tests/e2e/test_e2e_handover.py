"""A tip is handed over: one moderator asks in private, another confirms in the channel, the first gets the file."""

import zipfile
from io import BytesIO

from prove.stage import NUMBER, Phone, data_of, does, picture, taps, to_the_evidence

PHONE = "0812-3456-7890"
STORY = f"Kepala dinas meminta staf memilih nomor dua. Nomor saya {PHONE}."


def moderator(scene, person) -> Phone:
    return Phone(scene.simulator, person)


async def sends_traced_tip(scene) -> None:
    """A tip whose story could lead to its reporter, with a picture, in the channel."""
    await does(scene.sari, to_the_evidence(story=STORY))
    scene.stage.sari.sends_photo(picture())
    await scene.sari.sees("1 bukti tersimpan")
    await does(scene.sari, [taps("next"), taps("here"), taps("send"), taps("anyway")])
    await scene.delivered()


async def asked_for(scene, phone: Phone) -> str:
    """A moderator asks for the newest tip and says to whom; its number."""
    number = NUMBER.search(scene.cards()[-1].text)[0]
    await phone.types(f"/serahkan {number.lower()}")
    screen = await phone.offering("to0")
    await phone.arrives(lambda: phone.person.taps(screen, data=data_of(screen, "to0")))
    return number


async def request(scene):
    """The question in the channel, once it is there."""
    await scene.waits(lambda: [post for post in scene.posts if "Orang kedua" in post.text])
    return next(post for post in reversed(scene.posts) if "Orang kedua" in post.text)


async def test_two_moderators_hand_a_tip_over(scene):
    """The tip is forwarded, its card says so, its reporter is told, and the file arrives in private alone."""
    dewi, agus = moderator(scene, scene.stage.dewi), scene.stage.agus
    async with scene.bot():
        dewi.person.starts()
        await sends_traced_tip(scene)
        number = await asked_for(scene, dewi)
        question = await request(scene)
        told = question.text
        own = dewi.person.taps(question, data=data_of(question, "cut"))
        refused = await own.answered()
        agus.taps(question, data=data_of(question, "cut"))
        await scene.waits(lambda: any(message.kind == "document" for message in dewi.told))
        file = next(message for message in dewi.told if message.kind == "document")
        await scene.waits(lambda: "Diteruskan" in scene.cards()[-1].text)
        await scene.sari.sees("Bawaslu")
    with zipfile.ZipFile(BytesIO(file.data)) as package:
        names, story = package.namelist(), package.read(f"{number}/uraian.txt").decode()

    assert "orang kedua" in refused["text"]
    assert f"{number}.zip" == file.api["document"]["file_name"]
    assert [f"{number}/{name}" for name in ("informasi-awal.pdf", "uraian.txt", "lapor.txt", "bukti-1.jpg")] == names[
        :-1
    ]
    assert (True, False) == (PHONE in told, PHONE in story)
    assert not [post for post in scene.posts if post.kind == "document"]


async def test_a_stranger_gets_nothing_by_the_command(scene):
    """Whoever is no moderator gets the ordinary help, and the channel hears nothing of it."""
    async with scene.bot():
        await sends_traced_tip(scene)
        number = NUMBER.search(scene.cards()[-1].text)[0]
        before = len(scene.posts)
        await scene.budi.types("/start")
        await scene.budi.types(f"/serahkan {number}")

    assert before == len(scene.posts)
    assert not [message for message in scene.budi.told if number in message.text]
