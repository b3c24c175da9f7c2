"""What lies compressed within a file, so that it can be searched: members of a ZIP, all that a PDF holds and shows, and
what gzip or zlib has written anywhere, as PNG and many others do.

Rule: the file itself is always among what is given, and so is every name in it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO

import pikepdf

ZIP, PDF = b"PK\x03\x04", b"%PDF-"
BEGINNINGS = (re.compile(rb"\x1f\x8b\x08"), re.compile(rb"\x78[\x01\x5e\x9c\xda]"))
"""Of what gzip and zlib write. Random bytes begin so too, and are then no stream."""
EITHER = 32 + zlib.MAX_WBITS
MOST = 1 << 22
"""Bytes of a stream that are read, and those that may come of it."""


def unpacked(places: Mapping[str, bytes]) -> dict[str, bytes]:
    """These places, whatever lies within them, and all their names as one more place."""
    found = {inner: data for name, whole in places.items() for inner, data in _within(name, whole)}
    return found | {"names": "\n".join(found).encode()}


def _within(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if data.startswith(ZIP):
        with zipfile.ZipFile(BytesIO(data)) as package:
            for member in package.namelist():
                yield from _within(f"{name}: {member}", package.read(member))
    if data.startswith(PDF):
        yield f"{name}: shown", "\n".join(text_of(data)).encode()
        yield f"{name}: streams", b"\n".join(_streams(data))
    for at, opened in _inflated(data):
        yield from _within(f"{name}: at {at}", opened)


def _inflated(data: bytes) -> Iterator[tuple[int, bytes]]:
    """What gzip and zlib have written in it: where each begins, and what was compressed."""
    view = memoryview(data)
    for start in sorted(found.start() for beginning in BEGINNINGS for found in beginning.finditer(data)):
        with suppress(zlib.error):
            opened = zlib.decompressobj(EITHER).decompress(view[start : start + MOST], MOST)
            if opened:
                yield start, opened


def _streams(data: bytes) -> Iterator[bytes]:
    """Every object of a PDF: its dictionary, and its stream as it is once it is decompressed."""
    with pikepdf.open(BytesIO(data)) as document:
        for one in document.objects:
            yield one.unparse()
            if isinstance(one, pikepdf.Stream):
                yield one.read_bytes(pikepdf.StreamDecodeLevel.generalized)


def text_of(data: bytes) -> list[str]:
    """What each page shows, read back through the fonts' own tables of letters."""
    with pikepdf.open(BytesIO(data)) as document:
        return [" ".join(_shown(page).split()) for page in document.pages]


def _shown(page: pikepdf.Page) -> str:
    letters: dict[int, str] = {}
    shown = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        if str(operator) == "Tf":
            letters = _letters(page.Resources.Font[str(operands[0])])
        elif str(operator) == "Tj":
            shown.append("".join(letters.get(code, "") for code in bytes(operands[0])))
        elif str(operator) in {"T*", "BT"}:
            shown.append(" ")
    return "".join(shown)


def _letters(font: pikepdf.Object) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode() if "/ToUnicode" in font else ""
    single = re.findall(r"<([0-9A-F]{2})> <([0-9A-F]{4,8})>", table)
    ranges = re.findall(r"<([0-9A-F]{2})> <[0-9A-F]{2}> \[(.*?)\]", table, re.DOTALL)
    found = {int(code, 16): _sign(sign) for code, sign in single}
    for start, signs in ranges:
        found |= {int(start, 16) + n: _sign(sign) for n, sign in enumerate(re.findall(r"<([0-9A-F]+)>", signs))}
    return found


def _sign(code: str) -> str:
    # ReportLab writes a sign beyond the first plane by its number, other programs as two units of UTF-16.
    return chr(int(code, 16)) if len(code) == len("1F600") else bytes.fromhex(code).decode("utf-16-be")
