"""Files in both directions: what arrives is what was sent, as Telegram shows it."""

from io import BytesIO

import pytest
from PIL import Image
from simulator_pictures import picture
from telegram import Bot, InputMediaDocument, InputMediaPhoto, InputMediaVideo

from bot.simulator import Chat, Person, Simulator

SARI = 1001


def with_place(width: int, height: int) -> bytes:
    """A JPEG that names the place where it was taken."""
    target = BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "S"
    exif[0x010F] = "CANARY-CAMERA"
    Image.new("RGB", (width, height), "olive").save(target, "JPEG", exif=exif)
    return target.getvalue()


async def test_a_photo_becomes_jpeg_in_sizes(bot: Bot, sari: Person) -> None:
    """A picture sent as a photo arrives as JPEG in several sizes, without metadata."""
    sari.sends_photo(with_place(1000, 600), caption="bukti")
    (update,) = await bot.get_updates(timeout=0)
    assert update.message
    sizes = update.message.photo
    data = bytes(await (await bot.get_file(sizes[-1].file_id)).download_as_bytearray())

    assert [(90, 54), (320, 192), (800, 480), (1000, 600)] == [(size.width, size.height) for size in sizes]
    assert "bukti" == update.message.caption
    assert b"CANARY" not in data
    assert (1000, 600) == Image.open(BytesIO(data)).size
    assert sizes[-1].file_size == len(data)


async def test_a_document_stays_as_it_is(bot: Bot, sari: Person) -> None:
    """A picture sent as a file arrives byte for byte, with its name and type."""
    original = with_place(50, 40)
    sari.sends_document(original, "IMG 0001.jpg")
    (update,) = await bot.get_updates(timeout=0)
    assert update.message
    document = update.message.document
    assert document
    data = bytes(await (await bot.get_file(document.file_id)).download_as_bytearray())

    assert original == data
    assert ("IMG 0001.jpg", "image/jpeg") == (document.file_name, document.mime_type)


@pytest.mark.parametrize("kind", ["video", "animation", "audio", "voice", "video_note", "sticker"])
async def test_every_kind_of_file_reaches_the_bot(kind: str, bot: Bot, sari: Person) -> None:
    """Videos, sounds, round videos and stickers arrive under their own names."""
    sari.sends(kind, b"moving", "a.bin")
    (update,) = await bot.get_updates(timeout=0)
    assert update.message
    file = await bot.get_file(getattr(update.message, kind).file_id)

    assert b"moving" == bytes(await file.download_as_bytearray())


@pytest.mark.usefixtures("sari")
@pytest.mark.parametrize("kind", ["video", "animation", "audio", "voice", "video_note", "document"])
async def test_the_bot_sends_every_kind(kind: str, simulator: Simulator, bot: Bot) -> None:
    """What the bot uploads is there to be fetched, and its file_id sends it again."""
    send = getattr(bot, f"send_{kind}")
    sent = await send(SARI, b"moving")
    again = await send(SARI, getattr(sent, kind).file_id)

    assert getattr(sent, kind).file_unique_id == getattr(again, kind).file_unique_id
    assert [b"moving"] * 2 == [message.data for message in simulator.people[SARI].chat.messages[-2:]]


async def test_an_album_from_a_person_is_several_updates(bot: Bot, sari: Person) -> None:
    """Each item of an album is an update of its own with one media_group_id; the first has the caption."""
    sari.sends_album("photo", [("", picture()), ("", picture(colour="red")), ("", picture())], caption="tiga")
    updates = await bot.get_updates(timeout=0)
    messages = [update.message for update in updates if update.message]

    assert 3 == len(messages)
    assert 1 == len({message.media_group_id for message in messages})
    assert ["tiga", None, None] == [message.caption for message in messages]


async def test_an_album_of_the_bot(bot: Bot, channel: Chat) -> None:
    """Photos and videos go together, by upload and by file_id, protected and with the caption where it was put."""
    known = await bot.send_photo(channel.id, picture())
    album: list[InputMediaPhoto | InputMediaVideo] = [
        InputMediaPhoto(picture(), caption="<b>satu</b>", parse_mode="HTML"),
        InputMediaVideo(b"moving"),
        InputMediaPhoto(known.photo[-1].file_id, has_spoiler=True),
    ]
    sent = await bot.send_media_group(channel.id, album, protect_content=True)
    shown = channel.messages[-3:]

    assert 1 == len({message.media_group_id for message in sent})
    assert ["photo", "video", "photo"] == [message.kind for message in shown]
    assert ["satu", "", ""] == [message.text for message in shown]
    assert all(message.protected for message in shown)
    assert sent[2].has_media_spoiler


async def test_documents_stay_among_themselves(bot: Bot, channel: Chat) -> None:
    """Up to ten documents make an album."""
    documents = [InputMediaDocument(b"a", filename=f"{number}.txt") for number in range(10)]
    await bot.send_media_group(channel.id, documents)

    assert [f"{number}.txt" for number in range(10)] == [
        message.api["document"]["file_name"] for message in channel.messages
    ]


async def test_media_can_be_replaced(bot: Bot, sari: Person) -> None:
    """An edit puts another file and caption in the place of the old."""
    sent = await bot.send_photo(SARI, picture(), caption="lama")
    await sent.edit_media(InputMediaDocument(b"baru", filename="baru.txt", caption="baru"))
    message = await sari.chat.next_edit()

    assert ("document", "baru", b"baru") == (message.kind, message.text, message.data)
    assert "lama" == message.history[0]["caption"]
