"""The clock jumps by a day or a year, forth or back, and returns, again and again, while people send tips.

Moderators close and reject some of them, so that a jump forth finds tips that are long over their term. That night
nothing goes; and when the clock was put right nothing does either, for then none of them is over.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.app import App
from bot.conversation.case import Case, from_json
from bot.conversation.retention import Term, term
from bot.services.context import QUIET_HOUR
from prove.crowd import goes_through
from prove.page import Finding, need
from prove.stage import Scene, lets_hurry, number_of
from storage import tips

YEAR = 400
DAYS = (YEAR, -YEAR, 1, -1)
"""In turn, so that the jump that puts tips over their term is in every run."""
WRONG_SECONDS = (0.1, 1.0)
RIGHT_SECONDS = (2.0, 8.0)
"""At random; a draft does not outlive a year, so that people need some time to send a tip."""
ALL = 100_000


async def prove(folder: Path, jumps: int) -> Sequence[Finding]:
    """Let the clock jump so often; each time the bot's hourly work is done before it is put right."""
    found: list[int] = []

    async def trouble(scene: Scene, chance: Random) -> None:
        async with scene.bot() as app:
            lets_hurry(app)
            _awake(scene, app)
            await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
            for n in range(jumps):
                await _closes(scene, app)
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


async def _closes(scene: Scene, app: App) -> None:
    """Close every tip, until at least one is: others press meanwhile, who take them and open them again."""
    while not any(case.closed for case in (await _cases(app)).values()):
        await scene.waits(scene.cards)
        for card in scene.cards():
            for moderator in (scene.stage.dewi, scene.stage.agus):
                await moderator.taps(card, data=f"+|{number_of(card)}|close").answered()


async def _jumped(scene: Scene, app: App, days: int) -> int:
    """Let the clock jump and the hourly work be done; how many tips were over their term then."""
    scene.clock.passes(days=days)
    before, context = await _cases(app), app.context
    await app._upkeep.hourly()  # noqa: SLF001 - as above
    need(before.keys() <= (await _cases(app)).keys(), "A tip was destroyed because the clock jumped.")
    return sum(term(case, context.rules, context.today()) is Term.OVER for case in before.values())


async def _cases(app: App) -> dict[bytes, Case]:
    """All tips by their ids."""
    context = app.context
    async with context.database.reading() as tx:
        kept = await tips.after(tx, context.secrets, b"", ALL)
    return {one.id: from_json(one.summary) for one in kept if one.summary}
