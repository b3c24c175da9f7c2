"""PDF: the pages are carried into a new, empty document; nothing else of the old one is.

Rule: what a page shows stays, form fields and drawn annotations become part of it. The catalogue, the
attachments, scripts, links, notes, bookmarks, tags and every earlier revision stay behind, and pictures
inside pages lose their own metadata. Layers that are switched off would come to light: refused.
"""

import io
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from bot.evidence.codestreams import bare_jpeg, bare_jpeg2000, neutral_profile
from bot.evidence.model import Code, Refused, Washed
from bot.evidence.names import codes_of, xml_names

MAX_PAGES = 2_000

_PAGE = {
    "/Type",
    "/Parent",
    "/MediaBox",
    "/CropBox",
    "/BleedBox",
    "/TrimBox",
    "/ArtBox",
    "/Rotate",
    "/UserUnit",
    "/Resources",
    "/Contents",
    "/Group",
}
_STREAM = {"/Length", "/Filter", "/DecodeParms", "/Type", "/Subtype"}
_SHOWN = {
    "/Form": _STREAM | {"/FormType", "/BBox", "/Matrix", "/Resources", "/Group"},
    "/Image": _STREAM
    | {"/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/ImageMask", "/Mask", "/Decode"}
    | {"/Interpolate", "/SMask", "/SMaskInData", "/Matte"},
}
_NEVER = {"/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/OC", "/StructParents", "/StructParent"}
_OUTSIDE = {"/F", "/FFilter", "/FDecodeParms"}  # of a stream: its bytes lie in another file

_FILTERS = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"} | {
    "/CCITTFaxDecode",
    "/JBIG2Decode",
    "/DCTDecode",
    "/JPXDecode",
}
_PICTURES = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ", b"\x89PNG")

_TELLING: dict[str, Code] = {
    "/EF": "attachments",
    "/JS": "scripts",
    "/URI": "links",
    "/Launch": "links",
    "/GoToR": "links",
    "/Thumb": "thumbnail",
    "/PieceInfo": "software",
    "/PTEX.FileName": "name",
    "/LastModified": "time",
    "/XFA": "other",
}
_NOTE: dict[str, Code] = {"/T": "author", "/Contents": "comments", "/M": "time", "/CreationDate": "time"}


def clean(name: str, data: bytes) -> Washed:  # noqa: ARG001 - one signature for every room
    try:
        source = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    with source, Pdf.new() as target:
        _insist_on_plain(source)
        found = _found(source)
        _carry_pages(source, target)
        for item in target.objects:
            found |= _strip(item)
        return Washed(_saved(target), "pdf", found)


def _insist_on_plain(source: Pdf) -> None:
    if source.is_encrypted:
        raise Refused("encrypted")
    if not 0 < len(source.pages) <= MAX_PAGES:
        raise Refused("too_big" if len(source.pages) else "broken")
    layers = source.Root.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    if len(layers.get("/OFF", Array())) or layers.get("/BaseState", Name.ON) != Name.ON:
        raise Refused("unsupported")


def _carry_pages(source: Pdf, target: Pdf) -> None:
    source.generate_appearance_streams()
    source.flatten_annotations("screen")
    for page in source.pages:
        target.pages.append(page)
    for page in target.pages:
        _keep(page.obj, _PAGE)


def _keep(holder: Object, names: set[str]) -> None:
    for name in set(holder.keys()) - names:
        del holder[name]


def _saved(target: Pdf) -> bytes:
    out = io.BytesIO()
    plain = pikepdf.ObjectStreamMode.disable  # so that the second reader sees every dictionary
    target.save(out, deterministic_id=True, object_stream_mode=plain, min_version="1.7")
    return out.getvalue()


def _strip(item: object) -> set[Code]:
    """Take from one indirect object, and what it holds directly, all that is not shown."""
    found: set[Code] = set()
    for holder in _holders(item):
        kept = _SHOWN.get(str(holder.get("/Subtype"))) if isinstance(holder, Stream) else None
        if kept:
            _keep(holder, kept)
        for name in _NEVER | (_OUTSIDE if isinstance(holder, Stream) else set()):
            if name in holder:
                del holder[name]
        properties = holder.get("/Properties")
        if isinstance(properties, Dictionary):  # marks in the page's content name these: emptied, not removed
            for name in properties.keys():  # noqa: SIM118 - not a Python mapping
                properties[name] = Dictionary()
    if isinstance(item, Stream):
        found |= _strip_bytes(item)
    return found


def _holders(item: object) -> Iterator[Object]:
    """The dictionaries and streams in an object, without following references."""
    if isinstance(item, Dictionary | Stream):
        yield item
        children = [child for _, child in item.items()]
    else:
        children = list(item) if isinstance(item, Array) else []
    for child in children:
        if isinstance(child, Dictionary | Array) and not child.is_indirect:
            yield from _holders(child)


def _strip_bytes(stream: Stream) -> set[Code]:
    """Pictures and colour profiles carry metadata inside their own bytes."""
    named = stream.get("/Filter", Array())
    filters = [str(name) for name in (named if isinstance(named, Array) else [named])]
    if not _FILTERS.issuperset(filters):
        raise Refused("unsupported")
    bare = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpeg2000}.get(filters[-1] if filters else "")
    if bare:
        return _strip_picture(stream, filters, bare(_undone(stream, filters[:-1])))
    if stream.read_raw_bytes()[:12].startswith(_PICTURES):
        raise Refused("broken")  # a picture that its own document does not take for one
    if "/N" in stream and "/Type" not in stream:  # only a colour profile has the one without the other
        stream.write(neutral_profile(stream.read_bytes()))
    return set()


def _strip_picture(stream: Stream, filters: list[str], bare: tuple[bytes, set[str]]) -> set[Code]:
    data, names = bare
    if names or len(filters) > 1:
        parameters = stream.get("/DecodeParms")
        last = parameters[-1] if isinstance(parameters, Array) else parameters
        stream.write(data, filter=Name(filters[-1]), decode_parms=last if isinstance(last, Dictionary) else None)
    return codes_of(names)


def _undone(stream: Stream, filters: list[str]) -> bytes:
    """The picture's own bytes, when they were packed once more."""
    data = stream.read_raw_bytes()
    if not filters:
        return data
    if filters != ["/FlateDecode"]:
        raise Refused("unsupported")
    return zlib.decompress(data)


def _found(source: Pdf) -> set[Code]:
    found = codes_of(source.docinfo.keys()) if "/Info" in source.trailer else set()
    for item in source.objects:
        for holder in _holders(item):
            found |= _told_by(holder)
    return found | ({"tracked_changes"} if "/Prev" in source.trailer else set())


def _told_by(holder: Object) -> set[Code]:
    found = {code for name, code in _TELLING.items() if name in holder}
    if "/Rect" in holder:
        found |= {code for name, code in _NOTE.items() if name in holder}
    if isinstance(holder, Stream) and holder.get("/Type") == Name.Metadata:
        found |= codes_of(xml_names(holder.read_bytes()))
    return found
