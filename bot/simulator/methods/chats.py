"""What the bot may learn about chats and their members, leaving them, and forum topics."""

from bot.simulator.errors import bad_request
from bot.simulator.methods import access, editing, sending
from bot.simulator.state import Chat, Json, Member
from bot.simulator.world import World

RIGHTS = {
    "channel": ("can_post_messages", "can_edit_messages", "can_manage_direct_messages"),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "group": ("can_pin_messages",),
}
COMMON_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
RESTRICTABLE = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
TOPIC_COLOUR = 7322096


def get_chat(world: World, parameters: Json) -> Json:
    chat = access.readable(world, parameters["chat_id"])
    full = {
        **chat.api,
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, chat.is_private),
    }
    optional = {"linked_chat_id": chat.linked_chat_id, "active_usernames": chat.username and [chat.username]}
    return full | {key: value for key, value in optional.items() if value}


def get_chat_member(world: World, parameters: Json) -> Json:
    chat = _with_members(world, parameters, own=parameters["user_id"] == world.bot.id)
    user = world.users.get(parameters["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member_api(chat, chat.member(user))


def get_chat_administrators(world: World, parameters: Json) -> list[Json]:
    """All administrators, without other bots."""
    chat = _with_members(world, parameters)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    leading = [member for member in chat.present() if member.status in ("creator", "administrator")]
    return [member_api(chat, member) for member in leading if not member.user.is_bot or member is chat.bot]


def get_chat_member_count(world: World, parameters: Json) -> int:
    return len(access.readable(world, parameters["chat_id"]).present())


def leave_chat(world: World, parameters: Json) -> bool:
    chat = access.readable(world, parameters["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[world.bot.id] = Member(world.bot, "left")
    world.notify()
    return True


def create_forum_topic(world: World, parameters: Json) -> Json:
    chat = _forum(world, parameters)
    message = sending.post(
        world,
        chat,
        {"forum_topic_created": {"name": parameters["name"], "icon_color": TOPIC_COLOUR}, "is_topic_message": True},
    )
    message.api["message_thread_id"] = message.id
    topic = {"message_thread_id": message.id, "name": parameters["name"], "icon_color": TOPIC_COLOUR}
    chat.topics[message.id] = dict(topic)
    return topic


def edit_forum_topic(world: World, parameters: Json) -> bool:
    topic = _topic(_forum(world, parameters), parameters)
    if parameters.get("name", topic["name"]) == topic["name"]:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic["name"] = parameters["name"]
    world.notify()
    return True


def close_forum_topic(world: World, parameters: Json) -> bool:
    topic = _topic(_forum(world, parameters), parameters)
    if topic.get("closed"):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic["closed"] = True
    world.notify()
    return True


def delete_forum_topic(world: World, parameters: Json) -> bool:
    """The topic goes, with every message in it."""
    chat = access.writable(world, parameters["chat_id"])
    if not chat.bot.may("can_delete_messages"):
        raise bad_request("not enough rights to delete a topic")
    topic = _topic(_with_topics(chat), parameters)["message_thread_id"]
    for message in [one for one in chat.messages if one.api.get("message_thread_id") == topic]:
        editing.erase(world, message)
    del chat.topics[topic]
    return True


def member_api(chat: Chat, member: Member) -> Json:
    """A Bot API `ChatMember`."""
    shown: Json = {"status": member.status, "user": member.user.api()}
    match member.status:
        case "creator":
            return shown | {"is_anonymous": False}
        case "administrator":
            names = (*COMMON_RIGHTS, *RIGHTS[chat.type])
            rights = {name: member.rights.get(name, name == "can_manage_chat") for name in names}
            return shown | {"can_be_edited": False, "is_anonymous": False} | rights
        case "restricted":
            rights = {name: member.rights.get(name, False) for name in RESTRICTABLE}
            return shown | {"is_member": True, "until_date": 0} | rights
        case "kicked":
            return shown | {"until_date": 0}
    return shown


def _with_members(world: World, parameters: Json, *, own: bool = False) -> Chat:
    """A chat whose members the bot may see: in a channel, only as its administrator."""
    chat = access.readable(world, parameters["chat_id"])
    if chat.is_channel and not own and chat.bot.status != "administrator":
        raise bad_request("member list is inaccessible")
    return chat


def _forum(world: World, parameters: Json) -> Chat:
    chat = _with_topics(access.writable(world, parameters["chat_id"]))
    if not chat.bot.may("can_manage_topics"):
        raise bad_request("not enough rights to manage topics")
    return chat


def _with_topics(chat: Chat) -> Chat:
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(chat: Chat, parameters: Json) -> Json:
    topic = chat.topics.get(parameters["message_thread_id"])
    if topic is None:
        raise bad_request("message thread not found")
    return topic


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
