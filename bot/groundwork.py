"""What a bot and the commands beside it stand on: the database, its keys and the rules, by the settings."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random, SystemRandom

from bot import regions
from bot.adapters.telegram.pacer import Limits
from bot.conversation.world import Rules
from bot.locales.lexicon import LANGUAGES, lexicon
from bot.services.context import Context
from bot.services.route import Route
from bot.settings import Settings
from storage.database import Database, existing
from storage.purposes import Secrets
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a bot takes from outside its settings, for tests and benchmarks to choose."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Random = field(default_factory=SystemRandom)
    limits: Limits | None = None


def rules(settings: Settings) -> Rules:
    """What the conversation has to know of the settings."""
    first = settings.default_language
    return Rules(
        operator=settings.operator_name,
        contact=settings.operator_contact,
        election=settings.election,
        languages=(first, *(language for language in LANGUAGES if language != first)),
        draft_hours=settings.draft_hours,
        retention_days=settings.retention_days,
        backup_days=settings.backup_keep_days,
        files_most=settings.evidence_max_files,
        file_mb=settings.evidence_max_mb,
        forwards_content=settings.forward == "full",
        archive_after=settings.archive_after if settings.archive_public_key else "",
    )


@asynccontextmanager
async def opened(settings: Settings, surroundings: Surroundings | None = None) -> AsyncIterator[Context]:
    """The database and its keys, with what every service works with."""
    vault = Vault.following(settings.keyring)
    database = await Database.open(settings.database_url)
    try:
        yield await _context(settings, surroundings or Surroundings(), vault, database)
    finally:
        await database.close()


@asynccontextmanager
async def beside(settings: Settings) -> AsyncIterator[Context]:
    """As `opened`, for a command beside the bot: the database must be there."""
    existing(settings.database_url)
    async with opened(settings) as context:
        yield context


async def _context(settings: Settings, around: Surroundings, vault: Vault, database: Database) -> Context:
    today = around.now().date()
    secrets = await Secrets.load(database, vault, today, settings.draft_hours)
    return Context(
        database=database,
        secrets=secrets,
        regions=regions.load(),
        lexicon={language: lexicon(language) for language in LANGUAGES},
        rules=rules(settings),
        timezone=settings.timezone,
        route=await Route.load(database, secrets, settings.moderator_chat_id),
        moderator_language=settings.moderator_language,
        admins=settings.admin_ids,
        release_minutes=settings.release_delay_minutes,
        now=around.now,
        chance=around.chance,
    )
