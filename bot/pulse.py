"""How the bot is, in numbers: what `bisik check` says of it, and what a monitor reads from a file each minute.

Rule: counts, ages, and moments of the bot's own; no id, no word, nothing that happened to a tip or a person.
"""

import asyncio
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import keeping
from bot.services import awake, canary, proof
from bot.services.context import Context
from storage.survey import Survey, survey
from storage.vault import Vault

log = logging.getLogger(__name__)

HEARD_BY_HOUR = timedelta(hours=1)
_OTHER = "This is no sign of the bot."


@dataclass(frozen=True, slots=True)
class State:
    """What disk and database tell: see `Survey` for the debts; `free` is in bytes, ages in days, None is "never"."""

    owed: Mapping[str, int]
    held: int
    free: int
    key_days: int
    backup_days: int | None
    audit_whole: bool | None
    canary_well: bool | None


@dataclass(frozen=True, slots=True)
class Sign:
    """What only the bot knows: when it wrote this, when the platform last answered, how many updates are in hand."""

    written: datetime
    polled: datetime | None
    backlog: int


class Pulse:
    """Writes the file; `silence` gives the seconds since the platform last answered, `backlog` the updates in hand."""

    def __init__(
        self, context: Context, file: Path, silence: Callable[[], float | None], backlog: Callable[[], int]
    ) -> None:
        self._context, self._file, self._silence, self._backlog = context, file, silence, backlog

    async def beat(self) -> None:
        """Write it anew. Where that fails it grows old, which is what a monitor looks at."""
        now, silence = self._context.now(), self._silence()
        sign = Sign(now, None if silence is None else now - timedelta(seconds=silence), self._backlog())
        try:
            await asyncio.to_thread(self._write, sign, self._context.today())
        except (OSError, ValueError, sqlite3.Error) as error:  # a name that no file can have is a ValueError
            log.warning("health_unwritten", exc_info=error)

    def _write(self, sign: Sign, today: date) -> None:
        path, vault = self._context.database.path, self._context.secrets.vault
        write(self._file, sign, state(path, survey(path, vault), vault, today))


def state(path: Path, seen: Survey, vault: Vault, today: date) -> State:
    """The state of the database at `path`, of its disk and of its keys."""
    noted, flown = seen.facts.get(keeping.FACT), seen.facts.get(canary.FACT)
    return State(
        owed=seen.owed,
        held=seen.held,
        free=shutil.disk_usage(path.parent).free,
        key_days=(today - vault.made).days,
        backup_days=(today - date.fromisoformat(noted.decode())).days if noted else None,
        audit_whole={proof.WHOLE: True, proof.BROKEN: False}.get(seen.facts.get(proof.FACT, b"")),
        canary_well=_well(canary.Verdict(flown.decode().partition(" ")[2])) if flown else None,
    )


def _well(verdict: canary.Verdict) -> bool | None:
    return None if verdict is canary.Verdict.NEW else verdict is canary.Verdict.WELL


def heard(seen: Survey) -> datetime | None:
    """The last moment at which the platform may have answered by what the database notes, which is the hour."""
    noted = seen.facts.get(awake.FACT)
    return datetime.fromtimestamp(int(noted) * 3600, UTC) + HEARD_BY_HOUR if noted else None


def write(file: Path, sign: Sign, state: State) -> None:
    """Put the file in the place of the former at once, mode 0600; raises OSError."""
    told = {**asdict(sign), **asdict(state)}
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        json.dump(told, target, default=_moment)
    part.replace(file)


def read(file: Path) -> Sign:
    """The sign that `write` left; raises OSError, and ValueError where it is another file."""
    try:
        told = json.loads(file.read_bytes())
        written, polled = datetime.fromisoformat(told["written"]), told["polled"]
        sign = Sign(written, None if polled is None else datetime.fromisoformat(polled), int(told["backlog"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise ValueError(_OTHER) from None
    if any(moment and moment.tzinfo is None for moment in (sign.written, sign.polled)):
        raise ValueError(_OTHER)
    return sign


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")
