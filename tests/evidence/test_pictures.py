"""Pictures come out as pixels and nothing else."""

import io
from collections.abc import Callable

import evidence_files as files
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from bot.evidence import Cleaned, Refused, clean_here
from bot.evidence.segments import check_jpeg, check_png


def opened(cleaned: Cleaned) -> Image.Image:
    return Image.open(io.BytesIO(cleaned.data))


def difference(left: Image.Image, right: Image.Image) -> float:
    """The mean difference of a channel, 0 to 255."""
    gap = ImageChops.difference(left.convert("RGB"), right.convert("RGB"))
    return max(ImageStat.Stat(gap).mean)


MADE = {
    "jpeg": files.phone_jpeg,
    "png": files.screenshot_png,
    "webp lossy": files.chat_webp,
    "webp lossless": lambda: files.chat_webp(lossless=True),
    "heic": files.phone_heic,
    "avif": files.phone_avif,
    "tiff": files.scan_tiff,
    "tiff lzw": lambda: files.scan_tiff(compression="tiff_lzw"),
}
MOVING = {"gif": files.chat_gif, "png": files.moving_png, "webp": files.moving_webp}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE.keys())
def test_a_picture_loses_its_sender_and_keeps_its_looks(made: Callable[[], bytes]):
    """Every still picture keeps its pixels and size, and no text field survives."""
    original = made()

    cleaned = clean_here(original)

    assert files.CANARY.encode() in original
    assert files.CANARY.encode() not in cleaned.data
    assert {"device", "software", "author", "time"} <= set(cleaned.removed)
    assert (96, 64) == (cleaned.width, cleaned.height) == opened(cleaned).size
    assert difference(files.picture(), opened(cleaned)) < 3


@pytest.mark.parametrize("name", MOVING)
def test_a_moving_picture_keeps_every_frame(name: str):
    """Frames, their order and their times are the same; what surrounded them is gone."""
    original = MOVING[name]()

    cleaned = clean_here(original)

    assert files.CANARY.encode() in original
    assert files.CANARY.encode() not in cleaned.data
    assert cleaned.extension == name
    assert cleaned.duration == pytest.approx(0.2)
    assert files.shown_frames(original) == files.shown_frames(cleaned.data)
    assert cleaned.removed


def test_the_report_of_a_moving_picture_names_its_place_too():
    """Tags beside frames are read for the report as those of a photo are."""
    assert {"author", "device", "gps", "software", "time"} <= set(clean_here(files.moving_webp()).removed)


@pytest.mark.parametrize("brands", [b"mif1miafheic", b"MiHEheicmiaf"], ids=bytes.decode)
def test_a_heic_of_whatever_brands_is_a_picture(brands: bytes):
    """A picture that is only among others called HEIC is not taken for a film of one tile."""
    original = files.phone_heic()

    cleaned = clean_here(original[:8] + brands[:4] + original[12:16] + brands + original[28:])

    assert (cleaned.extension, cleaned.kind) == ("jpg", "picture")
    assert difference(files.picture(), opened(cleaned)) < 3


def test_a_picture_of_unknown_brand_is_refused():
    """Where no brand says how it is coded, no film is made of it."""
    original = files.phone_heic()

    with pytest.raises(Refused, match="unsupported"):
        clean_here(original[:8] + b"mif1" + original[12:16] + b"mif1jpegmiaf" + original[28:])


def test_a_gif_that_does_not_move_is_a_picture():
    """One frame goes out as PNG."""
    cleaned = clean_here(files.saved(files.picture("P"), "GIF", comment=files.CANARY))

    assert (cleaned.extension, cleaned.kind) == ("png", "picture")
    assert cleaned.removed == ("comments",)


def test_a_bitmap_becomes_png():
    """BMP is what old screenshots are; it goes out as PNG, pixel for pixel."""
    cleaned = clean_here(files.saved(files.picture(), "BMP"))

    assert cleaned.extension == "png"
    assert difference(files.picture(), opened(cleaned)) == 0


def test_a_scan_of_many_pages_becomes_a_pdf():
    """Each page of a scan stays a page."""
    cleaned = clean_here(files.scan_tiff(pages=3))

    assert (cleaned.extension, cleaned.kind) == ("pdf", "document")
    assert files.CANARY.encode() not in cleaned.data
    with pikepdf.open(io.BytesIO(cleaned.data)) as pdf:
        assert len(pdf.pages) == 3


def test_a_cameras_raw_file_is_refused():
    """The preview inside a raw file is not taken for the photo."""
    with pytest.raises(Refused, match="unsupported"):
        clean_here(files.saved(files.picture(), "TIFF", tiffinfo={50706: b"\1\4\0\0"}))
    with pytest.raises(Refused, match="unsupported"):
        clean_here(b"II*\0\x10\0\0\0CR\2\0")


def test_the_report_names_every_sort_that_a_phone_photo_carries():
    """The report of a phone's photo lists sorts, in order, and no value."""
    removed = clean_here(files.phone_jpeg()).removed

    assert tuple(sorted(removed)) == removed
    assert {"attachments", "author", "comments", "device", "gps", "software", "time"} <= set(removed)


def test_a_clean_picture_reports_nothing():
    """Cleaning what is already clean removes nothing and says so."""
    once = clean_here(files.phone_jpeg())

    assert () == clean_here(once.data).removed
    assert () == clean_here(files.saved(files.picture(), "PNG")).removed


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_comes_out_upright(orientation: int):
    """Each of the eight EXIF orientations is applied to the pixels."""
    stored = files.picture()
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    turned = stored if back is None else stored.transpose(Image.Transpose(back))

    cleaned = clean_here(files.phone_jpeg(orientation, turned))

    assert stored.size == (cleaned.width, cleaned.height)
    assert difference(stored, opened(cleaned)) < 2


def test_a_wide_profile_is_turned_into_srgb():
    """A profile of another space leaves, and its colours are converted rather than reinterpreted."""
    profile = files.swapped_profile()

    cleaned = clean_here(files.saved(files.picture(), "PNG", icc_profile=profile))

    assert "icc_profile" not in opened(cleaned).info
    assert ("device",) == cleaned.removed
    assert difference(files.picture(), opened(cleaned)) > 10


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA"])
def test_a_png_of_another_gamma_is_as_light_as_it_was_shown(mode: str):
    """Samples in proportion to light are those of sRGB afterwards; what is transparent stays so."""
    plain = files.saved(Image.new("RGBA", (9, 9), (64, 64, 64, 128)).convert(mode), "PNG")
    linear = plain[:33] + files.png_chunk(b"gAMA", (100_000).to_bytes(4, "big")) + plain[33:]

    shown = opened(clean_here(linear)).convert("RGBA")

    assert shown.getpixel((4, 4)) == (137, 137, 137, opened(clean_here(plain)).convert("RGBA").getpixel((4, 4))[3])


def test_a_png_that_states_the_usual_gamma_keeps_its_samples():
    """What nearly every program writes changes no pixel."""
    plain = files.saved(files.picture(), "PNG")
    usual = plain[:33] + files.png_chunk(b"gAMA", (45_455).to_bytes(4, "big")) + plain[33:]

    assert difference(files.picture(), opened(clean_here(usual))) == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_keeps_its_depth_and_transparency(mode: str):
    """Each way of storing a PNG comes back in the same mode."""
    cleaned = clean_here(files.saved(files.picture(mode if mode != "I;16" else "L").convert(mode), "PNG"))

    assert mode == opened(cleaned).mode
    assert "png" == cleaned.extension


def test_a_deep_grey_scan_keeps_its_depth():
    """Sixteen bits of grey, in the other byte order, stay sixteen bits of the same grey."""
    deep = Image.new("I;16", (9, 9), 40_000)

    cleaned = clean_here(files.saved(deep, "TIFF", big_endian=True))

    assert opened(cleaned).getpixel((3, 3)) == 40_000


def test_measured_values_are_no_picture():
    """A picture of floating-point values has no looks of its own, and is refused."""
    with pytest.raises(Refused, match="unsupported"):
        clean_here(files.saved(Image.new("F", (9, 9), 0.5), "TIFF"))


def test_a_transparent_palette_stays_transparent():
    """The transparent entry of a palette survives."""
    cleaned = clean_here(files.saved(files.picture("P"), "PNG", transparency=3))

    assert 3 == opened(cleaned).info["transparency"]


def test_a_printers_photo_becomes_rgb():
    """A CMYK JPEG is shown as the screen would show it."""
    cleaned = clean_here(files.saved(files.picture("CMYK"), "JPEG"))

    assert "RGB" == opened(cleaned).mode
    assert difference(files.picture(), opened(cleaned)) < 6


def test_a_transparent_webp_becomes_png():
    """A WebP is a sticker to Telegram, so it goes out as PNG or JPEG."""
    see_through = files.picture("RGBA")
    see_through.putalpha(100)

    cleaned = clean_here(files.saved(see_through, "WEBP"))

    assert ("png", "picture", "image/png") == (cleaned.extension, cleaned.kind, cleaned.media_type)
    assert (100, 100) == opened(cleaned).getchannel("A").getextrema()


def test_quantisation_tables_do_not_name_the_program():
    """Two programs' tables for the same picture end as one and the same table."""
    kept = [files.saved(files.picture(), "JPEG", qtables=[[step] * 64]) for step in (2, 3)]

    assert opened(clean_here(kept[0])).quantization == opened(clean_here(kept[1])).quantization


def test_pixels_without_end_are_a_bomb():
    """A picture that declares more pixels than are decoded is refused before it is decoded."""
    for side, reason in ((9_000, "too_big"), (60_000, "bomb")):
        with pytest.raises(Refused, match=reason):
            clean_here(files.large_png(side, filled=False))


def test_half_a_photo_is_refused():
    """A transfer that broke off is not passed on as if it were whole."""
    whole = files.saved(files.picture(size=(400, 300)), "JPEG")

    with pytest.raises(Refused, match="broken"):
        clean_here(whole[: len(whole) // 2])


def test_the_same_file_cleans_to_the_same_bytes():
    """Cleaning knows no clock and no chance."""
    assert clean_here(files.phone_jpeg()) == clean_here(files.phone_jpeg())


@pytest.mark.parametrize(
    "hidden",
    [
        lambda jpeg: jpeg + b"x",
        lambda jpeg: jpeg[:2] + files.segment(0xFE, b"x") + jpeg[2:],
        lambda jpeg: jpeg[:2] + files.segment(0xE1, b"Exif\0\0") + jpeg[2:],
        lambda jpeg: jpeg[:2] + files.segment(0xE0, b"JFIF\0" + b"x" * 20) + jpeg[2:],
    ],
)
def test_the_second_reader_objects_to_anything_hidden_in_a_jpeg(hidden: Callable[[bytes], bytes]):
    """A clean JPEG passes; with anything beside its picture it does not."""
    jpeg = clean_here(files.phone_jpeg()).data
    check_jpeg(jpeg)

    with pytest.raises(Refused, match="still_dirty"):
        check_jpeg(hidden(jpeg))


@pytest.mark.parametrize(
    "hidden",
    [
        lambda png: png + b"x",
        lambda png: png[:33] + b"\0\0\0\1tEXtx\0\0\0\0" + png[33:],
        lambda png: png[:-12],
    ],
)
def test_the_second_reader_objects_to_anything_hidden_in_a_png(hidden: Callable[[bytes], bytes]):
    """A clean PNG passes; with a text chunk, a tail or no end it does not."""
    png = clean_here(files.screenshot_png()).data
    check_png(png)

    with pytest.raises(Refused, match="still_dirty"):
        check_png(hidden(png))


ORIGINALS = [made() for made in (MADE | MOVING).values()]


@given(st.data())
def test_a_mutated_picture_is_cleaned_or_refused(data: st.DataObject):
    """No broken picture raises anything but a refusal, nor comes out with its sender in it."""
    whole = bytearray(data.draw(st.sampled_from(ORIGINALS)))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[at] = data.draw(st.integers(0, 255))
    broken = bytes(whole[: data.draw(st.integers(0, len(whole)))])

    try:
        cleaned = clean_here(broken)
    except Refused:
        return
    assert files.CANARY.encode() not in cleaned.data
