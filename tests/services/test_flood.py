"""How much is taken from strangers, and from which of them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.services.flood import Flood

MOST = 20


@given(st.lists(st.integers(1, MOST // 2)))
def test_however_much_strangers_write_whoever_comes_anew_is_heard(chats: list[int]):
    """What others repeat leaves room for half as many first events as are taken in all, and no more are taken."""
    flood = Flood(strangers_most=MOST)
    heard = [chat for chat in chats if flood.takes_stranger(chat)]

    assert set(chats) == set(heard)
    assert len(heard) <= MOST


def test_a_stranger_alone_may_write_as_people_do():
    """One who reads, asks and reads again in a minute meets no bound; who sends a hundred things does."""
    flood = Flood()
    heard = [flood.takes_stranger(7) for _ in range(100)]

    assert all(heard[:60])
    assert not all(heard)
