"""Updates as errands: what moderators and admins do in the moderators' chat, and what may be theirs in a private one.

Its rule: talk that is meant for no bot is None here and costs nothing; nothing that anybody can send raises.
"""

import re
from typing import Final

from telegram import Message, Update, User
from telegram.constants import ChatType

from bot.adapters.telegram import buttons
from bot.conversation.errands import Changed, Deed, Errand, Faceless, Person, Remarked, StaffCommand, Summoned

COMMANDS: Final = {
    "antrean": StaffCommand.QUEUE,
    "queue": StaffCommand.QUEUE,
    "tip": StaffCommand.TIP,
    "serahkan": StaffCommand.HAND_OVER,
    "handover": StaffCommand.HAND_OVER,
    "statistik": StaffCommand.STATISTICS,
    "stats": StaffCommand.STATISTICS,
    "tahan": StaffCommand.HOLD,
    "hold": StaffCommand.HOLD,
    "lepas": StaffCommand.RELEASE,
    "release": StaffCommand.RELEASE,
}
NOBODY: Final = Person(0, "")

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL | re.ASCII)


def errand(update: Update, bot: str) -> Errand | None:
    """What is asked of the bot with that username, or None."""
    chat, deed = update.effective_chat, _deed(update, bot)
    if chat is None or deed is None:
        return None
    message = update.effective_message
    by = NOBODY if isinstance(deed, Faceless) else _person(update.effective_user)
    private = chat.type == ChatType.PRIVATE
    return Errand(update.update_id, chat.id, message.message_id if message else None, by, deed, private)


def _deed(update: Update, bot: str) -> Deed | None:
    if update.callback_query:
        return buttons.decode_staff(update.callback_query.data)
    if update.chat_member:
        return Changed()
    if message := update.message or update.channel_post:
        deed = _summoned(message.text or "", bot) or _remarked(message, edits=False)
        return Faceless() if deed and message.sender_chat else deed
    edited = update.edited_message
    return _remarked(edited, edits=True) if edited and not edited.sender_chat else None


def _summoned(text: str, bot: str) -> Summoned | None:
    match = _COMMAND.fullmatch(text)
    command = COMMANDS.get(match[1].lower()) if match else None
    if match is None or command is None or (match[2] or bot).lower() != bot.lower():
        return None
    return Summoned(command, match[3] or "")


def _remarked(message: Message, *, edits: bool) -> Remarked | None:
    """Words in reply to the bot: in a group to anything, but not to a topic that it made; elsewhere to a card.

    A command is for some bot, never for a reporter. What the bot posts in a channel has no author.
    """
    to, words = message.reply_to_message, message.text or message.caption
    if not words or _COMMAND.fullmatch(words) or to is None or to.forum_topic_created:
        return None
    about = _borne(to)
    grouped = message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
    if not (about or grouped) or not (to.from_user.is_bot if to.from_user else about):
        return None
    return Remarked(to.message_id, words, edits, about, attached=not message.text)


def _borne(message: Message) -> str:
    """What the buttons of a message of staff bear, empty for any other message."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    pressed = next((buttons.decode_staff(str(one.callback_data)) for row in rows for one in row), None)
    return pressed.number if pressed else ""


def _person(user: User | None) -> Person:
    return Person(user.id, user.full_name) if user else NOBODY
