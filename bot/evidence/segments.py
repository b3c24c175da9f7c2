"""Second readers of picture files: they walk the bytes' own structure and decode nothing.

Rule: written apart from the library that writes the pictures, so that its slip is not repeated here; a
clean file consists of the listed parts alone, each accounted for, to the last byte.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from bot.evidence.model import Refused

JPEG_KEPT = {0xC0, 0xC1, 0xC2, 0xC4, 0xD8, 0xDA, 0xDB, 0xDD}
PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"IDAT", b"IEND"}
GIF_KEPT = {"header", "image", "timing", "looping"}
WEBP_KEPT = {b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"}
_BARE_MARKERS = {0x01, *range(0xD0, 0xD9)}
_LOOPING = b"\x21\xff\x0bNETSCAPE2.0\x03\x01"


class Segment(NamedTuple):
    """`whole` is the segment from its marker on, with the scan that follows a start of scan."""

    marker: int
    payload: bytes
    whole: bytes


def jpeg_segments(data: bytes) -> Iterator[Segment]:
    """Up to the end of the image; what follows it comes as marker 0xD9's payload. Raises `Refused`."""
    at = 0
    while at + 1 < len(data):
        if data[at] != 0xFF:
            raise Refused("broken")
        marker = data[at + 1]
        if marker == 0xD9:
            yield Segment(marker, data[at + 2 :], data[at:])
            return
        end = _segment_end(data, at, marker)
        if marker != 0xFF:  # a fill byte
            yield Segment(marker, data[at + 4 : at + 2 + _size(data, at)], data[at:end])
        at = end


def _size(data: bytes, at: int) -> int:
    return int.from_bytes(data[at + 2 : at + 4], "big")


def _segment_end(data: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:
        return at + 1
    if marker in _BARE_MARKERS:
        return at + 2
    end = at + 2 + max(_size(data, at), 2)
    return _after_scan(data, end) if marker == 0xDA else end


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
    """(type, payload) up to IEND; what follows it comes as a second IEND's payload."""
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        yield kind, data[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"IEND":
            break
    if data[at:]:
        yield b"IEND", data[at:]


def gif_blocks(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(sort, bytes) of each block; the end and whatever follows it is the last. Raises `Refused`."""
    at = 13 + _table_size(data[10:11])
    yield "header", data[:at]
    while data[at : at + 1] in {b"\x2c", b"\x21"}:
        pixels = data[at] == 0x2C
        end = _sub_blocks_end(data, at + (gif_pixels_at(data[at : at + 10]) if pixels else 2))
        yield "image" if pixels else _extension(data[at:end]), data[at:end]
        at = end
    if data[at : at + 1] != b";":
        raise Refused("broken")
    yield "end", data[at:]


def gif_pixels_at(block: bytes) -> int:
    """Where the sub-blocks of an image block begin: behind its place, its colours and the width of its codes."""
    return 11 + _table_size(block[9:10])


def _table_size(flags: bytes) -> int:
    """Bytes of the colour table that a packed field announces."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _sub_blocks_end(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _extension(block: bytes) -> str:
    if block[1] == 0xF9 and len(block) == 8:
        return "timing"
    if block.startswith(_LOOPING) and len(block) == 19:
        return "looping"
    return "comment" if block[1] == 0xFE else "application extension"


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, payload) of the RIFF chunks in `data`."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def riff_chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def check_jpeg(data: bytes) -> None:
    closed = False
    for marker, payload, _ in jpeg_segments(data):
        closed = marker == 0xD9 and not payload
        bare_jfif = marker == 0xE0 and payload[:5] == b"JFIF\0" and len(payload) == 14
        insist(closed or bare_jfif or marker in JPEG_KEPT)
    insist(closed)


def check_png(data: bytes) -> None:
    chunks = list(png_chunks(data))
    insist({kind for kind, _ in chunks} <= PNG_KEPT)
    insist([payload for kind, payload in chunks if kind == b"IEND"] == [b""])


def check_gif(data: bytes) -> None:
    *blocks, end = gif_blocks(data)
    insist({kind for kind, _ in blocks} <= GIF_KEPT and end == ("end", b";"))


def check_webp(data: bytes) -> None:
    chunks = list(webp_chunks(data[12:]))
    inner = [part for kind, payload in chunks if kind == b"ANMF" for part in webp_chunks(payload[16:])]
    insist({kind for kind, _ in chunks + inner} <= WEBP_KEPT)
    insist(len(data) == 12 + sum(8 + len(payload) + len(payload) % 2 for _, payload in chunks))


def insist(clean: object) -> None:
    if not clean:
        raise Refused("still_dirty")
