"""Archived tips outside the bot: on the machine where the archive's private key lies, without keyring and settings.

Rule: what is written is for its owner's eyes alone, never over others, with the sums of all of it.
"""

import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot import regions
from bot.conversation.draft import Item, item_from
from bot.conversation.lexicon import Lexicon
from bot.conversation.post import Exhibit, exhibit
from bot.conversation.tip import reopened
from bot.conversation.world import World
from bot.groundwork import rules
from bot.handover import guide
from bot.handover.masking import Tip
from bot.handover.package import Packing
from bot.handover.sheet import file_name
from bot.locales.lexicon import LANGUAGES, lexicon
from bot.office import OfficeProblem, Wanted, packing, traces
from bot.services import talk
from bot.services.context import days
from bot.services.dossier import assembled
from bot.services.sheets import written
from bot.settings import Settings
from storage import archive
from storage.archive import Archived
from storage.archive_key import PrivateKey
from storage.database import Database
from storage.rotation import Tell
from storage.sql import Transaction
from storage.vault import BrokenSeal

TOLD: Final = "informasi.json"
NOT_KEPT: Final = frozenset({"code", "told", "due", "release", "items", "remark", "name"})
"""What an entry of the talk holds for the bot alone, and who of the moderators did it: the pseudonym stays."""


async def export(databases: Sequence[Path], key: PrivateKey, output: Path, tell: Tell) -> tuple[str, ...]:
    """Write each archived tip and its evidence, in a folder of its own, into `output`; the numbers of the tips.

    `output` is a folder, or a file that ends in .zip; neither may hold what is made. A tip that stands in several
    copies of a database is taken from the first. Raises `OfficeProblem`, and what `Database.open` raises.
    """
    numbers: dict[bytes, str] = {}
    with packing(output) as made:
        for path in _there(databases):
            async with _reading(path) as tx, aclosing(archive.read(tx, key)) as tips:
                whole = len(numbers) + await archive.count(tx)
                async for tip in tips:
                    if tip.id not in numbers:
                        numbers[tip.id] = await _pack(tx, key, made, tip)
                    tell(len(numbers), whole)
    return tuple(numbers.values())


async def hand_over(
    databases: Sequence[Path], key: PrivateKey, settings: Settings, wanted: Wanted, agree: Callable[[str], bool]
) -> tuple[str, ...]:
    """Make the files of a hand-over out of archived tips; their numbers, or none where who is asked does not agree.

    No database is changed, so no tip is moved. A talk that goes on lies with the server alone, and is not among the
    files. Raises as `export`, and `GuideProblem`.
    """
    now = datetime.now(UTC)
    world = World(days(now, settings.timezone), regions.load(), _lexicons(), rules(settings), 0)
    rulebook = guide.load(settings.handover_guide)
    numbers = {_handle(number) for number in wanted.numbers}
    found = [one for path in _there(databases) for one in await _wanted(path, key, numbers)]
    # A tip that stands in several copies of a database is taken from the first.
    tips = list({tip.case.number: (path, tip) for path, tip in reversed(found)}.values())
    if numbers != {_handle(tip.case.number) for _, tip in tips}:
        raise OfficeProblem("One of the numbers is not that of an archived tip in these databases.")
    if not agree(traces(world, [tip for _, tip in tips])):
        return ()
    with packing(wanted.output) as made:
        for path, tip in tips:
            order = wanted.order(tip.case.number, world.today[""])
            for name, data in written(rulebook, world, settings.timezone, tip, order).items():
                made.add(tip.case.number, name, data)
            async with _reading(path) as tx:
                await _fill(tx, key, made, tip.case.number, tip.exhibits)
    return tuple(tip.case.number for _, tip in tips)


def _handle(number: str) -> str:
    """A number as people type it, without what may be left out."""
    return number.upper().replace("-", "")


def _lexicons() -> dict[str, Lexicon]:
    return {language: lexicon(language) for language in LANGUAGES}


async def _wanted(path: Path, key: PrivateKey, numbers: Collection[str]) -> list[tuple[Path, Tip]]:
    async with _reading(path) as tx:
        found = [one async for one in archive.read(tx, key) if _handle(json.loads(one.summary)["number"]) in numbers]
    return [(path, assembled(one.summary, one.content, one.day, list(map(talk.read, one.entries)))) for one in found]


def _there(databases: Sequence[Path]) -> Sequence[Path]:
    for path in databases:
        if not path.is_file():
            raise OfficeProblem(f"There is no database at {path}.")
    return databases


@asynccontextmanager
async def _reading(path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(f"sqlite:///{path}")
    try:
        async with database.reading() as tx:
            yield tx
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
        "case": case | {"claim": case["claim"][0]},
        "answers": dict(draft.answers),
        "evidence": [_described(n, item) for n, item in enumerate(items, start=1)],
        "talk": [{name: value for name, value in entry.items() if name not in NOT_KEPT} for entry in talk],
    }
    made.add(number, TOLD, json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
    await _fill(tx, key, made, number, [exhibit(item, n) for n, item in enumerate(items, start=1)])
    return number


async def _fill(tx: Transaction, key: PrivateKey, made: Packing, number: str, exhibits: Sequence[Exhibit]) -> None:
    for one in filter(file_name, exhibits):
        chunks = [chunk async for chunk in archive.read_file(tx, key, bytes.fromhex(one.stored))]
        made.add(number, file_name(one), b"".join(chunks))


def _described(n: int, item: Item) -> dict[str, Any]:
    return {
        "file": file_name(exhibit(item, n)),
        "url": item.url,
        "note": item.note,
        "removed": item.removed,
        "original_sha256": item.original_sha256,
        "clean_sha256": item.clean_sha256,
    }
