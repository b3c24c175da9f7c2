"""The conversation walked at random: whatever a reporter does, nothing raises, nothing is lost and nobody is stuck."""

from copy import deepcopy
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from reporter import CATALOGUES, LANGUAGES, REGIONS, Reporter, drawn

from bot.conversation.advance import advance
from bot.conversation.draft import PENDING, Draft, from_json, to_json
from bot.conversation.effects import Discard, Fetch, LookUp, Remove, Withdraw
from bot.conversation.events import (
    Attached,
    Chose,
    Cleaned,
    Command,
    Commanded,
    Edited,
    Event,
    FileKind,
    Replayed,
    Sent,
    Spoiled,
    Typed,
    Unusable,
)
from bot.conversation.evidence import SPOILED
from bot.conversation.intake import DETAILS, INTAKE, QUESTIONS
from bot.conversation.own_words import REFUSED
from bot.conversation.receipt import read_receipt
from bot.conversation.screens import Role, say
from bot.conversation.step import screen
from bot.conversation.way import BACK, PLACES

SIGNS = "⏱🔒⚠📍🗓🗑"
RECEIPT = "1234 5678 9012 3456"
REALISTIC = (
    "Kepala SMP Negeri 2, Dinas Pendidikan",
    "Jeneponto",
    "papua",
    "jayapura",
    "bandung",
    "pasar lama",
    "kemarin",
    "senin lalu",
    "12 november",
    "30 februari",
    "besok",
    "jam 2 siang",
    "polisi",
    "bagi-bagi uang",
    "medsos",
    "mutasi",
    "19860926 201505 1 001",
    "Dia menyuruh kami memilih nomor dua.",
    "https://x.com/abc lihat ini, www.contoh.id/a",
    RECEIPT,
)
SAID = (
    "ya",
    "tidak",
    "lanjut",
    "lewati",
    "kembali",
    "batal",
    "kirim",
    "setuju",
    "hapus",
    "belum ada",
    "rincian",
    "ubah",
)
HOSTILE = (
    "",
    " ",
    "\0",
    "\ud800",
    "👍🏽",
    "\u202eabc",
    "a" * 5000,
    "a-" * 2500,
    "1" * 4096,
    RECEIPT + " " * 4000 + "x",
    "\u017f" * 99,
)
WORDS = st.sampled_from(REALISTIC + SAID) | st.sampled_from(HOSTILE) | st.text(max_size=60)
TRACES = st.sets(st.sampled_from(("gps", "device", "time", "hidden"))).map(tuple)


def _button(shown, code: str) -> Chose:
    return Chose(shown.turn, shown.question, code)


class Walk(RuleBasedStateMachine):
    """`stored` is what the cleaning room has sealed for the draft; `buttons` are all that were ever on a screen."""

    def __init__(self) -> None:
        super().__init__()
        self.reporter = Reporter()
        self.fetching: list[str] = []
        self.stored: set[str] = set()
        self.buttons: list[Chose] = []
        self.lists: dict[tuple[str, int], str] = {}

    def does(self, event: Event) -> None:
        before, world = self.reporter.draft, self.reporter.world
        step = self.reporter.does(event)

        assert step == advance(before, event, world), "the same arguments give the same step"
        if step.draft:
            assert step.draft == from_json(to_json(step.draft))
        self._see()
        self._balance()

    def _see(self) -> None:
        """Remember the buttons; those of one turn and question never stand for another list."""
        draft = self.reporter.draft
        for shown in self.reporter.step.screens:
            if shown.choices:
                self.buttons += [_button(shown, choice.code) for choice in shown.choices]
                within = draft.within if draft else ""
                assert 1 >= sum(drawn((shown,), self.reporter.step.language).count(sign) for sign in SIGNS)
                assert within == self.lists.setdefault((shown.question, shown.turn), within)

    def _balance(self) -> None:
        """What the effects fetched and removed is what the draft says."""
        draft, effects = self.reporter.draft, self.reporter.step.effects
        for effect in effects:
            if isinstance(effect, Fetch):
                self.fetching.append(effect.item)
            if isinstance(effect, Remove):
                assert effect.stored in self.stored, "what is removed was stored"
                self.stored.remove(effect.stored)
        if draft is None or Discard() in effects:
            self.stored.clear()
        items = draft.items if draft else ()

        assert self.stored == {item.stored for item in items if item.stored}, "nothing stored is forgotten"
        assert {item.name for item in items if item.state == PENDING} <= set(self.fetching), "each waits for a fetch"

    @rule(words=WORDS)
    def types(self, words: str) -> None:
        at, rest = self.reporter.at, self.reporter.draft.goes_on if self.reporter.draft else ""
        self.does(Typed(words))
        if read_receipt(words) and at != "nip" and rest in ("", REFUSED):
            assert self.reporter.step.erase, (
                "a receipt is taken out of the chat, wherever it is typed, but for a story's rest"
            )

    @initialize(answers=st.integers(0, 16), then=st.sampled_from(("", "change", "details")))
    def begins(self, answers: int, then: str) -> None:
        """Somewhere along the way, or at the review's menus."""
        self.goes_on(answers)
        if then in self.reporter.codes:
            self.does(_button(self.reporter.shown, then))

    @rule(data=st.data(), times=st.integers(1, 4))
    def taps(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            shown = self.reporter.shown
            onward = [choice for choice in shown.choices if choice.role is not Role.MOVE]
            choice = data.draw(st.sampled_from(onward or shown.choices) | st.sampled_from(shown.choices))
            self.does(_button(shown, choice.code))
            assert self.reporter.step.toast is None, "a button on the screen is never old"

    @rule(times=st.integers(1, 4))
    def goes_on(self, times: int) -> None:
        for _ in range(times):
            self.does(self.reporter.plainly())

    @rule(data=st.data(), strange=st.text(max_size=12), question=st.sampled_from(tuple(PLACES)))
    def taps_what_is_not_there(self, data: st.DataObject, strange: str, question: str) -> None:
        forged = Chose(self.reporter.shown.turn, question, strange)
        old = data.draw(st.sampled_from([*self.buttons, forged, Chose(-1, "", ""), Chose(2**63, question, "back")]))
        before = self.reporter.draft
        if old in self._valid():
            return
        self.does(old)
        step = self.reporter.step

        assert before == step.draft, "a stale, doubled or forged button changes nothing"
        assert step.toast is not None, "and gets a word"
        assert () == step.effects
        # To somebody without a draft nothing is asked, but a notice whose button this passes for.
        asked = before or (old.turn, old.question) == (0, "notice")
        assert ((self.reporter.shown,) if asked else ()) == step.screens, "and shows what is asked now"

    def _valid(self) -> set[Chose]:
        draft = self.reporter.draft
        drafts = [draft] if draft else [Draft(language, turn=0, at="notice") for language in LANGUAGES]
        shown = [screen(each, self.reporter.world) for each in drafts]
        return {_button(one, choice.code) for one in shown for choice in one.choices}

    @rule(command=st.sampled_from(Command), words=st.sampled_from(("", RECEIPT, "1234", "x" * 4000)))
    def commands(self, command: Command, words: str) -> None:
        self.does(Commanded(command, words))
        asked = {Command.STATUS: LookUp, Command.DELETE: Withdraw}.get(command)
        if asked and words == RECEIPT:
            assert (asked(read_receipt(RECEIPT)),) == self.reporter.step.effects
            assert self.reporter.step.erase

    @rule(
        kind=st.sampled_from(FileKind),
        same=st.sampled_from("abcdefghijklmn"),
        size=st.sampled_from((None, 0, 999, 10**10)),
        caption=WORDS,
    )
    def attaches(self, kind: FileKind, same: str, size: int | None, caption: str) -> None:
        self.does(Attached(kind, f"file-{same}", same, size, caption))

    @precondition(lambda self: self.fetching)
    @rule(data=st.data(), content=st.sampled_from("pqrstuvwxyz"), removed=TRACES, lost=st.booleans())
    def is_cleaned(self, data: st.DataObject, content: str, removed: tuple[str, ...], lost: bool) -> None:  # noqa: FBT001 - drawn
        self.settles(data.draw(st.sampled_from(self.fetching)), content, removed, lost=lost)

    def settles(self, item: str, content: str, removed: tuple[str, ...], *, lost: bool) -> None:
        """A file comes back clean, for its item or for one that nobody knows."""
        stored = f"s{self.reporter.events}"
        self.stored.add(stored)
        self.does(Cleaned("lost" if lost else item, stored, "picture", "jpg", 9, removed, "o", content))
        if lost:
            self.does(Spoiled(item, "gone"))
        self.fetching.remove(item)

    @precondition(lambda self: self.fetching)
    @rule(data=st.data(), reason=st.sampled_from((*sorted(SPOILED), "gone", "refused")))
    def is_spoiled(self, data: st.DataObject, reason: str) -> None:
        item = data.draw(st.sampled_from(self.fetching))
        self.does(Spoiled(item, reason))
        self.fetching.remove(item)

    @rule(event=st.sampled_from([*map(Sent, Unusable), Edited(), Replayed()]))
    def does_what_is_no_answer(self, event: Event) -> None:
        before = self.reporter.draft
        self.does(event)

        assert before == self.reporter.draft, "it changes nothing"
        assert self.reporter.step.screens, "and is answered"

    @rule()
    def lets_a_day_pass(self) -> None:
        self.reporter.day += timedelta(days=1)

    @invariant()
    def can_leave(self) -> None:
        """Every screen has a way back and a way to stop; where there is none yet, or one is asked how to go on."""
        draft, codes = self.reporter.draft, {code.partition("-")[0] for code in self.reporter.codes}
        asides = {"stop", "lookup", "withdraw"}
        if self.reporter.at == "resume":
            assert {"go", "anew", "discard"} <= codes
        else:
            assert self.reporter.at == "notice" or "back" in codes
            assert self.reporter.at in asides or "cancel" in codes
        if draft and draft.at not in BACK and draft.at not in asides:
            assert draft.at in {*QUESTIONS, "notice", "resume"}

    @invariant()
    def shows_what_was_answered(self) -> None:
        draft = self.reporter.draft
        if draft is None or draft.at != "review":
            return
        for language in LANGUAGES:
            summary = drawn((self.reporter.shown,), language)
            for name in (question.name for question in (*INTAKE, *DETAILS)):
                for told in _told(draft, name, language):
                    assert told in summary

    def teardown(self) -> None:
        """From wherever it ended, the reporter can discard what there is, and can send a tip."""
        leaving, sending = deepcopy(self.reporter), deepcopy(self.reporter)
        if leaving.draft and leaving.draft.answers:
            leaving.commands(Command.CANCEL)
            leaving.taps("discard")

            assert leaving.draft is None
        assert sending.submits(), "answering what is asked leads to a tip"


def _told(draft: Draft, name: str, language: str) -> list[str]:
    """How an answer has to read, worked out without the conversation's own words for it."""
    catalogue, text = CATALOGUES.of(language), draft.text(name)
    if not text:
        return []
    read = {
        "status": lambda: [catalogue.draw(say(f"status.{text}"))],
        "contact": lambda: [catalogue.draw(say(f"contact.{text}"))],
        "source": lambda: [catalogue.draw(say(f"source.{text}"))],
        "categories": lambda: [catalogue.draw(say(f"category.{code}")) for code in draft.picks(name)],
        "region": lambda: [REGIONS.short(text[:5]), REGIONS.short(text)],
        "happened": lambda: [f"{int(text[8:])} ", f" {text[:4]}", catalogue.draw(say("label.happened"))],
        "known": lambda: [f"{int(text[8:])} ", f" {text[:4]}", catalogue.draw(say("label.known"))],
        "nip": lambda: [text[-4:]] if len(text) == 18 else [],
        "evidence": lambda: [str(len(draft.items))] if draft.items else [],
    }
    return read.get(name, lambda: [text])()


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=150, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow])
TestWalk.__doc__ = "Random events of every kind keep all the claims that are written in the walk."


@pytest.mark.parametrize("seed", range(20))
def test_long_tapping(seed: int):
    """Hundreds of taps, with a file now and then, open every list and menu, and keep the same claims."""
    chance, walk = Random(seed), Walk()  # noqa: S311 - a test repeats itself
    walk.begins(16, "")
    for _ in range(250):
        shown = walk.reporter.shown
        leaving = {"cancel", "send", "discard", "anew"} if chance.random() < 0.97 else set()
        codes = [choice.code for choice in shown.choices if choice.code not in leaving]
        walk.does(_button(shown, chance.choice(codes)) if codes and chance.random() < 0.9 else walk.reporter.plainly())
        if chance.random() < 0.05:
            walk.attaches(FileKind.PHOTO, chance.choice("abcdef"), 9, "")
        if walk.fetching and chance.random() < 0.5:
            walk.settles(walk.fetching[0], chance.choice("pqrst"), ("gps",), lost=False)
        walk.can_leave()
        walk.shows_what_was_answered()
    walk.teardown()
