"""Screens as Telegram messages, for a phone's width."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.adapters.telegram import buttons, markup
from bot.conversation.screens import Choice, Line, Role, Screen
from bot.locales.catalogue import HTML, PLAIN, Catalogue

SHORT: Final = 18
"""Labels of at most so many characters stand two in a row."""

ALERT: Final = 60
"""Toasts of more characters stay until they are tapped away; Telegram shows 200 at most."""
TOAST: Final = 200

PREVIEWS_OFF: Final = '{"is_disabled":true}'

_Button = dict[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Texts in HTML, each short enough for a message; the last bears the keyboard, as JSON."""

    texts: tuple[str, ...]
    keyboard: str | None = None


def draw_screen(screen: Screen, catalogue: Catalogue) -> Drawn:
    texts = _texts(screen.lines, catalogue)
    return Drawn(texts, _keyboard(screen, catalogue) if screen.choices else None)


def draw_lines(lines: Iterable[Line], catalogue: Catalogue) -> Drawn:
    return Drawn(_texts(lines, catalogue))


def draw_toast(line: Line, catalogue: Catalogue) -> str:
    return catalogue.draw(line, PLAIN)[:TOAST]


def _texts(lines: Iterable[Line], catalogue: Catalogue) -> tuple[str, ...]:
    text = "\n\n".join([catalogue.draw(line, HTML) for line in lines])
    return (text,) if markup.fits(text) else markup.split(text)


def _keyboard(screen: Screen, catalogue: Catalogue) -> str:
    rows = _rows([(choice.role, _button(choice, screen, catalogue)) for choice in screen.choices])
    return json.dumps({"inline_keyboard": rows})


def _button(choice: Choice, screen: Screen, catalogue: Catalogue) -> _Button:
    label = catalogue.draw(choice.label, PLAIN)
    return {
        "text": f"✓ {label}" if choice.chosen else label,
        "callback_data": buttons.encode(screen.turn, screen.question, choice.code),
    }


def _rows(drawn: Sequence[tuple[Role, _Button]]) -> list[list[_Button]]:
    """Short answers two a row, long ones and the main one alone, navigation together in the last."""
    rows: list[list[_Button]] = []
    room = False
    for role, button in drawn:
        if role is Role.MOVE:
            continue
        short = role is Role.ANSWER and len(button["text"]) <= SHORT
        if short and room:
            rows[-1].append(button)
        else:
            rows.append([button])
        room = short and not room
    moves = [button for role, button in drawn if role is Role.MOVE]
    return [*rows, moves] if moves else rows
