"""A scene for each test: a simulated Telegram with people in it, a keyring, an empty folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from e2e_stage import Scene, scene_in


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene_in(tmp_path) as scene:
        yield scene
