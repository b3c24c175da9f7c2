"""Which sort of thing a metadata name speaks of, whatever the format that holds it.

Rule: one table for EXIF tags, XMP properties, PDF and office keys, PNG keywords and media tags alike;
the first line that matches decides, and what nobody has named is "other".
"""

import re
from collections.abc import Iterable

from bot.evidence.model import Code

_SORTS: tuple[tuple[Code, str], ...] = (
    ("gps", r"gps|location|iso-?6709|xyz$|(?<!speed)latitude|longitude|geo|\bcity|country|province|sceneloc"),
    ("thumbnail", r"thumb|preview|cover|attached_pic|jpegif"),
    ("author", r"author|artist|owner|copyright|rights|credit|publisher|manager|company|by-?line|modified-?by"),
    ("author", r"performer|composer|person|contact|printed-?by|identifier|editor|initial-creator"),
    ("software", r"software|creator-?tool|producer|encod|appl?ication|appversion|generator"),
    ("device", r"\bmake\b|model|serial|lens|camera|device|maker|host-?computer|firmware|android|uniqueid"),
    ("time", r"date|(?<!exposure)times?\b|(date|sub|offset)\w*time|time(zone|stamp)|totaltime|creat(ed|ion)"),
    ("time", r"modif|\byear|cycles|revision"),
    ("attachments", r"^end$|^tail$|attach"),
    ("tracked_changes", r"tracked|history|derivedfrom"),
    ("author", r"creator"),
    ("name", r"file-?name|documentname|title|\bname|template"),
    ("comments", r"comment|descript|caption|subject$|keyword|label|note|synopsis|lyrics"),
)


def code_of(name: str) -> Code:
    return next((code for code, words in _SORTS if re.search(words, name, re.IGNORECASE)), "other")


def codes_of(names: Iterable[str]) -> set[Code]:
    return {code_of(name) for name in names}


def xml_names(packet: bytes) -> set[str]:
    """The local names of elements and attributes in an XMP packet, without parsing it."""
    found = re.findall(rb"[\w-]{1,40}:([\w-]{1,60})\s{0,8}[=>]", packet)
    return {name.decode("ascii", "replace") for name in found} - _SYNTAX


_SYNTAX = {"RDF", "Description", "about", "xmpmeta", "Bag", "Seq", "Alt", "li", "rdf", "x", "xmptk", "lang"}
