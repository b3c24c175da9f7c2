"""Claims about which updates Telegram may forget."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.adapters.telegram.window import Window


class Telegram(RuleBasedStateMachine):
    """Telegram's side of polling, with numbers that jump and answers that are lost; commits come in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.window = Window()
        self.kept: list[int] = []
        self.sent: list[int] = []
        self.entered: list[int] = []
        self.committed: set[int] = set()
        self.told: list[int] = []
        self.number = 500

    @rule(count=st.integers(1, 5))
    def people_write(self, count: int) -> None:
        for _ in range(count):
            self.kept.append(self.number)
            self.sent.append(self.number)
            self.number += 1

    @rule(number=st.integers(1, 10**6))
    def a_quiet_week_passes(self, number: int) -> None:
        if not self.kept and number not in self.sent:
            self.number = number

    @rule(lost=st.booleans(), limit=st.integers(1, 4))
    def poll(self, lost: bool, limit: int) -> None:  # noqa: FBT001 - hypothesis draws it
        offset, done = self.window.offset()
        if offset in self.kept:
            self.kept = self.kept[self.kept.index(offset) :]
        elif offset is not None and (not self.kept or offset == self.number):
            self.kept = []
        elif offset is not None and self.kept[0] < offset <= self.number:
            self.kept = [one for one in self.kept if one >= offset]
        if not lost:
            self.window.told(done)
            self.told += done
            self.entered += [one for one in self.kept[:limit] if self.window.enter(one)]

    @precondition(lambda self: set(self.entered) - self.committed)
    @rule(chance=st.randoms())
    def commit(self, chance) -> None:
        number = chance.choice(sorted(set(self.entered) - self.committed))
        self.committed.add(number)
        self.window.commit(number)

    @invariant()
    def telegram_keeps_what_is_not_committed(self) -> None:
        """Nothing is forgotten before its commit, and nothing is handled twice."""
        assert set(self.sent) - self.committed <= set(self.kept)
        assert len(self.entered) == len(set(self.entered))
        assert set(self.told) <= self.committed - set(self.kept)
        assert len(self.told) == len(set(self.told))


TestTelegram = Telegram.TestCase


async def test_waiting_ends_when_all_is_committed():
    """A window is settled when nothing in it is open, and says so when it is not."""
    window = Window()
    window.enter(1)

    assert not await window.settled(0)
    window.commit(1)
    window.commit(1)
    assert await window.settled(0)
