"""A simulated Telegram with a crowd in it, in a process of its own.

It prints its addresses as one line of JSON, then reads an `Order` a line, has the people act it out, and prints the
`Outcome`. Everybody goes on the moment the bot's message is in the chat.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Final

from bench.scripts import SCRIPTS, Act
from bot.simulator import Message, Person, Simulator, demo_stage
from bot.simulator.state import Subject

KEEP: Final = 64
"""So many messages of a chat are remembered: more than a person's scripts make."""
QUIET_SECONDS: Final = 0.4
"""A round has ended when the bot has asked for nothing but updates for so long."""
LONGEST_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Order:
    """People with the ids from `first` on act out a script, all at the same time."""

    script: str
    people: int
    first: int

    @property
    def chats(self) -> range:
        return range(self.first, self.first + self.people)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds` from the first update to the last answer; `exact` people were answered once for each update."""

    updates: int
    answers: int
    exact: int
    seconds: float


@dataclass(slots=True)
class _Talk:
    person: Person
    rest: Iterator[Act]
    updates: int = 0
    answers: int = 0

    def goes_on(self) -> None:
        act = next(self.rest, None)
        if act is not None:
            self.updates += 1
            act(self.person)


@dataclass(slots=True)
class Crowd:
    simulator: Simulator
    _talks: dict[int, _Talk] = field(default_factory=dict)
    _awaited: int = 0
    _answered: float = 0

    def __post_init__(self) -> None:
        self.simulator.world.watchers.add(self._watch)

    async def act_out(self, order: Order) -> Outcome:
        """Let people act until all is answered, or until nothing more comes."""
        script = SCRIPTS[order.script]
        self._talks = {chat: _Talk(self._person(chat), iter(script)) for chat in order.chats}
        self._awaited = len(script) * order.people
        started = asyncio.get_running_loop().time()
        for talk in self._talks.values():
            talk.goes_on()
        await self._rest()
        talks = self._talks.values()
        return Outcome(
            updates=sum(talk.updates for talk in talks),
            answers=sum(talk.answers for talk in talks),
            exact=sum(talk.updates == talk.answers == len(script) for talk in talks),
            seconds=self._answered - started,
        )

    async def _rest(self) -> None:
        """Wait for all answers, and then until the bot rests."""
        try:
            await self.simulator.settled(lambda: self._awaited <= 0, LONGEST_SECONDS)
        except TimeoutError:
            return
        with suppress(TimeoutError):
            while True:
                await self.simulator.settled(partial(self._more, self._asked()), QUIET_SECONDS)

    def _more(self, asked: int) -> bool:
        return self._asked() > asked

    def _asked(self) -> int:
        return sum(count for method, count in self.simulator.api.counts.items() if method != "getUpdates")

    def _person(self, number: int) -> Person:
        return self.simulator.people.get(number) or self.simulator.person(number, f"Person {number}")

    def _watch(self, kind: str, subject: Subject) -> None:
        if kind in {"sent", "edited"} and isinstance(subject, Message) and subject.from_bot:
            talk = self._talks.get(subject.chat.id)
            if talk is not None:
                talk.answers += 1
                self._awaited -= 1
                loop = asyncio.get_running_loop()
                self._answered = loop.time()
                # The bot's own request is finished first: its message is in the chat, and only then is it read.
                loop.call_soon(talk.goes_on)


async def serve(latency: float) -> None:
    async with Simulator.start(keep=KEEP) as simulator:
        stage = demo_stage(simulator)
        simulator.updates.clear()
        simulator.faults.latency = latency
        crowd = Crowd(simulator)
        addresses = {
            "api_url": simulator.api_url,
            "token": simulator.token,
            "channel": stage.channel.id,
            "admin": stage.admin.user.id,
        }
        _tell(addresses)
        async for line in await _lines():
            _tell(asdict(await crowd.act_out(Order(**json.loads(line)))))


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _tell(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - whoever started this reads it


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as for the contestants: a shell may have turned it off
    parser = argparse.ArgumentParser(prog="python -m bench.crowd")
    parser.add_argument("--latency", type=float, default=0, help="seconds before every answer")
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().latency))
