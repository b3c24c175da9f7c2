"""getUpdates as Telegram keeps its queue."""

import asyncio

import pytest
from conftest import ManualClock
from telegram import Bot
from telegram.error import Conflict

from bot.simulator import Chat, Person, Simulator

DAY = 86_400


async def texts(bot: Bot, **asked: object) -> list[str]:
    updates = await bot.get_updates(timeout=0, **asked)  # type: ignore[arg-type]
    return [update.effective_message.text or "" for update in updates if update.effective_message]


async def test_updates_stay_until_a_higher_offset_is_asked(bot: Bot, sari: Person) -> None:
    """An update is delivered again and again, until an offset beyond it acknowledges it."""
    for text in "abc":
        sari.types(text)
    first, second, _ = await bot.get_updates(timeout=0)

    assert [first.update_id + 1, first.update_id + 2] == [second.update_id, second.update_id + 1]
    assert ["b", "c"] == await texts(bot, offset=first.update_id + 1)
    assert ["b", "c"] == await texts(bot)


async def test_a_limit_and_a_negative_offset(bot: Bot, sari: Person) -> None:
    """`limit` takes from the front; a negative offset forgets all but the last."""
    for text in "abc":
        sari.types(text)

    assert ["a", "b"] == await texts(bot, limit=2)
    assert ["c"] == await texts(bot, offset=-1)
    assert ["c"] == await texts(bot)


async def test_a_long_poll_ends_with_the_first_update(simulator: Simulator, bot: Bot, sari: Person) -> None:
    """A waiting getUpdates answers as soon as somebody writes."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await simulator.settled(lambda: simulator.calls_of("getUpdates"))
    sari.types("halo")
    (update,) = await poll

    assert update.message
    assert "halo" == update.message.text


async def test_two_pollers_are_a_conflict(simulator: Simulator, bot: Bot, sari: Person) -> None:
    """The second long poll ends the first with 409, and gets the update."""
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await simulator.settled(lambda: simulator.calls_of("getUpdates"))
    second = asyncio.create_task(bot.get_updates(timeout=30))

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    sari.types("halo")
    assert 1 == len(await second)


async def test_a_webhook_stops_polling(bot: Bot, sari: Person) -> None:
    """While a webhook is set getUpdates conflicts; without it everything waits where it was, unless dropped."""
    sari.types("halo")
    await bot.set_webhook("https://example.org/hook")

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates(timeout=0)
    assert ("https://example.org/hook", 1) == (
        (info := await bot.get_webhook_info()).url,
        info.pending_update_count,
    )
    await bot.delete_webhook()
    assert ["halo"] == await texts(bot)
    await bot.delete_webhook(drop_pending_updates=True)
    assert [] == await texts(bot)


async def test_allowed_updates_are_remembered(bot: Bot, sari: Person) -> None:
    """The last list that was named holds for later calls, and for what comes in, not for what waits."""
    message = sari.types("a")
    await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    sari.edits(message, "b")
    sari.types("c")

    assert ["a"] == await texts(bot)
    assert ["a"] == await texts(bot, allowed_updates=[])
    sari.types("d")
    assert ["a", "d"] == await texts(bot)


async def test_member_updates_come_only_when_asked(simulator: Simulator, bot: Bot, budi: Person, channel: Chat) -> None:
    """chat_member is off by default; my_chat_member is on."""
    dewi = simulator.person(1003, "Dewi")
    dewi.joins(channel)
    budi.demotes(channel, simulator.bot)
    (update,) = await bot.get_updates(timeout=0, allowed_updates=["chat_member", "my_chat_member"])
    budi.promotes(channel, simulator.bot, can_post_messages=True)
    dewi.leaves(channel)
    kinds = [kind for update in simulator.updates.pending() for kind in update]

    assert update.my_chat_member
    assert ["update_id", "my_chat_member", "update_id", "my_chat_member", "update_id", "chat_member"] == kinds


async def test_updates_are_kept_for_a_day(clock: ManualClock, bot: Bot, sari: Person) -> None:
    """What nobody fetched in 24 hours is gone."""
    sari.types("a")
    clock.advance(DAY + 1)
    sari.types("b")

    assert ["b"] == await texts(bot)


async def test_ids_jump_after_a_quiet_week(simulator: Simulator, bot: Bot, sari: Person) -> None:
    """After a jump ids go on anywhere, and an offset from before neither hides nor forgets what comes."""
    sari.types("a")
    (before,) = await bot.get_updates(timeout=0)
    simulator.updates.jump()
    sari.types("b")
    (after,) = await bot.get_updates(timeout=0, offset=before.update_id + 1)

    assert after.update_id not in range(before.update_id - 100, before.update_id + 100)
    assert after.message
    assert "b" == after.message.text
