"""Who did what, on which day: an append-only chain.

Each line's link is an HMAC over the line and the link before it, so a changed, removed or inserted line shows.
A tail that was cut shows only against a head that was noted elsewhere. Rule: pseudonyms, no content, no hour.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import Key, canonical


class Line(NamedTuple):
    """An act by a pseudonym upon a pseudonym; `subject` may be empty."""

    day: date
    act: str
    actor: str
    subject: str = ""


class Head(NamedTuple):
    """The last line's number and link."""

    n: int
    link: bytes


EMPTY = Head(0, b"")


async def head(tx: Transaction) -> Head:
    return Head(*(await queries("audit").head(tx) or EMPTY))


async def append(tx: Transaction, secrets: Secrets, lines: Iterable[Line]) -> Head:
    """Add lines; the new head."""
    last = await head(tx)
    rows = []
    for line in lines:
        entry = line._asdict() | {"day": line.day.isoformat()}
        last = Head(last.n + 1, _link(secrets.audit, last, *entry.values()))
        rows.append(entry | last._asdict())
    await queries("audit").append(tx, rows)
    return last


async def verify(tx: Transaction, secrets: Secrets, known: Head = EMPTY) -> list[int]:
    """Numbers of lines that do not follow from the line before them; empty when the trail is whole.

    `known` is a head that was noted elsewhere. It counts as such a line where the trail lacks it.
    """
    broken = []
    last = EMPTY
    met = known == EMPTY
    async with queries("audit").lines_cursor(tx) as rows:
        async for n, *entry, link in rows:
            if (n, link) != (last.n + 1, _link(secrets.audit, last, *entry)):
                broken.append(n)
            last = Head(n, link)
            met = met or last == known
    return broken if met else sorted({*broken, known.n})


def _link(key: Key, before: Head, *entry: str) -> bytes:
    fields = (str(before.n + 1), *entry)
    return key.mac("audit", canonical(before.link, *(field.encode() for field in fields)))
