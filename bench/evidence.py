"""Evidence: how fast it is cleaned beside ExifTool and Pillow, and what that costs somebody else's next question."""

import asyncio
import io
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from bot.adapters.telegram.pacer import UNLIMITED
from bot.app import App
from bot.demo import demo_settings
from bot.evidence import Cleaner, clean_here
from bot.groundwork import Surroundings
from bot.simulator import Person, Simulator, demo_stage
from storage import keyring

FILES: Final = 24
SIDES: Final = (2016, 1512)
QUESTIONS: Final = 20


def photo(seed: int, sides: tuple[int, int] = SIDES) -> bytes:
    """A picture like a camera's: much detail, and EXIF that names a maker, a place and a time."""
    noise = Image.effect_noise((sides[0] // 4, sides[1] // 4), 40 + seed).resize(sides)
    picture = Image.merge("RGB", (noise, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT), noise))
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Maker", "2026:11:24 10:00:00"
    exif.get_ifd(0x8825)[1] = "S"
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()


def throughput(photos: list[bytes]) -> Iterator[str]:
    """A line for each way of cleaning the same photos, in MB a second."""
    total = sum(map(len, photos)) / 1e6
    yield f"\n{len(photos)} photos of {total / len(photos):.1f} MB each" + " " * 34 + "MB/s"
    ways: dict[str, Callable[[], object]] = {
        "this bot, two workers": lambda: asyncio.run(_pooled(photos)),
        "this bot, in one process": lambda: [clean_here(data) for data in photos],
        "Pillow, decode and encode": lambda: [_encoded(data) for data in photos],
    }
    if shutil.which("exiftool"):
        ways["ExifTool -all=, pixels untouched"] = lambda: [_stripped(data) for data in photos]
    else:
        yield "  ExifTool is not installed, so it is not measured."
    for name, way in ways.items():
        began = time.perf_counter()
        way()
        yield f"  {name:<55}{total / (time.perf_counter() - began):>8.1f}"


async def _pooled(photos: list[bytes]) -> None:
    cleaner = Cleaner(workers=2)
    await asyncio.gather(*(cleaner.clean(data) for data in photos))
    await cleaner.close()


def _encoded(data: bytes) -> None:
    Image.open(io.BytesIO(data)).save(io.BytesIO(), "JPEG", quality=92)


def _stripped(data: bytes) -> None:
    subprocess.run(["exiftool", "-q", "-all=", "-o", "-", "-"], input=data, capture_output=True, check=True)  # noqa: S607 - looked up above


async def side_by_side() -> list[str]:
    """How long somebody waits for the next question: quietly, and while ten others' files are cleaned."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with Simulator.start() as simulator:
            stage = demo_stage(simulator)
            chosen = demo_settings(simulator, stage, Path(folder))
            keyring.create(chosen.keyring, datetime.now(UTC).date())
            async with App.open(chosen, Surroundings(limits=UNLIMITED)) as app:
                working = asyncio.create_task(app.run())
                crowd = [simulator.person(600_000_000 + n, f"P{n}") for n in range(10)]
                for person in (stage.sari, *crowd):
                    await _begins(person)
                quiet = [await _asks(stage.sari, n) for n in range(QUESTIONS)]
                data = photo(1, (4032, 3024))
                for person in crowd:
                    person.sends_document(data, "foto.jpg")
                busy = [await _asks(stage.sari, n) for n in range(QUESTIONS)]
                await app.jobs.settled()
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
    more = statistics.median(busy) - statistics.median(quiet)
    return [
        f"\nnext question of one reporter{'median':>34}{'worst':>10}",
        f"  quiet{statistics.median(quiet):>53.0f} ms{max(quiet):>7.0f} ms",
        f"  ten others send {len(data) / 1e6:.0f} MB each{statistics.median(busy):>31.0f} ms{max(busy):>7.0f} ms",
        f"  target: at most 200 ms more at the median{more:>18.0f} ms  {'met' if more <= 200 else 'MISSED'}",
    ]


async def _begins(person: Person) -> None:
    person.starts()
    notice = await person.chat.next_message()
    person.taps(notice, "Saya mengerti dan setuju")
    await person.chat.next_edit()


async def _asks(person: Person, n: int) -> float:
    """Milliseconds from a word to the answer to it."""
    began = time.perf_counter()
    person.types("tidak ada di daftar" if n % 2 else "apa ini")
    await person.chat.next_message()
    return (time.perf_counter() - began) * 1000


async def lines() -> list[str]:
    photos = [photo(seed) for seed in range(FILES)]
    return [*await asyncio.to_thread(lambda: list(throughput(photos))), *await side_by_side()]
