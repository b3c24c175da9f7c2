"""What a receipt opens, and how little a guesser gets."""

import pytest
from desk import desk_at

from bot.conversation.events import Attached, Command, Commanded, Typed
from bot.conversation.receipt import receipts_among
from bot.services.receipts import A_GUESS, WRONG_A_CHAT, WRONG_IN_ALL, Guesses, Receipts
from storage import tips

GUESSER, HONEST = 5, 6


async def _sent(desk, chat: int) -> str:
    """Send a tip; its receipt, as a test can know it: drawn from the same chance."""
    drawn = []
    draw = tips.new_receipt

    def note(chance):
        drawn.append(draw(chance))
        return drawn[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tips, "new_receipt", note)
        await desk.taps(chat, await desk.reaches_review(chat), "send", 9)
    return drawn[0]


def _keys(reply) -> list[str]:
    return [line.key for screen in reply.screens for line in screen.lines]


async def test_a_receipt_tells_where_the_tip_is_from_any_chat(tmp_path):
    """Whoever has the sixteen digits reads the status, in the command or as a message of their own."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        spaced = " ".join(receipt[n : n + 4] for n in range(0, 16, 4))
        commanded = await desk.hears(HONEST, Commanded(Command.STATUS, receipt), 3)
        typed = await desk.hears(HONEST, Typed(spaced), 4)

    assert [["standing.received", "thread.ask"]] * 2 == [_keys(commanded), _keys(typed)]


async def test_a_typed_receipt_is_owed_to_be_deleted_from_the_chat(tmp_path):
    """The message that held a receipt is erased by a debt, so that a crash does not leave it there."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        desk.owed.clear()
        await desk.hears(HONEST, Typed(receipt), 4)

    assert ["erase"] == [kind for _, kind in desk.owed]


async def test_wrong_receipts_are_throttled_for_the_guesser_alone(tmp_path):
    """After its wrong guesses a chat waits for the next hour, while another is answered at once."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        told = [_keys(await desk.hears(GUESSER, Typed(f"{n:016d}"), 4)) for n in range(12)]
        blocked = _keys(await desk.hears(GUESSER, Typed(receipt), 4))
        honest = _keys(await desk.hears(HONEST, Typed(receipt), 4))
        desk.clock.passes(hours=1)
        later = _keys(await desk.hears(GUESSER, Typed(receipt), 4))

    assert [["receipt.unknown"]] * 10 + [["receipt.wait"]] * 2 == told
    assert ["receipt.wait"] == blocked
    assert [["standing.received", "thread.ask"]] * 2 == [honest, later]


def test_a_flood_of_guesses_over_many_chats_leaves_everybody_one_try():
    """When the hour's wrong guesses are used up, who has guessed waits, and who has not, or told a number, may try."""
    guesses = Guesses()
    told = 10_000
    guesses.wrong[told] += A_GUESS - 1
    for chat in range(WRONG_IN_ALL // A_GUESS):
        assert guesses.left(chat, 1)
        guesses.wrong[chat] += A_GUESS

    assert not guesses.left(0, 1)
    assert guesses.left(told, 1)
    assert guesses.left(told + 1, 1)
    assert guesses.left(0, 2)


async def test_withdrawing_with_a_wrong_receipt_destroys_nothing(tmp_path):
    """A receipt that does not exist is told so, and the tips stay."""
    async with desk_at(tmp_path) as desk:
        await _sent(desk, 1)
        await desk.hears(GUESSER, Commanded(Command.DELETE, "1234 5678 9012 3456"), 3)
        async with desk.context.database.reading() as tx:
            left = [tip async for tip in tips.summaries(tx, desk.context.secrets, desk.context.today())]

    assert 1 == len(left)


@pytest.mark.parametrize("written", ["kode saya {} tolong dicek", "({})", "12 {}.", "{}\n34"])
async def test_a_receipt_among_other_words_is_no_answer(tmp_path, written):
    """What holds the receipt of a tip goes nowhere, as words or under a file, and is owed to be deleted."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        said = written.format(" ".join(receipt[n : n + 4] for n in range(0, 16, 4)))
        await desk.hears(HONEST, Commanded(Command.START), 3)
        await desk.taps(HONEST, await desk.hears(HONEST, Commanded(Command.START), 4), "agree-id", 5)
        desk.owed.clear()
        typed = await desk.hears(HONEST, Typed(said), 6)
        captioned = await desk.hears(HONEST, Attached("picture", "f", "f", 10, caption=said), 7)
        owed = [kind for _, kind in desk.owed if kind == "erase"]

    assert [["problem.is_receipt"]] * 2 == [_keys(reply)[:1] for reply in (typed, captioned)]
    assert 2 == len(owed)


async def test_a_number_of_sixteen_digits_that_is_no_receipt_is_told_as_it_is(tmp_path):
    """An identity card's number in a story is a word like any other."""
    assert ("7301011203850001",) == receipts_among("NIK beliau 7301011203850001, jabatan lurah")
    assert () == receipts_among("NIP 198503122010011002 dan 0812 3456 7890")
    async with desk_at(tmp_path) as desk:
        await _sent(desk, 1)

        assert None is await _among(desk, "NIK beliau 7301011203850001")


async def test_a_receipt_is_no_number_of_the_accused(tmp_path):
    """Where sixteen digits may be an identity card's, those of a tip are refused."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        details = await desk.taps(HONEST, await desk.reaches_review(HONEST), "details")
        await desk.taps(HONEST, details, "to-nip")
        told = _keys(await desk.hears(HONEST, Typed(receipt), 5))
        other = _keys(await desk.hears(HONEST, Typed("7301011203850001"), 6))

    assert "problem.is_receipt" == told[0]
    assert "problem.is_receipt" not in other


async def test_numbers_among_words_are_guesses(tmp_path):
    """Who has guessed too often, asking or in a story, is told the same of a receipt and of any number like it."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        for chat in (GUESSER, GUESSER + 10):
            await desk.reaches_review(chat)
        for n in range(10):
            await desk.hears(GUESSER, Commanded(Command.STATUS, f"{n:016d}"), 4)
        await desk.hears(GUESSER + 10, Typed("\n".join(f"a {n:016d} b" for n in range(WRONG_A_CHAT))), 4)
        told = [
            (chat, number, _keys(await desk.hears(chat, Typed(f"a {number} b"), 4))[0])
            for chat in (GUESSER, GUESSER + 10, HONEST)
            for number in (receipt, "9999123412340001")
        ]

    assert ["problem.is_receipt"] * 4 == [said for chat, _, said in told if chat != HONEST]
    assert "standing.received" == told[-2][2]


async def test_telephones_in_a_story_are_no_guesses(tmp_path):
    """Who tells of many telephone numbers, also such as look like a receipt together, may use their own receipt."""
    async with desk_at(tmp_path) as desk:
        receipt = await _sent(desk, 1)
        await desk.reaches_review(HONEST)
        told = [
            _keys(await desk.hears(HONEST, Typed(f"Hubungi 0812 3456 {n} atau 0813-1111-2222"), 4))[0]
            for n in range(1000, 1030)
        ]
        status = _keys(await desk.hears(HONEST, Commanded(Command.STATUS, receipt), 5))

    assert "problem.is_receipt" not in told
    assert "standing.received" in status


async def _among(desk, words: str) -> str | None:
    async with desk.context.database.reading() as tx:
        return await Receipts(desk.context).among(tx, HONEST, words)
