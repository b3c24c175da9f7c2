"""Forgetting by term: rows with a last day, tips that are over, the beginning of the audit trail, old copies.

Rule: a tip's keys are destroyed first, in a commit of their own, then its evidence, and only then the rest of it.
Whatever cuts a purge off, what is left of such a tip is still over its term, and the next purge goes on with it.
"""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.conversation.case import BOT, Case, from_json
from bot.conversation.retention import AUDIT_DAYS, Term, banned_until, term
from bot.conversation.screens import Screen, say
from bot.services import cases, debts, drafts, proof
from bot.services.context import QUIET_HOUR, Context
from bot.services.debts import Debt, Owe, retraction
from storage import audit, bans, copies, facts, files, migrate, openings, outbox, posts, tips, traces
from storage.rotation import Tell
from storage.sql import Transaction

BATCH = 200
LEAP_DAYS = 7
FACT = "forgotten"
"""The fact that holds the ISO day of the last purge that came to its end, or was put off."""
BROKEN = "unreadable"

Work = Callable[[Transaction, Context], Awaitable[Counter[str]]]


class _Undone(Exception):
    """Takes back what was only tried."""


async def rows(tx: Transaction, context: Context) -> Counter[str]:
    """Remove rows whose last day is over, and files that are nobody's; how many of each kind."""
    today = context.today()
    gone = await drafts.expire(tx, context)
    await files.sweep(tx)
    return Counter(
        drafts=gone,
        traces=await traces.expire(tx, today),
        openings=await openings.expire(tx, today),
        bans=await bans.expire(tx, today),
    )


async def destroy(tx: Transaction, context: Context, tip_ids: Sequence[bytes]) -> list[Debt]:
    """Remove tips with all that hangs on them, and the copies beside the database.

    Owed: to take back their posts, and what else shows them to moderators.
    """
    shown = [[*await posts.of(tx, one), *await copies.of(tx, context.secrets, one)] for one in tip_ids]
    await tips.destroy(tx, tip_ids)
    if tip_ids:
        # The keyring that runs opens what lies in them: whoever withdraws is told that it is gone.
        await asyncio.to_thread(_drop, migrate.former_copies(context.database.path, math.inf))
    return [debt for one in shown for debt in retraction(one, context.hour())]


async def purge(
    context: Context, owe: Owe, tell: Tell = lambda _done, _all: None, *, pretend: bool = False
) -> Counter[str]:
    """Forget everything that is over its term; how many of each kind.

    `tell` hears how many tips were looked at, of how many. Where it is only to `pretend`, nothing is changed.
    """
    counts = await _done(context, rows, pretend=pretend) + await _done(context, _held, pretend=pretend)
    async with context.database.reading() as tx:
        whole = await tips.count(tx)
    looked_at = 0
    tell(looked_at, whole)
    async for batch in _batches(context):
        words = {tip.id: _word(context, tip) for tip in batch}
        counts += Counter(words.values())
        over = [tip_id for tip_id, word in words.items() if word == Term.OVER]
        if over and not pretend:
            await _destroy(context, owe, over)
        if not pretend:
            await _unblocked(context, owe, batch)
        looked_at += len(batch)
        tell(min(looked_at, whole), whole)
    counts += await _audit(context, pretend=pretend)
    counts["copies"] = len(await asyncio.to_thread(_copies, context, pretend=pretend))
    if not pretend:
        await context.database.give_back()
    return _told(counts)


async def nightly(context: Context, owe: Owe) -> None:
    """Purge once a day, at the quiet hour or as soon after it as the bot is up; whoever calls asks every hour.

    Where the last time is many days ago, or there was none, nothing goes this night: a clock may have jumped, and
    can be put right.
    """
    today = context.today()
    if context.local_hour() < QUIET_HOUR:
        return
    async with context.database.reading() as tx:
        last = await facts.read(tx, context.secrets, FACT)
    before = date.fromisoformat(last.decode()) if last else date.min
    if before == today:
        return
    leapt = today - before > timedelta(LEAP_DAYS)
    counts = Counter(put_off=1) if leapt else await purge(context, owe)
    context.counters.update({f"purge_{word}": n for word, n in counts.items()})
    async with context.database.transaction() as tx:
        await facts.keep(tx, context.secrets, FACT, today.isoformat().encode())
        owed = await debts.note(tx, context, _announced(context, counts))
    owe(owed)


async def _batches(context: Context) -> AsyncIterator[list[tips.Tip]]:
    """All tips, a few at a time, so that neither memory nor others feel how many there are."""
    cursor = b""
    while True:
        async with context.database.reading() as tx:
            batch = await tips.after(tx, context.secrets, cursor, BATCH)
        if not batch:
            return
        cursor = batch[-1].id
        yield batch


def _word(context: Context, tip: tips.Tip) -> str:
    """A tip whose summary does not open has no term that could be read: it stays, and is told."""
    if tip.summary is None:
        return BROKEN
    return term(from_json(tip.summary), context.rules, context.today())


async def _destroy(context: Context, owe: Owe, tip_ids: Iterable[bytes]) -> None:
    async with context.database.transaction() as tx:
        # Asked again inside: somebody may have opened it again, or asked for a hold, since.
        found = [await tips.find(tx, context.secrets, tip_id) for tip_id in tip_ids]
        over = [tip.id for tip in found if tip and _word(context, tip) == Term.OVER]
        await tips.destroy_keys(tx, over)
        laden = [tip_id for tip_id in over if await files.any_of(tx, tip_id)]
    for tip_id in laden:
        # It may be some hundred megabytes: whoever writes meanwhile waits for that of one tip at the most.
        async with context.database.transaction() as tx:
            await files.discard_of(tx, [tip_id])
    async with context.database.transaction() as tx:
        owed = await debts.note(tx, context, await destroy(tx, context, over))
        await audit.append(tx, context.secrets, [audit.Line(context.today(), "purged", BOT.pseudonym) for _ in over])
    owe(owed)


async def _unblocked(context: Context, owe: Owe, batch: Iterable[tips.Tip]) -> None:
    """Cards say of no block that is over."""
    blocked = [tip.id for tip in batch if tip.summary and _block_is_over(from_json(tip.summary), context)]
    if not blocked:
        return
    async with context.database.transaction() as tx:
        found = [await cases.load(tx, context, tip_id) for tip_id in blocked]
        over = [one for one in found if one and _block_is_over(one.case, context)]
        owed = [debt for one in over for debt in await cases.keep(tx, context, one.id, replace(one.case, blocked=""))]
        noted = await debts.note(tx, context, owed)
    owe(noted)


def _block_is_over(case: Case, context: Context) -> bool:
    last = banned_until(case)
    return last is not None and last < context.today()


async def _audit(context: Context, *, pretend: bool) -> Counter[str]:
    """Let old lines go; of a trail that is not whole nothing goes, for it would take its fault along."""
    faults = await proof.prove(context, note=not pretend)
    return Counter(audit_faults=len(faults)) if faults else await _done(context, _lines, pretend=pretend)


async def _lines(tx: Transaction, context: Context) -> Counter[str]:
    return Counter(audit=await audit.expire(tx, context.secrets, context.today() - timedelta(AUDIT_DAYS)))


async def _held(tx: Transaction, context: Context) -> Counter[str]:
    """What came back with a backup and was never let go is past its time: tips stay where they are."""
    before = context.today() - timedelta(context.rules.retention_days)
    return Counter(debts=await outbox.expire(tx, before))


async def _done(context: Context, work: Work, *, pretend: bool) -> Counter[str]:
    """What some work comes to in a transaction, which is undone where it is only to pretend."""
    counts: Counter[str] = Counter()
    with suppress(_Undone):
        async with context.database.transaction() as tx:
            counts += await work(tx, context)
            if pretend:
                raise _Undone
    return counts


def _copies(context: Context, *, pretend: bool) -> list[Path]:
    """What a migration or a restore has put aside is a backup, and gets no older than one."""
    before = context.now() - timedelta(context.rules.backup_days)
    found = migrate.former_copies(context.database.path, before.timestamp())
    if not pretend:
        _drop(found)
    return found


def _drop(copies: Iterable[Path]) -> None:
    for copy in copies:
        copy.unlink(missing_ok=True)


def _told(counts: Counter[str]) -> Counter[str]:
    """What was forgotten, and what stays though it might surprise; nothing of what simply runs."""
    told = Counter({"tips" if word == Term.OVER else str(word): n for word, n in counts.items() if n})
    del told[Term.RUNS]
    return told


def _announced(context: Context, counts: Counter[str]) -> list[Debt]:
    """A word to admins, of what they would want to know in the morning."""
    told = [word for word in ("tips", "held", BROKEN, "audit_faults", "debts") if counts[word]]
    if told in ([], ["held"]):
        return []
    lines = (say(f"purge.{word}", count=counts[word]) for word in told)
    return debts.to_admins(context, Screen("", 0, (say("purge.title"), *lines)))
