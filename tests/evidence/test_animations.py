"""Moving pictures come out as their frames and nothing else."""

import zlib
from collections.abc import Callable, Iterable
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


def png_of(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
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


def turned(kind: str, orientation: int = 6, **options: object) -> bytes:
    first, *rest = (frame.convert("RGB") for frame in files.frames())
    moves = {"save_all": True, "append_images": rest, "duration": [40, 60, 100], "lossless": True}
    return files.saved(first, kind, **moves, exif=files.camera_exif(orientation), **options)


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_the_frames_of_a_turned_animation_come_out_upright(kind: str):
    """An orientation beside moving frames is applied to each, and their times stay."""
    upright = [(span, quarter_turned(pixels)) for span, pixels in files.shown_frames(turned(kind))]

    cleaned = clean_here(turned(kind))

    assert (cleaned.extension, cleaned.width, cleaned.height) == (kind, 64, 96)
    assert {"gps", "device", "author"} <= set(cleaned.removed)
    assert files.shown_frames(cleaned.data) == upright
    assert HIDDEN not in cleaned.data


def quarter_turned(pixels: bytes) -> bytes:
    return Image.frombytes("RGB", (96, 64), pixels).transpose(Image.Transpose.ROTATE_270).tobytes()


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_the_frames_of_a_screen_recording_are_turned_into_srgb(kind: str):
    """A profile of another space leaves moving frames, and their colours are converted."""
    first, *rest = (files.picture().rotate(turn) for turn in (0, 180))
    moves = {"save_all": True, "append_images": rest, "duration": 40, "lossless": True}

    cleaned = clean_here(files.saved(first, kind, icc_profile=files.swapped_profile(), **moves))

    assert "icc_profile" not in files.opened(cleaned.data).info
    assert files.shown_frames(cleaned.data)[0] == (40, files.converted(files.swapped_profile()))


def test_a_turn_that_stands_behind_the_last_frame_is_applied_too():
    """Programs that add tags put them at the end of a PNG."""
    header, *rest = png_chunks(turned("png"))
    tags = [chunk for chunk in rest if chunk[0] == b"eXIf"]
    others = [chunk for chunk in rest if chunk[0] != b"eXIf"]

    cleaned = clean_here(png_of([header, *others[:-1], *tags, others[-1]]))

    assert (cleaned.width, cleaned.height) == (64, 96)


def test_more_frames_than_can_be_written_anew_are_refused(monkeypatch: pytest.MonkeyPatch):
    """A long animation that is to be turned would outgrow its worker; the reporter hears another way."""
    monkeypatch.setattr("bot.evidence.animations.MAX_PIXELS_ANEW", 96 * 64 * 3 - 1)

    with pytest.raises(Refused, match="too_big"):
        clean_here(turned("png"))
    assert clean_here(turned("png", orientation=1))
