"""Archived tips on the admin's own machine: the key, the export, and what stands in its way."""

import asyncio
import json
import shutil
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from desk import desk_at
from sent import PICTURE, TOLD, sent_tip

from bot import unsealing
from bot.cli import cli
from bot.conversation.case import from_json, to_json
from bot.conversation.screens import say
from bot.services import talk
from bot.services.talk import Entry
from storage import archive, archive_key, tips

WORDS = "kuda sabun baterai\n"


def bisik(*words: object, **more):
    return CliRunner().invoke(cli, list(map(str, words)), **more)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on another machine, with a passphrase in a file and a new pair of keys."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "words").write_text(WORDS)
    assert 0 == bisik("archive-key", "new", "--passphrase-file", "words").exit_code
    return folder


async def _archived(server: Path, public: Path) -> str:
    async with desk_at(server) as desk:
        context = desk.context
        number = await sent_tip(context, size=2)
        async with context.database.transaction() as tx:
            found = await tips.find_by_number(tx, context.secrets, number)
            claimed = replace(from_json(found.summary), claim=("M-1", "Rina"))
            await tips.set_summary(tx, context.secrets, found.id, to_json(claimed))
            asked = Entry("ask", say("show.words", words="Jam berapa?"), "M-1", name="Rina")
            await talk.add(tx, context, found.id, asked)
            await archive.seal(tx, context.secrets, archive_key.load_public(public), found.id, thread=True)
        await context.database.checkpoint()
        return number


@pytest.fixture
def number(tmp_path: Path, elsewhere: Path) -> str:
    """A tip that the server archived; a copy of its database, and nothing else of it, is here."""
    server = tmp_path / "server"
    server.mkdir()
    number = asyncio.run(_archived(server, elsewhere / "archive-public.key"))
    shutil.copy(server / "bisik.db", elsewhere / "copy.db")
    return number


FROM_FILE = ("--passphrase-file", "words")
EXPORT = ("export", "--tips", "--archive-key", "archive-private.key")


def test_a_new_pair_is_for_its_owner_alone_and_never_overwritten(elsewhere: Path):
    """The private half is a file of mode 0600 under a passphrase; a second call changes neither half."""
    private, public = elsewhere / "archive-private.key", elsewhere / "archive-public.key"
    before = private.read_bytes(), public.read_bytes()
    again = bisik("archive-key", "new", "--passphrase-file", "words")

    assert 0o600 == stat.S_IMODE(private.stat().st_mode)
    assert archive_key.LOCKED in private.read_text()
    assert (1, True) == (again.exit_code, "never overwritten" in again.output)
    assert before == (private.read_bytes(), public.read_bytes())


def test_a_passphrase_is_offered_and_may_be_declined(elsewhere: Path):
    """Asked for, it is asked twice and has to be long; without one the file alone opens the archive."""
    asked = bisik("archive-key", "new", "--private", "a", "--public", "b", input=WORDS * 2)
    short = bisik("archive-key", "new", "--private", "c", "--public", "d", input="kuda\nkuda\n")
    without = bisik("archive-key", "new", "--private", "e", "--public", "f", "--no-passphrase")
    both = bisik("archive-key", "new", "--private", "g", "--public", "h", "--no-passphrase", *FROM_FILE)

    assert [0, 1, 0, 2] == [one.exit_code for one in (asked, short, without, both)]
    assert "at least" in short.output
    assert WORDS.strip() not in asked.output
    assert archive_key.load_private(elsewhere / "e").raw
    assert archive_key.load_private(elsewhere / "a", WORDS.strip()).raw


def test_archived_tips_are_read_elsewhere_without_the_keyring(elsewhere: Path, number: str):
    """A copy of the database and the private key give the answers, the talk and every file, byte for byte."""
    made = bisik(*EXPORT, "--passphrase-file", "words", "--output", "out", "copy.db")
    told = json.loads((elsewhere / "out" / number / "informasi.json").read_text())
    evidence = [(elsewhere / "out" / number / one["file"]).read_bytes() for one in told["evidence"]]

    assert (0, True) == (made.exit_code, number in made.output)
    assert TOLD["story"] == told["answers"]["story"]
    assert number == told["case"]["number"]
    assert [["show.words", {"words": "Jam berapa?"}]] == [entry["line"] for entry in told["talk"]]
    assert [PICTURE] * 2 == evidence
    assert {sha256(PICTURE).hexdigest()} == {one["clean_sha256"] for one in told["evidence"]}
    assert 0o600 == stat.S_IMODE((elsewhere / "out" / number / "informasi.json").stat().st_mode)


def test_an_exported_tip_names_no_moderator(elsewhere: Path, number: str):
    """Who did what with it stands there by pseudonym, as in the audit trail."""
    bisik(*EXPORT, "--passphrase-file", "words", "--output", "out", "copy.db")
    told = (elsewhere / "out" / number / "informasi.json").read_text()

    assert "Rina" not in told
    assert 2 == told.count('"M-1"')


def test_a_tip_in_two_copies_is_written_once(elsewhere: Path, number: str):
    """Two copies of one database give each tip, and each of its files, once, in an export and in a hand-over."""
    shutil.copy(elsewhere / "copy.db", elsewhere / "later.db")
    unlocked = ("--archive-key", "archive-private.key", "--passphrase-file", "words")
    both = ("--database", "copy.db", "--database", "later.db")
    exported = bisik(*EXPORT, "--passphrase-file", "words", "--output", "out.zip", "copy.db", "later.db")
    handed = handover(number, *unlocked, *both, "--output", "over.zip", env=LETTERHEAD)
    names = [ZipFile(elsewhere / made).namelist() for made in ("out.zip", "over.zip")]

    assert (0, 0) == (exported.exit_code, handed.exit_code)
    assert [sorted(set(some)) for some in names] == [sorted(some) for some in names]


def test_an_export_says_how_far_it_is(elsewhere: Path, number: str):
    """It hears of each tip that is written, and of how many."""
    heard: list[tuple[int, int]] = []
    key = archive_key.load_private(elsewhere / "archive-private.key", WORDS.strip())
    export = unsealing.export([elsewhere / "copy.db"], key, elsewhere / "out", lambda *steps: heard.append(steps))

    assert (number,) == asyncio.run(export)
    assert [(1, 1)] == heard


@pytest.mark.parametrize(
    ("words", "given", "code", "told"),
    [
        (("--output", "out", "copy.db"), "tidak begitu\n", 1, "under a passphrase"),
        (("--output", "out", "none.db"), WORDS, 1, "no database at none.db"),
        (("--output", "out"), WORDS, 2, "--tips takes"),
        (("copy.db",), WORDS, 2, "--tips takes"),
        (("--output", "words", "copy.db"), WORDS, 1, "cannot be made"),
    ],
)
@pytest.mark.usefixtures("number")
def test_what_is_in_the_way_is_told_in_a_sentence(words, given, code, told):
    """A wrong passphrase, a missing file or word ends with one sentence and nothing of what is sealed."""
    said = bisik(*EXPORT, *words, input=given)

    assert (code, True) == (said.exit_code, told in said.output)
    assert "Traceback" not in said.output
    assert TOLD["story"] not in said.output


LETTERHEAD = {"BISIK_OPERATOR_NAME": "Lembaga Pantau", "BISIK_OPERATOR_CONTACT": "halo@pantau.example"}


def handover(*words: object, **more):
    return bisik("handover", *words, "--to", "bawaslu", "--by", "Dewi", "--second", "Budi", "--yes", **more)


def test_an_archived_tip_is_handed_over_elsewhere(elsewhere: Path, number: str):
    """With the archive's key the sheet, words without traces and evidence are made without keyring or token."""
    unlocked = ("--archive-key", "archive-private.key", "--passphrase-file", "words", "--database", "copy.db")
    made = handover(number.lower(), *unlocked, "--output", "out", env=LETTERHEAD)
    folder = elsewhere / "out" / number
    sums = (elsewhere / "out" / "SHA256SUMS").read_text()

    assert (0, True) == (made.exit_code, number in made.output)
    assert b"%PDF" == (folder / "informasi-awal.pdf").read_bytes()[:4]
    assert "Kami diminta memilih. Nomor saya [disamarkan]." in (folder / "uraian.txt").read_text()
    assert "Jam berapa?" in (folder / "uraian.txt").read_text()
    assert [PICTURE] * 2 == [path.read_bytes() for path in sorted(folder.glob("bukti-*"))]
    assert [True] * 5 == [
        f"{sha256(path.read_bytes()).hexdigest()}  {number}/{path.name}\n" in sums for path in folder.iterdir()
    ]


@pytest.mark.usefixtures("number")
def test_what_is_in_the_way_of_a_hand_over_elsewhere_is_told(elsewhere: Path):
    """A number that is not in the archive, half of the options, no name for the sheet: a sentence, and no file."""
    unlocked = ("--archive-key", "archive-private.key", "--passphrase-file", "words", "--database", "copy.db")
    unknown = handover("2222-22", *unlocked, "--output", "out", env=LETTERHEAD)
    half = handover("2222-22", *unlocked[:2], "--output", "out", env=LETTERHEAD)
    nameless = handover("2222-22", *unlocked, "--output", "out")

    assert [1, 2, 2] == [one.exit_code for one in (unknown, half, nameless)]
    assert "not that of an archived tip" in unknown.output
    assert "go together" in half.output
    assert "BISIK_OPERATOR_NAME is missing" in nameless.output
    assert not (elsewhere / "out").exists()


@pytest.mark.usefixtures("number")
def test_another_archives_key_opens_nothing(elsewhere: Path):
    """The key of another archive is told from this one's, and leaves no file."""
    bisik("archive-key", "new", "--private", "other", "--public", "other.pub", "--no-passphrase")
    said = bisik("export", "--tips", "--archive-key", "other", "--output", "out.zip", "copy.db")

    assert (1, True) == (said.exit_code, "another archive's" in said.output)
    assert not (elsewhere / "out.zip").exists()
