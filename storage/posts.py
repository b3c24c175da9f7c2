"""Which messages in the moderators' chat show which tip. Rule: they go with their tip."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from storage.sql import Transaction, queries

TOPIC: Final = "topic"
"""Kind of a post that is no message of its own but the topic of the chat in which the others stand."""


class Post(NamedTuple):
    """A message by chat and message id; `kind` in the caller's words, `part` its place among that kind."""

    chat: int
    message: int
    kind: str
    part: int


class Slot(NamedTuple):
    """A piece of a tip's post before it has messages, as its posts will name it."""

    tip: bytes
    kind: str
    part: int


async def begin(tx: Transaction, slot: Slot) -> bool:
    """Note that a piece is about to be sent; False where that was noted before, or the tip is gone."""
    return bool(await queries("posts").begin(tx, **slot._asdict()))


async def end(tx: Transaction, slot: Slot) -> None:
    """What was begun is in the chat, or certainly is not."""
    await queries("posts").end(tx, **slot._asdict())


async def add(tx: Transaction, tip_id: bytes, posts: Iterable[Post]) -> None:
    await queries("posts").add(tx, [{"tip": tip_id, **post._asdict()} for post in posts])


async def of(tx: Transaction, tip_id: bytes) -> list[Post]:
    """Posts of a tip, each kind in its order."""
    return [Post(*row) async for row in queries("posts").of(tx, tip=tip_id)]


async def tip_of(tx: Transaction, chat: int, message: int) -> bytes | None:
    """Id of the tip that a message shows, such as the one that a moderator replies to.

    A topic shows none: whatever is said in it is formally a reply to it.
    """
    found: bytes | None = await queries("posts").tip_of(tx, chat=chat, message=message, topic=TOPIC)
    return found


async def forget(tx: Transaction, posts: Iterable[Post]) -> None:
    """Drop posts that are no longer in the chat."""
    await queries("posts").forget(tx, [{"chat": post.chat, "message": post.message} for post in posts])
