"""Reporters who go on by what the newest screen asks, and try again where nothing comes: as people do with a bot that
is away now and then. None of them knows a script, so nothing that happens to the bot can put one out of step.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.simulator import Message, Person, Simulator
from bot.simulator.state import Tap
from prove.page import Broken
from prove.stage import Phone

PATIENCE = 20.0
"""Seconds after which somebody begins again where nothing came. What was pressed while the bot was dead is done when it
lives again, so who is less patient than a start on a busy machine always finds their draft begun anew."""
QUIET = 0.2
"""Seconds without anything new after which somebody has read all there is."""
TRIES = 120
"""Somebody who does not get through in so many is stuck, not unlucky."""
FIRST_ID = 510_000_000

# What is tapped at a question, or typed where it starts with ":"; the story is each walker's own.
ANSWERS: Mapping[str, str] = {
    "notice": "agree-id",
    "resume": "go-on",
    "status": "PNS",
    "accused": ":Kepala SMP Negeri 2",
    "region": ":jeneponto",
    "place": "skip",
    "happened": ":hari ini",
    "known": ":hari ini",
    "evidence": "next",
    "review": "send",
    "safety": "anyway",
}


@dataclass
class Walker:
    """Somebody with a phone. `told` are the marks in the stories of tips whose receipt was seen, with it.

    `waits` are the seconds that each answer took, with the question and what was answered. `lost`: the last try
    brought nothing, so "/start" comes next. `asked` are the questions that came, with what was tapped.
    """

    phone: Phone
    contact: str = "here"
    patience: float = PATIENCE
    told: dict[str, str] = field(default_factory=dict)
    waits: list[tuple[str, float]] = field(default_factory=list)
    lost: bool = False
    asked: list[str] = field(default_factory=list)

    async def sends_tip(self, mark: str) -> str:
        """A whole tip whose story holds the mark; its receipt."""
        known = set(self.phone.receipts())
        for _ in range(TRIES):
            receipt = await self.step(mark, known)
            if receipt:
                self.told[mark] = receipt
                return receipt
        last = " → ".join(self.asked[-8:])
        raise Broken(f"A reporter got no receipt in {TRIES} tries; the last screens: {last}.")

    async def step(self, mark: str, known: set[str]) -> str:
        """Do what the newest screen asks for; the receipt that came of it and is not known yet, or nothing."""
        screen, question = self.phone.screen, self.phone.question
        choice = ":/start" if self.lost else self._choice(screen, question, mark)
        sending = question == "review" and choice == "send"
        self.asked.append(f"{question} ({choice.partition(':')[0] or 'words'})")
        before = self._shown()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        tapped = self._act(screen, choice)
        self.lost = not self.lost and not sending
        with suppress(TimeoutError):
            await self.phone.simulator.settled(lambda: self._shown() != before or self._fresh(known), self.patience)
            self.waits.append((self.asked[-1], loop.time() - begun))
            self.lost = False
            await self._reads()
        # What was pressed will be done, whenever: who has pressed "send" waits for the receipt and does nothing else.
        if sending:
            with suppress(TimeoutError):
                await self.phone.simulator.settled(lambda: self._fresh(known), 3 * self.patience)
            # The screen of a tip that was sent may still stand there; whoever presses it is told that it is over.
            self.lost = bool(tapped and tapped.answer and tapped.answer.get("text"))
        return self._fresh(known)

    async def _reads(self) -> None:
        """Wait until nothing more comes: who answers what has been overtaken stays a question behind for ever."""
        with suppress(TimeoutError):
            while True:
                before = self._shown()
                await self.phone.simulator.settled(lambda: self._shown() != before, QUIET)  # noqa: B023 - awaited here

    def _fresh(self, known: set[str]) -> str:
        return next((one for one in self.phone.receipts() if one not in known), "")

    def _choice(self, screen: Message | None, question: str, mark: str) -> str:
        if screen is None:
            return ":/start"
        offered = [data.rpartition("|")[2] for data in screen.taps]
        if question == "categories":
            return "next" if "next" in offered else "on-FOTO"
        if question == "story":
            return f":Ia mengajak para guru memilih calon nomor satu saat upacara, {mark}."
        wanted = self.contact if question == "contact" else ANSWERS.get(question, "")
        return wanted if wanted in offered or wanted.startswith(":") else ":/start"

    def _act(self, screen: Message | None, choice: str) -> Tap | None:
        if choice.startswith(":") or screen is None:
            self.phone.person.types(choice.removeprefix(":"))
            return None
        data = next(one for one in screen.taps if one.endswith(f"|{choice}"))
        return self.phone.person.taps(screen, data=data)

    def _shown(self) -> list[tuple[int, str, list[str]]]:
        return [(message.id, message.text, message.labels) for message in self.phone.told]


def people(simulator: Simulator, much: int, first: int = FIRST_ID) -> list[Person]:
    return [simulator.person(first + n, f"Pelapor {n}", language_code="id") for n in range(much)]
