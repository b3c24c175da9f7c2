"""What a button carries: `turn|question|choice`, at most 64 bytes. It names nobody and no tip."""

import re
from typing import Final

from bot.conversation.events import Chose

MOST_BYTES: Final = 64
FOREIGN: Final = Chose(turn=-1, question="", choice="")
"""What a button says that is none of ours: it matches no screen."""

_DATA = re.compile(r"([0-9]{1,12})\|([^|]*)\|(.*)", re.DOTALL)


def encode(turn: int, question: str, choice: str) -> str:
    """Raises `ValueError` for what would not come back the same."""
    data = f"{turn}|{question}|{choice}"
    if len(data.encode()) > MOST_BYTES or "|" in question or turn < 0:
        raise ValueError("a button cannot carry this")
    return data


def decode(data: str | None) -> Chose:
    match = _DATA.fullmatch(data or "")
    return Chose(int(match[1]), match[2], match[3]) if match else FOREIGN
