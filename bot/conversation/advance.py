"""The machine: a draft and an event in; the next draft, what to say and what to do out.

Rules: nothing raises for anything that a reporter can send; whatever is not understood leaves the draft as it was.
"""

from dataclasses import replace

from bot.conversation import evidence
from bot.conversation.draft import Draft
from bot.conversation.effects import LookUp
from bot.conversation.events import (
    Attached,
    Chose,
    Cleaned,
    Commanded,
    Edited,
    Event,
    Opened,
    Sent,
    Shut,
    Spent,
    Spoiled,
    Typed,
)
from bot.conversation.menus import NOTICE, agrees
from bot.conversation.moves import attached, chose, commanded, fetched, typed
from bot.conversation.opening import opened, shut, spent
from bot.conversation.places import meant
from bot.conversation.receipt import read_receipt
from bot.conversation.screens import say
from bot.conversation.step import Step, closed, said
from bot.conversation.waiting import passing
from bot.conversation.way import PLACES
from bot.conversation.world import World


def advance(draft: Draft | None, event: Event, world: World) -> Step:  # noqa: C901, PLR0911 - a line for each event
    """The next step. `draft` is None before consent and after sending; the reporter then meets the notice."""
    if isinstance(event, Opened):
        return opened(draft, event, world)
    if isinstance(event, Spent):
        return spent(draft, event, world)
    if isinstance(event, Shut):
        return shut(draft, event, world)
    if draft is None or (passing(draft) and isinstance(event, Commanded | Attached)):
        language = draft.language if draft else _read_by_stranger(event, world)
        return unmet(Draft(language, turn=0, at=NOTICE), event, world)
    match event:
        case Chose():
            return chose(draft, event, world)
        case Typed():
            return typed(draft, event, world)
        case Commanded():
            return commanded(draft, event, world)
        case Attached():
            return attached(draft, event, world)
        case Cleaned() | Spoiled():
            return fetched(draft, event, world)
        case Sent():
            return said(draft, world, say(f"unusable.{event.what}"))
        case Edited():
            return said(draft, world, say("compose.edited" if draft.about else "edited"))
        case _:
            return said(draft, world)


# Before there is a draft


def unmet(stranger: Draft, event: Event, world: World) -> Step:  # noqa: PLR0911 - a line for each event
    """Nothing is kept here: the notice's buttons bring the language with them."""
    nothing = Step(None, stranger.language)
    match event:
        case Chose(turn=0, question="notice"):
            return _met(stranger, event, world)
        case Chose():
            return replace(nothing, toast=say("stale.none"))
        case Typed() if receipt := read_receipt(event.words):
            return replace(nothing, effects=(LookUp(receipt),), erase=True)
        case Typed() if choice := _meant_by_stranger(stranger, event, world):
            return _met(stranger, Chose(stranger.turn, NOTICE, choice), world)
        case Typed() if event.noticed:
            return said(stranger, world, say("notice.choose"))
        case Commanded():
            return commanded(stranger, event, world)
        case Attached():
            return said(stranger, world, say("evidence.before"))
        case Cleaned() | Spoiled():
            return replace(nothing, effects=evidence.settle(stranger, event).effects)
        case Sent():
            return said(stranger, world, say(f"unusable.{event.what}"))
        case _:
            return said(stranger, world)


def _read_by_stranger(event: Event, world: World) -> str:
    """The language of the notice before them, as far as it is known."""
    languages = world.rules.languages
    return event.noticed if isinstance(event, Typed) and event.noticed in languages else languages[0]


def _meant_by_stranger(stranger: Draft, event: Typed, world: World) -> str | None:
    """A word agrees only to a notice that was just shown: an "ok" to a receipt, or to nothing, is no consent."""
    choice = meant(PLACES[NOTICE], stranger, event.words, world)
    return choice if event.noticed or not agrees(choice or "") else None


def _met(stranger: Draft, event: Chose, world: World) -> Step:
    """A button of the notice, pressed by somebody who has no draft: only consent begins one."""
    verb, _, language = event.choice.partition("-")
    reader = replace(stranger, language=language) if language in world.rules.languages else stranger
    return Step(None, reader.language, (closed(reader),)) if verb == "cancel" else chose(reader, event, world)
