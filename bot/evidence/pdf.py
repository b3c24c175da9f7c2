"""PDF: the pages are carried into a new, empty document; nothing else of the old one is.

Rule: what a page shows stays, form fields and drawn annotations become part of it. The catalogue, the
attachments, scripts, links, notes, bookmarks, tags and every earlier revision stay behind; of what a page
leads to goes what drawing does not need (`anatomy`, `pdf_streams`). Layers that are switched off would come to
light: refused.
"""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from bot.evidence.anatomy import Anatomist
from bot.evidence.layers import hides_something
from bot.evidence.model import Code, Refused, Washed
from bot.evidence.names import codes_of, xml_names
from bot.evidence.pdf_streams import Streams

MAX_PAGES = 2_000

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
        found |= _carry_pages(source, target)
        return Washed(_saved(target), "pdf", found)


def _insist_on_plain(source: Pdf) -> None:
    if source.is_encrypted:
        raise Refused("encrypted")
    if not 0 < len(source.pages) <= MAX_PAGES:
        raise Refused("too_big" if len(source.pages) else "broken")
    if hides_something(source):
        raise Refused("unsupported")


def _carry_pages(source: Pdf, target: Pdf) -> set[Code]:
    source.generate_appearance_streams()
    source.flatten_annotations("screen")
    streams = Streams(source)
    anatomist = Anatomist(streams.bare)
    for page in list(source.pages):
        streams.join(page.obj)
        anatomist.bare(page.obj, "page")
        target.pages.append(page)
    return streams.found


def _saved(target: Pdf) -> bytes:
    out = io.BytesIO()
    plain = pikepdf.ObjectStreamMode.disable  # so that the second reader sees every dictionary
    target.save(out, deterministic_id=True, object_stream_mode=plain, min_version="1.7")
    return out.getvalue()


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
