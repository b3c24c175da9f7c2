"""The archive's pair of keys: the public half seals, on the server; the private half opens, somewhere else.

Each half is a file of two lines: what it is, and its bytes with a checksum, so that a slip of the pen is noticed
before anything is sealed to it. Rule: a file is made once, never overwritten; the private half is nobody else's to
read, and lies under a passphrase where its owner wants one.
"""

import base64
import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage import disk
from storage.keyring import KEY_BYTES
from storage.vault import BrokenSeal, Key, Place

PUBLIC: Final = "bisik archive public key 1"
PRIVATE: Final = "bisik archive private key 1"
LOCKED: Final = "bisik archive private key under a passphrase 1"

_SEED_BYTES: Final = 64
_MLKEM_BYTES: Final = 1184
_SUM_BYTES: Final = 8
_SALT_BYTES: Final = 16
_LOCK: Final = Place("archive key", "private", b"")


class ArchiveKeyError(Exception):
    """What is wrong with a file of the archive's keys, in one sentence for the person whose it is."""


class PassphraseNeeded(ArchiveKeyError):
    """The archive's private key lies under a passphrase, and this is not it."""


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class PublicKey:
    """Seals what only the private half opens."""

    def __init__(self, raw: bytes) -> None:
        """`raw` is the ML-KEM-768 key and the X25519 key, one behind the other; raises ValueError."""
        mlkem, x25519 = raw[:_MLKEM_BYTES], raw[_MLKEM_BYTES:]
        self.raw = raw
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(mlkem), X25519PublicKey.from_public_bytes(x25519)
        )

    def seal(self, place: Place, content: bytes) -> bytes:
        return _suite().encrypt(content, self._key, info=place.encoded())


class PrivateKey:
    """Opens what was sealed to its public half; its repr shows nothing."""

    def __init__(self, raw: bytes) -> None:
        """`raw` is the seed of the ML-KEM-768 key and the X25519 key, one behind the other; raises ValueError."""
        self.raw = raw
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:_SEED_BYTES])
        self._x25519 = X25519PrivateKey.from_private_bytes(raw[_SEED_BYTES:])

    @classmethod
    def new(cls) -> "PrivateKey":
        mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        return cls(mlkem.private_bytes_raw() + x25519.private_bytes_raw())

    def public(self) -> PublicKey:
        return PublicKey(self._mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw())

    def open(self, place: Place, sealed: bytes) -> bytes:
        """What was sealed for that place; raises `BrokenSeal`."""
        key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)
        try:
            return _suite().decrypt(sealed, key, info=place.encoded())
        except (InvalidTag, ValueError):
            raise BrokenSeal from None


def create(private: Path, public: Path, passphrase: str = "") -> None:
    """Make a pair of keys, each half in a new file; raises `ArchiveKeyError` and then leaves neither."""
    key = PrivateKey.new()
    kind, raw = (LOCKED, _locked(key.raw, passphrase)) if passphrase else (PRIVATE, key.raw)
    _write(private, kind, raw, 0o600)
    try:
        _write(public, PUBLIC, key.public().raw, 0o644)
    except ArchiveKeyError:
        private.unlink()
        raise


def load_public(path: Path) -> PublicKey:
    """Raises `ArchiveKeyError`."""
    kind, raw = _read(path)
    if kind != PUBLIC:
        raise ArchiveKeyError(f"{path} is not an archive's public key: the server gets that half alone.")
    try:
        return PublicKey(raw)
    except ValueError:
        raise _broken(path) from None


def load_private(path: Path, passphrase: str = "") -> PrivateKey:
    """Raises `ArchiveKeyError`; that is `PassphraseNeeded` where another passphrase may help."""
    kind, raw = _read(path)
    if kind not in {PRIVATE, LOCKED}:
        raise ArchiveKeyError(f"{path} is not an archive's private key.")
    try:
        return PrivateKey(_unlocked(raw, passphrase) if kind == LOCKED else raw)
    except ValueError:
        raise _broken(path) from None


def _locked(raw: bytes, passphrase: str) -> bytes:
    salt = os.urandom(_SALT_BYTES)
    return salt + _lock(salt, passphrase).seal(_LOCK, raw)


def _unlocked(raw: bytes, passphrase: str) -> bytes:
    try:
        return _lock(raw[:_SALT_BYTES], passphrase).open(_LOCK, raw[_SALT_BYTES:])
    except BrokenSeal:
        raise PassphraseNeeded(PassphraseNeeded.__doc__) from None


def _lock(salt: bytes, passphrase: str) -> Key:
    # RFC 9106, the second choice, for where memory is scarce.
    argon2 = Argon2id(salt=salt, length=KEY_BYTES, iterations=3, lanes=4, memory_cost=64 * 1024)
    return Key(argon2.derive(passphrase.encode()))


def _write(path: Path, kind: str, raw: bytes, mode: int) -> None:
    text = f"{kind}\n{base64.b64encode(raw + sha256(raw).digest()[:_SUM_BYTES]).decode()}\n"
    try:
        with disk.new_file(path, mode) as file:
            file.write(text.encode())
    except FileExistsError:
        raise ArchiveKeyError(f"{path} is there already, and a key is never overwritten.") from None
    except OSError as error:
        raise ArchiveKeyError(f"{path} cannot be made: {error.strerror}.") from None


def _read(path: Path) -> tuple[str, bytes]:
    """What kind of key a file holds, and its bytes."""
    try:
        kind, written = path.read_text("ascii").splitlines()
        held = base64.b64decode(written, validate=True)
    except FileNotFoundError:
        raise ArchiveKeyError(f"There is no key at {path}.") from None
    except OSError as error:
        raise ArchiveKeyError(f"The key {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise _broken(path) from None
    raw, checksum = held[:-_SUM_BYTES], held[-_SUM_BYTES:]
    if sha256(raw).digest()[:_SUM_BYTES] != checksum:
        raise _broken(path)
    return kind, raw


def _broken(path: Path) -> ArchiveKeyError:
    return ArchiveKeyError(f"{path} is not a key of the archive, or is broken: bring back a copy of it.")
