"""`bisik stats` and `bisik export` beside a bot that runs: the same counts in every form, and no file overwritten."""

import csv
import io
import json
import stat
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from bot.cli import cli
from bot.conversation.counting import Dimension
from bot.counts import Row, safe
from storage import keyring, tally
from storage.database import Database

TODAY = datetime.now(UTC).date()
ENTRIES = [(TODAY.isoformat(), Dimension.CATEGORY, "FOTO")] * 7 + [(TODAY.isoformat(), Dimension.CATEGORY, "HADIR")] * 3
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
async def environment(tmp_path: Path):
    """Settings whose database has counts, opened by another program all the while; there is no keyring at all."""
    url = f"sqlite:///{tmp_path / 'bisik.db'}"
    database = await Database.open(url)
    async with database.transaction() as tx:
        await tally.count(tx, ENTRIES)
    yield {
        "BISIK_TELEGRAM_TOKEN": "1:abc",
        "BISIK_MODERATOR_CHAT_ID": "-1001",
        "BISIK_ADMIN_IDS": "7",
        "BISIK_OPERATOR_NAME": "Lembaga",
        "BISIK_OPERATOR_CONTACT": "halo",
        "BISIK_ELECTION": "Pilkada",
        "BISIK_TIMEZONE": "UTC",
        "BISIK_DATABASE_URL": url,
        "BISIK_KEYRING": str(tmp_path / "none.json"),
    }
    await database.close()


def _run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environment, catch_exceptions=False)


def _sheet(data: bytes) -> list[list[str]]:
    """The cells of a workbook's first sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        shared = [one.findtext(f"{SHEET}t") for one in etree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = [list(row) for row in sheet.iter(f"{SHEET}row")]
    return [
        [shared[int(one.findtext(f"{SHEET}v"))] if one.get("t") == "s" else one.findtext(f"{SHEET}v") for one in row]
        for row in cells
    ]


def test_stats_hides_small_counts(environment):
    """In the terminal a topic reads as in a chat: seven are seven, three are "<5", in JSON too."""
    told = _run(environment, "stats", "kategori")
    plain = json.loads(_run(environment, "stats", "--json", "kategori", "minggu").output)

    assert "7 Foto" in told.output
    assert "<5" in told.output
    assert {"FOTO": 7, "HADIR": "<5"} == plain["category"]


def test_each_form_of_an_export_says_the_same(environment, tmp_path):
    """CSV, workbook and JSON hold the same whole numbers under the same heads."""
    listed = list(csv.reader(io.StringIO(_run(environment, "export").output)))
    plain = json.loads(_run(environment, "export", "--format", "json").output)
    book = tmp_path / "counts.xlsx"
    made = _run(environment, "export", "--format", "xlsx", "--output", str(book))

    assert 0 == made.exit_code
    assert 0o600 == stat.S_IMODE(book.stat().st_mode)
    assert listed == _sheet(book.read_bytes()) == [list(Row._fields), *([*map(str, row.values())] for row in plain)]
    assert [7, 3] == [row["n"] for row in plain]


def test_an_export_keeps_to_its_days(environment):
    """Before the first day that was counted there is nothing."""
    assert [] == json.loads(_run(environment, "export", "--format", "json", "--to", "2020-01-01").output)


def test_an_export_overwrites_nothing(environment, tmp_path):
    """A file that is there stays, and the command fails with a sentence; so does a call that makes no sense."""
    there = tmp_path / "there.csv"
    there.write_text("mine")
    refused = _run(environment, "export", "--output", str(there))
    turned = _run(environment, "export", "--from", "2026-02-01", "--to", "2026-01-01")
    printed = _run(environment, "export", "--format", "xlsx")

    assert "mine" == there.read_text()
    assert (1, 2, 2) == (refused.exit_code, turned.exit_code, printed.exit_code)
    assert "stays as it is" in refused.output


@pytest.mark.parametrize("words", [("--from", "2099-01-01"), ("--archive-key", "key"), ("copy.db",)])
def test_an_export_of_what_was_not_meant_is_refused(environment, words):
    """Counters are not printed to who named an archive and left out `--tips`."""
    assert 2 == _run(environment, "export", *words).exit_code


@pytest.mark.parametrize(
    "words",
    [
        ("stats",),
        ("export",),
        ("purge", "--dry-run"),
        ("verify-audit",),
        ("show", "K7QX-2M"),
        ("backup", "copy", "--passphrase-file", "words"),
    ],
    ids=lambda words: words[0],
)
def test_without_a_database_a_sentence_is_said(environment, tmp_path, monkeypatch, words):
    """A database that is not there is not made: it would be empty, and its trail whole."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words").write_text("four words are enough")
    keyring.create(tmp_path / "ring.json", date(2026, 11, 1))
    missing = tmp_path / "missing.db"
    settings = {"BISIK_DATABASE_URL": f"sqlite:///{missing}", "BISIK_KEYRING": str(tmp_path / "ring.json")}
    result = _run(environment | settings, *words)

    assert 1 == result.exit_code
    assert f"There is no database at {missing}" in result.output
    assert not missing.exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_is_a_formula(text: str):
    """What a spreadsheet would take for a formula is kept from it by an apostrophe."""
    assert f"'{text}" == safe(text)
    assert "Kab. Jeneponto" == safe("Kab. Jeneponto")
