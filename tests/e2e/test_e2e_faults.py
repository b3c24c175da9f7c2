"""Telegram fails in every way it knows; no tip is lost, and a repeat is known by its number."""

import asyncio

import pytest

from bot.adapters.telegram.health import Link
from bot.app import HOUR, MINUTE
from bot.simulator import Simulator
from prove.stage import NUMBER, PATIENCE, Scene, does, picture, sends_tip, taps, to_the_evidence, to_the_review

NEITHER_LOST_NOR_DOUBLED = ("flood", "server_error", "bad_gateway", "refused")
DOUBLED_AT_MOST = ("lost_response", "half_sent")
REPEAT = "Kiriman ulang"
PIECES = 5
STRIKES = [
    *zip(NEITHER_LOST_NOR_DOUBLED, ("sendMessage", "sendDocument", "sendMediaGroup", "sendMediaGroup"), strict=True),
    *[("lost_response", method) for method in ("sendMessage", "sendDocument", "sendMediaGroup")],
    ("half_sent", "sendMediaGroup"),
]


async def posts_through(scene: Scene, kind: str, method: str) -> list[str]:
    """Send a tip with a photo and an album of documents while a method fails once; the text of each post."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_photo(picture(300))
        scene.sari.person.sends_photo(picture(301))
        await scene.sari.sees("2 bukti tersimpan")
        scene.sari.person.sends_document(picture(302), "a.jpg")
        await scene.sari.sees("3 bukti tersimpan")
        await does(scene.sari, [taps("next"), taps("code")])
        await scene.sari.offered("send")
        scene.simulator.faults.add(kind, method)
        await taps("send")(scene.sari)
        await scene.sari.receipt()
        await scene.delivered()
        await app.jobs.settled()
        assert not scene.simulator.faults.planned
    return [post.text for post in scene.posts]


@pytest.mark.parametrize(("kind", "method"), STRIKES)
async def test_a_sending_that_fails_is_repeated_with_its_number(scene, kind, method):
    """Whatever goes wrong once, all pieces come with the number; what was accepted doubles, and the copies say so."""
    texts = await posts_through(scene, kind, method)
    again = [text for text in texts if REPEAT in text]

    assert 1 == len({NUMBER.search(text)[0] for text in texts})
    if kind in DOUBLED_AT_MOST:
        assert PIECES == len(texts) - len(again)
        assert set(texts) >= {text.partition("\n")[2] for text in again}
        assert again or method == "sendMessage"  # where the reporter's receipt may meet the fault
    else:
        assert PIECES == len(texts)
        assert kind != "flood" or not again


async def test_a_flood_answer_is_obeyed(scene):
    """After 429 with retry_after nothing is sent to that chat before the seconds are over."""
    async with scene.bot():
        await does(scene.sari, to_the_review())
        flood = scene.simulator.faults.add("flood", "sendMessage", times=1, seconds=2)
        await taps("send")(scene.sari)
        await scene.delivered()
        calls = scene.simulator.calls_of("sendMessage")
    struck = next(call for call in calls if call.fault == "flood")
    after = [call for call in calls if call.at > struck.at and same_chat(call, struck)]

    assert 1 == flood.happened
    assert all(call.at >= struck.at + 2 for call in after)


def same_chat(one, other) -> bool:
    return str(one.parameters["chat_id"]) == str(other.parameters["chat_id"])


@pytest.mark.parametrize("kind", ["flood", "bad_gateway", "refused", "half_sent"])
async def test_updates_that_cannot_be_fetched_are_waited_for(scene, kind):
    """A getUpdates that fails, before or after it was carried out, loses no answer of a reporter and doubles none."""
    async with scene.bot():
        fault = scene.simulator.faults.add(kind, "getUpdates")
        receipt = await sends_tip(scene.sari)
        await scene.delivered()

    assert 1 == fault.happened
    assert [receipt] == scene.sari.receipts()
    assert 1 == len(scene.cards())


async def test_a_download_that_fails_is_tried_again(scene):
    """A photo is kept though getFile and the download each fail at first."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence())
        scene.simulator.faults.add("bad_gateway", "getFile")
        scene.simulator.faults.add("half_sent", "download")
        scene.sari.person.sends_photo(picture())
        await scene.sari.sees("1 bukti tersimpan")


async def test_a_channel_that_threw_the_bot_out_alarms_and_gets_all_tips_later(scene):
    """Thrown out, the bot alarms the admin without content; tips wait, are confirmed, and come when it is back."""
    async with scene.bot() as app:
        scene.stage.dewi.removes_bot(scene.stage.channel)
        alarm = await scene.admin.sees("⚠")
        receipts = [await sends_tip(scene.sari, accused="Camat Binamu"), await sends_tip(scene.budi)]
        assert not scene.posts
        rights = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
        scene.stage.dewi.adds_bot(scene.stage.channel, **rights)
        await scene.delivered(2)
        await app.jobs.settled()

    assert 2 == len(set(receipts))
    assert 4 == len(scene.posts)
    assert "Camat" not in alarm.text
    assert not NUMBER.search(alarm.text)


async def test_tips_that_waited_over_a_restart_come_too(scene):
    """What was owed to a closed channel when the bot stopped is posted by the next one."""
    async with scene.bot():
        scene.stage.dewi.removes_bot(scene.stage.channel)
        await sends_tip(scene.sari)
        await scene.admin.sees("⚠")
    rights = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
    scene.stage.dewi.adds_bot(scene.stage.channel, **rights)
    async with scene.bot():
        await scene.delivered()


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_became_a_supergroup_is_followed(scene, told):
    """Its new number is learned from the update or from the refusal, and is known after a restart."""
    dewi = scene.stage.dewi
    group = scene.simulator.group("Meja", dewi)
    dewi.adds_bot(group)
    chosen = str(group.id)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=chosen):
        await sends_tip(scene.sari)
        await scene.waits(lambda: any("Kelengkapan" in post.text for post in group.messages))
        if told:
            moved = dewi.upgrades(group)
            await scene.waits(lambda: not len(scene.simulator.updates))
    if not told:
        moved = dewi.upgrades(group)
        scene.simulator.updates.clear()
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=chosen):
        await sends_tip(scene.budi)
        await scene.waits(lambda: any("Kelengkapan" in post.text for post in moved.messages))

    assert "left" != moved.bot.status


async def test_two_pollers_get_out_of_each_others_way(scene):
    """While another polls with the same token the bot waits; when that one is gone it goes on by itself."""
    async with scene.bot():
        await does(scene.sari, to_the_evidence()[:3])
        rival = asyncio.create_task(polls(scene.simulator))
        await scene.waits(lambda: conflicts(scene.simulator))
        rival.cancel()
        await asyncio.gather(rival, return_exceptions=True)
        await scene.sari.types("Kepala SMP Negeri 2")

    assert "kabupaten" in scene.sari.told[-1].text


async def polls(simulator: Simulator) -> None:
    """Somebody else with the same token, who takes nothing away."""
    while True:
        await simulator.updates.get(0, 1, 0.5)


def conflicts(simulator: Simulator) -> bool:
    return any(call.error and call.error.code == 409 for call in simulator.calls_of("getUpdates"))


async def test_a_webhook_is_taken_off(scene):
    """Where a webhook takes the updates, before the start or in the middle, the bot takes it off and goes on."""
    scene.simulator.world.webhook = "https://former.example/hook"
    async with scene.bot():
        await scene.sari.types("/start")
        scene.simulator.world.webhook = "https://thief.example/hook"
        await does(scene.sari, [taps("agree-id"), taps("PNS")])
        await scene.waits(lambda: not scene.simulator.world.webhook)

    assert 2 == len(scene.simulator.calls_of("deleteWebhook"))


async def test_a_token_that_is_refused_for_a_while_loses_nothing(scene):
    """While every call is refused the bot waits; when the token is good again it answers what was written meanwhile."""
    world, refused = scene.simulator.world, asyncio.Event()
    async with scene.bot() as app:
        await scene.sari.types("/start")
        app.health.tell = lambda link: refused.set() if link is Link.REFUSED else None
        token, world.token = world.token, "1:revoked"
        scene.stage.budi.types("/start")
        await asyncio.wait_for(refused.wait(), PATIENCE)
        world.token = token
        answer = await scene.budi.sees("Bisik")

    assert answer.keyboard


async def test_poison_updates_stop_nobody(scene):
    """Updates that no parser takes are set aside after a few tries; the next answer is handled."""
    poison = [
        {"message_id": 5, "date": "yesterday", "chat": scene.stage.budi.chat.api, "text": "halo"},
        {"message_id": 6, "date": 10**20, "chat": scene.stage.budi.chat.api, "from": 7, "text": ["halo"]},
        {"chat": 5},
        [],
    ]
    async with scene.bot() as app:
        await does(scene.sari, to_the_evidence()[:3])
        await does(scene.budi, to_the_evidence()[:3])
        for message in poison:
            scene.simulator.updates.put("message", message)
        await sends_tip_from(scene)
        await scene.budi.types("Kepala SMP Negeri 3")
        set_aside = [what for what in app.health.counts if str(what).startswith("set_aside")]

    assert set_aside
    assert 1 == len(scene.cards())


async def sends_tip_from(scene: Scene) -> None:
    await does(scene.sari, [*to_the_review()[3:], taps("send")])
    await scene.delivered()


async def test_update_numbers_that_jump_are_told_apart(scene):
    """After a quiet week Telegram numbers updates anew anywhere; nothing is taken for old."""
    async with scene.bot():
        for act in [*to_the_review(), taps("send")]:
            await scene.waits(lambda: not len(scene.simulator.updates))
            scene.simulator.updates.jump()
            await act(scene.sari)
        await scene.delivered()


async def test_nobody_posts_faster_than_telegram_allows(scene):
    """With Telegram's limits on, and the bot's own lifted, three tips come whole, by waiting where it is told to."""
    scene.simulator.limits.group = (4, 4)
    async with scene.bot() as app:
        scene.simulator.limits.enabled = True
        scene.simulator.limits.private = (100, 100)
        await asyncio.gather(*(sends_tip(phone) for phone in (scene.sari, scene.budi)))
        await scene.delivered(2)
        await app.jobs.settled()

    assert 4 == len(scene.posts)


async def test_an_hour_without_a_network_loses_nothing(scene):
    """What is owed when nothing can be reached any more, and what people write meanwhile, comes an hour later."""
    async with scene.bot() as app:
        await does(scene.sari, to_the_review())
        screen, send = await scene.sari.offered("send")
        unsent = scene.simulator.faults.add("refused", "sendMessage", times=None)
        scene.stage.sari.taps(screen, data=send)
        await scene.waits(lambda: unsent.happened > 1)
        gone = scene.simulator.faults.add("refused", times=None)
        scene.stage.budi.types("/start")
        scene.clock.passes(hours=1)
        for work in (*app.rounds[HOUR], *app.rounds[MINUTE]):
            await work()
        await scene.waits(lambda: gone.happened > 1)
        scene.simulator.faults.clear()
        await scene.delivered()
        receipt, welcome = await scene.sari.receipt(), await scene.budi.sees("Bisik")

    assert receipt
    assert welcome.keyboard
