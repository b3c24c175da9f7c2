"""What the proof is written with: a claim that is broken is told, and a page says how much was done."""

import pytest

from prove.chapters import CHAPTERS
from prove.page import Broken, Finding, Proof, need, page


def test_a_broken_claim_is_told():
    """What does not hold raises its sentence; what holds says nothing."""
    need([1], "never")

    with pytest.raises(Broken, match="Two tips have one receipt"):
        need([], "Two tips have one receipt.")


def test_the_page_says_how_much_was_done_and_what_was_found():
    """Each chapter names its amount and every finding; none does less in its long form than in its short one."""
    text = page(Proof(chapter, 7, 3.2, [Finding("tips lost", "0 of 5")]) for chapter in CHAPTERS)

    assert len(CHAPTERS) == text.count("| tips lost | 0 of 5 |")
    assert all(f"7 {chapter.unit}" in text for chapter in CHAPTERS)
    assert all(chapter.short < chapter.long for chapter in CHAPTERS)
