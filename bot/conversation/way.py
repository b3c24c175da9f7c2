"""The way: every place of a conversation, where an answer leads from each, and where "back" does.

Rule: a draft in and a draft out; nothing is said or done here.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation.compose import COMPOSING, REPLY, THREAD, written
from bot.conversation.draft import Draft
from bot.conversation.intake import DETAILS, INTAKE, QUESTIONS
from bot.conversation.menus import (
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
)
from bot.conversation.places import Place, Result
from bot.conversation.safety import Safety
from bot.conversation.waiting import first, forward
from bot.conversation.when import consistent
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

# Where "back" leads from a place that is no question of the short way.
BACK = {
    "change": REVIEW,
    "details": REVIEW,
    "safety": REVIEW,
    REVIEW: INTAKE[-1].name,
    INTAKE[0].name: NOTICE,
    REPLY: THREAD,
} | {question.name: "details" for question in DETAILS}


def is_stranger(draft: Draft) -> bool:
    """Somebody who has agreed to nothing, of whom nothing is kept."""
    return draft.at == NOTICE and draft.turn == 0


def applied(draft: Draft, result: Result, world: World) -> Draft:
    """The draft with what a place answered, at the place to which that leads."""
    if result.anew:
        return Draft(draft.language, turn=world.fresh, at=result.go)
    after = replace(
        draft,
        answers={**draft.answers, **result.answers},
        items=draft.items if result.items is None else result.items,
        language=result.language or draft.language,
        goes_on=result.goes_on,
    )
    after = consistent(draft, after, world)
    if result.done:
        return _onward(after, world)
    if (draft.at, result.go) == (THREAD, REPLY):
        return _answering(after)
    return after.moved(result.go) if result.go else after.listing(result.within, result.page)


def _answering(thread: Draft) -> Draft:
    """From a talk to the answer that was begun in it, or to a new one."""
    waiting = None if written(thread) else first(thread.parked, lambda one: one.about == thread.about)
    return forward(thread, waiting) if waiting else thread.moved(REPLY)


def _onward(draft: Draft, world: World) -> Draft:
    """To the first question of the short way that has no answer, or to the review; extras lead back to the review."""
    start = replace(draft, turn=world.fresh) if is_stranger(draft) else draft
    return start.moved(next(_unanswered(draft), REVIEW))


def _unanswered(draft: Draft) -> Iterator[str]:
    """What is still to be asked: an optional question counts as answered when it was passed over."""
    for question in INTAKE:
        if question.name not in draft.answers or not (draft.text(question.name) or question.optional):
            yield question.name


def went_back(draft: Draft) -> Draft:
    """The draft where "back" leads; a change that is left so, from a tip that was ready for review, changes nothing."""
    unchanged = draft.answered(draft.at, draft.was) if draft.was else draft
    left = draft if any(_unanswered(unchanged)) else unchanged
    return left.moved(before(left))


def before(draft: Draft) -> str:
    """Where "back" leads: from an answer that is being changed to the review, otherwise to the question before."""
    names = [question.name for question in INTAKE]
    if draft.at in names and not any(_unanswered(draft)):
        return REVIEW
    return BACK.get(draft.at) or names[names.index(draft.at) - 1]
