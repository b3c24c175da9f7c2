"""What is owed, and how it is written into the outbox: kinds, and bodies as JSON."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot.conversation.effects import Show
from bot.conversation.retention import RETRACTION_DAYS
from bot.conversation.screens import Choice, Line, Screen, Value
from bot.services.context import Context
from storage import outbox
from storage.posts import TOPIC, Post
from storage.sql import Transaction

OWED_HOURS = 24

Debt = tuple[str, bytes]
Noted = tuple[bytes, str]
Owe = Callable[[Sequence[Noted]], None]


class Kind(StrEnum):
    """`answer`: a screen for a private chat; `erase`: messages to delete there; `show`: a file of theirs to show there;
    `fetch`: a file to get and clean; `tip`: a tip to post; `retract`: posts to take back; `tell` and `follow`: what
    a tip's reporter, or its moderators, have still to read of its talk; `cut`: an address to forget;
    `card`: a card to redraw; `count` and `reach`: what moderators learn of a reporter's act when its minute has come,
    how often it was done and whether their chat is there to be told; `chart`: figures to draw for an admin;
    `request` and `sheet`: a hand-over to be confirmed, and a package of one to be sent; `canary`: a made-up tip to
    post and take back.
    """

    ANSWER = "answer"
    ERASE = "erase"
    SHOW = "show"
    FETCH = "fetch"
    TIP = "tip"
    RETRACT = "retract"
    TELL = "tell"
    FOLLOW = "follow"
    CUT = "cut"
    CARD = "card"
    COUNT = "count"
    REACH = "reach"
    CHART = "chart"
    REQUEST = "request"
    SHEET = "sheet"
    CANARY = "canary"


async def note(tx: Transaction, context: Context, debts: Sequence[Debt]) -> list[Noted]:
    """Write debts down; what the jobs have to hear of them once the transaction is committed."""
    if not debts:
        return []
    ids = await outbox.add(tx, context.secrets, debts)
    return [(owed_id, kind) for owed_id, (kind, _) in zip(ids, debts, strict=True)]


def debt(kind: Kind, **body: object) -> Debt:
    return kind.value, json.dumps(body, separators=(",", ":")).encode()


def answer(chat: int, screen: Screen, language: str, hour: int) -> Debt:
    """A screen that must not be missed and asks nothing; what fails 24 hours after `hour` is given up."""
    body = {
        "lines": [plain(line) for line in screen.lines],
        "copies": [(choice.code, plain(choice.label), choice.copies) for choice in screen.choices],
    }
    return debt(Kind.ANSWER, chat=chat, **body, language=language, until=hour + OWED_HOURS)


def screen_of(body: Mapping[str, Any]) -> Screen:
    choices = [Choice(code, line_of(label), copies=words) for code, label, words in body.get("copies", ())]
    return Screen("", 0, tuple(line_of(plain) for plain in body["lines"]), tuple(choices))


def erase(chat: int, messages: Iterable[int], hour: int) -> Debt:
    return debt(Kind.ERASE, chat=chat, messages=list(messages), until=hour + OWED_HOURS)


def show(chat: int, effect: Show, hour: int) -> Debt:
    file = {"stored": effect.stored, "kind": effect.kind, "extension": effect.extension}
    return debt(Kind.SHOW, chat=chat, file=file, until=hour + OWED_HOURS)


def wait(context: Context, until: float, most: float) -> float:
    """Seconds until a moment that was never further off than `most`; 0 where it is over.

    A moment further off than that tells of a clock that was put back, and is over too: nobody waits for a wrong clock.
    """
    seconds = until - context.now().timestamp()
    return seconds if 0 < seconds <= most else 0.0


def to_admins(context: Context, screen: Screen) -> list[Debt]:
    """A word to each admin, without content, owed like an answer, so that it is not lost either."""
    return [answer(admin, screen, context.moderator_language, context.hour()) for admin in context.admins]


def retraction(shown: Sequence[Post], hour: int) -> list[Debt]:
    """What is owed to take posts back, a debt a chat; a chat that stays out of reach is given up."""
    until = hour + RETRACTION_DAYS * 24
    owed = []
    for chat in {one.chat for one in shown}:
        here = sorted(post for post in shown if post.chat == chat)
        messages = [post.message for post in here if post.kind != TOPIC]
        topics = [post.message for post in here if post.kind == TOPIC]
        owed.append(debt(Kind.RETRACT, chat=chat, messages=messages, topics=topics, until=until))
    return owed


def plain(line: Line) -> list[Any]:
    """A line as JSON holds it; raises TypeError where it holds more than texts, numbers and lines."""
    return [line.key, {name: _plain_value(value) for name, value in line.values.items()}]


def _plain_value(value: Value) -> object:
    if isinstance(value, str | int):
        return value
    if isinstance(value, Line):
        return plain(value)
    raise TypeError("what is owed holds texts, numbers and lines only")


def line_of(written: Sequence[Any]) -> Line:
    """The line that `plain` wrote."""
    key, values = written
    return Line(key, {name: line_of(value) if isinstance(value, list) else value for name, value in values.items()})
