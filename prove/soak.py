"""A hundred thousand updates at one process of the bot: whole tips with their talks, and its memory as it was."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from bench.contestants import Place
from bench.rounds import running
from bot.simulator import Simulator, Stage, demo_stage
from prove.hearing import ASKED, Hearing, Tip
from prove.page import Broken, Finding, need
from prove.talks import Moderator, Reporter, Talk

AT_ONCE = 64
"""Tips that are told and talked about at the same time, one after another in each place."""
MODERATORS = 8
FIRST_REPORTER, FIRST_MODERATOR = 540_000_000, 530_000_000
KEPT = 2_000
"""So many messages of a chat the simulator remembers: more than of all tips that are in hand in the channel."""
LONG, SHORT = 56, 1
"""Sentences of a story: the long one just fits one message of its reporter, and takes two in the channel."""
PATIENCE = 120
"""Seconds after which a talk in which nothing comes any more never goes on."""
WARM = 15_000
"""So many updates, or half of them, pass before memory is first looked at."""
MEGABYTE = 1 << 20
GROWTH_MOST = 0.15


@dataclass
class Soak:
    """So many places, in each of which talks follow one another until there were enough updates."""

    simulator: Simulator
    stage: Stage
    much: int
    receipts: set[str] = field(default_factory=set)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    """Bytes that the bot's process held, after how many updates."""

    def __post_init__(self) -> None:
        self.hearing = Hearing(self.simulator)
        self.moderators = [self._moderator(n) for n in range(MODERATORS)]

    async def goes_on(self, bot: psutil.Process) -> None:
        """Until there were enough, and all was acknowledged. Raises what broke first."""
        try:
            async with asyncio.TaskGroup() as places:
                for _ in range(AT_ONCE):
                    places.create_task(self._place(bot))
        except* Broken as broken:
            raise broken.exceptions[0] from None
        await self.simulator.settled(lambda: not len(self.simulator.updates), PATIENCE)

    async def _place(self, bot: psutil.Process) -> None:
        while self.hearing.updates < self.much:
            tip = self.hearing.begins(LONG if len(self.hearing.tips) % 5 == 0 else SHORT)
            try:
                async with asyncio.timeout(PATIENCE):
                    self.receipts.add(await self._talk(tip).goes_on())
            except TimeoutError:
                raise Broken(f"A talk stood still: its tip {tip.lacks() or 'is whole'}.") from None
            self.sizes.append((self.hearing.updates, bot.memory_info().rss))

    def _talk(self, tip: Tip) -> Talk:
        person = self.simulator.person(FIRST_REPORTER + tip.n, f"Pelapor {tip.n}", language_code="id")
        first, second = (self.moderators[(tip.n + n) % MODERATORS] for n in range(2))
        return Talk(Reporter(self.hearing.chat_of(person, tip), tip), first, second)

    def _moderator(self, n: int) -> Moderator:
        person = self.simulator.person(FIRST_MODERATOR + n, f"Moderator {n}", language_code="id")
        self.stage.dewi.promotes(self.stage.channel, person.user, can_post_messages=True)
        return Moderator(self.hearing, self.stage.channel, self.hearing.chat_of(person))


async def prove(folder: Path, updates: int) -> Sequence[Finding]:
    """Have so many updates come to one process of the bot, paced by nothing but its answers."""
    async with Simulator.start(keep=KEPT) as simulator:
        stage = demo_stage(simulator)
        soak = Soak(simulator, stage, updates)
        simulator.updates.clear()
        place = Place(simulator.api_url, simulator.token, stage.channel.id, stage.admin.user.id, folder)
        told = json.dumps(asdict(place), default=str)
        async with running(sys.executable, "-m", "bench.contestants", "ours", told) as bot:
            await soak.goes_on(psutil.Process(bot.pid))
    return [*_found(soak), _steady(soak.sizes)]


def _found(soak: Soak) -> list[Finding]:
    """Everything once more, now that nothing more can come."""
    hearing, tips = soak.hearing, soak.hearing.tips
    chats = hearing.chats.values()
    wrong = [tip.lacks() for tip in tips if tip.lacks()]
    need(not wrong, f"{len(wrong)} tips are not as they were told; one {wrong[:1]}.")
    need(len(soak.receipts) == len(tips), "Two tips have one receipt.")
    need(hearing.updates == sum(chat.answered for chat in chats), "An update was not answered.")
    need(
        all(chat.screens.empty() and chat.questions.empty() for chat in chats), "An update was answered more than once."
    )
    need(not hearing.astray, f"{hearing.astray} messages went astray.")
    pieces, talked = sum(len(tip.told) - 1 for tip in tips), ASKED * len(tips)
    return [
        Finding("updates that were not answered exactly once, and by what follows them", f"0 of {hearing.updates:,}"),
        Finding("receipts that led to no whole tip in the channel", f"0 of {len(soak.receipts):,}"),
        Finding("numbered sentences of tips that came twice, out of order or after the card", f"0 of {pieces:,}"),
        Finding("questions that did not reach their reporter, once and in their order", f"0 of {talked:,}"),
        Finding("answers that did not reach their tip's card, once and in their order", f"0 of {talked:,}"),
        Finding("messages in private chats that told of somebody else's tip", f"0 of {hearing.shown:,}"),
    ]


def _steady(sizes: Sequence[tuple[int, int]]) -> Finding:
    """The bot's memory at the end beside what it was when it had met everything."""
    after, warm = next(one for one in sizes if one[0] >= min(WARM, sizes[-1][0] // 2))
    first, last = warm // MEGABYTE, sizes[-1][1] // MEGABYTE
    need(last <= first * (1 + GROWTH_MOST), f"Memory grew from {first} to {last} MB.")
    return Finding(f"memory after {after:,} updates, and after the last", f"{first} MB, {last} MB")
