"""What people do with a draft in hand: one function for each kind of event, and where it leads.

Rule: a button counts only while its turn and its choice are on the screen, and is drawn over with the current one.
"""

from dataclasses import replace

from bot.conversation import evidence
from bot.conversation.compose import REPLY, THREAD, begun, left, written
from bot.conversation.draft import Draft
from bot.conversation.effects import Effect, LookUp, Remove, Withdraw
from bot.conversation.events import Attached, Chose, Cleaned, Command, Commanded, Spoiled, Typed
from bot.conversation.menus import ASIDES, LOOKUP, NOTICE, RESUME, STOP, WITHDRAW, privacy
from bot.conversation.own_words import REFUSED, fills_a_message, going_on
from bot.conversation.places import Place, Result, legible, meant
from bot.conversation.receipt import read_receipt
from bot.conversation.safety import warned
from bot.conversation.screens import Screen, say
from bot.conversation.step import Step, closed, ended, said, screen, silent
from bot.conversation.waiting import exchanged, first, forward, in_hand
from bot.conversation.way import PLACES, applied, is_stranger, went_back
from bot.conversation.world import World

# What is only said, and leads nowhere.
ASIDE_COMMANDS = frozenset({Command.LANGUAGE, Command.PRIVACY, Command.HELP, Command.UNKNOWN})


def chose(draft: Draft, event: Chose, world: World) -> Step:
    """A button counts while what it stands under is in hand; that of a text that waits brings it forward."""
    waiting = first(draft, lambda one: bool(one.about) and (one.turn, one.at) == (event.turn, event.question))
    draft = forward(draft, waiting) if waiting else draft
    place = PLACES[draft.at]
    offered = {choice.code for choice in place.offered(draft, world)}
    if (event.turn, event.question) != (draft.turn, draft.at) or event.choice not in offered:
        return replace(said(draft, world), toast=say("stale"))
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


def typed(draft: Draft, event: Typed, world: World) -> Step:
    """Words are, in this order: the rest of a text, a choice in words, a receipt, what the place reads in them."""
    place, words = PLACES[draft.at], legible(event.words)
    receipt = read_receipt(words)
    # Where numbers are asked for, sixteen digits may be another's, of an identity card.
    known = receipt and (event.receipt or draft.at != "nip")
    refused = draft.goes_on == REFUSED  # its rest is kept by nobody, and a receipt is not left in the chat
    if draft.goes_on and not event.receipt and not (known and refused):
        return _follow(draft, going_on(draft, words), world)
    if choice := meant(place, draft, words, world):
        return _take(draft, place, choice, world)
    if receipt and draft.at == THREAD:
        return _with_receipt(draft, LookUp(receipt))
    if known and draft.at not in (LOOKUP, WITHDRAW):
        return replace(said(draft, world, say("problem.is_receipt")), erase=True)
    result = place.read(draft, words, world)
    if result.answers or result.items:
        result = result.saying(*warned(draft, draft.at, words, event.mentions, world))
    elif fills_a_message(words):
        result = replace(result, goes_on=REFUSED)
    return _follow(draft, result, world)


def commanded(draft: Draft, event: Commanded, world: World) -> Step:  # noqa: PLR0911 - a line for each command
    """A command is of the tip in hand; out of a talk it leads away, unless it only looks."""
    looks = event.command in ASIDE_COMMANDS or (event.command is Command.STATUS and begun(draft))
    if draft.about and not looks:
        cancelled = event.command is Command.CANCEL
        return _left(draft, world) if cancelled else _interrupted(draft, event, world)
    receipt, draft = read_receipt(event.words), replace(draft, goes_on="")
    match event.command:
        case Command.START | Command.REPORT:
            return said(draft, world) if draft.at == NOTICE else _aside(draft, RESUME, world)
        case Command.STATUS:
            return _with_receipt(draft, LookUp(receipt)) if receipt else _aside(draft, LOOKUP, world)
        case Command.DELETE:
            return _with_receipt(draft, Withdraw(receipt)) if receipt else _aside(draft, WITHDRAW, world)
        case Command.CANCEL:
            return said(draft, world, say("stop.nothing")) if is_stranger(draft) else _aside(draft, STOP, world)
        case Command.LANGUAGE:
            return said(replace(draft, language=_other(draft.language, world)), world)
        case Command.PRIVACY:
            return said(draft, world, privacy(world))
        case _:
            return said(draft, world, say(event.command.value, contact=world.rules.contact))


def _interrupted(draft: Draft, event: Commanded, world: World) -> Step:
    """A command that leads elsewhere: what was being written goes, and the command is of the tip in hand, if any."""
    tip = first(draft, lambda one: not one.about)
    step = commanded(tip or Draft(draft.language, turn=0, at=NOTICE), event, world)
    talks = [one for one in in_hand(draft) if one.about]
    told = (Screen(draft.at, draft.turn, (left(draft),)),) if any(map(written, talks)) else ()
    removed = tuple(effect for one in talks for effect in _removed(one))
    return replace(step, screens=(*told, *step.screens), effects=(*removed, *step.effects))


def _left(draft: Draft, world: World) -> Step:
    return replace(ended(draft, world, left(draft)), effects=_removed(draft))


def _removed(draft: Draft) -> tuple[Effect, ...]:
    return tuple(Remove(item.stored) for item in draft.items if item.stored)


def _with_receipt(draft: Draft, effect: LookUp | Withdraw) -> Step:
    return replace(silent(draft), effects=(effect,), erase=True)


def _other(language: str, world: World) -> str:
    languages = world.rules.languages
    return languages[(languages.index(language) + 1) % len(languages)]


def attached(draft: Draft, event: Attached, world: World) -> Step:
    """A file is evidence after consent; the other side is sent files only in an answer."""
    if draft.at == NOTICE:
        return said(draft, world, say("evidence.before"))
    if draft.about and (draft.behind or draft.at) not in (REPLY, THREAD):
        return said(draft, world, say("compose.words_only"))
    where = draft.moved(REPLY) if draft.at == THREAD else draft
    return _settled(where, evidence.attach(where, event, world), world)


def fetched(draft: Draft, event: Cleaned | Spoiled, world: World) -> Step:
    """A file was fetched; that of a parked draft waits there, and is told of when the draft is in hand again."""
    waiting = first(draft.parked, lambda one: any(item.name == event.item for item in one.items))
    if waiting is None:
        return _settled(draft, evidence.settle(draft, event), world)
    taken = evidence.settle(waiting, event)
    return replace(silent(exchanged(draft, waiting, taken.draft)), effects=taken.effects)


def _settled(draft: Draft, taken: evidence.Taken, world: World) -> Step:
    """What became of evidence: said with the current screen, at most once for an album."""
    step = replace(silent(taken.draft), effects=taken.effects)
    if taken.quiet:
        return step
    notes = Screen(draft.at, draft.turn, taken.notes)
    return replace(step, screens=(notes if taken.brief else screen(taken.draft, world, taken.notes),))


# Where it leads


def _follow(draft: Draft, result: Result, world: World) -> Step:
    """Apply what a place answered, and go where it leads."""
    after = applied(draft, result, world)
    if result.over:
        return replace(ended(draft, world, *result.notes), effects=result.effects, erase=result.erase)
    return replace(said(after, world, *result.notes), effects=result.effects, erase=result.erase)


def _back(draft: Draft, world: World) -> Step:
    if draft.within:
        return said(draft.listing("", 0), world)
    if draft.at in ASIDES:
        return said(draft.moved(draft.behind), world) if draft.behind else Step(None, draft.language, (closed(draft),))
    return said(went_back(draft), world)


def _aside(draft: Draft, at: str, world: World) -> Step:
    """To a look aside; from one aside to another, the way back stays where the draft is."""
    behind = draft.behind if draft.at in ASIDES else draft.at
    if is_stranger(draft):
        return said(Draft(draft.language, turn=world.fresh, at=at), world)
    return said(draft.moved(at, behind=behind), world)
