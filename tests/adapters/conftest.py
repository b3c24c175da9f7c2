"""A simulated Telegram and the adapter before it, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram_stage import WORDS, Adapter, Services, wire

from bot.locales.catalogue import Catalogues
from bot.simulator import Chat, Person, Simulator


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    folder = tmp_path_factory.mktemp("locales")
    (folder / "id").mkdir()
    (folder / "id" / "messages.po").write_text(WORDS, encoding="utf-8")
    return Catalogues.load("id", folder)


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator.start(seed=1) as simulator:
        yield simulator


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def sari(simulator: Simulator) -> Person:
    return simulator.person(1001, "Sari", username="sari_w", language_code="id")


@pytest.fixture
def budi(simulator: Simulator) -> Person:
    return simulator.person(1002, "Budi")


@pytest.fixture
def channel(simulator: Simulator, budi: Person, services: Services) -> Chat:
    """The moderators' channel, with the bot as administrator; that update is already gone."""
    chat = simulator.channel("Moderator", budi)
    budi.adds_bot(chat, can_post_messages=True, can_edit_messages=True, can_delete_messages=True)
    simulator.updates.clear()
    services.moderator_chat = chat.id
    return chat


@pytest.fixture
async def adapter(simulator: Simulator, services: Services, catalogues: Catalogues) -> AsyncIterator[Adapter]:
    """The adapter, connected but not polling."""
    adapter = wire(simulator, services, catalogues)
    await adapter.api.initialize()
    yield adapter
    await adapter.api.shutdown()


@pytest.fixture
async def polling(simulator: Simulator, services: Services, catalogues: Catalogues) -> AsyncIterator[Adapter]:
    """The adapter, polling until the test is over."""
    adapter = wire(simulator, services, catalogues)
    task = asyncio.create_task(adapter.inbound.run())
    yield adapter
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await adapter.inbound.close(1)
