"""Updates of a private chat as events. Of what is said, plain words alone go on: entities, names and origins stop here.

Its rule: nothing that a person or another bot can send raises here.
"""

import re
from typing import Final

from telegram import MaybeInaccessibleMessage, Message, MessageEntity, PhotoSize, Update, User

from bot.adapters.telegram import buttons
from bot.conversation.betrayal import NOBODY, Reader
from bot.conversation.events import (
    Arrival,
    Attached,
    Command,
    Commanded,
    Edited,
    Event,
    FileKind,
    Sent,
    Typed,
    Unusable,
)
from bot.conversation.places import legible

COMMANDS: Final = {
    "start": Command.START,
    "lapor": Command.REPORT,
    "report": Command.REPORT,
    "status": Command.STATUS,
    "batal": Command.CANCEL,
    "cancel": Command.CANCEL,
    "hapus": Command.DELETE,
    "delete": Command.DELETE,
    "bahasa": Command.LANGUAGE,
    "language": Command.LANGUAGE,
    "privasi": Command.PRIVACY,
    "privacy": Command.PRIVACY,
    "bantuan": Command.HELP,
    "help": Command.HELP,
}

_COMMAND = re.compile(r"/(\w{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.ASCII)

# Whatever shows that the words or the file come from somewhere else. A quote from this very chat does not.
_ORIGINS: Final = ("forward_origin", "external_reply", "via_bot", "reply_to_story", "is_automatic_forward")

# An animation also comes as a document, a venue also as a location: the first that fits is meant.
_FILES: Final = (
    ("animation", FileKind.ANIMATION),
    ("video", FileKind.VIDEO),
    ("video_note", FileKind.VIDEO_NOTE),
    ("voice", FileKind.VOICE),
    ("audio", FileKind.AUDIO),
    ("document", FileKind.DOCUMENT),
)
_UNUSABLE: Final = (
    ("location", Unusable.LOCATION),
    ("contact", Unusable.CONTACT),
    ("sticker", Unusable.STICKER),
    ("poll", Unusable.POLL),
    ("dice", Unusable.DICE),
    ("story", Unusable.STORY),
    ("game", Unusable.OTHER),
    ("invoice", Unusable.OTHER),
    ("checklist", Unusable.OTHER),
    ("paid_media", Unusable.OTHER),
    ("live_photo", Unusable.OTHER),
    ("giveaway", Unusable.OTHER),
    ("gift", Unusable.OTHER),
    ("unique_gift", Unusable.OTHER),
    ("passport_data", Unusable.OTHER),
    ("web_app_data", Unusable.OTHER),
    ("users_shared", Unusable.OTHER),
    ("chat_shared", Unusable.OTHER),
)


def translate(update: Update) -> Arrival | None:
    """Say what a reporter did; None for what asks for no answer, such as a pinned message."""
    message, event = _happened(update)
    if message is None or event is None:
        return None
    replied, reader = _replied_to(update.message), _reader(update.effective_user)
    to, at = (replied.message_id, _question_of(replied)) if replied else (None, "")
    return Arrival(update.update_id, message.chat.id, message.message_id, event, to, at, reader)


def _replied_to(message: Message | None) -> Message | None:
    """The bot's own message that a new message answers."""
    answered = message.reply_to_message if message else None
    return answered if answered and answered.from_user and answered.from_user.is_bot else None


def _question_of(message: Message) -> str:
    """What the buttons under a message answer."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return next((buttons.decode(str(button.callback_data)).question for row in rows for button in row), "")


def _reader(user: User | None) -> Reader:
    """The names that the account shows at this moment."""
    return Reader(user.username or "", (legible(user.first_name), legible(user.last_name or ""))) if user else NOBODY


def _happened(update: Update) -> tuple[MaybeInaccessibleMessage | None, Event | None]:
    if (message := update.message) is not None:
        return message, _said(message)
    if (tap := update.callback_query) is not None:
        return tap.message, buttons.decode(tap.data)
    return update.edited_message, Edited()


def _said(message: Message) -> Event | None:
    if any(getattr(message, origin) for origin in _ORIGINS):
        return Sent(Unusable.FORWARD)
    if message.text is not None:
        return _words(message.text, message)
    return _file(message) or _unusable(message)


def _words(text: str, message: Message) -> Event:
    match = _COMMAND.fullmatch(text)
    if match is None:
        mentions = message.parse_entities([MessageEntity.TEXT_MENTION]).values()
        return Typed(text, tuple(map(legible, mentions)))
    return Commanded(COMMANDS.get(match[1].lower(), Command.UNKNOWN), match[2] or "")


def _file(message: Message) -> Attached | None:
    caption = message.caption or ""
    if message.photo:
        largest = max(message.photo, key=_area)
        return Attached(FileKind.PHOTO, largest.file_id, largest.file_unique_id, largest.file_size, caption)
    for name, kind in _FILES:
        if (file := getattr(message, name)) is not None:
            return Attached(kind, file.file_id, file.file_unique_id, file.file_size, caption)
    return None


def _area(photo: PhotoSize) -> int:
    return photo.width * photo.height


def _unusable(message: Message) -> Sent | None:
    for name, what in _UNUSABLE:
        if getattr(message, name) is not None:
            return Sent(what)
    # What neither we nor the library knows is content of a newer kind: a person waits for a word.
    return Sent(Unusable.OTHER) if message.api_kwargs else None
