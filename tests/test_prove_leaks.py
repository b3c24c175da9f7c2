"""What the search for leaks is made of: many needles found at once, packages opened, each place with its own words."""

import zipfile
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from prove import needles
from prove.needles import HEAD, Needles
from prove.rooms import Room
from prove.unpacked import unpacked

FEW = st.lists(st.binary(min_size=1, max_size=12), max_size=6)


def packed(name: str, data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


@given(FEW, st.lists(st.binary(max_size=12), max_size=6), st.data())
def test_needles_are_found_as_one_by_one(some: list[bytes], others: list[bytes], data: st.DataObject):
    """All at once find what looking for each by itself finds: short ones, overlapping ones, at either end."""
    hay = b"".join(data.draw(st.permutations([*some, *others])))

    assert {one for one in some if one in hay} == Needles(some).within(hay)


def test_a_needle_that_lies_across_two_pieces_is_found(monkeypatch):
    """Wherever the hay is cut to be looked through, nothing is lost at the cut."""
    monkeypatch.setattr(needles, "PIECE", 16)
    needle = b"Xylofermata"

    for at in range(50):
        assert {needle} == Needles([needle, b"nobody-else"]).within(b"\0" * at + needle + b"\0" * (60 - at))
    assert len(needle) > HEAD


def test_what_lies_in_a_package_within_a_package_is_searched():
    """Members are decompressed at any depth, and their names are searched as well."""
    found = unpacked({"tip.zip": packed("sheet.zip", packed("Qorizana.txt", b"Xylofermata" * 9))})

    assert b"Xylofermata" * 9 == found["tip.zip: sheet.zip: Qorizana.txt"]
    assert b"Qorizana.txt" in found["names"]


def test_a_place_may_hold_its_own_words_and_nobody_elses():
    """What is a leak in one chat is what the other's owner has typed."""
    places = {"7": b"Qorizana", "8": b"Qorizana"}
    room = Room("chats", places, ["Qorizana"], {"7": ["Qorizana"]})

    assert {"8"} == {trace.place for trace in room.traces()}
