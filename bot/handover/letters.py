"""What the sheet's letters can show: DejaVu, from left to right, without shaping.

Rule: any text may come. What cannot be shown, or would be read in the wrong order, is replaced by one sign a run;
the whole text lies beside the sheet in a file of its own.
"""

import unicodedata
from collections.abc import Container
from itertools import groupby

UNSHOWN = "[…]"


def plain(text: str) -> str:
    """A text for a file: composed, with line feeds alone, without other control and direction signs."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})


def printable(text: str, letters: Container[int]) -> str:
    """A text as these letters (code points) can show it."""
    runs = groupby(plain(text), lambda sign: sign == "\n" or _shown(sign, letters))
    return "".join("".join(run) if shown else UNSHOWN for shown, run in runs)


def _shown(sign: str, letters: Container[int]) -> bool:
    return ord(sign) in letters and unicodedata.bidirectional(sign) not in {"R", "AL", "AN"}
