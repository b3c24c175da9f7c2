"""One event while its transaction is open: who sent it, what was in hand, and what it comes to."""

from dataclasses import dataclass, field, replace
from datetime import date

from bot.conversation.advance import advance
from bot.conversation.case import Actor
from bot.conversation.compose import WORK
from bot.conversation.counting import Entry, of_draft
from bot.conversation.draft import Draft
from bot.conversation.effects import Submit
from bot.conversation.events import Arrival, Event
from bot.conversation.screens import Reply, Screen
from bot.conversation.step import Step
from bot.conversation.waiting import empty_handed
from bot.conversation.world import World
from bot.services.context import Context
from bot.services.debts import Debt
from bot.services.drafts import Held


@dataclass(slots=True)
class Turn:
    """What one event comes to, while its transaction is open; `first` is said before all else, `screens` after it.

    `silent`: the chat is blocked.
    """

    arrival: Arrival
    held: Held | None
    step: Step
    by: Actor | None = None
    silent: bool = False
    first: list[Screen] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    anew: bool = False

    @property
    def reply(self) -> Reply:
        screens = (*self.first, *self.step.screens, *self.screens)
        return Reply(self.step.language, screens, self.step.toast, _worked(self.step.draft), self._greets())

    def _greets(self) -> bool:
        """Whether it is answered to a stranger: a moderator at work is none."""
        held = self.held.draft if self.held else None
        return self.by is None and empty_handed(held) and empty_handed(self.step.draft)

    def world(self, context: Context) -> World:
        """What the conversation may know of now and of this chat."""
        return context.world(self.arrival.reader, silenced=self.silent)

    def take(self, event: Event, context: Context) -> None:
        """One step more: what was to be done in either is done, what is said in the last."""
        before, after = self.step, advance(self.step.draft, event, self.world(context))
        self.step = replace(after, effects=(*before.effects, *after.effects), erase=before.erase or after.erase)


def counted(turn: Turn, today: date) -> list[Entry]:
    """What the turn adds to the tally: a draft begun, sent or left."""
    before, sent = turn.held.draft if turn.held else None, any(isinstance(one, Submit) for one in turn.step.effects)
    return of_draft(before, turn.step.draft, today, sent=sent, anew=turn.anew)


def _worked(draft: Draft | None) -> tuple[str, ...]:
    """The tip that a moderator writes about, by number."""
    return (draft.about,) if draft and draft.at in WORK else ()
