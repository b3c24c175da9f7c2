"""What Telegram's refusals mean. Codes are ours: its own sentences may quote what was sent."""

from typing import Final

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.adapters.telegram.request import Flood, TooLarge, Unreached
from bot.conversation.speech import Later, Moved, Outcome, Shut, Unfit

# Stretches of Telegram's sentences, in lower case, and what they mean.
_SHUT: Final = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "can't initiate": "not_started",
    "bot can't send messages to bots": "bot",
    "bot was kicked": "kicked",
    "bot is not a member": "not_member",
    "chat not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
    "group chat was deleted": "chat_deleted",
    "need administrator rights": "no_rights",
    "not enough rights": "no_rights",
    "no rights to send": "no_rights",
    "chat_write_forbidden": "no_rights",
    "chat_admin_required": "no_rights",
    "chat_restricted": "no_rights",
    "topic_closed": "topic_closed",
}
_UNFIT: Final = {
    "too big": "too_big",
    "too large": "too_big",
    "too long": "too_long",
    "can't parse entities": "bad_markup",
    "photo_": "bad_picture",
    "image_process_failed": "bad_picture",
    "wrong file": "bad_file",
    "message is not modified": "same",
    "can't be edited": "not_editable",
    "no text in the message to edit": "not_text",
    "message to edit not found": "gone",
    "message to delete not found": "gone",
    "message can't be deleted": "not_deletable",
    "query is too old": "too_late",
    "message thread not found": "no_topic",
    "topic_deleted": "no_topic",
}


def outcome_of(error: TelegramError) -> Outcome:
    """Say what became of a sending that raised. What is unclear may be tried again."""
    match error:
        case Flood():
            return Later(error.seconds)
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Shut(_code(error, _SHUT) or "forbidden")
        case BadRequest():
            shut = _code(error, _SHUT)
            return Shut(shut) if shut else Unfit(_code(error, _UNFIT) or "refused")
        case TooLarge():
            return Unfit("too_big")
        case _:
            return Later(unsure=not isinstance(error, Unreached))


def _code(error: TelegramError, codes: dict[str, str]) -> str | None:
    sentence = error.message.lower()
    return next((code for stretch, code in codes.items() if stretch in sentence), None)
