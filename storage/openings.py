"""What opens something for one person: a random code in a button or a link, or a reply to a certain message.

Rule: of the code only a keyed hash is kept, and what it opens is sealed, bound to that hash and its tip. There is no
way from a tip to its codes, nor from a chat to its openings without the very message.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.tips import NUMBER_ALPHABET
from storage.vault import BrokenSeal, Place, canonical

CODE_LENGTH: Final = 20
"""98 bits in signs that are not mistaken for one another, and that a button and a start link can carry."""
_TABLE: Final = "openings"


@dataclass(frozen=True, slots=True)
class Opening:
    """What is opened, in the caller's own bytes, through the day `expires` or as long as its tip is there."""

    body: bytes = field(repr=False)
    expires: date
    tip: bytes | None = None


def new_code(chance: Random) -> str:
    return "".join(chance.choice(NUMBER_ALPHABET) for _ in range(CODE_LENGTH))


async def make(tx: Transaction, secrets: Secrets, opening: Opening, chance: Random) -> str:
    """Keep an opening; the code that opens it."""
    code = new_code(chance)
    await _add(tx, secrets, _coded(secrets, code), opening)
    return code


async def note_message(tx: Transaction, secrets: Secrets, chat: int, message: int, opening: Opening) -> None:
    """Keep an opening that is found by a message in a private chat; what was noted for it before gives way."""
    await _add(tx, secrets, _sent(secrets, chat, message), opening)


async def read(tx: Transaction, secrets: Secrets, code: str) -> Opening | None:
    """What a code opens, or None; raises `BrokenSeal`."""
    handle = _coded(secrets, code)
    return _opened(secrets, handle, await queries(_TABLE).read(tx, handle=handle))


async def read_message(tx: Transaction, secrets: Secrets, chat: int, message: int) -> Opening | None:
    """What a reply to this message opens, or None; raises `BrokenSeal`."""
    handle = _sent(secrets, chat, message)
    return _opened(secrets, handle, await queries(_TABLE).read(tx, handle=handle))


async def take(tx: Transaction, secrets: Secrets, code: str) -> Opening | None:
    """As `read`, and the code opens nothing any more; for what may be opened once."""
    handle = _coded(secrets, code)
    return _opened(secrets, handle, await queries(_TABLE).take(tx, handle=handle))


async def close(tx: Transaction, tip_id: bytes) -> None:
    """Remove all openings of a tip."""
    await queries(_TABLE).close(tx, tip=tip_id)


async def close_but(tx: Transaction, secrets: Secrets, tip_id: bytes, stays: Callable[[bytes], bool]) -> None:
    """Remove those openings of a tip whose body does not stay; what does not open, goes."""
    rows = [row async for row in queries(_TABLE).of(tx, tip=tip_id)]
    over = [handle for handle, sealed in rows if not _stays(secrets, _place(handle, tip_id), sealed, stays)]
    await queries(_TABLE).discard(tx, [{"handle": handle} for handle in over])


async def expire(tx: Transaction, today: date) -> int:
    """Remove openings whose last day is over; how many."""
    return int(await queries(_TABLE).expire(tx, today=today.isoformat()))


async def _add(tx: Transaction, secrets: Secrets, handle: str, opening: Opening) -> None:
    sealed = secrets.opening.sealing.seal(_place(handle, opening.tip), opening.body)
    expires = opening.expires.isoformat()
    await queries(_TABLE).add(tx, handle=handle, expires=expires, tip=opening.tip, sealed=sealed)


def _opened(secrets: Secrets, handle: str, row: tuple[str, bytes | None, bytes] | None) -> Opening | None:
    if row is None:
        return None
    expires, tip, sealed = row
    return Opening(secrets.opening.sealing.open(_place(handle, tip), sealed), date.fromisoformat(expires), tip)


def _stays(secrets: Secrets, place: Place, sealed: bytes, stays: Callable[[bytes], bool]) -> bool:
    try:
        return stays(secrets.opening.sealing.open(place, sealed))
    except BrokenSeal:
        return False


def _coded(secrets: Secrets, code: str) -> str:
    # A link can bring half a sign, which no encoding takes; a code has none.
    return secrets.opening.handle("codes", code.encode(errors="replace"))


def _sent(secrets: Secrets, chat: int, message: int) -> str:
    return secrets.opening.handle("messages", canonical(b"%d" % chat, b"%d" % message))


def _place(handle: str, tip: bytes | None) -> Place:
    return Place(_TABLE, "sealed", bytes.fromhex(handle), (tip or b"").hex())
