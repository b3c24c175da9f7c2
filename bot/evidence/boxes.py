"""ISO base media files (MP4, M4A), read apart from the library that writes them.

Rule: a clean file is made of the boxes listed here; their dates are zero and their names the muxer's own.
Source: ISO/IEC 14496-12.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from bot.evidence.model import Refused
from bot.evidence.packets import SETS
from bot.evidence.segments import insist

_HOLDERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl"}
_TABLES = {b"elst", b"vmhd", b"smhd", b"dref", b"stts", b"stss", b"ctts", b"stsc", b"stsz", b"stco", b"co64"}
_KEPT = _HOLDERS | _TABLES | {b"ftyp", b"mdat", b"stsd", b"sgpd", b"sbgp", b"iods", b"tref", b"cslg", b"sdtp"}
_DATED = {b"mvhd", b"tkhd", b"mdhd"}
_HANDLERS = {b"VideoHandler\0", b"SoundHandler\0", b"\0"}


class Box(NamedTuple):
    kind: bytes
    start: int
    payload: int
    end: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes that lie side by side; raises `Refused` where they do not fill their place."""
    end = len(data) if end is None else end
    while start < end:
        size, kind = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        head = 16 if size == 1 else 8
        size = int.from_bytes(data[start + 8 : start + 16], "big") if size == 1 else size
        if size < head or start + size > end:
            raise Refused("broken")
        yield Box(kind, start, start + head, start + size)
        start += size


def frame_boxes(data: bytes) -> list[Box]:
    """The boxes beside each other that may hold frames, as far as the file can be read; size 0 is up to its end."""
    found, start = [], 0
    while start + 8 <= len(data):
        size, kind = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        head = 16 if size == 1 else 8
        size = int.from_bytes(data[start + 8 : start + 16], "big") if size == 1 else size or len(data) - start
        if size < head:
            break
        if kind == b"mdat":
            found.append(Box(kind, start, start + head, start + size))
        start += size
    return found


def _within(data: bytes, box: Box) -> Iterator[Box]:
    """A box and all inside it that are made of boxes alone."""
    yield box
    if box.kind in _HOLDERS:
        for inner in boxes(data, box.payload, box.end):
            yield from _within(data, inner)


def _all(data: bytes) -> Iterator[Box]:
    for box in boxes(data):
        yield from _within(data, box)


def check_mp4(data: bytes) -> None:
    for box in _all(data):
        payload = b"" if box.kind == b"mdat" else data[box.payload : box.end]
        if box.kind in _DATED:
            insist(not any(payload[4 : 20 if payload[0] else 12]))
        elif box.kind == b"hdlr":
            insist(payload[24:] in _HANDLERS)
        elif box.kind == b"stsd":
            _, found, setup = payload.partition(b"hvcC")
            insist(not found or _bare_hevc(setup))
        elif box.kind in {b"free", b"skip"}:
            insist(not any(payload))
        else:
            insist(box.kind in _KEPT)


def _bare_hevc(setup: bytes) -> bool:
    """Whether a decoder configuration holds parameter sets alone. Source: ISO/IEC 14496-15, 8.3.3.1."""
    at = 23
    for _ in range(setup[22]):
        kind, count = setup[at] & 0x3F, int.from_bytes(setup[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            at += 2 + int.from_bytes(setup[at : at + 2], "big")
        if kind not in SETS["hevc"]:
            return False
    return True


def with_index_first(data: bytes) -> bytes:
    """The same file with its index before its frames, so that it plays while it loads, and without tags."""
    top = {box.kind: box for box in boxes(data)}
    index, frames, head = top[b"moov"], top[b"mdat"], top[b"ftyp"]
    if index.start < frames.start:
        raise Refused("broken")  # not as our muxer writes it
    moved = _without_tags(data, index)
    for box in _within(data, index):
        if box.kind in {b"stco", b"co64"}:
            _shift(moved, box.payload - index.start, "I" if box.kind == b"stco" else "Q", len(moved))
    whole = memoryview(data)  # slices of it copy nothing
    return b"".join((whole[: head.end], moved, whole[head.end : index.start]))


def _without_tags(data: bytes, index: Box) -> bytearray:
    """The index without the box of tags that the muxer puts at its end, full or empty."""
    last = list(boxes(data, index.payload, index.end))[-1]
    moved = bytearray(data[index.start : last.start if last.kind == b"udta" else index.end])
    struct.pack_into(">I", moved, 0, len(moved))
    return moved


def _shift(index: bytearray, at: int, width: str, by: int) -> None:
    (count,) = struct.unpack_from(">I", index, at + 4)
    form = f">{count}{width}"
    struct.pack_into(form, index, at + 8, *(offset + by for offset in struct.unpack_from(form, index, at + 8)))


def displayed_size(data: bytes) -> tuple[int, int]:
    """Width and height of the first picture track as shown, turned where its matrix turns it."""
    for box in _all(data):
        if box.kind == b"tkhd":
            at = box.payload + (52 if data[box.payload] else 40)
            turned = struct.unpack_from(">i", data, at)[0] == 0
            width, height = (side >> 16 for side in struct.unpack_from(">II", data, at + 36))
            if width and height:
                return (height, width) if turned else (width, height)
    raise Refused("broken")
