"""People who use the simulated Telegram: they write, send, tap, edit, block, and run groups and channels.

Every act happens at once and queues the update that the bot would get, if it would get one.
"""

from typing import TypedDict, Unpack

from bot.simulator import storage
from bot.simulator.membership import Membership
from bot.simulator.methods import content, editing, sending
from bot.simulator.methods.content import LONGEST_TEXT
from bot.simulator.spec import Upload
from bot.simulator.state import Chat, Json, Media, Message, Tap

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class How(TypedDict, total=False):
    """What may go with any message: where (the own chat with the bot by default), in reply to what, from whom."""

    chat: Chat
    reply_to: Message
    topic: int
    forwarded_from: "Person | Chat | str"
    """A person, a channel, or the name of somebody whose account stays hidden."""
    anonymous: bool
    """In a group: as its administrator who stays hidden."""
    caption: str
    """Under a photo or file."""


class Person(Membership):
    """Somebody with a phone; `chat` is their private chat with the bot."""

    def starts(self, payload: str = "") -> Message:
        """Press Start, or open a deep link with a payload; ends a block."""
        if self.chat.bot.status == "kicked":
            self.unblocks()
        return self.types(f"/start {payload}".rstrip())

    def types(self, text: str, **how: Unpack[How]) -> Message:
        """Send a text; in a channel this posts. A long one goes in pieces, as from the apps; the last is given."""
        if not text.strip():
            raise ValueError("the apps send no empty text")
        pieces = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)]
        return [self._says(piece, how) for piece in pieces][-1]

    def sends(self, kind: str, data: bytes, name: str = "", mime: str | None = None, **how: Unpack[How]) -> Message:
        """Send a file as `photo`, `document`, `video`, `animation`, `audio`, `voice`, `video_note` or `sticker`."""
        media = storage.store(self.world, kind, Upload(name, data, mime))
        return self._send(storage.in_message(media), media, how)

    def sends_photo(self, data: bytes, **how: Unpack[How]) -> Message:
        """Send a picture as Telegram's apps do: it is re-encoded as JPEG, without metadata."""
        return self.sends("photo", data, **how)

    def sends_document(self, data: bytes, name: str, mime: str | None = None, **how: Unpack[How]) -> Message:
        """Send a file as it is; the MIME type follows its name where none is given."""
        return self.sends("document", data, name, mime, **how)

    def sends_album(self, kind: str, files: list[tuple[str, bytes]], **how: Unpack[How]) -> list[Message]:
        """Send (name, data) files of one kind together: each is an update of its own, the first has the caption."""
        group = {"media_group_id": str(self.world.random.randrange(10**16, 10**17))}
        stored = [storage.store(self.world, kind, Upload(name, data)) for name, data in files]
        captions = [how.get("caption", ""), *[""] * len(files)]
        return [
            self._send(storage.in_message(media) | group, media, {**how, "caption": caption})
            for media, caption in zip(stored, captions, strict=False)
        ]

    def sends_location(self, latitude: float, longitude: float, **how: Unpack[How]) -> Message:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}}, None, how)

    def sends_contact(self, phone: str, first_name: str, **how: Unpack[How]) -> Message:
        return self._send({"contact": {"phone_number": phone, "first_name": first_name}}, None, how)

    def sends_poll(self, question: str, options: list[str], **how: Unpack[How]) -> Message:
        return self._send({"poll": _poll(self.world.token_of(18), question, options)}, None, how)

    def sends_dice(self, value: int = 6, **how: Unpack[How]) -> Message:
        return self._send({"dice": {"emoji": "🎲", "value": value}}, None, how)

    def edits(self, message: Message, text: str) -> Message:
        """Change the text or caption of an own message."""
        field, marks = ("text", "entities") if "text" in message.api else ("caption", "caption_entities")
        plain, entities = content.whole(text, [])
        kept = {key: value for key, value in message.api.items() if key not in (field, marks)}
        marked = {marks: entities} if entities else {}
        editing.replace(message, kept | {field: plain, **marked, "edit_date": self.world.now()})
        self._report("edited_channel_post" if message.chat.is_channel else "edited_message", message)
        self.world.record("edited", message)
        return message

    def deletes(self, message: Message) -> None:
        """Delete a message for everybody; bots are not told."""
        editing.erase(self.world, message)

    def taps(self, message: Message, button: str = "", *, data: str | None = None) -> Tap:
        """Tap the inline button with that label or callback data; `data` alone taps one that may no longer be there."""
        pressed = _button(message, button) if data is None else data
        query_id = str(self.world.random.randrange(10**17, 10**19))
        tap = Tap(self.world, query_id, message, self.user, pressed, self.world.clock())
        self.world.taps[query_id] = tap
        query = {
            "id": query_id,
            "from": self.user.api(),
            "message": message.api,
            "chat_instance": str(message.chat.id * 7919),
            "data": pressed,
        }
        self.world.updates.put("callback_query", query)
        self.world.show("tapped", tap)
        return tap

    def _says(self, text: str, how: How) -> Message:
        plain, entities = content.whole(text, [])
        return self._send({"text": plain, "entities": entities} if entities else {"text": plain}, None, how)

    def _send(self, body: Json, media: Media | None, how: How) -> Message:
        chat = how.get("chat", self.chat)
        if chat is self.chat:
            self.meets_bot()
        message_id = self.world.next_message_id(chat)
        api = {
            "message_id": message_id,
            **self._sender(chat, how),
            "chat": chat.api,
            "date": self.world.now(),
            **body,
            **_extras(how),
        }
        message = Message(chat, self.user, api, media)
        self.world.keep_message(message)
        self._report("channel_post" if chat.is_channel else "message", message)
        self.world.record("sent", message)
        return message

    def _sender(self, chat: Chat, how: How) -> Json:
        """Who Telegram says has written: a channel for its posts, its group for an anonymous administrator."""
        if chat.is_channel:
            return {"sender_chat": chat.api}
        if how.get("anonymous"):
            return {"from": ANONYMOUS, "sender_chat": chat.api}
        return {"from": self.user.api()}


def _extras(how: How) -> Json:
    extras: Json = content.caption({"caption": how.get("caption", "")})
    if "reply_to" in how:
        extras["reply_to_message"] = sending.quoted(how["reply_to"])
    if "topic" in how:
        extras |= {"message_thread_id": how["topic"], "is_topic_message": True}
    if "forwarded_from" in how:
        extras["forward_origin"] = _origin(how["forwarded_from"])
    return extras


def _origin(source: Person | Chat | str) -> Json:
    """A forward's origin; all of them date from the same old day."""
    date = 1_600_000_000
    if isinstance(source, str):
        return {"type": "hidden_user", "sender_user_name": source, "date": date}
    if isinstance(source, Chat):
        return {"type": "channel", "chat": source.api, "message_id": 7, "date": date}
    return {"type": "user", "sender_user": source.user.api(), "date": date}


def _button(message: Message, wanted: str) -> str:
    for button in (button for row in message.keyboard for button in row):
        if wanted in (button["text"], button.get("callback_data")):
            return str(button["callback_data"])
    raise LookupError(f"no button {wanted!r}; there are {message.labels}")


def _poll(poll_id: str, question: str, options: list[str]) -> Json:
    flags = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
    choices = [{"persistent_id": str(index), "text": text, "voter_count": 0} for index, text in enumerate(options)]
    body = {"id": poll_id, "question": question, "options": choices, "total_voter_count": 0, "type": "regular"}
    return body | flags | {"is_anonymous": True}
