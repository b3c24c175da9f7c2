"""Moving pictures come out as their frames and nothing else."""

import zlib
from collections.abc import Callable, Iterator
from hashlib import shake_256

import evidence_files as files
import pytest
from PIL import Image

from bot.evidence import Refused, clean_here
from bot.evidence.segments import gif_blocks, png_chunks, riff_chunk, webp_chunks
from bot.evidence.tails import gif_image

HIDDEN = files.CANARY.encode()


def behind_gif_codes() -> bytes:
    """A further sub-block behind the code that ends each frame."""
    blocks = gif_blocks(files.chat_gif())
    return b"".join(
        block[:-1] + bytes((len(HIDDEN),)) + HIDDEN + b"\0" if kind == "image" else block for kind, block in blocks
    )


def png_of(chunks: Iterator[tuple[bytes, bytes]]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(files.png_chunk(*chunk) for chunk in chunks)


def behind_png_streams() -> bytes:
    """Further bytes behind the end of each compressed stream, in its last chunk."""
    data = {b"IDAT", b"fdAT"}
    return png_of(
        (kind, payload + HIDDEN if kind in data else payload) for kind, payload in png_chunks(files.moving_png())
    )


def behind_webp_frames(hidden: bytes, **options: object) -> bytes:
    def longer(kind: bytes, payload: bytes) -> bytes:
        if kind != b"ANMF":
            return payload
        parts = [(part, data + hidden) for part, data in webp_chunks(payload[16:])]
        return payload[:16] + b"".join(riff_chunk(*part) for part in parts)

    chunks = webp_chunks(noisy_webp(**options)[12:])
    return riff_chunk(b"RIFF", b"WEBP" + b"".join(riff_chunk(kind, longer(kind, data)) for kind, data in chunks))


def noisy_webp(**options: object) -> bytes:
    first, *rest = (frame.convert("RGBA") for frame in files.frames())
    for frame in (first, *rest):
        frame.putalpha(Image.linear_gradient("L").resize(frame.size))
    return files.saved(first, "WEBP", save_all=True, append_images=rest, duration=40, **options)


@pytest.mark.parametrize("made", [behind_gif_codes, behind_png_streams])
def test_bytes_behind_the_pixels_of_a_frame_are_cut(made: Callable[[], bytes]):
    """What hides between the end of a frame's data and the end of its block or chunk does not come along."""
    original = made()

    cleaned = clean_here(original)

    assert HIDDEN in original
    assert HIDDEN not in cleaned.data
    assert files.shown_frames(original) == files.shown_frames(cleaned.data)


@pytest.mark.parametrize("lossless", [True, False])
def test_bytes_behind_the_pixels_of_a_webp_frame_are_refused(lossless: bool):  # noqa: FBT001 - a parameter of the test
    """A frame that looks the same without its last bytes is not passed on; one that needs them is."""
    assert clean_here(behind_webp_frames(b"", lossless=lossless))

    with pytest.raises(Refused, match="still_dirty"):
        clean_here(behind_webp_frames(HIDDEN, lossless=lossless))


def test_more_rows_than_a_frame_has_are_refused():
    """A stream that inflates to more than the frame's rows hides the rest from every viewer."""
    longer = png_of(
        (kind, zlib.compress(zlib.decompress(payload) + HIDDEN) if kind == b"IDAT" else payload)
        for kind, payload in png_chunks(files.moving_png())
    )

    with pytest.raises(Refused, match="still_dirty"):
        clean_here(longer)


@pytest.mark.parametrize("colours", [2, 7, 256])
def test_a_gif_frame_without_anything_behind_it_stays_as_it_is(colours: int):
    """Codes of every width, a full table and clear codes within are all followed to the very last."""
    noise = Image.frombytes("P", (300, 200), bytes(sign % colours for sign in shake_256(b"").digest(60_000)))
    noise.putpalette(bytes(range(256)) * 3)
    images = [block for kind, block in gif_blocks(files.saved(noise, "GIF")) if kind == "image"]

    assert [gif_image(block) for block in images] == images
