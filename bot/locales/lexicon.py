"""The words of each language, from `words_<language>.json`, as the conversation takes them.

People mix languages, so a reader of one also understands the others; their own comes first. Times of day, months
and the like stand under `meanings` by what they do (`Kind`), a choice's synonyms under its code.
"""

import json
from functools import reduce
from importlib import resources
from typing import Any

from bot.conversation.lexicon import Kind, Lexicon, Own, Word

LANGUAGES = ("id", "en")


def lexicon(language: str) -> Lexicon:
    """What somebody who reads `language` ("id", "en") may type; read anew at each call, so keep it."""
    others = (other for other in LANGUAGES if other != language)
    return reduce(Lexicon.merged, map(_read, others), _read(language))


def _read(language: str) -> Lexicon:
    path = resources.files(__package__) / f"words_{language}.json"
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Lexicon(
        words={
            word: Word(Kind[kind.upper()], value)
            for kind, meanings in data["meanings"].items()
            for word, value in meanings.items()
        },
        spellings=data["spellings"],
        filler=frozenset(data["filler"]),
        negations=frozenset(data["negations"]),
        joining=frozenset(data["joining"]),
        choices=data["choices"],
        own=Own(**{name: tuple(words) for name, words in data["own"].items()}),
    )
