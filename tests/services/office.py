"""A desk whose debts are worked off when a test says so, with reporters, moderators and their chats."""

import json
from contextlib import asynccontextmanager
from datetime import date

import pytest
from desk import Chats, Desk, Moderators, desk_at

from bot.conversation.case import Actor, from_json
from bot.conversation.casework import decide
from bot.conversation.errands import Person
from bot.conversation.events import Arrival, Attached, Chose, Cleaned, Command, Commanded, FileKind, Typed
from bot.services import cases, debts, drafts, followup
from bot.services.answers import Answers
from bot.services.card import Card
from bot.services.delivery import Delivery
from bot.services.intake import Intake
from bot.services.relay import Relay
from bot.services.release import Release
from storage import files, outbox, tips

SARI, DEWI, RINA, CANARY = 77, 88, 501, 7_700_123_456
MODERATOR = Actor("M1", "Rina")


async def known(person: Person) -> Actor | None:
    return MODERATOR if person.user == RINA else None


class Office:
    """A desk with somebody who works its debts off when told to, in the order in which they came up."""

    def __init__(self, desk: Desk, chats: Chats | None = None, moderators: Moderators | None = None) -> None:
        self.desk, self.context = desk, desk.context
        self.chats, self.moderators = chats or Chats(), moderators or Moderators()
        desk.intake = Intake(desk.context, desk.owed.extend, known)
        self.relay = Relay(desk.context, self.chats, self.moderators, desk.intake.spoke, desk.owed.extend)
        answers = Answers(desk.context, self.chats, desk.intake.spoke)
        release = Release(desk.context, desk.owed.extend)
        delivery = Delivery(desk.context, self.moderators, desk.owed.extend)
        self.handlers = {
            "answer": answers.say,
            "erase": answers.erase,
            "tip": lambda owed: delivery.post(owed, 0),
            "retract": delivery.retract,
            "tell": self.relay.tell,
            "follow": self.relay.follow,
            "cut": self.relay.cut,
            "count": release.counted,
            "reach": release.reached,
            "card": Card(desk.context, self.moderators, desk.owed.extend).redraw,
        }
        self.receipts = []

    async def works(self, *kinds: str) -> list[str]:
        """Work every debt off once, or those of some kinds; the kinds of what is to be tried again."""
        left = []
        again = []
        while self.desk.owed:
            owed_id, kind = self.desk.owed.pop(0)
            if kinds and kind not in kinds:
                left.append((owed_id, kind))
            elif kind in self.handlers:
                async with self.context.database.reading() as tx:
                    owed = await outbox.read(tx, self.context.secrets, owed_id)
                if owed and await self.handlers[kind](owed):
                    again.append((owed_id, kind))
                elif owed:
                    async with self.context.database.transaction() as tx:
                        await outbox.done(tx, [owed_id])
        self.desk.owed.extend([*again, *left])
        return [kind for _, kind in again]

    async def sends(self, chat: int, contact: str = "here", **told: str) -> str:
        """A tip from a chat; its number."""
        drawn, draw = [], tips.new_receipt
        before = await self.numbers()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tips, "new_receipt", lambda chance: drawn.append(draw(chance)) or drawn[-1])
            reply = await self.desk.reaches_review(chat, contact=contact, **told)
            await self.desk.taps(chat, reply, "send", 9)
        self.receipts += drawn
        await self.works()
        (number,) = await self.numbers() - before
        return number

    async def cases(self) -> dict:
        context = self.context
        async with context.database.reading() as tx:
            found = [tip async for tip in tips.summaries(tx, context.secrets, date(2026, 1, 1))]
        return {from_json(tip.summary).number: (tip.id, from_json(tip.summary)) for tip in found}

    async def numbers(self) -> set[str]:
        return set(await self.cases())

    async def asks(self, number: str, words: str, purpose: str = "ask"):
        """A moderator opens a link, writes, and confirms."""
        async with self.context.database.transaction() as tx:
            code = await followup.invite(tx, self.context, purpose, number, RINA)
        await self.desk.hears(RINA, Commanded(Command.START, code), 1)
        return await self.desk.taps(RINA, await self.desk.hears(RINA, Typed(words), 2), "confirm", 3)

    async def closes(self, number: str) -> None:
        tip_id, case = (await self.cases())[number]
        decision = decide(case, "close", MODERATOR)
        async with self.context.database.transaction() as tx:
            found = await cases.load(tx, self.context, tip_id)
            owed = await cases.record(tx, self.context, found, decision, MODERATOR)
            owed += await followup.tell(tx, self.context, tip_id, decision.tells, closing=True)
            self.desk.owed += await debts.note(tx, self.context, owed)

    async def address(self, number: str) -> int | None:
        tip_id, _ = (await self.cases())[number]
        async with self.context.database.reading() as tx:
            return await tips.address(tx, self.context.secrets, tip_id)

    def told(self, chat: int) -> list[str]:
        """The words of moderators that a chat was sent."""
        lines = [line for to, screen, _ in self.chats.said if to == chat for line in screen.lines]
        return [line.values["others"].values["words"] for line in lines if line.key == "tell.asked"]

    def button(self, chat: int) -> Chose:
        """The button under what a chat was told last."""
        screen = [screen for to, screen, _ in self.chats.said if to == chat][-1]
        return Chose(screen.turn, screen.question, screen.choices[0].code)

    async def answers(self, chat: int, words: str):
        reply = await self.desk.hears(chat, self.button(chat), 20)
        return (
            await self.desk.taps(chat, await self.desk.hears(chat, Typed(words), 21), "confirm", 22) if reply else None
        )

    def followed(self) -> list[tuple[str, int | None]]:
        return [(piece.kind, reply_to) for _, piece, reply_to in self.moderators.posted]


@asynccontextmanager
async def office_at(path, **how):
    async with desk_at(path, **how) as desk:
        yield Office(desk)


def keys(reply) -> list[str]:
    return [line.key for screen in reply.screens for line in screen.lines]


async def sends_picture(office: Office, chat: int, caption: str = "") -> None:
    """A picture, fetched and sealed as the evidence room does it."""
    context = office.context
    reply = await office.desk.hears(chat, Attached(FileKind.PHOTO, "f", "u", 100, caption), 30)
    assert ["evidence.working"] == keys(reply)
    (owed_id,) = [one for one, kind in office.desk.owed if kind == "fetch"]
    async with context.database.transaction() as tx:
        item = json.loads((await outbox.read(tx, context.secrets, owed_id)).body)["item"]
        held = (await drafts.load(tx, context, [chat]))[chat]
        stored = await files.add(tx, context.secrets, held.row.id, b"a clean picture")
    cleaned = Cleaned(item, stored.hex(), "picture", "jpg", 15, (), "o", "c")
    await office.desk.intake.handle(Arrival(None, chat, None, cleaned))
