"""What a database is, without changing it: for a look before the start, or beside a bot that runs."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from storage import facts, migrate
from storage.purposes import wrapped_place
from storage.vault import BrokenSeal, Key, Vault


@dataclass(frozen=True, slots=True)
class Survey:
    """`version` is 0 for an empty file; `opens` says whether the keyring opens its keys.

    Of a database that is neither older nor newer: how many debts are `owed`, by kind, how many are `held`, and the
    `facts` that open.
    """

    version: int
    newest: int
    opens: bool
    owed: Mapping[str, int]
    held: int
    facts: Mapping[str, bytes]


def survey(path: Path, vault: Vault) -> Survey:
    """Look into an existing file; raises `sqlite3.Error` where it cannot be read as a database."""
    newest = migrate.shipped()[-1].number
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reader:
        version = int(reader.execute("PRAGMA user_version").fetchone()[0])
        rows = reader.execute("SELECT id, purpose, wrapped FROM keys").fetchall() if version else []
        known = version == newest
        debts = reader.execute("SELECT held, kind, count(*) FROM outbox GROUP BY 1, 2").fetchall() if known else []
        kept = reader.execute("SELECT name, sealed FROM facts").fetchall() if known else []
    keys = [(purpose, _opened(vault, key_id, purpose, wrapped)) for key_id, purpose, wrapped in rows]
    return Survey(
        version=version,
        newest=newest,
        opens=all(key for _, key in keys),
        owed={kind: n for held, kind, n in debts if not held},
        held=sum(n for held, _, n in debts if held),
        facts=_facts(dict(keys).get("index"), kept),
    )


def _opened(vault: Vault, key_id: bytes, purpose: str, wrapped: bytes) -> Key | None:
    try:
        return vault.unwrap(wrapped_place(key_id, purpose), wrapped)
    except BrokenSeal:
        return None


def _facts(index: Key | None, rows: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    if index is None:
        return found
    for name, sealed in rows:
        with suppress(BrokenSeal):
            found[name] = index.open(facts.place(name), sealed)
    return found
