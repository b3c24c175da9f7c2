"""What the operator sets, read from the environment and `.env`, checked as a whole before anything starts.

This is the only reader of the environment. A field's name, kind (see `values`), default and explanation stand in one
place; the example file, the file that `bisik init` writes and every complaint are made from them. A complaint
names the setting and what to do, and never repeats a value: among the values are the token and people's ids.
"""

import difflib
import io
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv.parser import parse_stream
from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.values import ApiUrl, DatabaseUrl, Ids, Language, Line, Timezone, Token

PREFIX = "BISIK_"
ENV_FILE = Path(".env")

# How pydantic's own kinds of error read to an operator; a check of ours says its sentence itself.
COMPLAINTS = {
    "missing": "is missing",
    "extra_forbidden": "is not a setting",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a shorter number",
    "bool_parsing": "must be true or false",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "too_short": "names nobody",
    "string_too_long": "must be at most {max_length} characters",
    "value_error": "{error}",
}


class SettingsProblem(Exception):
    """The settings are missing or wrong; `sentences` say which and what to do, without any value."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Settings(BaseSettings):
    """Every setting; in the environment each has the prefix `BISIK_` and capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        enable_decoding=False,  # ids are written with commas, not as JSON
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,  # they explain the setting in the file and in complaints
    )

    telegram_token: Token
    """The bot's token, from @BotFather."""
    telegram_api_url: ApiUrl = "https://api.telegram.org"
    """The Bot API server; plain http only on this machine, such as http://127.0.0.1:8081."""
    moderator_chat_id: int = Field(lt=0)
    """The channel or supergroup that receives tips: a number that starts with -100."""
    admin_ids: Annotated[Ids, Field(min_length=1)]
    """Who runs the bot: numeric Telegram user ids, with commas between them."""
    moderator_ids: Ids = ()
    """Who handles tips; empty: the administrators of the moderator chat."""
    operator_name: Line = Field(max_length=100)
    """Who answers for this bot, as reporters read it in the notice."""
    operator_contact: Line = Field(max_length=200)
    """How reporters reach the operator, as shown in the notice."""
    election: Line = Field(max_length=100)
    """The election that tips are about, such as Pilkada Jeneponto 2031."""
    database_url: DatabaseUrl = "sqlite:///data/bisik.db"
    """Where sealed tips are kept: sqlite:/// and a path, or postgresql://…"""
    keyring: Path = Path("keyring.json")
    """The file with the keys. Losing it loses the tips; never keep it beside a backup."""
    archive_public_key: Path | None = None
    """The file with the sealed archive's public key; empty: no archive."""
    archive_after: Literal["closing", "delivery"] = "closing"
    """When a tip goes to the archive: closing or delivery."""
    forward: Literal["full", "notice"] = "full"
    """What the moderator chat gets: full (tip and evidence) or notice (the card only)."""
    protect_content: bool = True
    """Whether Telegram is asked to hinder forwarding and saving of posts."""
    topics: bool = False
    """Whether each tip gets a topic of its own, in a group that has topics."""
    default_language: Language = "id"
    """The language in which the bot greets reporters: id or en."""
    moderator_language: Language = "id"
    """The language of posts for moderators: id or en."""
    timezone: Timezone = "Asia/Jakarta"
    """The time zone in which a day begins and ends."""
    draft_hours: int = Field(72, ge=1, le=720)
    """Hours after which an unfinished tip is forgotten."""
    retention_days: int = Field(90, ge=1, le=3650)
    """Days after closing for which a tip is kept."""
    backup_keep_days: int = Field(30, ge=1, le=3650)
    """Days for which a backup is kept."""
    release_delay_minutes: int = Field(0, ge=0, le=1440)
    """A tip is posted after a random delay of up to this many minutes; 0: at once."""
    summary_hour: int = Field(8, ge=0, le=23)
    """The hour of the daily summary to admins, in the time zone above."""
    evidence_max_files: int = Field(10, ge=1, le=30)
    """Files that one tip may have as evidence."""
    evidence_max_mb: int = Field(20, ge=1, le=20)
    """Megabytes of one file; Telegram hands a bot 20 at most."""

    health_file: Path | None = None
    """The file in which the bot tells a monitor each minute how it is, in numbers alone; empty: none."""

    canary: bool = False
    """Whether a made-up tip goes the whole way each hour, deleted at once, so that admins hear of a break."""

    handover_second: bool = True
    """Whether a second person has to confirm before a tip is handed over."""
    handover_guide: Path | None = None
    """Your own copy of bot/handover/guide.toml, with legal bases and addresses; empty: that file."""

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but the arguments: a test or the demo is not changed by what its machine happens to set."""
        return (sources["init_settings"],)

    @model_validator(mode="after")
    def _agree(self) -> "Settings":
        if self.archive_after == "delivery" and self.archive_public_key is None:
            raise ValueError("BISIK_ARCHIVE_AFTER=delivery archives nothing without BISIK_ARCHIVE_PUBLIC_KEY.")
        if self.backup_keep_days > self.retention_days:
            raise ValueError(
                "BISIK_BACKUP_KEEP_DAYS may not be more than BISIK_RETENTION_DAYS: backups would outlive it."
            )
        if self.draft_hours > self.retention_days * 24:
            raise ValueError(
                "BISIK_DRAFT_HOURS may not be longer than BISIK_RETENTION_DAYS: drafts would outlive tips."
            )
        files: dict[Path, str] = {}
        for name, path in (
            ("BISIK_KEYRING", self.keyring),
            ("BISIK_ARCHIVE_PUBLIC_KEY", self.archive_public_key),
            ("BISIK_DATABASE_URL", Path(self.database_url.removeprefix("sqlite:///"))),
            ("BISIK_HANDOVER_GUIDE", self.handover_guide),
            (str(ENV_FILE), ENV_FILE),
            ("BISIK_HEALTH_FILE", self.health_file),
        ):
            if path is not None and files.setdefault(path.resolve(), name) != name:
                raise ValueError(f"{files[path.resolve()]} and {name} must be two files.")
        return self

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Nothing: a traceback or a log that shows the settings must not show ids or a database password."""
        return []

    __str__ = BaseSettings.__repr__


class Given(DotEnvSettingsSource):
    """Settings by their full names, as they stand in the environment or the file; a blank one is not given."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(Settings, env_file=None)
        self.env_vars = {name.lower(): value for name, value in values.items() if value.strip()}


NO_BOT = {
    "BISIK_TELEGRAM_TOKEN": "0:none",
    "BISIK_MODERATOR_CHAT_ID": "-1",
    "BISIK_ADMIN_IDS": "1",
    "BISIK_ELECTION": "-",
}
NAMES = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}


def has_desktop(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a page can be opened for the person at this terminal."""
    return sys.platform in {"darwin", "win32"} or bool({"DISPLAY", "WAYLAND_DISPLAY"} & environment.keys())


def load(environment: Mapping[str, str] = os.environ, env_file: Path = ENV_FILE) -> Settings:
    """Read the environment and, for what it lacks, the file; an empty value is the default.

    Raises `SettingsProblem` with a sentence for each thing that is missing or wrong.
    """
    return check(written(environment, env_file))


def letterhead() -> Settings:
    """The settings for papers alone, where no bot runs: its token, its chats and its admins need not be given there."""
    return check(NO_BOT | written())


def check(values: Mapping[str, str]) -> Settings:
    """Settings from values by their full names; raises `SettingsProblem` with a sentence for each fault."""
    try:
        return Settings(**Given(values)())
    except ValidationError as problem:
        faults = problem.errors(include_url=False, include_input=False)
        raise SettingsProblem(*sorted({_sentence(fault) for fault in faults})) from None


def written(environment: Mapping[str, str] = os.environ, env_file: Path = ENV_FILE) -> dict[str, str]:
    """Every setting that is given and not empty, still unchecked, by its full name in capitals."""
    given = [(name.upper(), value) for source in (read(env_file), environment) for name, value in source.items()]
    return {name: value for name, value in given if name.startswith(PREFIX) and value.strip()}


def complaint(name: str, value: str) -> str:
    """What is wrong with this one value, in a sentence; empty when nothing is."""
    try:
        check({name: value})
    except SettingsProblem as problem:
        return next((sentence for sentence in problem.sentences if sentence.startswith(f"{name} ")), "")
    return ""


def read(env_file: Path) -> dict[str, str]:
    """The file's lines as names and values; no file is an empty one."""
    try:
        text = env_file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise SettingsProblem(f"{env_file.name} cannot be read: it must be a UTF-8 text file that is yours.") from None
    return parse(text, env_file.name)


def parse(text: str, where: str) -> dict[str, str]:
    """The settings in the text of a file; raises `SettingsProblem` with the line of what is half written."""
    bindings = [binding for binding in parse_stream(io.StringIO(text)) if binding.key or binding.error]
    broken = [binding.original.line for binding in bindings if binding.error or binding.value is None]
    if broken:
        complaint = "Line {} of {} is not NAME=value: is a quote or an equals sign missing?"
        raise SettingsProblem(*(complaint.format(line, where) for line in broken))
    return {binding.key: binding.value for binding in bindings if binding.key and binding.value is not None}


def render(values: Mapping[str, str]) -> str:
    """The text of a settings file: each setting with its explanation and its value, else its default."""
    lines = ["# Bisik's settings. An empty value means the default; the environment goes before this file."]
    for name, field in NAMES.items():
        lines += ["", f"# {field.description}", f"{name}={_quote(values.get(name, _default(field.default)))}"]
    return "\n".join(lines) + "\n"


def _default(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, int | str | Path) else ""


def _quote(value: str) -> str:
    if re.fullmatch(r"[\w:/.,@+-]*", value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _sentence(error: ErrorDetails) -> str:
    complaint = COMPLAINTS[error["type"]].format_map(error.get("ctx", {}))
    if not error["loc"]:
        return complaint
    name = PREFIX + str(error["loc"][0]).upper().removeprefix(PREFIX)
    return f"{name} {complaint}{_help(name)}"


def _help(name: str) -> str:
    if name in NAMES:
        return f". ({NAMES[name].description})"
    # Without the prefix, which all have in common.
    near = difflib.get_close_matches(name.removeprefix(PREFIX), [known.removeprefix(PREFIX) for known in NAMES], n=1)
    return f": did you mean {PREFIX}{near[0]}?" if near else "."
