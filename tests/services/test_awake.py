"""A bot that has not heard the platform for most of a day says so, once."""

import pytest
from desk import desk_at

from bot.services.awake import WARN_HOURS, Awake


async def _hours(desk, silences: list[float | None]) -> list[int]:
    """How many words admins are owed after each hour, in which the platform has been silent for so many hours."""
    silent: list[float | None] = []
    awake, owed = Awake(desk.context, desk.owed.extend, lambda: silent[-1]), []
    for hours in silences:
        silent.append(None if hours is None else hours * 3600)
        await awake.note()
        owed.append(len(desk.owed))
        desk.clock.passes(hours=1)
    return owed


async def test_a_platform_that_is_asked_in_vain_for_most_of_a_day_is_told_once(tmp_path):
    """Admins are warned in the hour in which it is too long, not again, and anew when it happens again."""
    last = [0.0, *map(float, range(1, WARN_HOURS + 4))]
    async with desk_at(tmp_path) as desk:
        owed = await _hours(desk, [*last, 0.0, *last])

    assert [0] * (WARN_HOURS + 1) == owed[: WARN_HOURS + 1]
    assert [1, 1, 1] == owed[WARN_HOURS + 1 : WARN_HOURS + 4]
    assert 2 == owed[-1]


@pytest.mark.parametrize(("down", "told"), [(WARN_HOURS - 2, 0), (WARN_HOURS + 5, 1)])
async def test_a_bot_that_was_down_for_most_of_a_day_says_that_updates_may_be_lost(tmp_path, down: int, told: int):
    """The hour of the last answer outlives the process; after a long absence admins are told at the start."""
    async with desk_at(tmp_path) as desk:
        await _hours(desk, [0.0])
        desk.clock.passes(hours=down)
        owed = await _hours(desk, [None, 0.0])

    assert told == owed[-1]
