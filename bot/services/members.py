"""Who may work tips: decided by the person's own id at every act, never by the chat they act in.

Rule: admins always may; then those who are named, or, where nobody is, the administrators of the moderators' chat.
An id is kept nowhere: what is kept is a pseudonym under a key of this bot.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.conversation.case import Actor
from bot.conversation.errands import Person
from bot.services.context import Context
from bot.services.ports import Administrators
from storage.audit import pseudonym

CACHED, UNKNOWN = timedelta(seconds=60), timedelta(seconds=10)
"""How long it is not asked again who administers the chat: after an answer, and where there was none."""


class Members:
    """`named` are the user ids that are set as moderators; `administrators` tells those of the chat."""

    def __init__(self, context: Context, administrators: Administrators, named: Sequence[int]) -> None:
        self._context = context
        self._administrators = administrators
        self._named = frozenset(named)
        self._lasts = CACHED
        self._counted: frozenset[int] = frozenset()
        self._pseudonyms: frozenset[str] = frozenset()
        self.changed()

    def changed(self) -> None:
        """Who administers the chat is asked anew at the next act."""
        self._known: frozenset[int] = frozenset()
        self._asked: datetime | None = None

    async def actor(self, person: Person) -> Actor | None:
        """Who acts, or None where this person may not. A platform that does not answer lets in whom it let in last."""
        here, admin = self._named or await self._of_chat(), person.user in self._context.admins
        if not admin and person.user not in here:
            return None
        return Actor(pseudonym(self._context.secrets, person.user), person.name, admin=admin, peers=self._peers(here))

    def _peers(self, here: frozenset[int]) -> frozenset[str] | None:
        """Pseudonyms of all who may; None before the platform has ever told who that is."""
        if here and here != self._counted:
            everybody = here.union(self._context.admins)
            self._counted, self._pseudonyms = (
                here,
                frozenset(pseudonym(self._context.secrets, one) for one in everybody),
            )
        return self._pseudonyms if here else None

    async def _of_chat(self) -> frozenset[int]:
        now = self._context.now()
        # A clock that was put back makes nobody a moderator for longer.
        if self._asked is None or not self._asked <= now < self._asked + self._lasts:
            found = await self._administrators.administrators(self._context.route.chat)
            self._known = self._known if found is None else found
            self._asked, self._lasts = now, UNKNOWN if found is None else CACHED
        return self._known
