"""Of a PDF's dictionaries the keys that drawing needs, and of their values those that can draw.

Rule: each kind of dictionary has its list; a key that is not in it goes, and so does a text (they name people,
times and paths) but for the two places where a colour or a glyph is looked up by one. Source: ISO 32000-1.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from pikepdf import Array, Dictionary, Name, Object, Stream, String

_PLAIN = "plain"
"""Numbers, names, truths, and arrays of these."""


def _plain(keys: str) -> dict[str, str]:
    return {f"/{key}": _PLAIN for key in keys.split()}


_STREAM = _plain("Filter") | {"/DecodeParms": "parameters"}
_KEPT: dict[str, dict[str, str]] = {
    "page": _plain("Type MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit")
    | {"/Resources": "resources", "/Contents": "content", "/Group": "group"},
    "resources": {"/Font": "fonts", "/XObject": "xobjects", "/ExtGState": "states", "/ColorSpace": "spaces"}
    | {"/Pattern": "patterns", "/Shading": "shadings"},
    "content": {},
    "group": _plain("Type S I K") | {"/CS": "space"},
    "xobject": _plain("Type Subtype FormType BBox Matrix Width Height BitsPerComponent ImageMask Decode Interpolate")
    | _plain("Intent SMaskInData Matte")
    | {"/Resources": "resources", "/Group": "group", "/ColorSpace": "space", "/Mask": "xobject", "/SMask": "xobject"},
    "inline": _plain("Width Height BitsPerComponent ImageMask Decode Interpolate Intent Filter")
    | {"/ColorSpace": "space", "/DecodeParms": "parameters"},
    "parameters": _plain("Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows")
    | _plain("EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform")
    | {"/JBIG2Globals": "bytes"},
    "bytes": {},
    "state": _plain("Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK UseBlackPtComp")
    | {"/Font": "font", "/SMask": "mask", "/TR": "function", "/TR2": "function"},
    "mask": _plain("Type S BC") | {"/G": "xobject", "/TR": "function"},
    "pattern": _plain("Type PatternType PaintType TilingType BBox XStep YStep Matrix")
    | {"/Resources": "resources", "/Shading": "shading", "/ExtGState": "state"},
    "shading": _plain("ShadingType Background BBox AntiAlias Coords Domain Extend Matrix Decode BitsPerCoordinate")
    | _plain("BitsPerComponent BitsPerFlag VerticesPerRow")
    | {"/ColorSpace": "space", "/Function": "function"},
    "function": _plain("FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds")
    | {"/Functions": "function"},
    "profile": _plain("N Range") | {"/Alternate": "space"},
    "calibration": _plain("WhitePoint BlackPoint Gamma Matrix Range"),
    "lookup": {},
    "font": _plain("Type Subtype BaseFont FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix")
    | {"/FontDescriptor": "descriptor", "/Encoding": "encoding", "/ToUnicode": "encoding", "/CIDToGIDMap": "bytes"}
    | {"/DescendantFonts": "font", "/CIDSystemInfo": "system", "/CharProcs": "glyphs", "/Resources": "resources"},
    "descriptor": _plain("Type FontName Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight StemV")
    | _plain("StemH AvgWidth MaxWidth MissingWidth FontStretch FontWeight")
    | {"/FontFile": "program", "/FontFile2": "program", "/FontFile3": "program"},
    "program": _plain("Length1 Length2 Length3 Subtype"),
    "encoding": _plain("Type BaseEncoding Differences CMapName WMode")
    | {"/CIDSystemInfo": "system", "/UseCMap": "encoding"},
    "system": _plain("Supplement") | {"/Registry": "registry", "/Ordering": "registry"},
    "glyph": {},
}
_NAMED = {"fonts": "font", "xobjects": "xobject", "states": "state", "spaces": "space"} | {
    "patterns": "pattern",
    "shadings": "shading",
    "glyphs": "glyph",
}
"""Dictionaries whose keys are names of the document's own choice, and the kind of their values."""
_SPACES = {
    "/ICCBased": (_PLAIN, "profile"),
    "/Indexed": (_PLAIN, "space", _PLAIN, "lookup"),
    "/Separation": (_PLAIN, _PLAIN, "space", "function"),
    "/DeviceN": (_PLAIN, _PLAIN, "space", "function"),
    "/CalGray": (_PLAIN, "calibration"),
    "/CalRGB": (_PLAIN, "calibration"),
    "/Lab": (_PLAIN, "calibration"),
    "/Pattern": (_PLAIN, "space"),
}
"""Colour spaces by their first element: the kind of each element; what follows goes."""
_REGISTERED = {b"Adobe", b"Identity", b"UCS", b"Japan1", b"Japan2", b"GB1", b"CNS1", b"Korea1", b"KR", b"Manga1"}
_UNREGISTERED = {"/Registry": String("Adobe"), "/Ordering": String("Identity")}
"""What stands for a collection of glyphs of the document's own, whose name only has to be there."""

Bytes = Callable[[Stream, str], None]
"""Told of each stream that is kept, once, with its kind."""


class Anatomist:
    """Strips what it is given, and all that it leads to, in place."""

    def __init__(self, seen: Bytes) -> None:
        self._seen = seen
        self._done: set[tuple[tuple[int, int], str]] = set()

    def bare(self, value: object, kind: str) -> bool:
        """Whether the value may stay as one of its kind; what it holds is stripped."""
        if isinstance(value, String):
            return kind == "lookup" or (kind == "registry" and bytes(value) in _REGISTERED)
        if isinstance(value, Array):
            return self._bare_array(value, kind)
        if isinstance(value, Dictionary | Stream):
            return self._bare_dictionary(value, kind)
        return value is None or isinstance(value, bool | int | float | Decimal | Name)

    def _bare_array(self, value: Array, kind: str) -> bool:
        kinds = _SPACES.get(str(value[0])) if kind == "space" and len(value) else None
        if kinds is None:
            return _all(self.bare(item, kind) for item in value)
        for at in range(len(value) - 1, len(kinds) - 1, -1):
            del value[at]
        return _all(self._bare_within(value, at, kinds[at]) for at in range(len(value)))

    def _bare_within(self, holder: Object, at: str | int, kind: str) -> bool:
        item = holder[at]
        if isinstance(item, String) and item.is_indirect:
            holder[at] = String(bytes(item))  # where it is used, since a text by itself could be any
        return self.bare(item, kind)

    def _bare_dictionary(self, value: Object, kind: str) -> bool:
        if kind not in _KEPT and kind not in _NAMED:
            return False
        if value.is_indirect:
            if (value.objgen, kind) in self._done:
                return True
            self._done.add((value.objgen, kind))
        for key, of in list(_kinds(value, kind)):
            if of is None or not self._bare_within(value, key, of):
                del value[key]
        for key in _UNREGISTERED.keys() - value.keys() if kind == "system" else ():
            value[key] = _UNREGISTERED[key]
        if isinstance(value, Stream):
            self._seen(value, kind)
        return True


def _all(answers: Iterable[bool]) -> bool:
    """Whether all may stay, asked to the last, since asking strips."""
    return False not in list(answers)


def _kinds(value: Object, kind: str) -> Iterator[tuple[str, str | None]]:
    """Of each key the kind of what it holds; none where it has no place here."""
    keys = _KEPT.get(kind, {}) | (_STREAM if isinstance(value, Stream) else {})
    for key in set(value.keys()) - {"/Length"}:  # written anew by qpdf, which lets nobody delete it
        yield key, _NAMED.get(kind) or keys.get(key)
