"""Submitted tips.

Rule: nothing in a tip's row leads to its reporter but the address, sealed under the key of its thread and
only while there is one. Number and receipt are drawn, never derived, and kept as keyed hashes.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final, TypeAlias

from storage.ids import new_id
from storage.purposes import Secrets
from storage.sql import Transaction, array, queries
from storage.vault import BrokenSeal, Key, Place

NUMBER_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O, 1 I L, and no U, which helps to spell."""
RECEIPT_DIGITS: Final = 16
_NUMBER_LENGTH: Final = 6
_TABLE: Final = "tips"

Row: TypeAlias = tuple[bytes, str, bytes]
"""A tip's id, its day, and its summary as it is sealed."""


@dataclass(frozen=True, slots=True)
class Tip:
    """What lists and cards need, opened without the tip's own key; `summary` None: its seal is broken."""

    id: bytes
    day: date
    summary: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTip:
    """A tip to be kept; `address` None is "code only". Summary and content are the caller's own bytes."""

    number: str
    receipt: str = field(repr=False)
    day: date
    summary: bytes = field(repr=False)
    content: bytes = field(repr=False)
    address: int | None = field(repr=False)


async def new_number(tx: Transaction, secrets: Secrets, chance: Random) -> str:
    """Draw a number such as `K7QX-2M` that no tip bears; keep the tip in the same transaction."""
    while True:
        drawn = "".join(chance.choice(NUMBER_ALPHABET) for _ in range(_NUMBER_LENGTH))
        if await find_by_number(tx, secrets, drawn) is None:
            return f"{drawn[:4]}-{drawn[4:]}"


def new_receipt(chance: Random) -> str:
    """Draw 16 digits, 53.1 bits."""
    return f"{chance.randrange(10**RECEIPT_DIGITS):0{RECEIPT_DIGITS}}"


async def submit(tx: Transaction, secrets: Secrets, tip: NewTip) -> bytes:
    """Keep a tip under a key of its own, and its thread under another; its random id."""
    tip_id, key, thread = new_id(), Key.new(), Key.new()
    await queries(_TABLE).submit(
        tx,
        id=tip_id,
        number_mac=_number_mac(secrets, tip.number),
        receipt_mac=_receipt_mac(secrets, tip.receipt),
        day=tip.day.isoformat(),
        wrapped=secrets.vault.wrap(place(tip_id, "wrapped"), key),
        thread=secrets.vault.wrap(place(tip_id, "thread"), thread),
        summary=secrets.index.seal(place(tip_id, "summary"), tip.summary),
        address=None if tip.address is None else thread.seal(place(tip_id, "address"), b"%d" % tip.address),
        content=key.seal(place(tip_id, "content"), tip.content),
    )
    return tip_id


async def summaries(tx: Transaction, secrets: Secrets, since: date) -> AsyncIterator[Tip]:
    """Tips received on `since` or later, by day, a few at a time; best inside `Database.reading()`."""
    async for row in rows(tx, since):
        yield opened_row(secrets, row)


async def rows(tx: Transaction, since: date) -> AsyncIterator[Row]:
    """As `summaries`, still sealed, for `opened_row`: the same seal holds the same summary."""
    async with queries(_TABLE).since_cursor(tx, day=since.isoformat()) as cursor:
        async for row in cursor:
            yield row


async def after(tx: Transaction, secrets: Secrets, cursor: bytes, most: int) -> list[Tip]:
    """At most so many tips, by id, behind the id `cursor` (empty at first): all of them piece by piece."""
    return [opened_row(secrets, row) async for row in queries(_TABLE).after(tx, id=cursor, most=most)]


async def count(tx: Transaction) -> int:
    return int(await queries(_TABLE).count(tx))


async def find(tx: Transaction, secrets: Secrets, tip_id: bytes) -> Tip | None:
    row = await queries(_TABLE).find(tx, id=tip_id)
    return row and opened_row(secrets, row)


async def find_by_number(tx: Transaction, secrets: Secrets, number: str) -> Tip | None:
    """Find by a number as people type it, in any case, with or without its hyphen."""
    row = await queries(_TABLE).by_number(tx, mac=_number_mac(secrets, number))
    return row and opened_row(secrets, row)


async def find_by_receipt(tx: Transaction, secrets: Secrets, receipt: str) -> Tip | None:
    """Find by a receipt as people type it, with or without spaces and hyphens. Throttle guesses before."""
    row = await queries(_TABLE).by_receipt(tx, mac=_receipt_mac(secrets, receipt))
    return row and opened_row(secrets, row)


async def receipt_among(tx: Transaction, secrets: Secrets, receipts: Iterable[str]) -> str | None:
    """One of these numbers that is the receipt of some tip, or None, in one query. Throttle guesses before."""
    macs = {_receipt_mac(secrets, receipt): receipt for receipt in receipts}
    row = await queries(_TABLE).by_receipts(tx, macs=b"".join(macs), numbers=array(range(len(macs))))
    return row and macs[row[0]]


async def read_content(tx: Transaction, secrets: Secrets, tip_id: bytes) -> bytes | None:
    """Content, or None when tip or key is gone; raises `BrokenSeal`."""
    row = await queries(_TABLE).content(tx, id=tip_id)
    return row and unwrapped(secrets, tip_id, row[0]).open(place(tip_id, "content"), row[1])


async def address(tx: Transaction, secrets: Secrets, tip_id: bytes) -> int | None:
    """Chat in which the reporter is told, or None: "code only", cut, or gone; raises `BrokenSeal`."""
    row = await queries(_TABLE).address(tx, id=tip_id)
    if row is None:
        return None
    *wrapped, sealed = row
    return int(thread_key(secrets, tip_id, *wrapped).open(place(tip_id, "address"), sealed))


async def set_summary(tx: Transaction, secrets: Secrets, tip_id: bytes, summary: bytes) -> None:
    sealed = secrets.index.seal(place(tip_id, "summary"), summary)
    await queries(_TABLE).summarise(tx, id=tip_id, summary=sealed)


async def set_address(tx: Transaction, secrets: Secrets, tip_id: bytes, chat: int) -> None:
    """Tell the reporter in this chat from now on; nothing when tip or key is gone; raises `BrokenSeal`."""
    wrapped = await queries(_TABLE).thread_key(tx, id=tip_id)
    if wrapped is not None:
        sealed = thread_key(secrets, tip_id, *wrapped).seal(place(tip_id, "address"), b"%d" % chat)
        await queries(_TABLE).readdress(tx, id=tip_id, address=sealed)


async def has_thread(tx: Transaction, tip_id: bytes) -> bool:
    """Whether the tip's talk can still be read and added to here."""
    return await queries(_TABLE).thread_key(tx, id=tip_id) is not None


async def cut_address(tx: Transaction, tip_id: bytes) -> None:
    await queries(_TABLE).cut_address(tx, id=tip_id)


async def destroy_keys(tx: Transaction, tip_ids: Iterable[bytes]) -> None:
    """Make tips and their files unreadable for good; `destroy` removes what is left of them."""
    rows = [{"id": tip_id} for tip_id in tip_ids]
    await queries(_TABLE).destroy_keys(tx, rows)
    await queries("files").destroy_keys(tx, rows)


async def destroy(tx: Transaction, tip_ids: Iterable[bytes]) -> None:
    """Remove tips: their keys first, with them their posts, then their files. `checkpoint` empties the log."""
    tip_ids = tuple(tip_ids)
    await queries(_TABLE).destroy(tx, [{"id": tip_id} for tip_id in tip_ids])
    await queries("files").discard_of(tx, [{"owner": tip_id} for tip_id in tip_ids])


def opened_row(secrets: Secrets, row: Row) -> Tip:
    """A tip from its id, day and sealed summary."""
    tip_id, day, summary = row
    try:
        return Tip(tip_id, date.fromisoformat(day), secrets.index.open(place(tip_id, "summary"), summary))
    except BrokenSeal:
        return Tip(tip_id, date.fromisoformat(day), None)


def unwrapped(secrets: Secrets, tip_id: bytes, wrapped: bytes) -> Key:
    """A tip's own key; raises `BrokenSeal`."""
    return secrets.vault.unwrap(place(tip_id, "wrapped"), wrapped)


def thread_key(secrets: Secrets, tip_id: bytes, thread: bytes | None, wrapped: bytes) -> Key:
    """The key of a tip's talk and address: that of its thread, or its own where it has none; raises `BrokenSeal`."""
    if thread is None:
        return unwrapped(secrets, tip_id, wrapped)
    return secrets.vault.unwrap(place(tip_id, "thread"), thread)


def _number_mac(secrets: Secrets, typed: str) -> bytes:
    return secrets.number.mac(_TABLE, _only(NUMBER_ALPHABET, typed.upper()))


def _receipt_mac(secrets: Secrets, typed: str) -> bytes:
    return secrets.receipt.mac(_TABLE, _only("0123456789", typed))


def _only(alphabet: str, typed: str) -> bytes:
    return "".join(sign for sign in typed if sign in alphabet).encode()


def place(tip_id: bytes, column: str) -> Place:
    """Where a value of a tip is sealed."""
    return Place(_TABLE, column, tip_id)
