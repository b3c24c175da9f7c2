"""A file that a reporter sent is fetched, cleaned and sealed, or refused, and the conversation hears which."""

import asyncio
import io
import json

import pytest
from desk import Attending, Chats, desk_at
from PIL import Image

from bot.conversation.effects import Show
from bot.conversation.events import Attached, Command, Commanded, FileKind
from bot.conversation.speech import Later, Unfit
from bot.evidence import Cleaned, Refused, clean_here
from bot.services import drafts
from bot.services.answers import Answers
from bot.services.debts import show
from bot.services.evidence import NEXT_TURN, EvidenceRoom
from bot.services.jobs import Retry
from storage import files, outbox

SARI, BUDI = 1, 2


def picture() -> bytes:
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    Image.new("RGB", (64, 48), (200, 30, 30)).save(data, "JPEG", exif=exif)
    return data.getvalue()


class Platform:
    """Has one file; `answer` is it, or why it cannot be had."""

    def __init__(self, answer) -> None:
        self.answer = answer

    async def fetch(self, _file):
        return self.answer


class Here:
    """Cleans in this process."""

    async def clean(self, data: bytes) -> Cleaned:
        return clean_here(data)


async def _worked(desk, answer):
    """Attach a file and work its debt off: what the worker answered, and what the reporter was told."""
    reply = await desk.hears(SARI, Commanded(Command.START), 1)
    await desk.taps(SARI, reply, "agree-id", 2)
    await desk.hears(SARI, Attached(FileKind.DOCUMENT, "f", "u", 100), 3)
    chats = Attending()
    room = EvidenceRoom(desk.context, desk.intake, Platform(answer), chats, Here())
    async with desk.context.database.reading() as tx:
        (owed,) = [
            await outbox.read(tx, desk.context.secrets, one) for one, kind in await outbox.ids(tx) if kind == "fetch"
        ]
    outcome = await room.fetch(owed)
    return outcome, chats.keys, (room, owed)


async def _items(desk):
    async with desk.context.database.transaction() as tx:
        return (await drafts.load(tx, desk.context, [SARI]))[SARI].draft.items


async def test_a_picture_is_kept_clean_under_a_name_of_its_own(tmp_path):
    """The sealed file is the clean picture; the draft knows it, and the traces are told without their values."""
    async with desk_at(tmp_path) as desk:
        outcome, told, _ = await _worked(desk, picture())
        (item,) = await _items(desk)
        async with desk.context.database.reading() as tx:
            kept = b"".join([chunk async for chunk in files.read(tx, desk.context.secrets, bytes.fromhex(item.stored))])

    assert outcome is None
    assert ("kept", "picture", "jpg") == (item.state, item.kind, item.extension)
    assert b"CANARY-CAMERA" not in kept
    assert "evidence.removed" in told


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (b"not a picture at all \x00\x01", "spoiled.unsupported"),
        (Unfit("too_big"), "spoiled.too_big"),
        (Unfit("bad_file"), "spoiled.gone"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_told_and_not_kept(tmp_path, answer, key):
    """Each refusal has its sentence, and leaves no item behind."""
    async with desk_at(tmp_path) as desk:
        outcome, told, _ = await _worked(desk, answer)
        items = await _items(desk)

    assert (None, ()) == (outcome, items)
    assert key in told


async def test_a_platform_that_does_not_answer_is_asked_again(tmp_path):
    """A fetch that fails in passing stays owed."""
    async with desk_at(tmp_path) as desk:
        outcome, told, _ = await _worked(desk, Later(7))
        (item,) = await _items(desk)

    assert (Retry(7), []) == (outcome, told)
    assert "pending" == item.state


async def test_a_debt_that_is_worked_off_twice_keeps_one_file(tmp_path):
    """When a crash fell between the keeping and its note, the second file is destroyed again."""
    async with desk_at(tmp_path) as desk:
        _, _, (room, owed) = await _worked(desk, picture())
        await room.fetch(owed)
        async with desk.context.database.transaction() as tx:
            rows = [row[0] for row in await tx.execute_fetchall("SELECT count(*) FROM files")]

    assert [1] == rows


async def test_a_file_of_a_draft_that_is_gone_is_not_even_fetched(tmp_path):
    """After the reporter discarded the draft nothing of it is fetched or said."""
    async with desk_at(tmp_path) as desk:
        reply = await desk.hears(SARI, Commanded(Command.START), 1)
        await desk.taps(SARI, reply, "agree-id", 2)
        await desk.hears(SARI, Attached(FileKind.PHOTO, "f", "u", 100), 3)
        await desk.taps(SARI, await desk.hears(SARI, Commanded(Command.CANCEL), 4), "discard", 4)
        chats = Attending()
        room = EvidenceRoom(desk.context, desk.intake, Platform(AssertionError), chats, Here())
        async with desk.context.database.reading() as tx:
            found = [
                await outbox.read(tx, desk.context.secrets, one)
                for one, kind in await outbox.ids(tx)
                if kind == "fetch"
            ]
        outcome = await room.fetch(found[0])

    assert (None, []) == (outcome, chats.told)
    assert {"chat", "item", "file"} == json.loads(found[0].body).keys()


class Overrunning:
    """The first file runs to the limit, the second is in hand until it is let go, every other is cleaned."""

    def __init__(self) -> None:
        self.asked, self.begun, self.go = 0, asyncio.Event(), asyncio.Event()

    async def clean(self, data: bytes) -> Cleaned:
        self.asked += 1
        if self.asked == 1:
            raise Refused("timeout")
        if self.asked == 2:
            self.begun.set()
            await self.go.wait()
        return clean_here(data)


async def test_a_chat_whose_file_overran_takes_one_turn_at_a_time(tmp_path):
    """While one more of its files is in hand its next waits, and another reporter's does not."""
    async with desk_at(tmp_path) as desk:
        for chat, most in ((SARI, 3), (BUDI, 1)):
            await desk.taps(chat, await desk.hears(chat, Commanded(Command.START), 10 * chat), "agree-id", 10 * chat)
            for n in range(most):
                await desk.hears(chat, Attached(FileKind.DOCUMENT, "f", f"u{n}", 100), 10 * chat + 1 + n)
        cleaner = Overrunning()
        room = EvidenceRoom(desk.context, desk.intake, Platform(picture()), Attending(), cleaner)
        async with desk.context.database.reading() as tx:
            owed = [await outbox.read(tx, desk.context.secrets, one) for one, _ in await outbox.ids(tx)]
        fetches = [one for one in owed if one and one.kind == "fetch"]
        first, second, third = [one for one in fetches if json.loads(one.body)["chat"] == SARI]
        (other,) = [one for one in fetches if json.loads(one.body)["chat"] == BUDI]
        assert await room.fetch(first) is None
        in_hand = asyncio.create_task(room.fetch(second))
        await cleaner.begun.wait()

        assert Retry(NEXT_TURN) == await room.fetch(third)
        assert await room.fetch(other) is None
        cleaner.go.set()
        assert await in_hand is None
        assert await room.fetch(third) is None


class Crashing:
    async def clean(self, _data):
        raise Refused("crashed")


async def test_a_worker_that_died_spoils_its_own_file_only(tmp_path):
    """A file that kills its worker is refused in words, and the conversation goes on."""
    async with desk_at(tmp_path) as desk:
        _, _, (room, owed) = await _worked(desk, Later(0))
        room._cleaner, room._source = Crashing(), Platform(b"bomb")
        outcome = await room.fetch(owed)
        items = await _items(desk)

    assert (None, ()) == (outcome, items)


async def test_a_kept_file_is_shown_to_its_reporter_once_and_never_when_it_is_gone(tmp_path):
    """Looking at a piece owes its clean bytes to the chat; a piece that was removed meanwhile is not shown."""
    async with desk_at(tmp_path) as desk:
        await _worked(desk, picture())
        (item,) = await _items(desk)
        chats = Chats()
        answers = Answers(desk.context, chats, desk.intake.spoke)
        about = Show(item.stored, item.kind, item.extension)
        async with desk.context.database.transaction() as tx:
            for stored in (about, Show("00" * 16, "picture", "jpg")):
                await outbox.add(tx, desk.context.secrets, [show(SARI, stored, desk.context.hour())])
        async with desk.context.database.reading() as tx:
            owed = [
                await outbox.read(tx, desk.context.secrets, one) for one, kind in await outbox.ids(tx) if kind == "show"
            ]
        outcomes = [await answers.show(one) for one in owed]

    assert [None, None] == outcomes
    assert [(SARI, "picture", b"\xff\xd8")] == [(chat, shown.kind, data[:2]) for chat, shown, data in chats.shown]
