"""The one table of what is understood: how a file is recognised, which room cleans it, what may come out.

Rule: a file is judged by its own bytes; what matches no line is refused. Rooms are imported when the
first file of their sort arrives, so that a worker that only sees photos never loads the rest.
"""

from collections.abc import Callable
from typing import NamedTuple

from bot.evidence.model import Kind


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


SOURCES: tuple[Source, ...] = (
    Source("jpeg", _starts(b"\xff\xd8\xff"), "pictures"),
    Source("png", _starts(b"\x89PNG\r\n\x1a\n"), "pictures"),
    Source("webp", _riff(b"WEBP"), "pictures"),
)

RESULTS: dict[str, Result] = {
    "jpg": Result("picture", "image/jpeg", "segments.check_jpeg"),
    "png": Result("picture", "image/png", "segments.check_png"),
}
