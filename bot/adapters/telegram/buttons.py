"""What a button carries, at most 64 bytes: `turn|question|choice` for reporters, `+|question|choice` for staff.

It names nobody; of tips, only those of staff name one, by its number, which opens nothing. Who may is decided by who
presses, so that a forged button brings no more than the real one.
"""

import re
from typing import Final

from bot.conversation.errands import Pressed
from bot.conversation.events import Chose

MOST_BYTES: Final = 64
FOREIGN: Final = Chose(turn=-1, question="", choice="")
"""What a button says that is none of a reporter's: it matches no screen."""

_DATA = re.compile(r"([0-9]{1,12})\|([^|]*)\|(.*)", re.DOTALL)
_STAFF: Final = "+"
_STAFF_DATA = re.compile(r"\+\|([^|]*)\|(.*)", re.DOTALL)


def encode(turn: int, question: str, choice: str) -> str:
    """Raises `ValueError` for what would not come back the same."""
    if turn < 0:
        raise ValueError("a button cannot carry this")
    return _joined(str(turn), question, choice)


def encode_staff(question: str, choice: str) -> str:
    """Raises `ValueError` for what would not come back the same."""
    return _joined(_STAFF, question, choice)


def decode(data: str | None) -> Chose:
    match = _DATA.fullmatch(data or "")
    return Chose(int(match[1]), match[2], match[3]) if match else FOREIGN


def decode_staff(data: str | None) -> Pressed | None:
    """What was pressed under a card, a queue or the like; None for any other button."""
    match = _STAFF_DATA.fullmatch(data or "")
    return Pressed(match[1], match[2]) if match else None


def _joined(first: str, question: str, choice: str) -> str:
    data = f"{first}|{question}|{choice}"
    if len(data.encode()) > MOST_BYTES or "|" in question:
        raise ValueError("a button cannot carry this")
    return data
