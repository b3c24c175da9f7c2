"""A tip on its way into the moderators' chat, piece by piece, and out of it again.

Its rule: every call says what became of it and raises nothing; files have neutral names; only the card makes a sound.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from telegram import InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo, ReplyParameters
from telegram.error import TelegramError

from bot.adapters.telegram.blank import picture
from bot.adapters.telegram.cutting import Cutter, method_of, neutral_name
from bot.adapters.telegram.drawing import draw_staff, message_of
from bot.adapters.telegram.pacer import Kind
from bot.adapters.telegram.sender import Sender, unpaced
from bot.conversation.post import Exhibit, Piece, Place, Post
from bot.conversation.screens import Line, Screen, say
from bot.conversation.speech import Accepted, Later, Outcome, Shut, Unfit
from bot.locales.catalogue import Catalogue

Media = InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo

_ALBUM: Final[Mapping[str, Callable[..., Media]]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}
# Left to itself, Telegram makes a film of a file that is one.
_AS_IT_IS: Final = {"document": {"disable_content_type_detection": True}}
_NO_TOPIC: Final = (Unfit("no_topic"), Shut("topic_closed"))


class Channel:
    """Speaks to the moderators' chat."""

    def __init__(self, sender: Sender, catalogue: Catalogue, *, protect: bool, topics: bool = False) -> None:
        self._sender, self._catalogue, self._protect = sender, catalogue, protect
        self._cutter = Cutter(catalogue, topics=topics)

    def pieces(self, post: Post) -> tuple[Piece, ...]:
        """Cut a post; always the same way for the same post."""
        return self._cutter.pieces(post)

    def instead(self, piece: Piece) -> Piece:
        """What is sent in place of a piece that Telegram will never take."""
        return self._cutter.instead(piece)

    async def send(self, place: Place, piece: Piece, files: Mapping[str, bytes]) -> Outcome:
        """Send a piece, with the bytes of its exhibits by their `stored` name.

        What a topic does not take, because it was closed or deleted, stands in the chat itself.
        """
        if piece.kind == "topic":
            return await self._open(place.chat, piece.payload)
        outcome = await self._put(place, piece, files)
        if place.topic and outcome in _NO_TOPIC:
            outcome = await self._put(replace(place, topic=None), piece, files)
        return outcome

    async def redraw(self, chat: int, message: int, screen: Screen) -> Outcome:
        """Draw a card anew where it stands; one that says so already is accepted, one that is gone is unfit."""
        drawn = draw_staff(screen, self._catalogue)
        edit = {"message_id": message, **message_of(drawn.texts[0], drawn.keyboard)}
        outcome = await self._sender.call(chat, Kind.EDIT, "editMessageText", edit)
        return Accepted() if outcome == Unfit("same") else outcome

    async def ask(self, chat: int, screen: Screen) -> Outcome:
        """Ask something that is about no single tip, with its buttons under the last of its messages."""
        drawn = draw_staff(screen, self._catalogue)
        *before, last = drawn.texts
        for text in before:
            outcome = await self._say(chat, text, self._how(Place(chat), silent=True))
            if not isinstance(outcome, Accepted):
                return outcome
        return await self._say(chat, last, self._how(Place(chat), silent=False), drawn.keyboard)

    async def alert(self, chat: int, lines: Sequence[Line]) -> Outcome:
        """Say something that is about no tip."""
        return await self._say(chat, self._cutter.drawn(lines), self._how(Place(chat), silent=False))

    async def administrators(self, chat: int) -> frozenset[int] | None:
        """User ids of those who administer a chat, without bots; None where Telegram does not say."""
        try:
            found = await self._sender.api.call("getChatAdministrators", {"chat_id": chat})
        except TelegramError:
            return None
        return _people(found) if isinstance(found, list) else None

    async def retract(self, chat: int, messages: Sequence[int], topics: Sequence[int]) -> Outcome:
        """Delete posts, or overwrite what is too old for that; what is gone already counts as deleted.

        Topics go first, with what is in them. One that may not be deleted keeps its name, which is a tip's number.
        """
        for topic in topics:
            gone = {"chat_id": chat, "message_thread_id": topic}
            outcome = await unpaced(self._sender.api.call("deleteForumTopic", gone))
            if isinstance(outcome, Later):
                return outcome
        for message in messages:
            gone = {"chat_id": chat, "message_id": message}
            outcome = await unpaced(self._sender.api.call("deleteMessage", gone))
            if outcome == Unfit("not_deletable"):
                outcome = await self._bury(chat, message)
            if not isinstance(outcome, Accepted | Unfit):
                return outcome
        return Accepted()

    async def _open(self, chat: int, name: str) -> Outcome:
        """Open a topic. A chat without topics, or without leave to open one, takes the tip as it is."""

        async def opening() -> object:
            topic = await self._sender.api.call("createForumTopic", {"chat_id": chat, "name": name})
            return {"message_id": topic["message_thread_id"]}

        outcome = await self._sender.paced(chat, Kind.POST, opening)
        return Accepted() if isinstance(outcome, Unfit | Shut) else outcome

    async def _put(self, place: Place, piece: Piece, files: Mapping[str, bytes]) -> Outcome:
        how = self._how(place, silent=piece.kind != "card")
        if not piece.exhibits:
            return await self._say(place.chat, self._cutter.marked(piece, piece.payload), how, piece.keyboard)
        outcome = await self._show(place.chat, piece, files, how)
        if outcome in {Unfit("bad_picture"), Unfit("too_big")}:
            # Telegram judges a picture's sides and weight; as a file it takes any.
            as_files = tuple(replace(one, plain_file=True) for one in piece.exhibits)
            outcome = await self._show(place.chat, replace(piece, exhibits=as_files), files, how)
        return outcome

    def _how(self, place: Place, *, silent: bool) -> dict[str, Any]:
        how: dict[str, Any] = {"protect_content": self._protect, "disable_notification": silent}
        if place.topic is not None:
            how["message_thread_id"] = place.topic
        if place.reply_to is not None:
            how["reply_parameters"] = ReplyParameters(place.reply_to, allow_sending_without_reply=True)
        return how

    async def _say(self, chat: int, html: str, how: dict[str, Any], keyboard: str | None = None) -> Outcome:
        return await self._sender.call(chat, Kind.POST, "sendMessage", message_of(html, keyboard) | how)

    async def _show(self, chat: int, piece: Piece, files: Mapping[str, bytes], how: dict[str, Any]) -> Outcome:
        api = self._sender.api
        items = [(method_of(one), files[one.stored], self._fields(piece, one)) for one in piece.exhibits]
        if len(items) > 1:
            media = [_ALBUM[method](media=data, **fields) for method, data, fields in items]
            sending = partial(api.send_media_group, chat, media, **how)
        else:
            [(method, data, fields)] = items
            sending = partial(getattr(api, f"send_{method}"), chat, **{method: data}, **fields, **how)
        return await self._sender.paced(chat, Kind.POST, sending, places=len(items))

    def _fields(self, piece: Piece, exhibit: Exhibit) -> dict[str, Any]:
        return {
            "filename": neutral_name(exhibit),
            "caption": self._cutter.marked(piece, self._cutter.caption(piece.payload, exhibit)),
            "parse_mode": "HTML",
            **_AS_IT_IS.get(method_of(exhibit), {}),
        }

    async def _bury(self, chat: int, message: int) -> Outcome:
        """Overwrite a post, as whatever kind of message Telegram lets it become."""
        words = self._cutter.drawn([say("post.tombstone")])
        edits: tuple[tuple[str, dict[str, Any]], ...] = (
            ("editMessageText", {"text": words, "parse_mode": "HTML"}),
            ("editMessageMedia", {"media": InputMediaPhoto(picture())}),
            ("editMessageMedia", {"media": InputMediaDocument(words.encode(), filename="dihapus.txt")}),
            ("editMessageCaption", {"caption": words, "parse_mode": "HTML"}),
        )
        outcome: Outcome = Unfit("not_deletable")
        for method, edit in edits:
            outcome = await self._sender.call(chat, Kind.EDIT, method, {"message_id": message, **edit})
            if not isinstance(outcome, Unfit) or outcome.reason in {"same", "gone"}:
                break
        return outcome


def _people(members: Iterable[object]) -> frozenset[int]:
    """User ids of those among them who are nobody's bot; whoever cannot be read is nobody."""
    people = set()
    for member in members:
        match member:
            case {"user": {"id": int(number), "is_bot": False}}:
                people.add(number)
    return frozenset(people)
