"""What the bot says of itself: getMe, its commands by scope and language, name and descriptions."""

import re
from functools import partial
from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.methods import access
from bot.simulator.state import Chat, Json, User
from bot.simulator.world import World

COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
MOST_COMMANDS = 100
LONGEST = {"name": 64, "description": 512, "short_description": 120}
BOT_FLAGS = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


def get_me(world: World, _: Json) -> Json:
    return world.bot_api | BOT_FLAGS


def set_my_commands(world: World, parameters: Json) -> bool:
    commands = parameters["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_key(world, parameters)] = [
        command | {"command": command["command"].removeprefix("/")} for command in commands
    ]
    world.show("commands", world.bot)
    return True


def get_my_commands(world: World, parameters: Json) -> list[Json]:
    return world.commands.get(_key(world, parameters), [])


def delete_my_commands(world: World, parameters: Json) -> bool:
    world.commands.pop(_key(world, parameters), None)
    world.show("commands", world.bot)
    return True


def menu(world: World, chat: Chat, user: User) -> list[Json]:
    """The commands that this person is shown in this chat: the narrowest scope that has any, their language first."""
    leads = chat.member(user).status in ("creator", "administrator")
    kind = "all_private_chats" if chat.is_private else "all_group_chats"
    scopes = [
        ("chat_member", str(chat.id), str(user.id)),
        *([("chat_administrators", str(chat.id), "")] if leads and not chat.is_private else []),
        ("chat", str(chat.id), ""),
        *([("all_chat_administrators", "", "")] if leads and not chat.is_private else []),
        (kind, "", ""),
        ("default", "", ""),
    ]
    keys = [("/".join(scope), language) for scope in scopes for language in (user.language_code or "", "")]
    return next((world.commands[key] for key in keys if world.commands.get(key)), [])


def set_text(field: str, world: World, parameters: Json) -> bool:
    value = parameters.get(field, "")
    if len(value) > LONGEST[field]:
        raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
    world.profile[field, _language(parameters)] = value
    return True


def get_text(field: str, world: World, parameters: Json) -> Json:
    """The text for that language, or the one for all."""
    language = _language(parameters)
    default = world.bot.first_name if field == "name" else ""
    return {field: world.profile.get((field, language)) or world.profile.get((field, ""), default)}


def _key(world: World, parameters: Json) -> tuple[str, str]:
    scope: dict[str, Any] = parameters.get("scope", {"type": "default"})
    chat_id = scope.get("chat_id", "")
    if chat_id != "":
        chat = access.find(world, chat_id)
        if chat.is_channel:
            raise bad_request("can't change commands in channel chats")
        chat_id = chat.id
    return "/".join((scope["type"], str(chat_id), str(scope.get("user_id", "")))), _language(parameters)


def _language(parameters: Json) -> str:
    language: str = parameters.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    **{
        f"{verb}My{''.join(word.title() for word in field.split('_'))}": partial(act, field)
        for field in LONGEST
        for verb, act in (("set", set_text), ("get", get_text))
    },
}
