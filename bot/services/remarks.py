"""Words in reply to a tip, or to a copy of its card: shown to their author first, and sent only when confirmed.

Rule: chatter never reaches a reporter. Until somebody confirms, the words lie behind the code in the button, sealed,
for a day, for their author alone. Who edits the message that they stand in takes back what was offered of it.
"""

import json
from datetime import date, timedelta
from typing import Any

from bot.conversation import board
from bot.conversation.case import Actor
from bot.conversation.compose import ASK, MOST
from bot.conversation.errands import Errand, Pressed, Remarked, Response
from bot.conversation.own_words import unusable
from bot.conversation.places import legible, main, move
from bot.conversation.screens import Line, Screen, say
from bot.services import cases, followup, talk
from bot.services.context import Context
from bot.services.debts import Debt
from bot.services.talk import Entry
from storage import openings, posts
from storage.openings import Opening
from storage.sql import Transaction

REMARK = "remark"
"""The name that every screen of a remark bears, so that its buttons are known."""
SEND, DROP = "yes", "no"
KEPT_DAYS = 1

Body = dict[str, Any]
Done = tuple[Response, list[Debt]]


class Remarks:
    """Answers within the caller's transaction; who may is the caller's to know."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def remarked(self, tx: Transaction, errand: Errand, actor: Actor, remark: Remarked) -> Done | None:
        """Offer to send it; what changes a remark that was sent changes the question. None: it is under no tip."""
        found = await self._under(tx, errand.chat, remark)
        if found is None:
            return None
        if remark.attached:
            return Response(new=_only(say("remark.words_only"))), []
        # A private chat numbers its messages by itself: what was edited there is not known again, but offered anew.
        words, message = legible(remark.words), 0 if errand.private else errand.message or 0
        sent = await self._sent(tx, found.id, message) if remark.edits else None
        if sent:
            return await self._amended(tx, found, actor, sent, words)
        if refused := unusable(words, MOST):
            # Signs alone are chatter, and answered by nothing.
            return Response(new=_only(refused) if len(words) > MOST else None), []
        if remark.edits and (await self._newest(tx, errand.chat, errand.message)).get("words") == words:
            return Response(), []
        code = await self._keep(tx, errand, found.id, {"message": message, "words": words})
        choices = (main(f"{SEND}-{code}", "remark.send"), move(f"{DROP}-{code}", "remark.drop"))
        lines = (say("compose.about", number=found.case.number), say("remark.ask"), say("show.words", words=words))
        return Response(new=Screen(REMARK, 0, lines, choices), shows=(found.case.number,)), []

    async def pressed(self, tx: Transaction, errand: Errand, actor: Actor, pressed: Pressed) -> Done:
        """Its author's word on it, once."""
        verb, _, code = pressed.code.partition("-")
        opening = await openings.read(tx, self._context.secrets, code)
        body = _body(opening)
        found = await cases.load(tx, self._context, opening.tip) if opening and opening.tip else None
        if opening is None or body["purpose"] != REMARK:
            return Response(toast=say("act.unknown")), []
        if found is None:
            return Response(toast=board.GONE), []
        if body["user"] != errand.by.user:
            return Response(toast=say("remark.not_yours")), []
        await openings.take(tx, self._context.secrets, code)
        edited = (await self._newest(tx, errand.chat, body.get("said"))).get("code") != code
        if verb != SEND or edited:
            return Response(over=_only(say("remark.edited" if verb == SEND else "remark.dropped"))), []
        return await self._confirmed(tx, found, actor, body["message"], body["words"])

    async def _confirmed(self, tx: Transaction, found: cases.Found, actor: Actor, message: int, words: str) -> Done:
        decision, owed = await cases.act(tx, self._context, found, actor, ASK)
        if decision.case is None:
            return Response(over=_only(decision.toast)), []
        asked = Entry(ASK, say("show.words", words=words), actor.pseudonym, remark=message)
        owed += await followup.ask(tx, self._context, found.id, asked)
        about = say("compose.about", number=found.case.number)
        return Response(toast=decision.toast, over=_only(about, decision.toast)), owed

    async def _keep(self, tx: Transaction, errand: Errand, tip_id: bytes, said: Body) -> str:
        """The code that sends these words, until the message in which they stand says others."""
        secrets, expires = self._context.secrets, self._context.today() + timedelta(days=KEPT_DAYS)
        body = {"purpose": REMARK, "user": errand.by.user, "said": errand.message, **said}
        code = await openings.make(tx, secrets, _opening(body, expires, tip_id), self._context.chance)
        newest = _opening({**body, "code": code}, expires, tip_id)
        await openings.note_message(tx, secrets, errand.chat, errand.message or 0, newest)
        return code

    async def _newest(self, tx: Transaction, chat: int, message: int | None) -> Body:
        """What was last offered of a message; nothing where nothing was, or that is over."""
        found = await openings.read_message(tx, self._context.secrets, chat, message or 0)
        return _body(found)

    async def _under(self, tx: Transaction, chat: int, remark: Remarked) -> cases.Found | None:
        tip_id = await posts.tip_of(tx, chat, remark.to)
        if tip_id:
            return await cases.load(tx, self._context, tip_id)
        return await cases.numbered(tx, self._context, remark.about) if remark.about else None

    async def _sent(self, tx: Transaction, tip_id: bytes, message: int) -> Entry | None:
        """The question that a message in the group was sent as."""
        said = await talk.of(tx, self._context, tip_id) if message else []
        return next((one for one in said if one.remark == message), None)

    async def _amended(self, tx: Transaction, found: cases.Found, actor: Actor, sent: Entry, words: str) -> Done:
        line, problem = say("show.words", words=words), unusable(words, MOST)
        if problem or line == sent.line:
            # Telegram tells of an edit also where no word has changed.
            return Response(new=_only(problem) if problem else None), []
        decision, owed = await cases.act(tx, self._context, found, actor, "amend")
        if decision.case is None:
            return Response(new=_only(decision.toast)), []
        owed += await followup.amend(tx, self._context, found.id, line, lambda one: one.remark == sent.remark)
        return _told(found, decision.toast), owed


def _opening(body: Body, expires: date, tip_id: bytes) -> Opening:
    return Opening(json.dumps(body).encode(), expires, tip_id)


def _body(opening: Opening | None) -> Body:
    return dict(json.loads(opening.body)) if opening else {}


def _told(found: cases.Found, *lines: Line) -> Response:
    """Said of a tip, and taken back with it."""
    number = found.case.number
    return Response(new=_only(say("compose.about", number=number), *lines), shows=(number,))


def _only(*lines: Line) -> Screen:
    return Screen(REMARK, 0, lines)
