"""What opens writing to the other side, by a link, a button or a reply; what was in hand is parked."""

from bot.conversation.compose import REPLY, begun, left, written
from bot.conversation.draft import Answer, Draft
from bot.conversation.events import Opened, Shut, Spent
from bot.conversation.screens import Screen, say
from bot.conversation.step import Step, said
from bot.conversation.waiting import first, forward, parked
from bot.conversation.world import World


def opened(draft: Draft | None, event: Opened, world: World) -> Step:
    """What is in hand is parked, but for a moderator's words; an answer on the same tip goes on."""
    if draft and draft.about and draft.behind:
        draft = draft.moved(draft.behind)
    waiting = first(draft, lambda one: (one.at, one.about) == (event.purpose, event.about))
    if waiting and event.purpose == REPLY:
        return said(forward(draft, waiting), world)
    writing = Draft(
        draft.language if draft else event.language or world.rules.languages[0],
        turn=world.fresh,
        at=event.purpose,
        answers=_brought(event),
        about=event.about,
        parked=parked(draft),
    )
    lost = (left(draft),) if draft and written(draft) and not begun(draft) else ()
    return said(writing, world, *lost, *event.lines)


def spent(draft: Draft | None, event: Spent, world: World) -> Step:
    """What is in hand stays as it is; who works tips and has nothing in hand is not asked for a reporter's consent."""
    told = say("link.spent")
    return said(draft, world, told) if draft else Step(None, event.language, (Screen("", 0, (told,)),))


def shut(draft: Draft | None, event: Shut, world: World) -> Step:
    """Nothing of it is kept, and it is no answer to what is in hand; a question that was tapped stays to be read."""
    language, told = draft.language if draft else world.rules.languages[0], say("thread.shut")
    if event.tapped:
        return Step(draft, language, toast=told)
    return said(draft, world, told) if draft else Step(None, language, (Screen("", 0, (told,)),))


def _brought(event: Opened) -> dict[str, Answer]:
    brought: dict[str, Answer] = {"contact": event.contact} if event.contact else {}
    if event.offered:
        brought["offered"], brought["wordings"] = zip(*event.offered, strict=True)
    return brought | ({"asked": event.asked} if event.asked else {})
