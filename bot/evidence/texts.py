"""Plain text and tables in text: one encoding, one line end, no characters that only a program sees.

Rule: what cannot be read as text with certainty is refused, and so are texts that are really something else
(mail with its headers, web pages, RTF, contact cards, data). Invisible characters and fancy blanks go: they can
number each copy of a letter.
"""

import re
from collections.abc import Iterable
from email.parser import HeaderParser

from bot.evidence.model import Refused, Washed
from bot.unseen import without_unseen

_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SOMETHING_ELSE = re.compile(
    r"<[a-z!?/]|\{\\rtf|%!PS|%FDF|BEGIN:V|\[InternetShortcut|\{\s*\"|\[\s*[{\[]", re.IGNORECASE
)
_MAIL_HEADERS = {"from", "received", "return-path", "delivered-to", "mime-version", "message-id", "content-type"}
_HEADERS_WITHIN = 65_536
_CONTROL = re.compile(r"[\0-\x08\x0b\x0e-\x1f\x7f]")
_FANCY_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")


def clean(name: str, data: bytes) -> Washed:  # noqa: ARG001 - one signature for every room
    text = _LINE_END.sub("\n", _decoded(data))
    bare = without_unseen(text)
    if not bare.strip() or _CONTROL.search(bare) or _is_something_else(bare.lstrip()):
        raise Refused("unsupported")
    lines = _FANCY_BLANK.sub(" ", bare).split("\n")
    table = _is_table(lines)
    plain = "\n".join(line.rstrip(" " if table else " \t") for line in lines)  # a tab may end an empty cell
    return Washed(plain.encode(), "csv" if table else "txt", {"hidden"} if bare != text else set())


def _is_something_else(text: str) -> bool:
    """Whether it starts like a file of another sort, or with a mail's headers, whichever of them comes first."""
    headers = {name.lower() for name, _ in HeaderParser().parsestr(text[:_HEADERS_WITHIN]).items()}
    mail = headers & _MAIL_HEADERS or any(name.startswith("x-") for name in headers)
    return bool(mail or _SOMETHING_ELSE.match(text))


def _decoded(data: bytes) -> str:
    named = [encoding for mark, encoding in _MARKED if data.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in named:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("unsupported")


def _is_table(lines: Iterable[str]) -> bool:
    """Two lines or more, each with the same number of one and the same separator."""
    filled = [line for line in lines if line]
    counts = [{line.count(separator) for line in filled} for separator in ",;\t"]
    return len(filled) > 1 and any(len(each) == 1 and each != {0} for each in counts)
