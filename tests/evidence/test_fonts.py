"""Fonts inside PDFs draw as before and do not say who made them, or when."""

import io
import struct
from pathlib import Path

import evidence_files as files
import pytest
import reportlab
from pikepdf import Dictionary, Name, Pdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from test_pdf import unpacked, written

from bot.evidence import clean_here
from bot.evidence.fonts import bare_cmap, bare_font

CANARY = files.CANARY.encode()
VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
TYPE_1 = (
    b"%%!PS-AdobeFont-1.0: %s 001.001\n%%%%CreationDate: Sat Oct 12\n/FontInfo 9 dict dup begin\n"
    b"/Notice (Made (by) %s \\) at home) readonly def\n/FontName /F def\n/FontMatrix [0.001 0 0 0.001 0 0] def\n"
    b"currentfile eexec\n(as it %%is)"
)
CMAP = b"""%%!PS-Adobe-3.0 Resource-CMap
/CIDSystemInfo << /Registry (%s) /Ordering (%s) /Supplement 0 >> def
/CMapName /%s def
/Identity-H usecmap
/WMode 1 def
1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfchar %% %s
<01> <0041>
<02> /endash
endbfchar
1 beginbfrange <03> <04> [<0043> <0044>] endbfrange
"""


def drawn(font: bytes) -> bytes:
    image = Image.new("L", (300, 60), 255)
    ImageDraw.Draw(image).text((5, 5), "Surat tugas 123", font=ImageFont.truetype(io.BytesIO(font), 30))
    return image.tobytes()


def cff() -> bytes:
    """A font of two strings of its own: a notice, and a glyph's name."""

    def index(*items: bytes) -> bytes:
        ends = [1 + sum(map(len, items[:n])) for n in range(len(items) + 1)]
        return struct.pack(">HB", len(items), 1) + bytes(ends) + b"".join(items)

    notice = b"\x1c" + struct.pack(">H", 391) + b"\x01"
    weight, matrix = b"\xf8\x18\x04", b"\x1e\x0a\x14\x05\x41\x0c\x3f\x0c\x07"  # a standard string; a real, an escape
    return b"\1\0\4\1" + index(b"F") + index(matrix + weight + notice) + index(CANARY, b"glyphname") + b"\0\0rest"


@pytest.mark.parametrize("collected", [False, True])
def test_a_truetype_font_draws_the_same_without_its_names_and_dates(*, collected: bool):
    """Maker, licence and dates go, and each letter is drawn as before; of a collection, the first font's."""
    font = VERA.read_bytes()
    if collected:
        font = b"ttcf\0\1\0\0\0\0\0\1\0\0\0\x10" + shifted(font, 16)

    bare = bare_font(font)

    assert "Bitstream".encode("utf-16-be") in font
    assert "Bitstream".encode("utf-16-be") not in bare
    assert bytes(16) == bare[bare.index(b"\x5f\x0f\x3c\xf5") + 8 :][:16]
    assert drawn(bare) == drawn(font)


def shifted(font: bytes, by: int) -> bytes:
    """The font with offsets that count from `by` bytes before it."""
    head, records = font[:12], int.from_bytes(font[4:6], "big")
    for at in range(12, 12 + 16 * records, 16):
        tag, checksum, offset, size = struct.unpack(">4sIII", font[at : at + 16])
        head += struct.pack(">4sIII", tag, checksum, offset + by, size)
    return head + font[len(head) :]


def test_a_type_1_font_keeps_its_place_and_loses_its_texts():
    """Strings and comments are blanked where they lie; numbers, names and the coded part stay."""
    font = TYPE_1 % (CANARY, CANARY)

    bare = bare_font(font)

    assert len(bare) == len(font)
    assert CANARY.split()[0] not in bare
    assert b"Oct" not in bare
    assert b"home" not in bare
    assert bare.startswith(b"%!PS-AdobeFont-1.0 ")
    assert b"/FontMatrix [0.001 0 0 0.001 0 0] def\ncurrentfile eexec\n(as it %is)" in bare


def test_a_compact_font_loses_the_strings_that_speak_of_it():
    """A notice is blanked, and the name of a glyph stays."""
    assert bare_font(cff()) == cff().replace(CANARY, b" " * len(CANARY))


def test_codes_stay_and_what_is_said_about_them_goes():
    """A CMap keeps each code, range and its base, and loses comments, texts and its own name."""
    bare = bare_cmap(CMAP % (CANARY, CANARY, CANARY.replace(b" ", b"_"), CANARY))

    assert CANARY.split()[0] not in bare
    assert b"Resource" not in bare
    for kept in (b"/Identity-H usecmap", b"/WMode 1 def", b"<00> <FF>", b"<01> <0041> <02> /endash"):
        assert kept in bare
    assert b"1 beginbfrange\n<03> <04> [ <0043> <0044> ]\nendbfrange" in bare


def test_a_page_with_its_own_font_can_still_be_copied_from():
    """The font that ReportLab embeds loses its notice, and what maps its glyphs to letters stays."""
    registerFont(TTFont("Vera", VERA))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Vera", 12)
    canvas.drawString(50, 50, "Surat")
    canvas.save()

    shown = unpacked(clean_here(out.getvalue()).data)

    assert "Bitstream".encode("utf-16-be") not in shown
    assert all(f"<{ord(letter):04X}>".encode() in shown.upper() for letter in "Surat")


def test_a_font_that_nobody_can_read_makes_nobody_refuse_the_page():
    """A font program that does not unpack, or is none, is left out: viewers take another one for it."""
    pdf = Pdf.new()
    page = pdf.add_blank_page()
    fonts = {"/A": pdf.make_stream(CANARY), "/B": pdf.make_stream(CANARY, {"/Filter": Name.FlateDecode})}
    page.Resources = Dictionary(
        Font={
            key: Dictionary(Type=Name.Font, Subtype=Name.TrueType, FontDescriptor=Dictionary(FontFile2=program))
            for key, program in fonts.items()
        }
    )

    assert CANARY not in clean_here(written(pdf)).data
