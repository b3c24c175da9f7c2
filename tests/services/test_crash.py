"""Sending a tip is all or nothing, wherever the process dies."""

from pathlib import Path

from copied import copied_at_every_statement
from desk import Desk, desk_at, tap

from bot.conversation.events import Arrival
from storage import audit, outbox, seen, tally, tips

CHAT = 77
UPDATE = 500


async def _send_and_copy_at_every_statement(folder: Path) -> tuple[Arrival, list[Path]]:
    """Send a tip, with a copy of the files before each statement."""
    source = folder / "origin"
    source.mkdir()
    async with desk_at(source) as desk:
        reply = await desk.reaches_review(CHAT, contact="here")
        sending = Arrival(UPDATE, CHAT, 5, tap(reply, "send"))
        copies = await copied_at_every_statement(desk.context.database, folder, lambda: desk.intake.handle(sending))
    return sending, copies


async def _state(desk: Desk) -> tuple[int, tuple[str, ...], int, bool, int]:
    """How many tips, which debts, how many audit lines, whether the update is known, how many are counted received."""
    context = desk.context
    async with context.database.reading() as tx:
        kept = [tip async for tip in tips.summaries(tx, context.secrets, context.today())]
        owed = tuple(sorted(kind for _, kind in await outbox.ids(tx)))
        known = UPDATE in await seen.known(tx, [UPDATE])
        counted = sum(count.n for count in await tally.read(tx, "status", "2026", "2027"))
        return len(kept), owed, (await audit.head(tx)).n, known, counted


NOTHING = (0, (), 0, False, 0)
ALL = (1, ("answer", "tip"), 1, True, 1)


async def test_a_crash_at_any_statement_leaves_all_of_a_tip_or_nothing_and_replay_completes_it_once(tmp_path):
    """Killed before any statement of the transaction, the bot finds nothing or everything, and replay gives one tip."""
    sending, copies = await _send_and_copy_at_every_statement(tmp_path)
    found = []
    for copy in copies:
        async with desk_at(copy) as desk:
            before = await _state(desk)
            await desk.intake.handle(sending)
            found.append((before, await _state(desk)))

    assert len(copies) > 10
    assert {NOTHING, ALL} == {before for before, _ in found}
    assert [ALL] * len(copies) == [after for _, after in found]
