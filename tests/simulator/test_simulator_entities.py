"""Formatted text: Telegram's HTML, UTF-16 offsets, and what Telegram recognises by itself."""

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import Entity, from_html, recognised, trimmed, utf16
from bot.simulator.errors import Refused

Spans = list[tuple[str, int, int]]

FORMATTED: dict[str, tuple[str, Spans]] = {
    "🏟 🏟<i>🏟 &lt🏟</i>": ("🏟 🏟🏟 <🏟", [("italic", 5, 6)]),
    "🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>": ("🏟 🏟🏟 ><🏟", [("italic", 5, 7), ("bold", 9, 3)]),
    "🏟 🏟&lt;<i>🏟 🏟&lt;</>": ("🏟 🏟<🏟 🏟<", [("italic", 6, 6)]),
    "🏟 🏟&lt;<b></b>": ("🏟 🏟<", []),
    "&lt;&gt;&amp;&quot;&laquo;&#12345;&#x2192;": ('<>&"&laquo;〹→', []),
    "<a href=telegram.org>a</a>": ("a", [("text_link", 0, 1)]),
    "<a> </a>": (" ", []),
    "<span class = 'tg-spoiler'>ab</span>": ("ab", [("spoiler", 0, 2)]),
    '<pre><code class="language-py">a</code></pre>': ("a", [("pre", 0, 1)]),
    "<blockquote expandable>a</blockquote>": ("a", [("expandable_blockquote", 0, 1)]),
    "<tg-emoji emoji-id='5'>👍</tg-emoji>": ("👍", [("custom_emoji", 0, 2)]),
}

RECOGNISED: dict[str, Spans] = {
    "/start abc": [("bot_command", 0, 6)],
    "lihat /status@bisik_bot": [("bot_command", 6, 17)],
    "a/b 1/2": [],
    "https://example.org/a?b=1.": [("url", 0, 25)],
    "🏟 contoh.go.id ya": [("url", 3, 12)],
    "hxxps://example[.]org": [],
    "tulis ke a.b@example.org": [("email", 9, 15)],
    "@sari_w dan #netral #123": [("mention", 0, 7), ("hashtag", 12, 7)],
    "+62 812-0000-0001": [("phone_number", 0, 17)],
    "kemarin.lalu pukul 10.30": [],
}


def spans(entities: list[dict[str, object]]) -> list[tuple[object, object, object]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


@pytest.mark.parametrize("source", FORMATTED)
def test_html_becomes_text_and_entities(source: str) -> None:
    """Tags nest, entities are decoded, offsets count UTF-16."""
    text, entities = from_html(source)

    assert FORMATTED[source] == (text, spans(entities))


def test_attributes_stay_with_their_entity() -> None:
    """Addresses, languages and emoji ids are kept."""
    _, link = from_html('<a href="tg://user?id=1">a</a>')
    _, code = from_html('<pre><code class="language-py">a</code></pre>')

    assert "tg://user?id=1" == link[0]["url"]
    assert "py" == code[0]["language"]


@pytest.mark.parametrize("text", RECOGNISED)
def test_telegram_recognises_by_itself(text: str) -> None:
    """Commands, links, addresses, mentions and tags are found in plain text; what only looks like one is not."""
    assert RECOGNISED[text] == spans(recognised(text, []))


def test_nothing_is_recognised_inside_code() -> None:
    """A link inside code stays plain."""
    assert ["code"] == [entity["type"] for entity in recognised("a.org", [{"type": "code", "offset": 0, "length": 5}])]


@given(st.text())
def test_escaped_text_comes_back(text: str) -> None:
    """Any text that was escaped for HTML is parsed into itself."""
    assert (text, []) == from_html(escape(text, quote=False))


@given(st.text(alphabet="<>/abi &;=\"'é🏟"))
def test_any_source_is_parsed_or_refused(source: str) -> None:
    """Nothing raises but a refusal, and entities lie within the text."""
    text: str = ""
    entities: list[Entity] = []
    with suppress(Refused):
        text, entities = trimmed(*from_html(source))

    assert all(0 <= e["offset"] and e["length"] > 0 and e["offset"] + e["length"] <= utf16(text) for e in entities)
