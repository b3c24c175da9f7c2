"""A PDF's content streams: what draws is kept, and nothing else that may stand among it.

Rule: comments, marks (tags, replacement and alternative texts, layers), what no operator asks for and the
metadata of pictures inside the stream go. A stream of drawing alone is told by one pattern and only loses its
marks; every other is read by pikepdf's own parser, which is slower by far. Source: ISO 32000-1, annex A.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import cast

import pikepdf
from pikepdf import ContentStreamInlineImage, Dictionary, Name, Pdf, String

_BLANK = rb"[\0\t\n\f\r ]"
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_END = rb"(?!%s)" % _REGULAR
_NUMBER = rb"[-+.0-9]++" + _END
_NAME = rb"/%s*+" % _REGULAR
_HEX = rb"<[\0\t\n\f\r 0-9A-Fa-f]*+>"
_FLAT = rb"\((?:[^()\\]++|\\.)*+\)"
_NESTED = rb"\((?:[^()\\]++|\\.|%s)*+\)" % _FLAT
_STRING = rb"\((?:[^()\\]++|\\.|%s)*+\)" % _NESTED
_LIST = rb"\[(?:%s|%s|%s|%s)*+\]" % (_BLANK, _NUMBER, _STRING, _HEX)

_NUMBERS = (int, float, Decimal)
_OPERANDS: tuple[tuple[str, bytes, tuple[type, ...]], ...] = (
    ("q Q cm w J j M i m l c v y h re S s f F f* B B* b b* n W W*", _NUMBER, _NUMBERS),
    ("BT ET Tc Tw Tz TL Tr Ts Td TD Tm T* g G rg RG k K sc SC d0 d1", _NUMBER, _NUMBERS),
    ("ri gs cs CS scn SCN sh Do Tf", rb"%s|%s" % (_NUMBER, _NAME), (*_NUMBERS, Name)),
    ("Tj ' \"", rb"%s|%s|%s" % (_NUMBER, _STRING, _HEX), (*_NUMBERS, String)),
    ("TJ d", rb"%s|%s" % (_NUMBER, _LIST), (*_NUMBERS, pikepdf.Array)),
)
"""Operators that draw, and the operands that they take: as a pattern, and as pikepdf gives them."""

_TAKES = {operator: kinds for operators, _, kinds in _OPERANDS for operator in operators.split()}


def _statements() -> Iterator[bytes]:
    for operators, operand, _ in _OPERANDS:
        longest_first = sorted((re.escape(word.encode()) for word in operators.split()), key=len, reverse=True)
        yield rb"(?:(?:%s)%s*+)*+(?:%s)%s" % (operand, _BLANK, b"|".join(longest_first), _END)


_DRAWING = re.compile(rb"(?:%s|%s)*+" % (_BLANK, b"|".join(_statements())), re.DOTALL)
_PROPERTIES = rb"<<(?:[^<>()%%]++|%s|%s)*+>>" % (_STRING, _HEX)
_MARKS = re.compile(
    rb"(%s|\(.*+)|%%[^\r\n]*+" % _STRING  # the rest after a string that never ends is kept, so that it is not drawing
    + rb"|%s%s*+(?:%s|%s)%s*+(?:BDC|DP)%s" % (_NAME, _BLANK, _NAME, _PROPERTIES, _BLANK, _END)
    + rb"|%s%s*+(?:BMC|MP)%s|(?<!%s)(?:EMC|BX|EX)%s" % (_NAME, _BLANK, _END, _REGULAR, _END),
    re.DOTALL,
)
_NUMBERLIKE = re.compile(r"[-+.\d]+")

Inline = Callable[[Dictionary, bytes], bytes]
"""A picture inside a stream by its keys (stripped in place) and its bytes; gives the bytes that are left."""


def drawing_of(data: bytes) -> bytes | None:
    """The stream without marks and comments; None where that is not drawing alone, or ends within a statement."""
    bare = _MARKS.sub(rb"\1", data)
    return bare if _DRAWING.fullmatch(bare) else None


def bare_content(data: bytes, inline: Inline) -> bytes:
    """What the content stream draws; `inline` takes care of its pictures."""
    bare = drawing_of(data)
    if bare is not None:
        return bare
    with Pdf.new() as room:
        read = pikepdf.parse_content_stream(room.make_stream(data))
        return b"\n".join(_kept(read, inline))


def _kept(read: "list[pikepdf.ContentStreamInstruction | ContentStreamInlineImage]", inline: Inline) -> Iterator[bytes]:
    for instruction in read:
        if isinstance(instruction, ContentStreamInlineImage):
            keys = cast("Dictionary", instruction.iimage.obj)
            data = inline(keys, instruction.iimage.read_raw_bytes())
            yield b"BI " + keys.unparse()[2:-2] + b"ID " + data + b"EI"
            continue
        operator = str(instruction.operator)
        takes = _NUMBERS if _NUMBERLIKE.fullmatch(operator) else _TAKES.get(operator)
        if takes:  # a number that is none by the rules is taken for an operator, and for a number by viewers
            operands = [operand for operand in instruction.operands if isinstance(operand, takes)]
            yield pikepdf.unparse_content_stream([(operands, instruction.operator)])
