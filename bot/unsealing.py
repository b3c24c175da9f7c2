"""Archived tips outside the bot: on the machine where the archive's private key lies, without keyring and settings.

Rule: what is written is for its owner's eyes alone, never over others, with the sums of all of it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.conversation.draft import Item, item_from
from bot.conversation.post import exhibit
from bot.conversation.tip import reopened
from bot.handover.package import Packing
from bot.handover.sheet import file_name
from bot.office import OfficeProblem, packing
from storage import archive
from storage.archive import Archived
from storage.archive_key import PrivateKey
from storage.database import Database
from storage.sql import Transaction
from storage.vault import BrokenSeal

TOLD: Final = "informasi.json"
NOT_KEPT: Final = frozenset({"code", "told", "due", "release", "items", "remark"})
"""What an entry of the talk holds for the bot alone."""


async def export(databases: Sequence[Path], key: PrivateKey, output: Path) -> tuple[str, ...]:
    """Write each archived tip and its evidence, in a folder of its own, into `output`; the numbers of the tips.

    `output` is a folder, or a file that ends in .zip; neither may hold what is made. Raises `OfficeProblem`, and what
    `Database.open` raises.
    """
    for path in databases:
        if not path.is_file():
            raise OfficeProblem(f"There is no database at {path}.")
    numbers: list[str] = []
    with packing(output) as made:
        for path in databases:
            numbers += await _of(path, key, made)
    return tuple(numbers)


async def _of(path: Path, key: PrivateKey, made: Packing) -> list[str]:
    database = await Database.open(f"sqlite:///{path}")
    try:
        async with database.reading() as tx:
            return [await _pack(tx, key, made, tip) async for tip in archive.read(tx, key)]
    except BrokenSeal:
        raise OfficeProblem(f"The archive's key does not open {path}: it is another archive's.") from None
    finally:
        await database.close()


async def _pack(tx: Transaction, key: PrivateKey, made: Packing, tip: Archived) -> str:
    case, draft = json.loads(tip.summary), reopened(tip.content)
    number: str = case["number"]
    talk = [json.loads(entry) for entry in tip.entries]
    items = [*draft.kept, *(item_from(item) for entry in talk for item in entry["items"])]
    told = {
        "number": number,
        "day": tip.day.isoformat(),
        "case": case,
        "answers": dict(draft.answers),
        "evidence": [_described(n, item) for n, item in enumerate(items, start=1)],
        "talk": [{name: value for name, value in entry.items() if name not in NOT_KEPT} for entry in talk],
    }
    made.add(number, TOLD, json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
    for n, item in enumerate(items, start=1):
        if item.stored:
            chunks = [chunk async for chunk in archive.read_file(tx, key, bytes.fromhex(item.stored))]
            made.add(number, file_name(exhibit(item, n)), b"".join(chunks))
    return number


def _described(n: int, item: Item) -> dict[str, Any]:
    return {
        "file": file_name(exhibit(item, n)),
        "url": item.url,
        "note": item.note,
        "removed": item.removed,
        "original_sha256": item.original_sha256,
        "clean_sha256": item.clean_sha256,
    }
