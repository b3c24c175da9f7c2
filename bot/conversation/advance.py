"""The machine: a draft and an event in; the next draft, what to say and what to do out.

Every transition is in this file. Rules: nothing raises for anything that a reporter can send; a button counts only
while its turn and its choice are on the screen, and is drawn over with the current one; whatever is not understood
leaves the draft as it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.conversation import evidence
from bot.conversation.compose import COMPOSING, REPLY, THREAD, begun, left, written
from bot.conversation.draft import Answer, Draft
from bot.conversation.effects import Effect, LookUp, Remove, Withdraw
from bot.conversation.events import (
    Attached,
    Chose,
    Cleaned,
    Command,
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
from bot.conversation.intake import DETAILS, INTAKE, QUESTIONS, STEPS
from bot.conversation.menus import (
    ASIDES,
    LOOKUP,
    NOTICE,
    RESUME,
    STOP,
    WITHDRAW,
    AskReceipt,
    Cancel,
    Destroy,
    Details,
    Menu,
    Notice,
    Resume,
    Review,
    agrees,
    privacy,
)
from bot.conversation.places import Place, Result, legible, meant
from bot.conversation.questions import REFUSED, day_of, fills_a_message, going_on, today_of
from bot.conversation.receipt import read_receipt
from bot.conversation.safety import Safety, warned
from bot.conversation.screens import Line, Screen, say
from bot.conversation.waiting import exchanged, first, forward, in_hand, parked, passing
from bot.conversation.world import World

REVIEW = "review"

PLACES: dict[str, Place] = {
    **QUESTIONS,
    **COMPOSING,
    NOTICE: Notice(),
    REVIEW: Review(),
    "safety": Safety(),
    "change": Menu("change"),
    "details": Details("details"),
    STOP: Cancel(),
    RESUME: Resume(),
    LOOKUP: AskReceipt(LOOKUP),
    WITHDRAW: Destroy(WITHDRAW),
}

# What is only said, and leads nowhere.
ASIDE_COMMANDS = frozenset({Command.LANGUAGE, Command.PRIVACY, Command.HELP, Command.UNKNOWN})

# Where "back" leads from a place that is no question of the short way.
BACK = {
    "change": REVIEW,
    "details": REVIEW,
    "safety": REVIEW,
    REVIEW: INTAKE[-1].name,
    INTAKE[0].name: NOTICE,
    REPLY: THREAD,
} | {question.name: "details" for question in DETAILS}


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an event, to be said in `language`. `draft` is None where nothing is to be kept any more."""

    draft: Draft | None
    language: str
    screens: tuple[Screen, ...] = ()
    toast: Line | None = None
    effects: tuple[Effect, ...] = ()
    erase: bool = False


def advance(draft: Draft | None, event: Event, world: World) -> Step:  # noqa: C901, PLR0911 - a line for each event
    """The next step. `draft` is None before consent and after sending; the reporter then meets the notice."""
    if isinstance(event, Opened):
        return _opened(draft, event, world)
    if isinstance(event, Spent):
        return _spent(draft, event, world)
    if isinstance(event, Shut):
        return _shut(draft, event, world)
    if draft is None or (passing(draft) and isinstance(event, Commanded | Attached)):
        language = draft.language if draft else _read_by_stranger(event, world)
        return _unmet(Draft(language, turn=0, at=NOTICE), event, world)
    match event:
        case Chose():
            return _chose(draft, event, world)
        case Typed():
            return _typed(draft, event, world)
        case Commanded():
            return _commanded(draft, event, world)
        case Attached():
            return _attached(draft, event, world)
        case Cleaned() | Spoiled():
            return _fetched(draft, event, world)
        case Sent():
            return _said(draft, world, say(f"unusable.{event.what}"))
        case Edited():
            return _said(draft, world, say("compose.edited" if draft.about else "edited"))
        case _:
            return _said(draft, world)


# Before there is a draft


def _unmet(stranger: Draft, event: Event, world: World) -> Step:  # noqa: PLR0911 - a line for each event
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
            return _said(stranger, world, say("notice.choose"))
        case Commanded():
            return _commanded(stranger, event, world)
        case Attached():
            return _said(stranger, world, say("evidence.before"))
        case Cleaned() | Spoiled():
            return replace(nothing, effects=evidence.settle(stranger, event).effects)
        case Sent():
            return _said(stranger, world, say(f"unusable.{event.what}"))
        case _:
            return _said(stranger, world)


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
    return Step(None, reader.language, (_closed(reader),)) if verb == "cancel" else _chose(reader, event, world)


def _stranger(draft: Draft) -> bool:
    """Somebody who has agreed to nothing, of whom nothing is kept."""
    return draft.at == NOTICE and draft.turn == 0


# Writing to the other side, with what was in hand parked


def _opened(draft: Draft | None, event: Opened, world: World) -> Step:
    """What is in hand is parked, but for a moderator's words; an answer on the same tip goes on."""
    if draft and draft.about and draft.behind:
        draft = draft.moved(draft.behind)
    waiting = first(draft, lambda one: (one.at, one.about) == (event.purpose, event.about))
    if waiting and event.purpose == REPLY:
        return _said(forward(draft, waiting), world)
    writing = Draft(
        draft.language if draft else event.language or world.rules.languages[0],
        turn=world.fresh,
        at=event.purpose,
        answers=_brought(event),
        about=event.about,
        parked=parked(draft),
    )
    lost = (left(draft),) if draft and written(draft) and not begun(draft) else ()
    return _said(writing, world, *lost, *event.lines)


def _spent(draft: Draft | None, event: Spent, world: World) -> Step:
    """What is in hand stays as it is; who works tips and has nothing in hand is not asked for a reporter's consent."""
    told = say("link.spent")
    return _said(draft, world, told) if draft else Step(None, event.language, (Screen("", 0, (told,)),))


def _shut(draft: Draft | None, event: Shut, world: World) -> Step:
    """Nothing of it is kept, and it is no answer to what is in hand; a question that was tapped stays to be read."""
    language, told = draft.language if draft else world.rules.languages[0], say("thread.shut")
    if event.tapped:
        return Step(draft, language, toast=told)
    return _said(draft, world, told) if draft else Step(None, language, (Screen("", 0, (told,)),))


def _brought(event: Opened) -> dict[str, Answer]:
    brought: dict[str, Answer] = {"contact": event.contact} if event.contact else {}
    if event.offered:
        brought["offered"], brought["wordings"] = zip(*event.offered, strict=True)
    return brought | ({"asked": event.asked} if event.asked else {})


def _removed(draft: Draft) -> tuple[Effect, ...]:
    return tuple(Remove(item.stored) for item in draft.items if item.stored)


def _ended(draft: Draft, world: World, *notes: Line) -> Step:
    """A draft is over: what was parked is in hand again, or nothing."""
    if draft.parked:
        return _said(draft.parked, world, *notes)
    return Step(None, draft.language, (Screen(draft.at, draft.turn, notes),) if notes else ())


def _left(draft: Draft, world: World) -> Step:
    return replace(_ended(draft, world, left(draft)), effects=_removed(draft))


def _interrupted(draft: Draft, event: Commanded, world: World) -> Step:
    """A command that leads elsewhere: what was being written goes, and the command is of the tip in hand, if any."""
    tip = first(draft, lambda one: not one.about)
    step = _commanded(tip or Draft(draft.language, turn=0, at=NOTICE), event, world)
    talks = [one for one in in_hand(draft) if one.about]
    told = (Screen(draft.at, draft.turn, (left(draft),)),) if any(map(written, talks)) else ()
    removed = tuple(effect for one in talks for effect in _removed(one))
    return replace(step, screens=(*told, *step.screens), effects=(*removed, *step.effects))


def _fetched(draft: Draft, event: Cleaned | Spoiled, world: World) -> Step:
    """A file was fetched; that of a parked draft waits there, and is told of when the draft is in hand again."""
    waiting = first(draft.parked, lambda one: any(item.name == event.item for item in one.items))
    if waiting is None:
        return _settled(draft, evidence.settle(draft, event), world)
    taken = evidence.settle(waiting, event)
    return replace(_silent(exchanged(draft, waiting, taken.draft)), effects=taken.effects)


# One function for each kind of event


def _chose(draft: Draft, event: Chose, world: World) -> Step:
    """A button counts while what it stands under is in hand; that of a text that waits brings it forward."""
    waiting = first(draft, lambda one: bool(one.about) and (one.turn, one.at) == (event.turn, event.question))
    draft = forward(draft, waiting) if waiting else draft
    place = PLACES[draft.at]
    offered = {choice.code for choice in place.offered(draft, world)}
    if (event.turn, event.question) != (draft.turn, draft.at) or event.choice not in offered:
        return replace(_said(draft, world), toast=say("stale"))
    return _take(draft, place, event.choice, world)


def _take(draft: Draft, place: Place, choice: str, world: World) -> Step:
    draft = replace(draft, goes_on="")
    match choice.partition("-")[0]:
        case "back":
            return _back(draft, world)
        case "cancel" if draft.about:
            return _left(draft, world)
        case "cancel":
            return _aside(draft, STOP, world)
        case _:
            return _follow(draft, place.take(draft, choice, world), world)


def _typed(draft: Draft, event: Typed, world: World) -> Step:
    place, words = PLACES[draft.at], legible(event.words)
    if draft.goes_on and not event.receipt:
        return _follow(draft, going_on(draft, words), world)
    if choice := meant(place, draft, words, world):
        return _take(draft, place, choice, world)
    receipt = read_receipt(words)
    if receipt and draft.at == THREAD:
        return _with_receipt(draft, LookUp(receipt))
    # Where numbers are asked for, sixteen digits may be another's, of an identity card.
    if receipt and (event.receipt or draft.at != "nip") and draft.at not in (LOOKUP, WITHDRAW):
        return replace(_said(draft, world, say("problem.is_receipt")), erase=True)
    result = place.read(draft, words, world)
    if result.answers or result.items:
        result = result.saying(*warned(draft, draft.at, words, event.mentions, world))
    elif fills_a_message(words):
        result = replace(result, goes_on=REFUSED)
    return _follow(draft, result, world)


def _commanded(draft: Draft, event: Commanded, world: World) -> Step:  # noqa: PLR0911 - a line for each command
    looks = event.command in ASIDE_COMMANDS or (event.command is Command.STATUS and begun(draft))
    if draft.about and not looks:
        cancelled = event.command is Command.CANCEL
        return _left(draft, world) if cancelled else _interrupted(draft, event, world)
    receipt, draft = read_receipt(event.words), replace(draft, goes_on="")
    match event.command:
        case Command.START | Command.REPORT:
            return _said(draft, world) if draft.at == NOTICE else _aside(draft, RESUME, world)
        case Command.STATUS:
            return _with_receipt(draft, LookUp(receipt)) if receipt else _aside(draft, LOOKUP, world)
        case Command.DELETE:
            return _with_receipt(draft, Withdraw(receipt)) if receipt else _aside(draft, WITHDRAW, world)
        case Command.CANCEL:
            return _said(draft, world, say("stop.nothing")) if _stranger(draft) else _aside(draft, STOP, world)
        case Command.LANGUAGE:
            return _said(replace(draft, language=_other(draft.language, world)), world)
        case Command.PRIVACY:
            return _said(draft, world, privacy(world))
        case _:
            return _said(draft, world, say(event.command.value, contact=world.rules.contact))


def _with_receipt(draft: Draft, effect: LookUp | Withdraw) -> Step:
    return replace(_silent(draft), effects=(effect,), erase=True)


def _other(language: str, world: World) -> str:
    languages = world.rules.languages
    return languages[(languages.index(language) + 1) % len(languages)]


def _attached(draft: Draft, event: Attached, world: World) -> Step:
    if draft.at == NOTICE:
        return _said(draft, world, say("evidence.before"))
    if draft.about and (draft.behind or draft.at) not in (REPLY, THREAD):
        return _said(draft, world, say("compose.words_only"))
    where = draft.moved(REPLY) if draft.at == THREAD else draft
    return _settled(where, evidence.attach(where, event, world), world)


def _settled(draft: Draft, taken: evidence.Taken, world: World) -> Step:
    """What became of evidence: said with the current screen, at most once for an album."""
    step = replace(_silent(taken.draft), effects=taken.effects)
    if taken.quiet:
        return step
    notes = Screen(draft.at, draft.turn, taken.notes)
    return replace(step, screens=(notes if taken.brief else screen(taken.draft, world, taken.notes),))


# Where things lead


def _follow(draft: Draft, result: Result, world: World) -> Step:
    """Apply what a place answered, and go where it leads."""
    after = _applied(draft, result, world)
    if result.over:
        return replace(_ended(draft, world, *result.notes), effects=result.effects, erase=result.erase)
    return replace(_said(after, world, *result.notes), effects=result.effects, erase=result.erase)


def _applied(draft: Draft, result: Result, world: World) -> Draft:
    if result.anew:
        return Draft(draft.language, turn=world.fresh, at=result.go)
    after = replace(
        draft,
        answers={**draft.answers, **result.answers},
        items=draft.items if result.items is None else result.items,
        language=result.language or draft.language,
        goes_on=result.goes_on,
    )
    after = _consistent(draft, after, world)
    if result.done:
        return _onward(after, world)
    if (draft.at, result.go) == (THREAD, REPLY):
        return _answering(after)
    return after.moved(result.go) if result.go else after.listing(result.within, result.page)


def _answering(thread: Draft) -> Draft:
    """From a talk to the answer that was begun in it, or to a new one."""
    waiting = None if written(thread) else first(thread.parked, lambda one: one.about == thread.about)
    return forward(thread, waiting) if waiting else thread.moved(REPLY)


def _consistent(before: Draft, after: Draft, world: World) -> Draft:
    """The two days: neither is to come, which another zone may make of one, and that of knowing hangs on the other.

    It is the same where that is today; it is asked again where it was the same or would now lie before.
    """
    was, happened, known = day_of(before, "happened"), day_of(after, "happened"), day_of(after, "known")
    today = today_of(after, world)
    if happened is None or happened > today:
        return after.without("happened", "known")
    if happened == today:
        return after.answered("known", happened.isoformat())
    followed = known == was != happened
    return after.without("known") if known is None or not happened <= known <= today or followed else after


def _onward(draft: Draft, world: World) -> Draft:
    """To the first question of the short way that has no answer, or to the review; extras lead back to the review."""
    start = replace(draft, turn=world.fresh) if _stranger(draft) else draft
    return start.moved(next(_unanswered(draft), REVIEW))


def _unanswered(draft: Draft) -> Iterator[str]:
    """What is still to be asked: an optional question counts as answered when it was passed over."""
    for question in INTAKE:
        if question.name not in draft.answers or not (draft.text(question.name) or question.optional):
            yield question.name


def _back(draft: Draft, world: World) -> Step:
    if draft.within:
        return _said(draft.listing("", 0), world)
    if draft.at in ASIDES:
        return (
            _said(draft.moved(draft.behind), world) if draft.behind else Step(None, draft.language, (_closed(draft),))
        )
    return _said(draft.moved(_before(draft)), world)


def _closed(draft: Draft) -> Screen:
    return Screen(draft.at, draft.turn, (say("stop.nothing"),))


def _before(draft: Draft) -> str:
    """Where "back" leads: from an answer that is being changed to the review, otherwise to the question before."""
    names = [question.name for question in INTAKE]
    if draft.at in names and not any(_unanswered(draft)):
        return REVIEW
    return BACK.get(draft.at) or names[names.index(draft.at) - 1]


def _aside(draft: Draft, at: str, world: World) -> Step:
    """To a look aside; from one aside to another, the way back stays where the draft is."""
    behind = draft.behind if draft.at in ASIDES else draft.at
    if _stranger(draft):
        return _said(Draft(draft.language, turn=world.fresh, at=at), world)
    return _said(draft.moved(at, behind=behind), world)


# What is said


def _said(draft: Draft, world: World, *notes: Line) -> Step:
    """The current screen with something to say first."""
    return replace(_silent(draft), screens=(screen(draft, world, notes),))


def _silent(draft: Draft) -> Step:
    return Step(None if _stranger(draft) else draft, draft.language)


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
