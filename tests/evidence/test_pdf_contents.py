"""Of what stands in a PDF's streams and dictionaries only what is drawn comes out."""

import io
import re
import zlib
from collections.abc import Callable

import evidence_files as files
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from test_pdf import unpacked, written

from bot.evidence import Refused, clean_here, pdf_streams
from bot.evidence.contents import bare_content, drawing_of

CANARY = files.CANARY.encode()
SECRET = String(files.CANARY)
INLINE = b"q 50 0 0 50 0 0 cm BI /W 96 /H 64 /CS /RGB /BPC 8 /F %s ID %s EI Q"


def one_page(*contents: bytes, **resources: object) -> Pdf:
    """A page with these parts of content."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    parts = [pdf.make_stream(part) for part in contents]
    page.Contents = parts[0] if len(parts) == 1 else Array(parts)
    page.Resources = Dictionary(**resources)
    return pdf


def drawn(pdf: Pdf) -> bytes:
    """The first page's content after cleaning."""
    with pikepdf.open(io.BytesIO(clean_here(written(pdf)).data)) as cleaned:
        page = cleaned.pages[0]
        page.contents_coalesce()
        return page.Contents.read_bytes()


@pytest.mark.parametrize(("coded", "packed"), [(b"/DCT", bytes), (b"[/Fl /DCT]", zlib.compress)])
def test_a_photo_that_lies_in_the_content_itself_is_stripped(coded: bytes, packed: Callable[[bytes], bytes]):
    """A photo that is no object of its own loses its metadata and keeps every sample."""
    photo = files.phone_jpeg()

    cleaned = clean_here(written(one_page(INLINE % (coded, packed(photo)))))

    with pikepdf.open(io.BytesIO(cleaned.data)) as pdf:
        (picture,) = (
            step for step in pikepdf.parse_content_stream(pdf.pages[0]) if str(step.operator) == "INLINE IMAGE"
        )
        inside = picture.iimage.read_raw_bytes()
    assert CANARY in photo
    assert CANARY not in inside
    assert files.opened(photo).tobytes() == files.opened(inside).tobytes()
    assert "device" in cleaned.removed


@pytest.mark.parametrize(
    "mark",
    [
        b"%% %s\n",
        b"/Span <</ActualText (%s) /Lang (id-ID)>> BDC",
        b"/P <</MCID 0 /A <</Alt (a (b) %s)>>>> BDC",
        b"/%s BMC",
        b"/%s MP",
        b"/X <</A [(%s)]>> DP",
        b"/Layer /%s BDC",
        b"(%s) unknown",
        b"BX (%s) unknown EX",
        b"BI /W 1 /H 1 /CS /G /BPC 8 /Author (%s) ID x EI",
    ],
)
def test_marks_and_comments_go_and_the_drawing_stays(mark: bytes):
    """What no operator draws is left out, wherever it stands between what is drawn."""
    shown = drawn(
        one_page(b"q BT (a%b (/P BMC) c) Tj ET " + mark % CANARY.replace(b" ", b"_") + b" 0 0 9 9 re f EMC Q")
    )

    assert CANARY.split()[0] not in shown
    assert b"(a%b (/P BMC) c)" in shown.replace(b"\\", b"")
    assert shown.split()[-7:] == b"0 0 9 9 re f Q".split()


def test_a_number_that_only_viewers_take_for_one_stays():
    """Old writers' numbers such as --5 keep their place before their operator."""
    assert drawn(one_page(b"--5 .-5 m (x) unknown 1 2 l S")).split() == b"--5 .-5 m 1 2 l S".split()


def test_parts_of_a_page_that_end_within_a_statement_are_read_as_one():
    """A page whose content is cut between operand and operator loses nothing of it."""
    shown = drawn(one_page(b"q 1 0 0", b"rg /P <</MCID 0", b">> BDC 0 0 9 9 re f", b"EMC Q"))

    assert shown.split() == b"q 1 0 0 rg 0 0 9 9 re f Q".split()


@given(st.binary())
def test_a_shown_text_stays_as_it_is(text: bytes):
    """Whatever bytes a shown string has, also those of marks and comments, it comes out the same."""
    shown = b"BT %s Tj ET /P BMC EMC" % String(text).unparse()

    with Pdf.new() as pdf:
        (_, step, _) = pikepdf.parse_content_stream(pdf.make_stream(bare_content(shown, lambda _, data: data)))
    assert bytes(step.operands[0]) == text


@pytest.mark.parametrize("part", [rb"(a\\(", b"(" * 9, b"[(a) ", b"/a <</b (c) ", b"<< ", b"/A ", b"1 ", b"/A <<(%"])
def test_content_without_end_is_no_drawing(part: bytes):
    """What opens and never closes is told from drawing, and in one pass: a quadratic one would not end here."""
    assert drawing_of(part * 100_000 + b"x") is None


def test_a_content_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch):
    """A page packed twice, small outside and huge inside, is not handed on."""
    monkeypatch.setattr(pdf_streams, "MAX_CONTENT", 1_000_000)
    pdf = one_page(b"")
    bomb = zlib.compress(zlib.compress(bytes(1_000_001)))
    pdf.pages[0].Contents.write(bomb, filter=Array([Name.FlateDecode, Name.FlateDecode]))

    with pytest.raises(Refused, match="bomb"):
        clean_here(written(pdf))


def packed_picture(data: bytes, **keys: object) -> Pdf:
    pdf = one_page(b"q 9 0 0 9 0 0 cm /P Do Q")
    photo = pdf.make_stream(data, {"/Subtype": Name.Image, "/Filter": Name.FlateDecode})
    for key, value in ({"Width": 4, "Height": 4, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray} | keys).items():
        photo[f"/{key}"] = value
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(P=photo))
    return pdf


def test_what_stands_behind_packed_samples_goes():
    """Bytes behind the end of a packed picture are shown by nobody; its samples and their reading stay."""
    samples, how = zlib.compress(b"\2" + b"\1\2\3\4" * 4), Dictionary(Predictor=15, Columns=16)

    cleaned = clean_here(written(packed_picture(samples + CANARY, DecodeParms=how)))

    with pikepdf.open(io.BytesIO(cleaned.data)) as pdf:
        photo = pdf.pages[0].Resources.XObject.P
        assert photo.read_raw_bytes() == samples
        assert photo.DecodeParms == how
    assert "attachments" in cleaned.removed


def test_a_picture_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch):
    """A picture of far more samples than any sheet of paper has is not handed on."""
    monkeypatch.setattr(pdf_streams, "MAX_SAMPLES", 1_000_000)
    with pytest.raises(Refused, match="bomb"):
        clean_here(written(packed_picture(zlib.compress(bytes(1_000_001)))))


def private(pdf: Pdf, **keys: object) -> pikepdf.Object:
    """A dictionary with these keys, and a sender under keys of its own."""
    inner = Dictionary(Who=SECRET)
    return pdf.make_indirect(Dictionary(**keys, Private=SECRET, Author=SECRET, Inner=inner, List=Array([SECRET])))


def test_a_key_that_draws_nothing_goes_from_every_kind_of_dictionary():
    """Resources, fonts, states, patterns, shadings, functions and forms keep only keys that the format needs."""
    pdf = one_page(b"/S gs /X Do")
    colour = private(pdf, FunctionType=2, Domain=[0, 1], N=1, C0=[0], C1=[1])
    shading = private(pdf, ShadingType=2, ColorSpace=Name.DeviceGray, Coords=[0, 0, 1, 1], Function=colour)
    form = pdf.make_stream(b"%% %s\n0 0 m" % CANARY, dict(private(pdf, Subtype=Name.Form, BBox=[0, 0, 9, 9])))
    descriptor = private(pdf, Type=Name.FontDescriptor, FontName=Name.Arial, Flags=4, FontFamily=SECRET)
    resources = private(
        pdf,
        ExtGState=Dictionary(S=private(pdf, CA=1)),
        Pattern=Dictionary(P=private(pdf, PatternType=2, Shading=shading)),
        XObject=Dictionary(X=form),
        Font=Dictionary(F=private(pdf, Type=Name.Font, Subtype=Name.TrueType, FontDescriptor=descriptor)),
        ColorSpace=Dictionary(C=Array([Name.DeviceN, [Name.Spot], Name.DeviceGray, colour, private(pdf)])),
    )
    pdf.pages[0].Resources = resources

    shown = unpacked(clean_here(written(pdf)).data)

    assert CANARY not in shown
    assert not re.search(rb"/(Private|Inner|List|FontFamily)\b", shown)
    for kept in (b"/CA 1", b"/ShadingType 2", b"/FunctionType 2", b"/BBox", b"/FontName /Arial", b"/Spot", b"0 0 m"):
        assert kept in shown


def test_all_that_a_graphics_state_says_of_lines_stays():
    """Width, cap, join, mitre and dashes of a line come by the page's content, and by a state as well."""
    state = Dictionary(LW=9, LC=1, LJ=1, ML=3, D=Array([[3], 0]))

    with pikepdf.open(io.BytesIO(clean_here(written(one_page(b"/S gs", ExtGState=Dictionary(S=state)))).data)) as pdf:
        assert pdf.pages[0].Resources.ExtGState.S == state


@pytest.mark.parametrize(("ordering", "left"), [(b"Japan1", b"Japan1"), (CANARY, b"Identity")])
def test_a_collection_of_glyphs_has_a_name_that_is_not_its_makers_own(ordering: bytes, left: bytes):
    """Registered collections keep their name, since viewers look it up; others have one that says nothing."""
    font = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2)
    font.CIDSystemInfo = Dictionary(Registry=String("Adobe"), Ordering=String(ordering), Supplement=0)

    with pikepdf.open(io.BytesIO(clean_here(written(one_page(b"", Font=Dictionary(F=font)))).data)) as pdf:
        assert bytes(pdf.pages[0].Resources.Font.F.CIDSystemInfo.Ordering) == left


def test_a_palette_that_is_an_object_of_its_own_stays():
    """The colours of a picture with a palette are a text, which may lie elsewhere in the file."""
    pdf = one_page(b"/C cs 1 sc 0 0 9 9 re f")
    palette = pdf.make_indirect(String(b"\xff\0\0\0\xff\0"))
    pdf.pages[0].Resources = Dictionary(ColorSpace=Dictionary(C=Array([Name.Indexed, Name.DeviceRGB, 1, palette])))

    with pikepdf.open(io.BytesIO(clean_here(written(pdf)).data)) as cleaned:
        assert bytes(cleaned.pages[0].Resources.ColorSpace.C[3]) == b"\xff\0\0\0\xff\0"


def test_a_page_of_reportlabs_making_keeps_its_photo():
    """A photo packed as text, as ReportLab does by default, is stripped and not refused."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(io.BytesIO(files.phone_jpeg())), 0, 0)
    canvas.drawInlineImage(files.picture(), 0, 99)
    canvas.save()

    with pikepdf.open(io.BytesIO(clean_here(out.getvalue()).data)) as cleaned:
        (photo,) = cleaned.pages[0].get_images().values()
        assert CANARY not in photo.read_raw_bytes()
        assert files.opened(files.phone_jpeg()).tobytes() == pikepdf.PdfImage(photo).as_pil_image().tobytes()
