"""Tips, with their evidence and posts: found by number and receipt, read by their key, destroyed whole."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import drafts, files, posts, tips
from storage.posts import Post
from storage.purposes import Secrets
from storage.sql import Transaction
from storage.tips import NUMBER_ALPHABET, NewTip
from storage.vault import BrokenSeal

CHAT = 7_000_000_001
NUMBER, RECEIPT = "K7QX-2M", "0123456789012345"
DRAWS = 50
POSTS = [Post(-100, 11, "card", 0), Post(-100, 9, "content", 0), Post(-100, 10, "content", 1)]


def seeded(seed: int):
    return Random(seed)  # noqa: S311 - the same draws at every run; the bot hands in the system's generator


def new_tip(today: date, **changes: object):
    given_ = {"number": NUMBER, "receipt": RECEIPT, "summary": b"summary", "content": b"story", "address": CHAT}
    return NewTip(**{"day": today, **given_, **changes})


@pytest.fixture
async def tip_id(tx: Transaction, secrets: Secrets, today: date):
    return await tips.submit(tx, secrets, new_tip(today))


async def read(tx: Transaction, secrets: Secrets, file_id: bytes):
    return b"".join([chunk async for chunk in files.read(tx, secrets, file_id)])


async def test_a_tip_is_read_back(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """Summary, content, address and day come back as they were given."""
    found = await tips.find(tx, secrets, tip_id)

    assert (tip_id, today, b"summary") == (found.id, found.day, found.summary)
    assert b"story" == await tips.read_content(tx, secrets, tip_id)
    assert CHAT == await tips.address(tx, secrets, tip_id)


@pytest.mark.parametrize("typed", ["K7QX-2M", "k7qx2m", " K7QX 2M ", "#k7qx_2m"])
async def test_a_number_is_found_as_people_type_it(tx: Transaction, secrets: Secrets, tip_id: bytes, typed: str):
    """Case, hyphens and spaces of a typed number do not matter."""
    assert tip_id == (await tips.find_by_number(tx, secrets, typed)).id


@pytest.mark.parametrize("typed", ["0123456789012345", "0123 4567 8901 2345", "0123-4567-8901-2345\n"])
async def test_a_receipt_is_found_as_people_type_it(tx: Transaction, secrets: Secrets, tip_id: bytes, typed: str):
    """Spaces and hyphens of a typed receipt do not matter."""
    assert tip_id == (await tips.find_by_receipt(tx, secrets, typed)).id


@pytest.mark.usefixtures("tip_id")
async def test_what_is_not_there_is_not_found(tx: Transaction, secrets: Secrets):
    """Another number, another receipt, or one for the other, finds nothing."""
    assert None is await tips.find_by_number(tx, secrets, "K7QX-2N")
    assert None is await tips.find_by_receipt(tx, secrets, "0123456789012346")
    assert None is await tips.find_by_receipt(tx, secrets, "")
    assert None is await tips.find_by_number(tx, secrets, RECEIPT)
    assert None is await tips.find(tx, secrets, bytes(16))
    assert None is await tips.read_content(tx, secrets, bytes(16))
    assert None is await tips.address(tx, secrets, bytes(16))


@pytest.mark.usefixtures("tip_id")
async def test_a_receipt_is_found_among_many_numbers(tx: Transaction, secrets: Secrets):
    """Of hundreds of numbers the one that is a receipt is found, and none where none is."""
    among = [f"{number:016}" for number in range(500)]

    assert RECEIPT == await tips.receipt_among(tx, secrets, [*among, RECEIPT])
    assert None is await tips.receipt_among(tx, secrets, among)
    assert None is await tips.receipt_among(tx, secrets, [])


async def test_code_only_keeps_no_address(tx: Transaction, secrets: Secrets, today: date):
    """A tip without an address has none to read, and NULL in its column."""
    tip_id = await tips.submit(tx, secrets, new_tip(today, address=None))

    assert None is await tips.address(tx, secrets, tip_id)
    assert [(None,)] == await tx.execute_fetchall("SELECT address FROM tips")


async def test_an_address_is_cut(tx: Transaction, secrets: Secrets, tip_id: bytes):
    """A cut address is gone while the tip stays."""
    await tips.cut_address(tx, tip_id)

    assert None is await tips.address(tx, secrets, tip_id)
    assert b"story" == await tips.read_content(tx, secrets, tip_id)


async def test_a_summary_changes_without_the_tips_key(tx: Transaction, secrets: Secrets, tip_id: bytes):
    """A new summary takes the old one's place, also when the tip's own key is gone."""
    await tx.execute("UPDATE tips SET wrapped = NULL")
    await tips.set_summary(tx, secrets, tip_id, b"closed")

    assert b"closed" == (await tips.find(tx, secrets, tip_id)).summary
    assert None is await tips.read_content(tx, secrets, tip_id)


async def test_summaries_come_by_day_and_a_broken_one_stops_none(tx: Transaction, secrets: Secrets, today: date):
    """Tips since a day come by day; one whose summary does not open comes without it."""
    ids = [
        await tips.submit(tx, secrets, new_tip(today + timedelta(n), number=f"{n}", receipt=f"{n}", summary=b"%d" % n))
        for n in (2, 3, 4)
    ]
    await tx.execute("UPDATE tips SET summary = wrapped WHERE id = ?", (ids[1],))
    found = [tip async for tip in tips.summaries(tx, secrets, today + timedelta(3))]

    assert [(ids[1], None), (ids[2], b"4")] == [(tip.id, tip.summary) for tip in found]


async def test_a_content_of_another_tip_does_not_open(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """Content and key copied from one row into another are a broken seal."""
    other = await tips.submit(tx, secrets, new_tip(today, number="2222-22", receipt="1"))
    await tx.execute(
        "UPDATE tips SET (wrapped, content) = (SELECT wrapped, content FROM tips WHERE id = ?) WHERE id = ?",
        (tip_id, other),
    )

    with pytest.raises(BrokenSeal):
        await tips.read_content(tx, secrets, other)


async def test_a_number_that_is_borne_is_drawn_again(tx: Transaction, secrets: Secrets, today: date):
    """A tip's number is unique, even when chance draws one that is taken."""
    drawn = await tips.new_number(tx, secrets, seeded(1))
    await tips.submit(tx, secrets, new_tip(today, number=drawn))
    again = await tips.new_number(tx, secrets, seeded(1))

    assert drawn != again


async def test_numbers_read_well(tx: Transaction, secrets: Secrets):
    """Numbers have the shape K7QX-2M, in signs that are not mistaken for one another."""
    for _ in range(50):
        number = await tips.new_number(tx, secrets, seeded(2))

        assert (7, "-") == (len(number), number[4])
        assert set(number) - {"-"} <= set(NUMBER_ALPHABET)
    assert not set("0O1ILU") & set(NUMBER_ALPHABET)


@given(st.integers(min_value=0))
def test_receipts_are_sixteen_digits(seed: int):
    """A receipt is 16 digits whatever chance says, leading zeros too."""
    receipt = tips.new_receipt(seeded(seed))

    assert 16 == len(receipt)
    assert receipt.isdecimal()


async def test_numbers_and_receipts_are_chance_alone(tx: Transaction, secrets: Secrets):
    """The same chance draws the same again, whatever came between; another draws others, and each sign is drawn."""
    drawn = [
        (await tips.new_number(tx, secrets, seeded(seed)), tips.new_receipt(seeded(seed)))
        for seed in (*range(DRAWS), *range(DRAWS))
    ]
    numbers, receipts = zip(*drawn[:DRAWS], strict=True)

    assert drawn[:DRAWS] == drawn[DRAWS:]
    assert DRAWS == len(set(numbers)) == len(set(receipts))
    assert all(
        len(set(signs)) > 5 for signs in (*zip(*receipts, strict=True), *zip(*numbers, strict=True)) if "-" not in signs
    )


async def test_destroying_a_tip_takes_all_of_it(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """Tip, evidence and posts go together, and another tip keeps all of its own."""
    other = await tips.submit(tx, secrets, new_tip(today, number="2222-22", receipt="1"))
    gone = await files.add(tx, secrets, tip_id, b"photo")
    kept = await files.add(tx, secrets, other, b"photo")
    await posts.add(tx, tip_id, POSTS)
    await posts.add(tx, other, [Post(-100, 12, "card", 0)])
    await tips.destroy(tx, [tip_id])
    left = await tx.execute_fetchall("SELECT tips.id, owner, tip FROM tips, files, chunks, posts")

    assert None is await tips.find(tx, secrets, tip_id)
    assert [(other, other, other)] == left
    assert b"photo" == await read(tx, secrets, kept)
    with pytest.raises(BrokenSeal):
        await read(tx, secrets, gone)


async def test_posts_lead_to_their_tip_and_back(tx: Transaction, tip_id: bytes):
    """The posts of a tip come in order by kind, and each message leads to its tip."""
    await posts.add(tx, tip_id, POSTS)

    assert POSTS == await posts.of(tx, tip_id)
    assert tip_id == await posts.tip_of(tx, -100, 10)
    assert None is await posts.tip_of(tx, -100, 99)


async def test_forgotten_posts_are_gone(tx: Transaction, tip_id: bytes):
    """A post that is no longer in the chat leaves the others."""
    await posts.add(tx, tip_id, POSTS)
    await posts.forget(tx, POSTS[1:])

    assert POSTS[:1] == await posts.of(tx, tip_id)


@pytest.mark.parametrize("length", [0, 1, files.CHUNK_BYTES - 1, files.CHUNK_BYTES, files.CHUNK_BYTES + 1, 10**6])
async def test_a_file_is_read_back(tx: Transaction, secrets: Secrets, length: int):
    """Files of any length come back byte for byte."""
    data = seeded(length).randbytes(length)
    file_id = await files.add(tx, secrets, b"owner", data)

    assert data == await read(tx, secrets, file_id)


async def test_chunks_are_of_few_sizes(tx: Transaction, secrets: Secrets):
    """A full chunk is padded by one byte, and a file's last chunk shows only its size class."""
    await files.add(tx, secrets, b"owner", bytes(files.CHUNK_BYTES + 300))
    rows = await tx.execute_fetchall("SELECT length(sealed) - 29 FROM chunks ORDER BY n")

    assert [(2**18,), (512,)] == rows


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM chunks WHERE n = 1",
        "UPDATE files SET chunks = 1",
        "UPDATE files SET chunks = 3",
        "DELETE FROM chunks",
        "UPDATE chunks SET sealed = (SELECT sealed FROM chunks AS other WHERE other.n = 1 - chunks.n)",
        "UPDATE chunks SET sealed = (SELECT sealed FROM chunks AS other WHERE other.n = 0)",
        "UPDATE files SET wrapped = sealed FROM chunks",
    ],
)
async def test_a_harmed_file_does_not_open(tx: Transaction, secrets: Secrets, harm: str):
    """A chunk that is missing, swapped or doubled, and a tail that was cut, are a broken seal."""
    file_id = await files.add(tx, secrets, b"owner", seeded(1).randbytes(files.CHUNK_BYTES + 5))
    await tx.execute(harm)

    with pytest.raises(BrokenSeal):
        await read(tx, secrets, file_id)


async def test_submitting_moves_files_and_writes_nothing_anew(tx: Transaction, secrets: Secrets):
    """An adopted file has another owner and the very same bytes."""
    mine = [await files.add(tx, secrets, b"draft", b"photo") for _ in range(2)]
    strange = await files.add(tx, secrets, b"stranger", b"photo")
    before = await tx.execute_fetchall("SELECT * FROM chunks")
    adopted = await files.adopt(tx, b"draft", b"tip", [mine[0], strange])

    assert 1 == adopted
    assert before == await tx.execute_fetchall("SELECT * FROM chunks")
    assert {(mine[0], b"tip"), (mine[1], b"draft"), (strange, b"stranger")} == set(
        await tx.execute_fetchall("SELECT id, owner FROM files")
    )


async def test_files_are_discarded_by_id_and_by_owner(tx: Transaction, secrets: Secrets):
    """What is discarded is gone with its chunks, and nothing else is."""
    one, two, three = [await files.add(tx, secrets, owner, b"photo") for owner in (b"a", b"a", b"b")]
    await files.discard(tx, [one])
    after_one = await tx.execute_fetchall("SELECT file FROM chunks")
    await files.discard_of(tx, [b"a"])

    assert {(two,), (three,)} == set(after_one)
    assert [(three,)] == await tx.execute_fetchall("SELECT file FROM chunks")


async def test_files_without_an_owner_are_swept(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """Files of drafts and tips stay, files of nobody go."""
    draft = drafts.new(secrets, b"draft")
    await drafts.save(tx, secrets, {CHAT: draft}, today)
    kept = {await files.add(tx, secrets, owner, b"photo") for owner in (draft.id, tip_id)}
    await files.add(tx, secrets, bytes(16), b"photo")
    swept = await files.sweep(tx)

    assert 1 == swept
    assert kept == {row[0] for row in await tx.execute_fetchall("SELECT id FROM files")}


async def test_a_tip_without_its_keys_opens_for_nobody(tx: Transaction, secrets: Secrets, today: date, tip_id: bytes):
    """Once their keys are destroyed, a tip's words, address and files are unreadable; its summary still lists it."""
    other = await tips.submit(tx, secrets, new_tip(today, number="2222-22", receipt="1"))
    file_id = await files.add(tx, secrets, tip_id, b"photo")
    await tips.destroy_keys(tx, [tip_id])

    assert None is await tips.read_content(tx, secrets, tip_id)
    assert None is await tips.address(tx, secrets, tip_id)
    assert b"summary" == (await tips.find(tx, secrets, tip_id)).summary
    assert b"story" == await tips.read_content(tx, secrets, other)
    with pytest.raises(BrokenSeal):
        await read(tx, secrets, file_id)


async def test_all_tips_are_read_piece_by_piece(tx: Transaction, secrets: Secrets, today: date):
    """Every tip comes once, a few at a time, each piece behind the last of the one before."""
    made = [await tips.submit(tx, secrets, new_tip(today, number=f"2222-2{n}", receipt=str(n))) for n in range(3, 8)]
    read, cursor = [], b""
    while piece := await tips.after(tx, secrets, cursor, 2):
        read += [tip.id for tip in piece]
        cursor = piece[-1].id

    assert sorted(made) == read
