"""Files as phones, cameras and offices write them, each naming its sender in every way its type knows."""

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin

CANARY = "Canary Sutrisno"
"""Stands in every text field that a maker here can fill; must be nowhere in what comes out."""


def picture(mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A smooth picture whose four corners differ, so that a turn or a lost colour shows."""
    across = Image.linear_gradient("L").resize(size)
    down = Image.linear_gradient("L").rotate(90).resize(size)
    colours = Image.merge("RGB", (across, down, Image.new("L", size, 60)))
    return colours.convert(mode)


def camera_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110], exif[0x0131] = "Samsung", "SM-A155F", "A155FXXU1"
    exif[0x013B], exif[0x0132], exif[0x010E] = CANARY, "2024:10:12 09:00:00", CANARY
    details = exif.get_ifd(0x8769)
    details[0x9003], details[0xA431], details[0x927C] = (
        "2024:10:12 09:00:00",
        "SERIAL123",
        b"maker" + CANARY.encode(),
    )
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (5.0, 40.0, 1.0), "E", (119.0, 44.0, 2.0)
    return exif


XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="{CANARY}" '
    f'tiff:Make="{CANARY}"/>'
    "</rdf:RDF></x:xmpmeta>"
).encode()


def swapped_profile() -> bytes:
    """A screen's profile whose red and green are exchanged, so that a conversion cannot be missed."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    return swapped.replace("sRGB".encode("utf-16-be"), "Acer".encode("utf-16-be"))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def phone_jpeg(orientation: int = 1, image: Image.Image | None = None) -> bytes:
    """EXIF with place and maker note, XMP, IPTC, a comment, and a second picture behind the end."""
    plain = saved(
        image or picture(), "JPEG", quality=92, exif=camera_exif(orientation), xmp=XMP, comment=CANARY
    )
    iptc = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x14\x1c\x02\x50" + CANARY.encode())
    return plain[:2] + iptc + plain[2:] + saved(picture(), "JPEG", comment=CANARY)


def screenshot_png(mode: str = "RGB") -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", CANARY)
    texts.add_text("Software", CANARY, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(picture(mode), "PNG", pnginfo=texts, exif=camera_exif(), dpi=(97, 97)) + CANARY.encode()


def chat_webp(**options: object) -> bytes:
    return saved(picture(), "WEBP", exif=camera_exif(), xmp=XMP, **options)


def png_chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def large_png(side: int = 5_000, channels: int = 1, *, filled: bool = True) -> bytes:
    """A few kilobytes that decode to `side` squared black pixels, or declare so many and hold none."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2 if channels == 3 else 0, 0, 0, 0)
    rows = zlib.compress(bytes((side * channels + 1) * side if filled else 0))
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks
