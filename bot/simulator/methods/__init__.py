"""The methods of the Bot API that are simulated, one module for each family.

A method takes the world and its checked parameters and returns the JSON result, or raises `Refused`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.methods import chats, editing, media, polling, profile, sending
from bot.simulator.world import World

Result = Any
Implementation = Callable[[World, Any], Result | Awaitable[Result]]

BY_NAME: dict[str, Implementation] = {
    **sending.METHODS,
    **media.METHODS,
    **editing.METHODS,
    **chats.METHODS,
    **profile.METHODS,
    **polling.METHODS,
}

ELSEWHERE = frozenset(
    {
        "business_connection_id",
        "certificate",
        "direct_messages_topic_id",
        "icon_custom_emoji_id",
        "inline_message_id",
        "rich_message",
        "suggested_post_parameters",
        "video_start_timestamp",
    }
)
"""Parameters of parts of Telegram that are not simulated: refused, lest they be believed to work."""


def refuse_unsimulated(parameters: media.Parameters) -> None:
    for name in ELSEWHERE & parameters.keys():
        raise bad_request(f'parameter "{name}" is not simulated')
