"""A scene for each test: a simulated Telegram with people in it, a keyring, an empty folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services import jobs
from prove.stage import Scene, scene_in


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene_in(tmp_path) as scene:
        yield scene


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again sooner, so that a test of it ends sooner."""
    monkeypatch.setattr(jobs, "FIRST_RETRY", 0.05)
