"""What all tests share: a folder with settings, in which commands are called; Ctrl-C for what they start."""

import signal
from pathlib import Path

import pytest
from hypothesis import settings


def pytest_configure() -> None:
    """No test has a deadline: a machine that is busy with something else would fail it."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A shell starts what it puts in the background deaf to SIGINT, and so would be what tests start and then stop."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, whose settings stand in the environment; keyring and database are to lie in it."""
    for name, value in {
        "TELEGRAM_TOKEN": "12:abc",
        "MODERATOR_CHAT_ID": "-1001",
        "ADMIN_IDS": "900",
        "OPERATOR_NAME": "Koalisi",
        "OPERATOR_CONTACT": "halo",
        "ELECTION": "Pilkada",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bisik.db'}",
        "KEYRING": str(tmp_path / "keyring.json"),
    }.items():
        monkeypatch.setenv(f"BISIK_{name}", value)
    monkeypatch.chdir(tmp_path)
    return tmp_path
