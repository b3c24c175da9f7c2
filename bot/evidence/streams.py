"""Second readers of sound files and of Matroska, apart from the library that writes them.

Rule: every byte is accounted for as a part that carries sound or pictures; comment headers are there where
the format demands them, and empty.
"""

import struct
from collections.abc import Iterator

from bot.evidence.packets import COMMENTS, mp3_size
from bot.evidence.segments import insist, webp_chunks

_WEBM_HOLDERS = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0xE1, 0x1254C367, 0x7373, 0x67C8}
_WEBM_NEVER = {0x7BA9, 0x4461, 0x7384, 0x536E, 0x1941A469, 0x1043A770, 0x3C83AB, 0x3EB923}
_WEBM_NAMES = {0x4D80: {b"Lavf"}, 0x5741: {b"Lavf"}, 0x45A3: {b"DURATION"}}


def _remainder(value: int, bits: int = 8) -> int:
    for _ in range(bits):
        value = (value << 1) ^ (0x8005 if value & 0x8000 else 0)
    return value & 0xFFFF


_CRC = [_remainder(byte << 8) for byte in range(256)]


def check_ogg(data: bytes) -> None:
    at = 0
    while at < len(data):
        insist(data[at : at + 4] == b"OggS")
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + len(lacing) + sum(lacing)
    insist(at == len(data))
    starts = [data.find(mark) + len(mark) for mark in COMMENTS for _ in range(data.count(mark))]
    insist(len(starts) == 1 and _no_comments(data[starts[0] : starts[0] + 65536]))


def _no_comments(block: bytes) -> bool:
    """A Vorbis comment block (little-endian sizes) with the muxer's name as vendor and no entry."""
    (size,) = struct.unpack_from("<I", block)
    return block[4 : 4 + size] in {b"ffmpeg", b"Lavf"} and block[4 + size : 8 + size] == bytes(4)


def check_flac(data: bytes) -> None:
    insist(data[:4] == b"fLaC")
    last, at = False, 4
    while not last:
        last, kind, size = bool(data[at] & 0x80), data[at] & 0x7F, int.from_bytes(data[at + 1 : at + 4], "big")
        block = data[at + 4 : at + 4 + size]
        insist(kind in {0, 3} or (kind == 1 and not any(block)) or (kind == 4 and _no_comments(block)))
        at += 4 + size
    insist(data[at : at + 1] == b"\xff" and not _crc16(data[at:]))


def _crc16(frames: bytes) -> int:
    """FLAC's checksum (RFC 9639, 9.3). Each frame ends with its own, so that of whole frames together is 0."""
    crc = 0
    for byte in frames:
        crc = (crc << 8 & 0xFFFF) ^ _CRC[crc >> 8 ^ byte]
    return crc


def check_wav(data: bytes) -> None:
    chunks = list(webp_chunks(data[12:]))
    insist({kind for kind, _ in chunks} <= {b"fmt ", b"fact", b"data"})
    insist(len(data) == 12 + sum(8 + len(payload) + len(payload) % 2 for _, payload in chunks))


def check_mp3(data: bytes) -> None:
    at = 0
    while at < len(data):
        size = mp3_size(data[at : at + 4])
        insist(size)
        at += size
    insist(at == len(data))


def check_webm(data: bytes) -> None:
    for kind, payload in _elements(data, 0, len(data)):
        insist(kind not in _WEBM_NEVER)
        insist(payload in _WEBM_NAMES.get(kind, {payload}))
        insist(kind != 0xEC or not any(payload))


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """(id, payload) of each element; those that hold others come without payload, before what they hold."""
    while at < end:
        width = 9 - data[at].bit_length()
        kind = int.from_bytes(data[at : at + width], "big")
        at += width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
        at += width
        if kind in _WEBM_HOLDERS:
            yield kind, b""
            yield from _elements(data, at, min(at + size, end))
        else:
            yield kind, data[at : at + size]
        at += size
    insist(at == end)
