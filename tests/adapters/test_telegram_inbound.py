"""Claims about updates on their way in, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from telegram.error import Conflict
from telegram_stage import Adapter, Fault, Services, StorageTrouble, wire

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.health import Link
from bot.adapters.telegram.reception import BACKLOG, TRIES
from bot.adapters.telegram.standing import Standing
from bot.conversation.events import Chose, Typed
from bot.conversation.screens import Reply, Screen, say
from bot.conversation.speech import Moved
from bot.locales.catalogue import Catalogues
from bot.simulator import Chat, Person, Simulator


@asynccontextmanager
async def running(adapter: Adapter) -> AsyncIterator[None]:
    """Poll inside the block; at its end stop as if the power went."""
    task = asyncio.create_task(adapter.inbound.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def only(words: str, obstacle: object):
    """An obstacle for one message."""
    return lambda arrival: obstacle if arrival.event == Typed(words) else None


def pending(simulator: Simulator) -> list[str]:
    """The words of what Telegram has not been told to forget."""
    return [update["message"]["text"] for update in simulator.updates.pending()]


@pytest.mark.usefixtures("polling")
async def test_words_are_handled_answered_and_noted(sari: Person, services: Services):
    """What a person types is handled and answered, and the answer's number is passed on."""
    sari.types("halo")
    answer = await sari.chat.next_message()
    await services.until(lambda: services.spoken)

    assert answer.text == "Anda: halo"
    assert services.words(1001) == ["halo"]
    assert services.spoken == [(1001, (answer.id,))]


@pytest.mark.usefixtures("polling")
async def test_telegram_is_told_and_so_are_the_services(simulator: Simulator, sari: Person, services: Services):
    """Once a later offset has been asked for, Telegram has forgotten the update and the services may as well."""
    sari.types("satu")
    await sari.chat.next_message()
    sari.types("dua")
    await sari.chat.next_message()
    sari.types("tiga")
    await services.until(lambda: len(services.told) >= 2)

    assert [one.update for one in services.arrivals][:2] == services.told[:2]
    assert "satu" not in pending(simulator)


async def test_one_chat_is_in_order_and_chats_are_side_by_side(
    polling: Adapter, sari: Person, budi: Person, services: Services
):
    """While one person's message takes long, their next ones wait and everybody else's go on."""
    long = asyncio.Event()
    services.meets = only("s0", long)
    for n in range(30):
        sari.types(f"s{n}")
        budi.types(f"b{n}")
    await services.until(lambda: services.words(1002) == [f"b{n}" for n in range(30)])
    before = services.words(1001)
    long.set()
    await services.until(lambda: services.words(1001) == [f"s{n}" for n in range(30)])

    assert before == []
    assert polling.health.counts["update"] == 60


async def test_nothing_is_acknowledged_before_its_commit(
    simulator: Simulator, sari: Person, budi: Person, services: Services, catalogues: Catalogues
):
    """Power lost before a commit: the update comes again after the restart, and is handled then."""
    services.meets = only("belum", asyncio.Event())
    first = wire(simulator, services, catalogues)
    async with running(first):
        sari.types("sudah")
        sari.types("belum")
        await services.until(lambda: services.tries == 2)
        budi.types("lain")
        await services.until(lambda: services.words(1002) == ["lain"])
    kept = pending(simulator)
    await first.inbound.close(0)

    services.meets = lambda _: None
    second = wire(simulator, services, catalogues)
    async with running(second):
        await services.until(lambda: "belum" in services.words(1001))
    await second.inbound.close(1)

    assert "belum" in kept
    assert services.words(1001)[-1] == "belum"
    assert pending(simulator) == []


async def test_what_was_committed_but_not_told_comes_again(
    simulator: Simulator, sari: Person, services: Services, catalogues: Catalogues
):
    """Power lost between the commit and the next offset: the same update number is handed over a second time."""
    first = wire(simulator, services, catalogues)
    simulator.faults.add("refused", "sendMessage", times=None)
    async with running(first):
        sari.types("halo")
        await services.until(lambda: services.arrivals)
        simulator.faults.add("refused", "getUpdates", times=None)
    await first.inbound.close(0)
    simulator.faults.clear()
    update = services.arrivals[0].update
    simulator.updates.clear()
    simulator.updates.put("message", sari.chat.last.api)
    simulator.updates.pending()[0]["update_id"] = update

    second = wire(simulator, services, catalogues)
    async with running(second):
        await services.until(lambda: len(services.arrivals) == 2)
    await second.inbound.close(1)

    assert {one.update for one in services.arrivals} == {update}


async def test_a_poisonous_update_is_set_aside_and_answered_kindly(polling: Adapter, sari: Person, services: Services):
    """What fails three times is counted by where it failed and apologised for, and the chat goes on."""
    services.meets = only("racun", Fault("kata-kata rahasia"))
    sari.types("racun")
    sorry = await sari.chat.next_message()
    tries = services.tries
    sari.types("obat")
    answer = await sari.chat.next_message()

    assert tries == TRIES
    assert sorry.text == "Maaf, ada yang salah di pihak kami."
    assert answer.text == "Anda: obat"
    assert [what for what in polling.health.counts if "Fault telegram_stage.py" in what]
    assert "rahasia" not in repr(polling.health)


async def test_storage_trouble_is_waited_for_without_an_end(polling: Adapter, sari: Person, services: Services):
    """An update that cannot be kept is tried until it can, is not apologised for, and is handled once."""
    services.meets = lambda _: StorageTrouble() if services.tries < 25 else None
    sari.types("simpan")
    answer = await sari.chat.next_message()

    assert answer.text == "Anda: simpan"
    assert services.words(1001) == ["simpan"]
    assert polling.health.counts["storage_trouble"] == 24


async def test_one_chats_trouble_does_not_stall_the_others(
    polling: Adapter, simulator: Simulator, sari: Person, budi: Person, services: Services
):
    """While one update cannot be kept, updates that come later are fetched and handled, and it is kept by Telegram."""
    services.meets = only("macet", asyncio.Event())
    sari.types("macet")
    await services.until(lambda: services.tries == 1)
    for n in range(3):
        budi.types(str(n))
        await services.until(lambda n=n: str(n) in services.words(1002))

    assert pending(simulator)[0] == "macet"
    assert polling.health.link is Link.STALLED


async def test_a_malformed_update_hurts_no_other(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services
):
    """What cannot be read, at whatever depth, is set aside; what came with it is handled."""
    simulator.updates.put("message", {"message_id": 1, "date": "kemarin", "chat": sari.chat.api})
    simulator.updates.put("message", {"message_id": 1, "date": 1, "chat": sari.chat.api, "entities": [1]})
    sari.types("halo")
    await services.until(lambda: services.words(1001) == ["halo"])
    await services.until(lambda: not len(simulator.updates))

    assert sum(count for what, count in polling.health.counts.items() if what.startswith("set_aside")) == 2


@pytest.mark.parametrize("number", ["5", 5.0, True, None, 2**63])
async def test_a_message_whose_number_telegram_could_not_have_given_is_set_aside(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services, number: object
):
    """The library checks none; noted among a chat's messages it would break what is done by the hour."""
    made = {"message_id": number, "date": 1, "chat": sari.chat.api, "from": sari.user.api(), "text": "palsu"}
    simulator.updates.put("message", made)
    sari.types("halo")
    await services.until(lambda: services.words(1001) == ["halo"])
    await services.until(lambda: not len(simulator.updates))

    assert sum(count for what, count in polling.health.counts.items() if what.startswith("set_aside")) == 1


async def test_what_stands_over_a_tapped_button_is_not_read(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services
):
    """A tap counts whatever its message has become, for of that only where it stands is looked at."""
    over = {"message_id": 7, "date": 1, "chat": sari.chat.api, "text": "?", "entities": [1], "reply_markup": 1}
    tap = {"id": "1", "from": sari.user.api(), "chat_instance": "1", "data": "3|place|back", "message": over}
    simulator.updates.put("callback_query", tap)
    await services.until(lambda: services.arrivals)
    [arrival] = services.arrivals

    assert (1001, 7, Chose(3, "place", "back")) == (arrival.chat, arrival.message, arrival.event)
    assert not [what for what in polling.health.counts if what.startswith("set_aside")]


@pytest.mark.usefixtures("polling")
async def test_numbers_may_start_anew(simulator: Simulator, sari: Person, services: Services):
    """After a quiet week update numbers start anew anywhere, and nothing is missed or handled twice."""
    for n in range(6):
        sari.types(str(n))
        await services.until(lambda n=n: str(n) in services.words(1001))
        await simulator.settled(lambda: not simulator.updates.pending())
        simulator.updates.jump()

    assert services.words(1001) == [str(n) for n in range(6)]


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway", "refused", "lost_response", "half_sent", "flood"])
async def test_a_failing_telegram_is_waited_for(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services, fault: str
):
    """Whatever goes wrong with fetching, every update is handled once and the link recovers."""
    simulator.faults.add(fault, "getUpdates", times=3)
    for n in range(5):
        sari.types(str(n))
    await services.until(lambda: len(services.words(1001)) == 5)
    await sari.chat.next_message()

    assert services.words(1001) == [str(n) for n in range(5)]
    assert polling.health.counts[Link.UNREACHABLE] >= 1


async def test_a_second_poller_is_noticed(polling: Adapter, simulator: Simulator, sari: Person, services: Services):
    """Two pollers on one token: the conflict is told by the link's state, and polling goes on when it is over."""
    await simulator.settled(lambda: simulator.calls_of("getUpdates"))
    async with Api(simulator.token, simulator.api_url) as other:
        with suppress(Conflict):
            await other.call("getUpdates", {"timeout": 1})
    sari.types("halo")
    await services.until(lambda: services.words(1001) == ["halo"])

    assert polling.health.counts[Link.CONFLICT] >= 1


async def test_a_refused_token_stops_nothing(simulator: Simulator, services: Services, catalogues: Catalogues):
    """A token that Telegram refuses is a state of the link, not a crash."""
    simulator.world.token = "70001:another-token-that-opens-nothing"
    adapter = wire(simulator, services, catalogues, token="70001:SIMULATED-token-that-opens-nothing")
    async with running(adapter):
        await services.until(lambda: adapter.health.link is Link.REFUSED)
    await adapter.inbound.close(0)

    assert adapter.health.counts[Link.WELL] == 0


async def test_a_graceful_stop_finishes_what_is_in_hand(
    simulator: Simulator, sari: Person, services: Services, catalogues: Catalogues
):
    """What was fetched before a stop is committed, answered and acknowledged within the grace time."""
    adapter = wire(simulator, services, catalogues)
    gate = asyncio.Event()
    services.meets = lambda _: gate
    async with running(adapter):
        for n in range(5):
            sari.types(str(n))
        await services.until(lambda: services.tries)
    asyncio.get_running_loop().call_soon(gate.set)
    await adapter.inbound.close(10)

    handled = len(services.arrivals)
    assert handled >= 1
    assert [f"Anda: {n}" for n in range(handled)] == [one.text for one in sari.chat.messages if one.from_bot]
    assert len(simulator.updates) == 5 - handled
    assert adapter.health.link is Link.STOPPED


@pytest.mark.usefixtures("polling")
async def test_strangers_groups_are_left_in_silence(
    simulator: Simulator, channel: Chat, budi: Person, services: Services
):
    """In any group or channel but the moderators' the bot says nothing and leaves."""
    group = simulator.group("Orang lain", budi)
    budi.adds_bot(group)
    budi.types("/start", chat=group)
    other = simulator.channel("Kanal lain", budi)
    budi.adds_bot(other, can_post_messages=True)
    await simulator.settled(lambda: {group.bot.status, other.bot.status} == {"left"})

    assert [one for one in group.messages + other.messages if one.from_bot and one.kind != "service"] == []
    assert channel.bot.status == "administrator"
    assert services.arrivals == []


@pytest.mark.usefixtures("polling")
async def test_the_services_hear_of_the_moderators_chat(channel: Chat, budi: Person, services: Services):
    """Rights that are given or taken in the moderators' chat, and being thrown out of it, are passed on."""
    budi.promotes(channel, channel.world.bot, can_post_messages=True)
    budi.removes_bot(channel)
    await services.until(lambda: len(services.noted) == 2)

    assert services.noted == [
        Standing(present=True, post=True, edit=False, delete=False),
        Standing(present=False, post=False, edit=False, delete=False),
    ]


@pytest.mark.usefixtures("polling")
async def test_a_moved_group_is_followed_and_not_left(simulator: Simulator, budi: Person, services: Services):
    """When the moderators' group becomes a supergroup, its new number is passed on and the bot stays in it."""
    group = simulator.group("Moderator", budi)
    budi.adds_bot(group, can_delete_messages=True)
    services.moderator_chat = group.id
    moved = budi.upgrades(group)
    budi.types("/tip", chat=moved)
    await services.until(lambda: Moved(moved.id) in services.noted)

    assert moved.bot.status == "administrator"
    assert simulator.calls_of("leaveChat") == []


async def test_who_sends_too_much_is_not_answered_without_end(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services
):
    """Replies that wait for one chat are bounded; every event is handled all the same."""
    simulator.faults.add("slow", "sendMessage", seconds=0.5)
    for n in range(2 * BACKLOG):
        sari.types(str(n))
    await services.until(lambda: len(services.spoken) == 2 * BACKLOG)

    assert len(services.arrivals) == 2 * BACKLOG
    assert len([one for one in sari.chat.messages if one.from_bot]) < 2 * BACKLOG
    assert polling.health.counts["update"] == 2 * BACKLOG


async def test_a_reply_that_cannot_be_drawn_silences_nobody(polling: Adapter, sari: Person, services: Services):
    """A screen without words is our fault, is counted, and the next reply is said."""
    broken = Reply("id", (Screen("", 0, (say("no.such"),)),))
    whole = services.reply
    services.reply = lambda arrival: broken if arrival.event == Typed("rusak") else whole(arrival)
    sari.types("rusak")
    sari.types("utuh")
    answer = await sari.chat.next_message()

    assert answer.text == "Anda: utuh"
    assert [what for what in polling.health.counts if what.startswith("unsaid MissingTextError")]


async def test_who_has_blocked_the_bot_is_dropped_silently(polling: Adapter, sari: Person, services: Services):
    """A reply that a blocked bot cannot say is counted and forgotten."""
    gate = asyncio.Event()
    services.meets = lambda _: gate
    sari.types("halo")
    await services.until(lambda: services.tries)
    sari.blocks()
    gate.set()
    await services.until(lambda: services.spoken)

    assert polling.health.counts["reply_shut"] == 1
    assert services.spoken == [(1001, ())]
