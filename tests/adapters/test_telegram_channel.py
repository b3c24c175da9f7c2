"""Claims about tips on their way into the moderators' channel, over real HTTP."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from telegram_stage import Adapter

from bot.adapters.telegram.cutting import Cutter
from bot.adapters.telegram.markup import MESSAGE, length
from bot.conversation.post import Exhibit, Piece, Place, Post
from bot.conversation.screens import Choice, Screen, say
from bot.conversation.speech import Accepted, Later, Moved, Outcome, Shut, Unfit
from bot.locales.catalogue import Catalogues
from bot.simulator import Chat, Message, Person, Simulator

NUMBER = "K7QX-2M"
REPEAT = "Kiriman ulang"
TWO_DAYS = 48 * 3600
MEGABYTE = 1 << 20


def picture(width: int = 64, height: int = 48) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "JPEG")
    return file.getvalue()


def exhibit(number: int, kind: str = "picture", extension: str = "jpg", size: int = 9, **more) -> Exhibit:
    return Exhibit(number, kind, f"s{number}", extension, size, **more)


def post(*exhibits: Exhibit, story: str = "Apel pagi.", body: str = "PNS") -> Post:
    lines = (say("heard", words=body),) if body else ()
    return Post(NUMBER, lines, story, exhibits, card())


def card(words: str = "kartu") -> Screen:
    choices = (Choice("take", say("next")), Choice("note", say("next")))
    return Screen(NUMBER, 0, (say("toast", words=f"{NUMBER} {words}"),), choices)


def cut(catalogues: Catalogues, whole: Post) -> list[tuple[str, tuple[int, ...]]]:
    return [
        (piece.kind, tuple(one.number for one in piece.exhibits)) for piece in Cutter(catalogues.default).pieces(whole)
    ]


async def sent(adapter: Adapter, chat: Chat, whole: Post, data: bytes = b"x") -> list[Message]:
    """Post a tip as deliveries do; return its messages."""
    messages: list[int] = []
    for piece in adapter.channel.pieces(whole):
        files = {one.stored: data for one in piece.exhibits}
        outcome = await adapter.channel.send(Place(chat.id, messages[0] if messages else None), piece, files)
        assert isinstance(outcome, Accepted)
        messages += outcome.messages
    return [chat.message_by_id[number] for number in messages]


def test_a_tip_is_text_then_evidence_then_its_card(catalogues: Catalogues):
    """Pictures and films share albums, documents and sounds have their own, the rest goes alone, the card last."""
    whole = post(
        exhibit(1),
        exhibit(2, "document", "pdf"),
        exhibit(3, "video", "mp4"),
        exhibit(4, "voice", "ogg"),
        exhibit(5, "audio", "mp3"),
        exhibit(6, "audio", "mp3"),
        exhibit(7, plain_file=True),
        exhibit(8, "animation", "mp4"),
        exhibit(9, size=11 * MEGABYTE),
        exhibit(10, "link", "", url="https://contoh.id/a"),
    )

    assert cut(catalogues, whole) == [
        ("text", ()),
        ("album", (1, 3)),
        ("album", (2, 7, 9)),
        ("album", (5, 6)),
        ("single", (4,)),
        ("single", (8,)),
        ("card", ()),
    ]


def test_an_album_has_at_most_ten_items_and_what_a_request_may_weigh(catalogues: Catalogues):
    """Albums are cut at ten items and below Telegram's 50 MB."""
    many = post(*[exhibit(n) for n in range(1, 13)], story="", body="")
    heavy = post(*[exhibit(n, "video", "mp4", 20 * MEGABYTE) for n in range(1, 4)], story="", body="")

    assert cut(catalogues, many) == [("album", tuple(range(1, 11))), ("album", (11, 12)), ("card", ())]
    assert cut(catalogues, heavy) == [("album", (1, 2)), ("single", (3,)), ("card", ())]


def test_a_notice_is_its_card_alone(catalogues: Catalogues):
    """Where the channel is to hold no content there is nothing but the card."""
    assert cut(catalogues, post(story="", body="")) == [("card", ())]


@given(story=st.text(max_size=300).map(lambda text: text * 40), note=st.text(max_size=1024))
def test_every_piece_fits_and_the_cut_is_always_the_same(catalogues: Catalogues, story: str, note: str):
    """However long a story, its parts fit, say whose they are, and come out alike each time."""
    whole = post(exhibit(1, note=note), story=story)
    cutter = Cutter(catalogues.default)
    pieces = cutter.pieces(whole)
    texts = [piece.payload for piece in pieces if piece.kind == "text"]

    assert cutter.pieces(whole) == pieces
    assert [piece.part for piece in pieces] == list(range(len(pieces)))
    assert all(length(text) <= MESSAGE for text in texts)
    assert all(text.startswith(f"{NUMBER} ({n}/{len(texts)})") for n, text in enumerate(texts[1:], start=2))
    assert length(cutter.caption(NUMBER, whole.exhibits[0])) <= 1024


@given(story=st.text(max_size=300).map(lambda text: text * 40), note=st.text(max_size=1024))
def test_a_piece_that_may_be_a_repeat_says_so_and_still_fits(catalogues: Catalogues, story: str, note: str):
    """Before whatever is sent a second time there is room for the word that it may be there already."""
    whole = post(exhibit(1, note=note), story=story)
    cutter = Cutter(catalogues.default)
    again = [replace(piece, repeat=True) for piece in cutter.pieces(whole)]
    texts = [cutter.marked(piece, piece.payload) for piece in again if not piece.exhibits]
    captions = [cutter.marked(piece, cutter.caption(NUMBER, one)) for piece in again for one in piece.exhibits]

    assert all(text.startswith(REPEAT) for text in (*texts, *captions))
    assert all(length(text) <= MESSAGE for text in texts)
    assert all(length(text) <= 1024 for text in captions)


async def test_a_repeat_is_recognised_by_a_word_in_it(adapter: Adapter, channel: Chat):
    """Each text, each picture of an album and each card that may be there already begins with the word for that."""
    for piece in adapter.channel.pieces(post(exhibit(1), exhibit(2))):
        files = {one.stored: picture() for one in piece.exhibits}
        for repeat in (False, True):
            await adapter.channel.send(Place(channel.id), replace(piece, repeat=repeat), files)

    assert [one.text.startswith(REPEAT) for one in channel.messages] == [0, 1, 0, 0, 1, 1, 0, 1]


async def test_a_tip_arrives_as_moderators_read_it(adapter: Adapter, simulator: Simulator, channel: Chat):
    """Texts, an album with neutral names and captions, and the card replying to the first, all of it protected."""
    messages = await sent(adapter, channel, post(exhibit(1), exhibit(2, note="lihat contoh.com <b>")), picture())
    card = messages[-1]

    assert [one.kind for one in messages] == ["text", "photo", "photo", "text"]
    assert [one.api["caption"] for one in messages[1:3]] == [
        f"{NUMBER} · Bukti 1",
        f"{NUMBER} · Bukti 2\nlihat contoh[.]com <b>",
    ]
    assert card.text == f"{NUMBER} kartu"
    assert card.reply_to == messages[0].id
    assert all(one.protected for one in messages)
    assert [call.parameters["disable_notification"] for call in list(simulator.calls)[-3:]] == [True, True, False]


async def test_what_a_reporter_wrote_is_shown_and_never_linked(adapter: Adapter, channel: Chat):
    """Links in the story, the body, a note or a link of evidence cannot be tapped, and markup is shown as typed."""
    words = "https://contoh.id <i>x</i> @budi"
    [text, card] = await sent(
        adapter, channel, post(exhibit(1, "link", url="https://a.id/b", note="www.c.com"), story=words, body=words)
    )

    assert {one["type"] for one in text.entities} <= {"bold", "mention"}
    assert "hxxps://contoh[.]id <i>x</i>" in text.text
    assert "Bukti 1: hxxps://a[.]id/b\nwww[.]c[.]com" in text.text
    assert card.text == f"{NUMBER} kartu"


@pytest.mark.parametrize(
    ("one", "arrives"),
    [
        (exhibit(1), "photo"),
        (exhibit(1, plain_file=True), "document"),
        (exhibit(1, size=11 * MEGABYTE), "document"),
        (exhibit(1, "document", "pdf"), "document"),
        (exhibit(1, "audio", "mp3"), "audio"),
        (exhibit(1, "voice", "ogg"), "voice"),
        (exhibit(1, "video", "mp4"), "video"),
    ],
)
async def test_each_kind_of_evidence_has_its_way(adapter: Adapter, channel: Chat, one: Exhibit, arrives: str):
    """An exhibit alone is sent as what it is, under a neutral name."""
    messages = await sent(adapter, channel, post(one, story="", body=""), picture())
    name = f"bukti-1.{one.extension}"

    assert messages[0].kind == arrives
    assert arrives != "document" or messages[0].api["document"]["file_name"] == name


@pytest.mark.parametrize("count", [1, 2])
async def test_a_picture_that_telegram_will_not_show_goes_as_a_file(adapter: Adapter, channel: Chat, count: int):
    """A picture with odd sides is sent as a file, alone or in an album."""
    exhibits = [exhibit(n) for n in range(1, count + 1)]
    messages = await sent(adapter, channel, post(*exhibits, story="", body=""), picture(2100, 100))

    assert [one.kind for one in messages] == ["document"] * count + ["text"]


async def test_what_telegram_never_takes_is_named_instead(adapter: Adapter, channel: Chat):
    """In place of an exhibit that cannot be sent a sentence names it; in place of broken markup the bare text."""
    broken = Piece(0, "text", payload="<b>tebal")
    lost = Piece(1, "single", (exhibit(3),), NUMBER)
    refused = await adapter.channel.send(Place(channel.id), broken, {})
    for piece in (broken, lost):
        await adapter.channel.send(Place(channel.id), adapter.channel.instead(piece), {})

    assert refused == Unfit("bad_markup")
    assert [one.text for one in channel.messages[-2:]] == ["tebal", f"{NUMBER} · Bukti 3 tidak bisa dikirim"]


async def test_posts_are_taken_back(adapter: Adapter, channel: Chat):
    """What is taken back is deleted; what Telegram no longer deletes is overwritten, words, pictures and files."""
    fresh = await sent(adapter, channel, post())
    whole = post(exhibit(1), exhibit(2), exhibit(3, "document", "pdf"), exhibit(4, "voice", "ogg", note="suara"))
    old = await sent(adapter, channel, whole, picture())
    before = [(one, one.kind, one.api[one.kind]) for one in old]
    for message in old:
        message.api["date"] -= TWO_DAYS + 60
    outcome = await adapter.channel.retract(channel.id, [999_999, *[one.id for one in fresh + old]], [])

    assert outcome == Accepted()
    assert all(one.deleted for one in fresh)
    assert {one.text for one in old if one.kind == "text"} == {"Dihapus."}
    assert all(one.api.get(kind) != content for one, kind, content in before)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("flood", Later(1)), ("server_error", Later(unsure=True)), ("lost_response", Later(unsure=True))],
)
async def test_a_passing_fault_means_later(
    adapter: Adapter, simulator: Simulator, channel: Chat, fault: str, outcome: Outcome
):
    """What may pass is to be tried again, after the seconds that Telegram names; whether it arrived may be unsure."""
    simulator.faults.add(fault, "sendMessage")

    assert await adapter.channel.alert(channel.id, [say("sorry")]) == outcome
    assert isinstance(await adapter.channel.alert(channel.id, [say("sorry")]), Accepted)


async def test_a_shut_or_moved_chat_is_known(adapter: Adapter, simulator: Simulator, channel: Chat, budi: Person):
    """A chat that has taken the right to post, thrown the bot out or moved says so, by a code or its new number."""
    outcomes = []
    budi.promotes(channel, simulator.bot, can_edit_messages=True)
    outcomes.append(await adapter.channel.alert(channel.id, [say("sorry")]))
    budi.removes_bot(channel)
    outcomes.append(await adapter.channel.alert(channel.id, [say("sorry")]))
    group = simulator.group("Moderator", budi)
    budi.adds_bot(group)
    moved = budi.upgrades(group)
    outcomes.append(await adapter.channel.alert(group.id, [say("sorry")]))

    assert outcomes[:2] == [Shut("no_rights"), Shut("kicked")]
    assert outcomes[2] == Moved(moved.id)
