"""Updates as no Telegram sends them: every type and field of the Bot API, nested deep, of wrong types, with numbers
that are huge, infinite or none, unknown fields, all of Unicode; every button's value forged, stale, and another's.

Half of them are of the right types, and such as the library's parser takes: of those the bot must handle every one.
The tips that it holds meanwhile are neither moved nor told to anybody who is not to know them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

from telegram import Update

from bot.app import App
from bot.simulator import Message, Simulator
from prove.forged import Forger
from prove.page import Finding, need
from prove.remains import Transcript
from prove.stage import Phone, Scene, number_of, scene_in
from prove.walkers import Walker

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
NOON_UTC = 4
"""Noon in Jakarta, or nearly."""
TOLD = (b"tanda-awal", b"tanda-tutup", b"mengajak para guru", b"Kepala SMP Negeri 2")

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
WRONG_NUMBERS = (2**63, -(2**63), 10**30, float("inf"), float("-inf"), float("nan"), 1e300, True)
WRONG_IDS: tuple[object, ...] = (*WRONG_NUMBERS, None, "1", [], {}, 1.5, 0, -1, -5, 2**40)
NO_UPDATES: tuple[object, ...] = (None, [], {}, "x", 7, [[]], float("inf"))
FORGED = 0.1
"""So many of the wrong updates have a wrong number of their own, or are none."""
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
        self._scene, self.chance, self._buttons = scene, chance, buttons
        self._staff = {one.user.id for one in (scene.stage.dewi, scene.stage.agus, scene.stage.admin)}
        self._wrong = 0.0
        self._kinds = [name.rstrip("*") for name in self._types["Update"] if name != "update_id*"]

    def wrong(self) -> tuple[str, Any]:
        """A kind of update, and its content: anything may be wrong with it."""
        self._wrong = WRONG
        return self._update()

    def forged(self) -> object:
        """What stands in an update's place, with a number that no Telegram gives, or with none."""
        kind, content = self.wrong()
        numbered = {"update_id": self.chance.choice(WRONG_IDS), kind: content}
        return self.chance.choice((numbered, numbered, {kind: content}, *NO_UPDATES))

    def right(self) -> tuple[str, Any]:
        """The same, with every value of its type, and such as a parser takes."""
        self._wrong = 0.0
        while True:
            kind, content = self._update()
            with suppress(Exception):  # a parser may raise anything over what is nested too deep, or is no date
                if Update.de_json({"update_id": 1, kind: content}):
                    return kind, content

    def _update(self) -> tuple[str, Any]:
        kind = self.chance.choice(OURS if self.chance.random() < 0.9 else self._kinds)
        return kind, self._value(self._types["Update"][kind], kind, 0)

    def _value(self, kind: str, name: str, depth: int) -> object:
        if self.chance.random() < self._wrong:
            return self.chance.choice((None, [], {}, "x", -1, 1.5, True, [[[]]], *NUMBERS, *WRONG_NUMBERS))
        options = kind.split("|")
        one = self.chance.choice(options)
        if one.startswith("Array of "):
            return [
                self._value(one.removeprefix("Array of "), name, depth + 1)
                for _ in range(self.chance.randint(0, 3) if depth < DEPTH else 0)
            ]
        if one.startswith("="):
            return one[1:]
        return self._plain(one, name) if one not in self._types else self._object(one, depth)

    def _plain(self, kind: str, name: str) -> object:
        chance = self.chance
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
        chance = self.chance
        if chance.random() < PRESSED:
            return chance.choice(self._buttons)
        return f"{chance.choice((0, 1, 7, 10**12, -1))}|{chance.choice(QUESTIONS)}|{chance.choice(CHOICES)}"

    def _number(self, name: str) -> int:
        if name in {"date", "edit_date"}:
            return int(self._scene.clock.now.timestamp())
        return self.chance.choice(NUMBERS) if self.chance.random() < 0.3 else self.chance.randrange(2**31)

    def _object(self, kind: str, depth: int) -> object:
        known = {"User": self._users(), "Chat": self._chats()}.get(kind)
        if known and self.chance.random() < 0.8:
            return self.chance.choice(known)
        fields = self._types[kind]
        if isinstance(fields, list):
            return self._value("|".join(fields), "", depth + 1) if fields and depth < DEEPEST else {}
        optional = self.chance.choice(OPTIONAL)
        made = {
            name.rstrip("*"): self._value(field, name.rstrip("*"), depth + 1)
            for name, field in fields.items()
            if name not in BELIEVED
            and (
                (name.endswith("*") and depth < DEEPEST)
                or (depth < DEPTH and self.chance.random() < _share(name, optional))
            )
        }
        return made | ({"unknown_to_all": {"deep": [{}] * 3}} if self.chance.random() < UNKNOWN else {})

    def _users(self) -> list[Any]:
        people = self._scene.simulator.people.values()
        return [person.user.api() for person in people if person.user.id not in self._staff]

    def _chats(self) -> list[Any]:
        return [chat.api for chat in self._scene.simulator.world.chats.values()]


def _share(name: str, optional: float) -> float:
    return 0.8 if name in {"text", "data", "message", "from", "chat"} else optional


async def prove(folder: Path, updates: int) -> Sequence[Finding]:
    """Send so many strange updates to a bot that holds two honest tips and gets another afterwards."""
    chance = Random(updates)  # noqa: S311 - what is made is no secret
    async with scene_in(folder) as scene, scene.bot() as app:
        # Far from the night: what is done then moves rows as well.
        scene.clock.now = scene.clock.now.replace(hour=NOON_UTC)
        transcript, honest = Transcript(scene.simulator), Walker(Phone(scene.simulator, scene.stage.sari))
        with _heard(scene.simulator) as heard:
            first = await honest.sends_tip("tanda-awal")
        closed = Walker(Phone(scene.simulator, scene.simulator.person(599_000_002, "Selesai")), contact="code")
        await closed.sends_tip("tanda-tutup")
        await scene.delivered(2)
        await app.jobs.settled()
        await _closes(scene, scene.cards()[1])
        numbers = [number_of(card) for card in scene.cards()]
        forger = Forger(scene, app.context.database)
        await forger.presses_all(numbers)
        await forger.does_again(heard.values())
        maker = Maker(scene, chance, _data(scene))
        before, refused = await forger.tips(), forger.refused()
        for _ in range(0, updates, 2 * BATCH):
            await _sent(scene, maker, maker.right)
        need(not _failed(app), f"Updates of the right types were not handled or answered: {[*_failed(app)]}.")
        refused = forger.refused() - refused
        for _ in range(0, updates, 2 * BATCH):
            await _sent(scene, maker, maker.wrong, FORGED)
        need(await forger.tips() == before, "A strange update made, moved or destroyed a tip.")
        need(refused, "No forged button of a card was pressed.")
        _told_to_nobody(scene, transcript, {closed.phone.person.chat.id}, numbers)
        again = Walker(Phone(scene.simulator, scene.simulator.person(599_000_001, "Jujur")))
        await again.sends_tip("tanda-akhir")
        await scene.delivered(3)
        await honest.phone.types(f"/status {first}")
        aside = [what for what in _failed(app).elements() if what.startswith("set_aside")]
        malformed = app.health.counts["malformed"]
    need(malformed, "No update had a number that no Telegram gives.")
    return [
        Finding("updates that stopped the bot, or moved a row of tips, talks or moderators", f"0 of {updates:,}"),
        Finding("numbers, stories and accused of tips shown to anybody but staff and who told them", "0"),
        Finding("updates of the right types that were not handled", f"0 of {updates // 2:,}"),
        Finding("updates that were wrong, set aside and counted", f"{len(aside):,}, at {len(set(aside))} places"),
        Finding("times that what is no update, or has no number of one, was fetched and counted", f"{malformed:,}"),
        Finding("presses on a card at random, refused", f"{refused:,}"),
        Finding("buttons of others, of other turns and of a closed tip that changed nothing", f"{forger.pressed:,}"),
        Finding("updates that came twice and were done once", f"{forger.again:,}"),
    ]


@contextmanager
def _heard(simulator: Simulator) -> Iterator[dict[int, dict[str, Any]]]:
    """What people send meanwhile, by its number, as the bot is given it."""
    heard: dict[int, dict[str, Any]] = {}

    def sees(*_: object) -> None:
        heard.update({update["update_id"]: update for update in simulator.updates.pending()})

    simulator.world.watchers.add(sees)
    yield heard
    simulator.world.watchers.discard(sees)


async def _closes(scene: Scene, card: Message) -> None:
    for act in ("take", "close"):
        await scene.stage.dewi.taps(card, data=f"+|{number_of(card)}|{act}").answered()
    await scene.waits(lambda: "Selesai" in card.text)


async def _sent(scene: Scene, maker: Maker, make: Callable[[], tuple[str, Any]], forged: float = 0.0) -> None:
    """Send a batch, and let a minute pass: a chat is heard so often a minute, and turned away beyond.

    One ends it that the bot has asked for, for what has no number of its own is forgotten with the next that has.
    """
    updates = scene.simulator.updates
    for _ in range(BATCH - 1):
        if maker.chance.random() < forged:
            updates.forge(maker.forged())
        else:
            updates.put(*make())
    while updates.put(*maker.right()) is None:
        pass
    await scene.simulator.settled(lambda: not len(updates), SETTLED)
    scene.clock.passes(minutes=1)


def _told_to_nobody(scene: Scene, transcript: Transcript, tellers: set[int], numbers: Sequence[str]) -> None:
    """What the tips tell was shown to staff, in the channel, and to who told it: to nobody else, and in no toast."""
    staff = {one.user.id for one in (scene.stage.dewi, scene.stage.agus, scene.stage.admin)}
    may = staff | tellers | {scene.stage.channel.id, scene.stage.sari.user.id}
    told = [*TOLD, *(number.encode() for number in numbers)]
    for chat, words in transcript.shown().items():
        found = {one for one in told for data in words.values() if one in data}
        need(chat in may or not found, f"Somebody who is not to know was shown {sorted(found)}.")


def _data(scene: Scene) -> list[str]:
    return [str(button["callback_data"]) for card in scene.cards() for row in card.keyboard for button in row]


def _failed(app: App) -> Counter[str]:
    """What was set aside, or not answered, by the place in the code."""
    counts = {str(what): n for what, n in app.health.counts.items()}
    return Counter({what: n for what, n in counts.items() if what.startswith(("set_aside", "unsaid"))})
