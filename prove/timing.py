"""What somebody learns who watches the channel, or who holds numbers, receipts and ids: is there time or order in any?

People send in bursts, all of one within a minute, and between two bursts some minutes, hours or days pass. What is
made of the moment is then alike within a burst, and what is made of a count goes on from one tip to the next.
"""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.app import App
from bot.conversation.case import from_json
from bot.services.debts import Kind
from prove.chance import SURPRISE_MOST, order_kept, order_most, surprise, unevenness, unevenness_most
from prove.hearing import Hearing, Tip
from prove.page import Finding, need
from prove.stage import Scene, lets_hurry, scene_in
from prove.talks import Reporter
from storage import outbox, tips
from storage.ids import new_id
from storage.outbox import Owed

DELAY = 60
BURST = 20
APART_SECONDS = 2
PAUSES = (60, 3600, 24 * 3600)
"""Some of these units, in seconds, lie between a burst whose tips are all posted and the next."""
FIRST_ID = 550_000_000
HEX = "0123456789abcdef"
DRAWN: Mapping[str, str] = {
    "receipts": "0123456789",
    "numbers": tips.NUMBER_ALPHABET,
    "ids of tips": HEX,
    "ids of what is owed": HEX,
}
"""What names a tip, and the signs that it is made of."""


@dataclass
class Sent:
    """A tip: what names it, as in `DRAWN`, in which minute it was sent, and in which the channel showed it.

    Its post was owed under no id where it was there before anybody could look.
    """

    told: Tip
    names: Mapping[str, str]
    minute: int
    shown: int = -1

    @property
    def waited(self) -> int:
        return self.shown - self.minute


@dataclass
class Watch:
    """Sends tips, and sees minute by minute what the channel shows."""

    scene: Scene
    app: App
    hearing: Hearing
    chance: Random

    async def burst(self, much: int) -> list[Sent]:
        """So many tips within a minute, and the minutes until each must have been posted."""
        self._pauses()
        sent = []
        for _ in range(much):
            sent.append(await self._sends())
            self.scene.clock.passes(seconds=APART_SECONDS)
        for _ in range(DELAY + 1):
            await self._looks(sent)
            self.scene.clock.passes(minutes=1)
        need(all(one.told.card for one in sent), "A tip was not posted when its delay was over.")
        return sent

    def _pauses(self) -> None:
        """Until the beginning of a minute."""
        self.scene.clock.passes(seconds=self.chance.randrange(1, 60) * self.chance.choice(PAUSES))
        self.scene.clock.now = self.scene.clock.now.replace(second=0, microsecond=0)

    async def _sends(self) -> Sent:
        told = self.hearing.begins(sentences=1)
        person = self.scene.simulator.person(FIRST_ID + told.n, f"Pelapor {told.n}", language_code="id")
        receipt = await Reporter(self.hearing.chat_of(person, told), told).tells()
        return Sent(told, await self._names(receipt.replace(" ", "")), self.app.context.minute())

    async def _names(self, receipt: str) -> dict[str, str]:
        """By what is kept of the tip to which the receipt leads."""
        context = self.app.context
        async with context.database.reading() as tx:
            tip = await tips.find_by_receipt(tx, context.secrets, receipt)
        assert tip
        assert tip.summary
        number = from_json(tip.summary).number.replace("-", "")
        owed = [one.id.hex() for one in await self._held() if json.loads(one.body)["tip"] == tip.id.hex()]
        return dict(zip(DRAWN, (receipt, number, tip.id.hex(), *owed), strict=False))

    async def _held(self) -> list[Owed]:
        """Tips that are still to be posted."""
        context = self.app.context
        async with context.database.reading() as tx:
            ids = [owed_id for owed_id, kind in await outbox.ids(tx) if kind == Kind.TIP]
            return [owed for one in ids if (owed := await outbox.read(tx, context.secrets, one))]

    async def _looks(self, sent: Sequence[Sent]) -> None:
        """Have the bot try what it holds back, and note what the channel shows that it did not show before."""
        await self._tries()
        for one in sent:
            if one.told.card and one.shown < 0:
                one.shown = self.app.context.minute()

    async def _tries(self) -> None:
        """The minute's timers: those of the jobs go by the machine's clock, which knows nothing of the scene's."""
        jobs, last = self.app.jobs, new_id()
        held = [(one.id, one.kind) for one in await self._held()]
        # What is owed no more is done as soon as it is tried, and in this lane one is tried after the other.
        jobs._in_hand.difference_update(one for one, _ in held)  # noqa: SLF001 - as above
        jobs.add([*held, (last, Kind.TIP)])
        async with jobs._idle:  # noqa: SLF001 - as above
            await jobs._idle.wait_for(lambda: last not in jobs._in_hand)  # noqa: SLF001 - as above


async def prove(folder: Path, much: int) -> Sequence[Finding]:
    """Send so many tips, and compare what is seen of them with chance."""
    async with scene_in(folder) as scene, scene.bot(BISIK_RELEASE_DELAY_MINUTES=str(DELAY)) as app:
        lets_hurry(app)
        watch = Watch(scene, app, Hearing(scene.simulator), Random(much))  # noqa: S311 - when people write is no secret
        bursts = [await watch.burst(min(BURST, much - n)) for n in range(0, much, BURST)]
    return [*_posts(bursts), *(_drawn(what, signs, bursts) for what, signs in DRAWN.items())]


def _posts(bursts: Sequence[Sequence[Sent]]) -> list[Finding]:
    """What the channel shows of when a tip was sent."""
    waits = [one.waited for burst in bursts for one in burst]
    uneven, most = unevenness(waits, DELAY), unevenness_most(len(waits))
    need(uneven < most, f"Posts do not wait for 0 to {DELAY} minutes at random.")
    orders = [[one.told.card for one in burst] for burst in bursts]
    order, order_bound = order_kept(orders), order_most(orders)
    need(abs(order) < order_bound, f"The order of posts tells that of sending: {order:.2f}.")
    return [
        Finding(f"minutes from sending to post, of at most {DELAY}, on average", f"{statistics.mean(waits):.1f}"),
        Finding(f"distance of these waits from evenly spread ones (chance alone: below {most:.2f})", f"{uneven:.2f}"),
        Finding(
            f"rank correlation of sending and post, within a minute (chance alone: below {order_bound:.2f})",
            f"{order:+.2f}",
        ),
    ]


def _drawn(what: str, signs: str, bursts: Sequence[Sequence[Sent]]) -> Finding:
    """What one of the names of a tip tells of the others, or of when it was sent."""
    words = [
        [[signs.index(one) for one in sent.names[what]] for sent in burst if what in sent.names] for burst in bursts
    ]
    found = surprise(words, len(signs))
    need(found < SURPRISE_MOST, f"There is time or order in {what}.")
    claim = f"time or order in {what}, sign by sign, in deviations (chance alone: below {SURPRISE_MOST:.0f})"
    return Finding(claim, f"{found:.1f}")
