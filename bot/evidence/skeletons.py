"""Second readers of office documents and texts: their parts are searched as text.

Rule: they know nothing of the library that wrote the document; a name that only metadata, actions or
attachments use may not occur.
"""

import io
import re
import zipfile
from unicodedata import bidirectional, category

from bot.evidence.segments import check_gif, check_jpeg, check_png, insist

_PICTURES = {"jpg": check_jpeg, "png": check_png, "gif": check_gif}

_OFFICE_PARTS = re.compile(
    r"(\[Content_Types\]\.xml|mimetype|META-INF/manifest\.xml|([\w ]+/)*(_rels/)?[\w.]*\.(xml|rels)"
    r"|(\w+/)?(media|Pictures)/\d+\.(jpg|png|gif))"
)
_OFFICE_NEVER = re.compile(
    rb"""<[^<>]*[\s:](rsid\w*|paragraph-rsid|author|initials|date|userName|descr|uid|paraId|TargetMode|codeName|anchorId|editId|tooltip)=["']"""
    rb"|<(\w+:)?(absPath|revisionPtr|creationId|rsids|attachedTemplate|docVars|delText|annotation|tracked-changes"
    rb"|initial-creator|creator|rsid|nsid|tmpl|scenarios|OLEObject|lastModifiedBy|sender-\w+|author-name)[\s/>]|<!DOCTYPE|<!--"
)
_OFFICE_NEVER_PARTS = re.compile("docProps|customXml|[Cc]omments|people|persons|printerSettings|meta[.]xml|[Vv]ba")


def check_office(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        insist(not archive.comment)
        for entry in archive.infolist():
            insist(_OFFICE_PARTS.fullmatch(entry.filename) and not _OFFICE_NEVER_PARTS.search(entry.filename))
            insist(entry.date_time == (1980, 1, 1, 0, 0, 0) and not entry.extra and not entry.comment)
            _check_part(entry.filename, archive.read(entry))


def _check_part(name: str, data: bytes) -> None:
    picture = _PICTURES.get(name.rpartition(".")[2])
    if picture:
        picture(data)
    else:
        insist(not _OFFICE_NEVER.search(data))


def check_text(data: bytes) -> None:
    text = data.decode("utf-8", "strict")
    insist("\r" not in text and not any(map(_only_for_programs, set(text))))


def _only_for_programs(char: str) -> bool:
    """Whether nothing is drawn for it: Unicode's format characters but joiners, and signs of Arabic script."""
    return category(char) == "Cf" and char not in "\u200c\u200d" and bidirectional(char) not in {"AN", "AL"}
