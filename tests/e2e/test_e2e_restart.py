"""The bot is stopped, or killed, anywhere; the conversation goes on and a tip is there once."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from prove.stage import NUMBER, Scene, does, picture, process, sends_tip, taps, to_the_evidence, to_the_review

WAY = to_the_review()


async def test_a_conversation_goes_on_after_a_restart_at_any_question(scene):
    """Stopped and started again after every single answer, the bot goes on where it was, to one tip and one receipt."""
    for act in WAY:
        async with scene.bot():
            await act(scene.sari)
    async with scene.bot() as app:
        await taps("send")(scene.sari)
        await scene.sari.receipt()
        await scene.delivered()
        await app.jobs.settled()

    assert 1 == len(scene.sari.receipts())
    assert 2 == len(scene.posts)


async def test_a_file_that_was_on_its_way_at_a_stop_is_kept_after_the_start(scene):
    """A photo that arrives while the bot is down, or is stopped over, becomes evidence when it is back."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.simulator.faults.add("server_error", "download", times=1)
        scene.sari.person.sends_photo(picture(300))
        await scene.sari.sees("sedang dibersihkan")
    scene.sari.person.sends_photo(picture(301))
    async with scene.bot():
        await scene.sari.sees("2 bukti tersimpan")


def posted(scene: Scene) -> int:
    return len(scene.posts)


def to_the_channel(scene: Scene, method: str) -> bool:
    calls = scene.simulator.calls_of(method)
    return any(str(call.parameters.get("chat_id")) == str(scene.stage.channel.id) for call in calls)


# When to kill: each is true from a certain moment of a tip's way on.
MOMENTS = {
    "as soon as the tap is answered": lambda scene: scene.simulator.calls_of("answerCallbackQuery"),
    "when the channel has the first piece": lambda scene: posted(scene) >= 1,
    "when a picture is on its way": lambda scene: to_the_channel(scene, "sendPhoto"),
    "when the card is there": lambda scene: scene.cards(),
    "when the receipt is there": lambda scene: scene.sari.receipts(),
}


async def reaches_the_review(scene: Scene) -> None:
    """With a photo, by a bot that is gone again afterwards: what follows is for processes of their own."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_photo(picture())
        await scene.sari.sees("1 bukti tersimpan")
        await does(scene.sari, [taps("next"), taps("code")])
        await scene.sari.offered("send")
    scene.simulator.calls.clear()


async def presses_kirim(scene: Scene, times: int = 1) -> None:
    screen, data = await scene.sari.offered("send")
    for _ in range(times):
        scene.stage.sari.taps(screen, data=data)


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[subprocess.Popen[bytes]]:
    """`bisik run`, with nothing but its environment for settings."""
    with process("run", environment=scene.environment(), folder=scene.folder) as started:
        yield started


async def ended(started: subprocess.Popen[bytes], by: signal.Signals) -> int:
    started.send_signal(by)
    return await asyncio.to_thread(started.wait)


async def goes_on_to_the_end(scene: Scene) -> int:
    """Started anew, the bot does what is owed; its exit code when it is then told to stop."""
    async with running(scene) as started:
        await scene.sari.receipt()
        await scene.delivered()
        return await ended(started, signal.SIGTERM)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_kill_after_kirim_loses_and_doubles_nothing(scene, moment):
    """Killed by SIGKILL and started again, the bot has one tip, its post and one receipt; at most one piece repeats."""
    await reaches_the_review(scene)
    async with running(scene) as started:
        await presses_kirim(scene)
        await scene.waits(lambda: MOMENTS[moment](scene))
        await ended(started, signal.SIGKILL)
    await goes_on_to_the_end(scene)
    receipts = scene.sari.receipts()

    assert 1 == len(set(receipts))
    assert len(receipts) <= 2
    assert 1 == len({NUMBER.search(post.text)[0] for post in scene.posts})
    assert 3 <= len(scene.posts) <= 4


async def test_an_album_that_arrived_before_a_kill_comes_again_as_a_repeat(scene):
    """Killed while Telegram has an album but its answer is not there, the bot sends it again, and only that says so."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_album("photo", [("a.jpg", picture(300)), ("b.jpg", picture(301))])
        await scene.sari.sees("2 bukti tersimpan")
        await does(scene.sari, [taps("next"), taps("code")])
        await scene.sari.offered("send")
    scene.simulator.faults.add("slow", "sendMediaGroup", seconds=30)
    async with running(scene) as started:
        await presses_kirim(scene)
        await scene.waits(lambda: any(post.kind == "photo" for post in scene.posts))
        await ended(started, signal.SIGKILL)
    await goes_on_to_the_end(scene)
    kinds = [(post.kind, post.text.startswith("Kiriman ulang")) for post in scene.posts]

    assert [("text", 0), *[("photo", 0)] * 2, *[("photo", 1)] * 2, ("text", 0)] == kinds


async def test_taps_made_while_the_bot_was_dead_send_one_tip(scene):
    """Where "Kirim" was pressed twice while nothing ran, the next start sends the tip, once."""
    await reaches_the_review(scene)
    await presses_kirim(scene, times=2)
    code = await goes_on_to_the_end(scene)

    assert 0 == code
    assert 1 == len(scene.sari.receipts())
    assert 3 == len(scene.posts)


async def test_sigterm_while_posting_repeats_no_piece(scene):
    """Told to stop in the middle of a post, the bot finishes the piece in hand and goes on after the start."""
    await reaches_the_review(scene)
    scene.simulator.faults.add("slow", "sendPhoto", times=1, seconds=0.5)
    async with running(scene) as started:
        await presses_kirim(scene)
        await scene.waits(lambda: to_the_channel(scene, "sendPhoto"))
        code = await ended(started, signal.SIGTERM)
    await goes_on_to_the_end(scene)

    assert 0 == code
    assert 3 == len(scene.posts)
    assert 1 == len(scene.sari.receipts())


async def test_several_people_and_both_devices_send_one_tip_each(scene):
    """Two reporters at once, one of whom presses "Kirim" twice from two devices: two tips, two receipts."""
    async with scene.bot() as app:
        await asyncio.gather(sends_tip(scene.budi), does(scene.sari, to_the_review("here")))
        screen, data = await scene.sari.offered("send")
        presses = [scene.stage.sari.taps(screen, data=data) for _ in range(3)]
        answers = [await press.answered() for press in presses]
        await scene.sari.receipt()
        await scene.delivered(2)
        await app.jobs.settled()

    assert 2 == len(scene.cards())
    assert 1 == len(scene.sari.receipts())
    assert all(answers)
