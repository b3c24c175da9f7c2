"""Who is in which chat: blocking the bot, adding, removing and promoting it, joining, leaving, a group that moves."""

from bot.simulator.methods.chats import COMMON_RIGHTS, RIGHTS, member_api
from bot.simulator.state import PRESENT, Chat, Json, Member, Message, User
from bot.simulator.world import World

ALL_RIGHTS = (*COMMON_RIGHTS, *{right for rights in RIGHTS.values() for right in rights})


class Membership:
    """What a person can do to chats and to their members, themselves included."""

    def __init__(self, world: World, user: User, chat: Chat) -> None:
        self.world = world
        self.user = user
        self.chat = chat

    def __repr__(self) -> str:
        return f"<Person {self.user.id}>"

    def blocks(self) -> None:
        """Block the bot: it may no longer write here."""
        self._set(self.chat, Member(self.world.bot, "kicked"))

    def unblocks(self) -> None:
        self._set(self.chat, Member(self.world.bot, "member"))

    def adds_bot(self, chat: Chat, **rights: bool) -> None:
        """Put the bot into a group or channel, as administrator where rights are given."""
        self.adds(chat, self.world.bot, **rights)

    def removes_bot(self, chat: Chat) -> None:
        self.removes(chat, self.world.bot)

    def adds(self, chat: Chat, user: User, **rights: bool) -> None:
        """Put somebody into a chat; a bot can be in a channel only as administrator."""
        status = "administrator" if rights or (chat.is_channel and user.is_bot) else "member"
        self._set(chat, Member(user, status, rights))
        self._announce(chat, "new_chat_members", [user.api()])

    def removes(self, chat: Chat, user: User) -> None:
        """Throw somebody out for good."""
        self._announce(chat, "left_chat_member", user.api())
        self._set(chat, Member(user, "kicked"))

    def promotes(self, chat: Chat, user: User, **rights: bool) -> None:
        self._set(chat, Member(user, "administrator", rights))

    def demotes(self, chat: Chat, user: User) -> None:
        self._set(chat, Member(user, "member"))

    def restricts(self, chat: Chat, user: User, **rights: bool) -> None:
        """Leave a member only the named rights, e.g. `can_send_messages=True`."""
        self._set(chat, Member(user, "restricted", rights))

    def joins(self, chat: Chat) -> None:
        self.adds(chat, self.user)

    def leaves(self, chat: Chat) -> None:
        self._announce(chat, "left_chat_member", self.user.api())
        self._set(chat, Member(self.user, "left"))

    def upgrades(self, group: Chat) -> Chat:
        """Turn a basic group into a supergroup: a new chat with a new id; the old one refuses with it from now on."""
        moved = self.world.new_chat("supergroup", group.title)
        moved.members = dict(group.members)
        group.migrated_to = moved
        self._announce(group, "migrate_to_chat_id", moved.id)
        self._announce(moved, "migrate_from_chat_id", group.id)
        return moved

    def meets_bot(self) -> None:
        """Open the chat with the bot: from then on it may write here. Writing to it does the same."""
        if self.chat.bot.status == "kicked":
            raise ValueError("who has blocked the bot must unblock it before writing to it")
        self.chat.members[self.world.bot.id] = Member(self.world.bot, "member")

    def _set(self, chat: Chat, new: Member) -> None:
        old = chat.member(new.user)
        informed = chat.bot.status
        chat.members[new.user.id] = new
        change = {
            "chat": chat.api,
            "from": self.user.api(),
            "date": self.world.now(),
            "old_chat_member": member_api(chat, old),
            "new_chat_member": member_api(chat, new),
        }
        if new.user is self.world.bot:
            self.world.updates.put("my_chat_member", change)
        elif informed == "administrator":
            self.world.updates.put("chat_member", change)
        self.world.show("members", chat)

    def _announce(self, chat: Chat, field: str, value: object) -> None:
        """A service message; channels have none for comings and goings."""
        if chat.is_channel:
            return
        message_id = self.world.next_message_id(chat)
        head = {"message_id": message_id, "from": self.user.api(), "chat": chat.api, "date": self.world.now()}
        message = Message(chat, self.user, head | {field: value})
        self.world.keep_message(message)
        self._report("message", message)
        self.world.record("sent", message)

    def _report(self, kind: str, message: Message) -> None:
        """Queue the update of a message, if the bot is told of it."""
        if _reaches_bot(message):
            self.world.updates.put(kind, message.api)


def _reaches_bot(message: Message) -> bool:
    """Channels tell administrators only; in groups the bot's privacy mode keeps out what is not meant for it."""
    chat, api = message.chat, message.api
    if chat.bot.status not in PRESENT:
        return False
    if chat.is_private or chat.bot.status == "administrator":
        return True
    return not chat.is_channel and (message.kind == "service" or _meant_for_bot(message, api))


def _meant_for_bot(message: Message, api: Json) -> bool:
    bot = message.chat.world.bot
    text = message.text
    replied = api.get("reply_to_message", {}).get("from", {}).get("id")
    return text.startswith("/") or f"@{bot.username}" in text or replied == bot.id
