"""The second reader of PDFs: of what is left when the streams are taken out, every key and text is accounted for.

Rule: it knows nothing of the library that wrote the document. A key is one that drawing needs, or a name of the
document's own choice, in the dictionaries that have such; a text stands only where the format asks for one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.evidence.segments import insist

_KEYS = frozenset(
    b"""Type Subtype Length Filter DecodeParms Root Size ID Pages Kids Count Parent
    MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit Resources Contents Group
    Font XObject ExtGState ColorSpace Pattern Shading S I K CS
    FormType BBox Matrix Width Height BitsPerComponent ImageMask Decode Interpolate Intent SMaskInData Matte Mask SMask
    Predictor Colors Columns EarlyChange EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1 DamagedRowsBeforeError
    ColorTransform JBIG2Globals LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK UseBlackPtComp BC G TR TR2
    PatternType PaintType TilingType XStep YStep ShadingType Background AntiAlias Coords Domain Extend
    BitsPerCoordinate BitsPerFlag VerticesPerRow Function FunctionType Range BitsPerSample Order Encode C0 C1 N Bounds
    Functions Alternate WhitePoint BlackPoint Gamma
    BaseFont FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix FontDescriptor Encoding ToUnicode CIDToGIDMap
    DescendantFonts CIDSystemInfo CharProcs FontName Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV
    StemH AvgWidth MaxWidth MissingWidth FontStretch FontWeight FontFile FontFile2 FontFile3 Length1 Length2 Length3
    BaseEncoding Differences CMapName WMode UseCMap Supplement Registry Ordering""".split()
)
_OWN_NAMES = frozenset(b"Font XObject ExtGState ColorSpace Pattern Shading CharProcs".split())
_TEXTS = frozenset(b"Registry Ordering ID".split())
_PACKETS = re.compile(rb"xpacket|<x:xmpmeta|Exif\0\0|Photoshop 3\.0\0")
_STREAM = re.compile(rb"/Length (\d+)[^\n]*>>\nstream\n|/Length (\d+)[^\n]*>>\r?\nstream\r\n")
_TOKEN = re.compile(
    rb"(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>[^\s()<>\[\]{}/%]*+)|(?P<number>\d+) 0 obj"
    rb"|(?P<text>\((?:[^()\\]++|\\.)*+\)|<[0-9A-Fa-f\s]*+>)|[^\s()<>\[\]{}/%]++|(?P<other>[^\s])",
    re.DOTALL,
)
_OWN_REFERENCE = re.compile(rb"/(?:%s) (\d+) 0 R" % b"|".join(_OWN_NAMES))


def check_pdf(data: bytes) -> None:
    skeleton = b"".join(_outside_streams(data))
    insist(not _PACKETS.search(data))
    insist(skeleton.count(b"%%EOF") == 1 and data.rstrip().endswith(b"%%EOF"))
    _Walk(set(_OWN_REFERENCE.findall(skeleton))).check(skeleton[skeleton.index(b"\n", 9) : skeleton.rindex(b"%%EOF")])


def _outside_streams(data: bytes) -> Iterator[bytes]:
    at = 0
    while found := _STREAM.search(data, at):
        yield data[at : found.end()]
        at = found.end() + int(found[1] or found[2])
    yield data[at:]


@dataclass(slots=True)
class _Level:
    """A dictionary or array that is open: its current key, or its first name."""

    is_array: bool = False
    own_names: bool = False
    key: bytes | None = None
    waiting: bool = False  # for the key's value


@dataclass(slots=True)
class _Walk:
    """`own` are the numbers of the objects whose keys may be names of the document's own choice."""

    own: set[bytes]
    levels: list[_Level] = field(default_factory=lambda: [_Level(is_array=True)])
    number: bytes = b""

    def check(self, skeleton: bytes) -> None:
        for token in _TOKEN.finditer(skeleton):
            insist(token["other"] is None)
            self._step(token)
        insist(len(self.levels) == 1)

    def _step(self, token: re.Match[bytes]) -> None:
        level = self.levels[-1]
        if token["number"]:
            insist(len(self.levels) == 1)
            self.number = token["number"]
        elif token["open"]:
            own = level.key in _OWN_NAMES if len(self.levels) > 1 else self.number in self.own
            self.levels.append(_Level(is_array=token["open"] == b"[", own_names=own and token["open"] != b"["))
        elif token["close"]:
            insist(len(self.levels) > 1 and (token["close"] == b"]") == level.is_array)
            self.levels.pop()
            self.levels[-1].waiting = False
        elif token["name"] is not None:
            self._name(level, token["name"])
        else:
            insist(not token["text"] or self._may_hold_text(level))
            level.waiting = False

    def _name(self, level: _Level, name: bytes) -> None:
        if level.is_array:
            level.key = level.key or name
        elif level.waiting:
            level.waiting = False
        else:
            insist(level.own_names or name in _KEYS)
            level.key, level.waiting = name, True

    def _may_hold_text(self, level: _Level) -> bool:
        if level.is_array and level.key == b"Indexed":
            return True
        return len(self.levels) > 1 and (self.levels[-2] if level.is_array else level).key in _TEXTS
