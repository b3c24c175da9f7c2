"""A tip's posts on their way: one piece at a time, each noted as soon as the platform has it.

Rule: a piece is noted as under way before it is first tried. What is tried again after an unsure outcome, or after a
crash between the platform's acceptance and our note, says that it may be a repeat.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.conversation.post import Piece, Place
from bot.conversation.speech import Accepted, Later, Outcome, Unfit
from bot.services import debts
from bot.services.context import Context
from bot.services.ports import Channel
from storage import files, posts, tips
from storage.sql import Transaction


class Posting:
    """Sends pieces to the moderators' chat; `owe` is called with the debts that come of it."""

    def __init__(self, context: Context, channel: Channel, owe: Callable[[Sequence[debts.Noted]], None]) -> None:
        self._context = context
        self._channel = channel
        self._owe = owe

    async def send(
        self, tip_id: bytes, pieces: Iterable[Piece], kind: str = "", reply_to: int | None = None
    ) -> Outcome:
        """Send what is missing of a post, in reply to a message or else to its tip's first one.

        `kind` is how all its messages are noted, each by the kind of its piece where it is empty. `Accepted`: all is
        there, or the tip is gone; any other outcome is that of the piece that stopped it.
        """
        async with self._context.database.reading() as tx:
            sent = await posts.of(tx, tip_id)
        for piece in pieces:
            slot = posts.Slot(tip_id, kind or piece.kind, piece.part)
            if any((one.kind, one.part) == (slot.kind, slot.part) for one in sent):
                continue
            outcome = await self._piece(slot, piece, self._place(sent, reply_to))
            if not isinstance(outcome, Accepted):
                return outcome
            fresh = [posts.Post(self._context.route.chat, one, slot.kind, slot.part) for one in outcome.messages]
            if not await self._note(slot, fresh):
                break
            sent += fresh
        return Accepted()

    def _place(self, sent: Iterable[posts.Post], reply_to: int | None) -> Place:
        chat = self._context.route.chat
        here = [one for one in sent if one.chat == chat]
        topic = next((one.message for one in here if one.kind == posts.TOPIC), None)
        first = min((one.message for one in here if one.kind != posts.TOPIC), default=None)
        return Place(chat, reply_to or first, topic)

    async def _piece(self, slot: posts.Slot, piece: Piece, place: Place) -> Outcome:
        """Try a piece once. A refusal takes back that this try began, and not what earlier ones left unsure."""
        async with self._context.database.transaction() as tx:
            first = await posts.begin(tx, slot)
        outcome = await self._try(replace(piece, repeat=not first), place)
        if first and not _may_be_there(outcome):
            async with self._context.database.transaction() as tx:
                await posts.end(tx, slot)
        return outcome

    async def _try(self, piece: Piece, place: Place) -> Outcome:
        """Send a piece; one that the platform will never take is named in its place."""
        async with self._context.database.reading() as tx:
            held = await self._bytes(tx, piece)
        outcome = await self._channel.send(place, piece, held)
        if isinstance(outcome, Unfit):
            self._context.counters["post_unfit"] += 1
            outcome = await self._channel.send(place, self._channel.instead(piece), {})
        return outcome

    async def _bytes(self, tx: Transaction, piece: Piece) -> dict[str, bytes]:
        return {
            # Nothing, where a file is gone, is refused by the platform, and the piece named in its place.
            exhibit.stored: await files.whole(tx, self._context.secrets, bytes.fromhex(exhibit.stored)) or b""
            for exhibit in piece.exhibits
            if exhibit.stored
        }

    async def _note(self, slot: posts.Slot, fresh: list[posts.Post]) -> bool:
        """Note posts with their tip; of a tip that was withdrawn meanwhile they are taken back, and nothing follows."""
        owed: list[debts.Noted] = []
        async with self._context.database.transaction() as tx:
            alive = await tips.find(tx, self._context.secrets, slot.tip) is not None
            if alive:
                await posts.add(tx, slot.tip, fresh)
                await posts.end(tx, slot)
            else:
                owed = await debts.note(tx, self._context, debts.retraction(fresh, self._context.hour()))
        self._owe(owed)
        return alive


def _may_be_there(outcome: Outcome) -> bool:
    return isinstance(outcome, Accepted) or (isinstance(outcome, Later) and outcome.unsure)
