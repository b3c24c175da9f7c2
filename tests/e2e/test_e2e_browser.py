"""`bisik demo` as a newcomer meets it: one address, a whole tip through the page, read in the moderators' pane."""

import asyncio
import re
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from prove.stage import STORY, picture_with_traces, process

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--window-size=1600,1000")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
PATIENCE = 40
T = TypeVar("T")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    browser = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield browser
    browser.quit()


def waited(browser: Chrome, condition: Callable[[], T]) -> T:
    redrawn = (NoSuchElementException, StaleElementReferenceException)
    return WebDriverWait(browser, PATIENCE, 0.05, redrawn).until(lambda _driver: condition())


class Pane:
    """One pane of the page, used by what stands in it."""

    def __init__(self, browser: Chrome, key: str) -> None:
        self._browser = browser
        self.element: WebElement = waited(browser, lambda: browser.find_element(By.CSS_SELECTOR, f"[data-chat={key}]"))

    def find(self, selector: str) -> list[WebElement]:
        return self.element.find_elements(By.CSS_SELECTOR, selector)

    def texts(self) -> list[str]:
        return [text.text for text in self.find(".message .text")]

    def shows(self, words: str) -> None:
        waited(self._browser, lambda: any(words in text for text in self.texts()))

    def types(self, words: str) -> None:
        self.find("textarea")[0].send_keys(words, Keys.ENTER)

    def taps(self, label: str) -> None:
        button = waited(self._browser, partial(self.find, f'[data-button="{label}"]'))[-1]
        self._browser.execute_script("arguments[0].click()", button)

    def attaches(self, file: Path) -> None:
        self.find("input[type=file]")[0].send_keys(str(file))
        waited(self._browser, partial(self.find, ".pending li"))
        self.find("textarea")[0].send_keys(Keys.ENTER)


def sends_a_tip(browser: Chrome, address: str, file: Path) -> tuple[list[str], list[str]]:
    """Through the page, from Start to the receipt; what the reporter and the moderators then see."""
    browser.get(address)
    sari, moderators = Pane(browser, "sari"), Pane(browser, "moderator")
    sari.find("[data-role=start]")[0].click()
    sari.taps("Saya mengerti dan setuju")
    sari.taps("PNS/CPNS")
    sari.shows("Tulis nama, jabatan")
    sari.types("Kepala SMP Negeri 2")
    sari.shows("kabupaten atau kota")
    sari.types("jeneponto")
    sari.taps("Lewati")
    sari.taps("Hari ini")
    sari.taps("Foto/pose simbol dukungan")
    sari.taps("Lanjut")
    sari.shows("Ceritakan kejadiannya")
    sari.types(STORY)
    sari.shows("Ada bukti?")
    sari.attaches(file)
    sari.shows("1 bukti tersimpan")
    sari.taps("Lanjut")
    sari.taps("Hanya kode")
    sari.taps("Kirim")
    sari.shows("Kode Anda:")
    moderators.shows("Kelengkapan")
    waited(browser, partial(moderators.find, "[data-kind=photo] img"))
    return sari.texts(), moderators.texts()


def address_in(said: Path) -> str:
    found = ADDRESS.search(said.read_text()) if said.exists() else None
    return found[0] if found else ""


@pytest.mark.browser
async def test_a_whole_tip_goes_through_the_page_of_the_demo(browser, tmp_path):
    """`bisik demo` prints one address; there a tip with a photo is sent and read; Ctrl-C ends it with nothing left."""
    photo = tmp_path / "bukti.jpg"
    photo.write_bytes(picture_with_traces("Kamera Sari"))
    with process("demo", environment={}, folder=tmp_path) as demo:
        address = await asyncio.to_thread(waited, browser, lambda: address_in(tmp_path / "said"))
        reporter, moderators = await asyncio.to_thread(sends_a_tip, browser, address, photo)
        errors = browser.get_log("browser")
        demo.send_signal(signal.SIGINT)
        code = await asyncio.to_thread(demo.wait)
    said = (tmp_path / "said").read_text()

    assert any(STORY in text for text in moderators)
    assert any(re.search(r"\d{4} \d{4} \d{4} \d{4}", text) for text in reporter)
    assert [] == errors
    assert 0 == code
    assert 1 == len(ADDRESS.findall(said))
    assert "Traceback" not in said


def works_a_tip(browser: Chrome, address: str, file: Path) -> list[str]:
    """Through the page, from a tip to a question to its reporter; what the moderator's own chat then says."""
    sends_a_tip(browser, address, file)
    moderators = Pane(browser, "moderator")
    moderators.taps("Ambil")
    moderators.shows("Ditangani: Dewi")
    moderators.taps("Tanya pelapor")
    dewi = Pane(browser, "dewi")
    dewi.shows("Tulis pertanyaan")
    dewi.types("Jam berapa upacara itu?")
    dewi.taps("Kirim")
    dewi.shows("Pertanyaan dikirim.")
    moderators.shows("Butuh keterangan")
    return dewi.texts()


@pytest.mark.browser
async def test_a_moderator_asks_back_through_the_page_of_the_demo(browser, tmp_path):
    """A press in the channel's pane claims; another opens the moderator's own pane, where a question is confirmed."""
    photo = tmp_path / "bukti.jpg"
    photo.write_bytes(picture_with_traces("Kamera Sari"))
    with process("demo", environment={}, folder=tmp_path):
        address = await asyncio.to_thread(waited, browser, lambda: address_in(tmp_path / "said"))
        told = await asyncio.to_thread(works_a_tip, browser, address, photo)
        errors = browser.get_log("browser")

    assert any("Jam berapa upacara itu?" in text for text in told)
    assert [] == errors
