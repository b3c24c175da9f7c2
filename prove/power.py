"""The power is cut at every write and every sync of the database, and what may be on the disk then is opened again.

The claim is the strongest that can be made: the database is, row by row, as the last transaction left it that anybody
could have been told of, or as the one that was under way would have left it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.app import App
from bot.simulator import Message
from prove.layer import Event, Over, Replaced, Synced, Written, recorded
from prove.page import Finding, need
from prove.revival import Found, Revival
from prove.stage import Scene, does, picture, scene_in, sends_tip, taps, to_the_evidence, types
from prove.torn import Disk
from storage import destroyed

DATABASE = "bisik.db"
LIST = destroyed.beside(Path(DATABASE)).name


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a file, and the receipts that people held then."""

    event: Event
    held: frozenset[str]


@dataclass
class Life:
    """What people and the bot do while every write is noted."""

    scene: Scene
    moments: list[Moment] = field(default_factory=list)
    held: frozenset[str] = frozenset()
    _listed: bytes = b""

    async def lived(self) -> list[Moment]:
        """Tips with and without evidence, one worked on and one taken back, a draft thrown away, an hour's upkeep."""
        with recorded(self._note):
            async with self.scene.bot() as app:
                await self._tips(app)
                await app._upkeep.hourly()  # noqa: SLF001 - an hour passes when the stage says so
        return self.moments

    async def _tips(self, app: App) -> None:
        scene, sari, budi = self.scene, self.scene.sari, self.scene.budi
        taken_back = await sends_tip(sari, "here")
        self.held |= {taken_back}
        await does(budi, to_the_evidence())
        budi.person.sends_photo(picture(120))
        await budi.sees("1 bukti tersimpan")
        await does(budi, [taps("next"), taps("code"), taps("send")])
        self.held |= {await budi.receipt()}
        await scene.delivered(2)
        scene.stage.dewi.taps(scene.cards()[0], data=_button(scene.cards()[0], "take"))
        await scene.waits(lambda: any("Dewi" in card.text for card in scene.cards()))
        self.held -= {taken_back}
        sari.person.types(f"/hapus {taken_back}")
        await sari.sees("sudah dihapus")
        await does(sari, [*to_the_evidence()[:4], types("/hapus"), taps("discard")])
        await app.jobs.settled()

    def _note(self, event: Event) -> None:
        """The list beside the database is written by Python: it is on disk before SQLite is asked for anything."""
        path = destroyed.beside(self.scene.folder / "data" / DATABASE)
        now = path.read_bytes() if path.exists() else b""
        if now != self._listed:
            more = now.removeprefix(self._listed)
            self._add(Replaced(LIST, now) if more == now else Written(LIST, len(self._listed), more), Synced(LIST))
            self._listed = now
        self._add(event)

    def _add(self, *events: Event) -> None:
        self.moments += [Moment(event, self.held) for event in events]


def _button(card: Message, code: str) -> str:
    return next(data for row in card.keyboard for button in row if code in (data := button["callback_data"]))


async def prove(folder: Path, cuts: int) -> Sequence[Finding]:
    """Cut the power so often, all moments in turn; at each the disk has got to something else."""
    async with scene_in(folder) as scene:
        moments = await Life(scene).lived()
        receipts = frozenset[str]().union(*(moment.held for moment in moments))
        revival = Revival(scene, DATABASE, receipts)
        ends = await _ends(revival, moments)
        later = await _cut(revival, moments, ends, cuts)
    found = f"0 of {cuts:,}"
    return [
        Finding("cuts after which the database did not open, or was damaged", found),
        Finding("cuts after which something acknowledged was missing, or half of something was there", found),
        Finding("cuts after which what was destroyed could have come back with a backup", found),
        Finding("receipts that a reporter held at a cut and that led to no tip after it", f"0 of {len(receipts):,}"),
        Finding("cuts after which even what was still under way was there", f"{later:,} of {cuts:,}"),
        Finding("writes, syncs and ends of transactions, at which it was cut in turn", f"{len(moments):,}"),
    ]


async def _ends(revival: Revival, moments: Sequence[Moment]) -> list[Found]:
    """The database at each moment as the last transaction before it left it, with all that was asked of the disk."""
    disk, ends = Disk(), []
    last = await revival.finds({})
    for moment in moments:
        disk.sees(moment.event)
        if isinstance(moment.event, Over):
            last = await revival.finds(disk.whole())
        ends.append(last)
    return ends


async def _cut(revival: Revival, moments: Sequence[Moment], ends: Sequence[Found], cuts: int) -> int:
    """How many of the databases had already what was under way."""
    chance = Random(cuts)  # noqa: S311 - what is lost is no secret
    times = Counter(n * len(moments) // cuts for n in range(cuts))
    disk, ever, later = Disk(), frozenset[bytes](), 0
    for n, (moment, before) in enumerate(zip(moments, ends, strict=True)):
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
