"""A sent tip is not the last word: its reporter comes back with the receipt, and adds to it."""

from prove.stage import does, picture, sends_tip, taps, types


async def test_a_reporter_adds_evidence_after_sending_with_the_receipt(scene):
    """With "code only", words and a cleaned picture that are added later reach the channel, replying to the tip."""
    async with scene.bot() as app:
        await sends_tip(scene.sari)
        posts = await scene.delivered()
        receipt = await scene.sari.receipt()
        await types(f"/status {receipt}")(scene.sari)
        await does(scene.sari, [taps("reply"), types("Ada foto lain dari aula itu.")])
        scene.sari.person.sends_photo(picture())
        await scene.sari.sees("1 bukti tersimpan")
        await does(scene.sari, [taps("confirm")])
        await scene.waits(lambda: len(scene.stage.channel.messages) >= len(posts) + 2)
        await app.jobs.settled()
    added = scene.stage.channel.messages[len(posts) :]

    assert any("Ada foto lain dari aula itu." in (message.text or "") for message in added)
    assert any(message.data for message in added)
    assert all(message.reply_to for message in added)
    assert all(message.protected for message in added)


async def test_the_receipt_is_hidden_until_it_is_tapped_and_a_button_copies_it(scene):
    """That what is lost is lost stands above the code; no glance reads it, and no lock screen shows it."""
    async with scene.bot():
        receipt = await sends_tip(scene.sari)
    (shown,) = [message for message in scene.sari.told if receipt in message.text]
    (hidden,) = [one for one in shown.entities if one["type"] == "spoiler"]

    assert receipt == shown.text[hidden["offset"] :][: hidden["length"]]
    assert shown.text.index("tidak bisa menggantinya kalau hilang") < hidden["offset"]
    assert [[{"text": "Salin kode", "copy_text": {"text": receipt}}]] == shown.keyboard
