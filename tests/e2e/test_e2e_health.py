"""How the bot is: in a file for a monitor, and by `bisik check`, in the same numbers."""

import asyncio
import json
import shutil
import sqlite3
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from bot.app import HOUR, MINUTE, App
from bot.cli import cli
from bot.pulse import read
from prove.stage import PATIENCE, STORY, Scene, process, sends_tip
from storage import audit, outbox, tally, tips

NUMBERS = {
    "written",
    "polled",
    "backlog",
    "owed",
    "held",
    "free",
    "key_days",
    "backup_days",
    "audit_whole",
    "canary_well",
}


def file_of(scene: Scene) -> dict[str, str]:
    return {"BISIK_HEALTH_FILE": str(scene.folder / "health.json")}


async def called(scene: Scene, *words: str, **others: str) -> tuple[int, str]:
    """A command with these settings: its exit code and what it said."""
    environment = scene.environment(**file_of(scene), **others)
    result = await asyncio.to_thread(CliRunner().invoke, cli, words, env=environment, catch_exceptions=False)
    return result.exit_code, result.output


async def lived(scene: Scene) -> None:
    """A bot takes a tip, and writes its file when that is done."""
    async with scene.bot(**file_of(scene)) as app:
        await sends_tip(scene.sari)
        await scene.delivered()
        await app.jobs.settled()
        for work in app.rounds[MINUTE]:
            await work()


async def hour(scene: Scene, app: App) -> None:
    """An hour passes, and the canary's own of what is done in it."""
    scene.clock.passes(hours=1)
    await app.rounds[HOUR][0]()
    await app.jobs.settled()


def ages(scene: Scene, **span: float) -> None:
    """Make the file so much older."""
    path = scene.folder / "health.json"
    told = json.loads(path.read_text())
    told["polled"] = (datetime.fromisoformat(told["polled"]) - timedelta(**span)).isoformat()
    path.write_text(json.dumps(told))


async def test_the_file_holds_numbers_and_moments_alone(scene):
    """It is its owner's alone, comes by itself, and names neither a chat, a person, a number nor a word."""
    path = scene.folder / "health.json"
    async with scene.bot(**file_of(scene)):
        async with asyncio.timeout(PATIENCE):
            while not path.exists():  # noqa: ASYNC110 - a file that appears tells nobody
                await asyncio.sleep(0)
        first = json.loads(path.read_text())
    await lived(scene)
    raw = path.read_text()
    told = json.loads(raw)
    people = [str(one.user.id) for one in (scene.stage.sari, scene.stage.admin)]

    assert 0o600 == path.stat().st_mode & 0o777
    assert NUMBERS == first.keys() == told.keys()
    assert (0, {}, 0) == (told["backlog"], told["owed"], told["held"])
    assert timedelta(minutes=1) > scene.clock() - read(path).polled
    assert [] == [word for word in (*people, str(scene.stage.channel.id), STORY[:9], "Sari") if word in raw]
    assert not path.with_name("health.json.part").exists()


async def test_check_says_the_same_in_sentences(scene):
    """While the bot is well `check` ends with 0 and says poll, debts, disk, key, backup and trail."""
    await lived(scene)
    code, said = await called(scene, "check")

    assert 0 == code, said
    assert "last answer to the bot is 1 min old" in said
    assert "in the bot's hands: 0" in said
    assert "owed to Telegram and waits: nothing" in said
    assert "Age of the last backup: there was never one" in said
    assert "MB." in said


@pytest.mark.parametrize("others", [{}, {"BISIK_FORWARD": "notice"}, {"BISIK_RELEASE_DELAY_MINUTES": "60"}])
async def test_the_hourly_canary_is_posted_in_silence_and_deleted_at_once(scene, others):
    """The made-up tip says what it is, makes no sound, is gone again, and neither counts nor trail know of it."""
    channel = scene.stage.channel
    async with scene.bot(BISIK_CANARY="true", **others) as app:
        await channel.next_event("deleted")
        await app.jobs.settled()
        async with app.context.database.reading() as tx:
            counted = await tally.read(tx, "status", "2000", "2999")
            head = await audit.head(tx)
            kept = [tip async for tip in tips.summaries(tx, app.context.secrets, date.min)]
    said = [call.parameters for call in scene.simulator.calls_of("sendMessage")]
    [sent] = [one for one in said if one["chat_id"] == channel.id]

    assert [] == scene.posts
    assert sent["disable_notification"] in {True, "true"}
    assert "pemeriksaan otomatis" in sent["text"]
    assert ([], audit.EMPTY, []) == (counted, head, kept)


async def test_admins_read_of_a_break_and_of_its_end(scene):
    """With the bot thrown out of the channel the admin reads it in their language, and once it is back, that it is."""
    channel = scene.stage.channel
    async with scene.bot(BISIK_CANARY="true", BISIK_MODERATOR_LANGUAGE="en") as app:
        await channel.next_event("deleted")
        scene.stage.dewi.removes_bot(channel)
        for _ in range(2):
            await hour(scene, app)
        await scene.admin.sees("made-up tip does not reach")
        rights = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
        scene.stage.dewi.adds_bot(channel, **rights)
        for _ in range(2):
            await hour(scene, app)
        await scene.admin.sees("made-up tip arrives again")

    assert [] == scene.posts
    assert 2 == sum("made-up tip" in message.text for message in scene.admin.told)


async def test_a_kill_before_the_deletion_leaves_it_owed(scene):
    """Killed while Telegram refuses to delete the canary's post, the bot deletes it at its next start."""
    environment = scene.environment(BISIK_CANARY="true")
    scene.simulator.faults.add("server_error", "deleteMessage", times=1000)
    with process("run", environment=environment, folder=scene.folder):
        await scene.waits(lambda: scene.simulator.calls_of("deleteMessage"))
    left = len(scene.posts)
    scene.simulator.faults.clear()
    with process("run", environment=environment, folder=scene.folder):
        await scene.waits(lambda: not scene.posts)

    assert 1 == left


async def test_check_says_how_the_last_canary_fared(scene):
    """After it came through, the next hour's judgement is in the file and in the check."""
    async with scene.bot(BISIK_CANARY="true", **file_of(scene)) as app:
        await scene.stage.channel.next_event("deleted")
        await app.jobs.settled()
        for work in app.rounds[MINUTE]:
            await work()
        first = json.loads((scene.folder / "health.json").read_text())
        scene.clock.passes(hours=1)
        for work in (*app.rounds[HOUR], *app.rounds[MINUTE]):
            await work()
        await app.jobs.settled()
    scene.clock.passes(hours=-1)
    _, said = await called(scene, "check")

    assert first["canary_well"] is None
    assert json.loads((scene.folder / "health.json").read_text())["canary_well"] is True
    assert "canary came through" in said


async def test_backups_and_proofs_are_known_afterwards(scene):
    """A backup and a proof of the trail are noted; a trail that was changed is told until a proof says otherwise."""
    await lived(scene)
    words = scene.folder / "words"
    words.write_text("four words are enough")
    await called(scene, "backup", str(scene.folder / "copy"), "--passphrase-file", str(words))
    await called(scene, "verify-audit")
    well = await called(scene, "check")
    with sqlite3.connect(scene.folder / "data" / "bisik.db") as writer:
        writer.execute("DROP TRIGGER audit_is_not_changed")
        writer.execute("UPDATE audit SET act = 'other'")
    writer.close()
    await called(scene, "verify-audit")
    changed = await called(scene, "check")

    assert "Age of the last backup: 0 d" in well[1]
    assert "was whole when it was last proved" in well[1]
    assert "was not whole" in changed[1]


async def test_what_came_back_with_a_backup_is_told(scene):
    """What is owed and held after a restore is counted, with the command that lets it go."""
    async with scene.bot() as app, app.context.database.transaction() as tx:
        await outbox.add(tx, app.context.secrets, [("answer", b"{}"), ("tip", b"{}")])
    words = scene.folder / "words"
    words.write_text("four words are enough")
    copy, how = str(scene.folder / "copy"), ("--passphrase-file", str(words))
    before = await called(scene, "check")
    await called(scene, "backup", copy, *how)
    restored = await called(scene, "restore", copy, "--replace", *how)
    after = await called(scene, "check")

    assert 0 == restored[0], restored[1]
    assert "waits: answer 1, tip 1" in before[1]
    assert "is held: 2. Look, then `bisik restore --release`" in after[1]
    assert "waits: nothing" in after[1]


async def test_a_bot_that_has_not_heard_telegram_for_long_fails_the_check(scene):
    """The last poll more than ten minutes ago, by the file, ends `check` with 1; without the file the hour counts."""
    await lived(scene)
    ages(scene, minutes=11)
    by_file = await called(scene, "check")
    (scene.folder / "health.json").unlink()
    by_hour = await called(scene, "check")
    scene.clock.passes(hours=-3)
    with sqlite3.connect(scene.folder / "data" / "bisik.db") as writer:
        writer.execute("DELETE FROM facts WHERE name = 'heard'")
    writer.close()
    await lived(scene)
    (scene.folder / "health.json").unlink()
    long_ago = await called(scene, "check")

    assert (1, 0, 1) == (by_file[0], by_hour[0], long_ago[0])
    assert "has not answered the bot for 1" in by_file[1]
    assert "cannot be read" in by_hour[1]
    assert "has not answered the bot for" in long_ago[1]


async def test_a_disk_that_is_nearly_full_fails_the_check(scene, monkeypatch):
    """Too little room for the next evidence ends `check` with 1."""
    await lived(scene)
    usage = shutil.disk_usage(scene.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=400_000_000))
    code, said = await called(scene, "check")

    assert 1 == code
    assert "400 MB: it is nearly full" in said


@pytest.mark.parametrize("other", ["", "{}", "[]", "null", '{"written": 1, "polled": 2, "backlog": 3}'])
async def test_another_file_in_its_place_is_told(scene, other):
    """What is not the bot's health file gets a sentence, never a traceback."""
    await lived(scene)
    (scene.folder / "health.json").write_text(other)
    code, said = await called(scene, "check")

    assert 0 == code
    assert "BISIK_HEALTH_FILE must name a file of its own" in said


@pytest.mark.parametrize("file", ["nowhere/health.json", "/", "."])
async def test_a_file_that_cannot_be_written_stops_nothing(scene, caplog, file):
    """In a folder that is not there, or by a name that no file can have, the bot goes on, and the log says so."""
    async with scene.bot(BISIK_HEALTH_FILE=file):
        await sends_tip(scene.sari)
        await scene.delivered()

    assert "health_unwritten" in caplog.messages


async def test_upkeep_that_fails_in_an_unforeseen_way_stops_nothing(scene, caplog):
    """What is done beside it is done, and the bot goes on; the log says so."""
    done = asyncio.Event()

    async def fails() -> None:
        raise RuntimeError("unforeseen")

    async def works() -> None:
        done.set()

    async with scene.bot() as app:
        app.rounds[24 * HOUR] = [fails, works]  # before the bot, which begins when something is waited for, looks
        await asyncio.wait_for(done.wait(), PATIENCE)
        await sends_tip(scene.sari)

    assert "upkeep_failed" in caplog.messages
