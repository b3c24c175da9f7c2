"""What admins read of the tally: what a command is understood as, and what the answer shows and hides."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import regions
from bot.conversation.counting import Dimension
from bot.conversation.figures import CHART, FLOW, TOPICS, Query, Span, chart, hidden, of_code, screen, understood
from bot.conversation.intake import STATUS
from bot.locales.catalogue import PLAIN, Catalogues

REGIONS = regions.load()
CATALOGUES = Catalogues.load()
QUERIES = st.builds(
    Query, st.sampled_from(sorted(TOPICS)), st.sampled_from(Span), st.sampled_from(["", "73", "73.04"])
).map(lambda query: Query("", query.span, query.region) if query.region else query)


def _text(query: Query, counts: dict[str, dict[str, int]], language: str = "id") -> str:
    drawn = CATALOGUES.of(language)
    return "\n\n".join(drawn.draw(line, PLAIN) for line in screen(query, counts, REGIONS).lines)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("", Query()),
        ("sulsel 30", Query("", Span.MONTH, "73")),
        ("kategori", Query("category")),
        ("katgori", Query("category")),
        ("minggu", Query("", Span.WEEK)),
        ("hari ini", Query("", Span.TODAY)),
        ("minggu ini", Query("", Span.WEEK)),
        ("Jeneponto semua", Query("", Span.ALL, "73.04")),
        ("category last 7 days", Query("category", Span.WEEK)),
        ("drafts today", Query("drafts", Span.TODAY)),
        ("terlapor bulan ini", Query("accused", Span.MONTH)),
    ],
)
def test_words_are_understood(words: str, query: Query):
    """Topics, spans and places in both languages, in any order, with a slip forgiven."""
    assert (query, True) == understood(words, REGIONS)


def test_a_word_that_is_not_known_is_said_and_the_rest_counts():
    """What nobody knows gets a kind sentence above the figures of what was understood."""
    query, whole = understood("kategori xqzv", REGIONS)

    assert (Query("category"), False) == (query, whole)
    assert "figures.unknown" == screen(query, {}, REGIONS, whole=whole).lines[0].key


@pytest.mark.parametrize(("words", "whole"), [("kategori sulsel", True), ("status sulsel", False)])
def test_what_is_not_counted_of_a_place_is_not_told_as_if_it_were(words: str, whole: bool):  # noqa: FBT001 - parametrised
    """A place has no figures by status: they are left out, and that something was left out is said."""
    assert (Query("", Span.WEEK, "73"), whole) == understood(words, REGIONS)


@given(st.text(max_size=60))
def test_any_words_give_a_query(words: str):
    """Whatever is typed, there is an answer."""
    query, _ = understood(words, REGIONS)

    assert query.topic in TOPICS


@given(QUERIES)
def test_each_button_leads_where_it_says(query: Query):
    """Every choice of every screen is a query of its own, within what the narrowest platform takes."""
    codes = [choice.code for choice in screen(query, {}, REGIONS).choices]
    led = [of_code(code, REGIONS) for code in codes if not code.startswith(CHART)]

    assert query == of_code(next(code for code in codes if code.startswith(CHART)).removeprefix("chart-"), REGIONS)
    assert None not in led
    assert query not in led
    assert len(led) == len(set(led))


@given(st.text(max_size=24))
def test_forged_buttons_are_nothing_or_a_query(code: str):
    """A code that no button bears is refused or read; it raises nothing."""
    query = of_code(code, REGIONS)

    assert query is None or query.topic in TOPICS


@given(st.dictionaries(st.sampled_from(STATUS), st.integers(0, 9)))
def test_small_counts_neither_show_nor_order(counts: dict[str, int]):
    """Two tallies that differ only in counts from one to four read the same; what is nothing is left out."""
    blurred = {value: 1 if 0 < n < 5 else n for value, n in counts.items()}
    text = _text(Query("accused"), {Dimension.ACCUSED: counts})

    assert _text(Query("accused"), {Dimension.ACCUSED: blurred}) == text
    assert sum(n > 0 for n in counts.values()) == len(re.findall(r"^\u2007*(?:<5|\d+) ", text, re.MULTILINE))


def test_numbers_stand_below_one_another():
    """Each row begins with its number, five signs wide, so that a narrow phone shows a column."""
    counts = {Dimension.CATEGORY: {"MEDSOS": 123, "FOTO": 7, "HADIR": 2}}
    rows = _text(Query("category"), counts).splitlines()[-3:]

    assert [5, 5, 5] == [row.index(" ") for row in rows]
    assert ["123", "7", "<5"] == [row.split(" ")[0].strip("\u2007") for row in rows]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_value_has_its_name(language: str):
    """Whatever the tally holds can be told in each language."""
    counts = {
        Dimension.STATUS: {"received": 9, "withdrawn": 9},
        Dimension.COMPLETENESS: {"neither": 9, "formal-material": 9},
        Dimension.REPLY: {"0-0": 9, "1-1": 9, "2-3": 9, "31-": 9},
        Dimension.BEGUN: {"begun": 9},
        Dimension.LEFT: {"story": 9, "review": 9},
    }

    assert all("9" in _text(Query(topic, Span.ALL), counts, language) for topic in ("status", "pace", "drafts"))


def test_a_region_shows_what_lies_in_it_alone():
    """A province's answer has its own regencies and categories, and names no other place."""
    counts = {
        Dimension.PROVINCE: {"73": 40, "74": 50},
        Dimension.REGENCY: {"73.04": 30, "74.01": 50},
        Dimension.PROVINCE_CATEGORY: {"73/FOTO": 30, "74/FOTO": 50},
    }
    text = _text(Query("", Span.MONTH, "73"), counts)

    assert "Jeneponto" in text
    assert "50" not in text
    assert "<5" == hidden(4)


@given(st.dictionaries(st.sampled_from(STATUS), st.integers(1, 9), min_size=1))
def test_a_chart_hides_what_the_table_hides(counts: dict[str, int]):
    """Bars of counts from one to four are all alike, as are those of any other tally that differs only there."""
    blurred = {value: 1 if n < 5 else n for value, n in counts.items()}
    drawn, same = (chart(Query("accused"), {Dimension.ACCUSED: one}, REGIONS) for one in (counts, blurred))

    assert same == drawn
    assert {4} >= {height for _, height, written in drawn.bars if written == "<5"}


@pytest.mark.parametrize(
    ("span", "first", "last", "bars"),
    [(Span.WEEK, "18 Nov", "24 Nov", 7), (Span.MONTH, "26 Okt", "24 Nov", 30), (Span.ALL, "Des 2025", "Nov 2026", 12)],
)
def test_all_in_short_is_drawn_over_time(span: Span, first: str, last: str, bars: int):
    """Days without a tip have their place in it, and days and months have Indonesian names."""
    periods = Query("", span).flow(date(2026, 11, 24))
    drawn = chart(Query("", span), {FLOW: dict.fromkeys(periods, 0) | {periods[-1]: 9, periods[0]: 2}}, REGIONS)
    names = [CATALOGUES.of("id").draw(name) for name, _, _ in drawn.bars]

    assert (first, last, bars) == (names[0], names[-1], len(names))
    assert [(4, "<5"), *[(0, "")] * (bars - 2), (9, "9")] == [bar[1:] for bar in drawn.bars]
    assert drawn.upright


def test_a_topic_a_region_and_a_single_day_are_drawn_without_time():
    """What has one day, or its own values, is drawn by those."""
    queries = (Query("", Span.TODAY), Query("category"), Query("", Span.MONTH, "73"))

    assert [()] * 3 == [query.flow(date(2026, 11, 24)) for query in queries]


@pytest.mark.parametrize(("span", "told"), [(Span.MONTH, "30 hari (bulan kalender)"), (Span.ALL, "Semua")])
def test_a_chart_of_calendar_months_says_so(span: Span, told: str):
    """What is counted by the month is more than the days that were asked for, in the chart as in the table."""
    drawn = chart(Query("", span, "73"), {Dimension.REGENCY: {"73.04": 9}}, REGIONS)

    assert f"Kabupaten/kota, Sulawesi Selatan, {told}" == CATALOGUES.of("id").draw(drawn.title)


def test_nothing_has_no_chart():
    """Where all counts are nothing there is nothing to draw."""
    assert chart(Query("accused"), {Dimension.ACCUSED: {"PNS": 0}}, REGIONS) is None
