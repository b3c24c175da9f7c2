"""What stands in a message: formatted text, inline keyboards."""

from typing import Any

from bot.simulator import entities
from bot.simulator.errors import bad_request
from bot.simulator.state import Json

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_BUTTON_DATA = 64
"""In bytes."""
MOST_BUTTONS = 100
LABELS_ONLY = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def text(parameters: Json) -> Json:
    """The `text` and `entities` of a message that is nothing else."""
    if not parameters.get("text"):
        raise bad_request("message text is empty")
    plain, found = formatted(parameters["text"], parameters.get("parse_mode"), parameters.get("entities"))
    if not plain:
        raise bad_request("text must be non-empty")
    if len(plain) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": plain, "entities": found} if found else {"text": plain}


def caption(parameters: Json) -> Json:
    """The `caption` and `caption_entities` of a message with media, if it has one."""
    given = parameters.get("caption") or ""
    plain, found = formatted(given, parameters.get("parse_mode"), parameters.get("caption_entities"))
    if len(plain) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    result: Json = {"caption": plain} if plain else {}
    return result | ({"caption_entities": found} if found else {})


def formatted(source: str, parse_mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    """Plain text and all its entities, those included that Telegram recognises by itself."""
    match (parse_mode or "").lower():
        case "html":
            plain, known = entities.from_html(source)
        case "" | "none":
            plain, known = source, list(given or [])
        case "markdown" | "markdownv2":
            raise bad_request("parse_mode Markdown is not simulated")
        case _:
            raise bad_request("unsupported parse_mode")
    return whole(plain, known)


def whole(plain: str, known: list[Json]) -> tuple[str, list[Json]]:
    """The text as Telegram keeps it: trimmed, with what it recognises."""
    plain, known = entities.trimmed(plain, known)
    return plain, entities.recognised(plain, known)


def keyboard(parameters: Json) -> Json:
    """The `reply_markup` that a message shows: only inline keyboards stand in the message itself."""
    rows = parameters.get("reply_markup", {}).get("inline_keyboard")
    if not rows:
        return {}
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"reply_markup": {"inline_keyboard": [row for row in rows if row]}}


def _check_button(button: dict[str, Any]) -> None:
    actions = [key for key in button if key not in ("text", "style", "icon_custom_emoji_id") and button[key] != ""]
    if not actions:
        raise bad_request(LABELS_ONLY)
    if not button["text"].strip() or len(actions) > 1:
        raise bad_request("BUTTON_INVALID")
    if len(button.get("callback_data", "").encode()) > LONGEST_BUTTON_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url", "https:")
    if not url.startswith(("http:", "https:", "tg:")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
