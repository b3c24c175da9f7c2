"""The made-up reporter comes through the whole intake by what is on the screen, or tells that nobody could."""

from dataclasses import replace
from datetime import timedelta

import pytest
from reporter import RULES, TUESDAY, Reporter

from bot.conversation import canary
from bot.conversation.intake import INTAKE
from bot.locales.lexicon import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ahead", [0, 1])
def test_it_answers_every_question_in_every_language_and_zone(language: str, ahead: int):
    """The draft that it sends holds an answer to all that a reporter is asked, also where it is another day there."""
    rules = replace(RULES, languages=(language,))
    draft = canary.sent(Reporter(rules=rules, today={"WITA": TUESDAY + timedelta(days=ahead)}).world)

    assert draft
    assert language == draft.language
    assert {question.name for question in INTAKE} == set(draft.answers)


def test_an_intake_that_nobody_gets_through_is_noticed(monkeypatch: pytest.MonkeyPatch):
    """Where an answer is not understood it does not go round for ever, and sends nothing."""
    monkeypatch.setitem(canary.TYPED, "region", "???")

    assert canary.sent(Reporter().world) is None
