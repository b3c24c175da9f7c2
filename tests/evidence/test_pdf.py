"""PDF pages come out as they look, without the document around them."""

import io
import re
import struct
import zlib
from collections.abc import Callable

import evidence_files as files
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from bot.evidence import Cleaned, Refused, clean_here
from bot.evidence.pdf_skeleton import check_pdf
from bot.evidence.segments import jpeg_segments

SECRET = String(files.CANARY)
TEXT = b"BT /F1 18 Tf 40 700 Td (Surat tugas kampanye) Tj ET"


def office_pdf() -> Pdf:
    """Two pages with text, a photo, a note, a link and a form field, and a sender in every corner."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    photo = pdf.make_stream(
        files.phone_jpeg(),
        {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 96, "/Height": 64}
        | {"/ColorSpace": Name.DeviceRGB, "/BitsPerComponent": 8, "/Filter": Name.DCTDecode, "/Metadata": xmp(pdf)},
    )
    for _ in range(2):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(P=photo))
        page.Contents = pdf.make_stream(TEXT + b" q 96 0 0 64 40 500 cm /P Do Q")
    note(pdf)
    betray(pdf)
    return pdf


def xmp(pdf: Pdf) -> pikepdf.Stream:
    return pdf.make_stream(files.XMP, {"/Type": Name.Metadata, "/Subtype": Name.XML})


def note(pdf: Pdf) -> None:
    look = pdf.make_stream(
        b"1 0 0 rg 0 0 50 20 re f", {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": [0, 0, 50, 20]}
    )
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[400, 700, 450, 720], AP=Dictionary(N=look), F=4)
    stamp.T, stamp.Contents, stamp.NM, stamp.M = SECRET, SECRET, SECRET, String("D:20241012090000+08'00'")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    link.A = Dictionary(S=Name.URI, URI=SECRET)
    pdf.pages[0].Annots = Array([pdf.make_indirect(stamp), pdf.make_indirect(link)])


def betray(pdf: Pdf) -> None:
    pdf.docinfo["/Author"] = pdf.docinfo["/Producer"] = SECRET
    pdf.docinfo["/CreationDate"] = String("D:20241012090000+08'00'")
    pdf.attachments["laporan.txt"] = files.CANARY.encode()
    pdf.Root.Metadata = xmp(pdf)
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=SECRET)
    page = pdf.pages[0]
    page.PieceInfo = Dictionary(Word=Dictionary(LastModified=String("D:20241012"), Private=SECRET))
    page.LastModified, page.Thumb = String("D:20241012"), pdf.make_stream(b"thumb")
    page.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=SECRET))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(files.CANARY, 0))


def written(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def unpacked(data: bytes) -> bytes:
    """Every object and every stream of a PDF in clear, for searching."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Filter") != Name.DCTDecode:
                item.write(item.read_bytes())
        return written(pdf, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def test_pages_stay_and_their_sender_goes():
    """Page count, text, photo and stamp stay; every corner that named the sender is gone and reported."""
    original = written(office_pdf())

    cleaned = clean_here(original)

    shown = unpacked(cleaned.data)
    assert shown.count(TEXT) == 2
    assert b"1 0 0 rg 0 0 50 20 re f" in shown
    assert files.CANARY.encode() in unpacked(original)
    assert files.CANARY.encode() not in shown
    assert b"D:2024" not in shown
    assert page_count(cleaned) == 2
    assert {
        "attachments",
        "author",
        "comments",
        "gps",
        "links",
        "scripts",
        "software",
        "thumbnail",
        "time",
    } <= set(cleaned.removed) | {"gps"}
    assert (cleaned.kind, cleaned.extension, cleaned.media_type) == ("document", "pdf", "application/pdf")


def page_count(cleaned: Cleaned) -> int:
    with pikepdf.open(io.BytesIO(cleaned.data)) as pdf:
        return len(pdf.pages)


def test_a_photo_in_a_page_keeps_every_sample():
    """The photo inside is stripped, not coded again."""
    cleaned = clean_here(written(office_pdf()))

    with pikepdf.open(io.BytesIO(cleaned.data)) as pdf:
        inside = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.P).as_pil_image()
        assert files.opened(files.phone_jpeg()).tobytes() == inside.tobytes()


@pytest.mark.parametrize("marker", [0xC0, 0xC4, 0xDB, 0xDD])
def test_a_photo_that_says_more_than_its_tables_is_refused(marker: int):
    """Behind frame, codes, steps or restarts no viewer looks, and nothing may stand there: not even a second photo."""
    photo = files.saved(files.picture(), "JPEG", restart_marker_blocks=4)
    payload = next(payload for kind, payload, _ in jpeg_segments(photo) if kind == marker)
    pdf = office_pdf()
    for page in pdf.pages:
        told = photo.replace(files.segment(marker, payload), files.segment(marker, payload + files.CANARY.encode()))
        page.Resources.XObject.P.write(told, filter=Name.DCTDecode)

    with pytest.raises(Refused, match="broken"):
        clean_here(written(pdf))


@pytest.mark.parametrize("boxed", [True, False])
def test_a_jpeg_2000_in_a_page_keeps_every_sample(*, boxed: bool):
    """The scanners' other format is stripped too, in its boxes or bare, and decodes to the same."""
    photo = files.saved(files.picture(), "JPEG2000", comment=files.CANARY, no_jp2=not boxed)
    extra = struct.pack(">I", 8 + len(files.XMP)) + b"xml " + files.XMP if boxed else b""
    pdf = office_pdf()
    for page in pdf.pages:
        page.Resources.XObject.P.write(photo + extra, filter=Name.JPXDecode)

    with pikepdf.open(io.BytesIO(clean_here(written(pdf)).data)) as cleaned:
        inside = cleaned.pages[0].Resources.XObject.P.read_raw_bytes()

    assert files.CANARY.encode() in photo
    assert files.CANARY.encode() not in inside
    assert files.opened(photo).tobytes() == files.opened(inside).tobytes()


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def in_a_page(photo: bytes) -> bytes:
    """A JPEG 2000 as it comes out of a page that it was put into."""
    pdf = office_pdf()
    for page in pdf.pages:
        page.Resources.XObject.P.write(photo, filter=Name.JPXDecode)
    with pikepdf.open(io.BytesIO(clean_here(written(pdf)).data)) as cleaned:
        return bytes(cleaned.pages[0].Resources.XObject.P.read_raw_bytes())


def test_a_jpeg_2000_is_stripped_within_its_header_and_behind_its_end():
    """Boxes inside the header, a profile's maker and what follows the picture go; the samples stay."""
    photo = files.saved(files.picture(), "JPEG2000")
    colours = b"\0\0\0\x0fcolr\1\0\0\0\0\0\x10"
    profile = box(b"colr", b"\2\0\0" + files.swapped_profile()) + box(b"uuid", bytes(16) + files.CANARY.encode())
    at = photo.index(b"jp2h") - 4
    longer = int.from_bytes(photo[at : at + 4], "big") - len(colours) + len(profile)
    telling = photo[:at] + longer.to_bytes(4, "big") + photo[at + 4 :].replace(colours, profile)

    inside = in_a_page(telling + files.CANARY.encode())

    assert colours in photo
    assert files.CANARY.encode() not in inside
    assert "Acer".encode("utf-16-be") not in inside
    assert files.opened(photo).tobytes() == files.opened(inside).tobytes()


def test_what_no_decoder_reads_in_a_jpeg_2000_goes():
    """A segment of no known kind goes like a comment, wherever a decoder would pass it over."""
    photo = files.saved(files.picture(), "JPEG2000", no_jp2=True, comment=files.CANARY)

    inside = in_a_page(photo.replace(b"\xff\x64", b"\xff\x6f", 1))

    assert files.CANARY.encode() in photo
    assert files.CANARY.encode() not in inside
    assert files.opened(photo).tobytes() == files.opened(inside).tobytes()


@pytest.mark.parametrize("mark", [b"\xff\x51", b"\xff\x5c"])
def test_a_jpeg_2000_whose_header_swallows_what_follows_is_refused(mark: bytes):
    """A size or a step that says to be longer than it is would take a comment along, unread."""
    photo = files.saved(files.picture(), "JPEG2000", no_jp2=True, comment=files.CANARY)
    at = photo.index(mark) + 2

    with pytest.raises(Refused, match="broken"):
        in_a_page(photo[:at] + len(photo).to_bytes(2, "big") + photo[at + 2 :])


def test_a_comment_within_a_tile_of_a_jpeg_2000_is_refused():
    """Where a comment cannot be taken out without counting anew, the file is not handed on."""
    photo = files.saved(files.picture(), "JPEG2000", no_jp2=True)
    comment = b"\xff\x64" + struct.pack(">HH", 4 + len(files.CANARY), 1) + files.CANARY.encode()

    with pytest.raises(Refused, match="unsupported"):
        in_a_page(photo.replace(b"\xff\x93", comment + b"\xff\x93", 1))


def test_a_filled_form_shows_what_was_filled_in():
    """A form field becomes part of its page."""
    pdf = Pdf.new()
    page = pdf.add_blank_page()
    look = pdf.make_stream(
        b"BT /F1 9 Tf (terisi) Tj ET", {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": [0, 0, 50, 20]}
    )
    field = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=SECRET, V=SECRET, Rect=[0, 0, 50, 20], F=4)
    )
    field.AP = Dictionary(N=look)
    page.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    shown = unpacked(clean_here(written(pdf)).data)

    assert b"(terisi)" in shown
    assert files.CANARY.encode() not in shown


def test_an_earlier_revision_is_not_carried_along():
    """What an update has overwritten is still in the file that was sent, and not in the one handed on."""
    first = written(office_pdf(), compress_streams=False)
    start = first.rindex(b"startxref")
    earlier = first + b"\n% update\n" + first[start:]

    assert b"% update" not in clean_here(earlier).data
    assert clean_here(earlier).data.count(b"%%EOF") == 1


def test_a_picture_packed_twice_is_stripped_too():
    """A photo under Flate and DCT is reached."""
    pdf = office_pdf()
    photo = pdf.pages[0].Resources.XObject.P
    photo.write(zlib.compress(files.phone_jpeg()), filter=Array([Name.FlateDecode, Name.DCTDecode]))

    assert files.CANARY.encode() not in clean_here(written(pdf)).data


def test_a_colour_profile_keeps_its_colours_and_loses_its_maker():
    """A profile inside a PDF keeps what turns colours and nothing that names a device."""
    pdf = Pdf.new()
    profile = pdf.make_stream(files.swapped_profile(), {"/N": 3})
    page = pdf.add_blank_page()
    page.Resources = Dictionary(ColorSpace=Dictionary(C=Array([Name.ICCBased, profile])))

    with pikepdf.open(io.BytesIO(clean_here(written(pdf)).data)) as cleaned:
        neutral = cleaned.pages[0].Resources.ColorSpace.C[1].read_bytes()

    assert "Acer".encode("utf-16-be") not in neutral
    assert files.converted(files.swapped_profile()) == files.converted(neutral)


@pytest.mark.parametrize("password", ["", "rahasia"])
def test_a_locked_pdf_is_refused(password: str):
    """A PDF with a password, even one that only its owner needs, is refused."""
    locked = pikepdf.Encryption(owner="milik", user=password)

    with pytest.raises(Refused, match="encrypted"):
        clean_here(written(office_pdf(), encryption=locked))


def test_a_layer_that_is_switched_off_is_refused():
    """Dropping the layers would show what its author hid."""
    pdf = office_pdf()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=SECRET))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))

    with pytest.raises(Refused, match="unsupported"):
        clean_here(written(pdf))


def layered(view: Name = Name.ON, membership: dict[str, object] | None = None, **default: object) -> bytes:
    """A page with text in a layer, shown or not by its use on screens, its membership or the document's default."""
    pdf = office_pdf()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=SECRET, Usage=Dictionary(View=Dictionary(ViewState=view))))
    member = pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=layer, **(membership or {})))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(**default))
    page = pdf.pages[0]
    page.Resources.Properties = Dictionary(M=member)
    page.Contents = pdf.make_stream(b"/OC /M BDC " + TEXT + b" EMC")
    return written(pdf)


BY_VIEW = Array([Dictionary(Event=Name.View, Category=Array([Name.View]))])


@pytest.mark.parametrize(
    "hidden",
    [
        {"membership": {"P": Name.AllOff}},
        {"membership": {"P": Name.AnyOff}},
        {"membership": {"VE": Array([Name.And, Array([Name.Not, Dictionary(Type=Name.OCG)])])}},
        {"AS": BY_VIEW, "view": Name.OFF},
        {"BaseState": Name.OFF},
    ],
)
def test_what_a_layer_hides_by_rule_is_refused(hidden: dict[str, object]):
    """Content that shows only while another layer is off, or not on a screen, would come to light."""
    with pytest.raises(Refused, match="unsupported"):
        clean_here(layered(**hidden))


@pytest.mark.parametrize("shown", [{}, {"membership": {"P": Name.AllOn}}, {"AS": BY_VIEW}, {"view": Name.OFF}])
def test_what_is_shown_in_a_layer_stays(shown: dict[str, object]):
    """Content of a layer that is on is drawn, and the layer is gone."""
    cleaned = unpacked(clean_here(layered(**shown)).data)

    assert TEXT in cleaned
    assert not re.search(rb"OCG|OCMD|BDC", cleaned)


@pytest.mark.parametrize("own", ["AA", "JS", "EF", "Info", "Title", "Metadata", "Annots"])
def test_a_name_of_the_documents_own_choice_may_be_any(own: str):
    """A picture, or a glyph, that happens to have the name of something forbidden makes nobody refuse the file."""
    pdf = office_pdf()
    page = pdf.pages[0]
    page.Resources.XObject[f"/{own}"] = page.Resources.XObject.P
    glyphs = pdf.make_indirect(Dictionary({f"/{own}": pdf.make_stream(b"0 0 9 9 re f")}))
    names = Dictionary(Type=Name.Encoding, Differences=Array([65, Name(f"/{own}"), Name.B]))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, CharProcs=glyphs, Encoding=names)
    page.Resources.Font.F3 = pdf.make_indirect(font)

    assert f"/{own} ".encode() in clean_here(written(pdf)).data


@pytest.mark.parametrize(
    "dirty",
    [
        lambda data: data.replace(b"/Type /Page ", b"/Type /Page /Private 9 0 R "),
        lambda data: data.replace(b"/Rotate 0", b"/Rotate (x)").replace(b"/BitsPerComponent 8", b"/Decode [ (x) ]"),
        lambda data: data.replace(b"/XObject << /P", b"/Resources << /P"),
        lambda data: data.replace(b"/Type /Catalog", b"/Type /Catalog /Metadata 9 0 R"),
        lambda data: data.replace(b"trailer <<", b"trailer << /Info 9 0 R"),
        lambda data: data.replace(b"/Type /Page ", b"/Type /Page /PieceInfo 9 0 R "),
        lambda data: data + b"%%EOF\n",
        lambda data: data + b"x",
    ],
)
def test_the_second_reader_objects_to_what_a_pdf_may_hide(dirty: Callable[[bytes], bytes]):
    """A clean PDF passes; with one forbidden name, a revision or a tail it does not."""
    clean = clean_here(written(office_pdf())).data
    check_pdf(clean)

    with pytest.raises(Refused, match="still_dirty"):
        check_pdf(dirty(clean))


def test_the_same_pdf_cleans_to_the_same_bytes():
    """Neither a clock nor chance is in the clean file."""
    original = written(office_pdf())

    assert clean_here(original) == clean_here(original)


ORIGINAL = written(office_pdf(), compress_streams=False)


@given(st.data())
def test_a_mutated_pdf_is_cleaned_or_refused(data: st.DataObject):
    """No broken PDF raises anything but a refusal, nor comes out with its sender in it."""
    broken = bytearray(ORIGINAL)
    for at in data.draw(st.lists(st.integers(0, len(broken) - 1), max_size=12)):
        broken[at] = data.draw(st.sampled_from(b"\0 /<>[]()0123456789abcRWX\xff"))

    try:
        cleaned = clean_here(bytes(broken[: data.draw(st.integers(len(broken) // 2, len(broken)))]))
    except Refused:
        return
    assert files.CANARY.encode() not in cleaned.data
