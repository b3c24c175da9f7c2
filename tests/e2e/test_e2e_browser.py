"""`bisik demo` as a newcomer meets it: one address, a tip through the page, and on from there to its last word."""

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
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from prove.stage import STORY, picture_with_traces, process

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--window-size=1600,1000")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
PATIENCE = 40
TAKEN = "Dewi lebih dulu menangani informasi ini."
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

    def acts_as(self, name: str) -> None:
        Select(self.find("select[name=actor]")[0]).select_by_visible_text(name)

    def types(self, words: str) -> None:
        self.find("textarea")[0].send_keys(words, Keys.ENTER)

    def taps(self, label: str) -> None:
        button = waited(self._browser, partial(self.find, f'[data-button="{label}"]'))[-1]
        self._browser.execute_script("arguments[0].click()", button)

    def attaches(self, file: Path) -> None:
        self.find("input[type=file]")[0].send_keys(str(file))
        waited(self._browser, partial(self.find, ".pending li"))
        self.find("textarea")[0].send_keys(Keys.ENTER)


def sends_a_tip(browser: Chrome, address: str, file: Path, contact: str = "Hanya kode") -> tuple[list[str], list[str]]:
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
    sari.taps(contact)
    sari.taps("Kirim")
    sari.shows("Kode Anda, ketuk untuk melihatnya:")
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


def asks_the_reporter(browser: Chrome, moderators: Pane) -> list[str]:
    """Dewi takes the tip, asks, and keeps the question for others; what her own chat then says."""
    moderators.taps("Ambil")
    moderators.shows("Ditangani: Dewi")
    moderators.taps("Tanya pelapor")
    dewi = Pane(browser, "dewi")
    dewi.shows("Tulis pertanyaan")
    dewi.types("Ada foto lain?")
    dewi.taps("Simpan sebagai pilihan")
    dewi.shows("daftar pilihan")
    dewi.taps("Kirim")
    dewi.shows("Pertanyaan dikirim.")
    moderators.shows("Butuh keterangan")
    return dewi.texts()


def collides(browser: Chrome, moderators: Pane) -> None:
    """Agus presses what Dewi has in hand, and is told in passing."""
    moderators.acts_as("Agus")
    moderators.taps("Tanya pelapor")
    waited(browser, lambda: browser.find_element(By.XPATH, f"//*[@data-toast][text()='{TAKEN}']"))
    moderators.acts_as("Dewi")


def answers_with_a_photo(browser: Chrome, moderators: Pane, file: Path) -> None:
    sari, photos = Pane(browser, "sari"), len(moderators.find("[data-kind=photo] img"))
    sari.shows("Pertanyaan dari pemeriksa: Ada foto lain?")
    sari.taps("Jawab")
    sari.shows("Tulis jawaban")
    sari.attaches(file)
    sari.shows("1 bukti tersimpan")
    sari.types("Ini dari panggung.")
    sari.shows("Ini yang akan dibaca pemeriksa")
    sari.taps("Kirim")
    sari.shows("Jawaban Anda tersimpan")
    moderators.shows("Ini dari panggung.")
    waited(browser, lambda: len(moderators.find("[data-kind=photo] img")) > photos)


def closes(browser: Chrome, moderators: Pane) -> list[str]:
    """Handed to Bawaslu, then closed; what the reporter has read by then."""
    sari = Pane(browser, "sari")
    for button in ("Status…", "Diteruskan…", "Bawaslu"):
        moderators.taps(button)
    sari.shows("Status: Diteruskan ke Bawaslu.")
    moderators.shows("Diteruskan ke Bawaslu")
    for button in ("Status…", "Selesai"):
        moderators.taps(button)
    sari.shows("Status: Selesai.")
    return sari.texts()


def works_a_tip(browser: Chrome, address: str, file: Path) -> tuple[list[str], list[str]]:
    """Through the page, from a tip to its last word: what Dewi and the reporter have read by then."""
    sends_a_tip(browser, address, file, contact="Kabari saya di chat ini")
    moderators = Pane(browser, "moderator")
    asked = asks_the_reporter(browser, moderators)
    collides(browser, moderators)
    answers_with_a_photo(browser, moderators, file)
    return asked, closes(browser, moderators)


@pytest.mark.browser
async def test_a_tip_is_worked_to_its_end_through_the_page_of_the_demo(browser, tmp_path):
    """Taken, asked about, answered with a photo, handed over, closed; who comes second is told by whom."""
    photo = tmp_path / "bukti.jpg"
    photo.write_bytes(picture_with_traces("Kamera Sari"))
    with process("demo", environment={}, folder=tmp_path):
        address = await asyncio.to_thread(waited, browser, lambda: address_in(tmp_path / "said"))
        asked, read = await asyncio.to_thread(works_a_tip, browser, address, photo)
        errors = browser.get_log("browser")
    steps = ("Ada foto lain?", "Jawaban Anda tersimpan", "Diteruskan ke Bawaslu", "Status: Selesai.")
    seen = [next(n for n, text in enumerate(read) if words in text) for words in steps]

    assert any("Ada foto lain?" in text for text in asked)
    assert sorted(seen) == seen
    assert [] == errors
