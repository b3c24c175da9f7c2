"""A legal hold by command, on a tip whose post is gone and whose content lies in the archive alone."""

import pytest
from desk import ADMIN, Desk, desk_at

from bot.conversation.case import Case, Standing, from_json, to_json
from bot.conversation.errands import Errand, Person, StaffCommand, Summoned
from bot.conversation.retention import Term, term
from bot.services import holds
from bot.services.desk import Desk as Moderators
from bot.services.members import Members
from storage import audit, outbox, tips

TODAY = "2026-11-24"
CASE = Case("K7QX-2M", "PNS", "73.04", ("AJAKAN",), TODAY, TODAY, standing=Standing.CLOSED, closed=TODAY)
CHIEF, DEPUTY, RINA = Person(ADMIN, "Chief"), Person(ADMIN + 1, "Deputy"), Person(501, "Rina")
ASK, END = StaffCommand.HOLD, StaffCommand.RELEASE


class Administrators:
    async def administrators(self, _chat: int) -> frozenset[int]:
        return frozenset()


class Staff:
    """Two admins and a moderator at a desk with one closed, archived tip."""

    def __init__(self, desk: Desk) -> None:
        desk.context.admins = (CHIEF.user, DEPUTY.user)
        self.desk, self.context, self.updates = desk, desk.context, 0
        members = Members(desk.context, Administrators(), (RINA.user,))
        self.moderators = Moderators(desk.context, members, desk.owed.extend, holds.offices(desk.context))

    async def says(self, by: Person, command: StaffCommand, words: str) -> list[str] | None:
        self.updates += 1
        errand = Errand(self.updates, by.user, None, by, Summoned(command, words), private=True)
        told = await self.moderators.handle(errand)
        return told and [line.key for line in told.new.lines]

    async def case(self) -> Case:
        async with self.context.database.reading() as tx:
            return from_json((await tips.find_by_number(tx, self.context.secrets, CASE.number)).summary)


@pytest.fixture
async def staff(tmp_path):
    async with desk_at(tmp_path) as desk:
        context = desk.context
        kept = tips.NewTip(
            number=CASE.number, receipt="1", day=context.today(), summary=to_json(CASE), content=b"-", address=None
        )
        async with context.database.transaction() as tx:
            await tips.submit(tx, context.secrets, kept)
            await tx.execute("UPDATE tips SET wrapped = NULL, thread = NULL, archived = x'00'")
        yield Staff(desk)


async def test_two_admins_hold_and_two_release(staff):
    """Each says it with a reason, the second makes it so, the last reason stays, and the trail has every word."""
    words = f"{CASE.number.lower()}  diminta pengadilan"
    told = [await staff.says(CHIEF, ASK, words), await staff.says(CHIEF, ASK, words)]
    asked = await staff.case()
    told += [await staff.says(DEPUTY, ASK, f"{CASE.number} setuju")]
    held = await staff.case()
    told += [await staff.says(CHIEF, END, f"{CASE.number} perkara selesai")]
    lifting = await staff.case()
    told += [await staff.says(DEPUTY, END, f"{CASE.number} ya")]
    ended = await staff.case()
    async with staff.context.database.reading() as tx:
        rows = await tx.execute_fetchall("SELECT act FROM audit ORDER BY n")
        faults = await audit.verify(tx, staff.context.secrets)

    assert [["act.hold"], ["act.already", "hold.grounds"], ["act.hold"], ["act.unhold"], ["act.unhold"]] == told
    assert [False, True, True, False] == [case.held for case in (asked, held, lifting, ended)]
    assert ["diminta pengadilan", "setuju", "perkara selesai", "ya"] == [
        case.grounds for case in (asked, held, lifting, ended)
    ]
    assert (["hold", "hold", "unhold", "unhold"], []) == ([act for (act,) in rows], faults)
    assert Term.HELD == term(held, staff.context.rules, staff.context.today().replace(year=2030))


async def test_every_admin_reads_who_asks_and_why(staff):
    """The word is owed to each admin, with number and reason, and says whether the hold is in force."""
    await staff.says(CHIEF, ASK, f"{CASE.number} diminta pengadilan")
    owed = [owed_id for owed_id, kind in staff.desk.owed if kind == "answer"]
    async with staff.context.database.reading() as tx:
        bodies = [(await outbox.read(tx, staff.context.secrets, one)).body.decode() for one in owed]

    assert [1, 1] == [body.count("hold.told.hold") for body in bodies]
    assert all("diminta pengadilan" in body and "Chief" in body and "hold.waits" in body for body in bodies)


async def test_a_second_admin_is_asked_for_only_while_one_is_missing(staff):
    """The word to admins names the second one's part where the hold, or its end, still waits for it."""
    told = []
    for user, command in ((CHIEF, ASK), (DEPUTY, ASK), (CHIEF, END), (DEPUTY, END), (CHIEF, ASK), (CHIEF, END)):
        before = [owed_id for owed_id, _ in staff.desk.owed]
        await staff.says(user, command, f"{CASE.number} alasan")
        fresh = [owed_id for owed_id, kind in staff.desk.owed if kind == "answer" and owed_id not in before]
        async with staff.context.database.reading() as tx:
            bodies = [(await outbox.read(tx, staff.context.secrets, one)).body.decode() for one in fresh]
        told.append({"hold.second." in body for body in bodies})

    assert [{True}, {False}, {True}, {False}, {True}, {False}] == told


async def test_what_is_amiss_is_said_and_changes_nothing(staff):
    """Without a reason, or for no tip, a sentence comes; to a moderator it is no command at all."""
    told = [
        await staff.says(CHIEF, ASK, CASE.number),
        await staff.says(CHIEF, END, f"{CASE.number} {'x' * 301}"),
        await staff.says(CHIEF, ASK, "2222-22 alasan"),
        await staff.says(RINA, ASK, f"{CASE.number} alasan"),
    ]

    assert [["hold.how.hold"], ["hold.how.unhold"], ["act.gone"], None] == told
    assert CASE == await staff.case()
