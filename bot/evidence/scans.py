"""Office scanners write TIFF, often of many pages: one page becomes a picture, several a PDF.

Rule: what the page shows is taken, and nothing else. A camera's raw file is TIFF too, but its first
picture is only a preview: it is refused rather than shown smaller than it is.
"""

import io

from PIL import ExifTags, Image, ImageSequence

from bot.evidence import pdf, pictures
from bot.evidence.model import Refused, Washed

MAX_PAGES = 300
_CANON_RAW = b"CR"
_PREVIEW = 1  # bit 0 of NewSubfileType


def clean(name: str, data: bytes) -> Washed:
    if data[8:10] == _CANON_RAW:
        raise Refused("unsupported")
    with Image.open(io.BytesIO(data), formats=("TIFF",)) as scan:
        tags = scan.getexif()
        if ExifTags.Base.DNGVersion in tags or tags.get(ExifTags.Base.NewSubfileType, 0) & _PREVIEW:
            raise Refused("unsupported")
        count = getattr(scan, "n_frames", 1)
    if count > MAX_PAGES:
        raise Refused("too_big")
    return pictures.clean(name, data) if count == 1 else _as_pdf(data)


def _as_pdf(data: bytes) -> Washed:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=("TIFF",)) as scan:
        found = pictures.found_in("tiff", data, scan)
        pages = (pictures.shown(page).copy() for page in ImageSequence.Iterator(scan))  # each without its siblings
        resolution = float(scan.info.get("dpi", (150, 150))[0]) or 150.0
        next(pages).save(out, "PDF", save_all=True, append_images=pages, resolution=resolution, quality=92)
    washed = pdf.clean("pdf", out.getvalue())
    washed.found = found
    return washed
