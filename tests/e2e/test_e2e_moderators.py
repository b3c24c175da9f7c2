"""Moderators work a tip in their channel, and its reporter hears back: the whole bot over real HTTP."""

from bot.simulator import Chat, Message, Person
from bot.simulator.methods.profile import menu
from prove.canaries import found_in
from prove.stage import NUMBER, Phone, Scene, does, picture, sends_tip, taps, types

QUESTION = "Jam berapa upacara itu?"
ANSWER = "Pukul tujuh pagi, ini fotonya."


def number_of(card: Message) -> str:
    found = NUMBER.search(card.text)
    assert found
    return found[0]


async def presses(scene: Scene, person: Person, code: str) -> dict[str, str]:
    """Press a button of the only card; what Telegram was told to show to who pressed."""
    card = scene.cards()[0]
    answer = await person.taps(card, data=f"+|{number_of(card)}|{code}").answered()
    return {name: str(answer.get(name, "")) for name in ("text", "url")}


async def card_says(scene: Scene, words: str) -> Message:
    await scene.waits(lambda: any(words in card.text for card in scene.cards()))
    return scene.cards()[0]


async def opens(scene: Scene, person: Person, code: str) -> Phone:
    """Press what needs words, and follow the link into one's own chat."""
    said = await presses(scene, person, code)
    person.starts(said["url"].partition("?start=")[2])
    return Phone(scene.simulator, person)


async def test_a_tip_is_worked_and_its_reporter_hears_of_each_step(scene: Scene):
    """Claim, collision, question by a link, answer with a photo under the card, hand-over, closing, no address left."""
    dewi, agus = scene.stage.dewi, scene.stage.agus
    async with scene.bot():
        await sends_tip(scene.sari, "here")
        await scene.delivered()
        card = await card_says(scene, "Diterima")
        taken = await presses(scene, dewi, "take")
        await card_says(scene, "Dewi")
        late = await presses(scene, agus, "take")
        desk = await opens(scene, dewi, "ask")
        await desk.sees("Tulis pertanyaan")
        await does(desk, [types(QUESTION), taps("confirm")])
        await scene.sari.sees(QUESTION)
        asked, data = await scene.sari.offered(scene.sari.told[-1].keyboard[0][0]["callback_data"].rpartition("|")[2])
        scene.stage.sari.taps(asked, data=data)
        await scene.sari.sees("Tulis jawaban")
        scene.stage.sari.sends_photo(picture(300), caption=ANSWER)
        await scene.sari.sees("1 bukti")
        await does(scene.sari, [types(ANSWER), taps("confirm")])
        await scene.waits(lambda: any(post.kind == "photo" for post in scene.posts))
        await presses(scene, dewi, "forward-bkn")
        await scene.sari.sees("BKN")
        await presses(scene, dewi, "close")
        await card_says(scene, "Selesai")
        closed = await card_says(scene, "Pelapor: hanya membaca lewat kode")
        follow = [post for post in scene.posts if post.id > card.id]

    assert "Anda menangani informasi ini." == taken["text"]
    assert "Dewi" in late["text"]
    assert closed is card
    assert {card.id} == {post.reply_to for post in follow}
    assert any(ANSWER in post.text for post in follow)


async def test_an_answer_that_was_begun_outlasts_the_closing_and_the_next_is_shown_the_way_in(scene: Scene):
    """Closed while its reporter writes, the tip gets the answer; a reply to the question then hears of the code."""
    dewi, sari = scene.stage.dewi, scene.stage.sari
    async with scene.bot():
        await sends_tip(scene.sari, "here")
        await scene.delivered()
        desk = await opens(scene, dewi, "ask")
        await desk.sees("Tulis pertanyaan")
        await does(desk, [types(QUESTION), taps("confirm")])
        question = await scene.sari.sees(QUESTION)
        sari.types(ANSWER, reply_to=question)
        check, data = await scene.sari.offered("confirm")
        await presses(scene, dewi, "close")
        await scene.sari.sees("Status: Selesai")
        await card_says(scene, "Pelapor: hanya membaca lewat kode")
        sari.taps(check, data=data)
        await scene.sari.sees("Tambahan Anda tersimpan")
        await scene.waits(lambda: any(ANSWER in post.text for post in scene.posts))
        sari.types("Satu lagi.", reply_to=question)
        shut = await scene.sari.sees("tidak lagi terbuka")

    assert "/status" in shut.text
    assert QUESTION in question.text


async def test_only_who_may_works_tips(scene: Scene):
    """A reader's press is refused, an admin's is not, and who leaves the administrators loses it at once."""
    dewi, agus, sari = scene.stage.dewi, scene.stage.agus, scene.stage.sari
    async with scene.bot():
        await sends_tip(scene.budi)
        await scene.delivered()
        refused = await presses(scene, sari, "take")
        first = await presses(scene, agus, "take")
        dewi.demotes(scene.stage.channel, agus.user)
        after = await presses(scene, agus, "leave")
        admin = await presses(scene, scene.stage.admin, "leave")

    assert "Tombol ini hanya untuk pemeriksa." == refused["text"] == after["text"]
    assert "Anda menangani informasi ini." == first["text"]
    assert "pemeriksa" not in admin["text"]


async def test_nobody_in_private_learns_of_staff_commands(scene: Scene):
    """A reporter who guesses a command gets what any unknown one gets; a moderator gets the queue."""
    async with scene.bot():
        await sends_tip(scene.budi)
        card = (await scene.delivered())[-1]
        await does(scene.sari, [types("/start"), types("/antrean")])
        guessed = scene.sari.told[-1].text
        await does(scene.sari, [types("/apasaja")])
        scene.stage.dewi.types("/antrean")
        queue = await Phone(scene.simulator, scene.stage.dewi).sees(number_of(card))

    assert guessed == scene.sari.told[-1].text
    assert queue.keyboard


async def test_moderators_are_named_to_each_other_alone(scene: Scene):
    """A moderator's name and id are in no file of the bot, and reach no reporter."""
    dewi = scene.simulator.person(6_395_126_804, "Zefirantha", last_name="Kwilindra", username="zefi_kw_canary")
    scene.stage.dewi.promotes(scene.stage.channel, dewi.user, can_post_messages=True)
    people = [str(dewi.user.id), "Zefirantha", "Kwilindra", "zefi_kw_canary"]
    async with scene.bot():
        await sends_tip(scene.sari, "here")
        await scene.delivered()
        await presses(scene, dewi, "take")
        card = await card_says(scene, "Zefirantha")
        desk = await opens(scene, dewi, "ask")
        await desk.sees("Tulis pertanyaan")
        await does(desk, [types(QUESTION), taps("confirm")])
        await scene.sari.sees(QUESTION)
        kept = {path.name: path.read_bytes() for path in scene.folder.rglob("*") if path.is_file()}
        told = {str(message.id): message.text.encode() for message in scene.sari.told}

    assert "Zefirantha" in card.text
    assert [] == found_in(kept | told, people)


def group_of(scene: Scene) -> Chat:
    """A group of Dewi and Agus, who both administer it, with the bot."""
    dewi, agus = scene.stage.dewi, scene.stage.agus
    group = scene.simulator.supergroup("Meja", dewi, agus)
    dewi.promotes(group, agus.user, can_delete_messages=True)
    dewi.adds_bot(group, can_delete_messages=True, can_pin_messages=True)
    return group


async def said_in(scene: Scene, group: Chat, words: str) -> Message:
    """The bot's newest message with these words in the group."""
    await scene.waits(lambda: any(words in message.text for message in group.messages if message.from_bot))
    return next(message for message in reversed(group.messages) if message.from_bot and words in message.text)


async def test_a_reply_in_a_group_is_sent_when_its_author_says_so(scene: Scene):
    """Only who wrote it sends it; an edit reaches the reporter as an edit; what nobody confirmed reaches nobody."""
    dewi, agus, group = scene.stage.dewi, scene.stage.agus, group_of(scene)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(group.id)):
        await sends_tip(scene.sari, "here")
        card = await said_in(scene, group, "Diterima")
        agus.types("Menurutku ini mengada-ada.", chat=group, reply_to=card)
        await said_in(scene, group, "mengada-ada")
        asked = dewi.types(QUESTION, chat=group, reply_to=card)
        offer = await said_in(scene, group, QUESTION)
        send = offer.keyboard[0][0]["callback_data"]
        refused = await agus.taps(offer, data=send).answered()
        await dewi.taps(offer, data=send).answered()
        first = await scene.sari.sees(QUESTION)
        dewi.edits(asked, "Jam berapa persisnya?")
        second = await scene.sari.sees("Jam berapa persisnya?")
        told = " ".join(message.text for message in scene.sari.told)

    assert "Hanya penulisnya" in refused["text"]
    assert first.id == second.id
    assert "mengada-ada" not in told
    assert QUESTION not in told


async def test_who_opens_their_own_chat_is_shown_the_commands_that_are_theirs(scene: Scene):
    """A moderator by their rank in the channel has them from their first /start on; a reporter never does."""
    dewi, sari = scene.stage.dewi, scene.stage.sari

    def shown(person: Person) -> set[str]:
        return {str(one["command"]) for one in menu(scene.simulator.world, person.chat, person.user)}

    async with scene.bot():
        await sends_tip(scene.sari)
        await scene.delivered()
        before = shown(dewi)
        await opens(scene, dewi, "ask")
        await scene.waits(lambda: shown(dewi) != before)
        theirs, reporters = shown(dewi), shown(sari)

    assert {"antrean", "tip", "lapor"} <= theirs
    assert "statistik" not in theirs
    assert {"antrean", "tip"}.isdisjoint(reporters | before)


async def test_who_acts_as_the_group_is_told_why_nothing_happens(scene: Scene):
    """An anonymous administrator's command is answered by an explanation, and by no list."""
    group = group_of(scene)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(group.id)):
        await sends_tip(scene.sari)
        card = await said_in(scene, group, "Diterima")
        scene.stage.dewi.types("/antrean", chat=group, anonymous=True)
        await said_in(scene, group, "pakai akun Anda sendiri")
        scene.stage.agus.types("/antrean", chat=group)
        queue = await said_in(scene, group, "belum diambil")

    assert number_of(card) in queue.text


async def test_who_writes_as_the_channel_is_told_what_to_use_instead(scene: Scene):
    """A channel names nobody: a command posted there is answered by the ways that do."""
    channel = scene.stage.channel
    async with scene.bot():
        asked = scene.stage.dewi.types("/antrean", chat=channel)
        told = await said_in(scene, channel, "tombol di kartu")

    assert asked.id == told.reply_to


def topic_of(group: Chat, message: Message) -> str:
    return str(group.topics[message.api["message_thread_id"]]["name"])


async def test_each_tip_has_a_topic_of_its_own(scene: Scene):
    """All of a tip stands in its topic, chatter there offers nothing to send; a topic that is gone loses nothing."""
    dewi = scene.stage.dewi
    group = scene.simulator.supergroup("Meja", dewi, forum=True)
    dewi.adds_bot(group, can_delete_messages=True, can_manage_topics=True)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(group.id), BISIK_TOPICS="true"):
        await sends_tip(scene.sari, "here")
        card = await said_in(scene, group, "Diterima")
        posts = [message for message in group.messages if message.from_bot]
        opened = group.message_by_id[card.api["message_thread_id"]]
        dewi.types("Ada yang kenal sekolah ini?", chat=group, topic=opened.id, reply_to=opened)
        dewi.types(QUESTION, chat=group, topic=opened.id, reply_to=card)
        offer = await said_in(scene, group, QUESTION)
        await dewi.taps(offer, data=offer.keyboard[0][0]["callback_data"]).answered()
        await scene.sari.sees(QUESTION)
        named = {topic_of(group, message) for message in posts}
        del group.topics[opened.id]
        answering = scene.sari.told[-1].keyboard[0][0]["callback_data"].rpartition("|")[2]
        await does(scene.sari, [taps(answering), types(ANSWER), taps("confirm")])
        answer = await said_in(scene, group, ANSWER)

    assert {number_of(card)} == named
    assert "message_thread_id" not in answer.api
    assert [] == [message for message in group.messages if message.from_bot and "Ada yang kenal" in message.text]


async def test_a_tip_that_is_deleted_takes_its_topic_with_it(scene: Scene):
    """`/hapus` with the receipt leaves nothing of a tip in the group, its topic neither."""
    dewi = scene.stage.dewi
    group = scene.simulator.supergroup("Meja", dewi, forum=True)
    dewi.adds_bot(group, can_delete_messages=True, can_manage_topics=True)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(group.id), BISIK_TOPICS="true"):
        receipt = await sends_tip(scene.sari)
        await said_in(scene, group, "Diterima")
        opened = len(group.topics)
        scene.stage.sari.types(f"/hapus {receipt}")
        await scene.waits(lambda: not group.topics)
        await scene.waits(lambda: not [message for message in group.messages if message.from_bot])

    assert 1 == opened


async def test_a_tip_that_is_deleted_takes_its_copies_with_it(scene: Scene):
    """`/hapus` leaves no card, list, offer or question of a tip in the group, nor in a moderator's own chat."""
    dewi = scene.stage.dewi
    group, desk = group_of(scene), Phone(scene.simulator, dewi)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(group.id)):
        receipt = await sends_tip(scene.sari)
        card = await said_in(scene, group, "Diterima")
        number = number_of(card)
        dewi.types("/antrean", chat=group)
        await said_in(scene, group, "Antrean")
        dewi.types(f"/tip {number}", chat=group)
        dewi.types(QUESTION, chat=group, reply_to=card)
        await said_in(scene, group, QUESTION)
        for command, words in ((f"/tip {number}", "Kelengkapan"), ("/antrean", "Antrean")):
            dewi.types(command)
            await desk.sees(words)
        link = await dewi.taps(card, data=f"+|{number}|ask").answered()
        dewi.starts(str(link["url"]).partition("?start=")[2])
        await desk.sees("Tulis pertanyaan")
        await does(desk, [types(QUESTION)])
        await desk.sees(QUESTION)
        scene.stage.sari.types(f"/hapus {receipt}")
        await scene.waits(lambda: not [one for one in (*group.messages, *dewi.chat.messages) if one.from_bot])


async def test_a_group_without_topics_takes_tips_as_they_are(scene: Scene):
    """Where topics are set but cannot be opened, a tip arrives all the same."""
    group = group_of(scene)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(group.id), BISIK_TOPICS="true"):
        await sends_tip(scene.sari)
        card = await said_in(scene, group, "Diterima")

    assert "message_thread_id" not in card.api


async def asked(scene: Scene, words: str = QUESTION) -> Message:
    """A tip whose reporter was asked something; the question as they have it."""
    await sends_tip(scene.sari, "here")
    await scene.delivered()
    desk = await opens(scene, scene.stage.dewi, "ask")
    await desk.sees("Tulis pertanyaan")
    await does(desk, [types(words), taps("confirm")])
    return await scene.sari.sees(words)


async def test_an_answer_in_pieces_loses_none_of_them(scene: Scene):
    """Words, an album and more words, each a reply to the question, and its button again: all are in one answer."""
    sari = scene.stage.sari
    async with scene.bot():
        question = await asked(scene)
        sari.types("Pukul tujuh pagi.", reply_to=question)
        await scene.sari.sees("Ini yang akan dibaca")
        sari.sends_album("photo", [(f"{n}.jpg", picture(300 + n)) for n in range(3)], reply_to=question)
        await scene.sari.sees("3 bukti")
        sari.types("Di lapangan sekolah.", reply_to=question)
        await scene.sari.sees("Di lapangan sekolah.")
        sari.taps(question, data=question.keyboard[0][0]["callback_data"])
        await does(scene.sari, [taps("confirm")])
        await scene.waits(lambda: 3 == len([post for post in scene.posts if post.kind == "photo"]))
        [answer] = [post.text for post in scene.posts if "Di lapangan sekolah." in post.text]

    assert "Pukul tujuh pagi." in answer


async def test_a_moderator_sees_of_which_tip_they_write(scene: Scene):
    """The screens on which a question is written and confirmed carry the tip's number."""
    async with scene.bot():
        await sends_tip(scene.sari, "here")
        await scene.delivered()
        number = number_of(scene.cards()[0])
        desk = await opens(scene, scene.stage.dewi, "ask")
        writing = (await desk.sees("Tulis pertanyaan")).text
        await does(desk, [types(QUESTION)])
        checking = (await desk.sees("Ini yang akan dibaca")).text

    assert (True, True) == (number in writing, number in checking)


async def test_only_who_asked_changes_the_question(scene: Scene):
    """A moderator who has asked nothing is told so, instead of being told that something was changed."""
    dewi, agus = scene.stage.dewi, scene.stage.agus
    async with scene.bot():
        await asked(scene)
        await presses(scene, dewi, "leave")
        await presses(scene, agus, "take")
        desk = await opens(scene, agus, "amend")
        await desk.sees("Tulis ulang")
        await does(desk, [types("Jam berapa persisnya?"), taps("confirm")])
        told = await desk.sees("belum bertanya")

    assert "diubah" not in told.text


async def test_a_tip_whose_posts_were_deleted_by_hand_gets_its_card_back(scene: Scene):
    """Who works it from `/tip` in their own chat brings the card back into the channel, with nothing to reply to."""
    dewi = scene.stage.dewi
    async with scene.bot() as app:
        await sends_tip(scene.sari)
        await scene.delivered()
        await app.jobs.settled()
        number = number_of(scene.cards()[0])
        for post in list(scene.posts):
            dewi.deletes(post)
        dewi.types(f"/tip {number}")
        copy = await Phone(scene.simulator, dewi).sees("Terlapor:")
        await dewi.taps(copy, data=f"+|{number}|take").answered()
        await scene.waits(lambda: any("Ditangani: Dewi" in post.text for post in scene.posts))

    assert [number] == [number_of(post) for post in scene.posts]
