"""`bisik init`: a keyring and a settings file, made once from a few answers.

Rule: nothing is overwritten and nothing is left half-made, so a run that was broken off is simply repeated.
"""

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from bot import settings
from bot.settings import Settings, SettingsProblem
from storage import keyring
from storage.database import path_of
from storage.keyring import KeyringError

# What has no default is asked, in this order and these words.
QUESTIONS = {
    "BISIK_TELEGRAM_TOKEN": "The bot's token, from @BotFather (it is not shown as you type)",
    "BISIK_MODERATOR_CHAT_ID": "The id of the moderators' channel or supergroup, such as -1001234567890",
    "BISIK_ADMIN_IDS": "Your own numeric Telegram user id; several with commas between them",
    "BISIK_OPERATOR_NAME": "Who answers for this bot, as reporters will read it",
    "BISIK_OPERATOR_CONTACT": "How reporters reach you: a telephone number, an address, a page",
    "BISIK_ELECTION": "The election that tips are about, such as Pilkada Jeneponto 2031",
}
ABOUT_THE_KEYRING = """\
{path} is made. It alone opens what the database holds:
  - if it is lost, every tip is lost, and nobody can bring them back: copy it to a place of its own now;
  - whoever has it together with the database or a backup can read the tips: never keep it beside a backup."""


def answers(given: Mapping[str, str], ask: Callable[[str, str], str], tell: Callable[[str], None]) -> dict[str, str]:
    """The given settings, and an answer for each question that they leave open or answer wrongly."""
    return {**given, **{name: _answer(name, given.get(name, ""), ask, tell) for name in QUESTIONS}}


def create(values: Mapping[str, str], env_file: Path, today: date) -> list[str]:
    """Make what is not there of keyring and settings file (both mode 0600); say in sentences what was done.

    Raises `SettingsProblem` or `KeyringError`, before anything is made when an answer is wrong.
    """
    checked = settings.check(values)
    return [_keyring(checked, today), _settings(values, env_file)]


def _answer(name: str, answer: str, ask: Callable[[str, str], str], tell: Callable[[str], None]) -> str:
    asked = bool(answer)
    while complaint := settings.complaint(name, answer):
        if asked:
            tell(complaint)
        answer, asked = ask(name, QUESTIONS[name]), True
    return answer


def _keyring(checked: Settings, today: date) -> str:
    if checked.keyring.exists():
        keyring.load(checked.keyring)
        return f"{checked.keyring} is there already, and stays as it is."
    if (path := path_of(checked.database_url)).exists():
        raise KeyringError(
            f"There is no keyring at {checked.keyring}, and a database at {path}: bring back its keyring."
        )
    keyring.create(checked.keyring, today)
    return ABOUT_THE_KEYRING.format(path=checked.keyring)


def _settings(values: Mapping[str, str], env_file: Path) -> str:
    if env_file.exists():
        return f"{env_file} is there already, and stays as it is."
    try:
        _publish(env_file, settings.render(values))
    except OSError as error:
        raise SettingsProblem(f"{env_file} cannot be made: {error.strerror}.") from None
    return f"{env_file} is made, for your eyes only: it holds the token. Next: bisik check, then bisik run."


def _publish(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, encoding="utf-8") as draft:  # mode 0600
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
        os.link(draft.name, path)  # whole or not at all, and never over a file that came meanwhile
