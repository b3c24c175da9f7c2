"""What a moderator does is all or nothing, wherever the process dies, and is done once when it comes again."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from copied import copied_at_every_statement
from desk import MODERATORS, tap
from mortal import Home, Mortal, furnished
from office import SARI
from staff import RINA

from bot.conversation.case import Case
from bot.conversation.errands import Errand, Pressed
from bot.conversation.events import Arrival, Command, Commanded, Typed
from storage import audit, outbox, seen, tally

UPDATE = 70_000

Act = Callable[[Mortal], Awaitable[object]]
"""Done again as often as the platform hands it over."""


class Left(NamedTuple):
    """What an act leaves: the case, kinds of what was said and who waits for it, debts, audit lines, counts."""

    case: Case
    said: tuple[tuple[str, bool], ...]
    owed: tuple[str, ...]
    lines: int
    broken: int
    counted: int
    known: bool


async def left_by(bot: Mortal) -> Left:
    (number,) = bot.home.owners
    case, said, _ = await bot.knows(number)
    secrets = bot.context.secrets
    async with bot.context.database.reading() as tx:
        return Left(
            case,
            tuple((entry.kind, entry.due) for entry in said),
            tuple(sorted(kind for _, kind in await outbox.ids(tx))),
            (await audit.head(tx)).n,
            len(await audit.verify(tx, secrets)),
            sum(count.n for count in await tally.read(tx, "status", "2026", "2027")),
            UPDATE in await seen.known(tx, [UPDATE]),
        )


def pressed(code: str) -> Callable[[Mortal], Awaitable[Act]]:
    async def prepare(bot: Mortal) -> Act:
        (number,) = bot.home.owners
        errand = Errand(UPDATE, MODERATORS, bot.home.cards[number], RINA, Pressed(number, code))
        return lambda bot: bot.staff.desk.handle(errand)

    return prepare


async def confirmed(bot: Mortal) -> Act:
    """A question that is written, and has only to be confirmed."""
    (number,) = bot.home.owners
    code = (await bot.presses(RINA, number, "ask")).opens
    await bot.hears(RINA.user, Commanded(Command.START, code))
    check = await bot.hears(RINA.user, Typed("Jam berapa?"))
    arrival = Arrival(UPDATE, RINA.user, 3, tap(check, "confirm"))
    return lambda bot: bot.office.desk.intake.handle(arrival)


async def told_by(bot: Mortal) -> list[str]:
    """What the reporter reads when all that is owed is worked off."""
    await bot.works()
    return [screen.lines[0].key for chat, screen, _ in bot.platform.chats.said if chat == SARI]


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        pytest.param(pressed("take"), [], id="claim"),
        pytest.param(pressed("check"), ["standing.checking"], id="standing"),
        pytest.param(confirmed, ["tell.asked"], id="question"),
        pytest.param(pressed("close"), ["standing.closed"], id="closing"),
    ],
)
async def test_a_crash_at_any_statement_of_an_act_leaves_all_of_it_or_nothing_and_replay_does_it_once(
    tmp_path, tmp_path_factory, prepare, told
):
    """Killed before any statement, the bot finds nothing of the act or all of it; come again, it is there once."""
    home = await furnished(tmp_path_factory.mktemp("home"), (SARI,))
    origin = Mortal(home, tmp_path / "origin")
    await origin.wakes()
    act = await prepare(origin)
    nothing = await left_by(origin)
    copies = await copied_at_every_statement(origin.context.database, tmp_path, lambda: act(origin))
    everything = await left_by(origin)
    await origin.sleeps()
    found = [await _come_again(replace(home, folder=copy), copy.with_suffix(".again"), act) for copy in copies]

    assert len(copies) > 5
    assert {nothing, everything} == {before for before, _, _ in found}
    assert [(everything, told)] * len(copies) == [(after, heard) for _, after, heard in found]
    assert (0, nothing.lines + 1) == (everything.broken, everything.lines)


async def _come_again(home: Home, room: Path, act: Act) -> tuple[Left, Left, list[str]]:
    bot = Mortal(home, room)
    await bot.wakes()
    try:
        before = await left_by(bot)
        await act(bot)
        return before, await left_by(bot), await told_by(bot)
    finally:
        await bot.sleeps()
