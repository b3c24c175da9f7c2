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

Act = Callable[[Person, Chat, Json], object]


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
    if "forwarded_from" in act:
        how["forwarded_from"] = act["forwarded_from"]
    return how


def _type(person: Person, chat: Chat, act: Json) -> None:
    if act["text"].startswith("/start") and person.chat.bot.status == "kicked":
        person.unblocks()
    person.types(act["text"], **_how(chat, act))


def _send(person: Person, chat: Chat, act: Json) -> None:
    """`files`: objects with `name`, `mime` and `data` in base64; `kind` is `photo` or `document`."""
    files = [(file["name"], base64.b64decode(file["data"]), file.get("mime") or None) for file in act["files"]]
    if len(files) == 1:
        person.sends(act["kind"], files[0][1], files[0][0], files[0][2], **_how(chat, act))
    else:
        person.sends_album(act["kind"], [(name, data) for name, data, _ in files], **_how(chat, act))


ACTS: dict[str, Act] = {
    "types": _type,
    "sends": _send,
    "taps": lambda person, chat, act: person.taps(_message(chat, act), data=act["data"]),
    "edits": lambda person, chat, act: person.edits(_message(chat, act), act["text"]),
    "deletes": lambda person, chat, act: person.deletes(_message(chat, act)),
    "blocks": lambda person, _chat, _act: person.blocks(),
    "locates": lambda person, chat, act: person.sends_location(act["latitude"], act["longitude"], **_how(chat, act)),
    "introduces": lambda person, chat, act: person.sends_contact(act["phone"], act["first_name"], **_how(chat, act)),
    "polls": lambda person, chat, act: person.sends_poll(act["question"], act["options"], **_how(chat, act)),
    "rolls": lambda person, chat, act: person.sends_dice(**_how(chat, act)),
}
