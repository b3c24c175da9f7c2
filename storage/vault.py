"""Keys, places and seals.

A seal is `version | nonce | AES-256-GCM(padded content)`. Its associated data is the place where it lies,
so that it opens nowhere else. Rule: whoever cannot open a seal learns `BrokenSeal` and nothing of why.

What a seal shows: content is padded with 0x80 and zeros to the next power of two, 256 bytes at least. So a
seal tells in which octave a length lies and no more: one of seven sizes for anything up to 16 KiB.

Nonces are 96 random bits. A row's own key seals that row's few versions; a key that seals many rows (the
outbox's) stays far below 2**32 seals, where the chance that two nonces meet is still 2**-32.
"""

import hmac
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.keyring import ID_BYTES, KEY_BYTES, Keyring, KeyringError, Watch, load

SMALLEST_CLASS = 256
_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16


class BrokenSeal(Exception):
    """A seal does not open."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lies: table, column, the row's id, which part of the value if it has several."""

    table: str
    column: str
    row: bytes
    part: str = ""

    def encoded(self) -> bytes:
        return canonical(self.table.encode(), self.column.encode(), self.row, self.part.encode())


def canonical(*fields: bytes) -> bytes:
    """Join fields so that no other list of fields gives the same bytes: each behind its length."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in fields)


def size_class(length: int) -> int:
    """How long `length` bytes are once padded: there is always room for the mark that ends the content."""
    return max(SMALLEST_CLASS, 1 << length.bit_length())


def padded(content: bytes) -> bytes:
    """Content up to its size class, behind the mark that ends it."""
    return (content + b"\x80").ljust(size_class(len(content)), b"\0")


def unpadded(content: bytes) -> bytes:
    return content.rstrip(b"\0")[:-1]


class Key:
    """256 secret bits that seal, wrap, authenticate and derive; its repr shows none of them."""

    __slots__ = ("_cipher", "secret")

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self._cipher = AESGCM(secret)

    @classmethod
    def new(cls) -> "Key":
        return cls(os.urandom(KEY_BYTES))

    def seal(self, place: Place, content: bytes) -> bytes:
        return _VERSION + self._encrypted(place, padded(content))

    def open(self, place: Place, sealed: bytes) -> bytes:
        """Content of a seal; raises `BrokenSeal`."""
        if sealed[:1] != _VERSION:
            raise BrokenSeal
        return unpadded(self._decrypted(place, sealed[1:]))

    def wrap(self, place: Place, key: "Key") -> bytes:
        return self._encrypted(place, key.secret)

    def unwrap(self, place: Place, wrapped: bytes) -> "Key":
        """Key that was wrapped; raises `BrokenSeal`."""
        return Key(self._decrypted(place, wrapped))

    def mac(self, context: str, data: bytes) -> bytes:
        """32-byte HMAC-SHA256 of `data`; another context gives an unrelated value."""
        return hmac.digest(self.secret, canonical(context.encode(), data), "sha256")

    def derive(self, use: str) -> "Key":
        """Another key for another use (HKDF-SHA256)."""
        return Key(HKDF(SHA256(), KEY_BYTES, salt=None, info=b"bisik " + use.encode()).derive(self.secret))

    def _encrypted(self, place: Place, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, place.encoded())

    def _decrypted(self, place: Place, sealed: bytes) -> bytes:
        if len(sealed) < _NONCE_BYTES + _TAG_BYTES:
            raise BrokenSeal
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encoded())
        except InvalidTag:
            raise BrokenSeal from None


def master_of(wrapped: bytes) -> bytes:
    """Id of the master key that a data key is wrapped by."""
    return wrapped[len(_VERSION) : len(_VERSION) + ID_BYTES]


class Vault:
    """Wraps data keys by the newest master, unwraps those of any: `version | master's id | nonce | key`.

    Rule: wrap only in a write transaction. A rotation destroys the former master in one, and so knows that whoever
    wraps before it has committed, and whoever wraps after it sees the keyring without that master.
    `made` is the day of the newest master.
    """

    def __init__(self, keyring: Keyring, watch: Watch | None = None) -> None:
        self._watch = watch
        self._hold(keyring)

    @classmethod
    def following(cls, path: Path) -> "Vault":
        """The vault of a keyring's file, which keeps up with rotations by another process; raises `KeyringError`."""
        return cls(load(path), Watch(path))

    def wrap(self, place: Place, key: Key) -> bytes:
        self._keep_up()
        return _VERSION + self._newest + self._masters[self._newest].wrap(place, key)

    def unwrap(self, place: Place, wrapped: bytes) -> Key:
        """Data key that was wrapped; raises `BrokenSeal`, also when the keyring lacks its master."""
        named = master_of(wrapped)
        if named not in self._masters:
            self._keep_up()
        if wrapped[:1] != _VERSION or named not in self._masters:
            raise BrokenSeal
        return self._masters[named].unwrap(place, wrapped[len(_VERSION) + ID_BYTES :])

    def _hold(self, keyring: Keyring) -> None:
        self._newest, self.made = keyring.newest.id, keyring.newest.made
        self._masters = {key.id: Key(key.secret).derive("wrap") for key in keyring.keys}

    def _keep_up(self) -> None:
        # A file that was taken away, such as on a stick that was pulled out, was not rotated: the keys held go on.
        with suppress(KeyringError):
            if self._watch and (keyring := self._watch.changed()):
                self._hold(keyring)
