"""Office packages as Word, Excel, PowerPoint and LibreOffice write them, each naming its sender."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from evidence_files import CANARY, phone_jpeg

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = "application/vnd.openxmlformats-officedocument"
_W = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}/relationships"'
_S = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_OFFICE}/relationships"'
_P = (
    f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{_OFFICE}/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
WHO = f'w:author="{CANARY}" w:date="2024-10-12T09:00:00Z"'

Relation = tuple[str, str, str]  # id, sort, target; a target with "://" lies outside


def zipped(parts: Mapping[str, str | bytes], *, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 10, 12, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def relations(*listed: Relation) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/relationships/{sort}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
        for key, sort, target in listed
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def content_types(overrides: Mapping[str, str]) -> str:
    items = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    defaults = "".join(
        f'<Default Extension="{end}" ContentType="{kind}"/>'
        for end, kind in (("jpeg", "image/jpeg"), ("xml", "application/xml"), ("bin", "application/octet-stream"))
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{items}</Types>'


def _surroundings(main: str) -> dict[str, str | bytes]:
    """What every office program writes around the main part."""
    return {
        "_rels/.rels": relations(
            ("rId1", "officeDocument", main),
            ("rId2", "metadata/core-properties", "docProps/core.xml"),
            ("rId3", "extended-properties", "docProps/app.xml"),
            ("rId4", "custom-properties", "docProps/custom.xml"),
            ("rId5", "metadata/thumbnail", "docProps/thumbnail.jpeg"),
        ),
        "docProps/core.xml": (
            f'<c:coreProperties xmlns:c="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">'
            f"<dc:creator>{CANARY}</dc:creator><c:lastModifiedBy>{CANARY}</c:lastModifiedBy>"
            "<t:created>2024-10-12T09:00:00Z</t:created></c:coreProperties>"
        ),
        "docProps/app.xml": (
            f'<Properties xmlns="{_OFFICE}/extended-properties"><Template>{CANARY}.dotm</Template>'
            f"<Application>Word</Application><Company>{CANARY}</Company></Properties>"
        ),
        "docProps/custom.xml": f'<Properties xmlns="{_OFFICE}/custom-properties"><p>{CANARY}</p></Properties>',
        "docProps/thumbnail.jpeg": phone_jpeg(),
    }


_BODY = f"""<w:document {_W} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:body>
<w:p w:rsidR="00C0FFEE" w14:paraId="1234ABCD"><w:r w:rsidRPr="00C0FFEE"><w:t>Camat menyuruh </w:t></w:r>
<w:del w:id="1" {WHO}><w:r><w:delText>{CANARY}</w:delText></w:r></w:del>
<w:ins w:id="2" {WHO}><w:r><w:t>semua guru</w:t></w:r></w:ins>
<w:commentRangeStart w:id="0"/><w:r><w:t> hadir.</w:t></w:r><w:commentRangeEnd w:id="0"/>
<w:r><w:commentReference w:id="0"/></w:r></w:p>
<w:p><w:r><w:rPr><w:b/><w:rPrChange w:id="3" {WHO}><w:rPr/></w:rPrChange></w:rPr><w:t>Tebal</w:t></w:r>
<w:hyperlink r:id="rId7"><w:r><w:t>tautan</w:t></w:r></w:hyperlink>
<w:r><w:instrText> INCLUDEPICTURE "C:\\Users\\{CANARY}\\foto.jpg" </w:instrText></w:r>
<w:r><w:instrText> PAGE </w:instrText></w:r></w:p>
<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="{CANARY}" descr="C:\\Users\\{CANARY}\\foto.jpg"/>
<a:graphic><a:blip r:embed="rId6"/></a:graphic></wp:inline></w:drawing></w:r></w:p>
<w:tbl><w:tr><w:trPr><w:del w:id="4" {WHO}/></w:trPr><w:tc><w:p><w:r><w:t>{CANARY}</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>baris</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"""


def word(extra: Mapping[str, str | bytes] | None = None, *, kind: str = "document.main+xml") -> bytes:
    word_kind = f"{_KINDS}.wordprocessingml"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(
            {"word/document.xml": f"{word_kind}.{kind}", "word/settings.xml": f"{word_kind}.settings+xml"}
        ),
        **_surroundings("word/document.xml"),
        "word/document.xml": _BODY,
        "word/_rels/document.xml.rels": relations(
            ("rId1", "settings", "settings.xml"),
            ("rId2", "comments", "comments.xml"),
            ("rId3", "people", "people.xml"),
            ("rId4", "customXml", "../customXml/item1.xml"),
            ("rId6", "image", "media/image1.jpeg"),
            ("rId7", "hyperlink", f"https://example.org/{CANARY}"),
        ),
        "word/settings.xml": (
            f'<w:settings {_W}><w:zoom w:percent="90"/><w:attachedTemplate r:id="rId1"/>'
            '<w:rsids><w:rsidRoot w:val="00C0FFEE"/></w:rsids><w:defaultTabStop w:val="720"/></w:settings>'
        ),
        "word/_rels/settings.xml.rels": relations(("rId1", "attachedTemplate", f"file:///C:/{CANARY}.dotm://")),
        "word/comments.xml": f"<w:comments {_W}><w:comment {WHO}><w:t>{CANARY}</w:t></w:comment></w:comments>",
        "word/people.xml": f"<people>{CANARY}</people>",
        "customXml/item1.xml": f"<item>{CANARY}</item>",
        "word/media/image1.jpeg": phone_jpeg(),
    }
    return zipped({**parts, **(extra or {})})


def letter(body: str) -> bytes:
    """A Word file with this paragraph."""
    spaces = (
        f'{_W} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:wp14="http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing"'
    )
    return word({"word/document.xml": f"<w:document {spaces}><w:body><w:p>{body}</w:p></w:body></w:document>"})


def paragraph(body: str) -> bytes:
    """A Writer file with this paragraph."""
    spaces = f'{_ODF} xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    inside = f"<office:body><office:text>{body}</office:text></office:body>"
    return writer([("content.xml", f"<office:document-content {spaces}>{inside}</office:document-content>")])


def excel(more: str = "") -> bytes:
    """`more` is what a sheet tells behind its cells."""
    kind = f"{_KINDS}.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": content_types(
                {
                    "xl/workbook.xml": f"{kind}.sheet.main+xml",
                    "xl/worksheets/sheet1.xml": f"{kind}.worksheet+xml",
                }
            ),
            **_surroundings("xl/workbook.xml"),
            "xl/workbook.xml": (
                f'<workbook {_S} xmlns:x="urn:x"><fileSharing userName="{CANARY}"/>'
                f'<x:absPath url="C:\\Users\\{CANARY}\\"/><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets>'
                '<externalReferences><externalReference r:id="rId2"/></externalReferences></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": relations(
                ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "externalLink", "externalLinks/e1.xml")
            ),
            "xl/externalLinks/e1.xml": f"<externalLink>{CANARY}</externalLink>",
            "xl/worksheets/sheet1.xml": (
                f'<worksheet {_S}><sheetData><row r="1"><c r="A1"><f>[1]Lain!A1</f><v>42</v></c>'
                f'<c r="B1"><f>A1*2</f><v>84</v></c></row></sheetData>{more}'
                '<pageSetup orientation="portrait" r:id="rId1"/><legacyDrawing r:id="rId2"/></worksheet>'
            ),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("rId1", "printerSettings", "../printerSettings/p1.bin"),
                ("rId2", "vmlDrawing", "../drawings/v1.vml"),
                ("rId3", "comments", "../comments1.xml"),
            ),
            "xl/printerSettings/p1.bin": CANARY.encode("utf-16-le"),
            "xl/drawings/v1.vml": CANARY,
            "xl/comments1.xml": f"<comments><authors><author>{CANARY}</author></authors></comments>",
        }
    )


def powerpoint() -> bytes:
    kind = f"{_KINDS}.presentationml"
    return zipped(
        {
            "[Content_Types].xml": content_types(
                {
                    "ppt/presentation.xml": f"{kind}.presentation.main+xml",
                    "ppt/slides/slide1.xml": f"{kind}.slide+xml",
                }
            ),
            **_surroundings("ppt/presentation.xml"),
            "ppt/presentation.xml": (
                f'<p:presentation {_P}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>'
            ),
            "ppt/_rels/presentation.xml.rels": relations(
                ("rId1", "slide", "slides/slide1.xml"), ("rId2", "commentAuthors", "commentAuthors.xml")
            ),
            "ppt/commentAuthors.xml": f"<authors>{CANARY}</authors>",
            "ppt/slides/slide1.xml": (
                f'<p:sld {_P}><p:pic><p:cNvPr id="2" name="{CANARY}" descr="{CANARY}"><a:hlinkClick r:id="rId2"/>'
                '</p:cNvPr><a:blip r:embed="rId1"/></p:pic><a:t>Rapat camat</a:t></p:sld>'
            ),
            "ppt/slides/_rels/slide1.xml.rels": relations(
                ("rId1", "image", "../media/image1.jpeg"), ("rId2", "hyperlink", f"https://example.org/{CANARY}")
            ),
            "ppt/media/image1.jpeg": phone_jpeg(),
        }
    )


_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("draw", "drawing"),
        ("meta", "meta"),
        ("svg", "svg-compatible"),
        ("manifest", "manifest"),
    )
)
_ODF = (
    f'{_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:officeooo="http://openoffice.org/2009/office"'
)
_CHANGE = f"<office:change-info><dc:creator>{CANARY}</dc:creator><dc:date>2024-10-12</dc:date></office:change-info>"


def writer(extra: Iterable[tuple[str, str]] = (), *, manifest: str = "") -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f"<manifest:manifest {_SPACES}>{manifest}</manifest:manifest>",
            "meta.xml": f"<office:document-meta {_ODF}><dc:creator>{CANARY}</dc:creator></office:document-meta>",
            "settings.xml": f"<settings>{CANARY} printer</settings>",
            "Thumbnails/thumbnail.png": b"thumb",
            "styles.xml": f"<office:document-styles {_ODF}/>",
            "content.xml": (
                f"<office:document-content {_ODF}><office:body><office:text><text:tracked-changes>"
                f"<text:deletion>{_CHANGE}<text:p>{CANARY}</text:p></text:deletion></text:tracked-changes>"
                '<text:p officeooo:rsid="0012"><text:change text:change-id="1"/>Camat hadir'
                f"<office:annotation><dc:creator>{CANARY}</dc:creator><text:p>{CANARY}</text:p></office:annotation>."
                f' <text:a xlink:href="https://example.org/{CANARY}">tautan</text:a></text:p>'
                f'<draw:frame draw:name="{CANARY}"><draw:image xlink:href="Pictures/{CANARY}.jpg"/>'
                f"<svg:title>{CANARY}</svg:title></draw:frame></office:text></office:body></office:document-content>"
            ),
            f"Pictures/{CANARY}.jpg": phone_jpeg(),
            **dict(extra),
        }
    )
