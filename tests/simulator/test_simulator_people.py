"""What people do, as the bot and observers see it; and that every object fits the specification."""

import json

import pytest
from simulator_pictures import picture
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest

from bot.simulator import Chat, Person, Simulator, spec
from bot.simulator.methods import BY_NAME, profile

SARI = 1001
MENU = InlineKeyboardMarkup([[InlineKeyboardButton("Lapor", callback_data="report:1")]])


async def received(bot: Bot) -> list[Update]:
    return list(await bot.get_updates(timeout=0))


async def test_a_deep_link_brings_its_payload(bot: Bot, simulator: Simulator) -> None:
    """Opening a link starts the bot with the payload as a command's argument."""
    dewi = simulator.person(1003, "Dewi")
    dewi.starts("poster7")
    (update,) = await received(bot)

    assert update.message
    assert "/start poster7" == update.message.text
    assert [6] == [entity.length for entity in update.message.entities if entity.type == "bot_command"]


async def test_a_tap_carries_its_data_and_message(bot: Bot, sari: Person) -> None:
    """A tap is found by its label or data, and brings the message with its buttons."""
    await bot.send_message(SARI, "Halo", reply_markup=MENU)
    message = await sari.chat.next_message()
    tap = sari.taps(message, "Lapor")
    sari.taps(message, data="gone:9")
    first, stale = await received(bot)
    assert first.callback_query
    assert stale.callback_query
    await first.callback_query.answer("Baik")

    assert ("report:1", message.id) == (first.callback_query.data, first.callback_query.message.message_id)  # type: ignore[union-attr]  # it is there
    assert "gone:9" == stale.callback_query.data
    assert "Baik" == (await tap.answered())["text"]
    with pytest.raises(LookupError, match="no button"):
        sari.taps(message, "Tidak ada")


async def test_edits_replies_and_forwards_are_told_apart(bot: Bot, sari: Person, budi: Person, channel: Chat) -> None:
    """An edit is an update of its own kind; replies and forwards name what they refer to."""
    first = sari.types("satu")
    sari.edits(first, "satu, diubah")
    sari.types("dua", reply_to=first)
    for origin in (budi, channel, "Seseorang"):
        sari.types("tiga", forwarded_from=origin)
    message, edit, reply, *forwards = await received(bot)

    assert message.message
    assert edit.edited_message
    assert "satu, diubah" == edit.edited_message.text
    assert reply.message
    assert reply.message.reply_to_message
    assert first.id == reply.message.reply_to_message.message_id
    assert ["user", "channel", "hidden_user"] == [
        update.message.forward_origin.type for update in forwards if update.message and update.message.forward_origin
    ]


async def test_blocking_is_told_once(bot: Bot, sari: Person) -> None:
    """A block and its end are updates of the bot's own membership."""
    sari.blocks()
    sari.starts()
    blocked, unblocked, start = await received(bot)

    assert blocked.my_chat_member
    assert unblocked.my_chat_member
    assert ["kicked", "member"] == [
        blocked.my_chat_member.new_chat_member.status,
        unblocked.my_chat_member.new_chat_member.status,
    ]
    assert start.message


async def test_a_group_keeps_its_talk_from_the_bot(simulator: Simulator, bot: Bot, sari: Person, budi: Person) -> None:
    """Privacy mode: a plain member bot hears commands, mentions and replies; an administrator hears all."""
    group = simulator.supergroup("Warga", budi, sari)
    budi.adds_bot(group)
    simulator.updates.clear()
    sari.types("obrolan", chat=group)
    sari.types("/status", chat=group)
    sari.types("halo @bisik_bot", chat=group)
    budi.promotes(group, simulator.bot, can_delete_messages=True)
    sari.types("obrolan lagi", chat=group)
    texts = [update.message.text for update in await received(bot) if update.message]

    assert ["/status", "halo @bisik_bot", "obrolan lagi"] == texts


async def test_a_channel_post_has_no_author(bot: Bot, budi: Person, channel: Chat) -> None:
    """What a moderator writes in the channel comes as the channel's own post."""
    budi.types("pengumuman", chat=channel)
    (update,) = await received(bot)

    assert update.channel_post
    assert update.channel_post.from_user is None
    assert channel.id == update.channel_post.sender_chat.id  # type: ignore[union-attr]  # it is there


async def test_private_chats_share_a_counter(simulator: Simulator, bot: Bot, sari: Person, channel: Chat) -> None:
    """Message ids run on across private chats; a channel counts for itself."""
    dewi = simulator.person(1003, "Dewi")
    ids = [sari.types("a").id, dewi.types("b").id, sari.types("c").id]
    post = await bot.send_message(channel.id, "d")

    assert list(range(ids[0], ids[0] + 3)) == ids
    assert 2 == post.message_id


async def test_what_the_bot_sends_is_seen_as_it_looks(bot: Bot, channel: Chat, simulator: Simulator) -> None:
    """Observers see text without markup, protection, preview options, replies, edits and deletions."""
    first = await bot.send_message(
        channel.id,
        "<b>Tip</b>",
        parse_mode="HTML",
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    await bot.send_message(channel.id, "kartu", reply_parameters=ReplyParameters(first.message_id))
    post, card = await channel.next_message(), await channel.next_message()
    await bot.edit_message_text("kartu, diambil", channel.id, card.id)
    await bot.delete_message(channel.id, post.id)

    assert ("Tip", [{"type": "bold", "offset": 0, "length": 3}], True) == (post.text, post.entities, post.protected)
    assert {"is_disabled": True} == post.api["link_preview_options"]
    assert post.id == card.reply_to
    assert card is await channel.next_edit()
    assert ("kartu, diambil", True, ["kartu"]) == (card.text, card.edited, [old["text"] for old in card.history])
    assert post is await channel.next_event("deleted")
    assert [card] == channel.messages
    assert 2 == len(simulator.calls_of("sendMessage"))


async def test_copies_have_no_origin_and_forwards_have(bot: Bot, sari: Person, channel: Chat) -> None:
    """A copy leaves out where a message came from; a forward tells it."""
    message = sari.sends_photo(picture(), caption="bukti")
    await bot.copy_message(channel.id, SARI, message.id, caption="tanpa nama")
    await bot.forward_message(channel.id, SARI, message.id)
    copied, forwarded = channel.messages

    assert ("photo", "tanpa nama", False) == (copied.kind, copied.text, "forward_origin" in copied.api)
    assert SARI == forwarded.api["forward_origin"]["sender_user"]["id"]


async def test_commands_follow_scope_and_language(bot: Bot, simulator: Simulator, sari: Person, budi: Person) -> None:
    """Everybody is shown the commands of the narrowest scope that has any, in their language where there is one."""
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("report", "Report")], scope=private)
    await bot.set_my_commands([BotCommand("lapor", "Lapor")], scope=private, language_code="id")
    await bot.set_my_commands([BotCommand("statistik", "Angka")], scope=BotCommandScopeChat(SARI))
    seen = [profile.menu(simulator.world, person.chat, person.user) for person in (sari, budi)]
    await bot.delete_my_commands(scope=BotCommandScopeChat(SARI))
    after = profile.menu(simulator.world, sari.chat, sari.user)

    assert [["statistik"], ["report"]] == [[command["command"] for command in menu] for menu in seen]
    assert ["lapor"] == [command["command"] for command in after]
    assert ("Lapor",) == tuple(c.description for c in await bot.get_my_commands(scope=private, language_code="id"))


async def test_the_bot_learns_about_chats(bot: Bot, simulator: Simulator, budi: Person, channel: Chat) -> None:
    """The bot reads titles, links, administrators with their rights, and counts."""
    talk = simulator.supergroup("Diskusi", budi)
    public = simulator.channel("Umum", budi, username="umum_id", linked=talk)
    budi.adds_bot(public)
    chat, named = await bot.get_chat(channel.id), await bot.get_chat("@umum_id")
    me = await bot.get_chat_member(channel.id, simulator.bot.id)
    leading = await bot.get_chat_administrators(channel.id)

    assert ("Moderator", None, None) == (chat.title, chat.username, chat.linked_chat_id)
    assert ("umum_id", talk.id) == (named.username, named.linked_chat_id)
    assert isinstance(me, ChatMemberAdministrator)
    assert (True, True, True, False) == (
        me.can_post_messages,
        me.can_edit_messages,
        me.can_delete_messages,
        me.can_promote_members,
    )
    assert {"creator", "administrator"} == {member.status for member in leading}
    assert 2 == await bot.get_chat_member_count(channel.id)


async def test_forum_topics_are_made_and_closed(bot: Bot, simulator: Simulator, budi: Person) -> None:
    """A message goes into a topic; a closed one takes none unless the bot manages topics."""
    forum = simulator.supergroup("Forum", budi, forum=True)
    budi.adds_bot(forum, can_manage_topics=True)
    topic = await bot.create_forum_topic(forum.id, "Makassar")
    await bot.edit_forum_topic(forum.id, topic.message_thread_id, name="Kota Makassar")
    sent = await bot.send_message(forum.id, "a", message_thread_id=topic.message_thread_id)
    await bot.close_forum_topic(forum.id, topic.message_thread_id)

    assert topic.message_thread_id == sent.message_thread_id
    assert ("Kota Makassar", True) == (
        forum.topics[topic.message_thread_id]["name"],
        forum.topics[sent.message_thread_id]["closed"],
    )


async def test_a_topic_is_deleted_with_its_messages(bot: Bot, simulator: Simulator, budi: Person) -> None:
    """Deleting a topic takes what is in it, wants the right to delete, and finds it once."""
    forum = simulator.supergroup("Forum", budi, forum=True)
    budi.adds_bot(forum, can_manage_topics=True)
    topic = (await bot.create_forum_topic(forum.id, "Makassar")).message_thread_id
    await bot.send_message(forum.id, "a", message_thread_id=topic)
    outside = await bot.send_message(forum.id, "b")

    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.delete_forum_topic(forum.id, topic)
    budi.promotes(forum, simulator.bot, can_manage_topics=True, can_delete_messages=True)
    await bot.delete_forum_topic(forum.id, topic)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.delete_forum_topic(forum.id, topic)
    assert [outside.message_id] == [message.id for message in forum.messages if message.from_bot]


async def test_topics_must_exist_and_be_open(bot: Bot, simulator: Simulator, budi: Person) -> None:
    """An unknown topic is not found; a closed one takes no message of a bot that does not manage topics."""
    forum = simulator.supergroup("Forum", budi, forum=True)
    budi.adds_bot(forum, can_manage_topics=True)
    topic = (await bot.create_forum_topic(forum.id, "Makassar")).message_thread_id
    await bot.close_forum_topic(forum.id, topic)
    budi.demotes(forum, simulator.bot)

    for thread, words in ((topic, "Topic_closed"), (1, "Message thread not found"), (99, "Message thread not found")):
        with pytest.raises(BadRequest, match=words):
            await bot.send_message(forum.id, "a", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Not enough rights to manage topics"):
        await bot.close_forum_topic(forum.id, topic)
    budi.promotes(forum, simulator.bot, can_manage_topics=True)
    for change in (bot.edit_forum_topic(forum.id, topic, name="Makassar"), bot.close_forum_topic(forum.id, topic)):
        with pytest.raises(BadRequest, match="Topic_not_modified"):
            await change
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.close_forum_topic(forum.id, 99)


async def test_replies_may_quote_and_reach_elsewhere(bot: Bot, sari: Person, channel: Chat) -> None:
    """A quote must stand in the message; a reply to another chat names it; a missing one may be passed over."""
    message = sari.types("Kemarin di balai desa")
    quoted = await bot.send_message(SARI, "a", reply_parameters=ReplyParameters(message.id, quote="di balai"))
    elsewhere = await bot.send_message(channel.id, "b", reply_parameters=ReplyParameters(message.id, chat_id=SARI))
    lost = await bot.send_message(SARI, "c", reply_parameters=ReplyParameters(9, allow_sending_without_reply=True))

    assert ("di balai", None) == (quoted.quote.text if quoted.quote else "", lost.reply_to_message)
    assert elsewhere.external_reply
    assert SARI == elsewhere.external_reply.chat.id  # type: ignore[union-attr]  # it is there
    with pytest.raises(BadRequest, match="Quote_text_invalid"):
        await bot.send_message(SARI, "a", reply_parameters=ReplyParameters(message.id, quote="kantor"))


async def test_protected_and_service_messages_are_not_passed_on(
    bot: Bot, simulator: Simulator, sari: Person, channel: Chat
) -> None:
    """A protected message can be neither copied nor forwarded, nor can what only tells of the chat."""
    sent = await bot.send_message(channel.id, "a", protect_content=True)
    group = simulator.group("Warga", sari)
    sari.adds_bot(group)

    with pytest.raises(BadRequest, match="Message can't be copied"):
        await bot.copy_message(SARI, channel.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message can't be forwarded"):
        await bot.forward_message(SARI, group.id, group.last.id)


async def test_captions_change_and_many_messages_go(bot: Bot, sari: Person) -> None:
    """A caption is edited like a text; deleting many passes over what is not there."""
    sent = await bot.send_photo(SARI, picture(), caption="a")
    await sent.edit_caption("<b>b</b>", parse_mode="HTML", show_caption_above_media=True)
    message = await sari.chat.next_edit()
    words = sari.types("c")
    await bot.delete_messages(SARI, [message.id, 99, words.id])

    assert ("b", True) == (message.text, message.api["show_caption_above_media"])
    assert (True, True) == (message.deleted, words.deleted)


async def test_chat_actions_are_seen(bot: Bot, sari: Person) -> None:
    """What the bot shows itself doing is noted in the chat."""
    await bot.send_chat_action(SARI, "typing")
    await bot.send_chat_action(SARI, "upload_photo")

    assert ["typing", "upload_photo"] == list(sari.chat.actions)


async def test_members_of_a_channel_are_for_administrators(bot: Bot, simulator: Simulator, budi: Person) -> None:
    """A bot that is no administrator of a public channel does not see its members."""
    public = simulator.channel("Umum", budi, username="umum_id")

    with pytest.raises(BadRequest, match="Member list is inaccessible"):
        await bot.get_chat_member(public.id, budi.user.id)


async def test_long_texts_are_sent_in_pieces(bot: Bot, sari: Person) -> None:
    """Like the apps, a person sends more than 4096 characters as several messages."""
    sari.types("a" * 5000)
    texts = [update.message.text for update in await received(bot) if update.message]

    assert [4096, 904] == [len(text or "") for text in texts]


async def test_an_anonymous_administrator_stays_hidden(bot: Bot, simulator: Simulator, budi: Person) -> None:
    """An anonymous administrator writes as Telegram's own account, for the group."""
    group = simulator.supergroup("Warga", budi)
    budi.adds_bot(group, can_delete_messages=True)
    budi.types("/antrean", chat=group, anonymous=True)
    message = (await received(bot))[-1].message

    assert message
    assert ("GroupAnonymousBot", group.id) == (message.from_user.username, message.sender_chat.id)  # type: ignore[union-attr]  # both are there


async def test_who_blocked_the_bot_does_not_write_to_it(sari: Person) -> None:
    """Writing to a blocked bot needs a new start, as in the apps."""
    sari.blocks()

    with pytest.raises(ValueError, match="must unblock it"):
        sari.types("halo")


async def test_names_and_descriptions_are_kept(bot: Bot) -> None:
    """Texts about the bot are kept by language, with the general one where a language has none."""
    await bot.set_my_description("Saluran rahasia")
    await bot.set_my_short_description("Bisik", language_code="en")
    await bot.set_my_name("Bisik 2029")

    assert "Saluran rahasia" == (await bot.get_my_description("en")).description
    assert "Bisik" == (await bot.get_my_short_description("en")).short_description
    assert "Bisik 2029" == (await bot.get_my_name()).name


async def test_everything_sent_fits_the_specification(
    bot: Bot, simulator: Simulator, sari: Person, budi: Person, channel: Chat
) -> None:
    """Every update and every result that the simulator gives is an object of the Bot API, to the last field."""
    kinds = ("photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker")
    await received(bot)
    await bot.get_updates(timeout=0, allowed_updates=Update.ALL_TYPES)
    for kind in kinds:
        sari.sends(kind, picture(), "a.png")
    sari.sends_album("photo", [("a", picture()), ("b", picture())], caption="c")
    first = sari.types("halo https://example.org", forwarded_from=budi)
    sari.types("b", reply_to=first, forwarded_from=channel)
    sari.edits(first, "c")
    sari.sends_location(-5.1, 119.4)
    sari.sends_contact("+62", "Ani")
    sari.sends_poll("Ya?", ["ya", "tidak"])
    sari.sends_dice()
    sent = await bot.send_message(SARI, "a", reply_markup=MENU, reply_parameters=ReplyParameters(first.id))
    sari.taps(sari.chat.last, "Lapor")
    await bot.edit_message_text("b", SARI, sent.message_id)
    await bot.send_media_group(channel.id, [InputMediaPhoto(picture()), InputMediaPhoto(picture())])
    group = simulator.group("Warga", budi, sari)
    budi.adds_bot(group)
    moved = budi.upgrades(group)
    budi.promotes(moved, simulator.bot, can_delete_messages=True)
    sari.leaves(moved)
    budi.restricts(moved, simulator.bot)
    for chat in (sari.chat, channel, moved):
        await bot.get_chat(chat.id)
        await bot.get_chat_member(chat.id, simulator.bot.id)
        await bot.get_chat_member(chat.id, SARI)
    await bot.get_chat_administrators(channel.id)
    await bot.get_file(sari.chat.messages[1].api["photo"][0]["file_id"])
    await bot.get_webhook_info()
    specification = spec.load()
    updates = json.loads(json.dumps(simulator.updates.pending()))

    assert len(updates) > 20
    specification.check("Array of Update", updates)
    for call in simulator.calls:
        specification.check(specification.methods[call.method.lower()].returns, call.result)


def test_every_simulated_method_is_in_the_specification() -> None:
    """No method is served that the specification does not know."""
    known = {method.name for method in spec.load().methods.values()}

    assert set(BY_NAME) <= known
