"""A parcel: bytes of any length in one sealed file, for whoever has its passphrase or private key.

`magic | purpose and locked key, each behind its length | chunks`. A random key seals the chunks with AES-256-GCM, each
bound to all that stands before the first, to its number and to whether it is the last, so that none is moved, left out
or cut off. Rule: nothing is held but a chunk.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.vault import BrokenSeal, Key, Place, canonical

CHUNK_BYTES: Final = 2**18
_MAGIC: Final = b"bisik parcel 1\n"
_MOST_BYTES: Final = 2**14
_LENGTH_BYTES: Final = 4
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_TAG_BYTES: Final = 16
# The second choice of RFC 9106, for machines that cannot spare 2 GiB. Another choice is another magic.
_ITERATIONS: Final = 3
_LANES: Final = 4
_MEMORY_KIB: Final = 2**16


class ParcelProblem(Exception):
    """Why a parcel cannot be made or opened, in one sentence for the person who wants it."""


class Lock(Protocol):
    """Locks a parcel's key: a passphrase, or the public half of a pair."""

    def seal(self, place: Place, content: bytes) -> bytes:
        """Seal the key for its place."""


class Unlock(Protocol):
    """Unlocks a parcel's key: a passphrase, or the private half of a pair."""

    def open(self, place: Place, sealed: bytes) -> bytes:
        """The key; raises `BrokenSeal`."""


class Passphrase:
    """Locks and unlocks by words, which Argon2id makes into a key; its repr shows nothing."""

    def __init__(self, words: str) -> None:
        self._words = words

    def seal(self, place: Place, content: bytes) -> bytes:
        salt = os.urandom(_SALT_BYTES)
        return salt + self._key(salt).seal(place, content)

    def open(self, place: Place, sealed: bytes) -> bytes:
        """Raises `BrokenSeal`."""
        if len(sealed) < _SALT_BYTES:
            raise BrokenSeal
        return self._key(sealed[:_SALT_BYTES]).open(place, sealed[_SALT_BYTES:])

    def _key(self, salt: bytes) -> Key:
        slow = Argon2id(salt=salt, length=_KEY_BYTES, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
        return Key(slow.derive(self._words.encode()))


def seal(file: BinaryIO, lock: Lock, purpose: str, pieces: Iterable[bytes]) -> None:
    """Write pieces, whose bounds are not kept, as a parcel for a purpose."""
    secret = os.urandom(_KEY_BYTES)
    head = _MAGIC + canonical(purpose.encode(), lock.seal(_place(purpose), secret))
    file.write(head)
    cipher = AESGCM(secret)
    file.writelines(cipher.encrypt(_nonce(n, last=last), chunk, head) for n, chunk, last in _numbered(_chunks(pieces)))


def opened(file: BinaryIO, unlock: Unlock, purpose: str) -> Iterator[bytes]:
    """The content in pieces, each as it was sealed; raises `ParcelProblem`, also after some pieces."""
    if file.read(len(_MAGIC)) != _MAGIC or _field(file) != purpose.encode():
        raise ParcelProblem(f"The file is no {purpose} of Bisik.")
    locked = _field(file)
    try:
        cipher = AESGCM(unlock.open(_place(purpose), locked))
    except BrokenSeal:
        raise ParcelProblem("This passphrase or key does not open it.") from None
    head = _MAGIC + canonical(purpose.encode(), locked)
    for n, chunk, last in _numbered(iter(lambda: file.read(CHUNK_BYTES + _TAG_BYTES), b"")):
        try:
            yield cipher.decrypt(_nonce(n, last=last), chunk, head)
        except (InvalidTag, ValueError):
            raise ParcelProblem("The file is cut short or damaged: take another copy of it.") from None


def _field(file: BinaryIO) -> bytes:
    return file.read(min(int.from_bytes(file.read(_LENGTH_BYTES), "big"), _MOST_BYTES))


def _place(purpose: str) -> Place:
    return Place("parcel", "key", b"", purpose)


def _nonce(n: int, *, last: bool) -> bytes:
    return n.to_bytes(11, "big") + bytes([last])


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    yield bytes(held)


def _numbered(chunks: Iterator[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Each chunk with its number and whether it is the last; an empty one where there is none."""
    n, chunk = 0, next(chunks, b"")
    for following in chunks:
        yield n, chunk, False
        n, chunk = n + 1, following
    yield n, chunk, True
