"""The weekly new master key: by itself, at a quiet hour, taken up where it broke off, and told where it cannot be."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from desk import Clock, Desk, desk_at
from sent import TOLD, sent_tip

from bot.conversation.tip import reopened
from bot.services.renewal import BEGUN, Renewal
from storage import facts, keyring, rotation, tips
from storage.database import Database
from storage.purposes import Secrets, WrongKeyring
from storage.vault import Vault

FORMER = date(2026, 11, 1)
NIGHT = 17  # hours to 3 a.m. in Jakarta from the clock's start


def masters(folder: Path) -> list[date]:
    return [key.made for key in keyring.load(folder / "keyring.json").keys]


async def renew(desk: Desk, folder: Path) -> None:
    await Renewal(desk.context, folder / "keyring.json", desk.owed.extend).hourly()


async def story(desk: Desk, number: str) -> str:
    async with desk.context.database.reading() as tx:
        found = await tips.find_by_number(tx, desk.context.secrets, number)
        return reopened(await tips.read_content(tx, desk.context.secrets, found.id)).text("story")


async def test_a_week_old_key_is_replaced_at_a_quiet_hour_and_the_former_destroyed(tmp_path):
    """Before three nothing happens; then one new key is left, tips open, admins hear it once, for a week no more."""
    seen = []
    async with desk_at(tmp_path) as desk:
        number = await sent_tip(desk.context)
        desk.clock.passes(hours=NIGHT - 1)
        for hours in (1, 1, 24 * 6, 24):
            await renew(desk, tmp_path)
            seen.append((masters(tmp_path), len(desk.owed)))
            desk.clock.passes(hours=hours)
        await renew(desk, tmp_path)
        seen.append((masters(tmp_path), len(desk.owed)))
        words = await story(desk, number)

    first, second = date(2026, 11, 25), date(2026, 12, 2)
    assert [([FORMER], 0), ([first], 1), ([first], 1), ([first], 1), ([second], 2)] == seen
    assert TOLD["story"] == words


async def test_a_copy_from_before_opens_with_no_key_that_is_left(tmp_path):
    """Whoever has an old copy of the database and today's keyring reads nothing of it."""
    server, thief = tmp_path / "server", tmp_path / "thief"
    server.mkdir(), thief.mkdir()
    async with desk_at(server) as desk:
        await sent_tip(desk.context)
        await desk.context.database.copy(thief / "bisik.db")
        desk.clock.passes(hours=NIGHT)
        await renew(desk, server)
    copy = await Database.open(f"sqlite:///{thief / 'bisik.db'}")
    try:
        with pytest.raises(WrongKeyring):
            await Secrets.load(copy, Vault(keyring.load(server / "keyring.json")), date(2026, 11, 25), 72)
    finally:
        await copy.close()


async def test_a_renewal_that_is_cut_off_anywhere_goes_on(tmp_path):
    """Killed before any statement, the next hour ends it with the key that was begun, and every tip opens."""
    source = tmp_path / "origin"
    source.mkdir()
    copies: list[Path] = []

    def copy(_statement: str) -> None:
        copies.append(Path(shutil.copytree(source, tmp_path / f"copy-{len(copies)}")))

    async with desk_at(source) as desk:
        number, clock = await sent_tip(desk.context), desk.clock
        clock.passes(hours=NIGHT)
        await desk.context.database._writer.set_trace_callback(copy)
        await renew(desk, source)
        await desk.context.database._writer.set_trace_callback(None)
    ends = []
    for one in copies:
        newest = keyring.load(one / "keyring.json").newest
        async with desk_at(one, Clock(clock.now)) as desk:
            await renew(desk, one)
            kept = newest.made == FORMER or newest == keyring.load(one / "keyring.json").newest
            async with desk.context.database.reading() as tx:
                begun = await facts.read(tx, desk.context.secrets, BEGUN)
            ends.append((*masters(one), begun, kept, await story(desk, number)))

    assert len(copies) > 20
    assert {(date(2026, 11, 25), None, True, TOLD["story"])} == set(ends)


async def test_a_keyring_that_cannot_be_replaced_is_told_once_a_week(tmp_path):
    """Admins hear it, tips go on opening, and once the file can be written the next hour does it."""
    heard = []
    (tmp_path / "keyring.json.part").mkdir()
    async with desk_at(tmp_path) as desk:
        number = await sent_tip(desk.context)
        desk.clock.passes(hours=NIGHT)
        for hours in (1, 24 * 7, 1):
            await renew(desk, tmp_path)
            heard.append(len(desk.owed))
            desk.clock.passes(hours=hours)
        stuck, words = masters(tmp_path), await story(desk, number)
        (tmp_path / "keyring.json.part").rmdir()
        await renew(desk, tmp_path)

    assert ([1, 1, 2], [FORMER], TOLD["story"]) == (heard, stuck, words)
    assert [date(2026, 12, 2)] == masters(tmp_path)


async def test_a_rotation_that_somebody_began_is_left_to_them_for_a_week(tmp_path):
    """The former key that an admin has kept so far is kept, until a week has passed."""
    async with desk_at(tmp_path) as desk:
        await sent_tip(desk.context)
        desk.clock.passes(hours=NIGHT)
        await rotation.rotate(desk.context.database, tmp_path / "keyring.json", desk.context.today())
        await renew(desk, tmp_path)
        kept = masters(tmp_path)
        desk.clock.passes(days=7)
        await renew(desk, tmp_path)

    assert [FORMER, date(2026, 11, 25)] == kept
    assert [date(2026, 11, 25)] == masters(tmp_path)
