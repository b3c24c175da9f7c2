"""Compressed pixels end where the picture does: bytes behind them are shown by no viewer, and may name anybody.

Rule: the frame's own data stay as they are; what follows them inside the same block or chunk is cut, or
the file is refused where its coding does not tell where the data end.
"""

import io
import zlib
from collections.abc import Iterable, Iterator
from itertools import count, groupby
from operator import itemgetter

from PIL import Image

from bot.evidence.model import Refused
from bot.evidence.segments import gif_pixels_at, riff_chunk

Chunk = tuple[bytes, bytes]

_READ = 24
_LZW_MOST = 12  # bits of a code; the table is full then
_INFLATED = 16 * 1024  # bytes at once, of which none becomes more than a thousand
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WHOLE = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_WEBP_PADDING = 4  # libwebp's encoder leaves up to three bytes that its decoder does not need


def gif_image(block: bytes) -> bytes:
    """The image block with as many codes as its pixels need and the code that ends them."""
    start = gif_pixels_at(block)
    sizes = (int.from_bytes(block[at : at + 2], "little") for at in (5, 7))
    codes = _lzw(b"".join(_sub_blocks(block, start)), block[start - 1], next(sizes) * next(sizes))
    cut = (codes[at : at + 255] for at in range(0, len(codes), 255))
    return block[:start] + b"".join(bytes((len(part),)) + part for part in cut) + b"\0"


def _sub_blocks(block: bytes, at: int) -> Iterator[bytes]:
    while block[at]:
        yield block[at + 1 : at + 1 + block[at]]
        at += block[at] + 1


def _lzw(data: bytes, least: int, pixels: int) -> bytes:
    """Only the lengths of the table's entries are kept: how many pixels a code stands for is all that counts here."""
    clear, end = 1 << least, (1 << least) + 1
    lengths, width, before = [1] * clear + [0, 0], least + 1, 0
    window = held = at = 0
    while pixels > 0:
        if held < width:  # by many bytes at once: this loop runs for every code of a large file
            window |= int.from_bytes(data[at : at + _READ], "little") << held
            at, held = at + _READ, held + 8 * _READ
        code = window & ((1 << width) - 1)
        window, held = window >> width, held - width
        if code == end:
            break
        if code == clear:
            lengths, width, before = lengths[: end + 1], least + 1, 0
            continue
        if before and len(lengths) < 1 << _LZW_MOST:
            lengths.append(before + 1)
            width += len(lengths) == 1 << width < 1 << _LZW_MOST
        before = lengths[code]
        pixels -= before
    used = 8 * at - held - (width if pixels > 0 else 0)
    if used > 8 * len(data):
        raise Refused("broken")
    whole, part = divmod(used, 8)
    last = (data[whole] & ((1 << part) - 1) if part else 0) | end << part
    return data[:whole] + last.to_bytes((part + width + 7) // 8, "little")


def png_frames(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The same chunks with each frame's data in one of them, up to their end; numbered anew."""
    header, size, number = b"", b"", count()
    for kind, group in groupby(chunks, key=itemgetter(0)):
        payloads = [payload for _, payload in group]
        if kind == b"IHDR":
            header, size = payloads[0], payloads[0][:8]
        if kind == b"fcTL":
            size = payloads[0][4:12]
            payloads = [_numbered(next(number), payload[4:]) for payload in payloads]
        if kind == b"IDAT":
            payloads = [_deflated(b"".join(payloads), _raw_size(header, size))]
        if kind == b"fdAT":
            frame = _deflated(b"".join(payload[4:] for payload in payloads), _raw_size(header, size))
            payloads = [_numbered(next(number), frame)]
        yield from ((kind, payload) for payload in payloads)


def _numbered(number: int, payload: bytes) -> bytes:
    return number.to_bytes(4, "big") + payload


def _raw_size(header: bytes, size: bytes) -> int:
    """Bytes of a frame's filtered rows, in one pass or in seven."""
    width, height = int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big")
    bits = header[8] * _CHANNELS[header[9]]
    passes = ((-((x - width) // across), -((y - height) // down)) for x, y, across, down in _passes(header))
    return sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in passes if columns > 0 and rows > 0)


def _passes(header: bytes) -> tuple[tuple[int, int, int, int], ...]:
    return _ADAM7 if header[12] else _WHOLE


def _deflated(data: bytes, size: int) -> bytes:
    """`data` up to the end of its stream. Raises `Refused` where it has none or holds more than `size` bytes."""
    stream, inflated = zlib.decompressobj(), 0
    for at in range(0, len(data), _INFLATED):
        inflated += len(stream.decompress(data[at : at + _INFLATED]))
        if inflated > size:
            raise Refused("still_dirty")
        if stream.eof:
            return data[: min(at + _INFLATED, len(data)) - len(stream.unused_data)]
    raise Refused("broken")


def check_webp_frame(head: bytes, parts: list[Chunk]) -> None:
    """Raises `Refused` where a frame looks the same without the last bytes of one of its parts: nobody needs them."""
    looks = _looks(head, parts)
    for place, (kind, payload) in enumerate(parts):
        if _looks(head, [*parts[:place], (kind, payload[:-_WEBP_PADDING]), *parts[place + 1 :]]) == looks:
            raise Refused("still_dirty")


def _looks(head: bytes, parts: list[Chunk]) -> int | None:
    """A sum of the pixels of a frame that stands alone, or None where it cannot be decoded."""
    still = riff_chunk(b"VP8X", b"\x10\0\0\0" + head[6:12]) + b"".join(riff_chunk(*part) for part in parts)
    try:
        with Image.open(io.BytesIO(riff_chunk(b"RIFF", b"WEBP" + still)), formats=("WEBP",)) as picture:
            return zlib.crc32(picture.convert("RGBA").tobytes())
    except (OSError, EOFError, ValueError):
        return None
