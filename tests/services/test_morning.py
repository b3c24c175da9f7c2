"""Every morning moderators read what waits, and admins get the end of the audit trail."""

from itertools import pairwise

from desk import START, Clock, Moderators, desk_at

from bot.conversation.speech import Shut
from bot.services.morning import Morning
from storage import audit

HOUR = 8


async def _morning(desk, moderators: Moderators, hours: int) -> list[int]:
    """How many lines the channel has after each of so many hours."""
    morning, lines = Morning(desk.context, moderators, HOUR, desk.owed.extend), []
    for _ in range(hours):
        await morning.hourly()
        lines.append(len(moderators.alerts))
        desk.clock.passes(hours=1)
    return lines


async def test_the_summary_comes_once_a_day_at_its_hour(tmp_path):
    """The first day nothing is said; from the next on one summary a day, at the hour that is set, over restarts too."""
    clock = Clock(START.replace(hour=3))
    moderators = Moderators()
    async with desk_at(tmp_path, clock) as desk:
        lines = await _morning(desk, moderators, 24)
    async with desk_at(tmp_path, clock) as desk:
        lines += await _morning(desk, moderators, 24)
    said = [hour for hour, (before, after) in enumerate(pairwise(lines), start=1) if before != after]

    assert [22, 46] == said
    assert 6 == lines[-1]


async def test_a_chat_that_is_shut_gets_it_later_and_admins_get_the_head_once(tmp_path):
    """Refused at eight it is said at nine; the head of the trail is owed to the admin when it was said."""
    moderators = Moderators()
    async with desk_at(tmp_path, Clock(START.replace(hour=0))) as desk:
        await _morning(desk, moderators, 24)
        async with desk.context.database.transaction() as tx:
            head = await audit.append(tx, desk.context.secrets, [audit.Line(START.date(), "take", "M-1")])
        moderators.outcomes = [Shut("kicked")]
        lines = await _morning(desk, moderators, 4)
        owed = len(desk.owed)

    assert [0, 0, 3, 3] == lines
    assert 1 == owed
    assert 1 == head.n
