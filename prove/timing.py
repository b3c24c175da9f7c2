"""What somebody learns who watches the channel, or who holds numbers and receipts: is there an order in any of it?"""

import json
import math
import statistics
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from bot.app import App
from prove.page import Finding, need
from prove.stage import Phone, scene_in
from prove.walkers import Walker, people
from storage import outbox

DELAY = 60
WALKERS = 10
DEVIATIONS = 4.0
"""A rank correlation of chance alone lies beyond so many deviations once in 15,000 times."""


async def prove(folder: Path, tips: int) -> Sequence[Finding]:
    """Send so many tips one after another within a minute of the bot's clock, and compare orders."""
    async with scene_in(folder) as scene, scene.bot(BISIK_RELEASE_DELAY_MINUTES=str(DELAY)) as app:
        walkers = [Walker(Phone(scene.simulator, one), patience=30) for one in people(scene.simulator, WALKERS)]
        marks, receipts, releases, owed_ids = count(), [], [], []
        known: set[bytes] = set()
        for n in range(tips):
            receipts.append(int((await walkers[n % WALKERS].sends_tip(f"tanda{next(marks):06}")).replace(" ", "")))
            for owed_id, release in await _owed(app, known):
                known.add(owed_id)
                owed_ids.append(int.from_bytes(owed_id))
                releases.append(release)
    bound = DEVIATIONS / math.sqrt(tips - 1)
    found = {
        f"sending and release, within a delay of {DELAY} minutes": _order(releases),
        "sending and receipts": _order(receipts),
        "sending and ids of what is owed": _order(owed_ids),
    }
    for what, rank in found.items():
        need(abs(rank) < bound, f"Order shows between {what}: {rank:.2f}.")
    need(len(set(releases)) > min(DELAY, tips) // 4, "Tips are released at a few moments only.")
    return [
        Finding(f"rank correlation of {what} (chance alone: below {bound:.2f})", f"{rank:+.2f}")
        for what, rank in found.items()
    ]


async def _owed(app: App, known: set[bytes]) -> list[tuple[bytes, int]]:
    """Posts that are newly owed: id, and the minute before which it is not sent; what is released at once is gone."""
    context, found = app.context, []
    async with context.database.reading() as tx:
        for owed_id, kind in await outbox.ids(tx):
            if kind == "tip" and owed_id not in known:
                owed = await outbox.read(tx, context.secrets, owed_id)
                assert owed
                found.append((owed_id, int(json.loads(owed.body)["release"])))
    return found


def _order(values: Sequence[int]) -> float:
    """Rank correlation of values with the order in which they came."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return statistics.correlation(range(len(values)), [ranks[value] for value in values])
