"""What moderators ask and reporters answer while everything goes wrong, and whether it came, once and in its order.

Every question and every answer holds a mark of its own. Who gets nowhere gives up and counts nothing as said: only
what somebody was told to be sent has to arrive.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Final, TypeVar

from bot.simulator import Message
from prove.page import Finding, need
from prove.stage import Phone, as_sent, number_of, question_on

QUESTION: Final = re.compile(r"tanya\d{6}")
ANSWER: Final = re.compile(r"jawab\d{6}")
TOLD: Final = "Pertanyaan dari pemeriksa"
SENT: Final = "Pertanyaan dikirim."
TAKEN: Final = "tersimpan dan akan dikirim ke pemeriksa"
PATIENCE: Final = 8.0
"""Seconds after which somebody tries again where nothing came, `TRIES` times in all."""
TRIES: Final = 2
PRESSED_SECONDS: Final = 4.0
"""After which a moderator goes on to something else where a press was not answered."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that somebody was told to be sent: its mark, its tip's number, and whose it is."""

    mark: str
    number: str
    by: int


@dataclass
class Threads:
    """What was `asked` and `answered`, oldest first; `numbers` of tips by the marks of all that was tried."""

    asked: list[Said] = field(default_factory=list)
    answered: list[Said] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    _tried: Counter[str] = field(default_factory=Counter)
    _marks: "count[int]" = field(default_factory=count)

    async def ask(self, desk: Phone, card: Message) -> None:
        """Press what asks a tip's reporter, follow the link into one's own chat, and write there."""
        said = self._new("tanya", number_of(card), desk)
        tapped = desk.person.taps(card, data=f"+|{said.number}|ask")
        with suppress(TimeoutError):
            answer = await tapped.answered(PRESSED_SECONDS)
            _, _, start = str(answer.get("url", "")).partition("?start=")
            writing = _Writing(desk, "ask", SENT, lambda: desk.person.starts(start))
            if start and await writing.says(f"Jam berapa, {said.mark}?"):
                self.asked.append(said)

    def unanswered(self, phone: Phone) -> list[tuple[Message, str]]:
        """What was asked and has not got its answer yet, with the marks; some take none, as their tip is over."""
        return [(question, about) for question, about in _questions(phone) if self._tried[about] < TRIES]

    async def answer(self, phone: Phone) -> bool:
        """Try once to answer each question that waits for it; whether that was done with any."""
        return any([await self._answer(phone, question, about) for question, about in self.unanswered(phone)])

    async def _answer(self, phone: Phone, question: Message, about: str) -> bool:
        self._tried[about] += 1
        said, button = self._new("jawab", self.numbers[about], phone), as_sent(question).taps[0]
        writing = _Writing(phone, "reply", TAKEN, partial(phone.person.taps, question, data=button), question)
        if not await writing.says(f"Pukul tujuh, {said.mark}."):
            return False
        self._tried[about] = TRIES
        self.answered.append(said)
        return True

    def _new(self, kind: str, number: str, phone: Phone) -> Said:
        said = Said(f"{kind}{next(self._marks):06}", number, phone.person.user.id)
        self.numbers[said.mark] = number
        return said

    def missing(self, phones: Sequence[Phone], posts: Sequence[Message]) -> set[str]:
        """Marks of what was said and is not to be read yet by who it is for."""
        read = {about for phone in phones for _, about in _questions(phone)} | {mark for _, mark in _answers(posts)}
        return {said.mark for said in (*self.asked, *self.answered)} - read

    def found(self, phones: Mapping[int, Phone], owners: Mapping[str, int], posts: Sequence[Message]) -> list[Finding]:
        """What came of it all, by phones of reporters and the reporters of tips; raises `Broken`."""
        need(not self.missing([*phones.values()], posts), "A question or an answer that was sent did not arrive.")
        told = [(owner, about) for owner, phone in phones.items() for _, about in _questions(phone)]
        need(
            all(owners[self.numbers[about]] == owner for owner, about in told),
            "A question was told to somebody else than the tip's reporter.",
        )
        answers = _answers(posts)
        need(
            all(number_of(post) == self.numbers[mark] for post, mark in answers),
            "An answer was posted under another tip.",
        )
        need(_in_order(self.asked, [about for _, about in told]), "Questions were told out of their order.")
        need(_in_order(self.answered, [mark for _, mark in answers]), "Answers were posted out of their order.")
        need(self.asked and self.answered, "Nobody was asked, or nobody answered.")
        asked, answered = len(self.asked), len(self.answered)
        return [
            Finding("questions that were sent and did not reach their reporter", f"0 of {asked:,}"),
            Finding("answers that were sent and did not reach the moderators", f"0 of {answered:,}"),
            Finding("of both, what came out of order or at somebody else's", f"0 of {asked + answered:,}"),
            Finding("questions that were told twice", f"{len(told) - len(set(told)):,} of {len(set(told)):,}"),
        ]


def _questions(phone: Phone) -> list[tuple[Message, str]]:
    """What a reporter was asked, and the marks; where an answer was begun, the question has given its place to that."""
    told = ((message, as_sent(message).text) for message in phone.told)
    return [(message, one) for message, text in told if TOLD in text for one in QUESTION.findall(text)]


def _answers(posts: Sequence[Message]) -> list[tuple[Message, str]]:
    return [(post, one) for post in posts for one in ANSWER.findall(post.text)]


def _in_order(said: Sequence[Said], read: Sequence[str]) -> bool:
    """Whether what one person said of one tip is read, for the first time, in the order in which it was said."""
    places = {mark: n for n, mark in reversed([*enumerate(read)])}
    orders: dict[tuple[str, int], list[int]] = {}
    for one in said:
        orders.setdefault((one.number, one.by), []).append(places[one.mark])
    return all(order == sorted(order) for order in orders.values())


@dataclass
class _Writing:
    """Somebody writes at a place, which is opened by what they press, and may be drawn where that stood."""

    phone: Phone
    place: str
    done: str
    opens: Callable[[], object]
    where: Message | None = None

    async def says(self, words: str) -> bool:
        """Open it, write and confirm: whether it was then told to be done."""
        last = self.phone.told[-1].id if self.phone.told else 0
        try:
            self.opens()
            await self._comes(lambda: [one for one in self._screens() if one is self.where or one.id > last])
            self.phone.person.types(words)
            check = await self._comes(lambda: self._check(words))
            before = self._finished()
            self.phone.person.taps(check, data=_button(check, "confirm"))
            await self._comes(lambda: self._finished() > before)
        except TimeoutError:
            return False
        return True

    async def _comes(self, condition: Callable[[], T | None]) -> T:
        """Where nothing comes, a reporter opens it once more: the bot may have died with its answer."""
        for _ in range(TRIES - 1):
            with suppress(TimeoutError):
                return await self.phone.simulator.settled(condition, PATIENCE)
            if self.where:
                self.opens()
        return await self.phone.simulator.settled(condition, PATIENCE)

    def _screens(self) -> list[Message]:
        return [one for one in self.phone.told if one.taps and question_on(one) == self.place]

    def _check(self, words: str) -> Message | None:
        shown = (one for one in self._screens() if words in one.text and _button(one, "confirm"))
        return next(shown, None)

    def _finished(self) -> int:
        return sum(self.done in message.text for message in self.phone.told)


def _button(screen: Message, choice: str) -> str:
    return next((one for one in screen.taps if one.rpartition("|")[2] == choice), "")
