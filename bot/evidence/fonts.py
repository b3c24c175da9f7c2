"""Fonts inside documents: outlines, metrics and what maps characters to them, without who made them and when.

Rule: what a viewer draws or copies text by stays byte for byte; texts are blanked where they lie, so that nothing
moves. Sources: Adobe technical notes 5014 (CMap), 5176 (CFF), Type 1 Font Format; OpenType 1.9; ISO 32000-1, 9.9.
"""

import re
import struct
from collections.abc import Iterator
from itertools import pairwise

_COMMENT = re.compile(rb"%[^\r\n]*")
_RANGES = re.compile(
    rb"(\d*)\s*begin(codespacerange|bfchar|bfrange|cidchar|cidrange|notdefchar|notdefrange)\b"
    rb"((?:(?!begin|end(?:codespace|bf|cid|notdef)).)*+)end\2",
    re.DOTALL,
)
_CODES = re.compile(rb"<[0-9A-Fa-f\s]*+>|[\[\]]|-?\d+|/[\w.]+")
_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
%s/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def
/CMapName /Codes def
/CMapType 2 def
%s%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""

_SFNT = (b"\0\1\0\0", b"true", b"OTTO")
_TABLES = {
    b"cmap",
    b"cvt ",
    b"fpgm",
    b"prep",
    b"glyf",
    b"loca",
    b"head",
    b"hhea",
    b"hmtx",
    b"maxp",
    b"post",
    b"OS/2",
} | {
    b"vhea",
    b"vmtx",
    b"VORG",
    b"CFF ",
}
_TYPE_1 = (b"%!", b"\x80\x01")
_FLAT = rb"\((?:[^()\\]++|\\.)*+\)"
_CLEAR_TEXT = re.compile(rb"\((?:[^()\\]++|\\.|%s)*+(?:\)|\Z)|%%[^\r\n]*" % _FLAT, re.DOTALL)
"""Strings and comments of the part of a Type 1 font that lies open: what it says of itself."""
_CFF_TEXTS = {0, 1, 2, 3, 4, 1200, 1221, 1222}
"""Version, notice, full name, family, weight, copyright, PostScript and base font, by operator (12 x as 1200 + x)."""
_CFF_STANDARD_STRINGS = 391


def bare_cmap(data: bytes) -> bytes:
    """The CMap with its codes alone: no comment, name or text of its own."""
    data = _COMMENT.sub(b"", data)
    base = re.search(rb"/[\w-]+\s+usecmap", data)
    mode = re.search(rb"/WMode\s+[01]\s+def", data)
    ranges = [
        b"%s begin%s\n%s\nend%s" % (count, sort, b" ".join(_CODES.findall(codes)), sort)
        for count, sort, codes in _RANGES.findall(data)
    ]
    return _CMAP % (base[0] + b"\n" if base else b"", mode[0] + b"\n" if mode else b"", b"\n".join(ranges))


def bare_font(data: bytes) -> bytes:
    """The font program, of whatever format, without its texts and times; nothing of one that no viewer reads."""
    if data.startswith(_SFNT):
        return _bare_sfnt(data, 0)
    if data.startswith(b"ttcf"):  # a collection: viewers take its first
        return _bare_sfnt(data, int.from_bytes(data[12:16], "big"))
    if data.startswith(_TYPE_1):
        end = data.find(b"eexec") % (len(data) + 1)
        return _CLEAR_TEXT.sub(_blank, data[:end]) + data[end:]
    return _bare_cff(data) if data[:1] == b"\1" else b""


def _blank(text: re.Match[bytes]) -> bytes:
    if text[0].startswith(b"("):
        return b"(" + b" " * (len(text[0]) - 2) + b")"
    format_name = text[0].partition(b":")[0] if text[0].startswith(b"%!") else b"%"
    return format_name.ljust(len(text[0]))


def _bare_sfnt(data: bytes, start: int) -> bytes:
    tables = [(tag, table) for tag, table in _tables(data, start) if tag in _TABLES and table]
    power = max(len(tables).bit_length() - 1, 0)
    head = data[start : start + 4] + struct.pack(
        ">4H", len(tables), 16 << power, power, 16 * (len(tables) - (1 << power))
    )
    body, at = b"", len(head) + 16 * len(tables)
    for tag, table in tables:
        head += tag + struct.pack(">III", _checksum(table), at + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + body


def _tables(data: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    for at in range(start + 12, start + 12 + 16 * int.from_bytes(data[start + 4 : start + 6], "big"), 16):
        tag, _, offset, size = struct.unpack(">4sIII", data[at : at + 16].ljust(16, b"\0"))
        table = data[offset : offset + size]
        if tag == b"head":
            table = table[:20] + bytes(len(table[20:36])) + table[36:]  # made and changed
        yield tag, _bare_cff(table) if tag == b"CFF " else table


def _checksum(table: bytes) -> int:
    padded = table + bytes(-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _bare_cff(data: bytes) -> bytes:
    """Texts of the font are strings that its top dictionary names by number; glyphs have theirs among them."""
    bare = bytearray(data)
    names = _index(data, data[2])
    tops = _index(data, names[-1][1])
    strings = _index(data, tops[-1][1])
    for start, end in tops[:-1]:
        for number in _texts(data[start:end]):
            at = number - _CFF_STANDARD_STRINGS
            if 0 <= at < len(strings) - 1:
                first, last = strings[at]
                bare[first:last] = b" " * (last - first)
    return bytes(bare)


def _index(data: bytes, at: int) -> list[tuple[int, int]]:
    """Where each item of the index starts and ends, and last where what follows the index does."""
    count = int.from_bytes(data[at : at + 2], "big")
    if not count:
        return [(at + 2, at + 2)]
    width = data[at + 2]
    table = at + 3
    base = table + width * (count + 1) - 1
    ends = [base + int.from_bytes(data[table + n * width : table + (n + 1) * width], "big") for n in range(count + 1)]
    return [*pairwise(ends), (ends[-1], ends[-1])]


def _texts(dictionary: bytes) -> Iterator[int]:
    """The numbers of the strings that a top dictionary names."""
    at, operand = 0, -1
    while at < len(dictionary):
        first = dictionary[at]
        if first <= 21:
            operator = 1200 + dictionary[at + 1] if first == 12 else first
            if operator in _CFF_TEXTS:
                yield operand
            at += 2 if first == 12 else 1
        else:
            size = _operand_size(dictionary, at)
            operand = _integer(dictionary[at : at + size])
            at += size


def _operand_size(dictionary: bytes, at: int) -> int:
    first = dictionary[at]
    if first == 30:  # a real, by half bytes up to one that is 15
        end = at + 1
        while dictionary[end] & 0x0F != 0x0F and dictionary[end] >> 4 != 0x0F:
            end += 1
        return end + 1 - at
    return {28: 3, 29: 5}.get(first, 1 if first <= 246 else 2)


def _integer(operand: bytes) -> int:
    first = operand[0]
    if first in {28, 29}:
        return int.from_bytes(operand[1:], "big")
    if len(operand) == 1:
        return first - 139
    return (first - 247) * 256 + operand[1] + 108
