"""Office files keep what they show, and lose who wrote, changed, noted and printed it."""

import io
import re
import zipfile
from collections.abc import Callable

import evidence_files as files
import evidence_office as office
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence import Refused, clean_here
from bot.evidence.skeletons import check_office

MADE: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "docx": (office.word, ["Camat menyuruh ", "semua guru", " hadir.", "Tebal", "tautan", "PAGE", "baris"]),
    "xlsx": (office.excel, ["42", "A1*2", "84"]),
    "pptx": (office.powerpoint, ["Rapat camat"]),
    "odt": (office.writer, ["Camat hadir. tautan"]),
}
MAIN = {
    "docx": "word/document.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "pptx": "ppt/slides/slide1.xml",
    "odt": "content.xml",
}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words(xml: bytes) -> list[str]:
    """What stands between tags, in order."""
    return [text for text in (piece.strip("\n") for piece in re.split(r"<[^>]*>", xml.decode())) if text.strip()]


@pytest.mark.parametrize("extension", MADE)
def test_words_stay_and_their_writer_goes(extension: str):
    """The words that are seen stay in order; no part, attribute or picture names the writer."""
    make, seen = MADE[extension]
    original = make()

    cleaned = clean_here(original)

    new = parts(cleaned.data)
    assert (extension, "document") == (cleaned.extension, cleaned.kind)
    assert seen == [word.strip() if word == " PAGE " else word for word in words(new[MAIN[extension]])]
    assert not any(secret in data for data in new.values() for secret in (files.CANARY.encode(), b"2024-10", b"C0FFEE"))
    assert not any(files.CANARY in name for name in new)
    assert {"author"} <= set(cleaned.removed)


def test_the_report_of_a_letter_names_every_sort():
    """A Word letter's report lists what it carried, without a value."""
    removed = set(clean_here(office.word()).removed)

    assert {"author", "comments", "gps", "links", "name", "software", "time", "tracked_changes"} <= removed


@pytest.mark.parametrize("extension", ["docx", "pptx", "odt"])
def test_a_photo_inside_is_cleaned_too(extension: str):
    """The photo in a document is as clean as one sent by itself, and still shown."""
    new = parts(clean_here(MADE[extension][0]()).data)

    (picture,) = [data for name, data in new.items() if name.endswith(".jpg")]
    assert clean_here(files.phone_jpeg()).data == picture


@pytest.mark.parametrize(
    "inside", [files.moving_webp, office.word, lambda: files.scan_tiff(2)], ids=["webp", "docx", "tiff"]
)
def test_what_is_no_picture_in_a_pictures_place_is_refused(inside: Callable[[], bytes]):
    """A document within a document, and what office programs do not show, is not opened or passed on."""
    with pytest.raises(Refused, match="unsupported"):
        clean_here(office.word({"word/media/image1.jpeg": inside()}))


C = files.CANARY
LETTERS = {
    "picture's file": f'<w:r><w:pict><v:imagedata r:id="rId6" o:title="{C}" src="C:/{C}"/></w:pict></w:r>',
    "other program's": f'<x:foo xmlns:x="urn:x" x:bar="{C}"><w:r><w:t>x</w:t></w:r></x:foo>',
    "content control": f'<w:sdt><w:sdtPr><w:alias w:val="{C}"/><w:tag w:val="{C}"/></w:sdtPr></w:sdt>',
    "edit": '<w:r><w:drawing wp14:anchorId="00C0FFEE" wp14:editId="00C0FFEE"/></w:r>',
    "style": '<w:pPr><w:rsid w:val="00C0FFEE"/></w:pPr>',
    "embedded": f'<w:object><o:OLEObject r:id="rId9"><o:FieldCodes>{C}</o:FieldCodes></o:OLEObject></w:object>',
}
SHEETS = {
    "scenario": f'<scenarios><scenario name="s" user="{C}" comment="oleh {C}"/></scenarios>',
    "list of values": f"<dataValidation><formula1>[1]{C}!$A$1</formula1></dataValidation>",
    "extension": f'<extLst><ext uri="{{x}}"><note>{C}</note></ext></extLst>',
    "link": f'<hyperlink ref="A1" location="Data!A1" display="C:/{C}" tooltip="{C}"/>',
}
PARAGRAPHS = {
    "formula": f"<table:table-cell table:formula=\"of:=['file:///home/{C}/x.ods'#$S.A1]\"/>",
    "other table": f"<table:table table:name=\"'file:///home/{C}/x.ods'#S\"/>",
    "hour": '<text:p><text:date text:date-value="2024-10-12T08:14:03.5">12 Okt</text:date></text:p>',
    "shape": f'<draw:custom-shape draw:name="{C}"/>',
    "user's field": f'<text:user-field-decl office:string-value="{C}"/>',
}
NAMING = {
    **{name: (office.letter, body) for name, body in LETTERS.items()},
    **{name: (office.excel, body) for name, body in SHEETS.items()},
    **{name: (office.paragraph, body) for name, body in PARAGRAPHS.items()},
}


@pytest.mark.parametrize("odd", NAMING)
def test_names_go_from_every_odd_corner(odd: str):
    """Whatever a program notes beside what is seen stays behind."""
    make, body = NAMING[odd]

    new = parts(clean_here(make(body)).data)

    told = (C.encode(), b"C0FFEE", b"T08:14")
    assert any(secret in body.encode() for secret in told)
    assert not any(secret in data for data in new.values() for secret in told)


def test_what_an_extension_shows_stays():
    """Sparklines and the like are seen in the cells."""
    shown = '<extLst><ext uri="{x}"><sparklineGroups><f>Data!A1</f></sparklineGroups></ext></extLst>'

    sheet = parts(clean_here(office.excel(shown)).data)["xl/worksheets/sheet1.xml"]

    assert b"<sparklineGroups><f>Data!A1</f>" in sheet


def test_words_about_which_something_is_noted_stay():
    """OpenDocument's `text:meta` holds words that are seen."""
    content = parts(clean_here(office.paragraph("<text:p>a <text:meta>tampak</text:meta> z</text:p>")).data)[
        "content.xml"
    ]

    assert b"a tampak z" in content


def test_a_clean_package_reports_nothing():
    """Cleaning what is already clean removes nothing."""
    for make, _ in MADE.values():
        assert clean_here(clean_here(make()).data).removed == ()


@pytest.mark.parametrize("extension", MADE)
def test_the_second_reader_objects_to_the_original(extension: str):
    """A clean package passes, the one that was sent does not."""
    original = MADE[extension][0]()
    check_office(clean_here(original).data)

    with pytest.raises(Refused, match="still_dirty"):
        check_office(original)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: office.word({"word/vbaProject.bin": b"x"}), "macros"),
        (lambda: office.word(kind="document.macroEnabled.main+xml"), "macros"),
        (lambda: office.writer([("Basic/script-lc.xml", "<x/>")]), "macros"),
        (lambda: office.writer(manifest="<manifest:encryption-data/>"), "encrypted"),
        (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (lambda: b"\xd0\xcf\x11\xe0 old word", "unsupported"),
        (lambda: office.zipped({"classes.dex": b"x", "AndroidManifest.xml": b"x"}), "unsupported"),
        (lambda: office.zipped({"foto.jpg": files.phone_jpeg()}), "unsupported"),
        (lambda: b"Rar!\x1a\7\1\0 archive", "unsupported"),
        (lambda: b"MZ\x90\0 program", "unsupported"),
        (lambda: b"7z\xbc\xaf\x27\x1c\0", "unsupported"),
        (lambda: office.word({"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "bomb"),
        (lambda: office.zipped({"[Content_Types].xml": bytes(300_000_000)}), "bomb"),
        (lambda: office.zipped({"mimetype": b"x" * 8_000_000}), "bomb"),
    ],
)
def test_what_is_not_understood_is_refused(made: Callable[[], bytes], reason: str):
    """Programs, locks, archives and bombs are refused, each with its reason."""
    with pytest.raises(Refused) as refused:
        clean_here(made())

    assert reason == refused.value.reason


def test_entities_are_never_followed():
    """A billion laughs in a part is refused before anyone laughs."""
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{'&' + chr(97 + n) + ';'}{'&' + chr(97 + n) + ';'}'>" for n in range(20)
    )

    with pytest.raises(Refused):
        clean_here(office.word({"word/settings.xml": f"{laughs}]><x>&u;</x>"}))


ORIGINALS = [make() for make, _ in MADE.values()]


@given(st.data())
def test_a_mutated_package_is_cleaned_or_refused(data: st.DataObject):
    """No broken part raises anything but a refusal, nor comes out with its sender in it."""
    old = parts(data.draw(st.sampled_from(ORIGINALS)))
    name = data.draw(st.sampled_from(sorted(old)))
    broken = bytearray(old[name] or b" ")
    for at in data.draw(st.lists(st.integers(0, len(broken) - 1), max_size=6)):
        broken[at] = data.draw(st.sampled_from(b'<>/="& aZ09:\0\xff'))

    try:
        cleaned = clean_here(office.zipped({**old, name: bytes(broken)}))
    except Refused:
        return
    assert not any(
        files.CANARY.encode() in part for key, part in parts(cleaned.data).items() if key not in MAIN.values()
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252"])
def test_a_text_comes_out_in_one_encoding(encoding: str):
    """Whatever program wrote it, a text is UTF-8 with plain line ends."""
    text = "Camat: “hadir”\r\nsemua guru\r\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)

    cleaned = clean_here(data)

    assert cleaned.data.decode() == "Camat: “hadir”\nsemua guru\n"
    assert (cleaned.extension, cleaned.media_type) == ("txt", "text/plain")


def test_a_table_stays_a_table():
    """CSV is told from text by its columns."""
    cleaned = clean_here(b"nama;jabatan\r\nA;camat\r\nB;lurah\r\n")

    assert (cleaned.extension, cleaned.data) == ("csv", b"nama;jabatan\nA;camat\nB;lurah\n")


def test_marks_that_only_a_program_sees_leave_a_text():
    """Zero-width characters, which can number the copies of a letter, go and are reported."""
    cleaned = clean_here("Ca\u200bmat ha\U000e0041dir".encode())

    assert cleaned.data == b"Camat hadir"
    assert cleaned.removed == ("hidden",)


NUMBERED = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u2060\u2066\u3164\ufe00\ufe0f\uffa0\U000e0100"


@pytest.mark.parametrize("mark", NUMBERED, ids=lambda mark: f"{ord(mark):X}")
def test_no_invisible_character_numbers_a_copy(mark: str):
    """Joiners, directions, selectors and fillers between letters go as well, and so do runs of joiners in pictures."""
    assert clean_here(f"Ca{mark}mat".encode()).data == b"Camat"
    assert clean_here(f"👍\u200d{mark}\u200d👍".encode()).data.decode() == "👍👍"


@pytest.mark.parametrize("words", ["❤️ 👨‍👩‍👧 1️⃣ ❤️‍🔥 👍🏽", "می‌خواهم \u06dd"])
def test_joiners_that_are_seen_stay(words: str):
    """Pictures made of several, and Arabic script, come out as they were written."""
    assert clean_here(words.encode()).data.decode() == words


def test_blanks_number_no_copy():
    """Blanks of other widths become plain ones, those at the ends of lines go, and a table keeps its empty cells."""
    assert clean_here("Camat\u00a0di\u2009sini \t \nsemua  \n".encode()).data == b"Camat di sini\nsemua\n"
    assert clean_here(b"a\tb\t\nc\td\t \n").data == b"a\tb\t\nc\td\t\n"


def test_notes_that_look_a_little_like_mail_stay_texts():
    """Lines with colons are everyday words."""
    assert clean_here(b"Catatan: rapat\nHadir: camat\n\nisi").extension == "txt"


@pytest.mark.parametrize(
    "text",
    [
        "{\\rtf1 x}",
        "From: a@example.org\nTo: b",
        "Date: Sat\nSubject: x\n y\nMessage-ID: <1@pc>\n\nisi",
        "To: b\nX-Mailer: Outlook\n\nisi",
        "BEGIN:VCARD\nFN:x",
        "<?xml version='1'?>",
        "<!DOCTYPE html><meta name=author content=x>",
        "<!-- saved --><svg/>",
        "[InternetShortcut]\nURL=file:///C:/Users/x",
        '{"from": "Sari", "from_id": "user1"}',
        " ",
    ],
)
def test_texts_that_are_something_else_are_refused(text: str):
    """Mail, web pages, cards, RTF, XML and data carry more than their words."""
    with pytest.raises(Refused, match="unsupported"):
        clean_here(text.encode())
