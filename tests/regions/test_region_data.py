"""The region file against its official yardstick, Kepmendagri 300.2.2-2138/2025."""

import gzip
import json
import runpy
from collections import Counter
from pathlib import Path

import pytest

import bot.regions
from bot.conversation.regions import Level, RegionTable

ROOT = Path(__file__).parents[2]
HOME = ROOT / "bot" / "regions"


@pytest.fixture(scope="module")
def table() -> RegionTable:
    return bot.regions.load()


def test_counts(table: RegionTable):
    """There are 38 provinces, 416 regencies, 98 cities and 7,285 districts."""
    counts = Counter(region.kind for region in table)

    assert {"province": 38, "regency": 416, "city": 98, "district": 7285} == counts


def test_new_papua(table: RegionTable):
    """The six provinces of Papua have as many regencies and districts as the decree says."""
    papua = {
        code: (len(table.children(code)), sum(len(table.children(child.code)) for child in table.children(code)))
        for code in ("91", "92", "93", "94", "95", "96")
    }

    assert {
        "91": (9, 105),
        "92": (7, 91),
        "93": (4, 82),
        "94": (8, 131),
        "95": (8, 252),
        "96": (6, 132),
    } == papua


def test_no_orphans(table: RegionTable):
    """Every region but a province lies in a region of the table, one level up."""
    levels = list(Level)
    parents = [(region, table.get(region.parent)) for region in table if region.parent]

    assert 514 + 7285 == len(parents)
    assert all(parent and levels.index(parent.level) + 1 == levels.index(one.level) for one, parent in parents)


def test_notice():
    """The notice that the data's licence asks for lies beside it."""
    notice = (HOME / "LICENSE.wilayah").read_text()

    assert "MIT License" in notice
    assert "Cahya DSN" in notice


def test_everyday_names_real_codes(table: RegionTable):
    """What people say is filed under regions that exist."""
    everyday = json.loads((HOME / "everyday.json").read_text("utf-8"))
    zoned = [code for codes in everyday["zones"].values() for code in codes]

    assert [] == [code for code in (*everyday["aliases"], *zoned) if table.get(code) is None]
    assert len(set(zoned)) == len(zoned)


def test_build_is_deterministic(tmp_path: Path):
    """The build script writes the same bytes from the same data, and ours are such."""
    packed = (HOME / "wilayah.json.gz").read_bytes()
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    shuffled = dict(reversed(json.loads(gzip.decompress(packed)).items()))
    (source / "wilayah.json.gz").write_bytes(gzip.compress(json.dumps(shuffled).encode()))
    (source / "LICENSE-wilayah.txt").write_bytes((HOME / "LICENSE.wilayah").read_bytes())

    runpy.run_path(str(ROOT / "tools" / "regions.py"))["write"](source, target)

    assert gzip.decompress(packed) == gzip.decompress((target / "wilayah.json.gz").read_bytes())
    assert b"\0\0\0\0" == (target / "wilayah.json.gz").read_bytes()[4:8]
    assert (HOME / "LICENSE.wilayah").read_bytes() == (target / "LICENSE.wilayah").read_bytes()
