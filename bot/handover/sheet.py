"""The sheet INFORMASI AWAL as plain texts: which fields, in which order, before any letter is set.

Rule: what stands here is what Bawaslu's own form asks (Perbawaslu 8/2020 and 9/2024), without the reporter. A field
that was not told says so, so that nobody looks for a lost page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.conversation.betrayal import numbers
from bot.conversation.case import Reach
from bot.conversation.nip import read_number
from bot.conversation.post import Exhibit
from bot.conversation.regions import ZONES
from bot.conversation.screens import Value, say
from bot.conversation.when import DEADLINE_DAYS
from bot.conversation.world import World
from bot.handover.guide import Guide
from bot.handover.letters import UNSHOWN
from bot.handover.masking import HIDDEN, Tip
from bot.locales.catalogue import DEFAULT, Catalogue

WORDS: Final = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Handing:
    """A hand-over: `to` is one of the case's targets, `by` and `second` are names as the sheet shows them.

    `day` is the day of it, `keeps_days` for how long after the reporter can be asked; `zone` is the IANA name of the
    operator's. `masked`: what could lead to the reporter was taken out.
    """

    to: str
    by: str
    second: str
    day: date
    zone: str
    keeps_days: int
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part: rows of label and value, then paragraphs."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of the table of evidence: its name in the package (empty: a link), kind, bytes and sum."""

    number: int
    name: str
    kind: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All texts of a sheet. `signed`: label and name of each who signs, and the labels beside the lines."""

    number: str
    head: tuple[str, ...]
    addressee: tuple[str, ...]
    nature: str
    sections: tuple[Section, ...]
    evidence_title: str
    evidence_columns: tuple[str, ...]
    evidence: tuple[Piece, ...]
    evidence_paragraphs: tuple[str, ...]
    closing: Section
    signed: tuple[tuple[str, str], ...]
    signing: tuple[str, str, str]
    unshown: str


def file_name(exhibit: Exhibit) -> str:
    """`bukti-1.jpg`, or nothing for a link."""
    return f"bukti-{exhibit.number}.{exhibit.extension.lstrip('.')}".rstrip(".") if exhibit.stored else ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes tips out with the texts of a guide."""

    guide: Guide
    world: World
    words: Catalogue

    @classmethod
    def load(cls, guide: Guide, world: World) -> "Writer":
        """A writer with the words of this room and, for statuses and categories, those of the bot."""
        return cls(guide, world, Catalogue.load(DEFAULT, fallback=Catalogue.load(DEFAULT), folder=WORDS))

    def text(self, key: str, **values: Value) -> str:
        return self.words.draw(say(key, **values))

    def sheet(self, tip: Tip, handing: Handing) -> Sheet:
        second = handing.second or self.text("sheet.alone")
        return Sheet(
            number=tip.case.number,
            head=(*map(self.text, ("sheet.secret", "sheet.title", "sheet.subtitle")), self.operator("sheet.operator")),
            addressee=(self.text("sheet.to"), *self.addressee(tip, handing.to)),
            nature=self.text("sheet.nature"),
            sections=tuple(self._sections(tip, handing)),
            evidence_title=self.text("sheet.evidence"),
            evidence_columns=("", *(self.text(f"sheet.evidence.{name}") for name in ("file", "kind", "size", "sum"))),
            evidence=tuple(map(self._piece, tip.exhibits)),
            evidence_paragraphs=tuple(self._about_evidence(tip.exhibits)),
            closing=Section(self.text("sheet.reporter"), paragraphs=tuple(self._about_reporter(tip, handing))),
            signed=((self.text("sheet.by"), handing.by), (self.text("sheet.second"), second)),
            signing=(self.text("sheet.signed"), self.text("sheet.initials"), self.text("sheet.on")),
            unshown=self.text("sheet.unshown", mark=UNSHOWN),
        )

    def page(self, page: int, pages: int) -> str:
        return self.text("sheet.page", page=page, pages=pages)

    def operator(self, key: str) -> str:
        return self.text(key, operator=self.world.rules.operator, contact=self.world.rules.contact)

    def addressee(self, tip: Tip, to: str) -> tuple[str, ...]:
        regency = self.region(tip.case.region)
        destination = self.guide.destinations[to]
        address = destination.addressed(tip.case.region)
        return (destination.name.replace("{regency}", regency), *([address] if address else []))

    def region(self, code: str) -> str:
        found = self.world.regions.get(code)
        return found.name if found else code

    def answer(self, tip: Tip, name: str) -> str:
        """An answer in the reporter's own words, on one line, or that there is none."""
        return self._told(tip.draft.text(name))

    def nip(self, tip: Tip) -> str:
        """The accused's number as it was told, or that it was not."""
        return self._told(tip.draft.text("nip") or ", ".join(self.nips(tip)))

    def nips(self, tip: Tip) -> tuple[str, ...]:
        """What can be the accused's number: told at its own question, else within the words about them."""
        told = tip.draft.text("nip")
        given = [told] if told else numbers(tip.draft.text("accused"))
        return tuple(one for one in given if read_number(one, self.world.today[""]).plausible)

    def _told(self, words: str) -> str:
        return " ".join(words.split()) or self.text("sheet.none")

    def story(self, tip: Tip) -> str:
        return tip.draft.text("story") or self.text("sheet.none")

    def day(self, iso: str) -> str:
        return self.text("sheet.day", day_weekday=date.fromisoformat(iso)) if iso else self.text("sheet.none")

    # The sections, in the order in which an officer reads them

    def _sections(self, tip: Tip, handing: Handing) -> Iterator[Section]:
        yield Section(self.text("sheet.general"), tuple(self._general(tip, handing)))
        yield Section(self.text("sheet.place"), tuple(self._place(tip)))
        yield Section(self.text("sheet.accused"), tuple(self.accused(tip)))
        yield Section(self.text("sheet.allegation"), self._allegations(tip), (self.text("sheet.hint"),))
        yield Section(self.text("sheet.time"), tuple(self._times(tip)))
        yield Section(self.text("sheet.story"), paragraphs=(self.story(tip),))
        yield Section(self.text("sheet.more"), tuple(self._more(tip)))
        if tip.talk:
            yield Section(self.text("sheet.talk"), paragraphs=tuple(map(self.words.draw, tip.talk)))

    def _row(self, key: str, value: str) -> tuple[str, str]:
        return self.text(key), value

    def _general(self, tip: Tip, handing: Handing) -> Iterator[tuple[str, str]]:
        zone = next((zone.name for zone in ZONES.values() if zone.iana == handing.zone), handing.zone)
        yield self._row("sheet.number", tip.case.number)
        yield self._row("sheet.received", self.text("sheet.day_zone", day_weekday=tip.day, zone=zone))
        yield self._row("sheet.election", tip.case.election)

    def _place(self, tip: Tip) -> Iterator[tuple[str, str]]:
        code = tip.draft.text("region")
        parts = code.split(".")
        for depth, key in enumerate(("sheet.province", "sheet.regency", "sheet.district"), start=1):
            part = ".".join(parts[:depth])
            told = len(parts) >= depth and part
            yield self._row(
                key,
                self.text("sheet.coded", name=self.region(part), code=part) if told else self.text("sheet.none"),
            )
        yield self._row("sheet.spot", self.answer(tip, "place"))

    def accused(self, tip: Tip) -> Iterator[tuple[str, str]]:
        status = tip.case.status
        yield self._row("sheet.who", self.answer(tip, "accused"))
        yield self._row("sheet.status", self.text(f"status.{status}"))
        yield self._row("sheet.nip", self.nip(tip))
        yield self._row("sheet.duty", "; ".join(self.guide.duty[status]))

    def _allegations(self, tip: Tip) -> tuple[tuple[str, str], ...]:
        return tuple(
            (
                self.text("sheet.category", label=say(f"category.{code}"), code=code),
                "\n".join(self.guide.basis[code]),
            )
            for code in tip.case.categories
        )

    def _times(self, tip: Tip) -> Iterator[tuple[str, str]]:
        zone = self.world.regions.zone(tip.case.region).name
        hour = tip.draft.text("hour")
        term = date.fromisoformat(tip.case.known) + timedelta(days=DEADLINE_DAYS)
        yield self._row("sheet.happened", self.day(tip.case.happened))
        yield self._row("sheet.hour", f"{hour} {zone}" if hour else self.text("sheet.none"))
        yield self._row("sheet.known", self.day(tip.case.known))
        yield self._row("sheet.term", self.day(term.isoformat()))

    def _more(self, tip: Tip) -> Iterator[tuple[str, str]]:
        source = tip.draft.text("source")
        yield self._row("sheet.source", self.text(f"source.{source}") if source else self.text("sheet.none"))
        yield self._row("sheet.benefits", self.answer(tip, "benefits"))
        yield self._row("sheet.witnesses", self.answer(tip, "witnesses"))

    def _piece(self, exhibit: Exhibit) -> Piece:
        kind = self.text(f"sheet.kind.{exhibit.kind}")
        return Piece(exhibit.number, file_name(exhibit), kind, exhibit.size, exhibit.clean_sha256)

    def _about_evidence(self, exhibits: Iterable[Exhibit]) -> Iterator[str]:
        exhibits = tuple(exhibits)
        if not exhibits:
            yield self.text("sheet.evidence.none")
        if any(map(file_name, exhibits)):
            yield self.text("sheet.evidence.about")
        for one in exhibits:
            if one.url:
                yield self.text("sheet.evidence.url", number=one.number, url=one.url)
            if one.note:
                yield self.text("sheet.evidence.note", number=one.number, note=one.note)

    def _about_reporter(self, tip: Tip, handing: Handing) -> Iterator[str]:
        until = handing.day + timedelta(days=handing.keeps_days)
        yield self.text("sheet.reporter.here" if tip.case.reach is Reach.HERE else "sheet.reporter.code", day=until)
        if handing.masked:
            yield self.text("sheet.masked", mark=HIDDEN)


# The short texts beside the sheet


def story(writer: Writer, tip: Tip) -> str:
    """All of the reporter's own words, for what a printed page cannot show."""
    rows = [
        f"{label}: {value}"
        for label, value in (*writer.accused(tip), (writer.text("sheet.spot"), writer.answer(tip, "place")))
    ]
    more = [f"{writer.text(f'sheet.{name}')}: {writer.answer(tip, name)}" for name in ("benefits", "witnesses")]
    talk = [writer.words.draw(line) for line in tip.talk]
    return "\n\n".join(["\n".join(rows), writer.story(tip), "\n".join(more), *talk]) + "\n"


def portal(writer: Writer, tip: Tip) -> tuple[str, str]:
    """Name and text of what is copied into a portal: BKN's SBT where an NIP is known, otherwise SP4N-LAPOR!."""
    name = "sbt" if writer.nips(tip) else "lapor"
    regency = writer.region(tip.case.region)
    field = [f"{label}: {value}" for label, value in _portal_rows(writer, tip)]
    names = ", ".join(filter(None, map(file_name, tip.exhibits))) or writer.text("sheet.none")
    lines = [
        writer.guide.portal[name],
        "",
        writer.text("portal.category") if name == "sbt" else writer.text("portal.subject", regency=regency),
        *field,
        "",
        writer.text("portal.story"),
        writer.story(tip),
        "",
        writer.text("portal.evidence", names=names),
        writer.text("portal.code", number=tip.case.number),
        writer.operator("portal.reporter"),
    ]
    return f"{name}.txt", "\n".join(lines) + "\n"


def _portal_rows(writer: Writer, tip: Tip) -> Iterator[tuple[str, str]]:
    nip, who = writer.text("sheet.nip"), writer.text("sheet.who")
    yield nip, writer.nip(tip)
    yield who, writer.answer(tip, "accused")
    yield writer.text("sheet.status"), writer.text(f"status.{tip.case.status}")
    yield (
        writer.text("sheet.regency"),
        writer.text("sheet.coded", name=writer.region(tip.case.region), code=tip.case.region),
    )
    yield writer.text("sheet.spot"), writer.answer(tip, "place")
    yield writer.text("sheet.happened"), writer.day(tip.case.happened)
    yield writer.text("portal.allegation"), ", ".join(writer.text(f"category.{code}") for code in tip.case.categories)
