"""OpenDocument (Writer, Calc, Impress): the content and its styles are cleaned and packed anew.

Rule: only content, styles and pictures cross; who wrote, changed and noted what, the settings with their
printer, the preview and the deleted words of tracked changes do not.
"""

import re

from lxml import etree

from bot.evidence.model import Code, Refused, Washed
from bot.evidence.names import codes_of
from bot.evidence.packages import Parts, by_word, drop, filled_in, local, packed, parsed, serialised, unwrap
from bot.evidence.washing import wash_picture

_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_SHOWN = re.compile(r"(Object \d+/)?(content|styles)\.xml")
_PICTURE = re.compile(r"(Pictures|media)/[^/]+")
_LEFT: tuple[tuple[str, Code], ...] = (
    ("settings.xml", "device"),
    ("Thumbnails/", "thumbnail"),
    ("manifest.rdf", "other"),
    ("layout-cache", "other"),
    ("Configurations2/", "other"),
)
_DROPPED = by_word(
    {
        "comments": "annotation annotation-end",
        "tracked_changes": "tracked-changes change change-start change-end",
        "author": "meta creator creator-initials",
        "time": "date",
        "name": "title desc",
        "scripts": "scripts event-listeners",
        "other": "hidden-text user-field-decls",
        "links": "dde-source dde-links section-source cell-range-source database-source",
    }
)
_ONLY_IN = {  # names that also mean something shown elsewhere
    "meta": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "title": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "desc": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "date": "http://purl.org/dc/elements/1.1/",
    "creator": "http://purl.org/dc/elements/1.1/",
}
_FIELDS = re.compile(
    "a|sender-.*|author-name|author-initials|file-name|template-name|creator|initial-creator|printed-by"
    "|user-defined|editing-.*|creation-.*|modification-.*|print-.*|meta-field|meta|date|time|user-field-.*"
    "|conditional-text|execute-macro|dde-connection"
)
"""Fields that know more than they show; their words stay."""
_NEEDED_NAMES = {"page", "layer", "layer-set", "marker", "gradient", "hatch", "fill-image", "opacity", "stroke-dash"}
"""Drawing elements that others refer to by their names."""
_FORM = "urn:oasis:names:tc:opendocument:xmlns:form:1.0"
_FORM_NAMES = {"name", "href", "datasource", "command", "target-frame"}
_OUTSIDE = re.compile(r"://?|#\$|\\")
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_HREF = "{http://www.w3.org/1999/xlink}href"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_PATH, _MEDIA_TYPE = f"{{{_MANIFEST}}}full-path", f"{{{_MANIFEST}}}media-type"


def clean(parts: Parts) -> Washed:
    kind = parts["mimetype"]
    if kind not in _TYPES:
        raise Refused("unsupported")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused("encrypted")
    found = {code for start, code in _LEFT if any(name.startswith(start) for name in parts)}
    found |= codes_of(filled_in(parsed(parts["meta.xml"]))) if "meta.xml" in parts else set()
    pictures = {name: wash_picture(data)[0] for name, data in sorted(parts.items()) if _PICTURE.fullmatch(name)}
    names = {old: f"Pictures/{at}.{new.extension}" for at, (old, new) in enumerate(pictures.items(), 1)}
    new = {names[old]: picture.data for old, picture in pictures.items()}
    for name in filter(_SHOWN.fullmatch, parts):
        root = parsed(parts[name])
        found |= _cleaned(root, names)
        new[name] = serialised(root)
    found.update(code for picture in pictures.values() for code in picture.found)
    folders = {"/": kind.decode(), **_objects(parts)}
    manifest = _manifest(folders | {name: _media_type(name) for name in sorted(new)})
    listed = [("mimetype", kind), ("META-INF/manifest.xml", manifest), *sorted(new.items())]
    return Washed(packed(listed), _TYPES[kind], found)


def _objects(parts: Parts) -> dict[str, str]:
    """The charts and formulas inside, each a folder, with their types."""
    listed = parsed(parts["META-INF/manifest.xml"])
    types = {str(item.get(_PATH)): str(item.get(_MEDIA_TYPE)) for item in listed}
    return {path: kind for path, kind in types.items() if re.fullmatch(r"Object \d+/", path)}


def _manifest(types: dict[str, str]) -> bytes:
    root = etree.Element(f"{{{_MANIFEST}}}manifest", nsmap={"manifest": _MANIFEST})
    for path, media_type in types.items():
        entry = etree.SubElement(root, f"{{{_MANIFEST}}}file-entry")
        entry.set(_PATH, path)
        entry.set(_MEDIA_TYPE, media_type)
    return serialised(root)


def _media_type(name: str) -> str:
    return {"xml": "text/xml", "jpg": "image/jpeg", "png": "image/png"}.get(name.rpartition(".")[2], "")


def _cleaned(root: etree._Element, pictures: dict[str, str]) -> set[Code]:
    found: set[Code] = set()
    for element in list(root.iter("*")):
        tag, space = local(element.tag), etree.QName(element).namespace
        if tag == "table" and _OUTSIDE.search(_name(element)):
            found.add("links")  # what was seen last of a table in another file
            drop(element)
        elif tag in _DROPPED and _ONLY_IN.get(tag, space) == space:
            found.update({_DROPPED[tag]} if len(element) or element.attrib or element.text else ())
            drop(element)
        elif (space == _TEXT and _FIELDS.fullmatch(tag)) or (space == _DRAW and tag == "a"):
            found.add("links" if tag == "a" else "author")
            unwrap(element)
        else:
            _without_names(element)
            _linked(element, pictures)
    return found


def _name(element: etree._Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if local(name) == "name"), "")


def _without_names(element: etree._Element) -> None:
    tag = local(element.tag)
    for name, value in list(element.attrib.items()):
        space, plain = etree.QName(name).namespace or "", local(name)
        named = space == _DRAW and plain == "name" and tag not in _NEEDED_NAMES
        named |= etree.QName(element).namespace == _FORM and plain in _FORM_NAMES
        if "rsid" in plain or named or (plain == "formula" and _OUTSIDE.search(str(value))):
            del element.attrib[name]


def _linked(element: etree._Element, pictures: dict[str, str]) -> None:
    """What is shown from inside the package keeps its place there; what lies outside is not followed."""
    target = str(element.get(_HREF, "")).removeprefix("./")
    if target in pictures:
        element.set(_HREF, pictures[target])
    elif target and not re.fullmatch(r"#.*|Object \d+", target):
        drop(element)
