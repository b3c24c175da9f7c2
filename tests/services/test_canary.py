"""Each hour a made-up tip goes the whole way and leaves nothing; admins hear of a break once, and of its end."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from copied import copied_at_every_statement
from desk import MODERATORS, Chats, Desk, Moderators, desk_at

from bot.conversation.speech import Later, Moved, Outcome, Shut
from bot.services.canary import FACT, Canary
from bot.services.delivery import Delivery
from storage import outbox
from storage.outbox import Owed


@dataclass
class Posts(Moderators):
    """A moderators' chat that can refuse to delete."""

    refusals: list[Outcome] = field(default_factory=list)

    async def retract(self, chat, messages, topics) -> Outcome:
        return self.refusals.pop(0) if self.refusals else await super().retract(chat, messages, topics)


class Aviary:
    """A desk with a canary; its debts are worked off when a test says so."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.context = desk, desk.context
        self.posts, self.chats, self.silent = Posts(), Chats(), [1.0]
        self.canary = Canary(desk.context, self.posts, self.chats, desk.owed.extend, lambda: self.silent[-1])
        delivery = Delivery(desk.context, self.posts, desk.owed.extend)
        self.handlers = {"canary": self.canary.post, "retract": delivery.retract}
        self.alarms: list[str] = []

    async def works(self) -> None:
        """Try each debt once, as the jobs do; the words to admins are kept."""
        owed, self.desk.owed[:] = list(self.desk.owed), []
        for owed_id, kind in owed:
            async with self.context.database.reading() as tx:
                found = await outbox.read(tx, self.context.secrets, owed_id)
            if kind == "answer":
                self.alarms.append(found.body.decode())
            if kind == "answer" or (found and await self.handlers[kind](found) is None):
                async with self.context.database.transaction() as tx:
                    await outbox.done(tx, [owed_id])
            elif found:
                self.desk.owed.append((owed_id, kind))

    async def hour(self) -> int:
        """An hour in which one is let out, and its debts tried; how many words admins have been owed until then."""
        await self.canary.hourly()
        await self.works()
        self.desk.clock.passes(hours=1)
        return len(self.alarms)

    async def hours(self, n: int) -> list[int]:
        return [await self.hour() for _ in range(n)]

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but for the fact that the canary itself keeps."""
        with closing(sqlite3.connect(self.context.database.path)) as reader:
            names = [row[0] for row in reader.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            counted = {
                name: reader.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - names of our tables
                for name in names
            }
            flown = reader.execute("SELECT count(*) FROM facts WHERE name = ?", (FACT,)).fetchone()[0]
        return counted | {"facts": counted["facts"] - flown}


@asynccontextmanager
async def aviary_at(path: Path, **how) -> AsyncIterator[Aviary]:
    async with desk_at(path, **how) as desk:
        yield Aviary(desk)


async def test_it_goes_the_whole_way_and_nothing_of_it_stays(tmp_path):
    """It is posted as a text, taken back at once, and afterwards every table has the rows that it had before."""
    async with aviary_at(tmp_path) as aviary:
        before = aviary.rows()
        await aviary.canary.hourly()
        kept = aviary.rows()
        await aviary.works()
        after = aviary.rows()
    [(chat, piece, _)] = aviary.posts.posted

    assert (MODERATORS, "text") == (chat, piece.kind)
    assert [(MODERATORS, [1])] == aviary.posts.retracted
    assert before | {"outbox": 1} == kept
    assert before == after
    assert not aviary.context.counters


async def test_it_is_let_out_once_an_hour_over_restarts_too(tmp_path):
    """Asked again in the same hour, also by another process, it stays; in the next it goes."""
    async with aviary_at(tmp_path) as aviary:
        await aviary.canary.hourly()
        await aviary.canary.hourly()
        await aviary.works()
        clock = aviary.desk.clock
    async with aviary_at(tmp_path, clock=clock) as again:
        await again.hours(2)

    assert 1 == len(aviary.posts.posted)
    assert 1 == len(again.posts.posted)


async def test_a_chat_that_takes_nothing_alarms_once_and_its_end_is_told(tmp_path):
    """Refused for three hours admins get one word; when it comes through again they get another."""
    async with aviary_at(tmp_path) as aviary:
        well = await aviary.hours(2)
        aviary.posts.outcomes = [Shut("kicked")] * 3
        broken = await aviary.hours(4)
        again = await aviary.hours(3)

    assert [0, 0] == well
    assert [0, 1, 1, 1] == broken
    assert [2, 2, 2] == again
    assert "alarm.canary.posted" in aviary.alarms[0]
    assert "alarm.canary.well" in aviary.alarms[1]


async def test_a_break_is_not_told_again_after_a_restart(tmp_path):
    """What admins know outlives the process: a bot that starts anew says nothing before it knows better."""
    async with aviary_at(tmp_path) as aviary:
        aviary.posts.outcomes = [Shut("kicked")] * 2
        before = await aviary.hours(2)
        clock = aviary.desk.clock
    async with aviary_at(tmp_path, clock=clock) as again:
        again.posts.outcomes = [Shut("kicked")]
        after = await again.hours(3)

    assert [0, 1] == before
    assert [0, 0, 1] == after
    assert "alarm.canary.well" in again.alarms[0]


@pytest.mark.parametrize(("silence", "told"), [(599.0, 0), (601.0, 1), (None, 1)])
async def test_a_platform_that_does_not_answer_when_it_is_asked_for_news_alarms(tmp_path, silence, told):
    """The way in is judged by the last answer, which may be ten minutes old."""
    async with aviary_at(tmp_path) as aviary:
        await aviary.hour()
        aviary.silent.append(silence)
        words = await aviary.hours(2)

    assert [told, told] == words
    assert not told or "alarm.canary.heard" in aviary.alarms[0]


async def test_a_storage_that_keeps_nothing_is_told_past_the_outbox(tmp_path):
    """Where the database takes nothing admins are told directly, once, and that it is well again when it is."""
    async with aviary_at(tmp_path) as aviary:
        await aviary.hour()
        await aviary.context.database._writer.execute("PRAGMA query_only = ON")
        await aviary.canary.hourly()
        aviary.desk.clock.passes(hours=1)
        await aviary.canary.hourly()
        said = [line.key for _, screen, _ in aviary.chats.said for line in screen.lines]
        await aviary.context.database._writer.execute("PRAGMA query_only = OFF")
        aviary.desk.clock.passes(hours=1)
        words = await aviary.hours(2)

    assert ["alarm.canary.kept"] == said
    assert [1, 1] == words
    assert "alarm.canary.well" in aviary.alarms[0]


async def test_a_post_that_cannot_be_deleted_yet_is_owed_and_deleted_later(tmp_path):
    """A deletion that is refused for now stays owed, and until it succeeds the canary has not come back."""
    async with aviary_at(tmp_path) as aviary:
        aviary.posts.refusals = [Later(1.0), Later(1.0)]
        await aviary.canary.hourly()
        await aviary.works()
        owed = [kind for _, kind in aviary.desk.owed]
        await aviary.works()
        await aviary.works()

    assert ["retract"] == owed
    assert [(MODERATORS, [1])] == aviary.posts.retracted
    assert [] == aviary.desk.owed


@pytest.mark.parametrize(
    ("outcomes", "posted"),
    [([Later(5.0)], 1), ([Later(unsure=True)], 0), ([Moved(-1002)], 1), ([Shut("kicked")], 0)],
)
async def test_it_is_tried_again_unless_it_may_be_there_unseen(tmp_path, outcomes, posted):
    """A chat that asks to wait or has moved gets it; after an unsure or a shut end it is given up for this hour."""
    async with aviary_at(tmp_path) as aviary:
        aviary.posts.outcomes = outcomes
        await aviary.canary.hourly()
        await aviary.works()
        await aviary.works()

    assert posted == len(aviary.posts.posted) == len(aviary.posts.retracted)
    assert [] == aviary.desk.owed


async def test_one_that_is_late_is_not_posted(tmp_path):
    """What waited over an hour, such as through a stop of the bot, goes without a word in the channel."""
    async with aviary_at(tmp_path) as aviary:
        await aviary.canary.hourly()
        aviary.desk.clock.passes(hours=2)
        await aviary.works()
        left = aviary.rows()["outbox"]

    assert [] == aviary.posts.posted
    assert 0 == left


async def test_wherever_the_process_dies_what_is_known_of_a_post_is_owed_for_deletion(tmp_path):
    """In the files before each statement after it was posted lies the debt to post it or the one to delete it."""
    source = tmp_path / "origin"
    source.mkdir()
    async with aviary_at(source) as aviary:
        await aviary.canary.hourly()
        [(owed_id, _)] = aviary.desk.owed
        async with aviary.context.database.reading() as tx:
            owed: Owed = await outbox.read(tx, aviary.context.secrets, owed_id)
        copies = await copied_at_every_statement(aviary.context.database, tmp_path, lambda: aviary.canary.post(owed))
    found = [await _left(copy) for copy in copies]

    assert ("canary",) == found[0]
    assert () == found[-1]
    assert {("canary",), ("retract",), ()} == set(found)
    assert sorted(found, key=[("canary",), ("retract",), ()].index) == found


async def _left(folder: Path) -> tuple[str, ...]:
    async with desk_at(folder) as desk, desk.context.database.reading() as tx:
        return tuple(kind for _, kind in await outbox.ids(tx))
