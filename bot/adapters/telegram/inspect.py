"""What `bisik check` asks of Telegram, as facts; what they mean is told elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram.error import InvalidToken, TelegramError

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.outcomes import outcome_of
from bot.adapters.telegram.sender import unpaced
from bot.adapters.telegram.standing import Standing, standing
from bot.conversation.speech import Accepted, Later, Outcome, Shut


@dataclass(frozen=True, slots=True)
class ModeratorChat:
    """`kind` is private, group, supergroup or channel; `members` counts whoever reads there, the bot among them.

    `topics`: it has topics, and the bot may open some.
    """

    kind: str
    public: bool
    linked: bool
    standing: Standing
    members: int
    topics: bool = False


@dataclass(frozen=True, slots=True)
class Inspection:
    """`bot` is the bot's username, `chat` what the moderators' chat is; or why that cannot be told.

    A refused token is `Shut("token_refused")`. `unreachable` are the admins that the bot cannot write to.
    """

    bot: str | Outcome
    chat: ModeratorChat | Outcome
    unreachable: tuple[int, ...] = ()


async def inspect(api: Api, moderator_chat: int, admins: Sequence[int]) -> Inspection:
    """Ask all of it; changes nothing. Whoever made the `api` shuts it down."""
    try:
        await api.initialize()
    except InvalidToken:
        return Inspection(Shut("token_refused"), Later())
    except TelegramError as error:
        return Inspection(outcome_of(error), Later())
    unreachable = [admin for admin in admins if not await _reaches(api, admin)]
    return Inspection(api.username, await _chat(api, moderator_chat), tuple(unreachable))


async def _chat(api: Api, number: int) -> ModeratorChat | Outcome:
    try:
        chat = await api.get_chat(number)
        member = await api.get_chat_member(number, api.id)
        members = await api.get_chat_member_count(number)
    except TelegramError as error:
        return outcome_of(error)
    linked = chat.linked_chat_id is not None
    topics = bool(chat.is_forum) and bool(getattr(member, "can_manage_topics", False))
    return ModeratorChat(chat.type, bool(chat.username), linked, standing(chat.type, member), members, topics)


async def _reaches(api: Api, admin: int) -> bool:
    """A bot may only write to whoever has started it; showing it as typing is refused just the same."""
    outcome = await unpaced(api.call("sendChatAction", {"chat_id": admin, "action": "typing"}))
    return isinstance(outcome, Accepted | Later)
