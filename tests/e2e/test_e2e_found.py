"""Faults that were found by trying, and stay away."""

import asyncio
import logging

import pytest

from bot import settings
from bot.adapters.telegram.health import Link
from bot.app import App
from prove.stage import does, picture, sends_tip, taps, to_the_evidence, to_the_review


async def test_a_stale_tap_draws_the_current_screen(scene):
    """Whatever button is tapped, the tapped message shows the current question afterwards: nobody is stuck."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        older, data = await scene.sari.offered("next")
        scene.sari.person.sends_photo(picture())
        newest = await scene.sari.sees("1 bukti tersimpan")
        scene.stage.sari.taps(older, data=data)  # moves on; drawn over the older message
        await scene.waits(lambda: "Langkah 6" in older.text)
        stale = scene.stage.sari.taps(newest, "Lanjut")  # the newest message in the chat
        await stale.answered()
        await scene.waits(lambda: "Langkah 6" in newest.text)


async def test_the_word_that_a_file_is_kept_survives_a_fault(scene):
    """A passing fault while "1 bukti tersimpan" is said does not leave the reporter waiting for ever."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.simulator.faults.add("flood", "getFile", seconds=1)
        scene.sari.person.sends_photo(picture())
        await scene.sari.sees("sedang dibersihkan")
        scene.simulator.faults.add("server_error", "sendMessage")
        await scene.sari.sees("1 bukti tersimpan")


async def test_the_second_piece_of_a_changed_story_is_kept(scene):
    """A long story typed anew from the review, which the app sends in pieces, is kept whole."""
    async with scene.bot():
        await does(scene.sari, [*to_the_review(), taps("change"), taps("page-1"), taps("to-story")])
        scene.stage.sari.types("kata " * 1500 + "AKHIR")
        await scene.sari.sees("AKHIR")


async def test_a_piece_of_a_story_with_a_link_is_kept(scene):
    """The second piece of a long story may hold a link."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence()[:-1])
        scene.stage.sari.types("kata " * 830 + " lihat https://fb.com/x " + "lagi " * 300 + "AKHIR")
        await scene.sari.sees("Ditambahkan ke cerita")
        await does(scene.sari, [taps("next"), taps("code")])
        await scene.sari.sees("AKHIR")


@pytest.mark.parametrize("words", ["di x.ru/abc", "www.contoh.ru/a", "di @budi_x", "di /hapus", "di #tagar"])
async def test_nothing_of_a_reporter_is_tappable(scene, words):
    """Whatever the platform would make a link of is broken in the channel."""
    async with scene.bot():
        await sends_tip(scene.sari, place=words)
        posts = await scene.delivered()

    assert {entity["type"] for post in posts for entity in post.entities} == {"bold"}


class Heard(logging.Handler):
    """Waits for a line of the log."""

    def __init__(self, state: Link) -> None:
        super().__init__()
        self.state, self.came = state, asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "state", None) is self.state:
            self.came.set()


async def test_a_refused_token_is_told(scene):
    """A bot whose token Telegram refuses says so in its log, and goes on trying."""
    heard = Heard(Link.REFUSED)
    logging.getLogger("bot.app").addHandler(heard)
    environment = scene.environment(BISIK_TELEGRAM_TOKEN="123:" + "x" * 35)
    async with App.open(settings.check(environment)) as app:
        working = asyncio.create_task(app.run())
        await asyncio.wait_for(heard.came.wait(), 10)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    logging.getLogger("bot.app").removeHandler(heard)

    assert app.health.counts["update"] == 0
