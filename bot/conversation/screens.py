"""What is said: screens of lines and choices, without language or platform.

A screen obeys the narrowest platform, checked where it is built: ten choices with navigation among them (WhatsApp
lists), and codes that fit a Telegram button together with their question and turn (64 bytes in all).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Union

CHOICES_MOST = 10
CODE_BYTES = 24
NAME_BYTES = 16

Value = Union[str, int, date, "Line", tuple["Line", ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """A catalogue key with what goes into it.

    `str` values are somebody's own words (escaped, never marked up), a `date` is written out by the language, a
    nested `Line` is drawn first, a tuple of lines is joined by commas, in the value named `rows` by line breaks; the
    value named `count` picks the plural, that named `others` was written by somebody else than who reads it.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


def say(key: str, **values: Value) -> Line:
    return Line(key, values)


class Role(StrEnum):
    """What a choice does, so that an adapter can set answers apart from navigation."""

    ANSWER = "answer"
    MAIN = "main"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap. What `copies` words puts them where its reader can paste them from, and tells nobody."""

    code: str
    label: Line
    role: Role = Role.ANSWER
    chosen: bool = False
    copies: str = ""

    def __post_init__(self) -> None:
        if len(self.code.encode()) > CODE_BYTES:
            raise ValueError("a choice's code is too long for the narrowest platform")


@dataclass(frozen=True, slots=True)
class Screen:
    """Paragraphs to say, then what may be chosen. `question` and `turn` travel in every button."""

    question: str
    turn: int
    lines: tuple[Line, ...]
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        if len(self.choices) > CHOICES_MOST:
            raise ValueError("a screen has too many choices for the narrowest platform")
        if len(self.question.encode()) > NAME_BYTES:
            raise ValueError("a question's name is too long for the narrowest platform")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reporter gets for one event, once it is committed; `toast` answers a tap in passing.

    An adapter may draw the first screen over the message whose button was tapped. `shows` are the numbers of the tips
    that a moderator reads of in it. One that `greets` is for somebody who has nothing in hand: it can wait.
    """

    language: str
    screens: tuple[Screen, ...] = ()
    toast: Line | None = None
    shows: tuple[str, ...] = ()
    greets: bool = False
