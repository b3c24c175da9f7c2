"""Counters by one dimension at a time. Rule: a count is never joined to a tip, and never finer than a day."""

from collections.abc import Iterable
from typing import NamedTuple

from storage.sql import Transaction, queries


class Entry(NamedTuple):
    """What is counted once: in a period ("2025-11-24", "2025-11"), by a dimension, one of its values."""

    period: str
    dimension: str
    value: str


class Count(NamedTuple):
    period: str
    value: str
    n: int


async def count(tx: Transaction, entries: Iterable[tuple[str, str, str]]) -> None:
    """Add one for each entry, all in one statement."""
    rows = [Entry(*entry)._asdict() for entry in entries]
    if rows:
        await queries("tally").count(tx, rows)


async def read(tx: Transaction, dimension: str, first: str, last: str) -> list[Count]:
    """Counts of a dimension from the first period through the last, by period and value."""
    return [Count(*row) async for row in queries("tally").read(tx, dimension=dimension, first=first, last=last)]
