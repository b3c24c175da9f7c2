"""How the bot introduces itself in Telegram: its commands by language, and what it says before the first word."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.adapters.telegram.api import Api
from bot.conversation.errands import StaffCommand
from bot.conversation.events import Command
from bot.conversation.screens import say
from bot.locales.catalogue import Catalogue, Catalogues

# The names that are shown in each language; the others are understood as well.
NAMES: Final[Mapping[str, Mapping[Command, str]]] = {
    "id": {
        Command.REPORT: "lapor",
        Command.STATUS: "status",
        Command.CANCEL: "batal",
        Command.DELETE: "hapus",
        Command.LANGUAGE: "bahasa",
        Command.PRIVACY: "privasi",
        Command.HELP: "bantuan",
    },
    "en": {
        Command.REPORT: "report",
        Command.STATUS: "status",
        Command.CANCEL: "cancel",
        Command.DELETE: "delete",
        Command.LANGUAGE: "language",
        Command.PRIVACY: "privacy",
        Command.HELP: "help",
    },
}

STAFF_NAMES: Final[Mapping[str, Mapping[StaffCommand, str]]] = {
    "id": {
        StaffCommand.QUEUE: "antrean",
        StaffCommand.TIP: "tip",
        StaffCommand.HAND_OVER: "serahkan",
        StaffCommand.STATISTICS: "statistik",
        StaffCommand.HOLD: "tahan",
        StaffCommand.RELEASE: "lepas",
    },
    "en": {
        StaffCommand.QUEUE: "queue",
        StaffCommand.TIP: "tip",
        StaffCommand.HAND_OVER: "handover",
        StaffCommand.STATISTICS: "stats",
        StaffCommand.HOLD: "hold",
        StaffCommand.RELEASE: "release",
    },
}
Menu = Mapping[Command, str] | Mapping[StaffCommand, str]
"""Names by what they ask for."""
FOR_ADMINS: Final = frozenset({StaffCommand.STATISTICS, StaffCommand.HOLD, StaffCommand.RELEASE})


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in which chat. `moderators`: those who are named; none where the chat's administrators are they."""

    chat: int
    moderators: Iterable[int]
    admins: Iterable[int]


async def introduce(api: Api, catalogues: Catalogues, default: str) -> None:
    """Set commands and descriptions. `default` is what phones get whose language has none of its own.

    Raises the library's errors.
    """
    for language, names in NAMES.items():
        await _introduce(api, catalogues.of(language), names, language)
    await _introduce(api, catalogues.of(default), NAMES[default], None)


async def _introduce(api: Api, catalogue: Catalogue, names: Menu, language: str | None) -> None:
    await api.set_my_commands(
        _commands(catalogue, names), scope=BotCommandScopeAllPrivateChats(), language_code=language
    )
    await api.set_my_description(catalogue.draw(say("profile.description")), language_code=language)
    await api.set_my_short_description(catalogue.draw(say("profile.short")), language_code=language)


async def introduce_staff(api: Api, catalogues: Catalogues, language: str, staff: Staff) -> None:
    """Show moderators and admins their commands, where they work and in their own chats; nobody else sees them.

    Raises the library's errors, but for what cannot have a menu: a channel, or a chat that was never opened.
    """
    people = [(user, False) for user in staff.moderators] + [(user, True) for user in staff.admins]
    menus: list[tuple[BotCommandScope, Menu]] = [
        (BotCommandScopeChatMember(staff.chat, user), _theirs(language, admin=admin)) for user, admin in people
    ]
    if not staff.moderators:
        menus.append((BotCommandScopeChatAdministrators(staff.chat), _theirs(language, admin=False)))
    for scope, shown in menus:
        with suppress(BadRequest, ChatMigrated, Forbidden):
            await api.set_my_commands(_commands(catalogues.of(language), shown), scope=scope)
    for user, admin in people:
        with suppress(BadRequest, Forbidden):
            await introduce_to(api, catalogues, language, user, admin=admin)


async def introduce_to(api: Api, catalogues: Catalogues, language: str, user: int, *, admin: bool) -> None:
    """Show a moderator or an admin their commands in their own chat, once they have opened it.

    Raises the library's errors.
    """
    menus: tuple[Menu, Menu] = (NAMES[language], _theirs(language, admin=admin))
    shown = [command for menu in menus for command in _commands(catalogues.of(language), menu)]
    await api.set_my_commands(shown, scope=BotCommandScopeChat(user))


def _theirs(language: str, *, admin: bool) -> Mapping[StaffCommand, str]:
    return {command: name for command, name in STAFF_NAMES[language].items() if admin or command not in FOR_ADMINS}


def _commands(catalogue: Catalogue, names: Menu) -> list[BotCommand]:
    return [BotCommand(name, catalogue.draw(say(f"command.{command}"))) for command, name in names.items()]
