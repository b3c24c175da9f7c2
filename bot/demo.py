"""`bisik demo`: the whole bot against a pretended Telegram, in the browser, with its data in a temporary place."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import settings
from bot.app import App
from bot.settings import Settings
from bot.simulator import Simulator, Stage, demo_stage
from storage import keyring


async def run(show: Callable[[str], None]) -> None:
    """Work until cancelled; `show` gets the page's address once all is ready. Nothing is left behind."""
    with TemporaryDirectory(prefix="bisik-demo-") as folder:
        async with Simulator.start() as simulator:
            stage = demo_stage(simulator)
            chosen = demo_settings(simulator, stage, Path(folder))
            keyring.create(chosen.keyring, datetime.now(UTC).date())
            async with App.open(chosen) as app:
                show(simulator.page_url)
                await app.run()


def demo_settings(simulator: Simulator, stage: Stage, folder: Path) -> Settings:
    """The settings of a bot on the stage; whatever lies in the environment does not matter here."""
    return settings.check(
        {
            "BISIK_TELEGRAM_TOKEN": simulator.token,
            "BISIK_TELEGRAM_API_URL": simulator.api_url,
            "BISIK_MODERATOR_CHAT_ID": str(stage.channel.id),
            "BISIK_ADMIN_IDS": str(stage.admin.user.id),
            "BISIK_OPERATOR_NAME": "Lembaga Pantau Pemilu",
            "BISIK_OPERATOR_CONTACT": "halo@pantau.example",
            "BISIK_ELECTION": "Pilkada",
            "BISIK_DATABASE_URL": f"sqlite:///{folder / 'bisik.db'}",
            "BISIK_KEYRING": str(folder / "keyring.json"),
        }
    )
