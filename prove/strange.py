"""Updates as no Telegram sends them: every type and field of the Bot API, nested deep, of wrong types, with huge and
negative ids, unknown fields, all of Unicode; and every button's value forged, stale, and from other people's chats.

Half of them are of the right types, and such as the library's parser takes: of those the bot must handle every one.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

from telegram import Update

from bot.app import App
from prove.page import Finding, need
from prove.stage import Phone, Scene, scene_in
from prove.walkers import Walker
from storage import audit, tips

BATCH = 50
DEPTH, DEEPEST = 4, 7
"""So deep go fields that may be missing, and those that must be there."""
OPTIONAL = (0.0, 0.02, 0.12)
"""Shares of the fields that may be missing, of an object: plain words are rare where every object has a dozen."""
WRONG = 0.04
UNKNOWN = 0.05
OURS = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
"""Kinds of update that the bot asks for; the others are made as well, and seldom."""
BELIEVED = ("migrate_to_chat_id", "migrate_from_chat_id")
"""What Telegram alone can say, and is believed: not made."""
SETTLED = 120.0

TEXTS = (
    "",
    "/start",
    "/start \x00",
    "/hapus 0000 0000 0000 0000",
    "/status",
    "/antrean",
    "/tip AAAA-AA",
    "/serahkan ../..",
    "/statistik '; DROP TABLE tips; --",
    "\u202e\u2066bidi\u2069\u202c",
    "\u200b\u200d\ufeff\u2060",
    "😀" * 2048,
    "\x00\x01\x1f\x7f\x85",
    "\ud800 allein",
    "{count} %s ${x} <b>&amp;</b> |0|",
    "ﷺ" * 500,
    "a\u0301" * 2000,
    "١٢٣٤ ५६ \U0001d7cf",
    "9" * 5000,
)
NUMBERS = (0, -1, 1, 2**31, 2**52)
"""What an id may be, by the Bot API; and below, what it may not."""
WRONG_NUMBERS = (2**63, -(2**63), 10**30)
PRESSED = 0.6
"""So many of the buttons that are pressed are those of the honest tip's card."""
QUESTIONS = ("notice", "status", "story", "review", "evidence", "open", "resume", "queue", "ask", "K7QX-2M", "", "|")
CHOICES = (
    "agree-id",
    "send",
    "go-on",
    "discard",
    "next",
    "confirm",
    "take",
    "close",
    "menu-label-0",
    "tip-K7QX-2M",
    "9" * 40,
)


class Maker:
    """Makes updates from the types of the Bot API; people and chats are those of the scene, more often than not.

    Nobody who acts is a moderator or an admin, who might do what they please with the tip; `buttons` are its card's.
    """

    def __init__(self, scene: Scene, chance: Random, buttons: Sequence[str]) -> None:
        self._types: dict[str, Any] = json.loads(resources.files("bot.simulator").joinpath("bot_api.json").read_text())[
            "types"
        ]
        self._scene, self._chance, self._buttons = scene, chance, buttons
        self._staff = {one.user.id for one in (scene.stage.dewi, scene.stage.agus, scene.stage.admin)}
        self._wrong = 0.0
        self._kinds = [name.rstrip("*") for name in self._types["Update"] if name != "update_id*"]

    def wrong(self) -> tuple[str, Any]:
        """A kind of update, and its content: anything may be wrong with it."""
        self._wrong = WRONG
        return self._update()

    def right(self) -> tuple[str, Any]:
        """The same, with every value of its type, and such as a parser takes."""
        self._wrong = 0.0
        while True:
            kind, content = self._update()
            with suppress(Exception):  # a parser may raise anything over what is nested too deep, or is no date
                if Update.de_json({"update_id": 1, kind: content}):
                    return kind, content

    def _update(self) -> tuple[str, Any]:
        kind = self._chance.choice(OURS if self._chance.random() < 0.9 else self._kinds)
        return kind, self._value(self._types["Update"][kind], kind, 0)

    def _value(self, kind: str, name: str, depth: int) -> object:
        if self._chance.random() < self._wrong:
            return self._chance.choice((None, [], {}, "x", -1, 1.5, True, [[[]]], *NUMBERS, *WRONG_NUMBERS))
        options = kind.split("|")
        one = self._chance.choice(options)
        if one.startswith("Array of "):
            return [
                self._value(one.removeprefix("Array of "), name, depth + 1)
                for _ in range(self._chance.randint(0, 3) if depth < DEPTH else 0)
            ]
        if one.startswith("="):
            return one[1:]
        return self._plain(one, name) if one not in self._types else self._object(one, depth)

    def _plain(self, kind: str, name: str) -> object:
        chance = self._chance
        match kind:
            case "Integer":
                return self._number(name)
            case "Float":
                return chance.choice((0.0, -1e308, 1e-9, 179.9))
            case "Boolean" | "True":
                return chance.random() < 0.5
            case _ if name == "data":
                return self._pressed()
            case _ if chance.random() < 0.3:
                return (
                    "".join(chr(chance.randrange(1, 0x10FFFF)) for _ in range(chance.randrange(40)))
                    .encode("utf-8", "ignore")
                    .decode()
                )
            case _:
                return chance.choice(TEXTS)

    def _pressed(self) -> str:
        chance = self._chance
        if chance.random() < PRESSED:
            return chance.choice(self._buttons)
        return f"{chance.choice((0, 1, 7, 10**12, -1))}|{chance.choice(QUESTIONS)}|{chance.choice(CHOICES)}"

    def _number(self, name: str) -> int:
        if name in {"date", "edit_date"}:
            return int(self._scene.clock.now.timestamp())
        return self._chance.choice(NUMBERS) if self._chance.random() < 0.3 else self._chance.randrange(2**31)

    def _object(self, kind: str, depth: int) -> object:
        known = {"User": self._users(), "Chat": self._chats()}.get(kind)
        if known and self._chance.random() < 0.8:
            return self._chance.choice(known)
        fields = self._types[kind]
        if isinstance(fields, list):
            return self._value("|".join(fields), "", depth + 1) if fields and depth < DEEPEST else {}
        optional = self._chance.choice(OPTIONAL)
        made = {
            name.rstrip("*"): self._value(field, name.rstrip("*"), depth + 1)
            for name, field in fields.items()
            if name not in BELIEVED
            and (
                (name.endswith("*") and depth < DEEPEST)
                or (depth < DEPTH and self._chance.random() < _share(name, optional))
            )
        }
        return made | ({"unknown_to_all": {"deep": [{}] * 3}} if self._chance.random() < UNKNOWN else {})

    def _users(self) -> list[Any]:
        people = self._scene.simulator.people.values()
        return [person.user.api() for person in people if person.user.id not in self._staff]

    def _chats(self) -> list[Any]:
        return [chat.api for chat in self._scene.simulator.world.chats.values()]


def _share(name: str, optional: float) -> float:
    return 0.8 if name in {"text", "data", "message", "from", "chat"} else optional


async def prove(folder: Path, updates: int) -> Sequence[Finding]:
    """Send so many strange updates to a bot that holds one honest tip and gets another afterwards."""
    chance = Random(updates)  # noqa: S311 - what is made is no secret
    async with scene_in(folder) as scene, scene.bot() as app:
        honest = Walker(Phone(scene.simulator, scene.stage.sari))
        first = await honest.sends_tip("tanda-awal")
        await scene.delivered()
        await app.jobs.settled()
        maker = Maker(scene, chance, _data(scene))
        before = await _kept(app)
        for _ in range(0, updates, 2 * BATCH):
            await _sent(scene, maker.right)
        need(not _failed(app), f"Updates of the right types were not handled or answered: {[*_failed(app)]}.")
        for _ in range(0, updates, 2 * BATCH):
            await _sent(scene, maker.wrong)
        after = await _kept(app)
        need(before == after, "A strange update made, moved or destroyed a tip.")
        again = Walker(Phone(scene.simulator, scene.simulator.person(599_000_001, "Jujur")))
        await again.sends_tip("tanda-akhir")
        await scene.delivered(2)
        await honest.phone.types(f"/status {first}")
        aside = [what for what in _failed(app).elements() if what.startswith("set_aside")]
    return [
        Finding("updates that stopped the bot, moved a tip or opened one", f"0 of {updates:,}"),
        Finding("updates of the right types that were not handled", f"0 of {updates // 2:,}"),
        Finding("updates that were wrong, set aside and counted", f"{len(aside):,}, at {len(set(aside))} places"),
    ]


async def _sent(scene: Scene, make: Callable[[], tuple[str, Any]]) -> None:
    """Send a batch, and let a minute pass: a chat is heard so often a minute, and turned away beyond."""
    for _ in range(BATCH):
        scene.simulator.updates.put(*make())
    await scene.simulator.settled(lambda: not len(scene.simulator.updates), SETTLED)
    scene.clock.passes(minutes=1)


def _data(scene: Scene) -> list[str]:
    return [str(button["callback_data"]) for card in scene.cards() for row in card.keyboard for button in row]


def _failed(app: App) -> Counter[str]:
    """What was set aside, or not answered, by the place in the code."""
    counts = {str(what): n for what, n in app.health.counts.items()}
    return Counter({what: n for what, n in counts.items() if what.startswith(("set_aside", "unsaid"))})


async def _kept(app: App) -> tuple[int, int]:
    """How many tips there are, and how many lines the audit trail has."""
    context = app.context
    async with context.database.reading() as tx:
        found = [tip async for tip in tips.summaries(tx, context.secrets, context.today())]
        return len(found), (await audit.head(tx)).n
