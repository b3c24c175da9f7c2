"""Handing over by two people: nothing goes at one person's word, nothing by an old or forged button, all of it once."""

import json
import re
import zipfile
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from desk import Chats, Moderators, desk_at
from sent import PHONE, PICTURE, sent_tip

from bot.conversation.case import Actor, Standing, from_json, to_json
from bot.conversation.casework import decide
from bot.conversation.errands import Person, Pressed
from bot.conversation.handing import HANDOVER
from bot.conversation.speech import Later, Moved, Shut
from bot.handover import guide
from bot.services import dossier, followup, sheets
from bot.services.debts import Kind
from bot.services.handover import HandOver
from bot.services.sheets import Sheets
from storage import audit, outbox, tips

RINA, BIMA = Person(501, "Rina"), Person(502, "Bima")
FIRST, SECOND = Actor("M1", "Rina"), Actor("M2", "Bima")
ACTORS = {RINA: FIRST, BIMA: SECOND}


class Counter:
    """A hand-over on a desk, with chats that hold what they were told and given."""

    def __init__(self, desk, *, second: bool) -> None:
        self.context, self.chats, self.moderators = desk.context, Chats(), Moderators()
        self.owed = []
        self.handover = HandOver(desk.context, self.moderators, second=second)
        self.sheets = Sheets(desk.context, self.chats, guide.load(), self.owed.extend)

    async def sent_tip(self, address: int | None = None, size: int = 1) -> str:
        return await sent_tip(self.context, address, size)

    async def summons(self, by: Person, words: str):
        async with self.context.database.transaction() as tx:
            return await self.handover.summoned(tx, by, ACTORS[by], words)

    async def presses(self, by: Person, screen, verb: str):
        code = next(choice.code for choice in screen.choices if choice.code.startswith(verb))
        return await self.presses_code(by, code)

    async def presses_code(self, by: Person, code: str):
        async with self.context.database.transaction() as tx:
            response, owed = await self.handover.pressed(tx, by, ACTORS[by], Pressed(HANDOVER, code))
        return response, owed

    async def works(self, owed):
        """Work debts off in their order; what is to be tried again."""
        handlers = {"request": self.handover.request, "sheet": self.sheets.send}
        return [await handlers[kind](outbox.Owed(b"", kind, body)) for kind, body in owed if kind in handlers]

    async def asks(self, numbers: str, to: str = "to0"):
        """Rina asks and says to whom; the screen that the moderators' chat gets."""
        response, _ = await self.summons(RINA, numbers)
        _, owed = await self.presses(RINA, response.new, to)
        await self.works(owed)
        return self.moderators.asked[-1][1]

    async def case(self, number: str):
        async with self.context.database.reading() as tx:
            return from_json((await tips.find_by_number(tx, self.context.secrets, number)).summary)


@asynccontextmanager
async def counter_at(path, *, second: bool = True):
    async with desk_at(path) as desk:
        yield Counter(desk, second=second)


@pytest.fixture
async def counter(tmp_path):
    async with counter_at(tmp_path) as found:
        yield found


async def test_two_people_hand_a_tip_over(counter):
    """One asks and says to whom, another confirms; then the tip is forwarded and the asker gets sheet and evidence."""
    number = await counter.sent_tip()
    request = await counter.asks(number)
    before = (await counter.case(number)).standing
    response, owed = await counter.presses(BIMA, request, "cut")
    await counter.works(owed)
    [(chat, name, data)] = counter.chats.given
    with zipfile.ZipFile(BytesIO(data)) as package:
        sums = package.read("SHA256SUMS").decode().split()
        story = package.read(f"{number}/uraian.txt").decode()

    assert (Standing.RECEIVED, Standing.FORWARDED) == (before, (await counter.case(number)).standing)
    assert "bawaslu" == (await counter.case(number)).to
    assert (RINA.user, f"{number}.zip") == (chat, name)
    assert sha256(PICTURE).hexdigest() in sums
    assert PHONE not in story
    assert "handover.made" == response.over.lines[0].key


async def test_the_asker_cannot_confirm(counter):
    """The same person's second tap changes nothing and makes nothing."""
    number = await counter.sent_tip()
    request = await counter.asks(number)
    response, owed = await counter.presses(RINA, request, "cut")

    assert ("handover.second", []) == (response.toast.key, owed)
    assert Standing.RECEIVED == (await counter.case(number)).standing


async def test_only_the_asker_says_to_whom(counter):
    """Another moderator's tap on the first screen changes nothing."""
    response, _ = await counter.summons(RINA, await counter.sent_tip())
    answer, owed = await counter.presses(BIMA, response.new, "to0")

    assert ("handover.not_yours", []) == (answer.toast.key, owed)


async def test_where_one_is_enough_the_asker_confirms(tmp_path):
    """With the setting off nobody else is asked, and the sheet has no second name."""
    async with counter_at(tmp_path, second=False) as counter:
        response, _ = await counter.summons(RINA, await counter.sent_tip())
        chosen, owed = await counter.presses(RINA, response.new, "to1")
        others, _ = await counter.presses(BIMA, chosen.over, "cut")
        _, made = await counter.presses(RINA, chosen.over, "all")

    assert ([], "handover.not_yours") == (owed, others.toast.key)
    assert [("bkn", "")] == [
        (order["to"], order["second"])
        for kind, body in made
        if kind == Kind.SHEET
        for order in [json.loads(body)["order"]]
    ]


@pytest.mark.parametrize("code", ["", "-", "cut", "cut-", "cut-AAAAAAAAAAAAAAAAAAAA", "to9-AAAA", "no-x", "\x00-\x00"])
async def test_forged_buttons_do_nothing(counter, code: str):
    """A code that opens nothing gets a kind word."""
    response, owed = await counter.presses_code(BIMA, code)

    assert ("handover.old", []) == (response.toast.key, owed)


async def test_a_button_works_once_and_only_at_its_step(counter):
    """A code of the first step confirms nothing; a confirmed or dropped one is old."""
    number = await counter.sent_tip()
    response, _ = await counter.summons(RINA, number)
    first = response.new.choices[0].code.partition("-")[2]
    skipped, _ = await counter.presses_code(BIMA, f"cut-{first}")
    request = await counter.asks(number)
    await counter.presses(BIMA, request, "cut")
    again, owed = await counter.presses(BIMA, request, "cut")
    other = await counter.asks(number)
    await counter.presses(BIMA, other, "no")
    dropped, _ = await counter.presses(BIMA, other, "cut")

    assert ["handover.old"] * 3 == [one.toast.key for one in (skipped, again, dropped)]
    assert [] == owed


async def test_an_invitation_to_write_is_no_hand_over(counter):
    """A code that opens something else opens nothing here."""
    number = await counter.sent_tip()
    async with counter.context.database.transaction() as tx:
        code = await followup.invite(tx, counter.context, "ask", number, RINA.user)
    response, _ = await counter.presses_code(BIMA, f"to0-{code}")

    assert "handover.old" == response.toast.key


async def test_who_asks_sees_what_could_lead_to_the_reporter(counter):
    """The traces stand on the first screen and on the second person's; untouched, the tip goes as it was told."""
    number = await counter.sent_tip()
    response, _ = await counter.summons(RINA, number.lower().replace("-", ""))
    request = await counter.asks(number)
    _, owed = await counter.presses(BIMA, request, "all")
    await counter.works(owed)
    with zipfile.ZipFile(BytesIO(counter.chats.given[0][2])) as package:
        story = package.read(f"{number}/uraian.txt").decode()

    assert all(PHONE in repr(screen.lines) for screen in (response.new, request))
    assert PHONE in story


async def test_several_tips_at_once(counter):
    """Each tip of a hand-over has its own package, one that is named twice too, and each is forwarded."""
    numbers = [await counter.sent_tip() for _ in range(3)]
    request = await counter.asks(" ".join([*numbers, numbers[0].replace("-", "")]))
    _, owed = await counter.presses(BIMA, request, "cut")
    await counter.works(owed)

    assert [f"{number}.zip" for number in numbers] == [name for _, name, _ in counter.chats.given]
    assert {Standing.FORWARDED} == {(await counter.case(number)).standing for number in numbers}


@pytest.mark.parametrize(
    ("words", "key"),
    [("", "handover.which"), (" ".join("ABCDEFGHJKLM"), "handover.which"), ("ZZZZ-ZZ", "handover.unknown")],
)
async def test_numbers_that_lead_nowhere(counter, words: str, key: str):
    """No number, too many, or one that is not here: a sentence, and nothing asked."""
    response, owed = await counter.summons(RINA, words)

    assert (key, (), []) == (response.new.lines[0].key, response.new.choices, owed)


async def test_a_tip_that_another_works_is_not_handed_over(counter):
    """What the card refuses, the command refuses, and says why."""
    number = await counter.sent_tip()
    async with counter.context.database.transaction() as tx:
        found = await tips.find_by_number(tx, counter.context.secrets, number)
        taken = decide(from_json(found.summary), "take", SECOND).case
        await tips.set_summary(tx, counter.context.secrets, found.id, to_json(taken))
    response, _ = await counter.summons(RINA, number)

    assert "handover.refused" == response.new.lines[0].key


async def test_a_sheet_can_be_made_again(counter):
    """A tip that went there already stays as it is; the audit has one move, and two confirmations."""
    number = await counter.sent_tip()
    for _ in range(2):
        _, owed = await counter.presses(BIMA, await counter.asks(number), "cut")
        await counter.works(owed)
    async with counter.context.database.reading() as tx:
        written = (await audit.head(tx)).n

    assert 2 == len(counter.chats.given)
    assert counter.chats.given[0][2] == counter.chats.given[1][2]
    assert 3 == written


async def test_the_reporter_is_told(counter):
    """A tip with an address owes its reporter the new standing."""
    request = await counter.asks(await counter.sent_tip(address=77))
    _, owed = await counter.presses(BIMA, request, "cut")

    assert [Kind.CARD, Kind.TELL, Kind.SHEET] == [kind for kind, _ in owed]


async def test_large_evidence_goes_in_several_packages(counter, monkeypatch):
    """Each package is a debt of its own, under the bound; all evidence arrives once."""
    monkeypatch.setattr(sheets, "PACKAGE_MOST", 2 * len(PICTURE))
    number = await counter.sent_tip(size=5)
    _, owed = await counter.presses(BIMA, await counter.asks(number), "cut")
    await counter.works(owed)
    inside = [zipfile.ZipFile(BytesIO(data)).namelist() for _, _, data in counter.chats.given]

    assert [f"{number}-{n}.zip" for n in (1, 2, 3)] == [name for _, name, _ in counter.chats.given]
    assert [f"{number}/bukti-{n}.jpg" for n in range(1, 6)] == re.findall(
        r"\S+?/bukti-\d\.jpg", " ".join(name for names in inside for name in names)
    )


async def test_a_chat_that_takes_nothing_is_told_of_in_the_moderators_chat(counter):
    """Who never opened the bot gets no file; a passing fault is tried again."""
    _, owed = await counter.presses(BIMA, await counter.asks(await counter.sent_tip()), "cut")
    counter.chats.outcomes = [Later(3.0)]
    [again] = await counter.works(owed)
    counter.chats.outcomes = [Shut("blocked")]
    ended = await counter.works(owed)

    assert 3.0 == again.seconds
    assert [None] == ended
    assert [Kind.ANSWER] == [kind for _, kind in counter.owed]


async def test_the_request_follows_the_chat_and_waits_for_it(counter):
    """A moved or silent chat gets the request later; one that was dropped is not asked any more."""
    response, _ = await counter.summons(RINA, await counter.sent_tip())
    chosen, owed = await counter.presses(RINA, response.new, "to0")
    counter.moderators.outcomes = [Moved(-1002), Later(None), Shut("no_rights")]
    tried = [one for _ in range(3) for one in await counter.works(owed)]
    code = json.loads(owed[0][1])["code"]
    await counter.presses_code(BIMA, f"no-{code}")
    said = len(counter.moderators.asked)

    assert all(tried)
    assert -1002 == counter.context.route.chat
    assert ([None], said) == (await counter.works(owed), len(counter.moderators.asked))
    assert () == chosen.over.choices


async def test_content_that_may_not_pass_the_platform_is_not_sent(counter):
    """Where the channel gets notices only, the command says how else."""
    counter.context.rules = replace(counter.context.rules, forwards_content=False)
    response, owed = await counter.summons(RINA, await counter.sent_tip())

    assert ("handover.closed", []) == (response.new.lines[0].key, owed)


async def test_a_tip_that_is_gone_owes_nothing(counter):
    """Deleted between the word and the making, a tip is not handed over."""
    number = await counter.sent_tip()
    _, owed = await counter.presses(BIMA, await counter.asks(number), "cut")
    async with counter.context.database.transaction() as tx:
        found = await tips.find_by_number(tx, counter.context.secrets, number)
        await tips.destroy(tx, [found.id])
    ended = await counter.works(owed)
    async with counter.context.database.reading() as tx:
        gone = await dossier.numbered(tx, counter.context, number)

    assert ([None], [], None) == (ended, counter.chats.given, gone)
