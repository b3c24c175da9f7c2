"""The power is cut at every write and every sync of the database, of the list of what is destroyed and of the keyring,
and what may be on the disk then is opened again.

The claim is the strongest that can be made: the database is, row by row, as the last transaction left it that anybody
could have been told of, or as the one that was under way would have left it.
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Lock

from bot.app import App
from bot.simulator import Message
from prove.beside import Beside, synced_by_python
from prove.layer import Event, Over, recorded
from prove.page import Finding, need
from prove.revival import Found, Revival
from prove.stage import (
    Phone,
    Scene,
    does,
    number_of,
    picture,
    scene_in,
    sends_tip,
    taps,
    to_the_evidence,
    types,
)
from prove.threads import TOLD, Threads
from prove.torn import Disk
from storage import destroyed, rotation

DATABASE = "bisik.db"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a file, and the receipts that people held then."""

    event: Event
    held: frozenset[str]


@dataclass
class Life:
    """What people and the bot do while every write is noted. `before` is what was on the disk when it began."""

    scene: Scene
    moments: list[Moment] = field(default_factory=list)
    held: frozenset[str] = frozenset()
    _noting: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        paths = destroyed.beside(self.scene.folder / "data" / DATABASE), self.scene.settings().keyring
        self._beside = [Beside(path) for path in paths]
        self.before = {one.path.name: one.data for one in self._beside if one.data}

    async def lived(self) -> list[Moment]:
        """Tips from their first word to the end of their term, a change of keys meanwhile, and two nights."""
        with recorded(self._note), synced_by_python(self._confirmed):
            async with self.scene.bot() as app:
                await self._tips(app)
                await self._keys_change(app)
                closed = await self._talk(app)
                await self._nights(app, closed)
        return self.moments

    async def _tips(self, app: App) -> None:
        """One that is taken back, one with evidence, and a draft that is thrown away."""
        scene, sari, budi = self.scene, self.scene.sari, self.scene.budi
        taken_back = await sends_tip(sari, "here")
        self.held |= {taken_back}
        await does(budi, to_the_evidence())
        budi.person.sends_photo(picture(120))
        await budi.sees("1 bukti tersimpan")
        await does(budi, [taps("next"), taps("code"), taps("send")])
        self.held |= {await budi.receipt()}
        await scene.delivered(2)
        await self._moderated(scene.cards()[0], "take")
        self.held -= {taken_back}
        sari.person.types(f"/hapus {taken_back}")
        await sari.sees("sudah dihapus")
        await does(sari, [*to_the_evidence()[:4], types("/hapus"), taps("discard")])
        await app.jobs.settled()

    async def _talk(self, app: App) -> str:
        """A tip, a question, its answer, and the last word, with which the bot forgets whom to tell; its receipt."""
        threads, sari = Threads(), self.scene.sari
        receipt = await sends_tip(sari, "here")
        self.held |= {receipt}
        await app.jobs.settled()
        card = self.scene.cards()[-1]
        await threads.ask(Phone(self.scene.simulator, self.scene.stage.dewi), card)
        await sari.sees(TOLD)
        await threads.answer(sari)
        need(threads.asked and threads.answered, "Nobody was asked, or nobody answered.")
        await self._moderated(card, "close")
        await sari.sees("Selesai")
        return receipt

    async def _moderated(self, card: Message, act: str) -> None:
        await self.scene.stage.dewi.taps(card, data=f"+|{number_of(card)}|{act}").answered()

    async def _keys_change(self, app: App) -> None:
        keyring, today = self.scene.settings().keyring, app.context.today()
        await rotation.rotate(app.context.database, keyring, today)
        await rotation.destroy_former(app.context.database, keyring)

    async def _nights(self, app: App, closed: str) -> None:
        """The first after a long while, on which nothing is destroyed, and the next, on which the closed tip is."""
        card = self.scene.cards()[-1]
        await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
        self.held -= {closed}
        for days in (app.context.rules.retention_days + 1, 1):
            self.scene.clock.passes(days=days)
            await app._upkeep.hourly()  # noqa: SLF001 - as above
        await self.scene.waits(lambda: card not in self.scene.cards())

    def _note(self, event: Event) -> None:
        """SQLite's event, behind what Python wrote since the last one."""
        with self._noting:
            self._add(*self._written(), event)

    def _confirmed(self, status: os.stat_result) -> None:
        with self._noting:
            self._add(*self._written(), *(synced for one in self._beside for synced in one.synced(status)))

    def _written(self) -> list[Event]:
        return [change for one in self._beside for change in one.changes()]

    def _add(self, *events: Event) -> None:
        self.moments += [Moment(event, self.held) for event in events]


async def prove(folder: Path, cuts: int) -> Sequence[Finding]:
    """Cut the power so often, all moments in turn; at each the disk has got to something else."""
    async with scene_in(folder) as scene:
        life = Life(scene)
        moments = await life.lived()
        receipts = frozenset[str]().union(*(moment.held for moment in moments))
        revival = Revival(scene, DATABASE, receipts)
        ends = await _ends(revival, life)
        later = await _cut(revival, life, ends, cuts)
    found = f"0 of {cuts:,}"
    return [
        Finding("cuts after which the database did not open, or was damaged", found),
        Finding("cuts after which something acknowledged was missing, or half of something was there", found),
        Finding("cuts after which what was destroyed could have come back with a backup", found),
        Finding("receipts that a reporter held at a cut and that led to no tip after it", f"0 of {len(receipts):,}"),
        Finding("cuts after which even what was still under way was there", f"{later:,} of {cuts:,}"),
        Finding("writes, syncs and ends of transactions, at which it was cut in turn", f"{len(moments):,}"),
    ]


async def _ends(revival: Revival, life: Life) -> list[Found]:
    """The database at each moment as the last transaction before it left it, with all that was asked of the disk."""
    disk, ends = Disk(life.before), []
    last = await revival.finds(disk.whole())
    for moment in life.moments:
        disk.sees(moment.event)
        if isinstance(moment.event, Over):
            last = await revival.finds(disk.whole())
        ends.append(last)
    return ends


async def _cut(revival: Revival, life: Life, ends: Sequence[Found], cuts: int) -> int:
    """How many of the databases had already what was under way."""
    chance = Random(cuts)  # noqa: S311 - what is lost is no secret
    times = Counter(n * len(life.moments) // cuts for n in range(cuts))
    disk, ever, later = Disk(life.before), frozenset[bytes](), 0
    for n, (moment, before) in enumerate(zip(life.moments, ends, strict=True)):
        disk.sees(moment.event)
        ever |= before.ids
        after = next((end for end in ends[n:] if end.rows != before.rows), before)
        for _ in range(times[n]):
            found = await revival.finds(disk.torn(chance), moment.held)
            need(
                found.rows in {before.rows, after.rows}, "What was acknowledged was gone, or something was half there."
            )
            need(ever - found.ids <= found.listed, "What is destroyed could come back with a backup.")
            later += found.rows != before.rows
    return later
