"""A simulator, the real python-telegram-bot over real HTTP, and a few people."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.simulator import Chat, Person, Simulator


class ManualClock:
    """A clock that stands still until it is moved, in Unix seconds."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def simulator(clock: ManualClock) -> AsyncIterator[Simulator]:
    async with Simulator.start(clock=clock, seed=1) as simulator:
        yield simulator


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Bot]:
    async with bot_for(simulator) as bot:
        yield bot


def bot_for(simulator: Simulator, token: str | None = None) -> Bot:
    """The library's own bot; reading answers may take as long as the slowest machine needs."""
    return Bot(
        token or simulator.token,
        base_url=simulator.api_url + "/bot",
        base_file_url=simulator.api_url + "/file/bot",
        request=HTTPXRequest(read_timeout=30, write_timeout=30, connection_pool_size=8),
        get_updates_request=HTTPXRequest(read_timeout=30, connection_pool_size=4),
    )


@pytest.fixture
def sari(simulator: Simulator) -> Person:
    """A person who has started the bot; that update is already gone."""
    sari = simulator.person(1001, "Sari", last_name="Wulan", username="sari_w", language_code="id")
    sari.starts()
    simulator.updates.clear()
    return sari


@pytest.fixture
def budi(simulator: Simulator) -> Person:
    """A person who has never met the bot."""
    return simulator.person(1002, "Budi")


@pytest.fixture
def channel(simulator: Simulator, budi: Person) -> Chat:
    """Budi's private channel, with the bot as administrator who may post, edit and delete."""
    channel = simulator.channel("Moderator", budi)
    budi.adds_bot(channel, can_post_messages=True, can_edit_messages=True, can_delete_messages=True)
    simulator.updates.clear()
    return channel
