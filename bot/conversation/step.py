"""What came of an event, and the screen that says it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.conversation.draft import Draft
from bot.conversation.effects import Effect
from bot.conversation.intake import QUESTIONS, STEPS
from bot.conversation.screens import Line, Screen, say
from bot.conversation.way import PLACES, is_stranger
from bot.conversation.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an event, to be said in `language`. `draft` is None where nothing is to be kept any more."""

    draft: Draft | None
    language: str
    screens: tuple[Screen, ...] = ()
    toast: Line | None = None
    effects: tuple[Effect, ...] = ()
    erase: bool = False


def said(draft: Draft, world: World, *notes: Line) -> Step:
    """The current screen with something to say first."""
    return replace(silent(draft), screens=(screen(draft, world, notes),))


def silent(draft: Draft) -> Step:
    """Nothing to say; of a stranger nothing is kept."""
    return Step(None if is_stranger(draft) else draft, draft.language)


def closed(draft: Draft) -> Screen:
    """What a stranger reads who turns away: there was nothing to stop."""
    return Screen(draft.at, draft.turn, (say("stop.nothing"),))


def ended(draft: Draft, world: World, *notes: Line) -> Step:
    """A draft is over: what was parked is in hand again, or nothing."""
    if draft.parked:
        return said(draft.parked, world, *notes)
    return Step(None, draft.language, (Screen(draft.at, draft.turn, notes),) if notes else ())


def screen(draft: Draft, world: World, notes: Iterable[Line] = ()) -> Screen:
    """What a draft asks for now, after what there is to say first, unless it says that itself."""
    place = PLACES[draft.at]
    asked = place.ask(draft, world)
    first = (note for note in notes if note not in asked.lines)
    return Screen(draft.at, draft.turn, (*first, *_progress(draft), *asked.lines), place.offered(draft, world))


def _progress(draft: Draft) -> tuple[Line, ...]:
    question = QUESTIONS.get(draft.at)
    if question is None:
        return ()
    return (say("progress", step=question.step, steps=STEPS, about=say(f"step.{question.step}")),)
