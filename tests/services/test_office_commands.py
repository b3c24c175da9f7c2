"""Reading and handing over by commands, on a real database with real files."""

import asyncio
import errno
import os
import stat
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk import desk_at
from sent import PHONE, PICTURE, sent_tip

from bot.cli import cli
from bot.conversation.case import Standing, from_json
from bot.conversation.screens import say
from bot.services import talk
from bot.services.talk import Entry
from storage import audit, disk, tips


async def _sent(place: Path) -> str:
    async with desk_at(place) as desk:
        return await sent_tip(desk.context)


async def _after(place: Path, number: str) -> tuple[Standing, int]:
    """Where the tip stands, and how many lines the audit trail has."""
    async with desk_at(place) as desk, desk.context.database.reading() as tx:
        found = await tips.find_by_number(tx, desk.context.secrets, number)
        return from_json(found.summary).standing, (await audit.head(tx)).n


async def _noted(place: Path, number: str, words: str) -> None:
    async with desk_at(place) as desk, desk.context.database.transaction() as tx:
        found = await tips.find_by_number(tx, desk.context.secrets, number)
        await talk.add(tx, desk.context, found.id, Entry("note", say("show.words", words=words)))


@pytest.fixture
def number(place: Path) -> str:
    return asyncio.run(_sent(place))


def bisik(*words: str | os.PathLike, **more):
    return CliRunner().invoke(cli, list(map(str, words)), **more)


TO = ("--to", "bawaslu", "--by", "Dewi")
WORD = (*TO, "--second", "Budi", "--yes")


def test_a_tip_is_read_in_the_terminal(place: Path, number: str):
    """What was told stands there; the files are written for their owner alone, and never twice."""
    run = bisik("show", number.lower(), "--evidence", "files")
    again = bisik("show", number, "--evidence", "files")
    written = place / "files" / "bukti-1.jpg"

    assert (0, 1) == (run.exit_code, again.exit_code)
    assert all(told in run.output for told in (number, "Kepala dinas", PHONE, "bukti-1.jpg"))
    assert (PICTURE, 0o600) == (written.read_bytes(), stat.S_IMODE(written.stat().st_mode))
    assert "cannot be made" in again.output


def test_a_tip_is_handed_over_as_one_file(place: Path, number: str):
    """The package has sheet, text, evidence and true sums; the tip is forwarded, and the trail shows it, once."""
    run = bisik("handover", number, number.replace("-", ""), "--output", "berkas.zip", *WORD)
    with zipfile.ZipFile(place / "berkas.zip") as package:
        sums = dict(reversed(line.split("  ")) for line in package.read("SHA256SUMS").decode().splitlines())
        names = {f"{number}/{name}" for name in ("informasi-awal.pdf", "uraian.txt", "lapor.txt", "bukti-1.jpg")}
        true = {name: sha256(package.read(name)).hexdigest() for name in sums}

    assert 0 == run.exit_code, run.output
    assert true == sums
    assert names == set(sums)
    assert 0o600 == stat.S_IMODE((place / "berkas.zip").stat().st_mode)
    assert (Standing.FORWARDED, 2) == asyncio.run(_after(place, number))


def test_a_note_is_shown_to_who_holds_the_keys_and_stands_on_no_paper(place: Path, number: str):
    """`bisik show` prints a moderator's note; nothing of a hand-over bears it."""
    asyncio.run(_noted(place, number, "CANARY-NOTE"))
    shown, run = bisik("show", number), bisik("handover", number, "--output", "out", *WORD)
    papers = b"".join(path.read_bytes() for path in (place / "out" / number).iterdir() if path.suffix == ".txt")

    assert (0, 0) == (shown.exit_code, run.exit_code)
    assert "CANARY-NOTE" in shown.output
    assert b"CANARY-NOTE" not in papers


def test_a_tip_is_handed_over_as_a_folder(place: Path, number: str):
    """The same files lie in a folder; masked unless it is asked for as it was told."""
    for output, more in (("a", ()), ("b", ("--as-told",))):
        assert 0 == bisik("handover", number, "--output", output, *WORD, *more).exit_code

    assert PHONE not in (place / "a" / number / "uraian.txt").read_text("utf-8")
    assert PHONE in (place / "b" / number / "uraian.txt").read_text("utf-8")
    assert (place / "a" / "SHA256SUMS").exists()
    assert {0o700} == {stat.S_IMODE(folder.stat().st_mode) for folder in (place / "a", place / "a" / number)}


def test_a_hand_over_that_fails_leaves_nothing_in_its_folder(place: Path, number: str):
    """Where the folder of the second tip is taken, what was made of the first goes, and no tip is moved."""
    second = asyncio.run(_sent(place))
    (place / "out" / second).mkdir(parents=True)
    (place / "out" / second / "uraian.txt").write_text("mine")
    run = bisik("handover", number, second, "--output", "out", *WORD)

    assert 1 == run.exit_code
    assert ["uraian.txt"] == [path.name for path in (place / "out").rglob("*") if path.is_file()]
    assert not (place / "out" / number).exists()
    assert Standing.RECEIVED == asyncio.run(_after(place, number))[0]


@pytest.mark.parametrize("output", ["handed", "handed.zip"])
def test_a_full_disk_is_told_and_leaves_nothing_of_a_tip(
    place: Path, number: str, output: str, monkeypatch: pytest.MonkeyPatch
):
    """No half of a sheet lies about unsealed, and the tip is where it was."""
    before = asyncio.run(_after(place, number))

    def refuse(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(disk.os, "fsync", refuse)
        run = bisik("handover", number, "--output", output, *WORD)

    assert (1, True) == (run.exit_code, "cannot be made: No space left" in run.output), run.output
    assert not (place / output).exists()
    assert before == asyncio.run(_after(place, number))


def test_who_does_not_agree_changes_nothing(place: Path, number: str):
    """What could lead to the reporter is shown and asked about; "no" makes and moves nothing."""
    run = bisik("handover", number, "--output", "berkas.zip", *TO, "--second", "Budi", input="n\n")

    assert PHONE in run.output
    assert "Nothing was made." in run.output
    assert not (place / "berkas.zip").exists()
    assert (Standing.RECEIVED, 0) == asyncio.run(_after(place, number))


def test_a_file_that_is_there_is_not_overwritten(place: Path, number: str):
    """Nothing is made over another file, and the tip stays where it is."""
    (place / "berkas.zip").write_bytes(b"mine")
    run = bisik("handover", number, "--output", "berkas.zip", *WORD)

    assert (1, b"mine") == (run.exit_code, (place / "berkas.zip").read_bytes())
    assert (Standing.RECEIVED, 0) == asyncio.run(_after(place, number))


def test_a_second_person_is_named_unless_the_setting_says_otherwise(
    place: Path, number: str, monkeypatch: pytest.MonkeyPatch
):
    """Without a name, a second one, or with one twice, the call is wrong; with the setting off one is enough."""
    call = ("handover", number, "--output", place / "berkas.zip", *TO, "--yes")
    refused, same = bisik(*call), bisik(*call, "--by", "Dewi", "--second", "dewi ")
    nobody = bisik(*call, "--by", " ", "--second", "Budi")
    monkeypatch.setenv("BISIK_HANDOVER_SECOND", "false")

    assert [2, 2, 2, 0] == [run.exit_code for run in (refused, same, nobody, bisik(*call))]


@pytest.mark.parametrize("call", [("show", "ZZZZ-ZZ"), ("handover", "ZZZZ-ZZ", "--output", "x.zip", *WORD)])
@pytest.mark.usefixtures("number")
def test_a_number_that_is_none_is_told(call: tuple[str, ...]):
    """A sentence and exit code 1."""
    run = bisik(*call)

    assert 1 == run.exit_code
    assert "not that of a tip" in run.output


def test_a_faulty_guide_is_told_before_anything(place: Path, number: str, monkeypatch: pytest.MonkeyPatch):
    """The operator's own guide is checked first; exit code 2 and the place of the fault."""
    (place / "guide.toml").write_text("[basis]\n", "utf-8")
    monkeypatch.setenv("BISIK_HANDOVER_GUIDE", str(place / "guide.toml"))
    run = bisik("handover", number, "--output", "x.zip", *WORD)

    assert (2, "guide.toml [basis]: AJAKAN is missing.") == (run.exit_code, run.output.strip())
