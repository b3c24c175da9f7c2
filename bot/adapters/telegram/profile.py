"""How the bot introduces itself in Telegram: its commands by language, and what it says before the first word."""

from collections.abc import Mapping
from typing import Final

from telegram import BotCommand, BotCommandScopeAllPrivateChats

from bot.adapters.telegram.api import Api
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


async def introduce(api: Api, catalogues: Catalogues, default: str) -> None:
    """Set commands and descriptions. `default` is what phones get whose language has none of its own.

    Raises the library's errors.
    """
    for language, names in NAMES.items():
        await _introduce(api, catalogues.of(language), names, language)
    await _introduce(api, catalogues.of(default), NAMES[default], None)


async def _introduce(api: Api, catalogue: Catalogue, names: Mapping[Command, str], language: str | None) -> None:
    commands = [BotCommand(name, catalogue.draw(say(f"command.{command}"))) for command, name in names.items()]
    await api.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=language)
    await api.set_my_description(catalogue.draw(say("profile.description")), language_code=language)
    await api.set_my_short_description(catalogue.draw(say("profile.short")), language_code=language)
