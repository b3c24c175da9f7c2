"""Claims about what moderators and admins do in Telegram, and how it is answered, over real HTTP."""

import pytest
from telegram_stage import Adapter, Fault, Services, StorageTrouble

from bot.adapters.telegram import staff
from bot.adapters.telegram.profile import FOR_ADMINS, STAFF_NAMES, Staff, introduce_staff
from bot.conversation.errands import (
    Changed,
    Errand,
    Faceless,
    Pressed,
    Remarked,
    Response,
    StaffCommand,
    Summoned,
)
from bot.conversation.post import Place, Post
from bot.conversation.screens import Choice, Screen, say
from bot.conversation.speech import Accepted, Unfit
from bot.locales.catalogue import Catalogues
from bot.simulator import Chat, Message, Person, Simulator
from bot.simulator.methods.profile import menu

NUMBER = "K7QX-2M"


def screen(words: str = "kartu") -> Screen:
    return Screen(NUMBER, 0, (say("toast", words=words),), (Choice("take", say("next")),))


@pytest.fixture
def group(simulator: Simulator, budi: Person, services: Services) -> Chat:
    """The moderators' forum group, with the bot as administrator."""
    chat = simulator.supergroup("Moderator", budi, forum=True)
    budi.adds_bot(chat, can_delete_messages=True, can_manage_topics=True)
    simulator.updates.clear()
    services.moderator_chat = chat.id
    return chat


async def carded(adapter: Adapter, chat: Chat) -> Message:
    """A tip's card as it stands in a chat."""
    [piece] = adapter.channel.pieces(Post(NUMBER, (), "", (), screen()))
    outcome = await adapter.channel.send(Place(chat.id), piece, {})

    assert isinstance(outcome, Accepted)
    return chat.message_by_id[outcome.messages[0]]


async def done(services: Services, count: int = 1) -> list[Errand]:
    await services.until(lambda: len(services.errands) >= count)
    return services.errands


async def test_a_press_on_a_card_tells_who_pressed_and_is_answered(
    polling: Adapter, channel: Chat, budi: Person, services: Services
):
    """A press names its tip, its choice and the person; a toast answers it, and the card is drawn over."""
    services.responses.append(Response(say("toast", words="Diambil"), over=screen("kartu Budi")))
    card = await carded(polling, channel)
    tap = budi.taps(card, "Lanjut")
    answer = await tap.answered()
    await channel.next_edit()
    [errand] = services.errands

    assert (Pressed(NUMBER, "take"), channel.id, card.id) == (errand.deed, errand.chat, errand.message)
    assert (budi.user.id, "Budi", False) == (errand.by.user, errand.by.name, errand.private)
    assert "Diambil" == answer["text"]
    assert "kartu Budi" == card.text
    assert ["Lanjut"] == card.labels
    assert [] == services.spoken


async def test_what_needs_words_opens_the_private_chat(
    polling: Adapter, channel: Chat, budi: Person, services: Services
):
    """A response with a code opens the bot's own chat of who pressed."""
    services.responses.append(Response(opens="s3cret"))
    answer = await budi.taps(await carded(polling, channel), "Lanjut").answered()

    assert "https://t.me/bisik_bot?start=s3cret" == answer["url"]


async def test_a_press_without_a_response_stops_waiting(polling: Adapter, channel: Chat, budi: Person):
    """A tap is answered though nothing is said to it."""
    answer = await budi.taps(await carded(polling, channel), "Lanjut").answered()

    assert "text" not in answer


async def test_a_press_that_cannot_be_handled_stops_waiting(
    polling: Adapter, channel: Chat, budi: Person, services: Services
):
    """A poisonous press is set aside, and its button waits no longer."""
    services.responses += [Fault(), Fault(), Fault()]
    await budi.taps(await carded(polling, channel), "Lanjut").answered()

    assert any(name.startswith("set_aside") for name in polling.health.counts)


@pytest.mark.parametrize(
    "case",
    [
        ("/antrean", Summoned(StaffCommand.QUEUE)),
        ("/queue@bisik_bot", Summoned(StaffCommand.QUEUE)),
        (f"/tip {NUMBER}", Summoned(StaffCommand.TIP, NUMBER)),
        (f"/serahkan {NUMBER} {NUMBER}", Summoned(StaffCommand.HAND_OVER, f"{NUMBER} {NUMBER}")),
        ("/statistik", Summoned(StaffCommand.STATISTICS)),
        (f"/tahan {NUMBER} diminta", Summoned(StaffCommand.HOLD, f"{NUMBER} diminta")),
        (f"/release {NUMBER} selesai", Summoned(StaffCommand.RELEASE, f"{NUMBER} selesai")),
    ],
)
async def test_commands_are_heard_in_the_group_and_answered_as_replies(
    polling: Adapter, group: Chat, budi: Person, services: Services, case: tuple[str, Summoned]
):
    """A command in the moderators' group is a summons by who wrote it; its answer replies to it in its topic."""
    said, deed = case
    services.responses.append(Response(new=screen("antrean")))
    topic = await polling.api.call("createForumTopic", {"chat_id": group.id, "name": NUMBER})
    thread = topic["message_thread_id"]
    asked = budi.types(said, chat=group, topic=thread)
    answer = await group.next_event("sent")
    while not answer.text:
        answer = await group.next_event("sent")

    assert deed == services.errands[0].deed
    assert asked.id == answer.reply_to
    assert thread == answer.api["message_thread_id"]


async def test_talk_among_moderators_costs_nothing(polling: Adapter, group: Chat, budi: Person, services: Services):
    """Chatter, commands for other bots, and words in a topic that the bot has made are no errands."""
    for words in ("Halo semua", "/antrean@other_bot", "/help", "/unknown"):
        budi.types(words, chat=group)
    answer = await carded(polling, group)
    budi.types("Sudah?", chat=group, reply_to=answer)
    [errand] = await done(services)

    assert Remarked(answer.id, "Sudah?", about=NUMBER) == errand.deed


async def test_a_command_is_one_also_in_reply_to_a_card(
    polling: Adapter, group: Chat, budi: Person, services: Services
):
    """What is a moderator's command is summoned, and any other, edited ones too, is no remark for a reporter."""
    card = await carded(polling, group)
    for words in ("/bantuan", "/antrean@other_bot", "/tahan@other_bot x"):
        budi.types(words, chat=group, reply_to=card)
    budi.edits(budi.types("/status", chat=group, reply_to=card), "/statis")
    budi.types("/antrean", chat=group, reply_to=card)
    [errand] = await done(services)

    assert Summoned(StaffCommand.QUEUE) == errand.deed


@pytest.mark.usefixtures("polling")
async def test_in_private_a_reply_is_a_moderators_where_it_is_to_a_card(budi: Person, services: Services):
    """A reply to a card in a chat of one's own is a remark on it; one to anything else is a reporter's words."""
    services.responses.append(Response(new=screen("kartu")))
    budi.types("/tip")
    copy = await budi.chat.next_message()
    budi.types("Kapan?", reply_to=copy)
    budi.types("Halo", reply_to=budi.types("Selamat pagi"))
    _, remarked = await done(services, 2)
    await services.until(lambda: len(services.arrivals) == 3)

    assert Remarked(copy.id, "Kapan?", about=NUMBER) == remarked.deed
    assert 2 == len(services.errands)


async def test_an_edited_reply_says_that_it_is_one(polling: Adapter, group: Chat, budi: Person, services: Services):
    """A reply to the bot that is changed afterwards is a remark of the same message that edits."""
    card = await carded(polling, group)
    written = budi.types("Kapan?", chat=group, reply_to=card)
    budi.edits(written, "Kapan tepatnya?")
    first, second = await done(services, 2)

    assert Remarked(card.id, "Kapan?", about=NUMBER) == first.deed
    assert Remarked(card.id, "Kapan tepatnya?", edits=True, about=NUMBER) == second.deed
    assert first.message == second.message == written.id


async def test_who_hides_behind_the_group_has_no_name(polling: Adapter, group: Chat, budi: Person, services: Services):
    """An anonymous administrator's command and reply come from nobody; their chatter is no errand."""
    card = await carded(polling, group)
    budi.types("Halo", chat=group, anonymous=True)
    budi.types("/antrean", chat=group, anonymous=True)
    budi.types("Kapan?", chat=group, reply_to=card, anonymous=True)
    errands = await done(services, 2)

    assert [Faceless(), Faceless()] == [one.deed for one in errands]
    assert {staff.NOBODY} == {one.by for one in errands}


async def test_who_writes_as_the_channel_has_no_name(polling: Adapter, channel: Chat, budi: Person, services: Services):
    """A channel's posts are by nobody: a command or a reply to a card comes so, other posts are no errand."""
    card = await carded(polling, channel)
    budi.types("Halo", chat=channel)
    budi.types("/antrean", chat=channel)
    budi.types("Kapan?", chat=channel, reply_to=card)
    errands = await done(services, 2)

    assert [Faceless(), Faceless()] == [one.deed for one in errands]
    assert {staff.NOBODY} == {one.by for one in errands}


async def test_words_under_a_file_are_known_as_such(polling: Adapter, group: Chat, budi: Person, services: Services):
    """A caption in reply to a card is a remark that bears something; a file alone is none."""
    card = await carded(polling, group)
    budi.sends_document(b"abc", "a.txt", chat=group, reply_to=card)
    budi.sends_document(b"abc", "a.txt", chat=group, reply_to=card, caption="Ini sekolahnya?")
    [errand] = await done(services)

    assert Remarked(card.id, "Ini sekolahnya?", about=NUMBER, attached=True) == errand.deed


@pytest.mark.usefixtures("polling")
async def test_the_services_hear_who_comes_and_goes(
    simulator: Simulator, group: Chat, budi: Person, sari: Person, services: Services
):
    """A change of the moderators' chat's members is told."""
    await simulator.settled(lambda: simulator.calls_of("getUpdates"))
    budi.adds(group, sari.user)
    errands = await done(services)

    assert Changed() == errands[0].deed


@pytest.mark.usefixtures("polling")
async def test_nobody_learns_in_private_that_there_are_staff_commands(sari: Person, services: Services):
    """What the services take for no staff's is answered like any unknown command and any old button."""
    sari.types("/antrean")
    await services.until(lambda: services.arrivals)
    message = await sari.chat.next_message()
    sari.taps(message, data=f"+|{NUMBER}|take")
    await services.until(lambda: len(services.arrivals) == 2)

    assert ["unknown", -1] == [
        getattr(one.event, "command", None) or getattr(one.event, "turn", None) for one in services.arrivals
    ]
    assert [True, True] == [one.private for one in services.errands]


async def test_what_shows_a_tip_is_told_by_its_messages(
    polling: Adapter, channel: Chat, budi: Person, services: Services
):
    """What is sent, or drawn over another message, is told with the tips that it shows, once the storage answers."""
    services.unshown.append(StorageTrouble())
    services.responses += [
        Response(new=screen("salinan"), shows=(NUMBER,)),
        Response(over=screen("daftar"), shows=("A",)),
    ]
    budi.types("/tip")
    answer = await budi.chat.next_message()
    card = await carded(polling, channel)
    budi.taps(card, "Lanjut")
    await services.until(lambda: len(services.shown) == 2)

    assert {(budi.chat.id, (answer.id,), (NUMBER,)), (channel.id, (card.id,), ("A",))} == set(services.shown)


@pytest.mark.usefixtures("polling")
async def test_what_comes_first_is_a_message_of_its_own(budi: Person, services: Services):
    """A talk is sent before the card, and both are noted for clearing."""
    services.responses.append(Response(first=screen("talk"), new=screen("kartu")))
    budi.types("/tip")
    first, second = await budi.chat.next_message(), await budi.chat.next_message()
    await services.until(lambda: services.spoken)

    assert ["talk", "kartu"] == [first.text, second.text]
    assert [(budi.chat.id, (first.id, second.id))] == services.spoken


@pytest.mark.usefixtures("polling")
async def test_staff_is_answered_in_private_and_can_clear_it(budi: Person, services: Services):
    """An answer in a private chat replies to what asked, and its messages are noted for clearing."""
    services.responses.append(Response(new=screen("antrean")))
    asked = budi.types("/antrean")
    answer = await budi.chat.next_message()
    await services.until(lambda: services.spoken)

    assert asked.id == answer.reply_to
    assert [(budi.chat.id, (answer.id,))] == services.spoken
    assert [] == services.arrivals


async def test_a_card_is_redrawn_where_it_stands(adapter: Adapter, channel: Chat):
    """The same again is accepted; a card that is gone is unfit, and not sent anew."""
    card = await carded(adapter, channel)
    outcomes = [await adapter.channel.redraw(channel.id, card.id, screen(words)) for words in ("lain", "lain")]
    gone = await adapter.channel.redraw(channel.id, card.id + 1, screen())

    assert [Accepted((card.id,)), Accepted()] == outcomes
    assert "lain" == card.text
    assert Unfit("gone") == gone
    assert 1 == len([message for message in channel.messages if message.from_bot])


async def test_a_question_is_amended_where_the_reporter_reads_it(adapter: Adapter, sari: Person):
    """A message in a private chat says something else afterwards; the same again is accepted."""
    sari.starts()
    asked = await adapter.outbound.say(sari.chat.id, screen("Kapan?"), "id")
    outcomes = [await adapter.outbound.amend(sari.chat.id, asked.messages, screen("Jam?"), "id") for _ in range(2)]

    assert "Jam?" == sari.chat.last.text
    assert [Accepted((sari.chat.last.id,))] * 2 == outcomes


async def test_a_question_of_many_messages_is_amended_whole(adapter: Adapter, sari: Person):
    """Worded shorter it stands in the last message and the first says so; longer, it takes one more, to its end."""
    sari.starts()
    long, longer = "A? " * 2000, "B? " * 3000
    asked = await adapter.outbound.say(sari.chat.id, screen(long), "id")
    shown = []
    for words in ("Jam?", longer):
        outcome = await adapter.outbound.amend(sari.chat.id, asked.messages, screen(words), "id")
        said = [sari.chat.message_by_id[one] for one in outcome.messages]
        shown.append(([one.text for one in said], [bool(one.labels) for one in said]))
    (short, buttons), (whole, later) = shown

    assert (["Lihat di bawah.", "Jam?"], [False, True]) == (short, buttons)
    assert longer.split() == " ".join(whole).split()
    assert [False, False, True] == later


async def test_the_chats_administrators_are_people(adapter: Adapter, channel: Chat, budi: Person, sari: Person):
    """Who administers is asked of Telegram, bots are left out; nothing is known where the bot is not let in."""
    budi.promotes(channel, sari.user, can_post_messages=True)
    known = await adapter.channel.administrators(channel.id)
    budi.removes_bot(channel)

    assert {budi.user.id, sari.user.id} == known
    assert await adapter.channel.administrators(channel.id) is None


async def test_commands_are_shown_to_whose_they_are(
    adapter: Adapter, simulator: Simulator, group: Chat, budi: Person, sari: Person
):
    """Administrators see theirs in the group, admins theirs in their own chats; who never wrote is passed over."""
    sari.starts()
    staffed = Staff(group.id, (), (sari.user.id, 999))
    await introduce_staff(adapter.api, Catalogues.load(), "id", staffed)
    menus = {
        name: [one["command"] for one in menu(simulator.world, chat, person.user)]
        for name, chat, person in (("group", group, budi), ("admin", sari.chat, sari), ("other", budi.chat, budi))
    }

    assert {"antrean", "tip", "serahkan"} == set(menus["group"])
    assert {"lapor", "antrean", "statistik"} <= set(menus["admin"])
    assert [] == menus["other"]


async def test_a_channel_that_has_no_menu_stops_nobody(adapter: Adapter, channel: Chat, simulator: Simulator):
    """Telegram refuses commands for channels; the others are set all the same."""
    await introduce_staff(adapter.api, Catalogues.load(), "id", Staff(channel.id, (), ()))

    assert simulator.calls_of("setMyCommands")[-1].error is not None


@pytest.mark.parametrize("language", STAFF_NAMES)
def test_every_staff_command_that_is_shown_is_understood(language: str):
    """A command in the menu means what it says, and each has a name."""
    assert all(staff.COMMANDS[name] is command for command, name in STAFF_NAMES[language].items())
    assert set(StaffCommand) == set(STAFF_NAMES[language])
    assert set(StaffCommand) >= FOR_ADMINS
