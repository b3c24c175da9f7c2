"""What makes two tips alike, and what does not."""

import pytest

from bot.conversation.case import Case
from bot.conversation.draft import Draft
from bot.conversation.likeness import FEW, NIP, WHAT, WHO, crowded, features, likenesses, named

NAME = "Andi Baso Kepala Dinas Sosial Kabupaten Jeneponto Selatan"
CASE = Case("K7QX-2M", "PNS", "73.04", ("FOTO",), "2026-11-20", "2026-11-20")


def tip(accused="", region="73.04", **answers):
    told = {"accused": accused, "region": region, "categories": ("FOTO",), "happened": "2026-11-20"}
    return features(Draft("id", 1, "review", answers=told | answers))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (tip("Budi Santoso"), tip("SANTOSO, Budi, S.Pd.", happened="2026-11-01"), True),
        (tip("Kepala Dinas Pendidikan"), tip("kadis / dinas pendidikan", happened="2026-11-01"), True),
        (tip("Budi Santoso"), tip("Budi Santoso", region="73.05", happened="2026-11-01"), False),
        (tip("Kepala dinas"), tip("Kepala dinas", happened="2026-11-01"), False),
        (tip("Budi"), tip("Ani"), True),
        (tip("Budi", categories=("MEDSOS",)), tip("Ani"), False),
        (tip(nip="19800101 200501 1 001"), tip(nip="198001012005011001", region="11.01", happened="2026-11-01"), True),
        (tip(nip="1"), tip(nip="1", happened="2026-11-01"), False),
    ],
)
def test_alike(one, other, alike):
    """One feature in common is enough, and titles alone, another regency or another day are none."""
    assert alike == bool(one.keys() & other.keys())


TWIN, STRANGERS = b"twin", [b"%d" % n for n in range(FEW + 1)]


def shared(of: dict[bytes, int], **others: dict[bytes, int]) -> dict[bytes, set[bytes]]:
    return {name.encode(): of.keys() & other.keys() for name, other in others.items()}


def test_a_twin_is_more_like_a_tip_than_any_number_of_strangers_of_the_day():
    """Who shares the accused comes first; what so many share as day and kind, and no more, is like no one."""
    one = tip("Andi Baso, Kepala SMP")
    strangers = {name.decode(): tip("Camat Binamu") for name in STRANGERS}
    few = likenesses(
        one, shared(one, **dict(list(strangers.items())[1:]), twin=tip("Andi Baso", happened="2026-11-01"))
    )
    many = likenesses(one, shared(one, **strangers, twin=tip("Andi Baso", happened="2026-11-01")))

    assert (TWIN, FEW + 1) == (next(iter(few)), len(few))
    assert [TWIN] == [*many]
    assert STRANGERS == crowded(one, shared(one, **strangers, twin=tip("Andi Baso", happened="2026-11-01")))


def test_a_nip_is_stronger_than_any_name():
    """Who bears the same number comes before who has all words of the name in common."""
    one = tip(NAME, nip="198001012005011001")
    found = likenesses(one, shared(one, name=tip(NAME), number=tip(nip="198001012005011001", region="11.01")))

    assert b"number" == next(iter(found))


def test_the_weaker_gives_way_and_of_equals_the_older():
    """A case names five, the strongest first; one more as weak as the last takes its place, a weaker one none."""
    case = named(CASE, {"A": WHO, "B": WHO, "C": WHO, "D": WHO, "E": WHAT})

    assert ("F", "A", "B", "C", "D") == named(case, {"F": NIP}).alike
    assert ("A", "B", "C", "D", "F") == named(case, {"F": WHAT}).alike
    assert ("A", "B", "C", "D") == named(case, {}, WHO).alike
