"""Plain text and tables in text: one encoding, one line end, no characters that only a program sees.

Rule: what cannot be read as text with certainty is refused, and so are texts that are really something else
(mail with its headers, RTF, contact cards). Invisible characters go: they can number each copy of a letter.
"""

import re

from bot.evidence.model import Refused, Washed

_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SOMETHING_ELSE = re.compile(
    r"\s*(\{\\rtf|%!PS|<\?xml|<svg|BEGIN:V|(Received|Return-Path|Delivered-To|MIME-Version|From|X-[\w-]+):\s)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\0-\x08\x0b\x0e-\x1f\x7f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def clean(name: str, data: bytes) -> Washed:  # noqa: ARG001 - one signature for every room
    text = _decoded(data)
    if not text.strip() or _CONTROL.search(text) or _SOMETHING_ELSE.match(text):
        raise Refused("unsupported")
    plain = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    invisible = len(_INVISIBLE.findall(text))
    return Washed(plain.encode(), "csv" if _is_table(plain) else "txt", {"hidden"} if invisible else set())


def _decoded(data: bytes) -> str:
    named = [encoding for mark, encoding in _MARKED if data.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in named:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("unsupported")


def _is_table(text: str) -> bool:
    """Two lines or more, each with the same number of one and the same separator."""
    lines = [line for line in text.split("\n") if line]
    counts = [{line.count(separator) for line in lines} for separator in ",;\t"]
    return len(lines) > 1 and any(len(each) == 1 and each != {0} for each in counts)
