"""The one table of what is understood: how a file is recognised, which room cleans it, what may come out.

Rule: a file is judged by its own bytes; what matches no line is refused. Rooms are imported when the
first file of their sort arrives, so that a worker that only sees photos never loads the rest.
"""

from collections.abc import Callable
from typing import NamedTuple

from bot.evidence.model import Kind
from bot.evidence.segments import gif_blocks, png_chunks


class Source(NamedTuple):
    """A type that may come in: `room` is the module of this package with `clean(name, data) -> Washed`."""

    name: str
    sniff: Callable[[bytes], bool]
    room: str


class Result(NamedTuple):
    """A type that may go out: `reader` is the `module.function` that reads it again and objects."""

    kind: Kind
    media_type: str
    reader: str


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[:4] == b"RIFF" and data[8:12] == kind


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    """An ISO base media file of these brands: its first, or any where the first says only that it is a picture."""

    def sniff(data: bytes) -> bool:
        size = min(int.from_bytes(data[:4], "big"), 256)
        others = {data[at : at + 4] for at in range(16, size, 4)} if data[8:12] in _SOME_PICTURE else set()
        return data[4:8] == b"ftyp" and not {data[8:12], *others}.isdisjoint(brands)

    return sniff


def _moving_gif(data: bytes) -> bool:
    return _starts(b"GIF87a", b"GIF89a")(data) and sum(kind == "image" for kind, _ in gif_blocks(data)) > 1


def _moving_png(data: bytes) -> bool:
    return _PNG(data) and any(kind == b"acTL" for kind, _ in png_chunks(data))


def _moving_webp(data: bytes) -> bool:
    return _riff(b"WEBP")(data) and data[12:16] == b"VP8X" and bool(data[20] & 2)


def _pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]  # readers allow that much in front


def _mp3(data: bytes) -> bool:
    """ID3, or a frame whose header names MPEG layer 3."""
    return data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] in {b"\xfb", b"\xfa", b"\xf3", b"\xf2"})


def _film(data: bytes) -> bool:
    if data[4:8] == b"ftyp" and data[8:12] in _SOME_PICTURE:
        return False  # the demuxer would take one tile of it for a film
    return data[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"skip"}


def _text(data: bytes) -> bool:
    """No zero byte, unless a byte-order mark announces text in which they are half of most letters."""
    return bool(data) and (b"\0" not in data or _starts(b"\xff\xfe", b"\xfe\xff")(data))


_SOME_PICTURE = {b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiAB", b"MiAC", b"MiPr", b"unif"}
_PNG = _starts(b"\x89PNG\r\n\x1a\n")

SOURCES: tuple[Source, ...] = (
    Source("jpeg", _starts(b"\xff\xd8\xff"), "pictures"),
    Source("png animation", _moving_png, "animations"),
    Source("png", _PNG, "pictures"),
    Source("webp animation", _moving_webp, "animations"),
    Source("webp", _riff(b"WEBP"), "pictures"),
    Source("gif animation", _moving_gif, "animations"),
    Source("gif", _starts(b"GIF87a", b"GIF89a"), "pictures"),
    Source("avif", _brand(b"avif"), "pictures"),
    Source("heif", _brand(b"heic", b"heix", b"heim", b"heis"), "pictures"),
    Source("bmp", _starts(b"BM"), "pictures"),
    Source("pdf", _pdf, "pdf"),
    Source("tiff", _starts(b"II*\0", b"MM\0*"), "scans"),
    Source("matroska", _starts(b"\x1a\x45\xdf\xa3"), "media"),
    Source("ogg", _starts(b"OggS"), "media"),
    Source("wav", _riff(b"WAVE"), "media"),
    Source("avi", _riff(b"AVI "), "media"),
    Source("flac", _starts(b"fLaC"), "media"),
    Source("amr", _starts(b"#!AMR"), "media"),
    Source("aac", _starts(b"\xff\xf1", b"\xff\xf9"), "media"),
    Source("mp3", _mp3, "media"),
    Source("mov", _film, "media"),
    Source("zip", _starts(b"PK\3\4"), "packages"),
    Source("ole", _starts(b"\xd0\xcf\x11\xe0"), "packages"),
    Source("text", _text, "texts"),
)

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

RESULTS: dict[str, Result] = {
    "jpg": Result("picture", "image/jpeg", "segments.check_jpeg"),
    "png": Result("picture", "image/png", "segments.check_png"),
    "gif": Result("animation", "image/gif", "segments.check_gif"),
    "pdf": Result("document", "application/pdf", "pdf_skeleton.check_pdf"),
    "mp4": Result("video", "video/mp4", "boxes.check_mp4"),
    "webm": Result("video", "video/webm", "streams.check_webm"),
    "m4a": Result("audio", "audio/mp4", "boxes.check_mp4"),
    "mp3": Result("audio", "audio/mpeg", "streams.check_mp3"),
    "ogg": Result("audio", "audio/ogg", "streams.check_ogg"),
    "flac": Result("audio", "audio/flac", "streams.check_flac"),
    "wav": Result("audio", "audio/wav", "streams.check_wav"),
    "docx": Result("document", f"{_OPEN_XML}.wordprocessingml.document", "skeletons.check_office"),
    "xlsx": Result("document", f"{_OPEN_XML}.spreadsheetml.sheet", "skeletons.check_office"),
    "pptx": Result("document", f"{_OPEN_XML}.presentationml.presentation", "skeletons.check_office"),
    "odt": Result("document", f"{_OPEN_DOCUMENT}.text", "skeletons.check_office"),
    "ods": Result("document", f"{_OPEN_DOCUMENT}.spreadsheet", "skeletons.check_office"),
    "odp": Result("document", f"{_OPEN_DOCUMENT}.presentation", "skeletons.check_office"),
    "txt": Result("document", "text/plain", "skeletons.check_text"),
    "csv": Result("document", "text/csv", "skeletons.check_text"),
    "webp": Result("document", "image/webp", "segments.check_webp"),
}
