"""Second readers of picture files: they walk the bytes' own structure and decode nothing.

Rule: written apart from the library that writes the pictures, so that its slip is not repeated here; a
clean file consists of the listed parts alone, each once accounted for, to the last byte.
"""

from collections.abc import Iterator

from bot.evidence.model import Refused

_BARE_MARKERS = {0x01, *range(0xD0, 0xD9)}
_PICTURE_MARKERS = {0xC0, 0xC1, 0xC2, 0xC4, 0xD8, 0xDA, 0xDB, 0xDD}
_PICTURE_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, payload) up to the end of the image; what follows it comes as marker 0xD9's payload."""
    at = 0
    while at + 1 < len(data):
        if data[at] != 0xFF:
            raise Refused("broken")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker == 0xD9:
            yield marker, data[at + 2 :]
            return
        elif marker in _BARE_MARKERS:
            yield marker, b""
            at += 2
        else:
            size = int.from_bytes(data[at + 2 : at + 4], "big")
            yield marker, data[at + 4 : at + 2 + size]
            at += 2 + size
            if marker == 0xDA:
                at = _after_scan(data, at)


def _after_scan(data: bytes, at: int) -> int:
    """Entropy-coded bytes end at the first marker that is neither a stuffed zero nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, payload) up to IEND; what follows it comes as IEND's payload."""
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind == b"IEND":
            yield kind, data[at + 12 :]
            return
        yield kind, data[at + 8 : at + 8 + size]
        at += 12 + size


def check_jpeg(data: bytes) -> None:
    closed = False
    for marker, payload in jpeg_segments(data):
        closed = marker == 0xD9 and not payload
        bare_jfif = marker == 0xE0 and payload[:5] == b"JFIF\0" and len(payload) == 14
        if not (closed or bare_jfif or marker in _PICTURE_MARKERS):
            raise Refused("still_dirty")
    if not closed:
        raise Refused("still_dirty")


def check_png(data: bytes) -> None:
    chunks = [(kind, payload if kind == b"IEND" else b"") for kind, payload in png_chunks(data)]
    if not {kind for kind, _ in chunks} <= _PICTURE_CHUNKS or chunks[-1:] != [(b"IEND", b"")]:
        raise Refused("still_dirty")
