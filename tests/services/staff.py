"""Moderators at their desk beside an office: who acts is known by id, and what they press is a tip's card."""

from desk import ADMIN, MODERATORS
from office import Office

from bot.conversation.errands import Errand, Person, Pressed
from bot.services.card import KIND
from bot.services.desk import Desk
from bot.services.intake import Intake
from bot.services.members import Members
from storage import audit, posts

RINA, BUDI, BOSS, STRANGER = Person(501, "Rina"), Person(502, "Budi"), Person(ADMIN, "Sari"), Person(503, "Tono")


class Chat:
    """Who administers the moderators' chat, and how often that was asked."""

    def __init__(self, *users: int) -> None:
        self.users: frozenset[int] | None = frozenset(users)
        self.asked = 0

    async def administrators(self, chat: int) -> frozenset[int] | None:
        assert MODERATORS == chat
        self.asked += 1
        return self.users


class Staff:
    """A desk for moderators beside an office; `number` is the tip that is worked."""

    def __init__(self, office: Office, named: tuple[int, ...] = ()) -> None:
        self.office, self.context, self.chat = office, office.context, Chat(RINA.user, BUDI.user)
        self.members = Members(office.context, self.chat, named)
        self.desk = Desk(office.context, self.members, office.desk.owed.extend)
        office.desk.intake = Intake(office.context, office.desk.owed.extend, self.members.actor)
        self.updates = 10_000

    async def does(self, by: Person, deed, message: int | None = None, *, private: bool = False):
        self.updates += 1
        chat = by.user if private else MODERATORS
        return await self.desk.handle(Errand(self.updates, chat, message, by, deed, private))

    async def presses(self, by: Person, number: str, code: str):
        """A button of the tip's card."""
        return await self.does(by, Pressed(number, code), (await self.card(number)).message)

    async def card(self, number: str) -> posts.Post:
        tip_id, _ = (await self.office.cases())[number]
        async with self.context.database.reading() as tx:
            (found,) = [post for post in await posts.of(tx, tip_id) if post.kind == KIND]
        return found

    async def case(self, number: str):
        return (await self.office.cases())[number][1]

    async def trail(self) -> tuple[list[str], list[int]]:
        """The acts in the audit trail, and the lines in it that do not follow."""
        async with self.context.database.reading() as tx:
            rows = await tx.execute_fetchall("SELECT act FROM audit ORDER BY n")
            return [act for (act,) in rows], await audit.verify(tx, self.context.secrets)
