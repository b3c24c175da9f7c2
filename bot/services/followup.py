"""A tip's talk: what opens it for one person, and what is said in it, each within its caller's transaction.

The talk itself is the queue: an entry says whether it is due, and debts only name the tip (see `relay`).
Rule: whom to tell is read from the tip's address at that moment, and noted nowhere else.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.conversation.case import OVER, REPORTER, Actor, Case, Standing
from bot.conversation.casework import decide, heard
from bot.conversation.compose import (
    AMEND,
    ASK,
    CANNED_MOST,
    COMPOSING,
    HOLD,
    LABEL,
    LINK,
    REPLY,
    THREAD,
    WORK,
    asked,
    canned,
)
from bot.conversation.effects import Answer, Drop, Keep, Reach, Write
from bot.conversation.events import Opened
from bot.conversation.screens import Line, say
from bot.conversation.waiting import in_hand
from bot.services import cases, drafts, phrases, release, talk
from bot.services.context import Context
from bot.services.debts import OWED_HOURS, Debt, Kind, debt
from bot.services.phrases import Phrases
from bot.services.talk import Entry
from storage import audit, files, openings, tips
from storage.openings import Opening
from storage.sql import Transaction

WORK_DAYS = 1
DAY_MINUTES = 24 * 60
ADDED_MOST = 10
"""So much a reporter says within a day unasked: whoever has nothing but a receipt cannot be blocked."""

Body = dict[str, Any]

# What opens a tip's talk


async def invite(tx: Transaction, context: Context, purpose: str, number: str, user: int) -> str:
    """A code that lets this moderator write once: `purpose` is a place of `compose.WORK`."""
    body = json.dumps({"purpose": purpose, "number": number, "user": user}).encode()
    expires = context.today() + timedelta(days=WORK_DAYS)
    found = await tips.find_by_number(tx, context.secrets, number)
    opening = Opening(body, expires, found.id if found else None)
    return await openings.make(tx, context.secrets, opening, context.chance)


async def opened(tx: Transaction, context: Context, chat: int, code: str, by: Actor | None) -> Opened | None:
    """What a code opens for who holds it in this private chat, or None; a moderator's once, while they are one.

    A reporter's opens where the tip is told: to whoever else comes by it, it is of no use.
    """
    found = await openings.read(tx, context.secrets, code)
    body = json.loads(found.body) if found else {}
    if not found or found.tip is None or body["purpose"] not in COMPOSING or body.get("user", chat) != chat:
        return None
    if "user" not in body:
        return await _led_here(tx, context, chat, found.tip, body)
    if by is None:
        return None
    await openings.take(tx, context.secrets, code)
    offered = await phrases.offered(tx, context, body["purpose"])
    return Opened(body["purpose"], body["number"], language=context.moderator_language, offered=offered)


async def answered(tx: Transaction, context: Context, chat: int, message: int) -> Opened | None:
    """What a reply to a message in a private chat opens, or None."""
    found = await openings.read_message(tx, context.secrets, chat, message)
    body: Body = json.loads(found.body) if found else {}
    if not found or found.tip is None or body["purpose"] != REPLY:
        return None
    return await _led_here(tx, context, chat, found.tip, body)


async def resumed(tx: Transaction, context: Context, held: drafts.Held | None, event: Opened) -> Opened:
    """What is opened, by the code under which an answer on the same tip is in hand already, where one is."""
    opening = await openings.read(tx, context.secrets, event.about)
    for one in in_hand(held.draft if held else None):
        answers = bool(one.about) and (one.behind or one.at) == REPLY
        now = await openings.read(tx, context.secrets, one.about) if answers else None
        if opening and now and now.tip == opening.tip:
            return replace(event, about=one.about)
    return event


async def found_by_receipt(tx: Transaction, context: Context, tip_id: bytes) -> Opened | None:
    """A tip's talk for whoever may read it, under a new code; None where its seal is broken."""
    return await _led_to(tx, context, tip_id, {"purpose": THREAD})


async def _led_here(tx: Transaction, context: Context, chat: int, tip_id: bytes, way: Body) -> Opened | None:
    """As `_led_to` in the chat that is told of the tip; None in any other, also in one that was told before."""
    told = await tips.address(tx, context.secrets, tip_id)
    return await _led_to(tx, context, tip_id, way) if told == chat else None


async def _led_to(tx: Transaction, context: Context, tip_id: bytes, way: Body) -> Opened | None:
    """What an opening with that body leads to: under a new code.

    The code serves what is written there and then, so it lives as long as a draft. It is nowhere but in that, and goes
    on opening the tip when nothing else leads to it any more: what was begun is not lost by a closing meanwhile.
    """
    expires = drafts.day_in(context, context.rules.draft_hours)
    opening = _opening(tip_id, {"purpose": way["purpose"], "hand": True}, expires)
    code = await openings.make(tx, context.secrets, opening, context.chance)
    return await _talk(tx, context, tip_id, code, way)


def _opening(tip_id: bytes, body: Body, expires: date) -> Opening:
    """Of whom it is for, it knows nothing; `hand`: it is for what is being written."""
    return Opening(json.dumps(body).encode(), expires, tip_id)


def reply_opening(context: Context, tip_id: bytes, entry: int) -> Opening:
    """What the bot's own message to a reporter opens, which tells that entry of the talk."""
    expires = context.today() + timedelta(context.rules.retention_days)
    return _opening(tip_id, {"purpose": REPLY, "entry": entry}, expires)


async def _talk(tx: Transaction, context: Context, tip_id: bytes, code: str, way: Body) -> Opened | None:
    case = await cases.find(tx, context, tip_id)
    if case is None:
        return None
    said = await talk.of(tx, context, tip_id)
    case = talk.heard_of(case, said)
    purpose, entry = way["purpose"], way.get("entry", len(said))
    # Who answers a question reads that one; where it is not known which, the last that was asked.
    asking = [one.line for one in (*said, *said[entry : entry + 1]) if one.kind == "ask"]
    waits = case.standing is Standing.ASKING
    here = await tips.address(tx, context.secrets, tip_id) is not None
    contact = "" if case.standing in OVER else "here" if here else "code"
    return Opened(
        purpose,
        code,
        talk.lines(case, said) if purpose == THREAD else (),
        contact,
        case.language,
        asked=asked(asking[-1]) if asking and (waits or purpose == REPLY) else (),
        waits=waits,
    )


# What is said, each within its caller's transaction


async def work(tx: Transaction, context: Context, by: Actor, effect: Write) -> tuple[Line, list[Debt]]:
    """What a moderator wrote and confirmed: how it went, and what is owed. Whether they may is the caller's to know."""
    found = await cases.numbered(tx, context, effect.number)
    if found is None:
        return say("thread.gone"), []
    if effect.purpose == AMEND and not await _has_asked(tx, context, found.id, by):
        return say("act.not_asked"), []
    argument = effect.words if effect.purpose == LINK else ""
    if effect.purpose == LABEL:
        argument = await phrases.code_of(tx, context, Phrases.LABELS, effect.words)
    decision, owed = await cases.act(tx, context, found, by, f"{WORK[effect.purpose]}-{argument}")
    if decision.case is not None:
        if effect.purpose == HOLD:
            await cases.give_grounds(tx, context, found.id, effect.words)
        line = canned(effect.canned, effect.words)
        owed += await _said(tx, context, found.id, Entry(WORK[effect.purpose], line, by.pseudonym))
    return decision.toast, owed


async def _has_asked(tx: Transaction, context: Context, tip_id: bytes, by: Actor) -> bool:
    return any(one.kind == ASK and one.by == by.pseudonym for one in await talk.of(tx, context, tip_id))


async def stock(tx: Transaction, context: Context, by: Actor, effect: Keep | Drop) -> Line:
    """A moderator's word on what is ready; what became of it. Whether they may is the caller's to know."""
    match effect:
        case Drop():
            done = "label.dropped" if effect.purpose == LABEL else "question.dropped"
            await phrases.remove(tx, context, phrases.AT[effect.purpose], effect.code)
        case Keep() if await phrases.has_room(tx, context):
            done = "question.kept"
            await phrases.code_of(tx, context, Phrases.QUESTIONS, effect.words)
        case _:
            return say("question.full", most=CANNED_MOST)
    await audit.append(tx, context.secrets, [audit.Line(context.today(), done, by.pseudonym)])
    return say(done)


async def _said(tx: Transaction, context: Context, tip_id: bytes, entry: Entry) -> list[Debt]:
    """What was written goes into the talk: to the reporter, in place of a question, or for moderators alone."""
    match entry.kind:
        case "ask":
            return await ask(tx, context, tip_id, entry)
        case "amend":
            return await amend(tx, context, tip_id, entry.line, lambda one: one.by == entry.by)
        case "note":
            await talk.add(tx, context, tip_id, entry)
    return []


async def amend(
    tx: Transaction, context: Context, tip_id: bytes, line: Line, which: Callable[[Entry], bool]
) -> list[Debt]:
    """The last question of those is worded anew, where it was told as well."""
    said = await talk.of(tx, context, tip_id)
    n = next((n for n in reversed(range(len(said))) if said[n].kind == "ask" and which(said[n])), None)
    if n is None:
        return []
    reached = await tips.address(tx, context.secrets, tip_id) is not None
    await talk.change(tx, context, tip_id, n, replace(said[n], line=line, due=reached))
    return [debt(Kind.TELL, tip=tip_id.hex())] if reached else []


async def tell(tx: Transaction, context: Context, tip_id: bytes, line: Line, *, closing: bool) -> list[Debt]:
    """A word on a tip's standing for its reporter, where one is told. `closing`: the address goes with it."""
    if await tips.address(tx, context.secrets, tip_id) is None:
        return []
    owed = await ask(tx, context, tip_id, Entry("word", line, closing=closing))
    return [*owed, *([debt(Kind.CUT, tip=tip_id.hex(), hour=context.hour() + OWED_HOURS)] if closing else [])]


async def ask(tx: Transaction, context: Context, tip_id: bytes, entry: Entry) -> list[Debt]:
    """Into the talk, and to the reporter's chat where there is one; otherwise it waits for the receipt."""
    reached, code = await tips.address(tx, context.secrets, tip_id) is not None, ""
    if reached:
        opening = reply_opening(context, tip_id, len(await talk.of(tx, context, tip_id)))
        code = await openings.make(tx, context.secrets, opening, context.chance)
    await talk.add(tx, context, tip_id, replace(entry, code=code, due=reached))
    return [debt(Kind.TELL, tip=tip_id.hex())] if reached else []


async def answer(tx: Transaction, context: Context, owner: bytes, effect: Answer) -> tuple[Line, list[Debt]]:
    """What the reporter wrote and confirmed; the files that came with it are the draft's of id `owner` until now.

    Nothing is owed where it could not be taken.
    """
    found = await _opened_tip(tx, context, effect.handle)
    if found is None:
        return say("thread.gone"), []
    tip_id = found.id
    if not await tips.has_thread(tx, tip_id):
        return say("thread.archived"), []
    said = await talk.of(tx, context, tip_id)
    act, items = heard(talk.heard_of(found.case, said)), tuple(item for item in effect.items if item.stored)
    if act == "add" and talk.answers_since(said, context.minute() - DAY_MINUTES) >= ADDED_MOST:
        return say("thread.enough", most=ADDED_MOST), []
    await files.adopt(tx, owner, tip_id, [bytes.fromhex(item.stored) for item in items])
    line = say("show.words", words=effect.words) if effect.words else talk.NO_WORDS
    await talk.add(tx, context, tip_id, Entry("answer", line, items=items, due=True, release=release.minute(context)))
    return say(f"thread.{act}"), [debt(Kind.FOLLOW, tip=tip_id.hex())]


async def posted(tx: Transaction, context: Context, tip_id: bytes, n: int, entry: Entry) -> list[Debt]:
    """The moderators have an answer: only now does its tip change for them, so that a delay hides when it was said."""
    await talk.settled(tx, context, tip_id, n, entry)
    found = await cases.load(tx, context, tip_id)
    if found is None:
        return []
    return await cases.record(tx, context, found, decide(found.case, heard(found.case), REPORTER), REPORTER)


async def reach(tx: Transaction, context: Context, chat: int, effect: Reach) -> tuple[Line, list[Debt]]:
    """The reporter wants to be told in this chat from now on, or in none; a tip that is over has no address."""
    found = await _opened_tip(tx, context, effect.handle)
    if found is None or found.case.standing in OVER:
        return say("thread.gone"), []
    tip_id = found.id
    if effect.here and not await tips.has_thread(tx, tip_id):
        return say("thread.archived"), []
    if effect.here:
        await tips.set_address(tx, context.secrets, tip_id, chat)
    else:
        await cut(tx, context, tip_id)
    told = say("thread.now.here" if effect.here else "thread.now.code")
    return told, await release.reach(tx, context, tip_id)


async def _opened_tip(tx: Transaction, context: Context, code: str) -> cases.Found | None:
    opening = await openings.read(tx, context.secrets, code)
    return await cases.load(tx, context, opening.tip) if opening and opening.tip else None


async def let_go(tx: Transaction, context: Context, tip_id: bytes, case: Case) -> list[Debt]:
    """The reporter has withdrawn a tip that must stay for now: nothing leads to them any more."""
    await openings.close_but(tx, context.secrets, tip_id, _is_a_moderators)
    await cut(tx, context, tip_id)
    await cases.keep(tx, context, tip_id, replace(case, withdrawn=True))  # which no card shows
    return await release.reach(tx, context, tip_id)


def _is_a_moderators(body: bytes) -> bool:
    """Whether an opening is for somebody who works the tip: it leads to no reporter, and what was begun goes on."""
    return "user" in json.loads(body)


def _is_begun(body: bytes) -> bool:
    """Whether somebody writes by this opening, on either side: it is with what is written, and goes with that."""
    return _is_a_moderators(body) or "hand" in json.loads(body)


async def cut(tx: Transaction, context: Context, tip_id: bytes) -> None:
    """Nothing leads from a tip to its reporter any more, nor from what they were told to the tip."""
    await tips.cut_address(tx, tip_id)
    await openings.close_but(tx, context.secrets, tip_id, _is_begun)
