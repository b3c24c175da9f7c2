"""What in a reporter's own words could lead to them, found before anything is sent.

It warns and never blocks, and nothing of it is kept. A false alarm teaches people to pass over warnings, so each
rule errs towards silence: the accused's own name and number raise none, and a name counts only where it is written
like one.

Rule: no pattern is made of what is looked for. The library remembers the last hundreds of patterns, and so would
remember whose name they were made of.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.conversation.lexicon import Lexicon, Own, plain_words
from bot.conversation.links import marks_in

SHORTEST_NAME = 3
SHORTEST_USERNAME = 4

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?:(?<!\w)@)?\w+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d+])(?:\+?\s?62|0)[\s.-]?8(?:[\s.-]?\d){7,11}(?!\d)")
_DIGITS = re.compile(r"(?<!\d)\d(?:[\s.-]?\d){15}(?:[\s.-]?\d\d)?(?![\s.-]?\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_SENTENCE_ENDS = frozenset(".!?\n:;\u2022")


class TraceKind(StrEnum):
    USERNAME = "username"
    NAME = "name"
    MENTION = "mention"
    PHONE = "phone"
    EMAIL = "email"
    SIXTEEN = "sixteen"
    NIP = "nip"
    SELF = "self"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Reader:
    """The reporter as the platform shows them at this moment: for the check alone, never kept."""

    username: str = ""
    names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Reader()"


NOBODY = Reader()


@dataclass(frozen=True, slots=True)
class Trace:
    """Words that could lead to the reporter, as they were written."""

    kind: TraceKind
    words: str


def traces(
    words: str, reader: Reader, lexicon: Lexicon, *, accused: Sequence[str] = (), mentions: Sequence[str] = ()
) -> tuple[Trace, ...]:
    """Everything of that sort in a text, each once. `accused` are texts about the accused, whose names are no trace."""
    plain = _ADDRESS.sub(lambda match: " " * len(match[0]), words)
    innocent = {word for text in accused for word in plain_words(text)}
    found = (
        *(Trace(TraceKind.MENTION, mention) for mention in mentions),
        *_usernames(plain, reader),
        *(Trace(TraceKind.EMAIL, match[0]) for match in _EMAIL.finditer(plain)),
        *(Trace(TraceKind.PHONE, match[0].strip()) for match in _PHONE.finditer(plain)),
        *_long_numbers(plain, accused),
        *_names(plain, reader, innocent, lexicon),
        *(Trace(TraceKind.SELF, match[0]) for match in _self_pattern(lexicon.own).finditer(plain)),
        *(Trace(TraceKind.LINK, mark) for mark in marks_in(words)),
    )
    return tuple(dict.fromkeys(found))


def _usernames(words: str, reader: Reader) -> Iterator[Trace]:
    if len(reader.username) >= SHORTEST_USERNAME:
        wanted = reader.username.casefold()
        for match in _HANDLE.finditer(words):
            if match[0].removeprefix("@").casefold() == wanted:
                yield Trace(TraceKind.USERNAME, match[0])


def _long_numbers(words: str, accused: Sequence[str]) -> Iterator[Trace]:
    known = {_only_digits(text) for text in accused} | {_only_digits(one) for text in accused for one in numbers(text)}
    for match in _DIGITS.finditer(words):
        digits = _only_digits(match[0])
        if digits not in known:
            yield Trace(TraceKind.NIP if len(digits) == 18 else TraceKind.SIXTEEN, match[0])


def numbers(words: str) -> tuple[str, ...]:
    """The long numbers in a text, as they are written."""
    return tuple(match[0] for match in _DIGITS.finditer(words))


def _only_digits(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isdigit())


def _names(words: str, reader: Reader, innocent: set[str], lexicon: Lexicon) -> Iterator[Trace]:
    """The reporter's whole name in any case; a part of it where it is written or introduced like a name."""
    parts = [part for name in reader.names for part in _WORD.findall(name) if len(part) >= SHORTEST_NAME]
    known = {part.casefold() for part in parts} - innocent
    written = list(_WORD.finditer(words))
    for n, match in enumerate(written):
        if match[0].casefold() not in known:
            continue
        following = written[n + 1] if n + 1 < len(written) else None
        if following and following[0].casefold() in known - {match[0].casefold()}:
            yield Trace(TraceKind.NAME, words[match.start() : following.end()])
        elif _like_a_name(words, match, written[n - 1][0] if n else "", lexicon):
            yield Trace(TraceKind.NAME, match[0])


def _like_a_name(words: str, match: re.Match[str], before: str, lexicon: Lexicon) -> bool:
    """Capitalised within a sentence, or behind a word for oneself ("saya sari")."""
    if before.casefold() in lexicon.own.oneself:
        return True
    lead = words[: match.start()].rstrip(" \t\"'(\u201c\u2018")
    begins = not lead or lead[-1] in _SENTENCE_ENDS
    shouted = match[0].isupper() and words.isupper()
    return match[0][0].isupper() and not begins and not shouted


@lru_cache
def _self_pattern(own: Own) -> re.Pattern[str]:
    """How people say who they are: "saya (adalah) staf", "atasan (langsung) saya", "my boss"."""
    me, linking, work, people, said = (
        "|".join(map(_phrase, phrases)) or "(?!)"
        for phrases in (own.oneself, own.linking, own.work, own.people, own.phrases)
    )
    return re.compile(
        rf"\b(?:(?:{me})\s+(?:(?:{linking})\s+){{0,2}}(?:{work})|(?:{people})\s+(?:[^\W\d_]+\s+)?(?:{me})|{said})\b",
        re.IGNORECASE,
    )


def _phrase(phrase: str) -> str:
    return r"\s+".join(map(re.escape, phrase.split()))
