"""Rotation, backup, restore and purge: seconds for 10,000 tips, and memory, which ten times as many do not raise.

All tips are closed and past their term, so that the last command, the purge, forgets them all.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.conversation.case import Case, Standing, to_json
from storage import keyring, tips
from storage.database import Database
from storage.ids import new_id
from storage.purposes import Secrets
from storage.tips import NewTip
from storage.vault import Vault

CONTENT: Final = b"x" * 1_500
YEAR: Final = timedelta(365)
COMMANDS: Final = {
    "rotate-keys": ("rotate-keys", "--yes"),
    "backup": ("backup", "copy", "--passphrase-file", "words"),
    "restore": ("restore", "copy", "--replace", "--passphrase-file", "words"),
    "purge": ("purge",),
}
SIZES: Final[Mapping[int, Iterable[str]]] = {1_000: COMMANDS, 10_000: COMMANDS, 100_000: ("rotate-keys",)}
"""Which commands are measured with how many tips; the one that runs by itself every week also with very many."""
SETTINGS: Final = {
    "BISIK_TELEGRAM_TOKEN": "1:bench",
    "BISIK_MODERATOR_CHAT_ID": "-1001",
    "BISIK_ADMIN_IDS": "1",
    "BISIK_OPERATOR_NAME": "bench",
    "BISIK_OPERATOR_CONTACT": "bench",
    "BISIK_ELECTION": "bench",
    "BISIK_DATABASE_URL": "sqlite:///bisik.db",
    "BISIK_KEYRING": "keyring.json",
}


def lines(sizes: Mapping[int, Iterable[str]] = SIZES) -> Iterator[str]:
    """A line for each command and size."""
    yield f"\n{'keys and backups':<34}{'tips':>10}{'s per 10,000':>16}{'most memory':>16}"
    for size, names in sizes.items():
        with TemporaryDirectory(prefix="bench-") as place:
            folder = Path(place)
            asyncio.run(_fill(folder, size))
            (folder / "words").write_text("four words are enough")
            for name in names:
                seconds, memory = _measured(folder, COMMANDS[name])
                yield f"  {name:<32}{size:>10,}{seconds * 10_000 / size:>14.2f} s{memory:>13.0f} MB"


async def _fill(folder: Path, size: int) -> None:
    today = datetime.now(UTC).date()
    ring = keyring.create(folder / "keyring.json", today)
    database = await Database.open(f"sqlite:///{folder / 'bisik.db'}")
    secrets = await Secrets.load(database, Vault(ring), today, 72)
    over = Case("", "pns", "73.04", ("post",), "", "", standing=Standing.CLOSED, closed=str(today - YEAR))
    async with database.transaction() as tx:
        for _ in range(size):
            name = new_id().hex()
            new = NewTip(
                number=name.upper(),
                receipt=str(int(name, 16)),
                day=today - YEAR,
                summary=to_json(over),
                content=CONTENT,
                address=None,
            )
            await tips.submit(tx, secrets, new)
    await database.close()


def _measured(folder: Path, arguments: tuple[str, ...]) -> tuple[float, float]:
    """Seconds and megabytes of a command in a process of its own."""
    environment = os.environ | SETTINGS | {"PYTHONPATH": str(Path.cwd())}
    began = time.perf_counter()
    call = [sys.executable, "-m", "bot", *arguments]
    process = subprocess.Popen(call, cwd=folder, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1024


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)  # noqa: T201 - what it is run for
