"""A tip reaches the moderators' chat at least once, in order, whatever stands in the way."""

import asyncio
import json
import re
from contextlib import asynccontextmanager

import pytest
from desk import ADMIN, MODERATORS, Chats, Desk, Moderators, cancelled, desk_at

from bot.conversation.events import Command, Commanded
from bot.conversation.speech import Accepted, Later, Moved, Outcome, Shut, Unfit
from bot.services import delivery as delivery_room
from bot.services.answers import Answers
from bot.services.card import Card
from bot.services.debts import Kind
from bot.services.delivery import Delivery
from bot.services.jobs import TRIES_LEAST, Jobs, Lane
from storage import files, outbox, posts, tips

SARI = 77


class Office:
    """A desk whose debts are worked off, with retries that do not wait."""

    def __init__(self, desk: Desk, chats: Chats, moderators: Moderators) -> None:
        self.desk, self.chats, self.moderators = desk, chats, moderators
        answers = Answers(desk.context, chats, desk.intake.spoke)
        self.delivery = Delivery(desk.context, moderators, self._owe)
        self.jobs = Jobs(
            desk.context,
            [
                Lane({Kind.ANSWER: answers.say, Kind.ERASE: answers.erase}, workers=2),
                Lane({Kind.TIP: self._post, Kind.RETRACT: self.delivery.retract}),
                Lane({Kind.CARD: Card(desk.context, moderators, self._owe).redraw}),
            ],
        )

    def _owe(self, owed):
        self.jobs.add(owed)

    async def _post(self, owed):
        return await self.delivery.post(owed, self.jobs.backlog(Kind.TIP))

    async def sends(self, chat: int = SARI, contact: str = "code") -> None:
        reply = await self.desk.reaches_review(chat, contact=contact)
        await self.desk.taps(chat, reply, "send", 9)

    async def works(self) -> None:
        """Work off everything that is owed, as a start would find it."""
        working = asyncio.create_task(self.jobs.run())
        await asyncio.sleep(0)
        async with asyncio.timeout(20):
            while not await self.desk_is_clear():
                await self.jobs.settled()
        await cancelled(working)

    async def desk_is_clear(self) -> bool:
        async with self.desk.context.database.reading() as tx:
            return not await outbox.ids(tx)


@asynccontextmanager
async def office_at(path, *outcomes, **about):
    async with desk_at(path, **about) as desk:
        yield Office(desk, Chats(), Moderators(outcomes=list(outcomes)))


def pieces(office: Office) -> list[str]:
    return [piece.kind for _, piece, _ in office.moderators.posted]


def receipt(office: Office) -> str:
    lines = [line for _, screen, _ in office.chats.said for line in screen.lines if line.key == "sent.receipt"]
    return str(lines[-1].values["receipt"])


async def _kept(office: Office):
    async with office.desk.context.database.reading() as tx:
        return [tip async for tip in tips.summaries(tx, office.desk.context.secrets, office.desk.context.today())]


async def test_a_tip_is_posted_content_first_and_its_card_replies_to_it(tmp_path):
    """The card comes last and answers the first message of the tip; then the tip counts as delivered."""
    async with office_at(tmp_path) as office:
        await office.sends()
        await office.works()
        (tip,) = await _kept(office)

    assert ["text", "card"] == pieces(office)
    assert [None, 1] == [reply_to for _, _, reply_to in office.moderators.posted]
    assert "delivered" == json.loads(tip.summary)["standing"]


async def test_the_receipt_comes_by_the_outbox_and_opens_the_tip(tmp_path):
    """The sixteen digits that the reporter is sent after the commit find the tip, and are then owed to nobody."""
    async with office_at(tmp_path) as office:
        await office.sends()
        await office.works()
        digits = receipt(office)
        async with office.desk.context.database.reading() as tx:
            found = await tips.find_by_receipt(tx, office.desk.context.secrets, digits)
            left = await outbox.ids(tx)

    assert re.fullmatch(r"\d{4}( \d{4}){3}", digits)
    assert found is not None
    assert [] == left


async def test_a_post_goes_on_after_a_restart_where_it_stopped(tmp_path):
    """When the bot dies between two pieces, the next start sends only those that were not noted."""
    async with office_at(tmp_path, Accepted((1,))) as office:
        await office.sends()
        office.moderators.outcomes += [Later(3600)]
        working = asyncio.create_task(office.jobs.run())
        async with asyncio.timeout(10):
            await office.moderators.exhausted.wait()
        await cancelled(working)
    async with office_at(tmp_path) as later:
        later.moderators.first = 2
        await later.works()

    assert ["card"] == pieces(later)


async def test_later_is_later_and_nothing_is_lost(tmp_path, monkeypatch):
    """Floods and failures of the network put a piece off; it is sent once when they are over."""
    monkeypatch.setattr("bot.services.jobs.FIRST_RETRY", 0)
    async with office_at(tmp_path, Later(0), Later(None), Later(None)) as office:
        await office.sends()
        await office.works()

    assert ["text", "card"] == pieces(office)


async def test_a_group_that_moved_is_followed_and_remembered(tmp_path):
    """The new number gets the tip, and still gets it after a restart."""
    async with office_at(tmp_path, Moved(-1002)) as office:
        await office.sends()
        await office.works()
    async with office_at(tmp_path) as later:
        after = later.desk.context.route.chat

    assert {-1002} == {chat for chat, _, _ in office.moderators.posted}
    assert -1002 == after


async def repeats(tmp_path, *outcomes: Outcome) -> list[bool]:
    """Of the pieces that are sent after these outcomes of the first one, which say that they may be repeats."""
    async with office_at(tmp_path, *outcomes) as office:
        await office.sends()
        await office.works()
    return [piece.repeat for _, piece, _ in office.moderators.posted]


@pytest.mark.parametrize(
    ("outcomes", "repeat"),
    [
        ((), False),
        ((Later(0),), False),
        ((Later(unsure=True),), True),
        ((Later(unsure=True), Later(0)), True),
        ((Unfit("refused"),), False),
        ((Unfit("refused"), Later(unsure=True)), True),
        ((Moved(-1002),), False),
    ],
)
async def test_what_may_have_arrived_before_says_so(tmp_path, monkeypatch, outcomes, repeat):
    """A piece is a repeat after any try of unsure outcome, never after refusals alone; its successor is none."""
    monkeypatch.setattr("bot.services.jobs.FIRST_RETRY", 0)

    assert [repeat, False] == await repeats(tmp_path, *outcomes)


async def test_a_crash_before_the_note_makes_a_repeat(tmp_path):
    """Where the bot dies with a piece on its way, the piece says that it may be a repeat when it is sent again."""
    async with office_at(tmp_path) as office:
        await office.sends()
        office.moderators.send = dies
        with pytest.raises(Killed):
            await office.delivery.post(await owed_tip(office), 0)
    async with office_at(tmp_path) as later:
        await later.works()

    assert [True, False] == [piece.repeat for _, piece, _ in later.moderators.posted]


class Killed(BaseException):
    """The end of a process, as nothing in it catches it."""


async def dies(*_):
    raise Killed


async def owed_tip(office: Office):
    async with office.desk.context.database.reading() as tx:
        [owed] = [one for one, kind in await outbox.ids(tx) if kind == "tip"]
        return await outbox.read(tx, office.desk.context.secrets, owed)


async def test_a_shut_channel_holds_tips_and_tells_admins_once(tmp_path, monkeypatch):
    """Thrown out of the channel, the bot alarms its admins once, without content, and posts when it is back."""
    monkeypatch.setattr(delivery_room, "SHUT_SECONDS", 0)
    async with office_at(tmp_path, Shut("kicked"), Shut("kicked"), Shut("kicked")) as office:
        await office.sends()
        await office.works()
    alarms = [(chat, line.key) for chat, screen, _ in office.chats.said for line in screen.lines if chat == ADMIN]

    assert [(ADMIN, "alarm.shut"), (ADMIN, "alarm.open")] == alarms
    assert ["text", "card"] == pieces(office)


async def test_a_piece_that_is_never_taken_is_named_and_holds_up_no_other(tmp_path):
    """Where the platform refuses a piece for good, a sentence stands in its place and the card follows."""
    async with office_at(tmp_path, Unfit("refused")) as office:
        await office.sends()
        await office.works()

    assert ["instead", *{piece.payload for _, piece, _ in office.moderators.posted[1:]}] == [
        piece.payload for _, piece, _ in office.moderators.posted
    ]
    assert 1 == office.desk.context.counters["post_unfit"]


async def test_a_backlog_is_told_besides_the_tips(tmp_path, monkeypatch):
    """When many tips wait, the channel hears how many, once, and still gets each of them."""
    monkeypatch.setattr(delivery_room, "BACKLOG", 3)
    async with office_at(tmp_path) as office:
        for chat in range(1, 7):
            await office.sends(chat)
        await office.works()

    assert ["alarm.backlog"] == [line.key for line in office.moderators.alerts]
    assert 6 == pieces(office).count("card")


async def test_what_belongs_to_a_tip_stays_together(tmp_path):
    """With many tips on their way, each one's pieces come in order and none in between."""
    async with office_at(tmp_path) as office:
        for chat in range(1, 7):
            await office.sends(chat)
        await office.works()
    posted = [(piece.payload, piece.kind) for _, piece, _ in office.moderators.posted]

    assert all(posted[n][0] == posted[n + 1][0] for n in range(0, 12, 2))
    assert ["text", "card"] * 6 == [kind for _, kind in posted]


async def test_a_release_delay_is_random_and_obeyed(tmp_path):
    """With a delay that is set, a tip is posted not before its minute, and the minutes differ."""
    async with desk_at(tmp_path, release_minutes=600) as desk:
        for chat in range(1, 9):
            await desk.taps(chat, await desk.reaches_review(chat), "send", 9)
        async with desk.context.database.reading() as tx:
            owed = [
                await outbox.read(tx, desk.context.secrets, one) for one, kind in await outbox.ids(tx) if kind == "tip"
            ]
        minutes = [json.loads(one.body)["release"] - int(desk.clock().timestamp()) // 60 for one in owed]
        moderators = Moderators()
        again = await Delivery(desk.context, moderators, desk.owed.extend).post(owed[0], 0)

    assert all(0 <= minute <= 600 for minute in minutes)
    assert len(set(minutes)) > 3
    assert minutes[0] == 0 or (again.seconds > 0 and not moderators.posted)


async def test_a_withdrawn_tip_is_gone_from_storage_and_taken_back_from_the_channel(tmp_path):
    """With the receipt the reporter destroys the tip; its posts are taken back and its evidence is gone."""
    async with office_at(tmp_path) as office:
        await office.sends()
        await office.works()
        (tip,) = await _kept(office)
        async with office.desk.context.database.transaction() as tx:
            await files.add(tx, office.desk.context.secrets, tip.id, b"evidence")
        await office.desk.hears(SARI, Commanded(Command.DELETE, receipt(office)), 30)
        await office.works()
        async with office.desk.context.database.reading() as tx:
            left = [
                row[0]
                for row in await tx.execute_fetchall("SELECT count(*) FROM files UNION ALL SELECT count(*) FROM tips")
            ]

    assert [0, 0] == left
    assert [(MODERATORS, [1, 2])] == office.moderators.retracted
    assert "withdraw.done" in {line.key for _, screen, _ in office.chats.said for line in screen.lines}
    assert (SARI, [30]) in office.chats.erased


async def test_a_tip_withdrawn_while_it_is_posted_is_taken_back(tmp_path):
    """A piece that arrives after its tip was destroyed is retracted, and no further piece follows."""
    async with office_at(tmp_path) as office:
        await office.sends()
        owed = await owed_tip(office)
        send = office.moderators.send

        async def send_and_lose(*args):
            (tip,) = await _kept(office) or [None]
            if tip:
                async with office.desk.context.database.transaction() as tx:
                    await tips.destroy(tx, [tip.id])
            return await send(*args)

        office.moderators.send = send_and_lose
        await office.delivery.post(owed, 0)
        await office.works()

    assert ["text"] == pieces(office)
    assert [(MODERATORS, [1])] == office.moderators.retracted


async def test_posts_are_noted_with_their_tip(tmp_path):
    """Each message in the channel is known with what it shows of which tip."""
    async with office_at(tmp_path) as office:
        await office.sends()
        await office.works()
        (tip,) = await _kept(office)
        async with office.desk.context.database.reading() as tx:
            noted = await posts.of(tx, tip.id)

    assert {("text", 0, 1), ("card", 1, 2)} == {(post.kind, post.part, post.message) for post in noted}


async def test_an_owed_answer_is_given_up_after_a_day_of_failing(tmp_path):
    """What cannot be said is dropped after 24 hours, with its chat number."""
    async with office_at(tmp_path) as office:
        office.chats.outcomes = [Later(0.0)] * 500
        await office.sends()
        office.desk.clock.passes(hours=25)
        await office.works()

    assert [] == office.chats.said
    assert 1 == office.desk.context.counters["owed_expired"]


async def test_a_clock_that_jumps_forward_loses_no_receipt(tmp_path):
    """A receipt that could not be said before the jump is said after it, though not at the first try."""
    async with office_at(tmp_path) as office:
        office.chats.outcomes = [Later(0.0)] * (TRIES_LEAST - 1)
        await office.sends()
        office.desk.clock.passes(days=366)
        await office.works()

    assert receipt(office)
    assert 0 == office.desk.context.counters["owed_expired"]


async def test_posts_of_a_withdrawn_tip_are_taken_back_though_the_clock_jumped(tmp_path):
    """What was owed to be taken out of the channel is, also where its term seems to be over."""
    async with office_at(tmp_path) as office:
        await office.sends()
        await office.works()
        await office.desk.hears(SARI, Commanded(Command.DELETE, receipt(office)), 10)
        office.desk.clock.passes(days=366)
        await office.works()

    assert [(MODERATORS, [1, 2])] == office.moderators.retracted


async def test_a_chat_that_blocked_the_bot_is_owed_nothing_more(tmp_path):
    """A reporter who blocks the bot before the receipt came ends the debt and holds up nobody."""
    async with office_at(tmp_path) as office:
        office.chats.outcomes = [Shut("blocked")]
        await office.sends()
        await office.works()

    assert [] == office.chats.said
    assert ["text", "card"] == pieces(office)


async def test_a_tip_of_which_no_word_is_taken_waits_alone(tmp_path):
    """Where the platform refuses even the sentence in a piece's place, that tip is tried again and others go on."""
    async with office_at(tmp_path, Unfit("refused"), Unfit("refused")) as office:
        await office.sends(SARI)
        await office.sends(SARI + 1)
        await office.works()
    alarms = [chat for chat, _, _ in office.chats.said if chat == ADMIN]

    assert [] == alarms
    assert 2 == pieces(office).count("card")
