"""Small pictures for the tests."""

from io import BytesIO

from PIL import Image


def picture(width: int = 120, height: int = 80, form: str = "PNG", colour: str = "teal") -> bytes:
    target = BytesIO()
    Image.new("RGB", (width, height), colour).save(target, form)
    return target.getvalue()
