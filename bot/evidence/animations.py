"""Animated pictures keep their frames as they are; only the container around them is built anew.

Rule: frames are copied, never coded again, so that not a pixel changes, and only up to their own end; of
the rest only timing and looping cross. Every frame is decoded once, so that what cannot be shown is refused.
"""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageSequence

from bot.evidence.model import Code, Kind, Refused, Washed
from bot.evidence.names import codes_of, xml_names
from bot.evidence.pictures import MAX_PIXELS, found_in
from bot.evidence.segments import GIF_KEPT, PNG_KEPT, WEBP_KEPT, gif_blocks, png_chunks, riff_chunk, webp_chunks
from bot.evidence.tails import check_webp_frame, gif_image, png_frames


def clean(name: str, data: bytes) -> Washed:
    extension, rebuild = _CONTAINERS[name]
    names: set[str] = set()
    rebuilt = rebuild(data, names)
    width, height, seconds = _shown(extension, rebuilt)
    kind: Kind = "animation" if name == "gif animation" else "document"
    return Washed(rebuilt, extension, codes_of(names) | _told(extension, data), width, height, seconds, kind)


def _told(extension: str, data: bytes) -> set[Code]:
    """What the tags beside the frames told."""
    with Image.open(io.BytesIO(data), formats=(extension.upper(),)) as picture:
        return found_in(extension, data, picture)


def _shown(extension: str, data: bytes) -> tuple[int, int, float]:
    """Width, height and seconds, after every frame has been decoded."""
    with Image.open(io.BytesIO(data), formats=(extension.upper(),)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused("too_big")
        spans = [_span(frame) for frame in ImageSequence.Iterator(picture)]
        return picture.width, picture.height, sum(spans) / 1000


def _span(frame: Image.Image) -> float:
    frame.load()
    return float(frame.info.get("duration", 0))


def _gif(data: bytes, names: set[str]) -> bytes:
    kept = []
    for kind, block in gif_blocks(data):
        if kind in GIF_KEPT:
            kept.append(gif_image(block) if kind == "image" else block)
        elif kind != "end" or block != b";":
            names |= xml_names(block) | {kind}
    return b"".join(kept) + b";"


def _png(data: bytes, names: set[str]) -> bytes:
    kept = []
    for kind, payload in png_chunks(data):
        if kind in PNG_KEPT and (kind != b"IEND" or not payload):
            kept.append((kind, payload))
        else:
            names |= xml_names(payload) | {kind.decode("latin-1")}
    return data[:8] + b"".join(_png_chunk(*chunk) for chunk in png_frames(kept))


def _png_chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def _webp(data: bytes, names: set[str]) -> bytes:
    out = []
    for kind, payload in webp_chunks(data[12:]):
        if kind == b"VP8X":
            out.append(riff_chunk(kind, bytes((payload[0] & 0x12,)) + payload[1:10]))
        elif kind == b"ANMF":
            frame = [part for part in webp_chunks(payload[16:]) if part[0] in WEBP_KEPT]
            check_webp_frame(payload[:16], frame)
            out.append(riff_chunk(kind, payload[:16] + b"".join(riff_chunk(*part) for part in frame)))
        elif kind in WEBP_KEPT:
            out.append(riff_chunk(kind, payload))
        else:
            names |= xml_names(payload) | {kind.decode("latin-1")}
    return riff_chunk(b"RIFF", b"WEBP" + b"".join(out))


_CONTAINERS: dict[str, tuple[str, Callable[[bytes, set[str]], bytes]]] = {
    "gif animation": ("gif", _gif),
    "png animation": ("png", _png),
    "webp animation": ("webp", _webp),
}
