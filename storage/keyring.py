"""The keyring: a small file of named master keys that opens everything the database holds.

Rule: the newest key writes, all of them read; the file is nobody else's to read, and only a rotation puts another
in its place, inside a write transaction of the database that it opens. Losing it loses the tips.
"""

import base64
import json
import os
import stat
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from storage import disk

KEY_BYTES = 32
ID_BYTES = 4
_TOO_OPEN = stat.S_IRWXG | stat.S_IRWXO
_IRREPLACEABLE = """\
The keyring {path} cannot be replaced: {why}.
Where a service manager hands it in, stop the bot, and rotate the file that the manager takes it from:
BISIK_KEYRING=/that/file bisik rotate-keys. Then start the bot again."""


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

    def with_new_key(self, today: date) -> "Keyring":
        return Keyring((*self.keys, _new_key(today)))

    def newest_alone(self) -> "Keyring":
        return Keyring((self.newest,))


class Watch:
    """A keyring's file, which another process may replace while this one works."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None

    def changed(self) -> Keyring | None:
        """The keyring where its file is another than at the last call, else None; raises `KeyringError`."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise _unreadable(self._path, error) from None
        now = (status.st_ino, status.st_mtime_ns)
        if now == self._seen:
            return None
        found = load(self._path)
        self._seen = now  # as it was before it was read: a file that came meanwhile is another at the next call
        return found


def create(path: Path, today: date) -> Keyring:
    """Make a keyring of one new key at `path`, mode 0600, on disk on return; raises `KeyringError`."""
    return _made(path, Keyring((_new_key(today),)))


def bring_back(path: Path, raw: bytes) -> Keyring:
    """Make the keyring at `path` of a copy of its file; the same one that is there stays. Raises `KeyringError`."""
    keyring = load(raw)
    if path.exists() and load(path) == keyring:
        return keyring
    return _made(path, keyring)


def _made(path: Path, keyring: Keyring) -> Keyring:
    try:
        with disk.new_file(path) as file:
            file.write(_written(keyring))
    except FileExistsError:
        raise KeyringError(f"{path} is there already, and a keyring is never overwritten.") from None
    except OSError as error:
        raise KeyringError(f"The keyring {path} cannot be made: {error.strerror}.") from None
    disk.sync_folder(path.parent)
    return keyring


def replace(path: Path, keyring: Keyring) -> None:
    """Put a keyring in the place of the one at `path`, at once and on disk on return; raises `KeyringError`.

    It belongs to whom the former one belongs, so that the bot can follow where root calls this. What lay there is
    overwritten then, as far as the disk writes where it is told to.
    """
    path = path.resolve()
    part = path.with_name(f"{path.name}.part")
    try:
        with path.open("r+b") as former:
            part.unlink(missing_ok=True)
            with disk.new_file(part) as file:
                disk.give(file.fileno(), like=os.fstat(former.fileno()))
                file.write(_written(keyring))
            part.replace(path)
            disk.sync_folder(path.parent)
            former.write(bytes(os.fstat(former.fileno()).st_size))
            former.flush()
            os.fsync(former.fileno())
    except OSError as error:
        raise KeyringError(_IRREPLACEABLE.format(path=path, why=error.strerror)) from None


def load(source: Path | bytes) -> Keyring:
    """Read a keyring from its file, or from bytes that a service manager handed over; raises `KeyringError`.

    A file must be closed to group and others. Bytes are taken as they come: the manager guards them in
    its own way (systemd, for one, lets the service in by an access list that looks like an open group bit).
    """
    return _parsed(source if isinstance(source, bytes) else _guarded(source))


def _guarded(path: Path) -> bytes:
    try:
        while True:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                if status.st_mode & _TOO_OPEN:
                    raise KeyringError(f"Others can read or change the keyring {path}: chmod 600 {path}")
                raw = file.read()
            # What was replaced meanwhile may have been overwritten while it was read.
            if path.stat().st_ino == status.st_ino:
                return raw
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> KeyringError:
    if isinstance(error, FileNotFoundError):
        return KeyringError(f"There is no keyring at {path}.")
    return KeyringError(f"The keyring {path} cannot be read: {error.strerror}.")


def _new_key(today: date) -> MasterKey:
    return MasterKey(os.urandom(ID_BYTES), today, os.urandom(KEY_BYTES))


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
    except (ValueError, KeyError, TypeError, RecursionError):
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
