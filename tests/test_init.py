"""`bisik init` as a person and as a script meet it: real files, a real process."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import settings
from bot.cli import cli
from storage import keyring

ROOT = Path(__file__).parent.parent
ANSWERS = {
    "BISIK_TELEGRAM_TOKEN": "4071:CanaryTokenAbcdef",
    "BISIK_MODERATOR_CHAT_ID": "-1001234567890",
    "BISIK_ADMIN_IDS": "731980055",
    "BISIK_OPERATOR_NAME": 'Redaksi "Contoh" & $ATAP',
    "BISIK_OPERATOR_CONTACT": "redaksi@contoh.example # siang",
    "BISIK_ELECTION": "Pilkada Jeneponto 2031",
}
Bisik = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bisik(tmp_path: Path) -> Bisik:
    """Runs the command in a folder of its own, with nothing in the environment but what is given."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env={"PYTHONPATH": str(ROOT), **environment},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_script_makes_both_files_from_the_environment(bisik: Bisik, tmp_path: Path):
    """With every answer in the environment nothing is asked; keyring and settings are ready, and nobody else's."""
    run = bisik("init", "--yes", **ANSWERS)

    assert 0 == run.returncode, run.stderr
    assert {".env", "keyring.json"} == {path.name for path in tmp_path.iterdir()}
    assert {0o600} == {_mode(path) for path in tmp_path.iterdir()}
    assert settings.load(ANSWERS, Path("nowhere")) == settings.load({}, tmp_path / ".env")
    assert 1 == len(keyring.load(tmp_path / "keyring.json").keys)


def test_it_says_what_losing_the_keyring_means(bisik: Bisik):
    """The one thing that cannot be mended is said when it is made, and the token is not."""
    run = bisik("init", "--yes", **ANSWERS)

    assert "every tip is lost" in run.stdout
    assert "never keep it beside a backup" in run.stdout
    assert "CanaryToken" not in run.stdout + run.stderr


def test_neither_file_is_ever_overwritten(bisik: Bisik, tmp_path: Path):
    """A second call, with other answers, changes no byte, says so, and is no failure."""
    bisik("init", "--yes", **ANSWERS)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    run = bisik("init", "--yes", **{**ANSWERS, "BISIK_ELECTION": "Pemilu 2029"})

    assert 0 == run.returncode
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert 2 == run.stdout.count("stays as it is")


@pytest.mark.parametrize("lost", [".env", "keyring.json"])
def test_what_is_missing_is_made_beside_what_is_there(lost: str, bisik: Bisik, tmp_path: Path):
    """A run that was broken off between the two files is completed by the next one."""
    bisik("init", "--yes", **ANSWERS)
    (tmp_path / lost).unlink()
    (kept,) = tmp_path.iterdir()
    before = kept.read_bytes()
    run = bisik("init", "--yes", **ANSWERS)

    assert 0 == run.returncode
    assert (tmp_path / lost).exists()
    assert before == kept.read_bytes()


def test_a_missing_answer_makes_nothing(bisik: Bisik, tmp_path: Path):
    """Without an answer that has no default: exit 2, its name, and an empty folder."""
    run = bisik("init", "--yes", **{name: value for name, value in ANSWERS.items() if name != "BISIK_ELECTION"})

    assert (2, "") == (run.returncode, run.stdout)
    assert run.stderr.startswith("BISIK_ELECTION is missing.")
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said(bisik: Bisik):
    """A keyring that cannot be made is a sentence and exit 1, not a traceback."""
    run = bisik("init", "--yes", **{**ANSWERS, "BISIK_KEYRING": "no-such-folder/keyring.json"})

    assert 1 == run.returncode
    assert "The keyring no-such-folder/keyring.json cannot be made: No such file or directory.\n" == run.stderr


def test_wrong_answers_are_asked_again_kindly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A person who mistypes hears what is wrong and is asked the same question once more."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    typed = ["no token", ANSWERS["BISIK_TELEGRAM_TOKEN"], "@channel", "", *list(ANSWERS.values())[1:]]
    outcome = CliRunner().invoke(cli, ["init"], input="\n".join(typed) + "\n")

    assert 0 == outcome.exit_code, outcome.output
    assert 2 == outcome.output.count("The bot's token, from @BotFather (")
    assert 1 == outcome.output.count("does not look like a bot's token")
    assert 3 == outcome.output.count("The id of the moderators' channel")
    assert "CanaryToken" not in outcome.output
    assert settings.load(ANSWERS, Path("nowhere")) == settings.load({}, tmp_path / ".env")


def test_giving_up_makes_nothing(bisik: Bisik, tmp_path: Path):
    """When the answers end (Ctrl-D, Ctrl-C, no terminal), there is one word, exit 1 and an empty folder."""
    run = bisik("init")

    assert 1 == run.returncode
    assert "Aborted!" in run.stderr
    assert "Traceback" not in run.stderr
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("call", [["nonsense"], ["init", "--nonsense"], ["init", "extra"]])
def test_a_wrong_call_is_exit_two(call: list[str], bisik: Bisik):
    """A command, option or word that does not exist is told in a line, as of any program."""
    run = bisik(*call)

    assert 2 == run.returncode
    assert "Try 'bisik" in run.stderr


@pytest.mark.parametrize("command", ["run", "check"])
def test_without_settings_nothing_starts(command: str, bisik: Bisik):
    """What must be set is named, a line each, with exit 2 and no traceback."""
    run = bisik(command)

    assert (2, "") == (run.returncode, run.stdout)
    assert sorted(ANSWERS) == [line.split()[0] for line in run.stderr.splitlines()]


def test_without_its_keyring_the_bot_does_not_start(bisik: Bisik):
    """A lost keyring is a sentence and exit 1; no new one is made in its place."""
    run = bisik("run", **ANSWERS)

    assert (1, "There is no keyring at keyring.json.\n") == (run.returncode, run.stderr)
