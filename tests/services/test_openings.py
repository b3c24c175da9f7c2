"""Codes and receipts, as anybody may send them: each opens what it is for, to whom it is for, or nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from office import DEWI, MODERATOR, RINA, SARI, Office, office_at

from bot.conversation.case import Actor
from bot.conversation.events import Opened
from bot.services import drafts, followup
from bot.services.receipts import WRONG_A_CHAT, Guesses, Receipts
from prove.revival import digest
from storage.sql import Transaction

CHATS = st.sampled_from((SARI, DEWI, RINA, 0, -1, 2**63))
BY = st.sampled_from((None, MODERATOR))
WAYS = ("question", "hand", "invitation")
SLIPS = st.sampled_from(("", " ", "\0", "K", "0", "-", "'", "%", "*", "\ud800", "\u0661", "\U0001d7cf"))


class Undone(Exception):
    """Whatever was tried is not to stay."""


@dataclass
class Case:
    """A tip of Sari's with a question that waits and an answer that she has begun; Rina may write once."""

    office: Office
    codes: dict[str, str]

    @property
    def receipt(self) -> str:
        return self.office.receipts[0]

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[Transaction]:
        with suppress(Undone):
            async with self.office.context.database.transaction() as tx:
                yield tx
                raise Undone

    async def opens(self, chat: int, code: str, by: Actor | None) -> tuple[Opened | None, bool]:
        """What the code opens there, and whether all rows are as before."""
        async with self.trying() as tx:
            before = await digest(tx)
            opened = await followup.opened(tx, self.office.context, chat, code, by)
            return opened, await digest(tx) == before
        raise AssertionError


@asynccontextmanager
async def case_at(path: Path) -> AsyncIterator[Case]:
    async with office_at(path) as office:
        number = await office.sends(SARI)
        await office.asks(number, "Jam berapa?")
        await office.works()
        question = office.button(SARI)
        await office.desk.hears(SARI, question, 20)
        context = office.context
        async with context.database.transaction() as tx:
            hand = (await drafts.load(tx, context, [SARI]))[SARI].draft.about
            invitation = await followup.invite(tx, context, "note", number, RINA)
        yield Case(office, dict(zip(WAYS, (question.choice, hand, invitation), strict=True)))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def case(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    room = case_at(tmp_path_factory.mktemp("case"))
    yield runner.run(room.__aenter__())
    runner.run(room.__aexit__(None, None, None))


@given(chat=CHATS, by=BY, way=st.sampled_from(WAYS))
def test_a_code_opens_to_whom_it_is_for_alone(
    case: Case, runner: asyncio.Runner, chat: int, by: Actor | None, way: str
):
    """A reporter's opens in their chat, a moderator's to that moderator while they are one; to others nothing moves."""
    opened, unmoved = runner.run(case.opens(chat, case.codes[way], by))
    may = chat == RINA and by is not None if way == "invitation" else chat == SARI

    assert may == (opened is not None)
    assert may or unmoved


@given(chat=CHATS, by=BY, code=st.text(max_size=40), way=st.sampled_from(WAYS), at=st.integers(0, 19), slip=SLIPS)
@example(SARI, MODERATOR, "\ud800", "hand", 0, "")
def test_what_is_not_quite_a_code_opens_nothing(  # noqa: PLR0917 - hypothesis gives them by name
    case: Case, runner: asyncio.Runner, chat: int, by: Actor | None, code: str, way: str, at: int, slip: str
):
    """Any text, and a code with one sign less or another, is nobody's code; nothing is raised, and nothing moves."""
    right = case.codes[way]
    for words in (code, right[:at] + slip + right[at + 1 :], right.lower(), right[:at], f"{right}{slip or ' '}"):
        if words != right:
            assert runner.run(case.opens(chat, words, by)) == (None, True)


@settings(max_examples=200)
@given(chat=CHATS, words=st.text(max_size=40), at=st.integers(0, 15), slip=SLIPS, doubled=st.booleans())
def test_nothing_but_the_receipt_opens_a_tip(  # noqa: PLR0917 - hypothesis gives them by name
    case: Case, runner: asyncio.Runner, chat: int, words: str, at: int, slip: str, *, doubled: bool
):
    """Whatever stands where a receipt should stand, the talk opens for the sixteen digits in their order alone."""
    right = case.receipt

    async def look_up(typed: str) -> object:
        async with case.trying() as tx:
            return await Receipts(case.office.context).look_up(tx, chat, typed)
        raise AssertionError

    for typed in (words, right[:at] + slip + right[at + (not doubled) :], right[at:] + right[:at], " ".join(right)):
        digits = "".join(sign for sign in typed if sign in "0123456789")
        assert isinstance(runner.run(look_up(typed)), Opened) == (digits == right)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(1, 2 * WRONG_A_CHAT)), max_size=60))
def test_however_much_is_guessed_a_chat_that_has_not_may_try(tries: list[tuple[int, int, int]]):
    """No chat tries more numbers an hour than one may; whoever has not guessed this hour is never shut out."""
    guesses, hour = Guesses(), 0
    tried: dict[tuple[int, int], int] = {}
    for chat, later, numbers in tries:
        hour += later
        taken = min(guesses.left(chat, hour), numbers)
        guesses.wrong[chat] += taken
        tried[hour, chat] = tried.get((hour, chat), 0) + taken
        assert guesses.left(-1, hour) == WRONG_A_CHAT

    assert all(numbers <= WRONG_A_CHAT for numbers in tried.values())
