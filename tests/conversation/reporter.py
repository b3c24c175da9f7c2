"""A reporter who talks with the conversation. All that is said is drawn in both languages: no text may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from bot import regions
from bot.conversation.advance import advance
from bot.conversation.betrayal import NOBODY, Reader
from bot.conversation.draft import Draft
from bot.conversation.effects import Fetch, Submit
from bot.conversation.events import Attached, Chose, Cleaned, Command, Commanded, Event, FileKind, Spoiled, Typed
from bot.conversation.screens import Choice, Screen
from bot.conversation.step import Step, screen
from bot.conversation.world import Rules, World
from bot.locales.catalogue import Catalogues
from bot.locales.lexicon import LANGUAGES, lexicon

TUESDAY = date(2026, 11, 24)
RULES = Rules("Lembaga Pantau", "halo@pantau.example", "Pilkada", LANGUAGES, 72, 90, 30, 10, 20, forwards_content=True)
REGIONS = regions.load()
LEXICON = {language: lexicon(language) for language in LANGUAGES}
CATALOGUES = Catalogues.load()
APART = 1 << 12  # turns of one draft never reach those of another

STORY = "Ia mengumpulkan para guru di aula, lalu mengajak kami memilih calon nomor dua."


def drawn(screens: tuple[Screen, ...], language: str) -> str:
    catalogue = CATALOGUES.of(language)
    return "\n".join(catalogue.draw(line) for shown in screens for line in shown.lines)


def label(choice: Choice, language: str) -> str:
    return CATALOGUES.of(language).draw(choice.label)


@dataclass
class Reporter:
    """`today` by zone where the zones differ; `events` counts what was done, as a reporter counts taps and messages."""

    day: date = TUESDAY
    today: Mapping[str, date] = field(default_factory=dict)
    rules: Rules = RULES
    reader: Reader = NOBODY
    silenced: bool = False
    draft: Draft | None = None
    events: int = 0
    step: Step = field(default_factory=lambda: Step(None, "id"))

    @property
    def world(self) -> World:
        today = dict.fromkeys(("", "WIB", "WITA", "WIT"), self.day) | dict(self.today)
        return World(today, REGIONS, LEXICON, self.rules, APART * (self.events + 1), self.reader, self.silenced)

    @property
    def at(self) -> str:
        return self.draft.at if self.draft else "notice"

    @property
    def shown(self) -> Screen:
        """What stands in the chat to be answered."""
        return screen(self.draft or Draft(self.step.language, turn=0, at="notice"), self.world)

    @property
    def said(self) -> str:
        """What the last step said, in the reporter's language."""
        toast = CATALOGUES.of(self.step.language).draw(self.step.toast) if self.step.toast else ""
        return drawn(self.step.screens, self.step.language) + toast

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of what the last step said."""
        return tuple(line.key for shown in self.step.screens for line in shown.lines)

    @property
    def codes(self) -> tuple[str, ...]:
        """The choices on the screen."""
        return tuple(choice.code for choice in self.shown.choices)

    def does(self, event: Event) -> Step:
        self.step = advance(self.draft, event, self.world)
        self.draft, self.events = self.step.draft, self.events + 1
        for catalogue in map(CATALOGUES.of, LANGUAGES):
            for shown in self.step.screens:
                for line in (*shown.lines, *(choice.label for choice in shown.choices)):
                    catalogue.draw(line)
            if self.step.toast:
                catalogue.draw(self.step.toast)
        return self.step

    def button(self, code: str) -> Chose:
        """A button that is on the screen."""
        assert code in self.codes, f"{code} is not among {self.codes} at {self.at}"
        return Chose(self.shown.turn, self.shown.question, code)

    def taps(self, *codes: str) -> Self:
        for code in codes:
            self.does(self.button(code))
        return self

    def types(self, *words: str) -> Self:
        for each in words:
            self.does(Typed(each, noticed=self.step.language if "notice.first" in self.keys else ""))
        return self

    def commands(self, command: Command, words: str = "") -> Self:
        self.does(Commanded(command, words))
        return self

    def sends_file(
        self, same: str = "u1", kind: FileKind = FileKind.PHOTO, size: int | None = 100, caption: str = ""
    ) -> Self:
        self.does(Attached(kind, f"file-{same}", same, size, caption))
        return self

    def fetched(self) -> str:
        """The item of the file that was last taken."""
        (effect,) = self.step.effects
        assert isinstance(effect, Fetch)
        return effect.item

    def is_cleaned(self, item: str, stored: str = "aa", removed: tuple[str, ...] = ("gps",), clean: str = "") -> Self:
        self.does(Cleaned(item, stored, "picture", "jpg", 90, removed, f"o-{stored}", clean or f"c-{stored}"))
        return self

    def keeps_file(self, same: str = "u1", stored: str = "aa") -> Self:
        return self.is_cleaned(self.sends_file(same).fetched(), stored)

    def starts(self, language: str = "id") -> Self:
        self.commands(Command.START)
        if language != "id":
            self.taps(f"lang-{language}")
        self.taps(f"agree-{language}")
        return self

    def reaches(self, place: str, most: int = 60) -> Self:
        """Answer whatever is asked, without more than is needed, up to a place."""
        if self.draft is None:
            self.starts()
        for _ in range(most):
            if self.at == place:
                return self
            self.does(self.plainly())
        raise AssertionError(f"{place} was not reached, but {self.at}")

    def submits(self, most: int = 60) -> bool:
        """Whether answering what is asked leads to a tip."""
        for _ in range(most):
            self.does(self.plainly())
            if Submit() in self.step.effects:
                return True
        return False

    def plainly(self) -> Event:
        """The simplest thing that leads on from here."""
        if self.draft and self.draft.pending and self.at == "review":
            return Spoiled(next(item.name for item in self.draft.items if item.state == "pending"), "gone")
        if self.draft and self.at == "lookup" and not self.draft.behind:
            return Commanded(Command.START)
        first = {"happened": self.codes[1:2], "known": self.codes[:1], "resume": ("go-on",)}.get(self.at, ())
        for code in (*first, "send", "anyway", "next", f"agree-{self.shown_language}", "skip", "PNS", "code"):
            if code in self.codes:
                return self.button(code)
        typed = {"accused": "Kepala dinas", "region": "Kab. Jeneponto", "story": STORY, "categories": "medsos"}
        typed |= {"status": "pns", "contact": "hanya kode", "evidence": "belum ada"}
        return Typed(typed.get(self.at, "kembali"))

    @property
    def shown_language(self) -> str:
        return self.draft.language if self.draft else self.step.language
