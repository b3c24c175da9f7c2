"""Counters by one dimension at a time. Rule: a count is never joined to a tip, and never finer than a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from storage.sql import Transaction, array, queries


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


async def sums(
    tx: Transaction, dimensions: Iterable[str], periods: Iterable[str], within: str = ""
) -> dict[str, dict[str, int]]:
    """Sums over the periods, by dimension and value; of the values alone that begin with `within`."""
    found: dict[str, dict[str, int]] = {}
    where = {"dimensions": array(dimensions), "periods": array(periods), "within": within, "beyond": f"{within}\uffff"}
    async for dimension, value, n in queries("tally").sums(tx, **where):
        found.setdefault(dimension, {})[value] = n
    return found


async def flow(tx: Transaction, dimension: str, value: str, periods: Sequence[str], last: date) -> dict[str, int]:
    """Counts of a value in each of some days or months, in their order, up to the day `last`."""
    where = {"dimension": dimension, "value": value, "first": periods[0], "last": last.isoformat()}
    found = {row[0]: row[1] async for row in queries("tally").flow(tx, **where, signs=len(periods[0]))}
    return {period: found.get(period, 0) for period in periods}


async def dated(tx: Transaction, first: date, last: date) -> list[tuple[str, str, str, int]]:
    """Every counter of the days from first through last, and of the months that they touch.

    (dimension, period, value, n), by dimension, period and value.
    """
    days, months = (first.isoformat(), last.isoformat()), (first.isoformat()[:7], last.isoformat()[:7])
    rows = queries("tally").dated(tx, first=days[0], last=days[1], first_month=months[0], last_month=months[1])
    return [tuple(row) async for row in rows]
