"""The figures of the tally, asked for by admins: what was sent is what is counted, and no tip is opened for it."""

from desk import desk_at

from bot.conversation.casework import Actor
from bot.conversation.figures import Query, Span
from bot.services import statistics

CHIEF = Actor("a1", "Chief", admin=True)


async def test_figures_agree_with_what_was_sent_though_every_key_is_destroyed(tmp_path):
    """Six tips are six in each dimension, also when no tip can be opened any more."""
    async with desk_at(tmp_path) as desk:
        for chat in range(1, 7):
            reply = await desk.reaches_review(chat)
            reply = await desk.taps(chat, reply, "send")
            if reply.screens and reply.screens[-1].choices:
                await desk.taps(chat, reply, reply.screens[-1].choices[0].code)
        async with desk.context.database.transaction() as tx:
            await tx.execute("UPDATE tips SET wrapped = NULL, summary = x''")
            read = [
                await statistics.read(tx, Query("", span, "73"), desk.context.today())
                for span in (Span.TODAY, Span.ALL)
            ]
            accused = await statistics.read(tx, Query("accused", Span.WEEK), desk.context.today())
            told = await statistics.summoned(tx, desk.context, CHIEF, "kategori")

    expected = {"province": {"73": 6}, "regency": {"73.04": 6}, "province-category": {"73/AJAKAN": 6}}
    assert [expected, expected] == read
    assert {"accused": {"PNS": 6}} == accused
    assert told is not None
    assert "figures.title" == told[0].new.lines[0].key


async def test_only_admins_are_answered(tmp_path):
    """A moderator's command or button gets nothing from here, so that they read the ordinary help."""
    async with desk_at(tmp_path) as desk, desk.context.database.transaction() as tx:
        command = await statistics.summoned(tx, desk.context, Actor("m1", "Rina"), "")
        button = await statistics.pressed(tx, desk.context, Actor("m1", "Rina"), "category-week")
        forged = await statistics.pressed(tx, desk.context, CHIEF, "region-week-99")
        pressed = await statistics.pressed(tx, desk.context, CHIEF, "category-week")

    assert [None, None, None] == [command, button, forged]
    assert pressed is not None
    assert pressed[0].over is not None
