"""The receipt as people type it: sixteen digits, in fours or not."""

import re

RECEIPT = re.compile(r"[^0-9A-Za-z]*(?:[0-9][^0-9A-Za-z]*){16}")
AMONG = re.compile(r"(?<![0-9])[0-9](?:[^0-9A-Za-z]{0,2}[0-9]){15}(?![0-9])")


def read_receipt(words: str) -> str | None:
    """The sixteen digits where the words are nothing else, or None."""
    return re.sub("[^0-9]", "", words) if RECEIPT.fullmatch(words) else None


def receipts_among(words: str) -> tuple[str, ...]:
    """Sixteen digits each that stand among other words: receipts, or a number of some card."""
    return tuple(re.sub("[^0-9]", "", one) for one in AMONG.findall(words))


def write_receipt(digits: str) -> str:
    """In fours, as it is shown and copied by hand."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
