"""A tip as it is kept, counted and shown to moderators; drafts as plain data; the limits of a screen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporter import CATALOGUES, LANGUAGES, STORY, TUESDAY, Reporter

from bot.conversation.case import Case
from bot.conversation.counting import ALL, of_tip
from bot.conversation.draft import Draft, Item, from_json, to_json
from bot.conversation.events import FileKind
from bot.conversation.places import answer, move, paged
from bot.conversation.post import Exhibit, Post, compose
from bot.conversation.screens import CHOICES_MOST, Choice, Role, Screen, say
from bot.conversation.speech import Accepted, Later, Moved, Shut, Unfit
from bot.conversation.tip import content, opened, reopened


def _told() -> Reporter:
    """A whole tip with a picture sent as a file, a link with words, a NIP and an hour, of an event on 22 November."""
    reporter = Reporter().reaches("region").types("Kota Jayapura", "Aula kantor", "22 November", "kemarin")
    reporter.types("mutasi", "bagi uang").taps("next").types(STORY, "https://contoh.id/a lihat").sends_file(
        kind=FileKind.DOCUMENT, caption="spanduk"
    )
    reporter.is_cleaned(reporter.fetched()).reaches("review").taps("details", "to-nip").types("198609262015051001")
    return reporter.taps("details", "to-hour").types("14.00")


def _case(reporter: Reporter) -> Case:
    return opened(reporter.draft, "K7QX-2M", reporter.world, route=-1001, notice_version=1)


def _post(reporter: Reporter, *, in_full: bool) -> Post:
    reporter.rules = replace(reporter.rules, forwards_content=in_full)
    return compose(reporter.draft, _case(reporter), reporter.world)


def test_post_in_full():
    """Moderators read every answer, the NIP whole, but not how the reporter wants to hear; evidence has numbers."""
    reporter = _told()
    post = _post(reporter, in_full=True)
    text = "\n".join(map(CATALOGUES.of("id").draw, (*post.body, *post.card.lines)))

    for shown in ("K7QX-2M", "Kepala dinas", "Kota Jayapura, Papua", "Aula kantor", "198609262015051001", "14.00 WIT"):
        assert shown in text
    assert "Kabar" not in text
    assert STORY not in text
    assert STORY == post.story
    assert (
        Exhibit(1, "link", url="https://contoh.id/a", note="lihat"),
        Exhibit(
            2,
            "picture",
            stored="aa",
            extension="jpg",
            size=90,
            note="spanduk",
            plain_file=True,
            removed=("gps",),
            original_sha256="o-aa",
            clean_sha256="c-aa",
        ),
    ) == post.exhibits


def test_post_of_the_card_only():
    """Where the channel is not to hold content, it gets the card alone, and how to read the rest."""
    reporter = _told()
    post = _post(reporter, in_full=False)
    text = "\n".join(map(CATALOGUES.of("id").draw, post.card.lines))

    assert ((), "", ()) == (post.body, post.story, post.exhibits)
    assert "bisik show K7QX-2M" in text
    assert "Kepala dinas" not in text


@pytest.mark.parametrize(
    ("days", "words"), [(0, "sisa 6 hari"), (5, "sisa 1 hari"), (6, "hari terakhir"), (7, "sudah lewat")]
)
def test_card_counts_the_days(days: int, words: str):
    """The card says until when a formal report is in time, by the day on which it is drawn."""
    reporter = _told()
    reporter.day += timedelta(days=days)
    card = _post(reporter, in_full=True).card.lines

    assert f"30 November 2026 ({words})" in "\n".join(map(CATALOGUES.of("id").draw, card))


@pytest.mark.parametrize("language", LANGUAGES)
def test_posts_are_drawn(language: str):
    """A post can be drawn in every language."""
    reporter = _told()
    for in_full in (True, False):
        post = _post(reporter, in_full=in_full)

        assert all(CATALOGUES.of(language).draw(line) for line in (*post.body, *post.card.lines))


def test_case_and_counts():
    """What is told at a glance and what is counted: the regency, never the district; each figure on its own."""
    reporter = Reporter().reaches("place").taps("list-districts").taps("73.04.01").reaches("review")
    case = _case(reporter)

    assert ("PNS", "73.04", ("MEDSOS",)) == (case.status, case.region, case.categories)
    assert ("2026-11-23", "2026-11-23", "Pilkada", -1001) == (case.happened, case.known, case.election, case.route)
    assert {
        ("2026-11-24", "province", "73"),
        ("2026-11", "regency", "73.04"),
        ("2026-11-24", "category", "MEDSOS"),
        ("2026-11", "province-category", "73/MEDSOS"),
        ("2026-11-24", "accused", "PNS"),
        ("2026-11-24", "completeness", "formal"),
    } == {entry for entry in of_tip(case, TUESDAY) if entry[0] != ALL}


@pytest.mark.parametrize(
    ("place", "evidence", "material"), [("Aula", True, True), ("", True, False), ("Aula", False, False)]
)
def test_completeness(place: str, evidence: bool, material: bool):  # noqa: FBT001 - parametrised
    """A tip is materially complete with place, day, story and evidence, formally where the accused can be found."""
    reporter = Reporter().reaches("place")
    reporter.types(place) if place else reporter.taps("skip")
    reporter.reaches("evidence")
    if evidence:
        reporter.types("https://contoh.id/a")
    case = _case(reporter.reaches("review"))

    assert (True, material) == (case.formal, case.material)


def test_content_round_trip():
    """A tip is opened as it was sealed."""
    draft = _told().draft

    assert draft == reopened(content(draft))


WORD = st.text(max_size=20)
NAME = st.text(min_size=1, max_size=16)
ITEMS = st.builds(
    Item,
    name=NAME,
    state=st.sampled_from(("pending", "kept")),
    kind=NAME,
    same=WORD,
    note=WORD,
    url=WORD,
    stored=WORD,
    size=st.integers(0),
    plain_file=st.booleans(),
    removed=st.lists(WORD, max_size=2).map(tuple),
)
DRAFTS = st.builds(
    Draft,
    language=st.sampled_from(LANGUAGES),
    turn=st.integers(0, 2**33),
    at=NAME,
    within=WORD,
    page=st.integers(0, 99),
    behind=WORD,
    answers=st.dictionaries(WORD, WORD | st.lists(WORD, max_size=3).map(tuple), max_size=4),
    items=st.lists(ITEMS, max_size=3).map(tuple),
)


@given(DRAFTS)
def test_drafts_round_trip(draft: Draft):
    """Any draft goes to JSON and back without loss."""
    assert draft == from_json(to_json(draft))


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"answers":{},"items":[],"no":1}', b'{"answers":{},"items":[{}]}']
)
def test_what_is_no_draft(data: bytes):
    """Whatever is no draft is refused with one of three errors."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_json(data)


def test_limits_of_a_screen():
    """A screen that the narrowest platform cannot show cannot be made."""
    with pytest.raises(ValueError, match="too many"):
        Screen("q", 1, (), tuple(move(f"m{n}") for n in range(CHOICES_MOST + 1)))
    with pytest.raises(ValueError, match="name"):
        Screen("q" * 17, 1, ())
    with pytest.raises(ValueError, match="code"):
        Choice("ü" * 13, say("x"))


@given(count=st.integers(0, 60), page=st.integers(0, 20), others=st.integers(0, 4))
def test_paging(count: int, page: int, others: int):
    """Any page of any list leaves room for the other choices, and the pages together hold each option once."""
    options = [answer(f"o{n}") for n in range(count)]
    shown = paged(options, page, others)
    pages = {paged(options, n, others)[0].code: paged(options, n, others) for n in range(count)}
    seen = [choice for page in pages.values() for choice in page if choice.role is Role.ANSWER]

    assert len(shown) + others <= CHOICES_MOST
    assert options == seen


def test_days_are_isolated():
    """A day is written by the language, not by the draft."""
    assert "Minggu, 22 November 2026" == CATALOGUES.of("id").draw(say("show.day", day_weekday=date(2026, 11, 22)))


def test_outcomes_are_values():
    """What became of a sending compares by what it says, and has nothing to say of what was sent."""
    outcomes = [Accepted(), Accepted((1,)), Later(), Later(2.0), Moved(-1), Shut("kicked"), Unfit("too_big")]

    assert len(outcomes) == len(set(outcomes))
    assert "Shut(reason='kicked')" == repr(Shut("kicked"))
