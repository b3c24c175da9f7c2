"""The receipt as people type it: sixteen digits of any script, in fours or not."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

DIGITS: Final = 16

RECEIPT = re.compile(r"[^0-9A-Za-z]*(?:[0-9][^0-9A-Za-z]*){16}")
_RUN = re.compile("[0-9]+")
_NEAR = re.compile(r"[\W_]{0,6}")
_FAR = re.compile(r".{0,24}", re.DOTALL)
# What is drawn around a digit, or not at all: the frame of a keycap, a joiner.
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})


def read_receipt(words: str) -> str | None:
    """The sixteen digits where the words are nothing else, or None."""
    plain = _plain(words)
    return re.sub("[^0-9]", "", plain) if RECEIPT.fullmatch(plain) else None


def receipts_among(words: str) -> tuple[str, ...]:
    """Sixteen digits each that may be a receipt among other words; they overlap, for any number may stand before one.

    Fours may have some words or another number between them; digits that are parted otherwise stand close together.
    """
    plain = _plain(words)
    runs = list(_RUN.finditer(plain))
    fours = [run for run in runs if len(run[0]) % 4 == 0]
    return tuple(dict.fromkeys((*_joined(plain, fours, _FAR), *_joined(plain, runs, _NEAR))))


def write_receipt(digits: str) -> str:
    """In fours, as it is shown and copied by hand."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _plain(words: str) -> str:
    """With the digits that everybody reads, and without signs that nobody sees."""
    if words.isascii():
        return words
    shown = (sign for sign in words if unicodedata.category(sign) not in _UNSEEN)
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in shown)


def _joined(words: str, runs: Sequence[re.Match[str]], gap: re.Pattern[str]) -> Iterator[str]:
    """From each run on: it and those behind it, where they come to sixteen digits and nothing but gaps parts them."""
    for n, first in enumerate(runs):
        digits, end = "", first.start()
        for run in runs[n : n + DIGITS]:
            if len(digits) >= DIGITS or not gap.fullmatch(words, end, run.start()):
                break
            digits, end = digits + run[0], run.end()
        if len(digits) == DIGITS:
            yield digits
