"""An admin asks for figures in private: a table at once, a picture at a tap; nobody else is told any."""

import io

from PIL import Image

from bot.conversation.counting import of_word
from prove.stage import data_of, sends_tip
from storage import tally

RECEIVED = 6


async def test_an_admin_reads_a_table_and_looks_at_a_picture(scene):
    """What was sent and counted stands in the table; the chart comes as a photo that fits a phone."""
    async with scene.bot() as app:
        await sends_tip(scene.sari)
        async with app.context.database.transaction() as tx:
            await tally.count(tx, of_word("received", app.context.today()) * (RECEIVED - 1))
        await scene.admin.types("/statistik")
        table = await scene.admin.sees("Ringkasan")
        await scene.admin.taps("category-week")
        topic = table.text
        await scene.admin.taps("overview-week")
        await scene.admin.arrives(lambda: scene.admin.person.taps(table, data=data_of(table, "chart")))
        await scene.waits(lambda: [message for message in scene.admin.told if message.kind == "photo"])
        photo = next(message for message in scene.admin.told if message.kind == "photo")

    assert f"{RECEIVED} Diterima" in table.text
    assert "<5 Sulawesi Selatan" in table.text.replace("\u2007", "")
    assert "Foto" in topic
    assert 960 == Image.open(io.BytesIO(photo.data)).width


async def test_a_stranger_gets_the_ordinary_help(scene):
    """To whoever is no admin it is a command that nobody knows: neither figures nor a word that there are any."""
    async with scene.bot():
        await sends_tip(scene.sari)
        await scene.budi.types("/start")
        await scene.budi.types("/entah")
        helped = scene.budi.told[-1].text
        await scene.budi.types("/statistik")
        told = scene.budi.told[-1].text

    assert helped == told
    assert "/bantuan" in told
    assert not [message for message in scene.budi.told if "Ringkasan" in message.text or message.kind == "photo"]
