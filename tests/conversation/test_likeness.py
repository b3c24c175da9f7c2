"""What makes two tips alike, and what does not."""

import pytest

from bot.conversation.draft import Draft
from bot.conversation.likeness import features


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
    assert alike == bool(one & other)
