"""Claims about replies and owed answers, over real HTTP."""

import io

import pytest
from PIL import Image
from telegram_stage import Adapter, Services

from bot.adapters.telegram.outbound import Origin
from bot.conversation.post import Exhibit
from bot.conversation.screens import Choice, Reply, Screen, say
from bot.conversation.speech import Accepted, Later, Shut
from bot.simulator import Message, Person, Simulator

TWO_DAYS = 48 * 3600


def screen(words: str, turn: int = 1) -> Screen:
    return Screen("who", turn, (say("heard", words=words),), (Choice("pns", say("toast", words="PNS")),))


def reply(*screens: Screen, toast: str = "") -> Reply:
    return Reply("id", screens, say("toast", words=toast) if toast else None)


async def asked(adapter: Adapter, sari: Person) -> Message:
    """A question of the bot's in the chat."""
    sari.starts()
    await adapter.outbound.say(1001, screen("satu"), "id")
    return await sari.chat.next_message()


async def test_a_tap_is_answered_once_and_its_message_redrawn(adapter: Adapter, simulator: Simulator, sari: Person):
    """A tap gets one answer with its toast, and the new screen over the old one, without another message."""
    question = await asked(adapter, sari)
    tap = sari.taps(question, "PNS")
    sent = await adapter.outbound.answer(Origin(1001, question.id, tap.query_id), reply(screen("dua", 2), toast="Baik"))
    answer = await tap.answered()

    assert (sent, answer["text"], answer.get("show_alert")) == ((), "Baik", False)
    assert sari.chat.last.id == question.id
    assert sari.chat.last.text == "Anda: dua"
    assert len(simulator.calls_of("answerCallbackQuery")) == 1


async def test_a_long_toast_stays_until_it_is_read(adapter: Adapter, sari: Person):
    """A toast that takes a while to read is shown as an alert."""
    question = await asked(adapter, sari)
    tap = sari.taps(question, "PNS")
    await adapter.outbound.answer(Origin(1001, question.id, tap.query_id), reply(toast="kata " * 20))

    assert (await tap.answered())["show_alert"] is True


async def test_the_same_screen_again_is_no_failure(adapter: Adapter, simulator: Simulator, sari: Person):
    """Drawing what is there already is a success and sends nothing."""
    question = await asked(adapter, sari)
    tap = sari.taps(question, "PNS")
    sent = await adapter.outbound.answer(Origin(1001, question.id, tap.query_id), reply(screen("satu")))

    assert sent == ()
    assert len(simulator.calls_of("sendMessage")) == 1
    assert adapter.health.counts["reply_lost"] == 0


async def test_a_screen_that_cannot_be_redrawn_is_sent(adapter: Adapter, sari: Person):
    """Where the tapped message is gone, the screen comes as a new message."""
    question = await asked(adapter, sari)
    tap = sari.taps(question, "PNS")
    sari.deletes(question)
    [sent] = await adapter.outbound.answer(Origin(1001, question.id, tap.query_id), reply(screen("dua")))

    assert sari.chat.last.id == sent
    assert sari.chat.last.text == "Anda: dua"


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
@pytest.mark.parametrize("fault", ["flood", "server_error", "lost_response", "half_sent"])
async def test_a_fault_on_the_way_is_tried_again(
    adapter: Adapter, simulator: Simulator, sari: Person, method: str, fault: str
):
    """A fault in answering a tap delays it; the screen is redrawn and nothing is sent twice."""
    question = await asked(adapter, sari)
    simulator.faults.add(fault, method, times=2)
    tap = sari.taps(question, "PNS")
    await adapter.outbound.answer(Origin(1001, question.id, tap.query_id), reply(screen("dua"), toast="Baik"))

    assert tap.answer is not None
    assert [one.text for one in sari.chat.messages if one.from_bot] == ["Anda: dua"]


async def test_a_fault_that_stays_is_given_up_and_counted(
    adapter: Adapter, simulator: Simulator, sari: Person, services: Services
):
    """A reply is tried a few times; the rest of it is dropped with it, and counted."""
    sari.starts()
    simulator.faults.add("server_error", "sendMessage", times=None)
    sent = await adapter.outbound.answer(Origin(1001), reply(screen("satu"), screen("dua")))

    assert sent == ()
    assert adapter.health.counts["reply_lost"] == 1
    assert services.now > 0


async def test_a_query_too_old_is_no_failure(adapter: Adapter, simulator: Simulator, sari: Person):
    """A tap that waited too long cannot be answered any more; its screen is drawn all the same."""
    question = await asked(adapter, sari)
    await adapter.outbound.answer(Origin(1001, question.id, "12345"), reply(screen("dua"), toast="Baik"))

    assert sari.chat.last.text == "Anda: dua"
    assert len(simulator.calls_of("answerCallbackQuery")) == 1


async def test_an_answer_to_words_is_a_new_message(adapter: Adapter, sari: Person):
    """Typed words are answered below them."""
    await asked(adapter, sari)
    words = sari.types("Kepala dinas")
    sent = await adapter.outbound.answer(Origin(1001, words.id), reply(screen("dua"), screen("tiga")))

    assert sent == tuple(one.id for one in sari.chat.messages[-2:])
    assert [one.text for one in sari.chat.messages[-2:]] == ["Anda: dua", "Anda: tiga"]


async def test_a_long_screen_is_several_messages_with_the_buttons_last(adapter: Adapter, sari: Person):
    """A screen that is too long for a message has its buttons under the last part."""
    sari.starts()
    sent = await adapter.outbound.answer(Origin(1001), reply(screen("kata " * 1500)))
    parts = sari.chat.messages[-len(sent) :]

    assert len(sent) == 2
    assert [one.labels for one in parts] == [[], ["PNS"]]


async def test_words_cannot_become_markup_or_links(adapter: Adapter, simulator: Simulator, sari: Person):
    """What a person wrote is shown as it is, and no message has a preview."""
    sari.starts()
    await adapter.outbound.say(1001, screen("<b>x</b> &amp; https://contoh.id"), "id")
    message = await sari.chat.next_message()

    assert message.text == "Anda: <b>x</b> &amp; https://contoh.id"
    assert [one["type"] for one in message.entities if one["type"] != "url"] == ["bold"]
    assert simulator.calls_of("sendMessage")[-1].parameters["link_preview_options"] == {"is_disabled": True}


async def test_what_is_owed_is_said_once_and_its_fate_told(adapter: Adapter, simulator: Simulator, sari: Person):
    """An owed answer has one try, and its outcome tells whether to try again."""
    sari.starts()
    simulator.faults.add("flood", "sendMessage", seconds=30)
    outcomes = [await adapter.outbound.say(1001, screen("satu"), "id")]
    simulator.faults.add("lost_response", "sendMessage")
    outcomes.append(await adapter.outbound.say(1001, screen("satu"), "id"))
    outcomes.append(await adapter.outbound.say(1001, (say("heard", words="dua"),), "xx"))
    sari.blocks()
    outcomes.append(await adapter.outbound.say(1001, screen("tiga"), "id"))
    outcomes.append(await adapter.outbound.say(4711, screen("tiga"), "id"))

    last = sari.chat.messages[-1]
    assert outcomes == [Later(30), Later(unsure=True), Accepted((last.id,)), Shut("blocked"), Shut("chat_not_found")]


async def test_messages_are_erased_even_beside_one_that_is_too_old(
    adapter: Adapter, simulator: Simulator, sari: Person
):
    """Of many messages, one that Telegram no longer deletes, or has deleted, keeps none of the others."""
    old = sari.types("lama")
    old.api["date"] -= TWO_DAYS + 60
    fresh = [sari.types(str(n)) for n in range(120)]
    outcome = await adapter.outbound.erase(1001, [old.id, 999_999, *[one.id for one in fresh]])

    assert outcome == Accepted()
    assert sari.chat.messages == [old]
    assert len(simulator.calls_of("deleteMessages")[0].parameters["message_ids"]) == 100


async def test_a_file_is_shown_to_its_reporter_under_a_neutral_name(adapter: Adapter, sari: Person):
    """What will be sent is shown in the private chat, as the moderators will get it."""
    sari.starts()
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(file, "JPEG")
    picture = file.getvalue()
    outcome = await adapter.outbound.show(1001, Exhibit(1, "picture", extension="jpg", size=len(picture)), picture)

    assert isinstance(outcome, Accepted)
    assert ("photo", True) == (sari.chat.last.kind, sari.chat.last.protected)


async def test_a_file_to_keep_arrives_under_its_name_and_can_be_saved(adapter: Adapter, sari: Person):
    """What is handed over is a document with the name it was given, whole, and not protected from saving."""
    sari.starts()
    outcome = await adapter.outbound.give(1001, "K7QX-2M.zip", b"PK" * 1000)
    message = sari.chat.last

    assert isinstance(outcome, Accepted)
    assert ("document", False, "K7QX-2M.zip") == (
        message.kind,
        message.protected,
        message.api["document"]["file_name"],
    )
    assert b"PK" * 1000 == message.data


async def test_being_busy_is_shown_and_never_fails(adapter: Adapter, sari: Person):
    """The chat shows that a file is worked on; a chat that takes nothing changes nothing."""
    sari.starts()
    await adapter.outbound.busy(1001)
    await adapter.outbound.busy(424242)

    assert sari.chat.actions
