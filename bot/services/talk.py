"""An entry of a tip's talk, as it is sealed in the thread, and the thread as its reporter reads it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.conversation.case import REPORTER, Case, reporter_line
from bot.conversation.casework import decide, heard
from bot.conversation.draft import Item, fields, item_from
from bot.conversation.evidence import noted
from bot.conversation.screens import Line, say
from bot.services.context import Context
from bot.services.debts import line_of, plain
from storage import entries
from storage.sql import Transaction

SHOWN_MOST = 10
NO_WORDS = say("thread.no_words")


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is ask, note, word (of the tip's standing), answer or act; `by` is a pseudonym.

    Of an act, the line's key is the audit's word; `name` did it, on the ISO `day`; nobody waits for it.
    `told` are the messages of the private chat that say it; `remark` is the one in the moderators' group that it was.

    `due`: who it is for has still to get it, not before the minute `release` of the epoch. `code` opens the talk
    from the message that tells of it. `closing`: nothing follows, and the address goes when this was told.
    """

    kind: str
    line: Line
    by: str = ""
    code: str = ""
    items: tuple[Item, ...] = ()
    due: bool = False
    closing: bool = False
    release: int = 0
    name: str = ""
    day: str = ""
    told: tuple[int, ...] = ()
    remark: int = 0


def written(entry: Entry) -> bytes:
    body = {name: getattr(entry, name) for name in entry.__slots__}
    items = [fields(item) for item in entry.items]
    return json.dumps(body | {"line": plain(entry.line), "items": items}, ensure_ascii=False).encode()


def read(sealed: bytes) -> Entry:
    """The entry that `written` wrote."""
    body = json.loads(sealed)
    items = tuple(map(item_from, body["items"]))
    return Entry(**{**body, "line": line_of(body["line"]), "items": items, "told": tuple(body.get("told", ()))})


async def add(tx: Transaction, context: Context, tip_id: bytes, entry: Entry) -> None:
    await entries.add(tx, context.secrets, tip_id, [written(entry)])


async def of(tx: Transaction, context: Context, tip_id: bytes) -> list[Entry]:
    """All that was said of a tip, the first is number 0; raises `BrokenSeal`."""
    return [read(sealed) for sealed in await entries.of(tx, context.secrets, tip_id)]


async def change(tx: Transaction, context: Context, tip_id: bytes, n: int, entry: Entry) -> None:
    await entries.change(tx, context.secrets, tip_id, n, written(entry))


async def settled(tx: Transaction, context: Context, tip_id: bytes, n: int, entry: Entry) -> None:
    """Nobody waits for this entry any more, unless it was worded anew since it was read; it is known where it is."""
    now = (await of(tx, context, tip_id))[n:]
    if now:
        await change(tx, context, tip_id, n, replace(now[0], due=now[0].line != entry.line, told=entry.told))


def heard_of(case: Case, said: Iterable[Entry]) -> Case:
    """The case as its reporter knows it, who has answered already what the moderators have still to get."""
    waiting = any(entry.due and entry.kind == "answer" for entry in said)
    return (decide(case, heard(case), REPORTER).case if waiting else None) or case


def answers_since(said: Iterable[Entry], minute: int) -> int:
    """How much the reporter has said from that minute of the epoch on; what is still to be released counts too."""
    return sum(entry.kind == "answer" and entry.release > minute for entry in said)


def lines(case: Case, said: Iterable[Entry]) -> tuple[Line, ...]:
    """The talk for its reporter: where the tip is, and the last questions and answers. Notes are no part of it."""
    told = [entry for entry in said if entry.kind in ("ask", "answer")]
    earlier = (say("thread.earlier", count=len(told) - SHOWN_MOST),) if len(told) > SHOWN_MOST else ()
    return (reporter_line(case), *earlier, *map(shown, told[-SHOWN_MOST:]))


def shown(entry: Entry) -> Line:
    """A question or an answer as the reporter reads it again."""
    return _question(entry) if entry.kind == "ask" else say("thread.answered", rows=_rows(entry))


def worked(entry: Entry) -> Line:
    """A question, an answer or a note as those read it who work the tip."""
    match entry.kind:
        case "ask":
            return _question(entry)
        case "note":
            return say("talk.note", line=entry.line)
        case _:
            return say("talk.answered", rows=_rows(entry))


def _question(entry: Entry) -> Line:
    return say("thread.asked", others=entry.line)


def words(entry: Entry) -> tuple[Line, ...]:
    """What was written; that there are no words only where none came with a file either."""
    return () if entry.line == NO_WORDS and noted(entry.items) else (entry.line,)


def _rows(entry: Entry) -> tuple[Line, ...]:
    """What was written, how many files came with it, and what was written with those."""
    files = (say("thread.files", count=len(entry.items)),) if entry.items else ()
    return (*words(entry), *files, *noted(entry.items))
