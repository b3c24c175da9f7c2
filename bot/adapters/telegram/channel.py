"""A tip on its way into the moderators' chat, piece by piece, and out of it again.

Its rule: every call says what became of it and raises nothing; files have neutral names; only the card makes a sound.
"""

from collections.abc import Callable, Mapping, Sequence
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
from bot.conversation.post import Exhibit, Piece, Post
from bot.conversation.screens import Line, Screen, say
from bot.conversation.speech import Accepted, Outcome, Unfit
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


class Channel:
    """Speaks to the moderators' chat."""

    def __init__(self, sender: Sender, catalogue: Catalogue, *, protect: bool) -> None:
        self._sender, self._catalogue, self._protect = sender, catalogue, protect
        self._cutter = Cutter(catalogue)

    def pieces(self, post: Post) -> tuple[Piece, ...]:
        """Cut a post; always the same way for the same post."""
        return self._cutter.pieces(post)

    def instead(self, piece: Piece) -> Piece:
        """What is sent in place of a piece that Telegram will never take."""
        return self._cutter.instead(piece)

    async def send(self, chat: int, piece: Piece, files: Mapping[str, bytes], reply_to: int | None) -> Outcome:
        """Send a piece, with the bytes of its exhibits by their `stored` name, in reply to a message of the chat."""
        if not piece.exhibits:
            words = self._cutter.marked(piece, piece.payload)
            return await self._say(chat, words, self._how(reply_to, silent=piece.kind != "card"), piece.keyboard)
        how = self._how(reply_to, silent=True)
        outcome = await self._show(chat, piece, files, how)
        if outcome in {Unfit("bad_picture"), Unfit("too_big")}:
            # Telegram judges a picture's sides and weight; as a file it takes any.
            as_files = tuple(replace(one, plain_file=True) for one in piece.exhibits)
            outcome = await self._show(chat, replace(piece, exhibits=as_files), files, how)
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
            outcome = await self._say(chat, text, self._how(None, silent=True))
            if not isinstance(outcome, Accepted):
                return outcome
        return await self._say(chat, last, self._how(None, silent=False), drawn.keyboard)

    async def alert(self, chat: int, lines: Sequence[Line]) -> Outcome:
        """Say something that is about no tip."""
        return await self._say(chat, self._cutter.drawn(lines), self._how(None, silent=False))

    async def administrators(self, chat: int) -> frozenset[int] | None:
        """User ids of those who administer a chat, without bots; None where Telegram does not say."""
        try:
            found = await self._sender.api.call("getChatAdministrators", {"chat_id": chat})
        except TelegramError:
            return None
        return frozenset(one["user"]["id"] for one in found if not one["user"]["is_bot"])

    async def retract(self, chat: int, messages: Sequence[int]) -> Outcome:
        """Delete posts, or overwrite what is too old for that; what is gone already counts as deleted."""
        for message in messages:
            gone = {"chat_id": chat, "message_id": message}
            outcome = await unpaced(self._sender.api.call("deleteMessage", gone))
            if outcome == Unfit("not_deletable"):
                outcome = await self._bury(chat, message)
            if not isinstance(outcome, Accepted | Unfit):
                return outcome
        return Accepted()

    def _how(self, reply_to: int | None, *, silent: bool) -> dict[str, Any]:
        how: dict[str, Any] = {"protect_content": self._protect, "disable_notification": silent}
        if reply_to is not None:
            how["reply_parameters"] = ReplyParameters(reply_to, allow_sending_without_reply=True)
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
