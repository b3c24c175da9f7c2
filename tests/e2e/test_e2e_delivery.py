"""A tip with its evidence, from a phone into the moderators' channel, through the object that `bisik run` starts."""

import io

import pytest
from PIL import Image

from bot.simulator.spec import Upload
from prove.stage import (
    NUMBER,
    STORY,
    Scene,
    does,
    picture,
    picture_with_traces,
    sends_tip,
    taps,
    to_the_evidence,
    types,
)

SENDING = {"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup"}


def to_channel(scene: Scene):
    """The calls that put something into the channel."""
    return [call for call in scene.simulator.calls if call.method in SENDING and channel_is_meant(scene, call)]


def channel_is_meant(scene: Scene, call) -> bool:
    return str(call.parameters.get("chat_id")) == str(scene.stage.channel.id)


def uploads(call) -> list[Upload]:
    attached = getattr(call.parameters, "attachments", {})
    return [value for value in (*call.parameters.values(), *attached.values()) if isinstance(value, Upload)]


async def sends_with_evidence(scene: Scene) -> str:
    """A tip with a photo, a picture sent as a file with EXIF, and an album of two; its receipt."""
    phone = scene.sari
    story = f"{STORY} Lihat https://contoh.id/bukti?x=1 dan <b>http://jahat.example</b> & foto."
    await does(phone, to_the_evidence("Kepala <i>SMP</i> Negeri 2", "t.me/dukung_kami", story))
    phone.person.sends_photo(picture(400), caption="Foto di depan <kantor> lihat https://foto.example/1")
    await phone.sees("1 bukti tersimpan")
    phone.person.sends_document(picture_with_traces("KAMERA-SARI", "sari_w"), "IMG_Sari_Wulan.jpg")
    await phone.sees("2 bukti tersimpan")
    phone.person.sends_album("photo", [("a.jpg", picture(410)), ("b.jpg", picture(420))], caption="dua foto")
    await phone.sees("4 bukti tersimpan")
    await does(phone, [taps("next"), taps("code"), taps("send")])
    return await phone.receipt()


async def test_a_tip_is_posted_content_first_and_one_card_replies_to_it(scene):
    """Text, evidence and then the card stand in the channel, each with the tip's number; only the card replies last."""
    async with scene.bot():
        await sends_with_evidence(scene)
        posts = await scene.delivered()
    numbers = {NUMBER.search(post.text)[0] for post in posts}

    assert 1 == len(numbers)
    assert 1 == len(scene.cards())
    assert scene.cards()[0] is posts[-1]
    assert posts[0].id == posts[-1].reply_to
    assert "text" == posts[0].kind
    assert ["document", "photo", "photo", "photo"] == sorted(post.kind for post in posts[1:-1])


async def test_posts_are_protected_without_previews_and_without_links(scene):
    """Each sending asks for protection and no preview; no words of the reporter are markup or something to tap."""
    async with scene.bot():
        await sends_with_evidence(scene)
        posts = await scene.delivered()
    texts = [call for call in to_channel(scene) if call.method == "sendMessage"]
    found = {entity["type"] for post in posts for entity in post.entities}

    assert all(post.protected for post in posts)
    assert all(call.parameters["link_preview_options"]["is_disabled"] for call in texts)
    assert found <= {"bold"}
    assert "<b>hxxp://jahat[.]example</b> &" in posts[0].text
    assert "Kepala <i>SMP</i> Negeri 2" in posts[0].text
    assert any("<kantor> lihat hxxps://foto[.]example/1" in post.text for post in posts)


async def test_evidence_is_uploaded_anew_without_traces_under_neutral_names(scene):
    """Bytes are sent, never a reporter's file id; no byte carries EXIF or a name; file names say nothing."""
    async with scene.bot():
        await sends_with_evidence(scene)
        await scene.delivered()
    calls = to_channel(scene)
    sent = [upload for call in calls for upload in uploads(call)]
    ids = {file.file_id for message in scene.stage.sari.chat.messages if message.media for file in message.media.files}

    assert 4 == len(sent)
    assert all(not Image.open(io.BytesIO(upload.data)).getexif() for upload in sent)
    assert all(trace not in upload.data for upload in sent for trace in (b"Exif", b"KAMERA", b"sari", b"Nokia"))
    assert all(upload.name.startswith("bukti-") for upload in sent)
    assert ids
    assert not any(file_id in repr(call.parameters) for call in calls for file_id in ids)


async def test_the_receipt_tells_where_the_tip_is_and_takes_it_back(scene):
    """`/status` says delivered, `/hapus` empties the channel, and the chat from its first `/start` on."""
    async with scene.bot() as app:
        phone = scene.sari
        receipt = await sends_with_evidence(scene)
        await scene.delivered()
        await app.jobs.settled()
        typed = phone.person.types(f"/status {receipt}")
        await phone.sees("Sampai ke pemeriksa")
        phone.person.types(f"/hapus {receipt}")
        await phone.sees("sudah dihapus")
        await app.jobs.settled()
        await scene.waits(lambda: not scene.posts)

    assert [] == [message.text for message in phone.person.chat.messages if not message.from_bot]
    assert typed.id not in [message.id for message in phone.person.chat.messages]
    assert not phone.receipts()
    assert not scene.posts


@pytest.mark.parametrize("forward", ["full", "notice"])
async def test_a_channel_that_is_only_told_gets_the_card_alone(scene, forward):
    """With BISIK_FORWARD=notice the story, the accused and the evidence stay out of the channel."""
    async with scene.bot(BISIK_FORWARD=forward):
        await sends_tip(scene.sari, accused="Camat Binamu")
        await scene.waits(lambda: any("Kelengkapan" in post.text for post in scene.posts))
    shown = " ".join(post.text for post in scene.posts)

    assert (forward == "full") == (STORY in shown)
    assert (forward == "full") == ("Camat Binamu" in shown)


async def test_the_least_tip_takes_fifteen_acts(scene):
    """From /start to the receipt a tip without extras takes at most 15 taps and messages."""
    async with scene.bot():
        await sends_tip(scene.sari)
        spoken = [message for message in scene.stage.sari.chat.messages if not message.from_bot]
        taps_made = scene.simulator.calls_of("answerCallbackQuery")

    assert len(spoken) + len(taps_made) <= 15


async def test_typed_answers_go_a_whole_way(scene):
    """Somebody who taps nothing but consent and the last button is understood all the same."""
    async with scene.bot():
        words = ["/start", "setuju", "PNS", "Lurah Empoang", "jenepono", "lewati", "kemarin", "sama", "netral"]
        phone = scene.sari
        for said in words[:8]:
            await types(said)(phone)
        await does(phone, [types("ikut kampanye"), types("lanjut"), types(STORY), types("lanjut")])
        await does(phone, [types("hanya kode"), types("kirim")])
        receipt = await phone.receipt()

    assert receipt
