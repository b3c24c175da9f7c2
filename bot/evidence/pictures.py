"""Pictures are decoded in full and written anew, upright and in sRGB, as JPEG or PNG.

Rule: nothing but pixels crosses: no tag, text, profile, thumbnail, second picture or trailing byte, and
no quantisation table either (cameras and programs are told apart by theirs).
"""

import io
import struct
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple, cast

from PIL import ExifTags, Image, ImageCms

from bot.evidence.model import Code, Refused, Washed
from bot.evidence.names import codes_of, xml_names
from bot.evidence.segments import GIF_KEPT, gif_blocks, jpeg_segments, png_chunks

MAX_PIXELS = 64_000_000
"""Three copies of this many pixels (decoded, turned, converted) fit a worker's default memory."""

_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LOSSY = {"jpeg", "heif", "avif"}
_JPEG_MODES = {"L", "RGB"}
_PNG_MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}
_STANDARD_LUMINANCE = 3687  # the sum of the JPEG standard's own luminance table, which is quality 50
_USUAL_GAMMA = 2.2
_GAMMA_UNSEEN = 0.05  # as libpng has it
_SUBSAMPLINGS = {(1, 1): 0, (2, 1): 1, (2, 2): 2}
_UNREADABLE_TAGS = (SyntaxError, ValueError, KeyError, TypeError, IndexError, OSError, struct.error)


def clean(name: str, data: bytes) -> Washed:
    """Any still picture in; JPEG out where it was lossy and opaque, else PNG. Raises `Refused`."""
    picture = _decoded(name, data)
    found = found_in(name, data, picture)
    lossy = name in _LOSSY or (name == "webp" and b"VP8 " in data[:64])
    options = _jpeg_options(picture)
    upright = shown(picture)
    if lossy and upright.mode in _JPEG_MODES:
        return _written(upright, "jpg", found, **options)
    return _written(upright, "png", found)


class Display(NamedTuple):
    """What a viewer does to the stored pixels before it shows them."""

    turn: Image.Transpose | None
    profile: bytes | None
    gamma: float | None

    @property
    def as_stored(self) -> bool:
        """Nothing at all: they are upright, and in sRGB by their profile or for want of one."""
        return self.turn is None and self.gamma is None and not _names_a_device(self.profile)


def display_of(picture: Image.Image) -> Display:
    """What the tags beside the pixels ask of a viewer."""
    return Display(_turn(picture), picture.info.get("icc_profile"), _gamma(picture.info))


def shown(picture: Image.Image, display: Display | None = None) -> Image.Image:
    """The pixels as a viewer shows them: upright, in sRGB, in a mode that JPEG or PNG can hold."""
    turn, profile, gamma = display or display_of(picture)
    upright = picture if turn is None else picture.transpose(turn)
    return _kept_mode(_lit(_in_srgb(upright, profile), gamma))


def _decoded(name: str, data: bytes) -> Image.Image:
    picture = _opened(name, data)
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("too_big")
    picture.load()
    return picture


def _opened(name: str, data: bytes) -> Image.Image:
    if name == "heif":
        opener = import_module("pillow_heif").HeifImageFile  # large, and only for these
        return cast("Image.Image", opener(io.BytesIO(data)))
    formats = ("JPEG", "MPO") if name == "jpeg" else (name.upper(),)
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("bomb") from None


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _TURN.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except _UNREADABLE_TAGS:
        return None


def _gamma(info: Mapping[Any, Any]) -> float | None:
    """The exponent that a PNG states in place of a profile; None where it is that of sRGB, as nearly always."""
    gamma = 0.0 if {"srgb", "icc_profile"} & info.keys() else float(info.get("gamma", 0))
    return gamma if gamma and abs(gamma * _USUAL_GAMMA - 1) > _GAMMA_UNSEEN else None


def _lit(picture: Image.Image, gamma: float | None) -> Image.Image:
    """Samples that are a power of light, as those of sRGB. Two colours and deep greys stay as they are."""
    picture = picture if gamma is None else _expanded(picture)
    if gamma is None or picture.mode not in {"L", "LA", "RGB", "RGBA"}:
        return picture
    samples = [round(255 * _srgb((sample / 255) ** (1 / gamma))) for sample in range(256)]
    return picture.point([at for band in picture.getbands() for at in (range(256) if band == "A" else samples)])


def _srgb(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055  # IEC 61966-2-1


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.mode in {"CMYK", "YCbCr", "LAB", "HSV", "RGB", "RGBA", "P", "L"} and profile:
        picture = _expanded(picture)
        try:
            return _converted(picture, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that cannot be read says nothing about the colours
    return picture


def _kept_mode(picture: Image.Image) -> Image.Image:
    return picture if picture.mode in _PNG_MODES else _in_a_kept_mode(picture)


def _in_a_kept_mode(picture: Image.Image) -> Image.Image:
    if picture.mode == "F":
        raise Refused("unsupported")  # measured values: nobody says which are black and white
    if picture.mode.startswith("I"):
        return picture.convert("I").convert("I;16")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _expanded(picture: Image.Image) -> Image.Image:
    """Without a palette or a colour that counts as transparent, neither of which outlives a change of colours."""
    if picture.mode in {"P", "RGB"} and picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture.convert("RGB") if picture.mode == "P" else picture


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    assert converted is not None
    return converted.convert("L") if picture.mode == "L" else converted


def _jpeg_options(picture: Image.Image) -> dict[str, int]:
    """As good as the source was, between 85 and 95, with its subsampling."""
    tables = getattr(picture, "quantization", None) or {0: [0]}
    quality = 100 - 50 * sum(tables[0]) // _STANDARD_LUMINANCE
    layer = next(iter(getattr(picture, "layer", ())), ("", 2, 2))
    return {"quality": min(95, max(85, quality)), "subsampling": _SUBSAMPLINGS.get(tuple(layer[1:3]), 0)}


def _written(picture: Image.Image, extension: str, found: set[Code], **options: int) -> Washed:
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None or extension == "jpg" else {"transparency": transparency}
    out = io.BytesIO()
    picture.save(out, {"jpg": "JPEG", "png": "PNG"}[extension], **options)
    return Washed(out.getvalue(), extension, found, picture.width, picture.height)


def found_in(name: str, data: bytes, picture: Image.Image) -> set[Code]:
    found = codes_of(_tag_names(picture)) | codes_of(xml_names(picture.info.get("xmp") or b""))
    found |= _FOUND_IN.get(name, _nothing)(data)
    return found | ({"device"} if _names_a_device(picture.info.get("icc_profile")) else set())


def _names_a_device(profile: bytes | None) -> bool:
    """Every profile but sRGB itself is the signature of a camera, a scanner, a screen or a maker."""
    return bool(profile) and b"sRGB" not in (profile or b"").replace(b"\0", b"")


def _tag_names(picture: Image.Image) -> Iterator[str]:
    """The names of the EXIF tags, as far as they can be read."""
    try:
        exif = picture.getexif()
        yield from (ExifTags.TAGS.get(tag, "tag") for tag in exif if tag not in _STRUCTURE_TAGS)
        for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1):
            names = ExifTags.GPSTAGS if ifd is ExifTags.IFD.GPSInfo else ExifTags.TAGS
            yield from (names.get(tag, "tag") for tag in exif.get_ifd(ifd) if tag not in _STRUCTURE_TAGS)
    except _UNREADABLE_TAGS:
        yield "unreadable"


_STRUCTURE_TAGS = {
    ExifTags.Base.Orientation,
    ExifTags.Base.ExifOffset,
    ExifTags.Base.GPSInfo,
    ExifTags.Base.ResolutionUnit,
    ExifTags.Base.XResolution,
    ExifTags.Base.YResolution,
    ExifTags.Base.YCbCrPositioning,
    ExifTags.Base.ColorSpace,
    ExifTags.Base.ExifImageWidth,
    ExifTags.Base.ExifImageHeight,
    ExifTags.Base.ComponentsConfiguration,
    ExifTags.Base.ExifVersion,
    ExifTags.Base.FlashPixVersion,
}


def _found_in_jpeg(data: bytes) -> set[Code]:
    found: set[Code] = set()
    for marker, payload, _ in jpeg_segments(data):
        if marker == 0xFE:
            found.add("comments")
        elif marker == 0xED:
            found |= {"author", "other"}
        elif (marker == 0xE2 and payload.startswith(b"MPF")) or (marker == 0xD9 and payload.strip(b"\0")):
            found.add("attachments")
    return found


def _found_in_png(data: bytes) -> set[Code]:
    names = set()
    for kind, payload in png_chunks(data):
        if kind in {b"tEXt", b"iTXt", b"zTXt"}:
            names.add(payload.split(b"\0", 1)[0].decode("latin-1"))
        elif kind == b"tIME":
            names.add("date")
    tail = [kind for kind, _ in png_chunks(data)][-2:] == [b"IEND", b"IEND"]
    return codes_of(names - {"XML:com.adobe.xmp"}) | ({"attachments"} if tail else set())


def _found_in_gif(data: bytes) -> set[Code]:
    return codes_of(kind for kind, block in gif_blocks(data) if kind not in GIF_KEPT and block != b";")


def _nothing(_: bytes) -> set[Code]:
    return set()


_FOUND_IN: dict[str, Callable[[bytes], set[Code]]] = {
    "jpeg": _found_in_jpeg,
    "png": _found_in_png,
    "gif": _found_in_gif,
}
