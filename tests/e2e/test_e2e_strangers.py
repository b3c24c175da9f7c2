"""In any chat but a private one and the moderators' the bot says nothing, and goes."""

import pytest

from prove.stage import Scene, picture, sends_tip

SPEAKING = {"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "editMessageText"}


def said_in(scene: Scene, chat) -> list:
    return [call for call in scene.simulator.calls if str(call.parameters.get("chat_id")) == str(chat.id)]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_strangers_chat_is_left_in_silence(scene, kind):
    """Added to somebody's group or channel, the bot leaves without a word; what was said there goes nowhere."""
    chat = getattr(scene.simulator, kind)("Grup orang", scene.stage.budi, scene.stage.sari)
    async with scene.bot():
        scene.stage.budi.adds_bot(chat, can_post_messages=True)
        scene.stage.sari.types("/lapor@bisik_bot", chat=chat)
        scene.stage.sari.types("/start@bisik_bot", chat=chat)
        await scene.waits(lambda: chat.bot.status == "left")
        await sends_tip(scene.sari)

    assert not [message for message in chat.messages if message.from_bot]
    assert {"leaveChat"} == {call.method for call in said_in(scene, chat)}


async def test_a_chat_joined_while_the_bot_was_down_is_left_at_the_next_command(scene):
    """Where the news of being added is lost, a command in the group makes the bot go; it answers nothing."""
    chat = scene.simulator.supergroup("Grup lama", scene.stage.budi)
    scene.stage.budi.adds_bot(chat)
    scene.simulator.updates.clear()
    async with scene.bot():
        scene.stage.budi.types("/start@bisik_bot", chat=chat)
        await scene.waits(lambda: chat.bot.status == "left")

    assert not [message for message in chat.messages if message.from_bot]


async def test_moderators_who_write_get_no_answer_in_their_chat(scene):
    """Commands, texts, photos and an anonymous administrator in the moderators' supergroup start no intake."""
    dewi = scene.stage.dewi
    chat = scene.simulator.supergroup("Meja", dewi)
    dewi.adds_bot(chat, can_delete_messages=True)
    async with scene.bot(BISIK_MODERATOR_CHAT_ID=str(chat.id)):
        for words in ("/start", "/lapor", "/status 1234 5678 9012 3456", "/hapus", "halo @bisik_bot"):
            dewi.types(words, chat=chat)
        dewi.types("/start", chat=chat, anonymous=True)
        dewi.sends_photo(picture(), chat=chat)
        await sends_tip(scene.sari)
        await scene.waits(lambda: [message for message in chat.messages if "Kelengkapan" in message.text])
        posts = [message for message in chat.messages if message.from_bot]

    assert 2 == len(posts)
    assert "left" != chat.bot.status


async def test_only_what_is_used_is_asked_for(scene):
    """The bot asks Telegram for nothing but what it uses."""
    async with scene.bot():
        scene.stage.dewi.types("/start", chat=scene.stage.channel)
        await sends_tip(scene.sari)
    asked = {kind for call in scene.simulator.calls_of("getUpdates") for kind in call.parameters["allowed_updates"]}

    used = {"message", "edited_message", "channel_post", "callback_query", "my_chat_member", "chat_member"}

    assert used == asked
