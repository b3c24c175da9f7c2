"""Who did what, on which day: an append-only chain.

Each line's link is an HMAC over the line and the link before it, so a changed, removed or inserted line shows.
A tail that was cut shows only against a head that was noted elsewhere. What is over its term goes from the beginning:
a signed checkpoint stands for the last line that went, and the chain is proved from there.
Rule: pseudonyms, no content, no hour.
"""

import hmac
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.tips import NUMBER_ALPHABET
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


def pseudonym(secrets: Secrets, user: int) -> str:
    """What stands for a person in the trail, such as `M-K7QX2`; it is theirs for as long as the audit key is there."""
    mac = int.from_bytes(secrets.audit.mac("person", b"%d" % user), "big")
    letters = (NUMBER_ALPHABET[mac // len(NUMBER_ALPHABET) ** n % len(NUMBER_ALPHABET)] for n in range(5))
    return f"M-{''.join(letters)}"


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

    `known` is a head that was noted elsewhere. It counts as such a line where the trail lacks it; one from before the
    checkpoint is past proof. The checkpoint's own number stands for a signature that is not ours.
    """
    last, broken = await _beginning(tx, secrets)
    met = known.n < last.n or known in (EMPTY, last)
    async with queries("audit").lines_cursor(tx) as rows:
        async for n, *entry, link in rows:
            if (n, link) != (last.n + 1, _link(secrets.audit, last, *entry)):
                broken.append(n)
            last = Head(n, link)
            met = met or last == known
    return sorted({*broken} if met else {*broken, known.n})


async def expire(tx: Transaction, secrets: Secrets, before: date) -> int:
    """Let go of the lines at the beginning whose days lie before that one; how many. Verify the trail first."""
    sql = queries("audit")
    row = await sql.last_before(tx, day=before.isoformat())
    if row is None:
        return 0
    last = Head(*row)
    await sql.sign(tx, **last._asdict(), mac=_signature(secrets.audit, last))
    await sql.drop_former(tx, n=last.n)
    return int(await sql.let_go(tx, n=last.n))


async def _beginning(tx: Transaction, secrets: Secrets) -> tuple[Head, list[int]]:
    """The checkpoint from which the chain is proved, and its number where its signature is not ours."""
    row = await queries("audit").checkpoint(tx)
    if row is None:
        return EMPTY, []
    n, link, mac = row
    signed = hmac.compare_digest(mac, _signature(secrets.audit, Head(n, link)))
    return Head(n, link), [] if signed else [n]


def _signature(key: Key, checkpoint: Head) -> bytes:
    return key.mac("checkpoint", canonical(str(checkpoint.n).encode(), checkpoint.link))


def _link(key: Key, before: Head, *entry: str) -> bytes:
    fields = (str(before.n + 1), *entry)
    return key.mac("audit", canonical(before.link, *(field.encode() for field in fields)))
