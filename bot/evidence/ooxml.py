"""Word, Excel and PowerPoint (OOXML): the parts that show something are followed, cleaned and packed anew.

Rule: a part crosses only when a relationship of a listed sort leads to it. Tracked changes end as what is
seen with all of them accepted, since both the authors and the deleted words may name the sender; comments
go. A cell whose formula reaches into another file keeps its last value.
"""

import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from bot.evidence.model import Code, Refused, Washed
from bot.evidence.names import codes_of
from bot.evidence.packages import Parts, by_word, drop, filled_in, local, packed, parsed, serialised, unwrap
from bot.evidence.washing import wash_picture

_MAIN = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    "presentationml.slideshow.main+xml": "pptx",
}
_FOLLOWED = by_word(
    {
        "other": "officeDocument styles settings fontTable theme numbering footnotes endnotes header footer image "
        "worksheet sharedStrings chart drawing slide slideLayout slideMaster notesSlide notesMaster tableStyles "
        "presProps viewProps table chartsheet diagramData diagramLayout diagramQuickStyle diagramColors "
        "diagramDrawing"
    }
)
_LEFT = by_word(
    {
        "author": "people person commentAuthors usernames",
        "comments": "comments commentsExtended threadedComment",
        "tracked_changes": "revisionHeaders",
        "thumbnail": "thumbnail",
        "name": "attachedTemplate",
        "device": "printerSettings",
        "links": "hyperlink externalLink",
        "attachments": "oleObject package video audio media",
        "scripts": "control",
        "other": "customXml",
    }
)
_UNKNOWN_CONTENT = {"aFChunk", "subDocument", "dialogsheet", "xlMacrosheet"}
_DROPPED = by_word(
    {
        "tracked_changes": "del moveFrom rPrChange pPrChange sectPrChange tblPrChange tblPrExChange tcPrChange "
        "trPrChange tblGridChange numberingChange cellIns cellDel cellMerge moveFromRangeStart moveFromRangeEnd "
        "moveToRangeStart moveToRangeEnd",
        "comments": "commentRangeStart commentRangeEnd commentReference annotationRef",
        "author": "permStart permEnd fileSharing scenarios customWorkbookViews customSheetViews protectedRanges",
        "software": "fileVersion",
        "name": "absPath alias tag tblCaption tblDescription",
        "links": "externalReferences OLEObject oleObjects dataConsolidate",
        "attachments": "externalData",
        "scripts": "entryMacro exitMacro controls",
        "other": "rsid nsid tmpl helpText statusText customProperties dataBinding placeholder revisionPtr "
        "fileRecoveryPr webPublishing webPublishItems pivotCaches "
        "creationId modifyId themeFamily custDataLst modifyVerifier sectionLst customXmlPr smartTagPr",
    }
)
_EXCEL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_UNWRAPPED = {"ins", "moveTo", "customXml", "smartTag"}
_SETTINGS_KEPT = by_word(
    {
        "other": "zoom defaultTabStop characterSpacingControl compat evenAndOddHeaders mirrorMargins footnotePr "
        "endnotePr themeFontLang clrSchemeMapping decimalSymbol listSeparator mathPr autoHyphenation "
        "displayBackgroundShape bookFoldPrinting gutterAtTop hdrShapeDefaults shapeDefaults"
    }
)
_ATTRIBUTES = by_word(
    {
        "author": "author initials userName editGrp",
        "time": "date dateUtc",
        "name": "descr alt tooltip",
        "other": "paraId textId uid codeName documentId anchorId editId",
    }
)
_NAMING = {
    "urn:schemas-microsoft-com:vml": {"title", "href", "src", "spid"},
    f"{_EXCEL}definedName": {"comment", "description", "help", "statusBar", "customMenu"},
    f"{_EXCEL}hyperlink": {"display"},
}
"""What else names files and people, by an element or by the namespace it is of."""
_SHOWN_BY_EXTENSIONS = {
    "conditionalFormattings", "sparklineGroups", "dataValidations", "id", "useLocalDpi", "decorative", "hiddenFill",
    "hiddenLine", "hiddenEffects", "datalabelsRange", "layout", "showDataLabelsRange", "showLeaderLines",
    "leaderLines", "dlblFieldTable", "spPr", "imgProps", "svgBlip", "compatExt",
}  # fmt: skip
"""What an extension may begin with: the others are for the program that wrote them."""
_MEMBER = re.compile(r"\{[0-9A-F-]{36}\}")
_OUTSIDE = re.compile(r"\[|//|\\")
_FORMULAS = {"formula", "formula1", "formula2", "f"}
_KNOWN_SPACES = ("http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/", "urn:schemas-microsoft-com:",
                 "http://www.w3.org/", "http://purl.oclc.org/ooxml/")  # fmt: skip
_OWN_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SEQ", "REF", "PAGEREF", "TOC", "NOTEREF", "STYLEREF", "="}
_SHOWN_NAMES = {"docPr", "cNvPr"}
_RELATIONSHIPS = "relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PART_NAME = re.compile(r"[A-Za-z0-9_/]+\.xml")


@dataclass
class _Package:
    """The old parts, the new ones that were reached, and what was met on the way."""

    old: Parts
    types: dict[str, str]
    new: dict[str, bytes] = field(default_factory=dict)
    new_types: dict[str, str] = field(default_factory=dict)
    found: set[Code] = field(default_factory=set)


def clean(parts: Parts) -> Washed:
    package = _Package(parts, _declared(parts))
    if any("macro" in kind.lower() for kind in package.types.values()):
        raise Refused("macros")
    _follow(package, "")
    extensions = {_MAIN[kind] for name, kind in _main_types(package) if name in package.new}
    if len(extensions) != 1:
        raise Refused("unsupported")
    ordered = [("[Content_Types].xml", _type_list(package.new_types)), *sorted(package.new.items())]
    return Washed(packed(ordered), extensions.pop(), package.found)


def _declared(parts: Parts) -> dict[str, str]:
    """The declared content type of every part."""
    listed = list(parsed(parts["[Content_Types].xml"]))
    by_name = {item.get("PartName", "")[1:]: item.get("ContentType", "") for item in listed}
    by_extension = {item.get("Extension", "").lower(): item.get("ContentType", "") for item in listed}
    return {name: by_name.get(name) or by_extension.get(name.rpartition(".")[2].lower(), "") for name in parts}


def _main_types(package: _Package) -> list[tuple[str, str]]:
    known = ((name, kind.rpartition("officedocument.")[2]) for name, kind in package.types.items())
    return [(name, kind) for name, kind in known if kind in _MAIN]


def _type_list(types: dict[str, str]) -> bytes:
    root = parsed(f'<Types xmlns="{_TYPES}"/>'.encode())  # as the default namespace, or readers do not open it
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    etree.SubElement(root, f"{{{_TYPES}}}Default", Extension="rels", ContentType=relations)
    for name, kind in sorted(types.items()):
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
    return serialised(root)


def _relations_of(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _follow(package: _Package, name: str) -> set[str]:
    """Carry over what the part `name` relates to ("": the package itself); returns the ids that live on."""
    relations = package.old.get(_relations_of(name))
    if relations is None:
        return set()
    root = parsed(relations)
    for relation in list(root):
        target = _carried(package, name, relation)
        if target is None:
            root.remove(relation)
        else:
            relation.set("Target", f"/{target}")
    if len(root):
        package.new[_relations_of(name)] = serialised(root)
    return {item.get("Id", "") for item in root}


def _carried(package: _Package, name: str, relation: etree._Element) -> str | None:
    """The new name of the part that a relationship leads to, once it is cleaned; None: left behind."""
    sort = relation.get("Type", "").rpartition("/")[2]
    if sort in _UNKNOWN_CONTENT:
        raise Refused("unsupported")
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), relation.get("Target", "")))[1:]
    if sort not in _FOLLOWED or relation.get("TargetMode") == "External":
        package.found |= _left(sort, package.old.get(target, b""))
        return None
    if target not in package.old:
        raise Refused("broken")
    if sort == "image":
        return _picture(package, target)
    if target not in package.new:
        _part(package, target)
    return target


def _left(sort: str, part: bytes) -> set[Code]:
    """What staying behind takes away: of properties, those that are filled in."""
    if sort.endswith("properties") and part:
        return codes_of(filled_in(parsed(part)))
    return {_LEFT[sort]} if sort in _LEFT else set()


def _picture(package: _Package, target: str) -> str | None:
    if target.lower().endswith(".svg"):
        return None  # always stands beside a PNG of the same
    washed, media_type = wash_picture(package.old[target])
    package.found |= washed.found
    new = f"{target.split('/', maxsplit=1)[0]}/media/{sorted(package.old).index(target)}.{washed.extension}"
    package.new[new] = washed.data
    package.new_types[new] = media_type
    return new


def _part(package: _Package, name: str) -> None:
    if not _PART_NAME.fullmatch(name):
        raise Refused("unsupported")
    package.new[name] = b""  # met: parts may lead to one another in circles
    package.new_types[name] = package.types[name]
    alive = _follow(package, name)
    root = parsed(package.old[name])
    if local(root.tag) == "settings":
        _keep_settings(root)
    package.found |= _cleaned(root, alive)
    package.new[name] = serialised(root)


def _keep_settings(root: etree._Element) -> None:
    for element in list(root):
        if local(element.tag) not in _SETTINGS_KEPT:
            root.remove(element)


def _cleaned(root: etree._Element, alive: set[str]) -> set[Code]:
    """Take out of one part's tree what is not shown; returns what was met."""
    found: set[Code] = set()
    _drop_deleted_rows(root)
    for element in list(root.iter("*")):
        tag = local(element.tag)
        found |= _without_names(element)
        if tag in _DROPPED and element is not root:
            found.add(_DROPPED[tag])
            drop(element)
        elif tag in _UNWRAPPED or not _known(element.tag):
            unwrap(element)
        elif tag == "ext" and not _shows(element):
            drop(element)
        else:
            _without_dead_links(element, alive)
            _without_outside(element, tag)
    return found


def _drop_deleted_rows(root: etree._Element) -> None:
    for row in list(root.iter("{*}tr")):
        if row.find("{*}trPr/{*}del") is not None:
            drop(row)


def _known(name: object) -> bool:
    space = etree.QName(str(name)).namespace
    return space is None or space.startswith(_KNOWN_SPACES)


def _shows(extension: etree._Element) -> bool:
    """Of an extension of a list (not of a size, whose name is the same), whether it bears on what is seen."""
    if "uri" not in extension.attrib:
        return True
    first = next(iter(extension), None)
    if first is None or local(first.tag) not in _SHOWN_BY_EXTENSIONS:
        return False
    return local(first.tag) != "id" or bool(_MEMBER.fullmatch(first.text or ""))


def _without_names(element: etree._Element) -> set[Code]:
    found: set[Code] = set()
    tag = etree.QName(element)
    naming = _NAMING.get(tag.namespace or "", set()) | _NAMING.get(str(element.tag), set())
    for name in list(element.attrib):
        plain = local(name)
        if plain.startswith("rsid") or plain in _ATTRIBUTES or plain in naming or not _known(name):
            found.add(_ATTRIBUTES.get(plain, "other"))
            del element.attrib[name]
    if local(element.tag) in _SHOWN_NAMES:
        element.set("name", "")
        element.attrib.pop("title", "")
    return found


def _without_dead_links(element: etree._Element, alive: set[str]) -> None:
    """An id whose relationship stayed behind goes; with it the element, unless it also holds what is shown."""
    dead = [
        name
        for name, value in element.attrib.items()
        if _RELATIONSHIPS in (etree.QName(name).namespace or "") and value not in alive
    ]
    for name in dead:
        del element.attrib[name]
    if dead and local(element.tag) == "hyperlink":
        unwrap(element)
    elif dead and not len(element) and not element.text and local(element.tag) != "pageSetup":
        drop(element)


def _without_outside(element: etree._Element, tag: str) -> None:
    """Fields and formulas that name other files or people keep only what they show."""
    text = (element.text or "").strip()
    if tag == "instrText" and text.split(" ", 1)[0].upper() not in _OWN_FIELDS:
        element.text = ""
    elif tag == "fldSimple" and _field_name(element) not in _OWN_FIELDS:
        unwrap(element)
    elif tag == "definedName" and _OUTSIDE.search(text):
        drop(element)
    elif tag in _FORMULAS and _OUTSIDE.search(text):
        _keep_value(element)


def _keep_value(formula: etree._Element) -> None:
    """A cell and a chart keep the values they had; a rule that depends on another file no longer applies."""
    holder = formula.getparent()
    if holder is None or local(holder.tag) == "c":
        drop(formula)
    elif local(formula.tag) == "f" and local(holder.tag) in {"numRef", "strRef"}:
        formula.text = "0"  # a chart's values must say whence; they stand beside it
    else:
        formula.text = "FALSE"


def _field_name(element: etree._Element) -> str:
    instruction = next((value for name, value in element.attrib.items() if local(name) == "instr"), "")
    return str(instruction).strip().split(" ", 1)[0].upper()
