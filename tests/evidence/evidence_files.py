"""Files as phones, cameras and offices write them, each naming its sender in every way its type knows."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms, ImageSequence, PngImagePlugin, TiffImagePlugin

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
    plain = saved(image or picture(), "JPEG", quality=92, exif=camera_exif(orientation), xmp=XMP, comment=CANARY)
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


def phone_heic() -> bytes:
    """As an iPhone writes it: EXIF and XMP beside the picture, and a second picture in the same file."""
    heif = pillow_heif.from_pillow(picture())
    heif.add_from_pillow(picture("L").convert("RGB"))
    out = io.BytesIO()
    heif.save(out, quality=95, exif=camera_exif().tobytes(), xmp=XMP)
    return out.getvalue()


def phone_avif() -> bytes:
    return saved(picture(), "AVIF", quality=95, exif=camera_exif(), xmp=XMP)


def scan_tiff(pages: int = 1, **options: object) -> bytes:
    """As an office scanner writes it, with its own name and the clerk's in the tags."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010F], tags[0x0110], tags[0x0131], tags[0x013B] = "Canon", "LiDE 300", "IJ Scan", CANARY
    tags[0x0132], tags[0x010D] = "2024:10:12 09:00:00", f"C:\\Users\\{CANARY}\\scan.tif"
    rest = [picture(size=(96 + step, 64)) for step in range(1, pages)]
    return saved(picture(), "TIFF", save_all=True, append_images=rest, tiffinfo=tags, **options)


def frames() -> list[Image.Image]:
    return [picture().rotate(turn).convert("P") for turn in (0, 90, 180)]


def chat_gif() -> bytes:
    """Three frames, a comment, an XMP extension and a tail."""
    first, *rest = frames()
    plain = saved(first, "GIF", save_all=True, append_images=rest, duration=[40, 60, 100], loop=0, comment=CANARY)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes((len(XMP[:250]),)) + XMP[:250] + b"\0"
    return plain[:-1] + xmp + b";" + CANARY.encode()


def moving_png() -> bytes:
    first, *rest = frames()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", CANARY)
    return saved(first, "PNG", save_all=True, append_images=rest, duration=[40, 60, 100], pnginfo=texts)


def moving_webp() -> bytes:
    first, *rest = (frame.convert("RGB") for frame in frames())
    moves = {"save_all": True, "append_images": rest, "duration": [40, 60, 100], "lossless": True}
    return saved(first, "WEBP", exif=camera_exif(), xmp=XMP, **moves)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def shown_frames(data: bytes) -> list[tuple[object, bytes]]:
    """Time and pixels of every frame."""
    with opened(data) as moving:
        shown = (
            (frame.convert("RGB").tobytes(), frame.info.get("duration")) for frame in ImageSequence.Iterator(moving)
        )
        return [(span, pixels) for pixels, span in shown]


def converted(profile: bytes) -> bytes:
    """The samples of the picture above, read as in that profile and turned into sRGB."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(picture(), source, ImageCms.createProfile("sRGB")).tobytes()
