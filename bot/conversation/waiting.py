"""What is in hand at one time: a tip, and before it the answers that wait for one another.

Rule: only the foremost is on the screen; what is behind it comes back in its order, and loses nothing meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.conversation.compose import begun, written
from bot.conversation.draft import Draft
from bot.conversation.menus import ASIDES


def in_hand(draft: Draft | None) -> tuple[Draft, ...]:
    """A draft and all that is parked behind it, in the order in which it comes back."""
    return (draft, *in_hand(draft.parked)) if draft else ()


def first(draft: Draft | None, fits: Callable[[Draft], bool]) -> Draft | None:
    """The foremost of those in hand that fits."""
    return next(filter(fits, in_hand(draft)), None)


def forward(draft: Draft | None, one: Draft) -> Draft:
    """One of those in hand, now before the others; of these, what holds nothing goes."""
    return replace(one, parked=_stacked([other for other in in_hand(draft) if other is not one and _holds(other)]))


def exchanged(draft: Draft, old: Draft, new: Draft) -> Draft:
    """The same in hand, with one of them changed."""
    return _stacked([new if one is old else one for one in in_hand(draft)]) or draft


def parked(draft: Draft | None) -> Draft | None:
    """What comes back after something that is opened now; what a moderator writes gives way to it."""
    if draft is None or begun(draft) or (_holds(draft) and not draft.about):
        return draft
    return draft.parked


def passing(draft: Draft) -> bool:
    """Whether somebody with no tip in hand was only asked for a receipt."""
    return draft.at in ASIDES and not draft.behind


def empty_handed(draft: Draft | None) -> bool:
    """Whether somebody has no tip in hand and no talk open: to be asked for a receipt is no more than to be greeted."""
    return all(map(passing, in_hand(draft)))


def _stacked(drafts: Sequence[Draft]) -> Draft | None:
    """Drafts of which each is parked behind the one before it."""
    return replace(drafts[0], parked=_stacked(drafts[1:])) if drafts else None


def _holds(draft: Draft) -> bool:
    return written(draft) if draft.about else not passing(draft)
