"""Real files of every kind that is accepted, damaged anywhere: bytes, pieces, lengths, checksums made right again."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress

import evidence_files as files
import evidence_media as media
import evidence_office as office
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_office import MAIN, parts
from test_pdf import office_pdf, written

from bot.evidence import Cleaned, Refused, clean_here
from bot.evidence.formats import RESULTS, SOURCES
from bot.evidence.segments import png_chunks
from bot.evidence.washing import _named, _source_of

EXAMPLES = 20
"""Of each kind."""
MADE: dict[str, Callable[[], bytes]] = {
    "jpeg": files.phone_jpeg,
    "png animation": files.moving_png,
    "png": files.screenshot_png,
    "webp animation": files.moving_webp,
    "webp": files.chat_webp,
    "gif animation": files.chat_gif,
    "gif": lambda: files.saved(files.picture(), "GIF", comment=files.CANARY),
    "avif": files.phone_avif,
    "heif": files.phone_heic,
    "bmp": lambda: files.saved(files.picture(), "BMP"),
    "pdf": lambda: written(office_pdf()),
    "tiff": lambda: files.scan_tiff(pages=2),
    "matroska": lambda: media.film("matroska", frames=3),
    "ogg": lambda: media.film("ogg", None, "libopus"),
    "wav": lambda: media.film("wav", None, "pcm_s16le"),
    "avi": lambda: media.film("avi", "mjpeg", "pcm_s16le", frames=3),
    "flac": lambda: media.film("flac", None, "flac"),
    "amr": lambda: b"#!AMR\n" + (b"\x3c" + bytes(31)) * 20,
    "aac": lambda: media.film("adts", None, "aac"),
    "mp3": lambda: media.film("mp3", None, "libmp3lame"),
    "mov": lambda: media.film(frames=3),
    "zip": office.word,
    "ole": lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
    "text": "nama;jabatan\r\nA;“camat”\r\nB;lurah\r\n".encode,
    "webm": lambda: media.film("webm", "libvpx", "libopus", frames=3),
    "sheet": office.excel,
    "slides": office.powerpoint,
    "open document": office.writer,
}
PNG = b"\x89PNG\r\n\x1a\n"
LENGTHS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)
"""What a field of any width may be made to say, besides the file's own length."""


def damaged(data: st.DataObject, raw: bytes) -> bytes:
    """A file of which something is broken, half the time under checksums that are right: as by one who means it."""
    meant = data.draw(st.booleans())
    if meant and raw.startswith(b"PK"):
        inside = parts(raw)
        name = data.draw(st.sampled_from(sorted(inside)))
        return office.zipped({**inside, name: mutated(data, inside[name])})
    broken = mutated(data, raw)
    return summed(broken) if meant and broken.startswith(PNG) else broken


def mutated(data: st.DataObject, raw: bytes) -> bytes:
    """Up to three times a byte is another, a piece is missing, stands twice, or a number in it says something else."""
    ways = (_another_byte, _cut, _doubled, _another_number)
    for way in data.draw(st.lists(st.sampled_from(ways), min_size=1, max_size=3)):
        at = data.draw(st.integers(0, max(0, len(raw) - 1)))
        raw = way(data, raw, at)
    return raw


def _another_byte(data: st.DataObject, raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([data.draw(st.integers(0, 255))]) + raw[at + 1 :]


def _cut(data: st.DataObject, raw: bytes, at: int) -> bytes:
    return raw[:at] + raw[at + data.draw(st.sampled_from((1, 4, 64, len(raw)))) :]


def _doubled(data: st.DataObject, raw: bytes, at: int) -> bytes:
    return raw[: at + data.draw(st.sampled_from((1, 4, 64, len(raw))))] + raw[at:]


def _another_number(data: st.DataObject, raw: bytes, at: int) -> bytes:
    wide = data.draw(st.sampled_from((1, 2, 4, 8)))
    says = data.draw(st.sampled_from((*LENGTHS, len(raw), at))) % 256**wide
    return raw[:at] + says.to_bytes(wide, data.draw(st.sampled_from(("big", "little")))) + raw[at + wide :]


def summed(png: bytes) -> bytes:
    return PNG + b"".join(files.png_chunk(kind, payload) for kind, payload in png_chunks(png))


def told(cleaned: Cleaned) -> bytes:
    """All that a clean file says beside what it shows, in clear. What is no more than words shows them."""
    match cleaned.extension:
        case "txt" | "csv":
            return b""
        case "pdf":
            return cleaned.data + b"".join(streams(cleaned.data))
        case "docx" | "xlsx" | "pptx" | "odt":
            return b"".join(part for name, part in parts(cleaned.data).items() if name not in MAIN.values())
        case _:
            return cleaned.data


def streams(data: bytes) -> Iterator[bytes]:
    """What a PDF's streams hold, of those that can be unpacked at all."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            with suppress(pikepdf.PdfError):
                yield item.read_bytes() if isinstance(item, pikepdf.Stream) else b""


@pytest.fixture(scope="module")
def originals() -> dict[str, bytes]:
    return {name: make() for name, make in MADE.items()}


def test_every_kind_that_is_accepted_is_mutated(originals: dict[str, bytes]):
    """No kind of file is taken that is not here."""
    assert {source.name for source in SOURCES} == {_source_of(data).name for data in originals.values()}


@pytest.mark.parametrize("name", MADE)
@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mutated_file_is_cleaned_or_refused(name: str, data: st.DataObject, originals: dict[str, bytes]):
    """Each is refused, or comes out so that the second reader passes it and nothing is found when it is read again."""
    try:
        cleaned = clean_here(damaged(data, originals[name]))
    except Refused:
        return
    _named(RESULTS[cleaned.extension].reader)(cleaned.data)
    with suppress(Refused):  # some players are content with less than is promised
        assert clean_here(cleaned.data).removed == ()
    assert files.CANARY.encode() not in told(cleaned)
