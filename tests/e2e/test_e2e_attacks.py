"""What people, disks and clocks do that nobody planned: nothing is lost, nothing is doubled, nobody is stuck."""

import json
from random import SystemRandom

import pytest

from prove.stage import STORY, does, picture, sends_tip, taps, to_the_evidence, to_the_review, types

RIGHTS = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def test_long_texts_are_split_and_lose_nothing(scene):
    """12,000 characters with emoji go through review and channel in parts that fit, each with the tip's number."""
    words = [f"kata{n}😀" for n in range(1150)]
    pieces = [" ".join(words[start : start + 400]) for start in range(0, len(words), 400)]
    async with scene.bot():
        await does(scene.sari, [*to_the_evidence()[:-1], *(types(piece) for piece in pieces)])
        await does(scene.sari, [taps("next"), taps("code"), taps("send")])
        posts = await scene.delivered()
    number = posts[0].text.partition(" ")[0]
    shown = " ".join(post.text for post in posts)

    assert len(posts) > 3
    assert all(units(message.text) <= 4096 for message in (*posts, *scene.sari.told))
    assert all(post.text.startswith(number) for post in posts)
    assert all(word in shown for word in words)


async def test_the_longest_answers_of_emoji_fit(scene):
    """Answers at their limit, of characters that count double, reach review, channel and caption whole or in parts."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence("😀" * 295 + "ab", "😀" * 199 + "x", "🙈" * 2047 + "ab"))
        scene.sari.person.sends_photo(picture(), caption="🙈" * 1000 + " ab")
        await scene.sari.sees("1 bukti tersimpan")
        await does(scene.sari, [taps("next"), taps("code"), taps("send")])
        posts = await scene.delivered()

    assert all(units(post.text) <= (4096 if post.kind == "text" else 1024) for post in posts)
    assert 3 * 1000 < sum(post.text.count("🙈") for post in posts)


async def test_marks_controls_and_placeholders_are_only_words(scene):
    """HTML, Markdown, format strings, right-to-left marks and NUL are shown as they are, and change nothing else."""
    story = "مرحبا \x00\u200f **bold** _i_ `c` {count} %s {rows} <b>x</b> &amp; javascript:alert(1) tg://user?id=5"
    async with scene.bot():
        await does(scene.sari, to_the_review(accused="\u202eKepala <script>\u202c", place="<a href='x'>", story=story))
        await scene.sari.sees("<script>")
        await taps("send")(scene.sari)
        posts = await scene.delivered()

    assert "**bold** _i_ `c` {count} %s {rows} <b>x</b> &amp;" in posts[0].text
    assert {"bold"} == {entity["type"] for post in posts for entity in post.entities}


async def test_files_too_large_or_too_many_are_refused_kindly(scene):
    """30 MB gets a sentence; of 13 photos ten are kept, the others named, and all ten reach the channel."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_document(b"x" * 30_000_000, "besar.jpg")
        await scene.sari.sees("lebih besar dari 20 MB")
        scene.sari.person.sends_album("photo", [(f"{n}.jpg", picture(200 + n)) for n in range(10)])
        scene.sari.person.sends_album("photo", [(f"{n}.jpg", picture(230 + n)) for n in range(3)])
        await scene.sari.sees("Paling banyak 10 bukti")
        await scene.sari.sees("10 bukti tersimpan")
        await does(scene.sari, [taps("next"), taps("code"), taps("send")])
        posts = await scene.delivered()

    assert 10 == sum(post.kind == "photo" for post in posts)


async def test_an_album_with_one_broken_file_keeps_the_others(scene):
    """The broken one gets its sentence, the two good ones become evidence."""
    files = [("a.jpg", picture(200)), ("b.jpg", picture(210)[:400]), ("c.jpg", picture(220))]
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_album("document", files)
        await scene.sari.sees("rusak")
        await scene.sari.sees("2 bukti tersimpan")


async def test_sending_waits_for_files_that_are_being_cleaned(scene):
    """Pressed before a file is clean, "Kirim" says to wait and sends nothing; afterwards the tip has the file."""
    async with scene.bot():
        await does(scene.sari, to_the_review())
        scene.simulator.faults.add("flood", "getFile", seconds=1)
        scene.sari.person.sends_photo(picture())
        await scene.sari.sees("sedang dibersihkan")
        await taps("send")(scene.sari)
        await scene.sari.sees("masih dibersihkan")
        assert not scene.posts
        await scene.sari.sees("1 bukti tersimpan")
        await taps("send")(scene.sari)
        posts = await scene.delivered()

    assert ["text", "photo", "text"] == [post.kind for post in posts]


TABLES = ("drafts", "files", "traces", "outbox", "tips")


async def test_hapus_at_any_question_leaves_nothing(scene):
    """Deleted after any number of answers, with a file among them, a draft leaves no row that holds content."""
    acts = [*to_the_evidence(), sends_a_photo, taps("next"), taps("code")]
    left = []
    async with scene.bot() as app:
        for answers in range(2, len(acts) + 1):
            scene.clock.passes(minutes=1)  # nobody does all this in one
            await does(scene.sari, [*acts[:answers], types("/hapus"), taps("discard")])
            await app.jobs.settled()
            async with app.context.database.reading() as tx:
                left.append([(await tx.execute_fetchall(f"SELECT count(*) FROM {name}"))[0][0] for name in TABLES])  # noqa: S608 - names of ours

    assert [[0] * len(TABLES)] * len(left) == left


async def sends_a_photo(phone) -> None:
    phone.person.sends_photo(picture())
    await phone.sees("1 bukti tersimpan")


async def test_an_expired_draft_is_gone_and_told_so(scene):
    """After its hours a draft's button sends nothing, and words begin anew."""
    async with scene.bot():
        await does(scene.sari, to_the_review())
        scene.clock.passes(hours=74)
        screen, data = await scene.sari.offered("send")
        answer = await scene.stage.sari.taps(screen, data=data).answered()
        await scene.sari.types("halo")

    assert "tidak berlaku" in answer["text"]
    assert "Selamat datang" in scene.sari.told[-1].text
    assert not scene.posts


async def test_the_language_changes_in_the_middle(scene):
    """A change of language keeps question and answers; the moderators read their own."""
    async with scene.bot():
        await does(scene.sari, [*to_the_evidence()[:5], types("/bahasa")])
        await scene.sari.sees("Step 2 of 6")
        await does(scene.sari, [taps("skip"), types("yesterday"), types("same day")])
        await does(scene.sari, [taps("on-FOTO"), taps("next"), types(STORY), taps("next"), taps("code"), taps("send")])
        posts = await scene.delivered()

    assert "Kejadian" in posts[0].text
    assert "Step" not in posts[0].text


async def test_wrong_receipts_are_throttled_for_the_guesser_alone(scene):
    """Many wrong receipts are refused after a while, all are taken out of the chat, and others look up as ever."""
    async with scene.bot() as app:
        receipt = await sends_tip(scene.budi)
        for guess in range(12):
            await scene.sari.types(f"/status 1234 5678 9012 {guess:04}")
        await app.jobs.settled()
        await scene.budi.types(f"/status {receipt}")
        await app.jobs.settled()
    typed = [message.text for message in scene.stage.sari.chat.messages if not message.from_bot]

    assert "Terlalu banyak percobaan" in scene.sari.told[-1].text
    assert "Status" in scene.budi.told[-1].text
    assert not typed


async def test_a_full_disk_holds_events_until_there_is_room(scene):
    """While nothing can be kept nothing is said or acknowledged; afterwards the talk goes on where it was."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence()[:-1])
        writer = app.context.database._writer
        ((pages,),) = await writer.execute_fetchall("PRAGMA page_count")
        await writer.execute(f"PRAGMA max_page_count = {pages}")
        before = len(scene.sari.told)
        for _ in range(2):
            scene.stage.sari.types("Ia mengajak memilih. " * 190)
        polled = len(scene.simulator.calls_of("getUpdates"))
        await scene.waits(lambda: len(scene.simulator.calls_of("getUpdates")) > polled + 1)
        assert before == len(scene.sari.told)
        assert len(scene.simulator.updates)
        await writer.execute("PRAGMA max_page_count = 1000000")
        await scene.sari.sees("Ditambahkan ke cerita")
        await does(scene.sari, [taps("next"), taps("code"), taps("send")])
        posts = await scene.delivered()

    assert "Ia mengajak memilih." in posts[0].text


@pytest.mark.parametrize("hours", [-48, 20])
async def test_a_clock_that_jumps_holds_no_tip_back(scene, hours):
    """Put back or forward between acceptance and delivery, the clock delays no post and loses no receipt."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_review())
        scene.simulator.faults.add("server_error", "sendMessage", times=3)
        await taps("send")(scene.sari)
        scene.clock.passes(hours=hours)
        await scene.delivered()
        await scene.sari.receipt()
        await app.jobs.settled()


async def test_a_former_channel_that_is_shut_holds_nothing_up(scene):
    """With another channel set, a withdrawal that the old one refuses delays no tip and alarms nobody."""
    async with scene.bot() as app:
        receipt = await sends_tip(scene.sari)
        await scene.delivered()
        await app.jobs.settled()
    new = scene.simulator.channel("Meja baru", scene.stage.dewi)
    scene.stage.dewi.adds_bot(new, **RIGHTS)
    scene.stage.dewi.removes_bot(scene.stage.channel)
    scene.simulator.updates.clear()
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(new.id)):
        scene.stage.sari.types(f"/hapus {receipt}")
        await scene.sari.sees("sudah dihapus")
        await sends_tip(scene.budi)
        await scene.waits(lambda: any("Kelengkapan" in post.text for post in new.messages))

    assert not [message for message in scene.admin.told if "⚠" in message.text]


async def test_a_withdrawal_before_the_post_posts_nothing(scene):
    """A tip that is withdrawn while the channel is shut never appears in it."""
    async with scene.bot() as app:
        scene.stage.dewi.removes_bot(scene.stage.channel)
        await scene.admin.sees("⚠")
        receipt = await sends_tip(scene.sari, accused="Camat Binamu")
        await sends_tip(scene.budi)
        await scene.sari.types(f"/hapus {receipt}")
        await scene.sari.sees("sudah dihapus")
        scene.stage.dewi.adds_bot(scene.stage.channel, **RIGHTS)
        await scene.delivered()
        await app.jobs.settled()

    assert 1 == len(scene.cards())
    assert "Camat" not in " ".join(post.text for post in scene.posts)


async def test_many_messages_at_once_are_taken_in_order(scene):
    """Sixty messages from one person at once: the first is the answer, none raises, the talk goes on."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence()[:3])
        for n in range(60):
            scene.stage.sari.types(f"Kepala dinas {n}")
        await scene.waits(lambda: not len(scene.simulator.updates))
        await types("jeneponto")(scene.sari)
        await scene.sari.sees("Dicatat: Kab. Jeneponto")

    assert not [what for what in app.health.counts if str(what).startswith(("set_aside", "unsaid"))]


async def test_buttons_that_were_never_drawn_do_nothing(scene):
    """Callback data made up by a client moves nothing and raises nothing."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence()[:3])
        screen = scene.sari.told[-1]
        for data in ("|", "x", "0|notice|agree-id", "99999999999|review|send", "0|review|send", "1|" * 30):
            answer = await scene.stage.sari.taps(screen, data=data).answered()
            assert answer
        await types("Kepala SMP")(scene.sari)

    assert "kabupaten" in json.dumps(scene.sari.told[-1].text)
    assert not [what for what in app.health.counts if str(what).startswith(("set_aside", "unsaid"))]


async def test_nobody_can_foretell_what_is_drawn(scene):
    """A bot that is started as usual draws receipts, numbers and links by the system's own chance."""
    async with scene.bot() as app:
        assert isinstance(app.context.chance, SystemRandom)
