"""What somebody learns who watches the channel, or who holds numbers and receipts: is there an order in any of it?"""

import json
import math
import statistics
from collections.abc import Collection, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bot.app import App
from bot.conversation.case import from_json
from prove.page import Finding, need
from prove.stage import Phone, lets_hurry, scene_in
from prove.walkers import Walker, people
from storage import outbox, tips

DELAY = 60
WALKERS = 10
DEVIATIONS = 4.0
"""A rank correlation of chance alone lies beyond so many deviations once in 15,000 times."""


class Owed(NamedTuple):
    """What may tell of a tip, as numbers: the minute before which it is not posted, its id, its number."""

    release: int
    tip: int
    number: int


async def prove(folder: Path, much: int) -> Sequence[Finding]:
    """Send so many tips one after another within a minute of the bot's clock, and compare orders."""
    async with scene_in(folder) as scene, scene.bot(BISIK_RELEASE_DELAY_MINUTES=str(DELAY)) as app:
        lets_hurry(app)
        walkers = [Walker(Phone(scene.simulator, one), patience=30) for one in people(scene.simulator, WALKERS)]
        marks, receipts, owed = count(), list[int](), dict[bytes, Owed]()
        for n in range(much):
            receipts.append(int((await walkers[n % WALKERS].sends_tip(f"tanda{next(marks):06}")).replace(" ", "")))
            owed |= await _owed(app, owed.keys())
    releases = [one.release for one in owed.values()]
    bound = DEVIATIONS / math.sqrt(much - 1)
    found = {
        f"sending and release, within a delay of {DELAY} minutes": _order(releases),
        "sending and receipts": _order(receipts),
        "sending and numbers": _order([one.number for one in owed.values()]),
        "sending and ids of tips": _order([one.tip for one in owed.values()]),
        "sending and ids of what is owed": _order([int.from_bytes(one) for one in owed]),
    }
    for what, rank in found.items():
        need(abs(rank) < bound, f"Order shows between {what}: {rank:.2f}.")
    need(len(set(releases)) > min(DELAY, much) // 4, "Tips are released at a few moments only.")
    return [
        Finding(f"rank correlation of {what} (chance alone: below {bound:.2f})", f"{rank:+.2f}")
        for what, rank in found.items()
    ]


async def _owed(app: App, known: Collection[bytes]) -> dict[bytes, Owed]:
    """Posts that are newly owed, by id; what is released at once is gone."""
    context, found = app.context, dict[bytes, Owed]()
    async with context.database.reading() as tx:
        for owed_id, kind in await outbox.ids(tx):
            if kind == "tip" and owed_id not in known:
                owed = await outbox.read(tx, context.secrets, owed_id)
                assert owed
                body = json.loads(owed.body)
                tip = await tips.find(tx, context.secrets, bytes.fromhex(body["tip"]))
                assert tip
                assert tip.summary
                number = from_json(tip.summary).number.replace("-", "")
                found[owed_id] = Owed(int(body["release"]), int.from_bytes(tip.id), int(number, 36))
    return found


def _order(values: Sequence[int]) -> float:
    """Rank correlation of values with the order in which they came."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return statistics.correlation(range(len(values)), [ranks[value] for value in values])
