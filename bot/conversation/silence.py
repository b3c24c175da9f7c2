"""What is heeded of a chat that is blocked.

Rule: a block is for new tips and for what nobody asked. Whoever is blocked may read where their tips are, answer what
moderators ask, take a tip back, and read what this line is and does.
"""

from bot.conversation.compose import COMPOSING, REPLY, THREAD
from bot.conversation.draft import Draft
from bot.conversation.events import (
    Attached,
    Chose,
    Command,
    Commanded,
    Edited,
    Event,
    Opened,
    Replayed,
    Sent,
    Typed,
)
from bot.conversation.menus import LOOKUP, STOP, WITHDRAW
from bot.conversation.receipt import read_receipt

BEGINNING = frozenset({Command.START, Command.REPORT, Command.UNKNOWN})
"""Commands that lead to a new tip."""
ASKING = frozenset({LOOKUP, WITHDRAW, STOP})
"""Looks aside, of which none goes on with a tip."""


def heeded(draft: Draft | None, event: Event) -> bool:
    """Whether what was done may go on; `draft` is what is in hand."""
    match event:
        case Opened():
            return event.purpose != REPLY or event.waits
        case Commanded():
            return event.command not in BEGINNING
        case Typed():
            is_receipt = event.receipt or read_receipt(event.words) is not None
            return is_receipt or (draft is not None and (draft.at in ASKING or _answers(draft)))
        case Attached() | Sent() | Edited():
            return draft is not None and _answers(draft)
        case Chose() | Replayed():
            return draft is not None and draft.at in ASKING | COMPOSING.keys()
        case _:  # what no one said
            return True


def _answers(draft: Draft) -> bool:
    """In a talk only where moderators wait for an answer; what was begun goes on."""
    return bool(draft.picks("asked")) if draft.at == THREAD else draft.at in COMPOSING
