"""A real database file and the secrets that open it."""

from datetime import date
from pathlib import Path

import pytest

from storage import keyring
from storage.database import Database
from storage.purposes import Secrets
from storage.vault import Vault

MONDAY = date(2025, 11, 24)
DRAFT_HOURS = 72


@pytest.fixture
def today():
    return MONDAY


@pytest.fixture
def vault(tmp_path: Path):
    return Vault(keyring.create(tmp_path / "keyring.json", MONDAY))


@pytest.fixture
async def database(tmp_path: Path):
    opened = await Database.open(f"sqlite:///{tmp_path}/data/bisik.db")
    yield opened
    await opened.close()


@pytest.fixture
async def secrets(database: Database, vault: Vault):
    return await Secrets.load(database, vault, MONDAY, DRAFT_HOURS)


@pytest.fixture
async def tx(database: Database, secrets: Secrets):  # noqa: ARG001 - the secrets take a transaction of their own before this one
    async with database.transaction() as tx:
        yield tx
