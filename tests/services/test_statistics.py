"""The figures of the tally, asked for by admins: what was sent is what is counted, and no tip is opened for it."""

import io
from datetime import date

import pytest
from desk import ADMIN, Chats, desk_at
from office import SARI, office_at
from PIL import Image

from bot.charts import Chart, ChartError, draw
from bot.charts.artist import Artist
from bot.conversation.case import Actor
from bot.conversation.counting import of_word
from bot.conversation.errands import Errand, Person, Pressed, StaffCommand, Summoned
from bot.conversation.figures import Query, Span
from bot.locales.catalogue import Catalogues
from bot.services import debts, statistics
from bot.services.desk import Desk
from bot.services.members import Members
from storage import outbox, tally

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
        button = await statistics.pressed(tx, desk.context, Actor("m1", "Rina"), "category-week", 7)
        forged = await statistics.pressed(tx, desk.context, CHIEF, "region-week-99", 7)
        pressed = await statistics.pressed(tx, desk.context, CHIEF, "category-week", 7)

    assert [None, None, None] == [command, button, forged]
    assert pressed is not None
    assert pressed[0].over is not None


async def test_a_chart_is_owed_and_drawn_with_the_figures_of_its_moment(tmp_path):
    """The button owes a picture to the admin's chat; with nothing counted a sentence comes in its place."""
    chats = Chats()
    async with desk_at(tmp_path) as desk:
        charts = statistics.Charts(desk.context, chats, Artist(Catalogues.load().of("id")))
        for _ in range(2):
            async with desk.context.database.transaction() as tx:
                response, owed = await statistics.pressed(tx, desk.context, CHIEF, "chart-status-week", 7)
                [(owed_id, kind)] = await debts.note(tx, desk.context, owed)
            async with desk.context.database.reading() as tx:
                due = await outbox.read(tx, desk.context.secrets, owed_id)
            ended = await charts.draw(due)
            async with desk.context.database.transaction() as tx:
                await tally.count(tx, of_word("received", desk.context.today()))
    [(told, screen, _)], [(shown, exhibit, picture)] = chats.said, chats.shown

    assert ("chart", "figures.drawing", None) == (kind, response.toast.key, ended)
    assert (7, "figures.nothing") == (told, screen.lines[0].key)
    assert (7, "picture") == (shown, exhibit.kind)
    assert ("PNG", 960) == ((image := Image.open(io.BytesIO(picture))).format, image.width)


async def test_a_long_title_has_room():
    """The name of a province, a span and that it is by months are read to their end, on two rows."""
    title = "Kabupaten/kota, Kepulauan Bangka Belitung, 30 hari (bulan kalender)"
    drawn = [Image.open(io.BytesIO(await draw(Chart(one, ["Kab. Belitung"], [7], ["7"])))) for one in ("-", title)]
    edge = drawn[1].convert("L").crop((950, 0, 960, drawn[1].height))

    assert drawn[0].height < drawn[1].height
    assert 1 == len(edge.getcolors())


async def test_a_chart_that_takes_too_long_is_given_up():
    """Its process is ended, and whoever waits hears that it was not drawn."""
    with pytest.raises(ChartError):
        await draw(Chart("Kategori", ["Foto"], [7], ["7"]), seconds=0)


async def test_at_the_desk_admins_are_answered_and_others_get_the_ordinary_help(tmp_path):
    """The command is an admin's: others hear nothing from the desk, or a no to a tap."""
    chief, rina, sari = Person(ADMIN, "Chief"), Person(501, "Rina"), Person(502, "Sari")
    async with desk_at(tmp_path) as desk:
        members = Members(desk.context, Administrators(), (rina.user,))
        work = Desk(desk.context, members, desk.owed.extend, [statistics.office(desk.context)])

        async def does(update, by, deed):
            return await work.handle(Errand(update, by.user, None, by, deed, private=True))

        told, *others = [
            await does(n, by, Summoned(StaffCommand.STATISTICS, "sulsel 30"))
            for n, by in enumerate((chief, rina, sari))
        ]
        drawn = await does(4, chief, Pressed("figures", "chart-category-week"))
        refused = await does(5, rina, Pressed("figures", "category-week"))

    assert "figures" == told.new.question
    assert [None, None] == others
    assert ["chart"] == [kind for _, kind in desk.owed]
    assert ("figures.drawing", "staff.nobody") == (drawn.toast.key, refused.toast.key)


class Administrators:
    """A moderators' chat whose administrators nobody needs to know."""

    async def administrators(self, _chat: int) -> frozenset[int]:
        return frozenset()


async def test_with_a_release_delay_figures_tell_nothing_before_their_minute_and_count_once(tmp_path):
    """A tip and its draft are counted when their minute has come, and each debt goes in the commit that counts it."""
    async with office_at(tmp_path, release_minutes=1440) as office:

        async def counted() -> list[tuple[str, int]]:
            async with office.context.database.reading() as tx:
                return [(row[0], row[3]) for row in await tally.dated(tx, date(2026, 11, 1), date(2026, 11, 30))]

        reply = await office.desk.reaches_review(SARI)
        await office.desk.taps(SARI, reply, "send")
        await office.works("count")
        early = await counted()
        office.desk.clock.passes(days=1)
        async with office.context.database.reading() as tx:
            held_back = [
                await outbox.read(tx, office.context.secrets, one) for one, kind in office.desk.owed if kind == "count"
            ]
        for owed in held_back:
            await office.handlers["count"](owed)
        async with office.context.database.reading() as tx:
            left = [kind for _, kind in await outbox.ids(tx)]
        released = await counted()

    assert [] == early
    assert {"begun", "status", "category", "province", "regency"} <= {dimension for dimension, _ in released}
    assert {1} == {n for _, n in released}
    assert "count" not in left
