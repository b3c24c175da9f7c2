"""What can be done from outside the process: the acts of people as JSON, for the page and for benchmarks.

An act is an object with `do`, the `person`'s id, and what that act takes; `chat` is a chat's id (the person's own chat
with the bot where it is missing), `message` and `reply_to` are message ids in that chat.
"""

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.simulator.errors import Refused
from bot.simulator.people import How, Person
from bot.simulator.state import Chat, Json, Message

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

Act = Callable[[Person, Chat, Json], None]


class Misdirected(Exception):
    """An act that cannot be: nobody of that id, no such message or button, a blocked bot."""


def perform(simulator: "Simulator", act: Json) -> None:
    """Let somebody do something; raises `Misdirected`."""
    try:
        person = simulator.people[act["person"]]
        chat = simulator.world.chats[act["chat"]] if "chat" in act else person.chat
        ACTS[act["do"]](person, chat, act)
    except (LookupError, TypeError, ValueError, Refused) as trouble:
        raise Misdirected(str(trouble)) from trouble


def _message(chat: Chat, act: Json) -> Message:
    return chat.message_by_id[act["message"]]


def _how(chat: Chat, act: Json) -> How:
    how: How = {"chat": chat, "caption": act.get("caption", "")}
    if act.get("reply_to"):
        how["reply_to"] = chat.message_by_id[act["reply_to"]]
    return how


def _type(person: Person, chat: Chat, act: Json) -> None:
    if act["text"].startswith("/start") and person.chat.bot.status == "kicked":
        person.unblocks()
    person.types(act["text"], **_how(chat, act))


def _send(person: Person, chat: Chat, act: Json) -> None:
    """`files`: objects with `name`, `mime` and `data` in base64; `kind` is `photo` or `document`."""
    files = [(file["name"], base64.b64decode(file["data"]), file.get("mime") or None) for file in act["files"]]
    if len(files) > 1:
        person.sends_album(act["kind"], [(name, data) for name, data, _ in files], **_how(chat, act))
    for name, data, mime in files[:1] if len(files) == 1 else []:
        person.sends(act["kind"], data, name, mime, **_how(chat, act))


def _block(person: Person, _chat: Chat, _: Json) -> None:
    person.blocks()


ACTS: dict[str, Act] = {
    "types": _type,
    "sends": _send,
    "taps": lambda person, chat, act: _ignore(person.taps(_message(chat, act), data=act["data"])),
    "edits": lambda person, chat, act: _ignore(person.edits(_message(chat, act), act["text"])),
    "deletes": lambda person, chat, act: person.deletes(_message(chat, act)),
    "blocks": _block,
}


def _ignore(_: object) -> None:
    """An act's result is seen in the chat."""
