"""Claims about how lines become words."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.screens import say
from bot.locales.catalogue import HTML, PLAIN, Catalogue, Catalogues, MissingTextError

INDONESIAN = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: id\n"
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "hello"
msgstr "**Halo** & selamat _datang_, tekan /batal_sekarang"

msgid "name"
msgstr "Nama: **{name}**"

msgid "hidden"
msgstr "**Kode: ||{code}||**, lihat || dan `||x||`"

msgid "code"
msgstr "Kode `{code}`"

msgid "known"
msgstr "Diketahui {day} / {day_weekday}"

msgid "files"
msgid_plural "files"
msgstr[0] "{count} berkas"

msgid "nested"
msgstr "Bagian: {parts}"

msgid "only.here"
msgstr "Hanya di sini"
"""

ENGLISH = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: en_GB\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "files"
msgid_plural "files"
msgstr[0] "{count} file"
msgstr[1] "{count} files"

msgid "known"
msgstr "Known {day}"
"""


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    folder = tmp_path_factory.mktemp("locales")
    for language, text in (("id", INDONESIAN), ("en", ENGLISH)):
        (folder / language).mkdir()
        (folder / language / "messages.po").write_text(text, encoding="utf-8")
    return Catalogues.load("id", folder)


@pytest.fixture(scope="module")
def indonesian(catalogues: Catalogues) -> Catalogue:
    return catalogues.default


def test_marks_become_tags_in_html_and_vanish_in_plain(indonesian: Catalogue):
    """Marks in a catalogue's text become tags or nothing, and a lone underscore stays one."""
    line = say("hello")

    assert indonesian.draw(line, HTML) == "<b>Halo</b> &amp; selamat <i>datang</i>, tekan /batal_sekarang"
    assert indonesian.draw(line, PLAIN) == "Halo & selamat datang, tekan /batal_sekarang"


@given(st.text())
def test_values_are_escaped_and_never_marked_up(indonesian: Catalogue, words: str):
    """What a person wrote never becomes a tag or a mark, and plain text keeps it as it is."""
    drawn = indonesian.draw(say("name", name=words), HTML)

    assert f"Nama: {words}" == indonesian.draw(say("name", name=words), PLAIN)
    assert re.findall(r"<[^>]*>", drawn) == ["<b>", "</b>"]


def test_a_value_may_stand_in_code(indonesian: Catalogue):
    """A placeholder may stand inside any mark."""
    assert indonesian.draw(say("code", code="1<2"), HTML) == "Kode <code>1&lt;2</code>"


def test_what_is_hidden_is_never_code_too(indonesian: Catalogue):
    """Hidden words are a spoiler in HTML and plain elsewhere; code holds none, for Telegram refuses both at once."""
    drawn = indonesian.draw(say("hidden", code="1<2"), HTML)

    assert "<b>Kode: <tg-spoiler>1&lt;2</tg-spoiler></b>, lihat || dan `<tg-spoiler>x</tg-spoiler>`" == drawn
    assert "Kode: 1<2, lihat || dan `x`" == indonesian.draw(say("hidden", code="1<2"), PLAIN)


def test_dates_are_written_out_by_the_language(catalogues: Catalogues):
    """A date reads as the language writes it, with its weekday where the name asks for it."""
    day = date(2026, 11, 12)
    line = say("known", day=day, day_weekday=day)

    assert catalogues.of("id").draw(line) == "Diketahui 12 November 2026 / Kamis, 12 November 2026"
    assert catalogues.of("en").draw(line) == "Known 12 November 2026"


def test_the_first_days_of_a_month_have_one_digit(indonesian: Catalogue):
    """With its weekday or without, a day is written in one way."""
    day = date(2026, 12, 5)

    assert "Diketahui 5 Desember 2026 / Sabtu, 5 Desember 2026" == indonesian.draw(
        say("known", day=day, day_weekday=day)
    )


@pytest.mark.parametrize(("count", "words"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_count_picks_the_plural(catalogues: Catalogues, count: int, words: str):
    """The value named count picks the language's own plural form."""
    assert words == catalogues.of("en").draw(say("files", count=count))
    assert f"{count} berkas" == catalogues.of("id").draw(say("files", count=count))


def test_lines_nest_and_tuples_are_joined(indonesian: Catalogue):
    """A nested line is drawn first, a tuple of lines is joined by commas."""
    parts = (say("files", count=2), say("name", name="A*B"))

    assert indonesian.draw(say("nested", parts=parts), HTML) == "Bagian: 2 berkas, Nama: <b>A*B</b>"


def test_what_a_language_lacks_comes_from_the_default(catalogues: Catalogues):
    """A missing key falls back to the default language; an unknown language speaks the default."""
    assert catalogues.of("en").draw(say("only.here")) == "Hanya di sini"
    assert catalogues.of("xx") is catalogues.default


def test_what_nobody_has_is_our_fault(indonesian: Catalogue):
    """A key or value that nobody gives is an error that names the key and no value."""
    with pytest.raises(MissingTextError, match=r"no\.such"):
        indonesian.draw(say("no.such"))
    with pytest.raises(MissingTextError, match="name"):
        indonesian.draw(say("name", other="secret"))
