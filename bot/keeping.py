"""Keys and backups as an operator keeps them: what stands between the commands and `storage`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.settings import Settings
from storage import rotation
from storage.database import Database, StorageUnavailable, path_of
from storage.rotation import Tell


async def rotate(settings: Settings, tell: Tell) -> None:
    """Wrap everything by a new master key, or go on with it; raises as `rotation.rotate`."""
    async with _database(settings) as database:
        await rotation.rotate(database, settings.keyring, today(settings), tell)


async def destroy_former(settings: Settings) -> None:
    """End the rotation; raises as `rotation.destroy_former`."""
    async with _database(settings) as database:
        await rotation.destroy_former(database, settings.keyring)


def today(settings: Settings) -> date:
    """The day in the operator's zone."""
    return datetime.now(UTC).astimezone(ZoneInfo(settings.timezone)).date()


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """The database, which must be there: a mistyped address makes no new one."""
    path = path_of(settings.database_url)
    if not path.exists():
        raise StorageUnavailable(f"There is no database at {path}: the first `bisik run` makes it.")
    database = await Database.open(settings.database_url)
    try:
        yield database
    finally:
        await database.close()
