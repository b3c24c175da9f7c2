"""Pictures and colour profiles inside documents are stripped where they lie, without coding them again.

Rule: a document says itself how its pictures are to be read, so their samples must stay bit for bit; only
segments that carry no sample and no colour go.
"""

import struct
from collections.abc import Callable, Iterator

from bot.evidence.model import Refused
from bot.evidence.names import xml_names
from bot.evidence.segments import JPEG_KEPT, jpeg_segments

_ADOBE = 0xEE  # says how colours are turned: needed
_JP2_KEPT = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
_JP2_HEADER_KEPT = {b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"}
_JP2_SIZE, _JP2_COMMENT, _JP2_TILE, _JP2_TILE_DATA, _JP2_END = 0x51, 0x64, 0x90, 0x93, b"\xff\xd9"
_JP2_MAIN_KEPT = {0x50, _JP2_SIZE, 0x52, 0x53, 0x55, 0x57, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x63}
_JP2_TILE_KEPT = {_JP2_TILE, 0x52, 0x53, 0x58, 0x5C, 0x5D, 0x5E, 0x5F, 0x61}
_ICC_METHODS = {2, 3}
_COLOUR_TAGS = {b"wtpt", b"bkpt", b"chad", b"chrm", b"gamt", b"rXYZ", b"gXYZ", b"bXYZ"} | {
    prefix + digit for prefix in (b"A2B", b"B2A", b"D2B", b"B2D") for digit in (b"0", b"1", b"2", b"3")
}
_COLOUR_CURVES = {b"rTRC", b"gTRC", b"bTRC", b"kTRC"}


def bare_jpeg(data: bytes) -> tuple[bytes, set[str]]:
    """The JPEG without its metadata segments, and the names of what went."""
    out = []
    names: set[str] = set()
    for marker, payload, whole in jpeg_segments(data):
        if marker in JPEG_KEPT or _needed(marker, payload):
            if not _is_filled(marker, payload):
                raise Refused("broken")
            out.append(whole)
        elif marker != 0xD9:
            names |= xml_names(payload) | {_JPEG_NAMES.get(marker, "application segment")}
        elif payload.strip(b"\0\r\n "):
            names.add("tail")
    return b"".join(out) + b"\xff\xd9", names


_JPEG_NAMES = {0xE1: "maker", 0xE2: "device profile", 0xED: "author", 0xFE: "comment"}


def _needed(marker: int, payload: bytes) -> bool:
    if marker == 0xE0:
        return payload.startswith(b"JFIF\0") and len(payload) == 14
    return marker == _ADOBE and payload.startswith(b"Adobe") and len(payload) == 12


def _is_filled(marker: int, payload: bytes) -> bool:
    """Whether a segment holds what its kind asks for and no byte more: viewers take no other, and more could be told.

    Source: ITU-T T.81, B.2.
    """
    match marker:
        case 0xC0 | 0xC1 | 0xC2:  # frame: the number of components, three bytes for each
            return len(payload) == 6 + 3 * payload[5]
        case 0xC4:  # codes by length, 1 to 16
            return _is_tables(payload, lambda head: 17 + sum(head[1:17]))
        case 0xDA:  # scan: the number of components, two bytes for each
            return len(payload) == 4 + 2 * payload[0]
        case 0xDB:  # 64 steps, of two bytes where the first says so
            return _is_tables(payload, lambda head: 65 + 64 * (head[0] >> 4))
        case 0xDD:
            return len(payload) == 2
        case _:
            return True


def _is_tables(payload: bytes, size: Callable[[bytes], int]) -> bool:
    """Whether these are tables to their end; `size` reads how many bytes the first one has."""
    while payload:
        if size(payload) > len(payload):
            return False
        payload = payload[size(payload) :]
    return True


def bare_jpeg2000(data: bytes) -> tuple[bytes, set[str]]:
    """The JPEG 2000 file or codestream without metadata boxes and comments, and the names of what went."""
    names: set[str] = set()
    if data[:2] == b"\xff\x4f":
        return _bare_codestream(data, names), names
    return _boxed(data, _JP2_KEPT, names), names


def _boxed(data: bytes, kept: set[bytes], names: set[str]) -> bytes:
    """The boxes of the kinds `kept`, each bare."""
    out = []
    for kind, payload in _boxes(data):
        if kind in kept:
            out.append(_box(kind, _bare_box(kind, payload, names)))
        else:
            names |= xml_names(payload) | {"box"}
    return b"".join(out)


def _bare_box(kind: bytes, payload: bytes, names: set[str]) -> bytes:
    if kind == b"jp2c":
        return _bare_codestream(payload, names)
    if kind == b"jp2h":
        return _boxed(payload, _JP2_HEADER_KEPT, names)
    if kind == b"colr" and payload[0] in _ICC_METHODS:
        return payload[:3] + neutral_profile(payload[3:])
    return payload


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        end = at + size if size else len(data)
        if size and size < head:
            raise Refused("broken")
        yield kind, data[at + head : end]
        at = end


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload) + 8) + kind + payload


def _bare_codestream(data: bytes, names: set[str]) -> bytes:
    """Comments stand in the main header, before the first tile; what stands behind the end is no picture.

    Source: ITU-T T.800, annex A.
    """
    out, at = [data[:2]], 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != _JP2_TILE:
        marker, end = data[at + 1], _segment_end(data, at)
        if marker == _JP2_SIZE and end != at + 40 + 3 * int.from_bytes(data[at + 38 : at + 40], "big"):
            raise Refused("broken")
        if marker in _JP2_MAIN_KEPT:
            out.append(data[at:end])
        else:
            names.add("software comment" if marker == _JP2_COMMENT else "segment")
        at = end
    if data[at + 1 : at + 2] != bytes((_JP2_TILE,)):
        raise Refused("broken")  # no picture: a segment may have swallowed it, and anything
    last = _end_of_tiles(data, at)
    if data[last:].strip(b"\0") not in {b"", _JP2_END}:
        names.add("tail")
    return b"".join(out) + data[at:last] + _JP2_END


def _segment_end(data: bytes, at: int) -> int:
    return at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def _end_of_tiles(data: bytes, at: int) -> int:
    """Where the last tile ends; raises `Refused` at what draws nothing in one, whose length stands elsewhere too."""
    while data[at : at + 2] == bytes((0xFF, _JP2_TILE)):
        header = _segment_end(data, at)
        while data[header : header + 2] != bytes((0xFF, _JP2_TILE_DATA)):
            if data[header + 1] not in _JP2_TILE_KEPT:
                raise Refused("unsupported")
            header = _segment_end(data, header)
        size = int.from_bytes(data[at + 6 : at + 10], "big")
        if size and at + size < header:
            raise Refused("broken")
        at = at + size if size else data.find(_JP2_END, header)
        if not 0 <= at <= len(data):
            raise Refused("broken")
    return at


def neutral_profile(data: bytes) -> bytes:
    """The ICC profile with its colours alone: no maker, model, date or text. Source: ICC.1:2022, 7.2."""
    tags = list(_profile_tags(data))
    texts = [(b"desc", _V4_TEXT), (b"cprt", _V4_TEXT)] if data[8] >= 4 else [(b"desc", _V2_NAME), (b"cprt", _V2_TEXT)]
    table, body, start = b"", b"", 132 + 12 * (len(tags) + 2)
    for signature, payload in texts + tags:
        table += signature + struct.pack(">II", start + len(body), len(payload))
        body += payload + bytes(-len(payload) % 4)
    rest = struct.pack(">I", len(tags) + 2) + table + body
    kept = data[8:24] + bytes(12) + b"acsp" + bytes(4) + data[44:48] + bytes(8) + data[56:80] + bytes(48)
    return struct.pack(">I", 128 + len(rest)) + bytes(4) + kept + rest


_V4_TEXT = b"mluc" + bytes(4) + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", 2, 28) + b"\0-"
_V2_NAME = b"desc" + bytes(4) + struct.pack(">I", 2) + b"-\0" + bytes(78)
_V2_TEXT = b"text" + bytes(4) + b"-\0"


def _profile_tags(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data[36:40] != b"acsp":
        raise Refused("broken")
    for at in range(132, 132 + 12 * min(int.from_bytes(data[128:132], "big"), 100), 12):
        signature, offset, size = struct.unpack(">4sII", data[at : at + 12])
        if signature in _COLOUR_TAGS | _COLOUR_CURVES:
            yield signature, data[offset : offset + size]
