"""The bytes of a PDF's streams: content, pictures, colours, fonts and functions, each without what is not drawn.

Rule: samples stay bit for bit; a picture that the document does not take for one is refused.
"""

import re
import zlib
from typing import cast

from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfError, Stream, StreamDecodeLevel

from bot.evidence.anatomy import Anatomist
from bot.evidence.codestreams import bare_jpeg, bare_jpeg2000, neutral_profile
from bot.evidence.contents import bare_content, drawing_of
from bot.evidence.fonts import bare_cmap, bare_font
from bot.evidence.model import Code, Refused
from bot.evidence.names import codes_of

MAX_CONTENT = 128 * 1024 * 1024
"""Bytes of one unpacked content stream."""

MAX_SAMPLES = 1024 * 1024 * 1024
"""Bytes of one unpacked picture: a sheet of A3 in 1,200 dots an inch."""
_CHUNK = 64 * 1024

_PACKERS = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
_FILTERS = _PACKERS | {"/CCITTFaxDecode", "/JBIG2Decode", "/DCTDecode", "/JPXDecode"}
_CODERS = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpeg2000}
_PICTURES = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ", b"\x89PNG")
_COMMENT = re.compile(rb"%[^\r\n]*")


class Streams:
    """Strips the streams of one document; `found` says what sorts of things went."""

    def __init__(self, source: Pdf) -> None:
        self.found: set[Code] = set()
        self._source = source
        self._drawing: set[tuple[int, int]] = set()

    def join(self, page: Object) -> None:
        """Parts of a page's content that are no content by themselves become one stream."""
        parts = page.get("/Contents")
        if not isinstance(parts, Array):
            return
        streams = [part for part in parts if isinstance(part, Stream)]
        if not all(self._draws(part) for part in streams):
            page.Contents = self._source.make_stream(b"\n".join(map(_unpacked, streams)))

    def _draws(self, part: Stream) -> bool:
        if part.objgen not in self._drawing and drawing_of(_unpacked(part)) is None:
            return False
        self._drawing.add(part.objgen)
        return True

    def bare(self, stream: Stream, kind: str) -> None:
        """Take from the stream, of a kind of `anatomy`, what is not drawn."""
        if not _FILTERS.issuperset(_filters(stream)):
            raise Refused("unsupported")
        subtype = stream.get("/Subtype") if kind == "xobject" else None
        if kind in {"content", "glyph", "pattern"} or subtype == Name.Form:
            stream.write(bare_content(_unpacked(stream), self._bare_inline))
        elif subtype not in {None, Name.Image}:
            stream.write(b"")  # nobody draws it
        elif kind == "profile":
            stream.write(neutral_profile(_unpacked(stream)))
        elif kind == "encoding":
            stream.write(bare_cmap(_unpacked(stream)))
        elif kind == "program":
            self._bare_program(stream)
        elif kind == "function" and stream.get("/FunctionType") == 4:
            stream.write(_COMMENT.sub(b"", _unpacked(stream)))
        else:
            self._bare_picture(stream)

    def _bare_program(self, stream: Stream) -> None:
        try:
            program = bare_font(_unpacked(stream))
        except PdfError:  # viewers take another font for one that does not unpack
            program = b""
        stream.write(program)
        if "/Length1" in stream and "/Length2" not in stream:
            stream.Length1 = len(program)

    def _bare_picture(self, stream: Stream) -> None:
        raw, filters = stream.read_raw_bytes(), _filters(stream)
        bare = self._bare_coded(raw, filters)
        if bare is None and raw.startswith(_PICTURES):
            raise Refused("broken")
        if bare is None and filters[:1] == ["/FlateDecode"]:
            self._end(stream, raw)
        elif bare not in {None, raw}:
            stream.write(bare, filter=Name(filters[-1]), decode_parms=_last_parameters(stream))

    def _end(self, stream: Stream, raw: bytes) -> None:
        """Cut what stands behind the end of the packed samples."""
        try:
            tail = _behind_packed(raw)
        except zlib.error:  # damaged: shown as far as viewers come
            return
        if tail.strip(b"\0\r\n "):
            self.found |= codes_of({"tail"})
            filters, parameters = cast("Array", stream.get("/Filter")), cast("Array", stream.get("/DecodeParms"))
            stream.write(raw[: -len(tail)], filter=filters, decode_parms=parameters, type_check=False)

    def _bare_inline(self, keys: Dictionary, data: bytes) -> bytes:
        Anatomist(self.bare).bare(keys, "inline")
        filters = _filters(keys)
        bare = self._bare_coded(data.lstrip(), filters)
        if bare is None:
            return data
        keys.Filter, keys.DecodeParms = Name(filters[-1]), _last_parameters(keys) or Dictionary()
        return bare + b"\n"

    def _bare_coded(self, data: bytes, filters: list[str]) -> bytes | None:
        """The picture's own bytes without its metadata; None where it is not coded as a picture."""
        coder = _CODERS.get(filters[-1] if filters else "")
        if coder is None:
            return None
        with Pdf.new() as room:
            packed = room.make_stream(data, {"/Filter": Array([Name(name) for name in filters[:-1]])})
            bare, names = coder(_unpacked(packed))
        self.found |= codes_of(names)
        return bare


def _filters(holder: Object) -> list[str]:
    named = holder.get("/Filter", Array())
    return [str(name) for name in (named if isinstance(named, Array) else [named])]


def _last_parameters(holder: Object) -> Dictionary | None:
    parameters = holder.get("/DecodeParms")
    last = parameters[-1] if isinstance(parameters, Array) and len(parameters) else parameters
    return last if isinstance(last, Dictionary) else None


def _behind_packed(data: bytes) -> bytes:
    unpacker, size = zlib.decompressobj(), 0
    for at in range(0, len(data), _CHUNK):
        size += len(unpacker.decompress(data[at : at + _CHUNK]))
        if size > MAX_SAMPLES:
            raise Refused("bomb")
        if unpacker.eof:
            return unpacker.unused_data + data[at + _CHUNK :]
    return b""


def _unpacked(stream: Stream) -> bytes:
    if not _PACKERS.issuperset(_filters(stream)):  # for some others pikepdf starts programs
        raise Refused("unsupported")
    data = stream.read_bytes(StreamDecodeLevel.specialized)
    if len(data) > MAX_CONTENT:
        raise Refused("bomb")
    return data
