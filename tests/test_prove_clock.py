"""A clock that jumps while people send tips: the judge notices when a tip goes with it."""

import pytest

from bot.services import forgetting
from prove import clock
from prove.page import Broken


async def test_a_bot_that_takes_a_jump_for_time_that_passed_is_found_out(tmp_path, monkeypatch):
    """With no gap too long for a night to purge after it, the chapter does not hold."""
    monkeypatch.setattr(forgetting, "LEAP_DAYS", 10_000)

    with pytest.raises(Broken, match="because the clock jumped"):
        await clock.prove(tmp_path, 1)
