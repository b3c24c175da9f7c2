"""What the proof is written with: a claim that is broken is told, and a page says how much was done."""

import re

import pytest

from prove.chapters import CHAPTERS
from prove.page import Broken, Chapter, Finding, Proof, need, page


def proved(chapter: Chapter, found: str) -> Proof:
    return Proof(chapter, 7, 3.2, [Finding("tips lost", found)])


def test_a_broken_claim_is_told():
    """What does not hold raises its sentence; what holds says nothing."""
    need([1], "never")

    with pytest.raises(Broken, match="Two tips have one receipt"):
        need([], "Two tips have one receipt.")


def test_the_page_says_how_much_was_done_and_what_was_found():
    """Each names its amount, and of how much where it is less; the long form does more of each than the short one."""
    text = page(CHAPTERS, (proved(chapter, "0 of 5") for chapter in CHAPTERS), "")

    assert len(CHAPTERS) == text.count("| tips lost | 0 of 5 |")
    assert all(f"7 of {chapter.long:,} {chapter.unit}" in text for chapter in CHAPTERS)
    assert f" {CHAPTERS[0].long:,} {CHAPTERS[0].unit}" in Proof(CHAPTERS[0], CHAPTERS[0].long, 3.2, []).told()
    assert all(chapter.short < chapter.long for chapter in CHAPTERS)


def test_a_chapter_proved_alone_takes_its_piece_of_the_page():
    """What was proved before of the others stays, in the order of the chapters, and nothing stands twice."""
    former = page(CHAPTERS, (proved(chapter, "early") for chapter in CHAPTERS[1:]), "")
    again = page(CHAPTERS, [proved(CHAPTERS[0], "late"), proved(CHAPTERS[2], "late")], former)

    assert ["late", "early", "late", *["early"] * len(CHAPTERS[3:])] == re.findall(r"\| (early|late) \|", again)
    assert [chapter.name.capitalize() for chapter in CHAPTERS] == re.findall("^## (.*)", again, re.MULTILINE)
