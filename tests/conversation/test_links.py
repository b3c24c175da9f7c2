"""Links are found in words, and lose what tells who shared them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.links import links_in, marks_in, unmarked

MARKED = {
    "https://www.instagram.com/p/Abc/?igsh=MzRl==": "https://www.instagram.com/p/Abc/",
    "https://youtu.be/dQw4?si=aB3&t=42": "https://youtu.be/dQw4?t=42",
    "https://www.youtube.com/watch?v=dQw4&si=aB3#c": "https://www.youtube.com/watch?v=dQw4#c",
    "https://x.com/camat/status/1?s=20&t=abc": "https://x.com/camat/status/1",
    "https://www.tiktok.com/@camat/video/7?_r=1&_t=8abc": "https://www.tiktok.com/@camat/video/7",
    "facebook.com/story.php?story_fbid=1&id=2&mibextid=oFDknk": "facebook.com/story.php?story_fbid=1&id=2",
    "https://contoh.id/berita?utm_source=wa&page=2": "https://contoh.id/berita?page=2",
}


@pytest.mark.parametrize(
    "words", ["budi@gmail.com", "Ia pindah ke kantor.Info dari teman.", "Rp1.000.000", "jam 14.00", "a.b.c"]
)
def test_no_links(words: str):
    """An address of mail, a full stop without a space and a sum are no links."""
    assert () == links_in(words)


@given(st.text() | st.from_regex(r"(a-|a\.|www\.|https://){1,400}"))
def test_any_text_holds_links_or_not(words: str):
    """Looking for links never raises, and what is found stands in the text."""
    assert all(link in words for link in links_in(words))


@pytest.mark.parametrize("link", MARKED)
def test_the_mark_of_who_shared_it_is_taken_off(link: str):
    """Only the mark goes: the video, its second and the page stay, and so does the sentence around it."""
    assert f"Lihat ({MARKED[link]}), ya." == unmarked(f"Lihat ({link}), ya.")
    assert list(marks_in(link))
    assert not list(marks_in(unmarked(link)))


@pytest.mark.parametrize("link", ["https://contoh.id/a?s=20&t=1&si=2", "https://youtu.be/a?t=1", "www.contoh.id/a?&b"])
def test_what_is_no_mark_stays(link: str):
    """The same letters are something else at another host."""
    assert (link, []) == (unmarked(link), list(marks_in(link)))


@pytest.mark.parametrize(
    "link", ["https://vt.tiktok.com/ZSabc/", "https://www.facebook.com/share/v/1/", "drive.google.com/file/d/1"]
)
def test_a_link_that_was_made_for_one_person_is_a_mark(link: str):
    """A short link from a share button, and one to somebody's own store, is told as a whole."""
    assert [link] == list(marks_in(f"Ini {link}"))


@given(st.text() | st.from_regex(r"(https://x\\.com/\\?|[&#?=]|utm_a=|www\\.a){1,40}"))
def test_words_without_marks_have_none(words: str):
    """Taking marks off never raises, and finds none the second time."""
    assert unmarked(unmarked(words)) == unmarked(words)
