"""The keyring: a small file of named master keys that opens everything the database holds.

Rule: the newest key writes, all of them read; the file is made once, never overwritten, and is nobody
else's to read. Losing it loses the tips.
"""

import base64
import json
import os
import stat
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

KEY_BYTES = 32
ID_BYTES = 4
_TOO_OPEN = stat.S_IRWXG | stat.S_IRWXO


class KeyringError(Exception):
    """What is wrong with the keyring, in one sentence for the person who runs the bot."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master key: a random 4-byte name, the day it was made, 256 bits."""

    id: bytes
    made: date
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master keys from oldest to newest, at least one."""

    keys: tuple[MasterKey, ...]

    @property
    def newest(self) -> MasterKey:
        return self.keys[-1]


def create(path: Path, today: date) -> Keyring:
    """Make a keyring of one new key at `path`, mode 0600, on disk on return; raises `KeyringError`."""
    keyring = Keyring((MasterKey(os.urandom(ID_BYTES), today, os.urandom(KEY_BYTES)),))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise KeyringError(f"{path} is there already, and a keyring is never overwritten.") from None
    except OSError as error:
        raise KeyringError(f"The keyring {path} cannot be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(_written(keyring))
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)
    return keyring


def load(source: Path | bytes) -> Keyring:
    """Read a keyring from its file, or from bytes that a service manager handed over; raises `KeyringError`.

    A file must be closed to group and others. Bytes are taken as they come: the manager guards them in
    its own way (systemd, for one, lets the service in by an access list that looks like an open group bit).
    """
    return _parsed(source if isinstance(source, bytes) else _guarded(source))


def _guarded(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _TOO_OPEN:
                raise KeyringError(f"Others can read or change the keyring {path}: chmod 600 {path}")
            return file.read()
    except FileNotFoundError:
        raise KeyringError(f"There is no keyring at {path}.") from None
    except OSError as error:
        raise KeyringError(f"The keyring {path} cannot be read: {error.strerror}.") from None


def _written(keyring: Keyring) -> bytes:
    keys = [
        {"id": key.id.hex(), "made": key.made.isoformat(), "key": base64.b64encode(key.secret).decode()}
        for key in keyring.keys
    ]
    return json.dumps({"keys": keys}, indent=2).encode() + b"\n"


def _parsed(raw: bytes) -> Keyring:
    # What is broken is not repeated, neither in the sentence nor as its cause: it would be a piece of a key.
    try:
        keys = tuple(_key(entry) for entry in json.loads(raw)["keys"])
    except (ValueError, KeyError, TypeError):
        raise KeyringError("The keyring is broken or half written: bring back a copy of it.") from None
    if not keys:
        raise KeyringError("The keyring holds no key.")
    if len({key.id for key in keys}) < len(keys):
        raise KeyringError("Two keys in the keyring have the same name.")
    return Keyring(keys)


def _key(entry: dict[str, Any]) -> MasterKey:
    key = MasterKey(
        bytes.fromhex(entry["id"]),
        date.fromisoformat(entry["made"]),
        base64.b64decode(entry["key"], validate=True),
    )
    if (len(key.id), len(key.secret)) != (ID_BYTES, KEY_BYTES):
        raise ValueError
    return key


def _sync_folder(folder: Path) -> None:
    # The name of a new file is on disk only when its folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
