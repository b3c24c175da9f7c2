"""Flood limits and faults, as the library meets them."""

import asyncio
from datetime import timedelta

import pytest
from conftest import ManualClock
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from bot.simulator import Chat, Person, Simulator

SARI = 1001

pytestmark = pytest.mark.usefixtures("sari", "durations")


@pytest.fixture
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's coming type for seconds, without its warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def seconds(refusal: RetryAfter) -> int:
    assert isinstance(refusal.retry_after, timedelta)
    return int(refusal.retry_after.total_seconds())


async def sent_until_refused(bot: Bot, chat_id: int) -> tuple[int, int]:
    """How many messages passed, and the seconds that Telegram then asks to wait."""
    for count in range(100):
        try:
            await bot.send_message(chat_id, "a")
        except RetryAfter as refusal:
            return count, seconds(refusal)
    raise AssertionError("never refused")


async def test_a_private_chat_takes_one_message_a_second(simulator: Simulator, clock: ManualClock, bot: Bot) -> None:
    """After a short burst a private chat takes one message each second."""
    simulator.limits.enabled = True

    assert (5, 1) == await sent_until_refused(bot, SARI)
    clock.advance(2)
    assert (2, 1) == await sent_until_refused(bot, SARI)


async def test_a_channel_takes_twenty_a_minute(
    simulator: Simulator, clock: ManualClock, bot: Bot, channel: Chat
) -> None:
    """A channel takes twenty messages a minute; an edit costs none."""
    simulator.limits.enabled = True
    first = await bot.send_message(channel.id, "pertama")

    assert (19, 3) == await sent_until_refused(bot, channel.id)
    assert await bot.edit_message_text("diubah", channel.id, first.message_id)
    clock.advance(60)
    assert (20, 3) == await sent_until_refused(bot, channel.id)


async def test_all_chats_together_take_thirty_a_second(simulator: Simulator, bot: Bot) -> None:
    """Across chats thirty messages a second pass."""
    simulator.limits.enabled = True
    people = [simulator.person(2000 + number, "Warga") for number in range(31)]
    for person in people:
        person.starts()
    for person in people[:30]:
        await bot.send_message(person.user.id, "a")

    with pytest.raises(RetryAfter):
        await bot.send_message(people[30].user.id, "a")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("server_error", "Internal Server Error"),
        ("bad_gateway", "Bad Gateway"),
        ("refused", "RemoteProtocolError"),
    ],
)
async def test_a_fault_before_leaves_nothing_behind(
    kind: str, words: str, simulator: Simulator, bot: Bot, sari: Person
) -> None:
    """A request that failed before it was carried out has sent nothing; the next one passes."""
    simulator.faults.add(kind, "sendMessage")

    with pytest.raises(NetworkError, match=words):
        await bot.send_message(SARI, "a")
    assert not [message for message in sari.chat.messages if message.from_bot]
    assert await bot.send_message(SARI, "a")
    assert [kind, None] == [call.fault for call in simulator.calls_of("sendMessage")]


@pytest.mark.parametrize("kind", ["lost_response", "half_sent"])
async def test_a_fault_after_hides_what_was_done(kind: str, simulator: Simulator, bot: Bot, sari: Person) -> None:
    """An answer that is lost or cut off does not undo the message."""
    simulator.faults.add(kind, "sendMessage", times=2)

    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(SARI, "a")
    assert await bot.send_message(SARI, "a")
    assert 3 == len([message for message in sari.chat.messages if message.from_bot])


async def test_a_download_may_be_cut_off(simulator: Simulator, bot: Bot, sari: Person) -> None:
    """A file may fail to come at all, or only half of it comes; asked again it comes whole."""
    document = sari.sends_document(b"a" * 100_000, "a.bin")
    file = await bot.get_file(document.api["document"]["file_id"])
    simulator.faults.add("half_sent", "download")
    simulator.faults.add("bad_gateway", "download")

    for _ in range(2):
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    assert b"a" * 100_000 == await file.download_as_bytearray()


async def test_a_flood_names_the_seconds(simulator: Simulator, bot: Bot) -> None:
    """A planned 429 says how long to wait."""
    simulator.faults.add("flood", "sendMessage", seconds=7)

    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(SARI, "a")
    assert 7 == seconds(refusal.value)


async def test_a_fault_may_last_until_it_is_removed(simulator: Simulator, bot: Bot) -> None:
    """Without a number of times a fault strikes any method until it is taken back."""
    fault = simulator.faults.add("server_error", times=None)

    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.get_me()
    simulator.faults.remove(fault)
    assert await bot.get_me()
    assert 3 == fault.happened


async def test_latency_is_concurrent(simulator: Simulator, bot: Bot, sari: Person) -> None:
    """While answers are slow, other requests are carried out."""
    simulator.faults.add("slow", "sendMessage", times=3, seconds=3600)
    slow = [asyncio.create_task(bot.send_message(SARI, "a")) for _ in range(3)]
    await simulator.settled(lambda: len([message for message in sari.chat.messages if message.from_bot]) == 3)

    assert await bot.get_me()
    assert not any(task.done() for task in slow)
    for task in slow:
        task.cancel()


async def test_the_servers_clock_may_be_wrong(simulator: Simulator, clock: ManualClock, bot: Bot) -> None:
    """Messages carry the server's time, however wrong."""
    simulator.faults.clock_skew = -3600
    sent = await bot.send_message(SARI, "a")

    assert clock.now - 3600 == sent.date.timestamp()


def test_an_unknown_fault_is_named(simulator: Simulator) -> None:
    """A misspelt kind of fault is an error at once."""
    with pytest.raises(ValueError, match="no such fault: lost"):
        simulator.faults.add("lost")
