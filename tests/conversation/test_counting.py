"""What is counted when something happens: once, by one dimension, never finer than a day."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.case import OVER, Standing
from bot.conversation.counting import ALL, FRESH, of_draft, of_standing, span
from bot.conversation.draft import Draft

TODAY = date(2026, 11, 24)
STANDINGS = st.lists(st.sampled_from(Standing), max_size=12)


def _draft(at: str, **more: object) -> Draft:
    return Draft("id", 7, at, **more)


@given(STANDINGS)
def test_each_tip_has_one_first_reply_and_every_closing_counts(way: list[Standing]):
    """However a tip goes on, its first reply is counted once, each closing once, each standing as often as it came."""
    stations = [Standing.RECEIVED, *(one for one in way if one not in FRESH)]
    moves = [pair for pair in pairwise(stations) if pair[0] != pair[1]]
    counted = Counter(
        dimension
        for before, after in pairwise(stations)
        for period, dimension, _ in of_standing(before, after, TODAY - timedelta(2), TODAY)
        if period == ALL
    )

    assert int(bool(moves)) == counted["reply"]
    assert sum(before not in OVER and after in OVER for before, after in moves) == counted["closing"]
    assert len(moves) == counted["status"]


@given(st.integers(0, 4000))
def test_every_number_of_days_lies_in_one_span(days: int):
    """A span's first and last day hold the days that are counted in it."""
    first, _, last = span(days).partition("-")

    assert int(first) <= days <= int(last or 4000)


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        (None, _draft("status"), [("begun", "begun")]),
        (_draft("status"), _draft("accused"), []),
        (_draft("story"), None, [("left", "story")]),
        (_draft("stop", behind="story"), None, [("left", "story")]),
        (None, _draft("lookup"), []),
        (_draft("story"), _draft("reply", about="K7", parked=_draft("story")), []),
        (_draft("reply", about="K7"), None, []),
    ],
)
def test_a_draft_is_counted_when_it_is_begun_and_when_it_is_left(before, after, counted):
    """Moving on, looking aside and writing on a tip count nothing; what is left counts at its question."""
    found = of_draft(before, after, TODAY, sent=False)

    assert counted == [(dimension, value) for period, dimension, value in found if period == ALL]


def test_a_draft_that_is_sent_is_not_left():
    """Sending ends a draft at the review, and nobody has left it there; beginning anew leaves it and begins one."""
    assert [] == of_draft(_draft("review"), None, TODAY, sent=True)
    assert {"left", "begun"} == {
        one[1] for one in of_draft(_draft("review"), _draft("status"), TODAY, sent=False, anew=True)
    }
