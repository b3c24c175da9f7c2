"""Moderators and reporters act in any order, and the bot dies at any statement: what was said arrives all the same."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from desk import tap
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from mortal import Home, Mortal, furnished
from office import DEWI, SARI, keys
from staff import BUDI, RINA

from bot.conversation.card import card_lines
from bot.conversation.case import Case, Standing
from bot.conversation.casework import ACTS, Who, refusal
from bot.conversation.errands import Person
from bot.conversation.events import Chose, Command, Commanded, Typed
from bot.conversation.screens import Line, Reply, Value
from bot.conversation.speech import Later
from bot.services import phrases
from bot.services.talk import Entry

REPORTERS = (SARI, SARI, DEWI)
"""Of whom each tip is: one of them has two, which could be mixed up."""
PRESSES = ("take", "leave", "check", "forward-bawaslu", "close", "reject-thin", "reopen", "label-1", "link-")
ROUNDS = 20

BY = st.sampled_from((RINA, BUDI))
CHAT = st.sampled_from((SARI, DEWI))
TIP = st.integers(0, len(REPORTERS) - 1)
DEATH = st.none() | st.none() | st.none() | st.integers(0, 30)

T = TypeVar("T")


@dataclass
class Writing:
    """What somebody has written and not yet confirmed, for which tip."""

    number: str
    words: str
    check: Reply


class Walk(RuleBasedStateMachine):
    """`questions` and `answers` are the words that were confirmed, with their tips; `deaths` excuse repeats."""

    home: Home

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.room, self.words = asyncio.Runner(), TemporaryDirectory(), count()
        self.bot, self.numbers = Mortal(self.home, Path(self.room.name)), list(self.home.owners)
        self.writing: dict[int, Writing] = {}
        self.questions: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.deaths = 0
        self.does(self.bot.wakes())

    def does(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    def teardown(self) -> None:
        try:
            self.everything_arrives()
        finally:
            self.does(self.bot.sleeps())
            self.runner.close()
            self.room.cleanup()

    # What people do

    @rule(by=BY, tip=TIP, code=st.sampled_from(PRESSES), other=TIP, death=DEATH)
    def presses(self, by: Person, tip: int, code: str, other: int, death: int | None) -> None:
        self.deaths += death is not None
        code = f"{code}{self.numbers[other]}" if code.endswith("-") else code
        self.does(self.bot.presses(by, self.numbers[tip], code, death))

    @initialize(asks=st.lists(st.tuples(BY, TIP), max_size=len(REPORTERS)))
    def begins(self, asks: list[tuple[Person, int]]) -> None:
        for by, tip in asks:
            self.asks(by, tip, death=None, at_once=True)
        self.does(self.bot.works())

    @rule(by=BY, tip=TIP, death=DEATH, at_once=st.booleans())
    def asks(self, by: Person, tip: int, death: int | None, *, at_once: bool) -> None:
        """Write a question, or confirm the one that is written."""
        if by.user in self.writing:
            self.confirms_a_question(by, death)
        elif code := self.does(self.bot.presses(by, self.numbers[tip], "ask")).opens:
            self.does(self.bot.hears(by.user, Commanded(Command.START, code)))
            self.writes(by.user, self.numbers[tip], f"tanya {next(self.words)}")
            if at_once:
                self.confirms_a_question(by, death)

    @rule(chat=CHAT, which=st.integers(0, 20), death=DEATH, at_once=st.booleans())
    def answers_one(self, chat: int, which: int, death: int | None, *, at_once: bool) -> None:
        """Write an answer to a question that was ever told, or confirm the one that is written."""
        told = [screen for to, screen, _ in self.bot.platform.chats.said if to == chat]
        asked = [screen for screen in told if screen.lines[0].key == "tell.asked"]
        if chat in self.writing:
            self.confirms_an_answer(chat, death)
        elif asked:
            screen = asked[which % len(asked)]
            opened = self.does(self.bot.hears(chat, Chose(screen.turn, screen.question, screen.choices[0].code)))
            if "compose.reply" in keys(opened):
                self.writes(chat, self.questions[_words(screen.lines[0].values["others"])], f"jawab {next(self.words)}")
                if at_once:
                    self.confirms_an_answer(chat, death)

    def writes(self, chat: int, number: str, words: str) -> None:
        self.writing[chat] = Writing(number, words, self.does(self.bot.hears(chat, Typed(words))))

    def confirms_a_question(self, by: Person, death: int | None) -> None:
        written = self.writing.pop(by.user)
        case, _, _ = self.does(self.bot.knows(written.number))
        actor = self.does(self.bot.staff.members.actor(by))
        assert actor
        kept = self.confirmed(by.user, written, death)

        assert kept == (refusal(case, "ask", actor) is None), "it is asked once by who may, and by nobody else"
        if kept:
            self.questions[written.words] = written.number

    def confirms_an_answer(self, chat: int, death: int | None) -> None:
        written = self.writing.pop(chat)
        _, _, address = self.does(self.bot.knows(written.number))
        kept = self.confirmed(chat, written, death)

        assert kept or address is None, "who can be reached can answer"
        if kept:
            self.answers[written.words] = written.number

    def confirmed(self, chat: int, written: Writing, death: int | None) -> bool:
        """Whether it is in the talk of its tip then, once."""
        self.deaths += death is not None
        self.does(self.bot.hears(chat, tap(written.check, "confirm"), death))
        _, said, _ = self.does(self.bot.knows(written.number))
        found = [entry for entry in said if _words(entry.line) == written.words]

        assert len(found) <= 1
        return bool(found)

    @rule(death=DEATH)
    def delivers(self, death: int | None) -> None:
        self.deaths += death is not None
        self.does(self.bot.works(death))

    @rule(chats=st.booleans(), unsure=st.booleans())
    def platform_stumbles(self, *, chats: bool, unsure: bool) -> None:
        (self.bot.platform.chats if chats else self.bot.platform.wall).outcomes[:] = [Later(1.0, unsure=unsure)]

    @rule()
    def everything_arrives(self) -> None:
        self.bot.platform.chats.outcomes.clear()
        self.bot.platform.wall.outcomes.clear()
        left = next(left for _ in range(ROUNDS) if (left := set(self.does(self.bot.works()))) <= {"cut"})
        reached = [self._told(number) for number in self.numbers]

        assert left <= {"cut"}, "an address waits for a day, and nothing else waits"
        assert len(self.bot.platform.chats.said) <= sum(reached) + self.deaths
        assert self.questions.items() | self.answers.items() == self._said()

    def _told(self, number: str) -> int:
        """The reporter of this tip has what is for them, its moderators have what they answered; how much was told."""
        case, said, _ = self.does(self.bot.knows(number))
        reached = [entry for entry in said if entry.kind in ("ask", "word") and entry.code]
        self._read_in_order(number, reached)
        posted = self._posted(number)
        answered = [_words(entry.line) for entry in said if entry.kind == "answer"]

        assert answered == list(dict.fromkeys(words for words, _ in posted)), "all of them, in order"
        assert 1 >= max(Counter(words for words, repeat in posted if not repeat).values(), default=0), (
            "a repeat says so"
        )
        self._drawn(number, case)
        return len(reached)

    def _read_in_order(self, number: str, reached: Sequence[Entry]) -> None:
        messages = [entry.told[-1] for entry in reached]
        for entry, message in zip(reached, messages, strict=True):
            chat, screen, _ = self.bot.platform.chats.said[message - 1001]

            assert chat == self.home.owners[number]
            assert entry.line in (screen.lines[0], screen.lines[0].values.get("others"))
        assert messages == sorted(set(messages))

    def _posted(self, number: str) -> list[tuple[str, bool]]:
        """Under this tip's card: the words, and whether they say that they may be a repeat."""
        card = self.home.cards[number]
        return [(str(piece.payload), piece.repeat) for _, piece, to in self.bot.platform.wall.posted if to == card]

    def _drawn(self, number: str, case: Case) -> None:
        drawn = [screen for _, _, screen in self.bot.platform.wall.drawn if screen.question == number]

        assert not drawn or drawn[-1].lines == card_lines(case, self.bot.context.world(), self.does(self._labels()))

    async def _labels(self) -> dict[str, str]:
        async with self.bot.context.database.reading() as tx:
            return await phrases.labels(tx, self.bot.context)

    def _said(self) -> set[tuple[str, str]]:
        """The words in the talk of each tip."""
        talks = {number: self.does(self.bot.knows(number))[1] for number in self.numbers}
        return {
            (_words(entry.line), number)
            for number, said in talks.items()
            for entry in said
            if entry.kind in ("ask", "answer")
        }

    # What holds at any moment

    @invariant()
    def nobody_reads_what_is_for_another(self) -> None:
        for chat, screen, _ in self.bot.platform.chats.said:
            words = _words(screen.lines[0].values.get("others"))

            assert chat in self.home.owners.values()
            assert not words or self.home.owners[self.questions[words]] == chat

    @invariant()
    def every_tip_went_by_the_table(self) -> None:
        talks = [self.does(self.bot.knows(number)) for number in self.numbers]
        for case, said, _ in talks:
            assert (case.standing, case.claim[0]) == _folded(said)
        acts, broken = self.does(self.bot.staff.trail())

        assert [] == broken
        done = [entry.line.key for _, said, _ in talks for entry in said if entry.kind == "act"]
        assert sorted(acts) == sorted([*done, *("received" for _ in self.numbers)])


def _folded(said: Sequence[Entry]) -> tuple[Standing, str]:
    """Where a tip stands and who works it after its acts, by the table alone."""
    standing, holder = Standing.RECEIVED, ""
    for entry in (entry for entry in said if entry.kind == "act"):
        act = ACTS[entry.line.key.partition("-")[0]]

        assert standing in act.before
        assert act.by is not Who.WORKER or holder in ("", entry.by)
        assert act.by is not Who.HOLDER or holder == entry.by
        standing = act.after or standing
        holder = entry.by if act.claims else "" if act.frees else holder
    return standing, holder


def _words(line: Value | None) -> str:
    return str(line.values.get("words", "")) if isinstance(line, Line) else ""


def test_whatever_moderators_and_reporters_do_while_the_bot_dies_what_was_said_arrives(tmp_path):
    """Nothing confirmed is lost, doubled or told to another; tips move by the table alone, and the trail is whole."""
    home = asyncio.run(furnished(tmp_path, REPORTERS))
    walk = type("Walk", (Walk,), {"home": home})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=20,
            phases=(Phase.generate,),
            stateful_step_count=30,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
