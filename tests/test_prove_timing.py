"""Time and order that show: chance passes, a planted trace of either does not."""

from itertools import count
from random import Random

import pytest

from bot.services import debts, release
from prove import timing
from prove.chance import SURPRISE_MOST, order_kept, order_most, surprise, unevenness, unevenness_most
from prove.page import Broken
from storage import tips

BURSTS = 2
SIZE = 20


def words(*first):
    """Bursts of words of digits, drawn but for the first ones, which are made of burst and tip."""
    drawn = Random(1)  # noqa: S311 - what is drawn here is no secret
    return [
        [
            [*(one(burst, burst * SIZE + n) for one in first), *(drawn.randrange(10) for _ in range(4))]
            for n in range(SIZE)
        ]
        for burst in range(BURSTS)
    ]


@pytest.mark.parametrize(
    "trace",
    [
        pytest.param(lambda _burst, _n: 7, id="a day"),
        pytest.param(lambda burst, _n: 3 + burst, id="a minute"),
        pytest.param(lambda _burst, n: n % 10, id="a count"),
        pytest.param(lambda _burst, n: n * 10 // (BURSTS * SIZE), id="an order"),
    ],
)
def test_a_sign_that_tells_time_or_order_surprises(trace):
    """Drawn signs surprise nobody; one place of them that is made of anything else does."""
    assert surprise(words(), 10) < SURPRISE_MOST
    assert surprise(words(trace), 10) > SURPRISE_MOST


def test_waits_that_are_short_late_or_none_are_uneven():
    """Whole minutes at random pass; a third of the delay, none of it, and all of it do not."""
    drawn = Random(1)  # noqa: S311 - what is drawn here is no secret

    assert unevenness([drawn.randint(0, 60) for _ in range(40)], 60) < unevenness_most(40)
    for span in ((0, 20), (0, 0), (60, 60)):
        assert unevenness([drawn.randint(*span) for _ in range(40)], 60) > unevenness_most(40)


def test_an_order_that_is_kept_or_turned_shows():
    """Only within a burst are tips compared: that a later burst comes later says nothing."""
    drawn = Random(1)  # noqa: S311 - what is drawn here is no secret
    mixed = [drawn.sample(range(100 * n, 100 * n + SIZE), SIZE) for n in range(BURSTS)]

    assert abs(order_kept(mixed)) < order_most(mixed)
    assert pytest.approx([1, -1]) == [order_kept([[1, 5, 9], [20, 30]]), order_kept([[9, 5, 1], [30, 20]])]


async def proves(folder):
    return await timing.prove(folder, SIZE)


async def test_the_channel_and_the_names_of_tips_tell_neither_time_nor_order(tmp_path):
    """Posts come after a random wait in an order of their own; no sign of number, receipt or id tells anything."""
    assert 3 + len(timing.DRAWN) == len(await proves(tmp_path))


async def test_a_delay_that_is_cut_to_a_third_is_found_out(tmp_path, monkeypatch):
    """Posts that wait at random, but never long, are not those of the delay that was set."""
    monkeypatch.setattr(release, "minute", lambda context: context.minute() + context.chance.randint(0, 20))

    with pytest.raises(Broken, match="at random"):
        await proves(tmp_path)


async def test_a_delay_that_is_ignored_is_found_out(tmp_path, monkeypatch):
    """Posts that come at once are a broken claim, and no accident of the proof."""
    monkeypatch.setattr(debts, "wait", lambda *_: 0.0)

    with pytest.raises(Broken, match="at random"):
        await proves(tmp_path)


async def test_receipts_that_count_are_found_out(tmp_path, monkeypatch):
    """A few signs that go on from tip to tip are enough."""
    sent = count()
    monkeypatch.setattr(tips, "new_receipt", lambda chance: f"{next(sent):04}{chance.randrange(10**12):012}")

    with pytest.raises(Broken, match="in receipts"):
        await proves(tmp_path)
