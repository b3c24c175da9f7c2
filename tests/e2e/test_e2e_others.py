"""Buttons and codes that are real, and another's: of no use to whoever sends them."""

from test_e2e_moderators import QUESTION, opens

from prove.forged import Forger
from prove.stage import NUMBER, Scene, does, sends_tip, taps, types


async def test_buttons_of_another_do_nothing(scene: Scene):
    """Of Sari's draft, of her turns that are over, of a card: pressed by who may not, no row moves and none is told."""
    async with scene.bot() as app:
        await sends_tip(scene.sari, "here")
        await scene.delivered()
        await app.jobs.settled()
        forger = Forger(scene, app.context.database)
        await forger.presses_all(NUMBER.findall(scene.cards()[0].text))
        shown = " ".join(message.text for message in scene.budi.told)

    assert forger.pressed > 50
    assert forger.refused()
    assert "Kepala SMP" not in shown
    assert not NUMBER.search(shown)


async def test_a_questions_button_opens_in_its_reporters_chat_alone(scene: Scene):
    """What opens Sari's answer, sent by Budi as a button and as a link: he reads nothing of it, and no row moves."""
    async with scene.bot() as app:
        await sends_tip(scene.sari, "here")
        await scene.delivered()
        asking = await opens(scene, scene.stage.dewi, "ask")
        await asking.sees("Tulis pertanyaan")
        await does(asking, [types(QUESTION), taps("confirm")])
        question = await scene.sari.sees(QUESTION)
        await app.jobs.settled()
        await scene.budi.types("/bantuan")
        forger = Forger(scene, app.context.database)
        before = await forger.tips()
        [data] = question.taps
        told = await scene.stage.budi.taps(scene.budi.told[-1], data=data).answered()
        await scene.budi.types(f"/start {data.rpartition('|')[2]}")
        shown, after = " ".join(message.text for message in scene.budi.told), await forger.tips()
        await scene.sari.arrives(lambda: scene.stage.sari.taps(question, data=data))

    assert after == before
    assert QUESTION not in shown
    assert "/status" in told["text"]
    assert "Tulis jawaban" in scene.sari.told[-1].text
