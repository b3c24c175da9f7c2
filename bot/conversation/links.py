"""Links in what people write, and what in a link tells who shared it.

Apps add a mark to each link that is shared, by which they, and in some cases whoever opens it, know the account. A
mark can be taken off, and the link leads to the same. A short link that an app makes for one person is a mark as a
whole. The lists hold marks that are commonly known; what is not listed is left alone.
"""

import re
from collections.abc import Iterator

LINK_PATTERN = re.compile(
    r"(?i:https?://|www\.)\S+"
    r"|(?<![@\w.-])(?:[\w-]+\.)+(?:com|id|net|org|me|co|be|gov|io|info|tv|ly|gl|app|watch)\b(?!@)(?:/\S*)?"
)
BEHIND_A_LINK = ".,;:!?)]}>\"'”»"

_HOST = re.compile(r"(?:https?://)?(?:(?:www|m|open|music|mobile)\.)?([^/?#]+)", re.IGNORECASE)
_MARKS_ANYWHERE = re.compile(r"igsh|igshid|fbclid|gclid|mibextid|rdid|sfnsn|share_\w+|utm_\w+|_r|_t")
_MARKS_AT = {
    "youtube.com": {"si", "pp"},
    "youtu.be": {"si"},
    "spotify.com": {"si", "context"},
    "twitter.com": {"s", "t"},
    "x.com": {"s", "t"},
}
_OF_ONE_PERSON = re.compile(
    r"(?:https?://)?(?:(?:www|m)\.)?"
    r"(?:v[mt]\.tiktok\.com/|tiktok\.com/t/|(?:facebook|instagram)\.com/share/|fb\.watch/|photos\.app\.goo\.gl/"
    r"|(?:drive|docs)\.google\.com/|1drv\.ms/|pin\.it/)\S",
    re.IGNORECASE,
)


def links_in(words: str) -> tuple[str, ...]:
    """Each link once, without the signs of the sentence around it."""
    return tuple(dict.fromkeys(_ended(match[0]) for match in LINK_PATTERN.finditer(words)))


def unmarked(words: str) -> str:
    """The same words, their links without the marks of who shared them."""
    return LINK_PATTERN.sub(_bare_within, words)


def _bare_within(match: re.Match[str]) -> str:
    link = _ended(match[0])
    return _bare(link) + match[0][len(link) :]


def marks_in(words: str) -> Iterator[str]:
    """What in the links tells who shared them: each mark, or a whole link that was made for one person."""
    for link in links_in(words):
        yield from (part for part in _query(link) if _is_mark(link, part))
        if _OF_ONE_PERSON.match(link):
            yield link


def _ended(link: str) -> str:
    return link.rstrip(BEHIND_A_LINK)


def _bare(link: str) -> str:
    kept = [part for part in _query(link) if not _is_mark(link, part)]
    if len(kept) == len(_query(link)):
        return link
    head, sharp, fragment = link.partition("#")
    return head.partition("?")[0] + "?" * bool(kept) + "&".join(kept) + sharp + fragment


def _query(link: str) -> list[str]:
    """The parts of a link's query, as written."""
    query = link.partition("#")[0].partition("?")[2]
    return query.split("&") if query else []


def _is_mark(link: str, part: str) -> bool:
    name = part.partition("=")[0].lower()
    host = _HOST.match(link)
    return bool(_MARKS_ANYWHERE.fullmatch(name) or (host and name in _MARKS_AT.get(host[1].lower(), ())))
