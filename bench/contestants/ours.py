"""The whole product as `bisik run` starts it, its database on the disk; without pacing and the bound of floods."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from bench.contestants import Place
from bot import memory, settings
from bot.adapters.telegram.pacer import UNLIMITED
from bot.app import App
from bot.conversation.way import REVIEW
from bot.groundwork import Surroundings
from bot.services import drafts
from bot.settings import Settings
from storage import keyring

UNBOUNDED = 1_000_000


def run(place: Place) -> None:
    keyring.create(_settings(place).keyring, datetime.now(UTC).date())
    with suppress(KeyboardInterrupt):
        asyncio.run(_work(place))


async def _work(place: Place) -> None:
    async with App.open(_settings(place), Surroundings(limits=UNLIMITED)) as app:
        # More begin here in a minute than are taken from strangers, and moderators write as fast as they are answered:
        # that is what a flood is, and none is measured.
        flood = app.intake._flood  # noqa: SLF001 - no setting lifts it
        flood.chat_most, flood.strangers_most = UNBOUNDED, UNBOUNDED**2
        memory.look_seldom()
        await app.run()


async def kept(place: Place, chats: Iterable[int]) -> int:
    """How many of these chats have a whole draft on the disk, read as after a restart."""
    async with App.open(_settings(place)) as app, app.context.database.transaction() as tx:
        held = await drafts.load(tx, app.context, chats)
    return sum(one.draft.at == REVIEW for one in held.values())


def _settings(place: Place) -> Settings:
    return settings.check(
        {
            "BISIK_TELEGRAM_TOKEN": place.token,
            "BISIK_TELEGRAM_API_URL": place.api_url,
            "BISIK_MODERATOR_CHAT_ID": str(place.channel),
            "BISIK_ADMIN_IDS": str(place.admin),
            "BISIK_OPERATOR_NAME": "Lembaga Pantau Pemilu",
            "BISIK_OPERATOR_CONTACT": "halo@pantau.example",
            "BISIK_ELECTION": "Pilkada",
            "BISIK_DATABASE_URL": f"sqlite:///{place.folder / 'bisik.db'}",
            "BISIK_KEYRING": str(place.folder / "keyring.json"),
        }
    )
