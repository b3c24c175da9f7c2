"""What the bot may do in the moderators' chat."""

from dataclasses import dataclass
from typing import Any, Final

from telegram import ChatMember
from telegram.constants import ChatMemberStatus, ChatType

ABSENT: Final = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the bot is in the chat, and may post there, edit what it posted, and delete it."""

    present: bool
    post: bool
    edit: bool
    delete: bool


def standing(kind: str, member: ChatMember) -> Standing:
    """Read a membership. In a group whoever may speak may edit its own words; in a channel each is a right."""
    present = member.status not in ABSENT and _allowed(member, "is_member", otherwise=True)
    if kind == ChatType.CHANNEL:
        post, edit = _allowed(member, "can_post_messages"), _allowed(member, "can_edit_messages")
    else:
        post = edit = _allowed(member, "can_send_messages", otherwise=True)
    return Standing(present, present and post, present and edit, present and _allowed(member, "can_delete_messages"))


def _allowed(member: Any, right: str, *, otherwise: bool = False) -> bool:  # noqa: ANN401 - each status is a class
    return bool(getattr(member, right, otherwise))
