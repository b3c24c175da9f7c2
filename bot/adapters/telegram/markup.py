"""Text for Telegram: escaped, defanged, and cut only where it may be cut.

Telegram counts a message's length without tags, an escape as the one character that it stands for; UTF-16 units are
counted here, of which there are never fewer than characters.
"""

import re
from html import escape, unescape
from typing import Final

MESSAGE: Final = 4096
CAPTION: Final = 1024

_TAG = re.compile(r"<(/?)([\w-]+)>")
_TOKEN = re.compile(r"(</?[\w-]+>)|&\w+;|.", re.DOTALL)
# Where a text may be cut, the best first: at a paragraph's end, a line's, a sentence's, a word's.
_BREAKS: Final = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])\s+"),
    re.compile(r"\s+"),
)

# The top-level domains that somebody is likely to write without a scheme, and that end no Indonesian sentence.
_TOP: Final = "com|net|org|id|co|io|me|ly|gl|gg|be|tv|app|dev|info|biz|xyz|site|online|link|page|live|news|edu"
# A name behind "www." or before a path is one whatever its ending.
_LINK = re.compile(
    rf"\b(?P<scheme>https?|ftp|tg|ton)://(?P<host>[^\s/?#]*)"
    rf"|(?<![\w@./\[-])(?P<domain>www(?:\.[\w-]+)+|(?:[\w-]+\.)+(?:(?:{_TOP})(?![\w-])|[^\W\d_]{{2,}}(?=[/:?#]\w)))",
    re.IGNORECASE,
)
# What a client makes of a sign before a word: a mention, a tag, a command, a cashtag.
_SIGN = re.compile(r"(?<![\w/<])([@#/$])(?=\w)")
_WORD_JOINER: Final = "\u2060"


def quoted(words: str) -> str:
    """Somebody's own words as HTML that shows them and links nowhere."""
    return escape(defanged(words), quote=False)


def defanged(words: str) -> str:
    """Break links so that no client makes them tappable: `https://x.id/a` becomes `hxxps://x[.]id/a`.

    A mention, a tag or a command is kept apart from its sign by a joiner that nobody sees. Signs come first: behind a
    joiner a name begins anew, and may be a link that it was not behind its sign.
    """
    return _LINK.sub(_broken, _SIGN.sub(rf"\1{_WORD_JOINER}", words))


def _broken(link: re.Match[str]) -> str:
    if domain := link["domain"]:
        return domain.replace(".", "[.]")
    scheme = re.sub("tt", "xx", link["scheme"], flags=re.IGNORECASE)
    return f"{scheme}{'://' if scheme != link['scheme'] else '[:]//'}{link['host'].replace('.', '[.]')}"


def bare(html: str) -> str:
    """The same text without marks."""
    return _TAG.sub("", html)


def length(html: str) -> int:
    """What Telegram counts, or a little more."""
    return len(unescape(bare(html)).encode("utf-16-le", "surrogatepass")) // 2


def fits(html: str, most: int = MESSAGE) -> bool:
    return 2 * len(html) <= most or length(html) <= most


def split(html: str, most: int = MESSAGE) -> tuple[str, ...]:
    """Cut a text into parts of at most `most`, each valid by itself: tags are closed and opened again at a cut."""
    parts: list[str] = []
    while not fits(html, most):
        end, resume = _cut(html[: _reach(html, most)])
        tags = _open(html[:end])
        parts.append(html[:end] + "".join(f"</{tag}>" for tag in reversed(tags)))
        html = "".join(f"<{tag}>" for tag in tags) + html[resume:]
    return (*parts, html)


def _reach(html: str, most: int) -> int:
    """How far a text may go: never into a tag or an escape."""
    units = 0
    for token in _TOKEN.finditer(html):
        units += 0 if token[1] else length(token[0])
        if units > most:
            return token.start()
    return len(html)


def _cut(window: str) -> tuple[int, int]:
    """Where a part ends and the next begins: at the best kind of break in its latter half."""
    for kind in _BREAKS:
        for place in reversed(list(kind.finditer(window, len(window) // 2))):
            return place.span()
    return len(window), len(window)


def _open(html: str) -> list[str]:
    tags: list[str] = []
    for closing, tag in _TAG.findall(html):
        if closing:
            tags.pop()
        else:
            tags.append(tag)
    return tags
