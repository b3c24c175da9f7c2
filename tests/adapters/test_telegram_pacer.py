"""Claims about the pace, on a clock that moves only when somebody waits."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import pacer as pacing
from bot.adapters.telegram.pacer import MANY, SHARE, UNLIMITED, Kind, Limits, Pacer, Rate

ROOMY = Rate(1000, 1)


class Clock:
    """Time that passes for whoever sleeps, the shortest sleep first."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        done = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, len(self._sleepers), done))
        await done

    async def run(self, *waiting: "asyncio.Task[object]") -> None:
        """Let time pass until all of them are done."""
        while not all(task.done() for task in waiting):
            for _ in range(4):
                await asyncio.sleep(0)
            self._sleepers.sort()
            if self._sleepers and not all(task.done() for task in waiting):
                at, _, sleeper = self._sleepers.pop(0)
                if not sleeper.done():
                    self.now = at
                    sleeper.set_result(None)


async def times(pacer: Pacer, clock: Clock, turns: list[tuple[int, Kind, int]]) -> list[float]:
    """When each of these turns comes, all of them asked for at once."""
    came = [0.0] * len(turns)

    async def take(n: int) -> None:
        await pacer.turn(*turns[n])
        came[n] = clock.now

    tasks = [asyncio.create_task(take(n)) for n in range(len(turns))]
    await clock.run(*tasks)
    return came


def paced(kept: int = 0, **limits: Rate) -> tuple[Pacer, Clock]:
    clock = Clock()
    return Pacer(Limits(kept=kept, **limits), clock=clock, sleep=clock.sleep), clock


async def test_a_chat_has_a_short_burst_then_its_pace():
    """The first few answers to a person go at once, on the whole it is one a second."""
    pacer, clock = paced(overall=ROOMY)

    assert await times(pacer, clock, [(7, Kind.ANSWER, 1)] * 7) == [0, 0, 0, 3, 3, 3, 6]


async def test_one_chat_holds_up_no_other():
    """A chat that must wait does not keep another from being answered at once."""
    pacer, clock = paced(overall=ROOMY, chat=Rate(1, 1))

    assert await times(pacer, clock, [(7, Kind.ANSWER, 1), (7, Kind.ANSWER, 1), (8, Kind.ANSWER, 1)]) == [0, 1, 0]


@given(st.lists(st.sampled_from([1, 1, 1, 4, 10]), min_size=10, max_size=30))
def test_a_channel_never_gets_more_than_twenty_a_minute(albums: list[int]):
    """Whatever mix of messages and albums is posted, no minute has more than 20 items."""

    async def posted() -> list[float]:
        pacer, clock = paced(overall=ROOMY)
        came = await times(pacer, clock, [(-100, Kind.POST, places) for places in albums])
        return [at for at, places in zip(came, albums, strict=True) for _ in range(places)]

    came = asyncio.run(posted())

    assert max(sum(1 for at in came if start <= at < start + 60) for start in came) <= 20


async def test_edits_of_posts_are_counted_apart():
    """Redrawing cards takes no place from posting."""
    pacer, clock = paced(overall=ROOMY, group=Rate(1, 4))

    assert await times(pacer, clock, [(-100, Kind.EDIT, 1), (-100, Kind.POST, 1)]) == [0, 0]


async def test_answers_to_people_go_before_posts():
    """Where the overall pace makes all wait, an answer overtakes posts that came before it, and order is kept else."""
    pacer, clock = paced(overall=Rate(1, 1), chat=ROOMY, group=ROOMY)
    turns = [(-1, Kind.POST, 1), (-2, Kind.POST, 1), (-3, Kind.POST, 1), (7, Kind.ANSWER, 1), (8, Kind.ANSWER, 1)]

    assert await times(pacer, clock, turns) == [0, 3, 4, 1, 2]


async def test_who_has_something_in_hand_is_answered_at_once_however_many_strangers_wait():
    """Beside hundreds of greetings each answer goes in the moment in which it is asked for."""
    pacer, clock = paced(kept=10, overall=Rate(30, 1))
    strangers = [asyncio.create_task(pacer.turn(chat, Kind.GREETING)) for chat in range(1, 400)]
    waited = []
    while not all(stranger.done() for stranger in strangers):
        asked = clock.now
        await clock.run(asyncio.create_task(pacer.turn(1000 + len(waited))))
        waited.append(clock.now - asked)
        await clock.run(asyncio.create_task(clock.sleep(0.17)))

    assert {0} == set(waited)
    assert len(waited) > 60


async def test_a_strangers_first_greeting_goes_before_anothers_second():
    """Whoever was greeted already this hour waits for those who were not; when the hour is over it is forgotten."""
    pacer, clock = paced(overall=Rate(1, 1), chat=ROOMY)
    await pacer.turn(7, Kind.GREETING)
    again = await times(pacer, clock, [(7, Kind.GREETING, 1), (8, Kind.GREETING, 1), (9, Kind.GREETING, 1)])
    pacer.forget_hour()
    anew = await times(pacer, clock, [(7, Kind.GREETING, 1), (8, Kind.GREETING, 1)])

    assert [3, 1, 2] == again
    assert [4, 5] == anew


async def test_beyond_so_many_strangers_the_one_who_was_greeted_most_gives_way(monkeypatch: pytest.MonkeyPatch):
    """Nobody is kept waiting without end, and a newcomer is not turned away for somebody who was greeted before."""
    monkeypatch.setattr(pacing, "CROWD", 2)
    pacer, clock = paced(overall=Rate(1, 1), chat=ROOMY)
    await pacer.turn(7, Kind.GREETING)
    strangers = [asyncio.create_task(pacer.turn(chat, Kind.GREETING)) for chat in (7, 8, 9)]
    await clock.run(*strangers)

    assert [False, True, True] == [await stranger for stranger in strangers]


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(Kind)), min_size=1, max_size=60), st.integers(0, 3))
def test_nothing_waits_for_ever(asked: list[tuple[int, Kind]], kept: int):
    """Whatever is more urgent, a message with n others before it is among the first `SHARE` times n + 1 that go."""

    async def sent() -> list[int]:
        pacer, clock = paced(kept, overall=Rate(4, 1), chat=ROOMY, group=ROOMY)
        order: list[int] = []

        async def take(n: int, chat: int, kind: Kind) -> None:
            await pacer.turn(chat, kind)
            order.append(n)

        tasks = [asyncio.create_task(take(n, *one)) for n, one in enumerate(asked)]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(take(-1, 1000 + n, Kind.ANSWER)) for n in range(SHARE * len(asked))]
        await clock.run(*tasks)
        return order

    order = asyncio.run(sent())

    assert all(order.index(n) < SHARE * (n + 1) for n in range(len(asked)))


@given(st.lists(st.sampled_from(Kind), min_size=1, max_size=60))
def test_of_one_kind_whoever_asked_first_goes_first(kinds: list[Kind]):
    """However kinds overtake each other, within one the order is that in which they came."""

    async def sent() -> list[int]:
        pacer, clock = paced(1, overall=Rate(4, 1), chat=ROOMY, group=ROOMY)
        order: list[int] = []

        async def take(n: int, kind: Kind) -> None:
            await pacer.turn(n + 1, kind)
            order.append(n)

        await clock.run(*[asyncio.create_task(take(n, kind)) for n, kind in enumerate(kinds)])
        return order

    order = asyncio.run(sent())

    assert all(sorted(n for n in order if kinds[n] is kind) == [n for n in order if kinds[n] is kind] for kind in kinds)


async def test_thirty_a_second_at_most():
    """However many chats there are, no second has more than 30 messages."""
    pacer, clock = paced()
    came = sorted(await times(pacer, clock, [(chat, Kind.ANSWER, 1) for chat in range(1, 200)]))

    assert max(sum(1 for at in came if start <= at < start + 1) for start in came) <= 30
    assert came[-1] < 7


async def test_a_flood_answer_pauses_its_chat_alone():
    """After a flood answer that chat waits as long as it was told, also for what waits already, and no other does."""
    pacer, clock = paced(overall=ROOMY, chat=Rate(1, 1))
    await pacer.turn(7)
    waiting = asyncio.create_task(pacer.turn(7))
    await asyncio.sleep(0)
    pacer.flooded(7, 40)
    await pacer.turn(8)
    at_eight = clock.now
    await clock.run(waiting)

    assert at_eight == 0
    assert clock.now == 40


async def test_floods_in_two_chats_pause_everything():
    """Two chats flooded together mean that it is not about a chat: everything waits."""
    pacer, clock = paced(overall=ROOMY)
    pacer.flooded(7, 40)
    pacer.flooded(8, 20)

    assert await times(pacer, clock, [(9, Kind.ANSWER, 1), (8, Kind.ANSWER, 1), (7, Kind.ANSWER, 1)]) == [20, 20, 40]


async def test_whoever_gives_up_waiting_holds_up_nobody():
    """A turn that is cancelled lets the next have its place."""
    pacer, clock = paced(overall=Rate(1, 1), chat=ROOMY)
    await pacer.turn(1)
    quitter, patient = asyncio.create_task(pacer.turn(2)), asyncio.create_task(pacer.turn(3))
    await asyncio.sleep(0)
    quitter.cancel()
    await clock.run(quitter, patient)

    assert clock.now == 1


@pytest.mark.parametrize("limits", [UNLIMITED, Limits()])
async def test_chats_are_forgotten(limits: Limits):
    """However many chats there were, only those that might have to wait are remembered."""
    clock = Clock()
    pacer = Pacer(limits, clock=clock, sleep=clock.sleep)
    for chat in range(3 * MANY):
        clock.now += 1
        await pacer.turn(chat + 1)

    assert len(pacer._chats) <= MANY
