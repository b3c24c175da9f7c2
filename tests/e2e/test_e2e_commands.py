"""`bisik init`, `check` and `run` as an operator uses them."""

import asyncio
import json
import signal
import sqlite3

import pytest
from click.testing import CliRunner
from takeover import LACKS, started_with

from bot.checks import OPEN
from bot.cli import cli
from prove.stage import Scene, does, process, taps, to_the_evidence
from storage import migrate

RIGHTS = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}


async def checked(scene: Scene, **others: str):
    """`bisik check` with these settings: its exit code and what it said."""
    result = await asyncio.to_thread(
        CliRunner().invoke, cli, ["check"], env=scene.environment(**others), catch_exceptions=False
    )
    return result.exit_code, result.output


async def started_in_vain(scene: Scene):
    """`bisik run`, which ends by itself: its exit code and what it said."""
    with process("run", environment=scene.environment(), folder=scene.folder) as run:
        code = await asyncio.to_thread(run.wait)
    return code, (scene.folder / "said").read_text()


async def test_a_bot_that_may_run_is_told_so(scene):
    """With all in order `check` ends with 0 and tells how many people read the tips."""
    code, said = await checked(scene)

    assert 0 == code
    assert "Nothing is in the way" in said
    assert "4 members" in said


@pytest.mark.parametrize("wall", LACKS)
async def test_a_kernel_that_lets_a_worker_roam_is_told(scene, tmp_path, wall):
    """What a hostile file could do here and not elsewhere is said in a sentence, and stops nothing."""
    with started_with(LACKS[wall], tmp_path):
        code, said = await checked(scene)

    assert 0 == code
    assert OPEN[wall] in said


async def test_a_worker_that_does_not_start_stops_the_check(scene, tmp_path):
    """Every file would be refused, so it is better to know before."""
    with started_with("raise SystemExit", tmp_path):
        code, said = await checked(scene)

    assert 1 == code
    assert "every file would be refused" in said


@pytest.mark.parametrize(
    ("moderators", "admins", "second", "told"),
    [
        ("7", "7", "true", ["nobody can confirm", "a legal hold takes two"]),
        ("7", "7", "false", ["a legal hold takes two"]),
        ("7,8", "7", "true", ["a legal hold takes two"]),
        ("7", "8,9", "true", []),
        ("", "7", "true", ["a legal hold takes two"]),
    ],
)
async def test_what_needs_two_and_has_one_is_told(scene, moderators, admins, second, told):
    """Whoever works alone hears what cannot be done alone before it is needed; it stops nothing."""
    people = {"BISIK_MODERATOR_IDS": moderators, "BISIK_ADMIN_IDS": admins, "BISIK_HANDOVER_SECOND": second}
    code, said = await checked(scene, **people)

    assert 0 == code
    assert told == [words for words in ("nobody can confirm", "a legal hold takes two") if words in said]


def public(scene: Scene):
    return scene.simulator.channel("Umum", scene.stage.dewi, username="tips_umum")


def linked(scene: Scene):
    discussion = scene.simulator.supergroup("Diskusi", scene.stage.dewi)
    return scene.simulator.channel("Meja", scene.stage.dewi, linked=discussion)


def basic(scene: Scene):
    return scene.simulator.group("Grup", scene.stage.dewi)


def private(scene: Scene):
    return scene.simulator.channel("Meja", scene.stage.dewi)


@pytest.mark.parametrize(
    ("forum", "rights", "told"),
    [(True, {"can_manage_topics": True}, False), (True, {}, True), (False, {"can_manage_topics": True}, True)],
)
async def test_topics_that_cannot_be_opened_are_told(scene, forum, rights, told):
    """A chat without topics, or without leave to manage them, gets a sentence and stops nothing."""
    group = scene.simulator.supergroup("Meja", scene.stage.dewi, forum=forum)
    scene.stage.dewi.adds_bot(group, can_delete_messages=True, **rights)
    code, said = await checked(scene, BISIK_MODERATOR_CHAT_ID=str(group.id), BISIK_TOPICS="true")

    assert (0, told) == (code, "BISIK_TOPICS" in said)


@pytest.mark.parametrize(
    ("make", "rights", "sentence"),
    [
        (public, RIGHTS, "public name"),
        (linked, RIGHTS, "linked discussion group"),
        (basic, {}, "basic group"),
        (private, RIGHTS | {"can_post_messages": False}, "may not post"),
        (private, RIGHTS | {"can_edit_messages": False}, "may not edit"),
        (private, RIGHTS | {"can_delete_messages": False}, "may not delete"),
    ],
)
async def test_a_chat_that_would_publish_or_lose_tips_is_refused(scene, make, rights, sentence):
    """Each wrong kind of moderators' chat, and each right that is missing, gets its sentence and exit code 1."""
    chat = make(scene)
    scene.stage.dewi.adds_bot(chat, **rights)
    code, said = await checked(scene, BISIK_MODERATOR_CHAT_ID=str(chat.id))

    assert 1 == code
    assert sentence in said


@pytest.mark.parametrize(
    ("others", "code", "sentence"),
    [
        ({"BISIK_TELEGRAM_TOKEN": "12345:" + "x" * 35}, 1, "refuses the token"),
        ({"BISIK_TELEGRAM_TOKEN": "no-token"}, 2, "does not look like a bot's token"),
        ({"BISIK_TELEGRAM_API_URL": "http://127.0.0.1:1"}, 1, "does not answer"),
        ({"BISIK_MODERATOR_CHAT_ID": "-1009999999999"}, 1, "cannot be reached"),
        ({"BISIK_ADMIN_IDS": "77007700"}, 0, "has never started the bot"),
        ({"BISIK_KEYRING": "/nowhere/keyring.json"}, 1, "There is no keyring"),
        ({"BISIK_DATABASE_URL": "sqlite:////dev/null/bisik.db"}, 1, "not writable"),
    ],
)
async def test_each_wrong_setting_gets_its_sentence(scene, others, code, sentence):
    """What is wrong with token, server, chat, admin, keyring or folder is told in words; settings end with 2."""
    found, said = await checked(scene, **others)

    assert code == found
    assert sentence in said
    assert "Traceback" not in said


async def test_a_keyring_that_is_open_or_broken_is_told(scene):
    """A keyring that others can read, and one that is half written, each get their sentence."""
    keyring = scene.folder / "keyring.json"
    keyring.chmod(0o644)
    code, said = await checked(scene)
    keyring.chmod(0o600)
    keyring.write_bytes(keyring.read_bytes()[:40])
    half, told = await checked(scene)

    assert (1, 1) == (code, half)
    assert "chmod 600" in said
    assert "half written" in told


async def test_databases_that_do_not_fit_are_told(scene):
    """A newer database, a file that is none, and one under another keyring stop the check and the start alike."""
    async with scene.bot():
        pass
    database = scene.folder / "data" / "bisik.db"
    with sqlite3.connect(database) as writer:
        writer.execute(f"PRAGMA user_version = {migrate.shipped()[-1].number + 1}")
    writer.close()
    newer = await checked(scene)
    started = await started_in_vain(scene)
    database.write_bytes(b"SQLite format 3\0 no more" * 100)
    none = await checked(scene)

    assert (1, 1, 1) == (newer[0], started[0], none[0])
    assert "newer version" in newer[1]
    assert "newer version" in started[1]
    assert "no database" in none[1]


async def test_another_keyring_is_told(scene):
    """A keyring that is not this database's is named by `check` and refused by `run`."""
    async with scene.bot():
        pass
    keyring = scene.folder / "keyring.json"
    keyring.write_text(keyring.read_text().replace(json.loads(keyring.read_text())["keys"][0]["id"], "00000000"))
    code, said = await checked(scene)
    started = await started_in_vain(scene)

    assert (1, 1) == (code, started[0])
    assert "does not open this database" in said
    assert "does not open this database" in started[1]


async def test_init_check_and_run_in_a_fresh_folder(scene, tmp_path_factory):
    """In an empty folder `init` makes what `check` finds in order and `run` talks with; SIGTERM ends it with 0."""
    folder = tmp_path_factory.mktemp("fresh")
    given = {
        name: value
        for name, value in scene.environment().items()
        if name not in {"BISIK_DATABASE_URL", "BISIK_KEYRING"}
    }
    with process("init", "--yes", environment=given, folder=folder) as init:
        made = await asyncio.to_thread(init.wait)
    with process("check", environment={}, folder=folder) as check:
        found = await asyncio.to_thread(check.wait)
    with process("run", environment={}, folder=folder) as run:
        await does(scene.sari, [*to_the_evidence()[:3], taps("back")])
        run.send_signal(signal.SIGTERM)
        stopped = await asyncio.to_thread(run.wait)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in folder.rglob("*") if file.is_file()}

    assert (0, 0, 0) == (made, found, stopped)
    assert {"0o600"} == {modes[name] for name in (".env", "keyring.json", "bisik.db")}
    assert "Traceback" not in (folder / "said").read_text()


async def test_init_without_answers_says_what_is_missing(tmp_path):
    """`init --yes` with nothing set ends with 2, names each setting, and makes nothing."""
    with process("init", "--yes", environment={}, folder=tmp_path) as init:
        code = await asyncio.to_thread(init.wait)

    assert 2 == code
    assert "BISIK_TELEGRAM_TOKEN is missing" in (tmp_path / "said").read_text()
    assert ["said"] == [file.name for file in tmp_path.iterdir()]
