"""Second readers of documents: what is left of a file when its streams are taken out is searched as text.

Rule: they know nothing of the library that wrote the document; a name that only metadata, actions or
attachments use may not occur.
"""

import re
from collections.abc import Iterator

from bot.evidence.segments import insist

_PDF_NEVER = re.compile(
    rb"/(Metadata|Info|Author|Creator|Producer|Title|CreationDate|ModDate|PieceInfo|LastModified|Thumb|AF|EF"
    rb"|EmbeddedFiles?|Filespec|Names|JavaScript|JS|Launch|URI|SubmitForm|AcroForm|XFA|OpenAction|AA|Annots?"
    rb"|OCProperties|StructTreeRoot|Outlines|Encrypt|Prev)(?=[\s/<(\[])|/M \(D:"
)
_PACKETS = re.compile(rb"xpacket|<x:xmpmeta|Exif\0\0|Photoshop 3\.0\0")
_PDF_STREAM = re.compile(rb"/Length (\d+)[^\n]*>>\nstream\n|/Length (\d+)[^\n]*>>\r?\nstream\r\n")


def check_pdf(data: bytes) -> None:
    skeleton = b"".join(_outside_streams(data))
    insist(not _PDF_NEVER.search(skeleton))
    insist(not _PACKETS.search(data))
    insist(skeleton.count(b"%%EOF") == 1 and data.rstrip().endswith(b"%%EOF"))


def _outside_streams(data: bytes) -> Iterator[bytes]:
    at = 0
    while found := _PDF_STREAM.search(data, at):
        yield data[at : found.end()]
        at = found.end() + int(found[1] or found[2])
    yield data[at:]
