"""Office files are ZIP packages of XML: opened within bounds, cleaned part by part, packed anew.

Rule: sizes are believed only as limits and entries only once each; XML is read without entities, document
types or a network; the new package has no dates, no comments and one fixed order.
"""

import io
import zipfile
from collections.abc import Iterable
from importlib import import_module
from typing import cast

from lxml import etree

from bot.evidence.model import Code, Refused, Washed

MAX_ENTRIES = 5_000
MAX_UNPACKED = 256 * 1024 * 1024
_MAX_RATIO = 200  # honest XML packs to a twentieth
_ALWAYS_FINE = 1024 * 1024
_ENCRYPTED = 0x1
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MACROS = ("vbaproject.bin", "basic/", "scripts/")

Parts = dict[str, bytes]


def clean(name: str, data: bytes) -> Washed:
    if name == "ole":  # an old office file, or a new one inside a locked envelope
        raise Refused("encrypted" if _LOCKED_OFFICE in data else "unsupported")
    parts = unpacked(data)
    if any(part.lower().endswith(_MACROS[:1]) or part.lower().startswith(_MACROS[1:]) for part in parts):
        raise Refused("macros")
    room = "ooxml" if "[Content_Types].xml" in parts else "odf" if "mimetype" in parts else None
    if room is None:
        raise Refused("unsupported")
    return cast("Washed", import_module(f"bot.evidence.{room}").clean(parts))


def unpacked(data: bytes) -> Parts:
    """Every entry by name; raises `Refused` for bombs, doubles, locks and broken archives."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refused("bomb")
        if any(entry.file_size > _ALWAYS_FINE + _MAX_RATIO * entry.compress_size for entry in entries):
            raise Refused("bomb")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Refused("encrypted")
        if len({entry.filename for entry in entries}) < len(entries):
            raise Refused("broken")
        return {entry.filename: archive.read(entry) for entry in entries}


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name)  # dated 1980, the format's own zero
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return out.getvalue()


def parsed(xml: bytes) -> etree._Element:
    """The root of a part; in every encoding that XML allows, a document type is refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("bomb")
    return root


def serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def by_word(table: dict[Code, str]) -> dict[str, Code]:
    """The code of each word in a table of codes and words."""
    return {word: code for code, words in table.items() for word in words.split()}


def local(name: object) -> str:
    """A tag or attribute name without its namespace."""
    return str(name).rpartition("}")[2]


def filled_in(root: etree._Element) -> set[str]:
    """The names of the elements that hold a text."""
    return {local(element.tag) for element in root.iter("*") if (element.text or "").strip()}


def drop(element: etree._Element) -> None:
    """Take an element out with all it holds, and keep the text that follows it."""
    _keep_text(element, element.tail)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Take an element out and leave what it holds in its place."""
    parent = element.getparent()
    if parent is None:
        return
    _keep_text(element, element.text)
    for child in list(element):
        element.addprevious(child)
    drop(element)


def _keep_text(element: etree._Element, text: str | None) -> None:
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + (text or "")
    elif parent is not None:
        parent.text = (parent.text or "") + (text or "")
