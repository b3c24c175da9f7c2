"""The clock jumps by a day or a year, forth or back, and returns, again and again, while people send tips.

Moderators close and reject some of them, so that a jump forth finds tips that are long over their term. That night
nothing goes; and when the clock was put right nothing does either, for then none of them is over.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.app import App
from bot.conversation.case import from_json
from bot.conversation.retention import Term, term
from bot.services.context import QUIET_HOUR
from prove.crowd import goes_through
from prove.page import Finding, need
from prove.stage import Scene
from storage import tips

YEAR = 400
DAYS = (YEAR, -YEAR, 1, -1)
"""In turn, so that the jump that puts tips over their term is in every run."""
WRONG_SECONDS = (0.1, 1.0)
RIGHT_SECONDS = (2.0, 8.0)
"""At random; a draft does not outlive a year, so that people need some time to send a tip."""
OVER = 2
"""So many tips at least are closed or rejected before the clock jumps."""
ALL = 100_000


async def prove(folder: Path, jumps: int) -> Sequence[Finding]:
    """Let the clock jump so often; each time the bot's hourly work is done before it is put right."""
    found: list[int] = []

    async def trouble(scene: Scene, chance: Random) -> None:
        async with scene.bot() as app:
            _awake(scene, app)
            await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
            for n in range(jumps):
                await _closes(scene)
                days = DAYS[n % len(DAYS)]
                for there, seconds in ((days, WRONG_SECONDS), (-days, RIGHT_SECONDS)):
                    found.append(await _jumped(scene, app, there))
                    await asyncio.sleep(chance.uniform(*seconds))

    findings = await goes_through(folder, trouble, jumps)
    need(any(found), "No tip was over its term when the clock jumped.")
    return [
        Finding(f"tips over their term by a clock that was {YEAR} days ahead, and lost", f"0 of {sum(found):,}"),
        *findings,
    ]


def _awake(scene: Scene, app: App) -> None:
    """It is late enough that the night's work is done: before that hour nothing goes by any clock."""
    scene.clock.passes(hours=max(0, QUIET_HOUR - app.context.local_hour()))


async def _closes(scene: Scene) -> None:
    """Close or reject tips until enough are: others press meanwhile, who take them and open them again."""
    closed: set[int] = set()
    while len(closed) < OVER:
        await scene.waits(lambda: _offering(scene, "close") or len(_offering(scene, "reopen")) >= OVER)
        for card, data in _offering(scene, "close").items():
            for moderator in (scene.stage.dewi, scene.stage.agus):
                await moderator.taps(scene.stage.channel.message_by_id[card], data=data).answered()
        closed = set(_offering(scene, "reopen"))


def _offering(scene: Scene, act: str) -> dict[int, str]:
    """Cards whose buttons offer that act, with the button's data."""
    return {card.id: data for card in scene.cards() for data in card.taps if data.endswith(f"|{act}")}


async def _jumped(scene: Scene, app: App, days: int) -> int:
    """Let the clock jump and the hourly work be done; how many tips were over their term then."""
    scene.clock.passes(days=days)
    before = await _kept(app)
    await app._upkeep.hourly()  # noqa: SLF001 - as above
    need(before.keys() <= (await _kept(app)).keys(), "A tip was destroyed because the clock jumped.")
    return sum(before.values())


async def _kept(app: App) -> dict[bytes, bool]:
    """All tips, and whether each is over its term."""
    context = app.context
    async with context.database.reading() as tx:
        kept = await tips.after(tx, context.secrets, b"", ALL)
    cases = {one.id: from_json(one.summary) for one in kept if one.summary}
    return {tip: term(case, context.rules, context.today()) is Term.OVER for tip, case in cases.items()}
