"""A civil servant's number: judged, never refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.nip import NipKind, Oddity, mask, read_number

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "kind", "problems"),
    [
        ("198609262015051001", NipKind.PNS, ()),
        ("NIP. 19860926 201505 1 001", NipKind.PNS, ()),
        ("NIP nya 19860926 201505 1 001 (kalau gak salah)", NipKind.PNS, ()),
        ("P3K: 199003152023211005", NipKind.PPPK, ()),
        ("nipppk 199003152023211005", NipKind.PPPK, ()),
        ("198609262015051001 an. Anwar", NipKind.UNKNOWN, (Oddity.NOT_A_NUMBER,)),
        ("199003152023211005", NipKind.PPPK, ()),
        ("19900913-2025-24-2-014", NipKind.PPPK, ()),
        ("131110468", NipKind.OLD, (Oddity.OLD,)),
        ("7304011234567890", NipKind.UNKNOWN, (Oddity.NIK,)),
        ("198613262015051001", NipKind.PNS, (Oddity.BIRTH,)),
        ("192909262015051001", NipKind.PNS, (Oddity.BIRTH, Oddity.APPOINTMENT)),
        ("201509262026051001", NipKind.PNS, (Oddity.BIRTH, Oddity.APPOINTMENT)),
        ("200009262029051001", NipKind.PNS, (Oddity.APPOINTMENT,)),
        ("198609262015131001", NipKind.UNKNOWN, (Oddity.CONTRACT,)),
        ("198609262015053001", NipKind.PNS, (Oddity.SEX,)),
        ("12345", NipKind.UNKNOWN, (Oddity.LENGTH,)),
        ("tidak tahu", NipKind.UNKNOWN, (Oddity.NOT_A_NUMBER,)),
        ("", NipKind.UNKNOWN, (Oddity.NOT_A_NUMBER,)),
    ],
)
def test_numbers(text: str, kind: NipKind, problems: tuple[Oddity, ...]):
    """Each number is told by its kind and by what is odd about it."""
    nip = read_number(text, TODAY)

    assert (kind, problems) == (nip.kind, nip.problems)
    assert nip.plausible == (not problems)


@given(
    born=st.dates(date(1930, 1, 1), date(2010, 1, 1)),
    age=st.integers(16, 60),
    code=st.sampled_from([*range(1, 13), *range(21, 30)]),
    sex=st.integers(1, 2),
    serial=st.integers(1, 999),
    sign=st.sampled_from(["", " ", ".", "-"]),
)
def test_well_formed(*, born: date, age: int, code: int, sex: int, serial: int, sign: str):
    """Every well-formed number is plausible, whatever separates its parts."""
    appointed = min(born.year + age, TODAY.year)
    nip = read_number(sign.join((f"{born:%Y%m%d}", f"{appointed}{code:02}", f"{sex}", f"{serial:03}")), TODAY)

    assert nip.plausible
    assert (NipKind.PNS if code < 13 else NipKind.PPPK) is nip.kind


@given(st.text() | st.text("0123456789 .-"), st.dates())
def test_any_text(text: str, today: date):
    """No text raises; what is kept is digits."""
    nip = read_number(text, today)

    assert nip.digits == "" or (nip.digits.isascii() and nip.digits.isdigit())


@given(st.text("0123456789", max_size=30))
def test_mask(digits: str):
    """A mask shows the last four digits at most, and never a whole number; so does the representation."""
    nip = read_number(digits, TODAY)
    shown = [sign for sign in mask(nip) if sign != "•"]

    assert len(mask(nip)) == len(digits)
    assert shown == (list(digits[-4:]) if len(digits) > 4 else [])
    assert len(digits) <= 4 or digits not in repr(nip)
