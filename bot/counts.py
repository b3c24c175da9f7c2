"""`bisik stats` and `bisik export`: the tally beside a running bot, read and never written, with no key at hand.

Rule: `stats` hides what is under five, as chats do, for a terminal is looked at by more than one. Whole numbers leave
only by `export`, into a file for its owner's eyes (0600), and never over another.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter  # type: ignore[import-untyped] # it ships no types

from bot import regions
from bot.conversation.figures import LEAST, about, screen, understood
from bot.conversation.regions import RegionTable
from bot.locales.catalogue import Catalogues
from bot.services import statistics
from bot.settings import Settings
from storage import disk, tally
from storage.database import beside

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


class Row(NamedTuple):
    """A counter: `period` is a day or a month, `value` a code, `name` what it is called."""

    dimension: str
    period: str
    value: str
    name: str
    n: int


async def stats(settings: Settings, words: str, today: date) -> str:
    """What `/statistik` answers to these words, as plain text."""
    table = regions.load()
    query, whole = understood(words, table)
    async with beside(settings.database_url) as tx:
        counts = await statistics.read(tx, query, today)
    catalogue = Catalogues.load(settings.default_language).of(settings.moderator_language)
    return "\n\n".join(catalogue.draw(line) for line in screen(query, counts, table, whole=whole).lines)


async def stats_json(settings: Settings, words: str, today: date) -> str:
    """The same for a script: counts by dimension and code, "<5" where a chat would show that."""
    query, whole = understood(words, regions.load())
    async with beside(settings.database_url) as tx:
        counts = await statistics.read(tx, query, today)
    shown = {
        dimension: {value: n if n >= LEAST else f"<{LEAST}" for value, n in counted.items() if n}
        for dimension, counted in counts.items()
    }
    return json.dumps({"topic": query.topic, "span": query.span, "region": query.region, "whole": whole} | shown)


async def export(settings: Settings, form: str, first: date, last: date) -> bytes:
    """Every counter of the days from first through last, and of the months that they touch, as csv, xlsx or json."""
    table, catalogues = regions.load(), Catalogues.load(settings.default_language)
    async with beside(settings.database_url) as tx:
        counted = await tally.dated(tx, first, last)
    name = _namer(catalogues, settings.moderator_language, table)
    return FORMS[form]([Row(*row[:3], name(row[0], row[2]), row[3]) for row in counted])


def _namer(catalogues: Catalogues, language: str, table: RegionTable) -> Callable[[str, str], str]:
    catalogue = catalogues.of(language)
    return lambda dimension, value: catalogue.draw(about(dimension, value, table))


def write(path: Path, data: bytes) -> None:
    """Make the file, for its owner alone; raises `FileExistsError` where there is one, and `OSError`."""
    with disk.new_file(path) as file:
        file.write(data)


def safe(text: str) -> str:
    """A text that no spreadsheet reads as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(Row._fields)
    writer.writerows([*map(safe, row[:-1]), row.n] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # with its mark, or a spreadsheet takes it for another encoding


def _xlsx(rows: Sequence[Row]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet: Any = book.add_worksheet("Bisik")
        for number, row in enumerate([Row._fields, *rows]):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 3, 22)
    return file.getvalue()


def _json(rows: Sequence[Row]) -> bytes:
    return json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=1).encode()


FORMS: dict[str, Callable[[Sequence[Row]], bytes]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}
