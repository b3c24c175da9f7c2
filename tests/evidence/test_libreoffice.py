"""LibreOffice writes the files, and must read the clean ones as it read its own."""

import io
import subprocess
from pathlib import Path

import evidence_files as files
import pikepdf
import pytest

from bot.evidence import clean_here

pytestmark = pytest.mark.tools

MARKS = {"BMC", "BDC", "EMC"}
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "meta")
)
CHANGE = (
    f"<office:change-info><dc:creator>{files.CANARY}</dc:creator><dc:date>2024-10-12T09:00:00</dc:date>"
    "</office:change-info>"
)
LETTER = f"""<?xml version="1.0"?>
<office:document {SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><meta:initial-creator>{files.CANARY}</meta:initial-creator><dc:title>{files.CANARY}</dc:title></office:meta>
<office:body><office:text><text:tracked-changes>
<text:changed-region text:id="c1"><text:deletion>{CHANGE}<text:p>dihapus</text:p></text:deletion></text:changed-region>
<text:changed-region text:id="c2"><text:insertion>{CHANGE}</text:insertion></text:changed-region>
</text:tracked-changes><text:h text:outline-level="1">Surat tugas</text:h>
<text:p>Camat menyuruh <text:change text:change-id="c1"/>semua <text:change-start text:change-id="c2"/>guru
<text:change-end text:change-id="c2"/>hadir.<office:annotation><dc:creator>{files.CANARY}</dc:creator>
<text:p>{files.CANARY}</text:p></office:annotation></text:p>
<text:p>Lihat <text:a xlink:type="simple" xlink:href="https://example.org/{files.CANARY}">tautan</text:a>.</text:p>
</office:text></office:body></office:document>""".encode()


def converted(data: bytes, extension: str, target: str, room: Path) -> bytes:
    source = room / f"in.{extension}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{room}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(room / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return (room / "out" / f"in.{target.partition(':')[0]}").read_bytes()


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_a_letter_reads_as_before(extension: str, tmp_path: Path):
    """A letter of LibreOffice's making loses its writer, its notes and its deleted words, and keeps the rest."""
    original = converted(LETTER, "fodt", extension, tmp_path)

    cleaned = clean_here(original)

    read = converted(cleaned.data, extension, "txt", tmp_path).decode("utf-8-sig")
    assert read.split() == ["Surat", "tugas", "Camat", "menyuruh", "semua", "guru", "hadir.", "Lihat", "tautan."]
    assert {"author", "comments", "links", "name", "time", "tracked_changes"} <= set(cleaned.removed)


def test_a_printed_letter_keeps_its_page(tmp_path: Path):
    """A PDF of LibreOffice's making keeps its page and loses its writer."""
    cleaned = clean_here(converted(LETTER, "fodt", "pdf", tmp_path))

    with pikepdf.open(io.BytesIO(cleaned.data)) as pdf:
        assert len(pdf.pages) == 1
        assert b"Tj" in pdf.pages[0].Contents.read_bytes() or b"TJ" in pdf.pages[0].Contents.read_bytes()
    assert {"author", "name", "software", "time"} <= set(cleaned.removed)


def drawing(data: bytes) -> list[bytes]:
    """What a PDF's first page is told to draw, step by step, without the marks between."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        return [pikepdf.unparse_content_stream([step]) for step in steps if str(step.operator) not in MARKS]


@pytest.mark.parametrize("tagged", ["true", "false"])
def test_a_printed_letter_is_drawn_as_before(tagged: str, tmp_path: Path):
    """Each step that draws is the same, with and without the marks that make a PDF readable aloud."""
    options = f'pdf:writer_pdf_Export:{{"UseTaggedPDF":{{"type":"boolean","value":"{tagged}"}}}}'
    original = converted(LETTER, "fodt", options, tmp_path)

    cleaned = clean_here(original).data

    assert drawing(cleaned) == drawing(original)
    assert len(drawing(original)) > 9


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_a_table_reads_as_before(extension: str, tmp_path: Path):
    """A table of LibreOffice's making keeps its cells."""
    original = converted(b"Nama,Jabatan\nA,Camat\nB,Lurah\n", "csv", extension, tmp_path)

    cleaned = clean_here(original)

    assert converted(cleaned.data, extension, "csv", tmp_path) == b"Nama,Jabatan\nA,Camat\nB,Lurah\n"
