"""The sealed archive through the whole bot: what left the server is read elsewhere, and there alone."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing

from click.testing import CliRunner

from bot.cli import cli
from prove.stage import NUMBER, STORY, does, picture, process, taps, to_the_evidence
from storage import archive_key


async def bisik(*words: object, environment: dict[str, str] | None = None):
    call = CliRunner().invoke
    return await asyncio.to_thread(call, cli, list(map(str, words)), env=environment, catch_exceptions=False)


async def test_a_delivered_tip_leaves_the_server_and_is_read_elsewhere(scene, tmp_path):
    """Set to archive at delivery, the bot's round takes the tip; then only the private key shows story and evidence."""
    private, public = scene.folder / "private.key", scene.folder / "public.key"
    archive_key.create(private, public)
    set_so = {"BISIK_ARCHIVE_PUBLIC_KEY": str(public), "BISIK_ARCHIVE_AFTER": "delivery"}
    async with scene.bot(**set_so) as app:
        await does(scene.sari, to_the_evidence())
        scene.sari.person.sends_photo(picture())
        await scene.sari.sees("1 bukti tersimpan")
        await does(scene.sari, [taps("next"), taps("here"), taps("send")])
        [text, *_] = await scene.delivered()
        await app.jobs.settled()
    async with scene.bot(**set_so) as app, asyncio.timeout(30):
        while not await asyncio.to_thread(archived, app.context.database.path):
            pass
    number, copy = NUMBER.search(text.text)[0], tmp_path / "copy.db"
    shutil.copy(app.context.database.path, copy)
    on_server = await bisik("show", number, environment=scene.environment(**set_so))
    elsewhere = await bisik("export", "--tips", "--archive-key", private, "--output", tmp_path / "out", copy)
    [posted] = scene.simulator.calls_of("sendPhoto")
    told = json.loads((tmp_path / "out" / number / "informasi.json").read_text())

    assert (1, True) == (on_server.exit_code, "only with the archive key" in on_server.output)
    assert 0 == elsewhere.exit_code
    assert STORY == told["answers"]["story"]
    assert posted.parameters["photo"].data == (tmp_path / "out" / number / "bukti-1.jpg").read_bytes()


def archived(path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM tips WHERE archived IS NOT NULL").fetchone()[0]


async def test_a_public_key_that_is_none_stops_the_start_and_is_named_by_check(scene):
    """Before anything is sealed to a broken key, check and start say so in a sentence."""
    broken = scene.folder / "public.key"
    broken.write_text("bisik archive public key 1\nAAAA\n")
    environment = scene.environment(BISIK_ARCHIVE_PUBLIC_KEY=str(broken))
    checked = await bisik("check", environment=environment)
    with process("run", environment=environment, folder=scene.folder) as run:
        code = await asyncio.to_thread(run.wait)
    said = (scene.folder / "said").read_text()

    assert [1, 1] == [checked.exit_code, code]
    assert all("is not a key of the archive" in words for words in (checked.output, said))
    assert "Traceback" not in said


async def test_check_reminds_of_the_weekly_rotation(scene):
    """With an archive, a master key that is older than a week is something to know, and stops nothing."""
    archive_key.create(scene.folder / "private.key", scene.folder / "public.key")
    ring = scene.folder / "keyring.json"
    keys = json.loads(ring.read_text())
    keys["keys"][0]["made"] = "2025-01-01"
    ring.write_text(json.dumps(keys))
    without = await bisik("check", environment=scene.environment())
    public = str(scene.folder / "public.key")
    reminded = await bisik("check", environment=scene.environment(BISIK_ARCHIVE_PUBLIC_KEY=public))

    assert [0, 0] == [one.exit_code for one in (without, reminded)]
    assert ["rotate-keys" in one.output for one in (without, reminded)] == [False, True]
