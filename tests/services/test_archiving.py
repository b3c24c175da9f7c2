"""Tips go to the sealed archive when nothing needs them here any more, and their talk goes on as long as it has to."""

import json
from contextlib import asynccontextmanager

import pytest
from desk import desk_at
from office import MODERATOR, SARI, Office, keys, sends_picture

from bot.conversation.events import Command, Commanded, Typed
from bot.services import archiving, handover
from bot.services.archiving import Archiving
from storage import archive, tips
from storage.archive_key import PrivateKey


@pytest.fixture(scope="module")
def private():
    return PrivateKey.new()


@asynccontextmanager
async def office_at(path, private, *, at_delivery=False):
    async with desk_at(path) as desk:
        office = Office(desk)
        office.archiving = Archiving(desk.context, private.public(), at_delivery=at_delivery)
        yield office


async def archived(office, private) -> list[archive.Archived]:
    async with office.context.database.reading() as tx:
        return [tip async for tip in archive.read(tx, private)]


def said(tip: archive.Archived) -> list[str]:
    """Of what kinds the entries of its talk are, besides what was done."""
    return [kind for kind in (json.loads(entry)["kind"] for entry in tip.entries) if kind != "act"]


async def opens(office, number: str) -> tuple[bool, bool]:
    """Whether the server opens a tip's content, and its talk."""
    tip_id, _ = (await office.cases())[number]
    async with office.context.database.reading() as tx:
        content = await tips.read_content(tx, office.context.secrets, tip_id)
        return content is not None, await tips.has_thread(tx, tip_id)


async def test_a_tip_goes_whole_when_it_is_closed_and_nobody_is_told_any_more(tmp_path, private):
    """An open tip stays; a closed one goes when its last word has been told, with its talk, and not before."""
    async with office_at(tmp_path, private) as office:
        number = await office.sends(SARI)
        await office.asks(number, "Jam berapa?")
        await office.works()
        stages = []
        for step in (None, office.closes(number), office.works()):
            if step:
                await step
            await office.archiving.round()
            stages.append(await opens(office, number))
        [tip] = await archived(office, private)

    assert [(True, True), (True, True), (False, False)] == stages
    assert number == json.loads(tip.summary)["number"]
    assert "closed" == json.loads(tip.summary)["standing"]
    assert ["ask", "word"] == said(tip)


async def test_a_tip_without_an_address_goes_at_once_when_it_is_closed(tmp_path, private):
    """With "code only" there is nobody to be told, so the next round takes it."""
    async with office_at(tmp_path, private) as office:
        number = await office.sends(SARI, contact="code")
        await office.closes(number)
        await office.archiving.round()

        assert (False, False) == await opens(office, number)


async def test_archived_at_delivery_the_talk_goes_on_both_ways(tmp_path, private):
    """With its content in the archive a tip is asked about, answered with a file, told and closed as ever."""
    async with office_at(tmp_path, private, at_delivery=True) as office:
        number = await office.sends(SARI)
        await office.archiving.round()
        early = await opens(office, number)
        await office.asks(number, "Jam berapa?")
        await office.works()
        await office.desk.hears(SARI, office.button(SARI), 20)
        await sends_picture(office, SARI)
        await office.desk.taps(SARI, await office.desk.hears(SARI, Typed("Pukul 9."), 21), "confirm", 22)
        await office.archiving.round()
        await office.works()
        posted = [piece for _, piece, _ in office.moderators.posted if piece.exhibits]
        await office.closes(number)
        await office.works()
        await office.archiving.round()
        late = await opens(office, number)
        [tip] = await archived(office, private)

    assert ((False, True), (False, False)) == (early, late)
    assert ["Jam berapa?"] == office.told(SARI)
    assert [1] == [one.number for piece in posted for one in piece.exhibits]
    assert [b"a clean picture"] == list(office.moderators.files.values())
    assert ["ask", "answer", "word"] == said(tip)


async def test_an_answer_that_is_owed_holds_a_tip_back(tmp_path, private):
    """As long as moderators have still to get what the reporter wrote, nothing of the tip goes."""
    async with office_at(tmp_path, private) as office:
        number = await office.sends(SARI)
        await office.asks(number, "Jam berapa?")
        await office.works()
        await office.answers(SARI, "Pukul 9.")
        await office.closes(number)
        await office.works("tell", "cut")
        await office.archiving.round()
        before = await opens(office, number)
        await office.works()
        await office.archiving.round()

        assert ((True, True), (False, False)) == (before, await opens(office, number))


async def test_a_tip_that_is_not_in_the_channel_yet_stays(tmp_path, private):
    """At delivery means after it: what is still to be posted is not archived."""
    async with office_at(tmp_path, private, at_delivery=True) as office:
        reply = await office.desk.reaches_review(SARI)
        await office.desk.taps(SARI, reply, "send", 9)
        [number] = await office.numbers()
        await office.archiving.round()

        assert (True, True) == await opens(office, number)


async def closed_and_archived(office) -> str:
    number = await office.sends(SARI)
    await office.closes(number)
    await office.works()
    await office.archiving.round()
    return number


async def test_nothing_is_added_to_an_archived_talk_and_nobody_believes_it_was(tmp_path, private):
    """A reporter who writes to a tip in the archive is told so, and so is a moderator who asks or notes."""
    async with office_at(tmp_path, private) as office:
        number = await closed_and_archived(office)
        receipt = office.receipts[-1]
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, receipt), 30)
        reply = await office.desk.taps(SARI, opened, "reply", 31)
        ended = await office.desk.taps(SARI, await office.desk.hears(SARI, Typed("Lagi."), 32), "confirm", 33)
        asked = await office.asks(number, "Jam berapa?")
        noted = await office.asks(number, "catatan", "note")
        [tip] = await archived(office, private)

    assert reply
    assert "thread.archived" in keys(ended)
    assert all("archive.only" in keys(one) for one in (asked, noted))
    assert ["word"] == said(tip)


async def test_what_needs_the_content_says_only_with_the_archive_key(tmp_path, private):
    """A hand-over of an archived tip is not made, and the reason is said, with the tip's number."""
    async with office_at(tmp_path, private) as office:
        number = await closed_and_archived(office)
        hands = handover.HandOver(office.context, None, second=True)
        async with office.context.database.reading() as tx:
            line = await hands._tips(tx, [number], MODERATOR)
            unknown = await hands._tips(tx, ["AAAA-22"], MODERATOR)

    assert ("archive.only", number) == (line.key, line.values["number"])
    assert "handover.unknown" == unknown.key


async def test_a_round_that_breaks_off_is_taken_up_by_the_next(tmp_path, private, monkeypatch):
    """Whatever stops a round between two tips, those before are archived, and the next round takes the others."""
    monkeypatch.setattr(archiving, "BATCH", 2)
    async with office_at(tmp_path, private) as office:
        numbers = [await office.sends(chat, contact="code") for chat in range(1, 6)]
        for number in numbers:
            await office.closes(number)
        seal, sealed = archive.seal, []

        async def breaks_off(*args, **how):
            if len(sealed) == 3:
                raise KeyboardInterrupt
            sealed.append(args)
            await seal(*args, **how)

        monkeypatch.setattr(archive, "seal", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            await office.archiving.round()
        monkeypatch.setattr(archive, "seal", seal)
        broken_off = len(await archived(office, private))
        await office.archiving.round()
        all_of_them = await archived(office, private)

    assert 3 == broken_off
    assert 5 == len(all_of_them)


async def test_one_broken_tip_holds_up_no_other(tmp_path, private):
    """A tip whose key does not open is counted and left; the others go."""
    async with office_at(tmp_path, private) as office:
        numbers = [await office.sends(chat, contact="code") for chat in (1, 2)]
        for number in numbers:
            await office.closes(number)
        broken_id, _ = (await office.cases())[numbers[0]]
        async with office.context.database.transaction() as tx:
            await tx.execute("UPDATE tips SET wrapped = zeroblob(65) WHERE id = ?", (broken_id,))
        await office.archiving.round()

    assert (1, 1) == (office.context.counters["archived"], office.context.counters["archive_broken"])
