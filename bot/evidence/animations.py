"""Animated pictures keep their frames as they are; only the container around them is built anew.

Rule: frames are copied, never coded again, so that not a pixel changes, and only up to their own end; of
the rest only timing and looping cross. Every frame is decoded once, so that what cannot be shown is refused.
Only where a viewer would turn the frames or see them in other colours are they written anew, losslessly.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterable

from PIL import Image, ImageSequence

from bot.evidence.model import Code, Kind, Refused, Washed
from bot.evidence.names import codes_of, xml_names
from bot.evidence.pictures import MAX_PIXELS, Display, display_of, found_in, shown
from bot.evidence.segments import GIF_KEPT, PNG_KEPT, WEBP_KEPT, gif_blocks, png_chunks, riff_chunk, webp_chunks
from bot.evidence.tails import check_webp_frame, gif_image, png_frames

MAX_PIXELS_ANEW = 24_000_000
"""All the frames together, held decoded to be written anew within a worker's default memory and time."""


def clean(name: str, data: bytes) -> Washed:
    extension, rebuild = _CONTAINERS[name]
    names: set[str] = set()
    found, display = _told(extension, data)
    straight = display.as_stored or extension == "gif"  # which no viewer turns, or sees in other colours
    rebuilt = rebuild(data if straight else _anew(extension, data, display), names)
    width, height, seconds = _shown(extension, rebuilt)
    kind: Kind = "animation" if name == "gif animation" else "document"
    return Washed(rebuilt, extension, codes_of(names) | found, width, height, seconds, kind)


def _told(extension: str, data: bytes) -> tuple[set[Code], Display]:
    """What the tags beside the frames told, and what they asked of a viewer."""
    with _opened(extension, _tags_first(data) if extension == "png" else data) as picture:
        return found_in(extension, data, picture), display_of(picture)


def _opened(extension: str, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=(extension.upper(),))


def _tags_first(data: bytes) -> bytes:
    """Tags may stand behind the last frame, where they would be read only after it was decoded."""
    return _png_of(data, sorted(png_chunks(data), key=lambda chunk: (chunk[0] != b"IHDR", chunk[0] in PNG_KEPT)))


def _anew(extension: str, data: bytes, display: Display) -> bytes:
    """The same frames as a viewer shows them, for as long."""
    with _opened(extension, data) as picture:
        if picture.width * picture.height * getattr(picture, "n_frames", 1) > MAX_PIXELS_ANEW:
            raise Refused("too_big")
        apart = bool(picture.info.get("default_image"))  # a picture for viewers that know no motion
        moving = [(shown(frame.copy(), display), _span(frame)) for frame in ImageSequence.Iterator(picture)]
        options = {"loop": picture.info.get("loop", 0), "default_image": apart, "lossless": True, "exact": True}
    (first, *rest), spans = [frame for frame, _ in moving], [span for _, span in moving[apart:]]
    out = io.BytesIO()
    first.save(out, extension, save_all=True, append_images=rest, duration=spans, method=0, **options)
    return out.getvalue()


def _shown(extension: str, data: bytes) -> tuple[int, int, float]:
    """Width, height and seconds, after every frame has been decoded."""
    with _opened(extension, data) as picture:
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
    return _png_of(data, png_frames(kept))


def _png_of(data: bytes, chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    return data[:8] + b"".join(_png_chunk(*chunk) for chunk in chunks)


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
