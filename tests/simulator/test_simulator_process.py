"""The simulator in a process of its own, as benchmarks start it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

import aiohttp
from telegram import Bot

from bot.simulator import Simulator, demo_stage


async def test_a_process_of_its_own_prints_its_addresses() -> None:
    """One line of JSON says where the API and the page are; people have started the bot; SIGTERM ends it well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.simulator", "--people", "3", "--keep", "5", "--latency", "0", stdout=PIPE
    )
    assert process.stdout
    told = json.loads(await process.stdout.readline())
    async with Bot(told["token"], base_url=told["api_url"] + "/bot") as bot, aiohttp.ClientSession() as session:
        sent = await bot.send_message(3, "halo")
        async with session.post(told["page_url"] + "acts", json=[{"person": 3, "do": "types", "text": "ya"}]):
            heard = [update.message for update in await bot.get_updates(timeout=0)][-1]
        async with session.get(told["page_url"] + "counts") as response:
            counts = await response.json()
    process.terminate()

    assert "halo" == sent.text
    assert heard
    assert "ya" == heard.text
    assert 1 == counts["calls"]["sendMessage"]
    assert 0 == await process.wait()


async def test_memory_can_be_bounded() -> None:
    """With `keep`, only the newest messages, files and calls are remembered, though all are counted."""
    async with Simulator.start(keep=3) as bounded:
        person = bounded.person(1, "Sari")
        person.meets_bot()
        async with Bot(bounded.token, base_url=bounded.api_url + "/bot") as other:
            for number in range(10):
                await other.send_document(1, b"a", filename=f"{number}.txt")

        assert 3 == len(person.chat.messages) == len(bounded.world.files) == len(bounded.calls)
        assert 10 == bounded.api.counts["sendDocument"]


async def test_the_stage_is_ready_for_the_demo(bot: Bot, simulator: Simulator) -> None:
    """The channel is private, the bot may post, edit and delete there; the admin has started."""
    stage = demo_stage(simulator)
    channel = await bot.get_chat(stage.channel.id)
    me = await bot.get_chat_member(stage.channel.id, simulator.bot.id)

    assert ("channel", None, None) == (channel.type, channel.username, channel.linked_chat_id)
    assert ["can_delete_messages", "can_edit_messages", "can_manage_chat", "can_post_messages"] == sorted(
        right for right, granted in me.to_dict().items() if granted is True
    )
    assert await bot.send_message(stage.admin.user.id, "siap")
    assert ["sari", "budi", "moderator", "dewi", "agus", "admin"] == [pane.key for pane in simulator.console.panes]
