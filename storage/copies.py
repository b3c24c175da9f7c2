"""Which messages besides its posts show a tip, in whatever chat a moderator asked for it.

Rule: they go with their tip, as its posts do. A private chat names its moderator, so chat and message are sealed, and
found by their tip alone.
"""

import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from storage.posts import Post
from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import BrokenSeal, Place

COPY: Final = "copy"
"""Kind of a copy, where it is taken back like a post."""
_TABLE: Final = "copies"
_WHERE: Final = struct.Struct(">qq")


async def note(tx: Transaction, secrets: Secrets, tip_id: bytes, chat: int, messages: Iterable[int]) -> None:
    """Keep where a tip is shown; what is known already, or of a tip that is gone, changes nothing."""
    await queries(_TABLE).note(tx, [_row(secrets, tip_id, _WHERE.pack(chat, message)) for message in messages])


async def of(tx: Transaction, secrets: Secrets, tip_id: bytes) -> list[Post]:
    """Copies of a tip as its posts are told; one that does not open is left out, for it can no longer be found."""
    found = []
    async for handle, sealed in queries(_TABLE).of(tx, tip=tip_id):
        with suppress(BrokenSeal):
            chat, message = _WHERE.unpack(secrets.opening.sealing.open(_place(handle, tip_id), sealed))
            found.append(Post(chat, message, COPY, 0))
    return found


def _row(secrets: Secrets, tip_id: bytes, where: bytes) -> dict[str, object]:
    handle = secrets.opening.handle(_TABLE, tip_id + where)
    sealed = secrets.opening.sealing.seal(_place(handle, tip_id), where)
    return {"handle": handle, "tip": tip_id, "sealed": sealed}


def _place(handle: str, tip_id: bytes) -> Place:
    return Place(_TABLE, "sealed", bytes.fromhex(handle), tip_id.hex())
