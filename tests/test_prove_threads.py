"""The proof of what is asked and answered: whatever goes wrong with a question or an answer is told."""

from types import SimpleNamespace

import pytest

from bot.simulator import Message
from prove.page import Broken
from prove.threads import Said, Threads

SARI, BUDI, DEWI = 1, 2, 3
OWNERS = {"K7QX-2M": SARI, "WRTA-3N": BUDI}
ASKED = [Said("tanya000000", "K7QX-2M", DEWI), Said("tanya000001", "K7QX-2M", DEWI)]
ANSWERED = [Said("jawab000002", "K7QX-2M", SARI), Said("jawab000003", "K7QX-2M", SARI)]
TOLD = [f"Pertanyaan dari pemeriksa: Jam berapa, {one.mark}?" for one in ASKED]
POSTS = [f"K7QX-2M · Keterangan dari pelapor\nPukul tujuh, {one.mark}." for one in ANSWERED]


def read(*texts):
    return [Message(None, None, {"message_id": n, "text": text}) for n, text in enumerate(texts)]


def found(told, posts, elsewhere=()):
    """What comes of it where Sari was told this, Budi that, and this was posted."""
    threads = Threads(asked=ASKED, answered=ANSWERED)
    threads.numbers |= {one.mark: one.number for one in (*ASKED, *ANSWERED)}
    phones = {SARI: SimpleNamespace(told=read(*told)), BUDI: SimpleNamespace(told=read(*elsewhere))}
    return {one.claim: one.measured for one in threads.found(phones, OWNERS, read(*posts))}


def test_what_came_once_and_in_order_is_counted():
    """All of it is in the figures, and a question that was told again."""
    assert ["0 of 2", "0 of 2", "0 of 4", "1 of 2"] == list(found([*TOLD, TOLD[1]], POSTS).values())


def test_a_question_counts_as_told_though_its_answer_took_its_place():
    """A message that was edited since is read as it was sent."""
    told = read(*TOLD)
    told[0].history.append(dict(told[0].api))
    told[0].api = {"message_id": 0, "text": "Tulis jawaban Anda."}
    threads = Threads(asked=ASKED)

    assert not threads.missing([SimpleNamespace(told=told)], [])


@pytest.mark.parametrize(
    ("told", "posts", "elsewhere", "sentence"),
    [
        (TOLD[:1], POSTS, (), "did not arrive"),
        (TOLD, POSTS[:1], (), "did not arrive"),
        (TOLD[::-1], POSTS, (), "Questions were told out of their order"),
        (TOLD, POSTS[::-1], (), "Answers were posted out of their order"),
        (TOLD, POSTS, TOLD[:1], "somebody else"),
        (TOLD, [POSTS[0], POSTS[1].replace("K7QX-2M", "WRTA-3N")], (), "under another tip"),
    ],
)
def test_what_is_lost_or_out_of_order_or_at_somebody_elses_is_broken(told, posts, elsewhere, sentence):
    """Each has its sentence."""
    with pytest.raises(Broken, match=sentence):
        found(told, posts, elsewhere)
