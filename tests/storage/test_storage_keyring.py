"""The keyring file: made once, closed to others, and plain about what is wrong with it."""

import json
from datetime import date
from pathlib import Path

import pytest

from storage import keyring
from storage.keyring import KeyringError

TODAY = date(2025, 11, 24)


@pytest.fixture
def path(tmp_path: Path):
    return tmp_path / "keyring.json"


def entry(key_id: str = "00000001", secret: str = "A" * 43 + "="):
    return {"id": key_id, "made": "2025-11-24", "key": secret}


def test_what_is_made_is_read_back(path: Path):
    """A new keyring holds one random key of that day, and reads back the same from path and bytes."""
    made = keyring.create(path, TODAY)

    assert (1, TODAY) == (len(made.keys), made.newest.made)
    assert made == keyring.load(path) == keyring.load(path.read_bytes())
    assert made.newest.secret != keyring.create(path.with_name("other"), TODAY).newest.secret


def test_only_the_owner_may_read_it(path: Path):
    """The file's mode is 0600 from its first byte on."""
    keyring.create(path, TODAY)

    assert 0o600 == path.stat().st_mode & 0o777


def test_it_is_never_overwritten(path: Path):
    """A second keyring at the same place is refused, and the first one stays as it was."""
    first = keyring.create(path, TODAY)
    with pytest.raises(KeyringError, match="never overwritten"):
        keyring.create(path, TODAY)

    assert first == keyring.load(path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    """Where no file can be made the sentence says why."""
    with pytest.raises(KeyringError, match="cannot be made: No such file"):
        keyring.create(tmp_path / "nowhere" / "keyring.json", TODAY)


@pytest.mark.parametrize("bit", [0o040, 0o020, 0o004, 0o002])
def test_a_keyring_open_to_others_is_refused(path: Path, bit: int):
    """Any way in for group or others is refused with the command that closes it."""
    keyring.create(path, TODAY)
    path.chmod(0o600 | bit)

    with pytest.raises(KeyringError, match=f"chmod 600 {path}"):
        keyring.load(path)


def test_a_missing_keyring_is_told(path: Path):
    """No file is told apart from a broken one."""
    with pytest.raises(KeyringError, match="There is no keyring at"):
        keyring.load(path)


def test_a_folder_is_no_keyring(tmp_path: Path):
    """What cannot be read as a file is told so."""
    tmp_path.chmod(0o700)
    with pytest.raises(KeyringError, match="cannot be read: Is a directory"):
        keyring.load(tmp_path)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b'{"keys": [{"id": "0000',
        b"[]",
        b'{"keys": 5}',
        b'{"keys": [5]}',
        b"\xff\xfe",
        json.dumps({"keys": [entry(secret="AAAA")]}).encode(),
        json.dumps({"keys": [entry(secret="*" * 44)]}).encode(),
        json.dumps({"keys": [entry(key_id="01")]}).encode(),
        json.dumps({"keys": [entry() | {"made": "monday"}]}).encode(),
    ],
)
def test_a_broken_keyring_is_told_without_a_piece_of_it(raw: bytes):
    """Half-written, cut or foreign bytes give one sentence, and no cause that would quote a key."""
    with pytest.raises(KeyringError, match="broken or half written") as caught:
        keyring.load(raw)

    assert caught.value.__suppress_context__


def test_a_keyring_without_keys_is_told():
    """An empty list opens nothing, and says so."""
    with pytest.raises(KeyringError, match="holds no key"):
        keyring.load(b'{"keys": []}')


def test_two_keys_of_one_name_are_refused():
    """A name that stands for two keys would open the wrong one."""
    with pytest.raises(KeyringError, match="same name"):
        keyring.load(json.dumps({"keys": [entry(), entry()]}).encode())


def test_the_newest_key_stands_last():
    """Keys are kept from oldest to newest, and the last one writes."""
    ring = keyring.load(json.dumps({"keys": [entry("00000001"), entry("00000002")]}).encode())

    assert bytes.fromhex("00000002") == ring.newest.id


def test_a_keyring_prints_no_key(path: Path):
    """The repr of a keyring holds no secret in any spelling."""
    secret = keyring.create(path, TODAY).newest.secret
    printed = repr(keyring.load(path))

    assert repr(secret) not in printed
    assert secret.hex() not in printed
