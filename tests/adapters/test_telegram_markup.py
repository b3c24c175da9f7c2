"""Claims about text for Telegram: escaped, defanged, cut."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.telegram.markup import bare, defanged, fits, length, quoted, split

PARAGRAPH = "Kepala dinas mengajak staf memilih calon nomor satu. Itu terjadi saat apel pagi!"
HTML = st.lists(
    st.text(max_size=60).map(quoted)
    | st.text(min_size=1, max_size=30).map(lambda text: f"<b>{quoted(text)}</b>")
    | st.text(min_size=1, max_size=30).map(lambda text: f"<i>a<b>{quoted(text)}</b></i>")
    | st.sampled_from(["\n\n", ". ", " ", "😀", "&amp;"]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("https://contoh.go.id/a.html?x=1", "hxxps://contoh[.]go[.]id/a.html?x=1"),
        ("lihat HTTP://1.2.3.4:80", "lihat Hxxp://1[.]2[.]3[.]4:80"),
        ("ftp://a.b", "ftp[:]//a[.]b"),
        ("tg://user?id=1", "tg[:]//user?id=1"),
        ("buka t.me/grup dan wa.me", "buka t[.]me/grup dan wa[.]me"),
        ("www.contoh.com.", "www[.]contoh[.]com."),
        ("di kantor.Dia datang pukul 10.30", "di kantor.Dia datang pukul 10.30"),
        ("budi@contoh.id", "budi@contoh.id"),
    ],
)
def test_links_can_be_read_but_not_tapped(words: str, shown: str):
    """Links and bare domains are broken visibly; sentences without a space are left alone."""
    assert shown.lower() == defanged(words).lower()


@example("/0.CO")
@example("@kanal.com")
@given(st.text() | st.from_regex(r"(https?://|[@#/$])?[a-z]{1,5}(\.[a-z]{1,3})*\.(com|id|me)(/\S*)?"))
def test_nothing_tappable_is_left(words: str):
    """After defanging no scheme is whole, and doing it again changes nothing."""
    once = defanged(words)

    assert not re.search(r"\bhttps?://", once, re.IGNORECASE)
    assert defanged(once) == once


@given(st.text())
def test_quoted_words_are_shown_as_they_were(words: str):
    """Escaping hides nothing: what is shown is what was written, its links broken."""
    assert unescape(quoted(words)) == defanged(words)


def test_a_long_text_is_cut_between_paragraphs():
    """A text is cut where a paragraph ends, and nothing is lost."""
    paragraphs = [PARAGRAPH] * 8

    parts = split("\n\n".join(paragraphs), 400)

    assert paragraphs == [one for part in parts for one in part.split("\n\n")]


def test_a_long_paragraph_is_cut_between_sentences_then_words():
    """Without paragraphs a text is cut after a sentence, without those after a word, without those anywhere."""
    assert all(part.endswith((".", "!")) for part in split(" ".join([PARAGRAPH] * 8), 400))
    assert all(set(part.split()) == {"kata"} for part in split("kata " * 200, 99))
    assert split("x" * 250, 100) == ("x" * 100, "x" * 100, "x" * 50)


@given(HTML, st.integers(20, 120))
def test_every_part_stands_by_itself(html: str, most: int):
    """Each part is short enough, closes what it opens, cuts no escape, and no visible word is lost."""
    parts = split(html, most)

    assert all(length(part) <= most for part in parts)
    for part in parts:
        assert well_formed(part)
    whole = "".join(unescape(bare(html)).split())
    assert whole == "".join("".join(unescape(bare(part)) for part in parts).split())


def well_formed(html: str) -> bool:
    tags: list[str] = []
    for closing, tag in re.findall(r"<(/?)(\w+)>", html):
        if closing and (not tags or tags.pop() != tag):
            return False
        if not closing:
            tags.append(tag)
    return not tags and not re.search(r"&(?!(amp|lt|gt);)", html)


@given(HTML, st.integers(1, 200))
def test_fits_agrees_with_length(html: str, most: int):
    """The quick answer is the right one."""
    assert fits(html, most) == (length(html) <= most)
