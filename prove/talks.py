"""Reporters who tell, moderators who ask, reporters who answer: each goes on the moment the bot has answered."""

import asyncio
from dataclasses import dataclass, field

from bench.scripts import INTERVIEW
from bot.simulator import Chat
from prove.hearing import ASKED, Hearing, OwnChat, Tip
from prove.page import need
from prove.stage import RECEIPT

QUESTIONS = (
    *("notice", "status", "accused", "region", "place", "happened", "known", "categories", "categories"),
    *("story", "evidence", "contact", "review"),
)
"""What is asked after each word of the interview."""
TROUBLES = {1: "slow", 49: "flood"}
EACH, SECONDS = 96, 2
"""In so many tips each trouble comes once, and for so long, so that what is said meanwhile waits behind it."""


@dataclass
class Reporter:
    own: OwnChat
    tip: Tip

    async def tells(self) -> str:
        """The interview in typed words, then "send"; the receipt."""
        own, tip = self.own, self.tip
        said = {"accused": tip.word("cerita", 1), "story": tip.story(), "contact": "di sini"}
        for before, words, then in zip(("", *QUESTIONS), INTERVIEW, QUESTIONS, strict=False):
            screen = await own.types(said.get(before, words), then)
        own.person.taps(screen, data=next(one for one in screen.taps if one.endswith("|send")))
        both = [await own.screens.get(), await own.screens.get()]
        own.answered += 1
        receipts = [found[0] for one in both if (found := RECEIPT.search(one.text))]
        need(len(receipts) == 1, "Sending brought no receipt, or two.")
        return receipts[0]

    async def answers(self, n: int) -> None:
        """Answer the next question that comes, which is shown once more meanwhile."""
        own, tip = self.own, self.tip
        question = await own.questions.get()
        need(tip.word("tanya", n) in question.text, "A question came twice, out of order, or to somebody else.")
        code = question.taps[0].rpartition("|")[2]
        screen = await own.taps(question, code, "reply")
        need(tip.word("tanya", n) in screen.text, "Who answers a question is shown another.")
        check = await own.types(f"Ya, ada. {tip.word('jawab', n)}", "reply")
        await own.taps(check, "confirm", "")


@dataclass
class Moderator:
    """An administrator of the channel, who writes one question at a time."""

    hearing: Hearing
    channel: Chat
    own: OwnChat
    free: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def asks(self, tip: Tip, n: int) -> None:
        """Press "ask", follow the link into one's own chat, write there, confirm."""
        async with self.free:
            self.own.tip = tip
            _, _, start = (await self.presses(tip, "ask", "?start=")).partition("?start=")
            await self.own.does(lambda: self.own.person.starts(start), "ask")
            check = await self.own.types(f"Apakah ada yang melihatnya? {tip.word('tanya', n)}", "ask")
            await self.own.taps(check, "confirm", "")

    async def presses(self, tip: Tip, act: str, shows: str) -> str:
        """Press a button of a tip's card; what is shown or opened for it, in which `shows` stands."""
        card = self.channel.message_by_id[tip.card]
        answer = await self.hearing.answer(self.own.person, card, f"+|{tip.number}|{act}")
        self.own.answered += 1
        shown = str(answer.get("url") or answer.get("text"))
        need(shows in shown, f"Something else than '{shows}' came of '{act}'.")
        return shown


@dataclass
class Talk:
    """A tip from its first word to its end: the first moderator takes it and asks, and so does who has it then."""

    reporter: Reporter
    first: Moderator
    second: Moderator

    async def goes_on(self) -> str:
        """All of it; the receipt."""
        tip = self.reporter.tip
        receipt = await self.reporter.tells()
        await tip.comes(len(tip.told))
        await self.first.presses(tip, "take", "menangani")
        await (self._in_turn, self._in_a_row, self._side_by_side)[tip.n % 3](tip)
        await tip.comes(len(tip.told) + ASKED)
        if tip.n % 2:
            await self._closes(tip)
        self.reporter.own.forgets()
        return receipt

    async def _in_turn(self, tip: Tip) -> None:
        await self.first.asks(tip, 1)
        await self.reporter.answers(1)
        await self._hands_over(tip)
        await self.second.asks(tip, 2)
        await self.reporter.answers(2)

    async def _in_a_row(self, tip: Tip) -> None:
        """Both questions before the first answer; now and then Telegram is slow or refuses, so that several wait."""
        _troubles(tip, self.reporter.own.person.chat)
        await self._ask(tip)
        _troubles(tip, self.first.channel)
        await self._answers()

    async def _side_by_side(self, tip: Tip) -> None:
        """Each goes on by themselves: what one does may come before or after anything of the other."""
        await asyncio.gather(self._ask(tip), self._answers())

    async def _ask(self, tip: Tip) -> None:
        await self.first.asks(tip, 1)
        await self._hands_over(tip)
        await self.second.asks(tip, 2)

    async def _answers(self) -> None:
        await self.reporter.answers(1)
        await self.reporter.answers(2)

    async def _hands_over(self, tip: Tip) -> None:
        await self.first.presses(tip, "leave", "Dilepas")
        await self.second.presses(tip, "take", "menangani")

    async def _closes(self, tip: Tip) -> None:
        await self.second.presses(tip, "close", "Ditutup")
        told = await self.reporter.own.screens.get()
        need("Selesai" in told.text, "A reporter was not told that their tip is closed.")


def _troubles(tip: Tip, chat: Chat) -> None:
    """The next message to this chat meets a fault, if it is this tip's turn."""
    kind = TROUBLES.get(tip.n % EACH)
    if kind:
        chat.world.faults.add(kind, "sendMessage", seconds=SECONDS, chat=chat.id)
