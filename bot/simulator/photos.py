"""What Telegram makes of a picture that is sent as a photo: JPEG in several sizes, without metadata."""

from io import BytesIO

from PIL import Image, ImageOps

from bot.simulator.errors import bad_request

SIDES = (90, 320, 800, 1280, 2560)
"""Longest sides of the sizes, in pixels; a picture between two of them is also kept in its own size."""

LARGEST_SUM = 10_000
LARGEST_RATIO = 20


def sizes(data: bytes) -> list[tuple[bytes, int, int]]:
    """JPEG bytes, width and height of each size, smallest first; raises `Refused` for what is no picture."""
    picture = _opened(data)
    own = min(max(picture.size), SIDES[-1])
    return [_rendered(picture, side) for side in [side for side in SIDES if side < own] + [own]]


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data)) as source:
            if sum(source.size) > LARGEST_SUM or max(source.size) > LARGEST_RATIO * min(source.size):
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
            return ImageOps.exif_transpose(source).convert("RGB")
    except (OSError, SyntaxError, ValueError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None


def _rendered(picture: Image.Image, side: int) -> tuple[bytes, int, int]:
    small = picture.copy()
    small.thumbnail((side, side))
    target = BytesIO()
    small.save(target, "JPEG", quality=87)
    return target.getvalue(), small.width, small.height
