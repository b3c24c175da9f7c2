"""The catalogues and the code hold each other: every key has its text, every text its key, in the tone that was set."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import bot
from bot.conversation.case import REASONS as REFUSALS
from bot.conversation.case import TARGETS, UNTOLD, Reach, Standing
from bot.conversation.casework import ACTS
from bot.conversation.compose import CANNED, REPLY, WORK
from bot.conversation.counting import Dimension
from bot.conversation.days import Problem
from bot.conversation.errands import StaffCommand
from bot.conversation.events import Command, Unusable
from bot.conversation.evidence import SPOILED
from bot.conversation.figures import TOPICS, Span
from bot.conversation.intake import CATEGORY_GROUPS, DETAILS, INTAKE, QUESTIONS, STATUS, STEPS
from bot.conversation.own_words import Words
from bot.conversation.questions import OneOf
from bot.evidence.model import CODES, REASONS, Kind
from bot.locales.catalogue import Catalogue
from bot.locales.lexicon import LANGUAGES
from bot.services.canary import Verdict

ROOT = Path(bot.__file__).parent
LABEL_MOST = 34
SENTENCE_MOST = 18
SIGNS = "⏱🔒⚠📍🗓🗑"
CATALOGUES = {language: Catalogue.load(language) for language in LANGUAGES}
CATEGORIES = [code for codes in CATEGORY_GROUPS.values() for code in codes]

# What moderators and admins read: terse, and not bound to the reporters' tone.
FOR_OTHERS = (
    *(
        "post.",
        "card.",
        "alarm.",
        "mark.",
        "act.",
        "do.",
        "past.",
        "queue.",
        "daily.",
        "state.",
        "work.",
        "follow.",
        "figures.",
    ),
    *(f"{kind}.{place}" for kind in ("compose", "check") for place in WORK),
)

# Keys that the code puts together, by what they begin with.
FAMILIES = {
    "ask.": {*QUESTIONS, "change", "details", "stop", "resume", "lookup", "withdraw"},
    "label.": set(QUESTIONS),
    "step.": {str(step) for step in range(1, STEPS + 1)},
    "hint.": {"TEKANAN", "nip", *(one.name for one in INTAKE if isinstance(one, Words) and one.hint_under)},
    "category.": set(CATEGORIES),
    "group.": set(CATEGORY_GROUPS),
    "language.": set(LANGUAGES),
    "item.": {"pending", "link", *get_args(Kind)},
    "spoiled.": {*SPOILED, "gone"},
    "trace.": set(CODES),
    "problem.day.": {str(problem) for problem in Problem} - {"not_an_hour"},
    "unusable.": {str(what) for what in Unusable},
    "standing.": {str(standing) for standing in Standing},
    "move.": {"back", "cancel", "skip"},
    "act.": set(ACTS),
    "past.": set(ACTS),
    **{key: {"hold", "unhold"} for key in ("hold.how.", "hold.told.", "hold.second.")},
    "do.": {
        *("history", "status", "take", "leave", "check", "forward", "close", "reject", "reopen"),
        *("ask", "amend", "note", "label", "category", "link", "block", "unblock", "hold", "unhold"),
    },
    "queue.": {"unclaimed", "mine", "waiting"},
    "queue.to.": {"unclaimed", "mine", "waiting"},
    "daily.": {*Standing, "open", "unclaimed", "waiting", "urgent"},
    "privacy.archive.": {"closing", "delivery"},
    "alarm.canary.": {*Verdict} - {"new"},
    "purge.": {"tips", "held", "unreadable", "audit_faults", "debts"},
    "state.": set(Standing),
    "target.": set(TARGETS),
    "card.reach.": set(Reach),
    **{key: {*Reach} - {"here"} for key in ("asked.", "rejected.")},
    "reason.": set(REFUSALS),
    **dict.fromkeys(("why.", "next."), set(REFUSALS) - UNTOLD.keys()),
    **{kind: {*WORK, REPLY} for kind in ("compose.", "check.")},
    "canned.": set(CANNED),
    "thread.": {"answer", "add", "here", "code"},
    "figures.topic.": {"overview", *TOPICS} - {""},
    "figures.span.": set(Span),
    "figures.by.": set(Dimension),
    "figures.is.": {
        *(f"status.{one}" for one in (*Standing, "withdrawn")),
        *(f"completeness.{one}" for one in ("formal-material", "formal", "material", "neither")),
        "begun.begun",
    },
    "command.": {str(one) for one in (*Command, *StaffCommand)} - {"start", "unknown"},
    "": {"help", "unknown"},
    **{f"{one.name}.": set(one.codes) for one in (*INTAKE, *DETAILS) if isinstance(one, OneOf)},
}


def _trees() -> Iterator[ast.AST]:
    for room in ("conversation", "services", "adapters"):
        for path in (ROOT / room).rglob("*.py"):
            yield ast.parse(path.read_text("utf-8"))


def _keys() -> Iterator[ast.expr]:
    """Whatever the code gives as a key: the first value of `say`, the second of a choice."""
    places = {"say": 0, "answer": 1, "main": 1, "move": 1}
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
                yield from node.args[places[node.func.id] :][:1]


def _constants() -> set[str]:
    return {
        node.value
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _texts(language: str) -> list[tuple[str, str]]:
    return [(key, form) for key, forms in CATALOGUES[language].texts.items() for form in forms]


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?…])\s+|\n", re.sub(r"[*`_]", "", text))


def test_same_keys():
    """Both languages say the same things."""
    assert CATALOGUES["id"].texts.keys() == CATALOGUES["en"].texts.keys()


@pytest.mark.parametrize("key", sorted(CATALOGUES["id"].texts))
def test_same_placeholders(key: str):
    """A text has the same placeholders in each language and each plural form."""
    held = {frozenset(re.findall(r"\{(\w+)\}", form)) for one in CATALOGUES.values() for form in one.texts[key]}

    assert 1 == len(held)


def test_each_key_has_its_text():
    """Every key that stands in the code, or that it can put together, has a text."""
    written = {key.value for key in _keys() if isinstance(key, ast.Constant)}
    together = {prefix + code for prefix, codes in FAMILIES.items() for code in codes}

    assert set() == (written | together) - CATALOGUES["id"].texts.keys()


def test_each_text_has_its_key():
    """Every text is asked for somewhere."""
    together = {prefix + code for prefix, codes in FAMILIES.items() for code in codes}

    assert set() == CATALOGUES["id"].texts.keys() - together - _constants()


def test_families():
    """Every key that the code puts together begins like one of the families whose members are known here."""
    joined = [key for key in _keys() if isinstance(key, ast.JoinedStr)]
    begun = {part.value for key in joined for part in key.values[:1] if isinstance(part, ast.Constant)}

    assert joined
    assert set() == begun - FAMILIES.keys()


def test_reasons_have_their_sentence():
    """Every reason for which cleaning refuses a file has a sentence of its own."""
    assert set(REASONS) == SPOILED


def test_each_status_and_category_once():
    """Ten statuses and sixteen categories, none of them twice."""
    assert (10, 16) == (len(set(STATUS)), len(set(CATEGORIES)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit(language: str):
    """What stands on a button fits the width of a phone."""
    heads = ("status.", "category.", "group.", "source.", "contact.", "label.", "move.", "review.", "stop.", "resume.")
    texts = [
        (key, form) for key, form in _texts(language) if key.startswith(heads) and "." not in form and "?" not in form
    ]

    assert len(texts) > 60
    assert [] == [key for key, form in texts if len(form) > LABEL_MOST]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tone(language: str):
    """No false closeness, no verdict on the accused, no promise that nobody can keep."""
    never = {
        "id": r"\b(kak|kakak|kamu|pelaku|anonim|dijamin|menjamin|selalu|pasti aman|laporan anda)\b",
        "en": r"\b(perpetrator|culprit|anonymous|anonymously|guarantee|guaranteed|always|100%)\b",
    }

    assert [] == [key for key, form in _texts(language) if re.search(never[language], form, re.IGNORECASE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sign(language: str):
    """At most one sign a text."""
    assert [] == [key for key, form in _texts(language) if sum(map(form.count, SIGNS)) > 1]


def test_short_sentences():
    """What reporters read in Indonesian comes in short sentences."""
    long = [
        (key, sentence)
        for key, form in _texts("id")
        for sentence in _sentences(form)
        if not key.startswith(FOR_OTHERS) and sum(map(_is_word, sentence.split())) > SENTENCE_MOST
    ]

    assert [] == long


def _is_word(token: str) -> bool:
    return any(char.isalnum() for char in token)


@pytest.mark.parametrize(
    ("term", "others"),
    [
        ("pemeriksa", ("moderator", "verifikator")),
        ("kode", ("resi", "tanda terima", "pin ")),
        ("draf", ("draft", "konsep")),
        ("bukti", ("barang bukti", "evidence")),
        ("pengelola", ("operator ", "pemilik")),
        ("kanal pemeriksa", ("grup pemeriksa", "saluran pemeriksa")),
        ("informasi", ("kiriman anda", "laporan anda", "aduan", "pengaduan")),
    ],
)
def test_one_word_for_one_thing(term: str, others: tuple[str, ...]):
    """A thing has one name in all that reporters read."""
    texts = [re.sub(r"\{\w+\}", "", form.lower()) for key, form in _texts("id") if not key.startswith(FOR_OTHERS)]

    assert any(term in text for text in texts)
    assert [] == [text for text in texts for other in others if other in text]
