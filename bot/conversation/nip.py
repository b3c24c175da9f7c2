"""A civil servant's number, as far as it can be judged without a register: it has no check digit.

NIP (18 digits): birth date, month of appointment, sex (1 or 2), serial. NI PPPK (18 digits): birth date, year of
appointment, contract code (21 to 29), sex, serial. Numbers before 2007 had 9 digits. Nothing is refused: a number
that does not look like one comes back with what is odd about it.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 80  # characters that are looked at
SHOWN = 4

# What people write around the number; any other word makes it a note that is kept as it is.
_ABOUT = re.compile(
    r"(?i)\b(?:nip|ni|pppk|p3k|nipppk|nipnya|nomor|no|nya|itu|kalau|kalo|gak|ga|tidak|salah|kayaknya)\b"
)


class NipKind(StrEnum):
    PNS = "pns"
    PPPK = "pppk"
    OLD = "old"
    UNKNOWN = "unknown"


class Oddity(StrEnum):
    """What makes a number unlike a NIP."""

    NOT_A_NUMBER = "not_a_number"
    LENGTH = "length"
    NIK = "nik"  # 16 digits: an identity card's number, which nobody is asked for
    OLD = "old"
    BIRTH = "birth"
    APPOINTMENT = "appointment"
    SEX = "sex"
    CONTRACT = "contract"  # neither a month nor a contract code


@dataclass(frozen=True, slots=True)
class Nip:
    kind: NipKind
    digits: str
    problems: tuple[Oddity, ...]

    def __repr__(self) -> str:
        return f"Nip({self.kind}, {mask(self)})"

    @property
    def plausible(self) -> bool:
        return not self.problems


def read_number(text: str, today: date) -> Nip:
    """What a typed number may be. Spaces, dots and hyphens do not count; any text may come, none raises."""
    plain = _ABOUT.sub("", unicodedata.normalize("NFKC", text[:LONGEST]))
    digits = "".join(str(unicodedata.decimal(sign)) for sign in plain if sign.isdecimal())
    if re.search(r"[^\W\d_]", plain) or not digits:
        return Nip(NipKind.UNKNOWN, digits, (Oddity.NOT_A_NUMBER,))
    if len(digits) != 18:
        return _of_other_length(digits)
    return Nip(_kind(digits), digits, tuple(_oddities(digits, today)))


def mask(nip: Nip) -> str:
    """The last four digits, for lists; the rest tells birth date and sex."""
    hidden = len(nip.digits) - SHOWN
    return "•" * hidden + nip.digits[-SHOWN:] if hidden > 0 else "•" * len(nip.digits)


def _of_other_length(digits: str) -> Nip:
    if len(digits) == 9:
        return Nip(NipKind.OLD, digits, (Oddity.OLD,))
    return Nip(NipKind.UNKNOWN, digits, (Oddity.NIK if len(digits) == 16 else Oddity.LENGTH,))


def _kind(digits: str) -> NipKind:
    code = int(digits[12:14])
    if 1 <= code <= 12:
        return NipKind.PNS
    return NipKind.PPPK if 21 <= code <= 29 else NipKind.UNKNOWN


def _oddities(digits: str, today: date) -> Iterator[Oddity]:
    born, appointed = int(digits[:4]), int(digits[8:12])
    if not _is_date(digits[:8]) or not 1930 <= born <= today.year - 16:
        yield Oddity.BIRTH
    if not 16 <= appointed - born <= 60 or appointed > today.year + 1:
        yield Oddity.APPOINTMENT
    if _kind(digits) is NipKind.UNKNOWN:
        yield Oddity.CONTRACT
    if digits[14] not in "12":
        yield Oddity.SEX


def _is_date(digits: str) -> bool:
    with suppress(ValueError):
        return bool(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    return False
