"""Telegram's formatted text: its HTML dialect, and what it recognises by itself in plain text.

Offsets and lengths of entities count UTF-16 units, byte offsets in refusals count UTF-8, both as Telegram does.
The refusals' words are those of TDLib's parser.
"""

import re
from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import Refused, bad_request

Entity = dict[str, Any]

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<decimal>[0-9]{1,7})|(?P<name>lt|gt|amp|quot));?")
TAG_NAME = re.compile(r"[^\s>]*")
SPACE = re.compile(r"\s*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
BARE_VALUE = re.compile(r"[A-Za-z0-9.\-]*")

PLACES = "com|org|net|info|id|io|me|co|gov|edu|app|dev|xyz|link|site|online|ly|gl|uk|us|ru|to"
RECOGNISED = re.compile(
    r"(?P<email>(?<![\w.@/])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>(?<![\w@.])(?i:(?:https?|ftp|tg|ton)://[^\s<>\"]+(?<![.,;:!?)])"
    rf"|(?:[\w-]+\.)+(?:{PLACES})\b(?:[:/?#][^\s<>\"]*(?<![.,;:!?)]))?))"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z0-9_]{3,32})(?!\w)"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d_])\w{1,256})"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d\s()-]{7,16}\d(?!\w))"
)
OPAQUE = {"pre", "code", "text_link", "text_mention", "custom_emoji"}
"""Inside these Telegram recognises nothing."""


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end tag."""

    tag: str
    attributes: dict[str, str]
    start: int


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def from_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of Telegram HTML; raises `Refused` with "can't parse entities: ..."."""
    return _Html(source).parse()


def recognised(text: str, known: list[Entity]) -> list[Entity]:
    """The given entities and those that Telegram finds by itself: commands, links, mentions, tags, addresses."""
    if not RECOGNISED.search(text):
        return known
    closed = [(entity["offset"], entity["offset"] + entity["length"]) for entity in known if entity["type"] in OPAQUE]
    found = [entity for entity in map(_entity, RECOGNISED.finditer(text)) if not _touches(entity, closed)]
    return sorted(known + found, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at both ends, as Telegram keeps a text; entities moved along."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    shift = utf16(text[: len(text) - len(text.lstrip())])
    end = utf16(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        stop = min(entity["offset"] - shift + entity["length"], end)
        if start < stop:
            kept.append(entity | {"offset": start, "length": stop - start})
    return stripped, kept


def _entity(match: re.Match[str]) -> Entity:
    kind = str(match.lastgroup)
    return {"type": kind, "offset": utf16(match.string[: match.start()]), "length": utf16(match[kind])}


def _touches(entity: Entity, spans: list[tuple[int, int]]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(start < stop and begin < end for begin, stop in spans)


class _Html:
    """One pass over the source; the open tags are a stack."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            self._step()
        if self.open:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _step(self) -> None:
        if self.source.startswith("</", self.position):
            self._end_tag()
        elif self.source[self.position] == "<":
            self._start_tag()
        else:
            following = self.source.find("<", self.position)
            stop = len(self.source) if following < 0 else following
            self._append(_characters(self.source[self.position : stop]))
            self.position = stop

    def _append(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16(text)

    def _start_tag(self) -> None:
        begin = self.position
        at = self._bytes(begin)
        tag = self._take(TAG_NAME, begin + 1).lower()
        if self.position >= len(self.source):
            raise _cannot(f"Unclosed start tag at byte offset {at}")
        if tag not in STYLES:
            raise _cannot(f'Unsupported start tag "{tag}" at byte offset {at}')
        attributes = self._attributes(tag, at)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.open.append(_Open(tag, attributes, self.length))

    def _attributes(self, tag: str, at: int) -> dict[str, str]:
        """The attributes up to and with the closing `>`."""
        found: dict[str, str] = {}
        while True:
            self._take(SPACE, self.position)
            if self._peek() == ">":
                self.position += 1
                return found
            name = self._take(ATTRIBUTE_NAME, self.position).lower()
            if not name and self._peek() == "=":
                raise _cannot(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
            self._take(SPACE, self.position)
            if self._peek() == "=":
                self.position += 1
                found[name] = self._value(tag, at)
            elif self._peek():
                found[name] = ""
            else:
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {at}')

    def _value(self, tag: str, at: int) -> str:
        self._take(SPACE, self.position)
        quote = self._peek()
        if not quote:
            raise _cannot(f'Unclosed start tag "{tag}" at byte offset {at}')
        if quote not in "\"'":
            return self._bare_value()
        end = self.source.find(quote, self.position + 1)
        if end < 0:
            raise _cannot(f"Unclosed start tag at byte offset {at}")
        value = self.source[self.position + 1 : end]
        self.position = end + 1
        return _characters(value)

    def _bare_value(self) -> str:
        at = self._bytes(self.position)
        value = self._take(BARE_VALUE, self.position)
        if not self._peek().isspace() and self._peek() != ">":
            raise _cannot(f"Unexpected end of name token at byte offset {at}")
        return value.lower()

    def _end_tag(self) -> None:
        at = self._bytes(self.position)
        if not self.open:
            raise _cannot(f"Unexpected end tag at byte offset {at}")
        tag = self._take(TAG_NAME, self.position + 2).lower()
        self._take(SPACE, self.position)
        if self._peek() != ">":
            raise _cannot(f"Unclosed end tag at byte offset {at}")
        self.position += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            expected = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise _cannot(f"Unmatched end tag at byte offset {at}, {expected}")
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        if opened.start == self.length:
            return
        if opened.tag == "code" and self.open and self.open[-1].tag == "pre" and "class" in opened.attributes:
            self.open[-1].attributes.update(opened.attributes)
            return
        entity = {"type": STYLES[opened.tag], "offset": opened.start, "length": self.length - opened.start}
        extra = _extra(opened, self._inside(opened))
        if extra is not None:
            self.entities.append(entity | extra)

    def _inside(self, opened: _Open) -> str:
        encoded = "".join(self.pieces).encode("utf-16-le")
        return encoded[2 * opened.start :].decode("utf-16-le")

    def _take(self, pattern: re.Pattern[str], start: int) -> str:
        match = pattern.match(self.source, start)
        assert match is not None
        self.position = match.end()
        return match[0]

    def _peek(self) -> str:
        return self.source[self.position : self.position + 1]

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())


def _extra(opened: _Open, inside: str) -> Entity | None:
    """What the tag's attributes add to its entity; None where the tag then means nothing."""
    attributes = opened.attributes
    match opened.tag:
        case "a":
            url = attributes.get("href", inside)
            return {"url": _absolute(url)} if "." in url or ":" in url else None
        case "tg-emoji":
            return {"custom_emoji_id": attributes.get("emoji-id", "")}
        case "pre" if attributes.get("class", "").startswith("language-"):
            return {"language": attributes["class"].removeprefix("language-")}
        case "blockquote" if "expandable" in attributes:
            return {"type": "expandable_blockquote"}
    return {}


def _absolute(url: str) -> str:
    with_scheme = url if re.match(r"[a-z]+:", url) else f"http://{url}"
    return with_scheme + "/" * bool(re.fullmatch(r"[a-z]+://[^/?#]+", with_scheme))


def _characters(text: str) -> str:
    return CHARACTER.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        return CHARACTERS[match["name"]]
    code = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    usable = 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000
    return chr(code) if usable else match[0]


def _cannot(words: str) -> Refused:
    return bad_request(f"can't parse entities: {words}")
