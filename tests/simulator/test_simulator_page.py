"""The page in a real browser, answered by a tiny bot; and that nobody else can drive it."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from simulator_pictures import picture
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.simulator import Simulator, Stage, demo_stage

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1600,1000",
)
T = TypeVar("T")

PATIENCE = 20
"""Seconds that the browser may take for anything."""


@pytest.fixture
def stage(simulator: Simulator) -> Stage:
    return demo_stage(simulator)


@pytest.fixture
async def page(simulator: Simulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(simulator.page_url) as session:
        yield session


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    browser = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield browser
    browser.quit()


@pytest.fixture
async def echo(bot: Bot) -> AsyncIterator[None]:
    """A bot that says back what it hears, under a button, until the test ends."""
    task = asyncio.create_task(answering(bot))
    yield
    task.cancel()


async def answering(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=30):
            offset = update.update_id + 1
            await answer(bot, update)


async def answer(bot: Bot, update: Update) -> None:
    if update.callback_query:
        await update.callback_query.answer("Diterima")
        await bot.edit_message_text("sudah", update.callback_query.from_user.id, update.effective_message.message_id)  # type: ignore[union-attr]  # a tap has one
    elif update.message:
        button = InlineKeyboardMarkup([[InlineKeyboardButton("Kirim", callback_data="send")]])
        await bot.send_message(update.message.chat_id, f"gema: {update.message.text}", reply_markup=button)


def use_the_page(browser: Chrome, address: str, file: Path) -> list[str]:
    """Start, write, tap, send a photo; returns what the pane shows at each step."""
    browser.get(address)
    pane = waited(browser, lambda: browser.find_element(By.CSS_SELECTOR, "[data-chat=sari]"))
    pane.find_element(By.CSS_SELECTOR, "[data-role=start]").click()
    seen = [shown(browser, pane, "gema: /start")]
    writer = pane.find_element(By.CSS_SELECTOR, "textarea")
    writer.send_keys("halo <b>", Keys.ENTER)
    seen.append(shown(browser, pane, "gema: halo <b>"))
    pane.find_elements(By.CSS_SELECTOR, "[data-button=Kirim]")[-1].click()
    seen.append(shown(browser, pane, "sudah"))
    seen.append(waited(browser, lambda: browser.find_element(By.CSS_SELECTOR, "[data-toast]")).text)
    pane.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(file))
    waited(browser, lambda: pane.find_element(By.CSS_SELECTOR, ".pending li").is_displayed())
    writer.send_keys(Keys.ENTER)
    waited(browser, lambda: pane.find_element(By.CSS_SELECTOR, "[data-kind=photo] img"))
    return seen


def shown(browser: Chrome, pane: WebElement, words: str) -> str:
    """The newest message once it says these words."""

    def newest() -> str:
        texts = [text.text for text in pane.find_elements(By.CSS_SELECTOR, ".message .text")]
        return texts[-1] if texts and words in texts[-1] else ""

    return waited(browser, newest)


def waited(browser: Chrome, condition: Callable[[], T]) -> T:
    redrawn = (NoSuchElementException, StaleElementReferenceException)
    return WebDriverWait(browser, PATIENCE, 0.05, redrawn).until(lambda _: condition())


@pytest.mark.browser
@pytest.mark.usefixtures("echo")
async def test_the_page_is_used_like_telegram(
    simulator: Simulator, stage: Stage, browser: Chrome, tmp_path: Path
) -> None:
    """In a browser a person starts the bot, writes, taps a button, sees the toast, and sends a photo."""
    file = tmp_path / "bukti.png"
    file.write_bytes(picture())
    seen = await asyncio.to_thread(use_the_page, browser, simulator.page_url, file)
    photo = stage.sari.chat.messages

    assert ["gema: /start", "gema: halo <b>", "sudah", "Diterima"] == seen
    assert [] == browser.get_log("browser")  # type: ignore[no-untyped-call]  # the driver is untyped here
    assert "photo" in [message.kind for message in photo]


async def test_acts_come_as_json(stage: Stage, page: aiohttp.ClientSession) -> None:
    """Acts are done in order; one that cannot be says why."""
    person = stage.sari.user.id
    data = b64encode(picture()).decode()
    acts = [
        {"person": person, "do": "types", "text": "/start"},
        {"person": person, "do": "blocks"},
        {"person": person, "do": "types", "text": "/start"},
        {"person": person, "do": "types", "text": "ya", "reply_to": 3, "forwarded_from": "Grup"},
        {"person": person, "do": "sends", "kind": "document", "files": [{"name": "a.png", "data": data}]},
        {"person": person, "do": "sends", "kind": "photo", "files": [{"name": "a.png", "data": data}] * 2},
        {"person": person, "do": "edits", "message": 5, "text": "tidak"},
        {"person": person, "do": "deletes", "message": 4},
    ]
    async with page.post("acts", json=acts) as response:
        assert 200 == response.status
    async with page.post("acts", json=[{"person": 5, "do": "rolls"}]) as response:
        assert 400 == response.status
    async with page.get("state") as response:
        state = await response.json()
    shown = state["panes"][0]["messages"]
    async with page.get(shown[-1]["media"]["url"]) as response:
        picture_type = response.content_type
    async with page.get("media/nowhere") as response:
        nowhere = response.status

    assert ["text", "text", "document", "photo", "photo"] == [message["kind"] for message in shown]
    assert ("tidak", True, True) == (shown[1]["text"], shown[1]["edited"], shown[1]["forwarded"])
    assert ("image/jpeg", 404) == (picture_type, nowhere)


@pytest.mark.usefixtures("stage")
async def test_the_stream_tells_what_happens(bot: Bot, stage: Stage, page: aiohttp.ClientSession) -> None:
    """What the bot sends reaches the page as an event of the right pane."""
    async with page.get("events") as response:
        await response.content.readuntil(b"\n\n")
        await bot.send_message(stage.channel.id, "Tip baru", protect_content=True)
        event = (await response.content.readuntil(b"\n\n")).decode()

    assert '"pane":"moderator"' in event
    assert '"text":"Tip baru"' in event
    assert '"protected":true' in event


async def test_faults_are_planned_from_the_page(simulator: Simulator, page: aiohttp.ClientSession) -> None:
    """The page plans faults, latency and flood limits, and clears them."""
    async with page.post("faults", json={"kind": "flood", "method": "sendMessage", "latency": 2, "limits": True}):
        planned = (simulator.faults.planned[0].kind, simulator.faults.latency, simulator.limits.enabled)
    async with page.post("faults", json={"clear": True, "limits": False}):
        cleared = (simulator.faults.planned, simulator.faults.latency, simulator.limits.enabled)

    assert ("flood", 2, True) == planned
    assert ([], 0, False) == cleared


@pytest.mark.parametrize(
    ("where", "headers"),
    [
        ("/page/guessed/acts", {}),
        ("acts", {"Origin": "https://example.org"}),
        ("acts", {"Origin": "null"}),
        ("acts", {"Host": "rebound.example.org"}),
    ],
)
async def test_nobody_else_drives_the_page(
    where: str, headers: dict[str, str], simulator: Simulator, stage: Stage, page: aiohttp.ClientSession
) -> None:
    """Without the key, from another website or under another name the page does not exist."""
    act = {"person": stage.sari.user.id, "do": "rolls"}
    async with page.post(where, json=[act], headers=headers) as response:
        status = response.status

    assert 404 == status
    assert not stage.sari.chat.messages
    assert simulator.api_url.startswith("http://127.0.0.1:")
