"""What a database is, without changing it: for a look before the start, or beside a bot that runs."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage import migrate
from storage.purposes import wrapped_place
from storage.vault import BrokenSeal, Vault


@dataclass(frozen=True, slots=True)
class Survey:
    """`version` is 0 for an empty file; `opens` says whether the keyring opens its keys."""

    version: int
    newest: int
    opens: bool


def survey(path: Path, vault: Vault) -> Survey:
    """Look into an existing file; raises `sqlite3.Error` where it cannot be read as a database."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reader:
        version = int(reader.execute("PRAGMA user_version").fetchone()[0])
        rows = reader.execute("SELECT id, purpose, wrapped FROM keys").fetchall() if version else []
    return Survey(version, migrate.shipped()[-1].number, all(_opens(vault, *row) for row in rows))


def _opens(vault: Vault, key_id: bytes, purpose: str, wrapped: bytes) -> bool:
    try:
        vault.unwrap(wrapped_place(key_id, purpose), wrapped)
    except BrokenSeal:
        return False
    return True
