"""Screens as Telegram messages, for a phone's width."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from bot.adapters.telegram import buttons, markup
from bot.conversation.screens import Choice, Line, Role, Screen
from bot.locales.catalogue import HTML, PLAIN, Catalogue, Markup

SHORT: Final = 18
"""Labels of at most so many characters stand two in a row."""

ALERT: Final = 60
"""Toasts of more characters stay until they are tapped away; Telegram shows 200 at most."""
TOAST: Final = 200

PREVIEWS_OFF: Final = '{"is_disabled":true}'

OWN: Final = replace(HTML, others=markup.quoted)
"""For a private chat: what moderators wrote to a reporter is shown, never linked; one tap would tell who they are."""

QUOTED: Final = replace(OWN, words=markup.quoted)
"""For moderators: what anybody wrote is shown, never linked; the bot's own commands are."""

_Button = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Texts in HTML, each short enough for a message; the last bears the keyboard, as JSON."""

    texts: tuple[str, ...]
    keyboard: str | None = None


def draw_screen(screen: Screen, catalogue: Catalogue) -> Drawn:
    """For a private chat, as a reporter's."""
    carried = partial(buttons.encode, screen.turn, screen.question)
    return Drawn(_texts(screen.lines, catalogue, OWN), _keyboard(screen, catalogue, carried))


def draw_staff(screen: Screen, catalogue: Catalogue) -> Drawn:
    """For moderators and admins, wherever they are."""
    carried = partial(buttons.encode_staff, screen.question)
    return Drawn(_texts(screen.lines, catalogue, QUOTED), _keyboard(screen, catalogue, carried))


def draw_lines(lines: Iterable[Line], catalogue: Catalogue) -> Drawn:
    return Drawn(_texts(lines, catalogue, OWN))


def draw_toast(line: Line, catalogue: Catalogue) -> str:
    return catalogue.draw(line, PLAIN)[:TOAST]


def message_of(text: str, keyboard: str | None) -> dict[str, Any]:
    """A text and its keyboard as parameters of the Bot API."""
    message = {"text": text, "parse_mode": "HTML", "link_preview_options": PREVIEWS_OFF}
    return message if keyboard is None else {**message, "reply_markup": keyboard}


def _texts(lines: Iterable[Line], catalogue: Catalogue, how: Markup) -> tuple[str, ...]:
    text = "\n\n".join([catalogue.draw(line, how) for line in lines])
    return (text,) if markup.fits(text) else markup.split(text)


def _keyboard(screen: Screen, catalogue: Catalogue, carried: Callable[[str], str]) -> str | None:
    """`carried` says what a button carries by its choice's code."""
    if not screen.choices:
        return None
    rows = _rows([(choice.role, _button(choice, catalogue, carried)) for choice in screen.choices])
    return json.dumps({"inline_keyboard": rows})


def _button(choice: Choice, catalogue: Catalogue, carried: Callable[[str], str]) -> _Button:
    label = catalogue.draw(choice.label, PLAIN)
    if choice.copies:
        return {"text": label, "copy_text": {"text": choice.copies}}
    return {"text": f"✓ {label}" if choice.chosen else label, "callback_data": carried(choice.code)}


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
