"""Buttons and commands that are real, and not for whoever sends them: another's, of an older turn, of a closed tip.

Each is pressed on purpose, and sent again as a network does that doubles things. None may move a row or tell anything.
"""

from collections.abc import Collection, Iterable
from copy import deepcopy
from typing import Any

from bot.simulator import Message
from bot.simulator.state import Tap
from prove.page import need
from prove.revival import digest
from prove.stage import Phone, Scene, does, number_of, to_the_evidence
from storage.database import Database

AT_ONCE = 8
"""So many presses a minute: of one who presses more, some are turned away unread."""
BESIDE = frozenset({"seen", "facts", "traces"})
"""What every update leaves: that it was seen, and which messages may be deleted."""
BEGUN = frozenset({"drafts", "keys", "outbox"})
"""What anybody may begin; all other tables are of tips, talks and the work of moderators."""
STAFF = ("/antrean", "/tip {number}", "/serahkan {number}", "/statistik", "/bantuan", "/start {number}")
LOOKS = ("history", "menu-label", "menu-ask", "menu-more", "handover", "page-0", "tip-{number}", "back")
REFUSED = "hanya untuk pemeriksa"


class Forger:
    """Budi, who is nobody's moderator: what he and others press, and how much of it was refused as a card's."""

    def __init__(self, scene: Scene, database: Database) -> None:
        self._scene, self._database, self._budi = scene, database, scene.budi
        self.pressed = self.again = 0

    async def presses_all(self, numbers: Collection[str]) -> None:
        """Everything that can be pressed or typed about these tips, by who may not; `numbers` are their cards'."""
        sari = self._scene.sari
        await does(sari, to_the_evidence())
        await self._budi.types("/bantuan")
        rows, kept, asked = await self._rows(), await self.tips(), sari.question
        await self._presses(self._budi, self._budi.told[-1], _buttons(sari.told) - _beginning(sari.told))
        need(await self._rows() == rows, "A button of another's draft moved a row.")
        [screen] = [message for message in reversed(sari.told) if message.taps][:1]
        await self._presses(sari, screen, _buttons(sari.told) - set(screen.taps) - _beginning(sari.told))
        need(sari.question == asked, "A button of another turn led on.")
        for card in self._cards(numbers):
            number = number_of(card)
            forged = {f"+|{which}|{look.format(number=number)}" for which in (number, "queue") for look in LOOKS}
            for one, where in ((self._budi, card), (self._budi, self._budi.told[-1]), (sari, card)):
                await self._presses(one, where, _buttons([card]) | forged)
            for command in STAFF:
                await self._budi.types(command.format(number=number))
                self._scene.clock.passes(minutes=1)
        need(await self.tips() == kept, "A button or a command of somebody who may not moved a row.")

    async def does_again(self, updates: Iterable[dict[str, Any]]) -> None:
        """Send updates once more, with the numbers that they had: a tip's rows stay as they are."""
        rows = await self.tips()
        for update in updates:
            self._scene.simulator.updates.forge(deepcopy(update))
            # What has an old number is forgotten with the next that has a new one.
            await self._budi.types("/bantuan")
            self._scene.clock.passes(minutes=1)
            self.again += 1
        await self._scene.waits(lambda: not len(self._scene.simulator.updates))
        need(await self.tips() == rows, "What came again was done again.")

    async def tips(self) -> bytes:
        """A digest of every row that tips, talks and moderators have."""
        return await self._rows(BESIDE | BEGUN)

    def refused(self) -> int:
        """Presses on a card that were told whose it is."""
        answers = self._scene.simulator.calls_of("answerCallbackQuery")
        return sum(REFUSED in call.parameters.get("text", "") for call in answers)

    def _cards(self, numbers: Collection[str]) -> list[Message]:
        return [card for card in self._scene.cards() if number_of(card) in numbers]

    async def _rows(self, passing: Collection[str] = BESIDE) -> bytes:
        async with self._database.reading() as tx:
            return await digest(tx, passing)

    async def _presses(self, one: Phone, where: Message, buttons: Collection[str]) -> None:
        made: list[Tap] = []
        for n, data in enumerate(sorted(buttons)):
            made.append(one.person.taps(where, data=data))
            if n % AT_ONCE == AT_ONCE - 1:
                await self._answered(made)
        await self._answered(made)
        self.pressed += len(made)

    async def _answered(self, made: list[Tap]) -> None:
        await self._scene.waits(lambda: all(tap.answer is not None for tap in made))
        self._scene.clock.passes(minutes=1)


def _buttons(messages: Iterable[Message]) -> set[str]:
    """What these messages have carried since they were sent."""
    versions = [api for message in messages for api in (message.api, *message.history)]
    rows = [row for api in versions for row in api.get("reply_markup", {}).get("inline_keyboard", ())]
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}


def _beginning(messages: Iterable[Message]) -> set[str]:
    """The notice's buttons are everybody's: they begin a draft of one's own."""
    return {data for data in _buttons(messages) if data.split("|")[1] == "notice"}
