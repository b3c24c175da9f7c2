"""What is owed, and how it is written into the outbox: kinds, and bodies as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot.conversation.effects import Show
from bot.conversation.screens import Line, Screen, Value
from bot.services.context import Context
from storage import outbox
from storage.sql import Transaction

OWED_HOURS = 24

Debt = tuple[str, bytes]
Noted = tuple[bytes, str]


class Kind(StrEnum):
    """`answer`: a screen for a private chat; `erase`: messages to delete there; `show`: a file of theirs to show there;
    `fetch`: a file to get and clean; `tip`: a tip to post; `retract`: posts to take back.
    """

    ANSWER = "answer"
    ERASE = "erase"
    SHOW = "show"
    FETCH = "fetch"
    TIP = "tip"
    RETRACT = "retract"


async def note(tx: Transaction, context: Context, debts: Sequence[Debt]) -> list[Noted]:
    """Write debts down; what the jobs have to hear of them once the transaction is committed."""
    if not debts:
        return []
    ids = await outbox.add(tx, context.secrets, debts)
    return [(owed_id, kind) for owed_id, (kind, _) in zip(ids, debts, strict=True)]


def debt(kind: Kind, **body: object) -> Debt:
    return kind.value, json.dumps(body, separators=(",", ":")).encode()


def answer(chat: int, screen: Screen, language: str, hour: int) -> Debt:
    """A screen without choices that must not be missed; it is given up 24 hours after `hour`."""
    lines = [_plain(line) for line in screen.lines]
    return debt(Kind.ANSWER, chat=chat, lines=lines, language=language, until=hour + OWED_HOURS)


def screen_of(body: Mapping[str, Any]) -> Screen:
    return Screen("", 0, tuple(_line(plain) for plain in body["lines"]))


def erase(chat: int, messages: Iterable[int], hour: int) -> Debt:
    return debt(Kind.ERASE, chat=chat, messages=list(messages), until=hour + OWED_HOURS)


def show(chat: int, effect: Show, hour: int) -> Debt:
    file = {"stored": effect.stored, "kind": effect.kind, "extension": effect.extension}
    return debt(Kind.SHOW, chat=chat, file=file, until=hour + OWED_HOURS)


def _plain(line: Line) -> list[Any]:
    return [line.key, {name: _plain_value(value) for name, value in line.values.items()}]


def _plain_value(value: Value) -> object:
    if isinstance(value, str | int):
        return value
    raise TypeError("an owed screen holds texts and numbers only")


def _line(plain: list[Any]) -> Line:
    key, values = plain
    return Line(key, values)
