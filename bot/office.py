"""What commands do with tips beside a running bot: read one in the terminal, hand some over as files.

Rule: files are made for their owner's eyes alone (0600) and never over others; a tip is moved only when its files are
there. Whoever can run this holds the keyring: nothing here stands between them and a tip.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bot import groundwork
from bot.conversation.card import card_lines
from bot.conversation.case import Actor
from bot.conversation.casework import refusal
from bot.conversation.post import compose
from bot.conversation.world import World
from bot.handover import guide
from bot.handover.guide import Guide
from bot.handover.letters import plain
from bot.handover.masking import Tip, found
from bot.handover.package import Folder, Package, Packing
from bot.handover.sheet import file_name
from bot.locales.catalogue import Catalogues
from bot.services import debts, dossier, sheets
from bot.services.context import Context
from bot.services.handover import forward, vouch
from bot.settings import Settings
from storage import archive, disk, files
from storage import tips as stored

CONSOLE = "console"
"""The pseudonym of whoever acts by a command."""


class OfficeProblem(Exception):
    """What was asked cannot be done; the sentence is for who asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hand-over by command: `output` is a folder, or a file that ends in .zip; neither may hold what is made."""

    numbers: tuple[str, ...]
    output: Path
    to: str
    by: str
    second: str
    as_told: bool

    def order(self, number: str, day: date) -> sheets.Order:
        return sheets.Order(number, self.to, self.by, self.second, not self.as_told, day.isoformat())


async def show(settings: Settings, number: str, evidence: Path | None = None) -> str:
    """All of a tip as text: what was told, the talk, the evidence; `evidence` is a folder to write the files into."""
    async with groundwork.beside(settings) as context:
        [tip] = await _tips(context, [number])
        if evidence:
            for one in filter(file_name, tip.exhibits):
                _write(evidence / file_name(one), await _bytes(context, one.stored))
        return plain(_told(context, settings, tip))


def _told(context: Context, settings: Settings, tip: Tip) -> str:
    words = Catalogues.load(settings.default_language).of(settings.moderator_language)
    world = context.world()
    post = compose(tip.draft, tip.case, replace(world, rules=replace(world.rules, forwards_content=True)))
    exhibits = [f"{file_name(one) or one.url} {one.note}".rstrip() for one in tip.exhibits]
    texts = [
        *map(words.draw, card_lines(tip.case, world, {})),
        *map(words.draw, post.body),
        post.story,
        *map(words.draw, (*tip.talk, *tip.notes)),
    ]
    return "\n\n".join([*texts, "\n".join(exhibits)]).rstrip() + "\n"


async def hand_over(settings: Settings, wanted: Wanted, agree: Callable[[str], bool]) -> tuple[str, ...]:
    """Make the files, then move the tips to "forwarded"; their numbers, or none where who is asked does not agree.

    `agree` is shown what could lead to a reporter. Reporters who are told in their chat are told within the hour, or
    when the bot starts. Raises `OfficeProblem`.
    """
    rulebook = guide.load(settings.handover_guide)
    async with groundwork.beside(settings) as context:
        tips = await _tips(context, wanted.numbers)
        for tip in tips:
            refused = refusal(tip.case, "forward", _worker(tip, wanted), wanted.to)
            if refused:
                raise OfficeProblem(f"{tip.case.number}: a tip that is closed or rejected is not handed over.")
        if not agree(traces(context.world(), tips)):
            return ()
        with packing(wanted.output) as made:
            for tip in tips:
                await _pack(context, rulebook, made, tip, wanted)
        await _moved(context, tips, wanted)
        return tuple(tip.case.number for tip in tips)


def _worker(tip: Tip, wanted: Wanted) -> Actor:
    """Whoever works the tip goes on working it; the trail shows beside them that a command did it."""
    return Actor(*tip.case.claim) if tip.case.claim[0] else Actor(CONSOLE, wanted.by)


def traces(world: World, tips: Iterable[Tip]) -> str:
    """What could lead to a reporter, a line for each tip."""
    quoted = ((tip.case.number, ", ".join(f"“{plain(one)}”" for one in found(tip, world))) for tip in tips)
    return "\n".join(f"{number}: {words or '-'}" for number, words in quoted)


async def _pack(context: Context, rulebook: Guide, packing: Packing, tip: Tip, wanted: Wanted) -> None:
    number = tip.case.number
    order = wanted.order(number, context.today())
    for name, data in sheets.written(rulebook, context.world(), context.timezone, tip, order).items():
        packing.add(number, name, data)
    await sheets.fill(packing, context, number, [one for one in tip.exhibits if file_name(one)])


async def _moved(context: Context, tips: Sequence[Tip], wanted: Wanted) -> None:
    async with context.database.transaction() as tx:
        for tip in tips:
            worker = _worker(tip, wanted)
            await debts.note(tx, context, await forward(tx, context, tip.case, wanted.to, worker))
            await vouch(tx, context, wanted.to, Actor(CONSOLE, wanted.second), worker)


async def _tips(context: Context, numbers: Sequence[str]) -> list[Tip]:
    tips = dict[str, Tip]()  # one that is named in two ways is one
    async with context.database.reading() as tx:
        for number in numbers:
            tip = await dossier.numbered(tx, context, number)
            if tip is None:
                found = await stored.find_by_number(tx, context.secrets, number)
                if found and await archive.is_archived(tx, found.id):
                    raise OfficeProblem("One of the numbers is that of a tip that opens only with the archive key.")
                raise OfficeProblem("One of the numbers is not that of a tip whose content can be opened here.")
            tips[tip.case.number] = tip
    return list(tips.values())


async def _bytes(context: Context, stored: str) -> bytes:
    async with context.database.reading() as tx:
        return await files.whole(tx, context.secrets, bytes.fromhex(stored)) or b""


@contextmanager
def packing(output: Path) -> Iterator[Packing]:
    """A package at a path where nothing is yet; what was begun is taken away where it does not end well."""
    if output.suffix.lower() != ".zip":
        with ExitStack() as unfinished:
            folder = Folder(partial(_put, unfinished, output))
            yield folder
            folder.close()
            unfinished.pop_all()
        return
    with _new(output) as out, closing(Package(out)) as package:
        yield package


def _put(unfinished: ExitStack, folder: Path, name: str, data: bytes) -> None:
    """Write a file of a package that may still fail: then it goes, and so do folders that hold nothing else."""
    path = folder / name
    for made in (folder, path.parent):
        if not made.exists():
            _make(made)
            unfinished.callback(_drop, made)
    _write(path, data)
    unfinished.callback(path.unlink)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise OfficeProblem(f"{folder} cannot be made: {error.strerror}.") from None


def _drop(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _write(path: Path, data: bytes) -> None:
    with _new(path) as out:
        out.write(data)


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there, for its owner's eyes alone, and there whole or not at all."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with disk.new_file(path) as file:
            yield file
    except OSError as error:
        raise OfficeProblem(f"{path} cannot be made: {error.strerror}.") from None
