"""Regions as people write them: found where clear, offered with their path where not."""

import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.regions
from bot.conversation.regions import ZONES, Found, Level, Region, RegionTable, Zone


@pytest.fixture(scope="module")
def table() -> RegionTable:
    return bot.regions.load()


TABLE = bot.regions.load()

CERTAIN = {
    # misspelt, without spaces, with them
    "jenepnto": "73.04",
    "JENEPONTO!!": "73.04",
    "jenepon": "73.04",
    "tanggerang selatan": "36.74",
    "pare pare": "73.72",
    "soong selatan": "96.02",
    "surabya": "35.78",
    "sidoardjo": "35.15",
    "fak-fak": "92.03",
    "toli toli": "72.04",
    # everyday names, of regencies and of provinces
    "makasar": "73.71",
    "mks": "73.71",
    "ujung pandang": "73.71",
    "jaksel": "31.74",
    "jak sel": "31.74",
    "tangsel": "36.74",
    "solo": "33.72",
    "sby": "35.78",
    "mdn": "12.71",
    "bwi": "35.10",
    "kota bpp": "64.71",
    "pangkep": "73.10",
    "labuan bajo": "53.15",
    "ikn": "64.09",
    "DIY": "34",
    "dki": "31",
    "jkt": "31",
    "jakarta": "31",
    "sulsel": "73",
    "sul sel": "73",
    "jabar": "32",
    "sumbar": "13",
    "kaltim": "64",
    "ntb": "52",
    "ntt": "53",
    "babel": "19",
    "kepri": "21",
    "irian jaya": "91",
    "papua": "91",
    "papua barat": "92",
    "papua barat daya": "96",
    # with and without the kind
    "kota bima": "52.72",
    "kab bima": "52.06",
    "kab. bandung": "32.04",
    "kodya bandung": "32.73",
    "kabupaten bogor": "32.01",
    "bogor regency": "32.01",
    "city of bogor": "32.71",
    "kota adm. jakarta selatan": "31.74",
    "kota padang": "13.71",
    "kab bangka": "19.01",
    "kota padang panjang": "13.74",
    "kec tigo lurah kab solok sumatera barat": "13.02.18",
    "Kec. Sungailiat, Kab. Bangka, Kepulauan Bangka Belitung": "19.01.01",
    "Kec. Banyuasin II, Kab. Banyuasin, Sumatera Selatan": "16.07.02",
    "lima puluh kota": "13.07",
    "kab. 50 kota": "13.07",
    "prov. gorontalo": "75",
    "aceh barat": "11.05",
    "ambon": "81.71",
    # in other words, in another order
    "south sulawesi": "73",
    "west java": "32",
    "central jakarta": "31.71",
    "selatan tangerang": "36.74",
    # with what they lie in, or with noise
    "di kabupaten jeneponto ya": "73.04",
    "jeneponto, sulawesi selatan": "73.04",
    "sulsel jenepnto": "73.04",
    "bone, sulawesi selatan": "73.08",
    "jepara jateng": "33.20",
    "banjar kalsel": "63.03",
    "kota malang, jawa timur": "35.73",
    "desa bontomanai, jeneponto": "73.04",
    # districts
    "binamu": "73.04.03",
    "bontoramba jeneponto": "73.04.07",
    "bontorambba jenepnto": "73.04.07",
    "kecamatan bontoramba": "73.04.07",
    "kec. bontoramba, kab. jeneponto, prov. sulsel": "73.04.07",
    "desa bontomanai kec rumbia kab jeneponto": "73.04.10",
    "balai desa bontoramba jeneponto": "73.04.07",
    "jakarta timur kec makasar": "31.75.08",
}

OFFERED = {
    "kupang": ["53.01", "53.71"],
    "bandung": ["32.04", "32.73"],
    "gorontalo": ["75", "75.01", "75.71"],
    "jogja": ["34", "34.71"],
    "jambi": ["15", "15.71"],
    "nusa tenggara": ["52", "53"],
    "kotawaringin": ["62.01", "62.02"],
    "sumba": ["53.11", "53.12", "53.17", "53.18"],
    "kota jeneponto": ["73.04"],
    "kota agng": ["16.04.07", "18.06.01"],
    "pantai losari makassar": ["73.71"],
    "pasar lama serang banten": ["36.04", "36.73"],
    "waktu hujan di alun alun temanggung": ["33.23"],
    "teman lihat orang binamu datang": ["73.04.03"],
    "kab pinang": ["73.15"],
    "kota padang panjang timur": ["13.71.02"],
    "kec gaug, Kab. Indragiri Hilir": ["14.04.12"],
}

NOTHING = (
    "",
    "   ",
    "asdfgh",
    "saya tidak tahu",
    "nggak tau kak",
    "halo",
    "lapor",
    "kab.",
    "kota, kecamatan,",
    "\0",
    "🙏🙏",
    "12345",
    "nanti saya kirim fotonya ya",
    "x" * 4000,
    "bla " * 1000,
)


@pytest.mark.parametrize(("words", "code"), CERTAIN.items())
def test_certain(table: RegionTable, words: str, code: str):
    """What can mean only one place is certain, and offered first."""
    found = table.search(words)

    assert code == (found.certain and found.certain.code)
    assert found.certain == found.offered[0]


@pytest.mark.parametrize(("words", "codes"), OFFERED.items())
def test_offered(table: RegionTable, words: str, codes: list[str]):
    """What may mean several places, or stands in a sentence, is offered and not decided."""
    found = table.search(words)

    assert found.certain is None
    assert codes == [region.code for region in found.offered][: len(codes)]


@pytest.mark.parametrize("words", NOTHING)
def test_nothing(table: RegionTable, words: str):
    """What names no place finds none."""
    assert Found() == table.search(words)


def test_regency_before_district(table: RegionTable):
    """A regency stands before a district of the same name, and both are offered."""
    levels = [region.level for region in table.search("makasar").offered]

    assert [Level.REGENCY, Level.DISTRICT, Level.DISTRICT] == levels


def test_limit(table: RegionTable):
    """No more is offered than was asked for."""
    assert 5 == len(table.search("kalimantan").offered)
    assert 2 == len(table.search("kalimantan", 2).offered)


@given(st.text())
def test_any_text(words: str):
    """No text makes the search raise, and what it offers is in the table."""
    found = TABLE.search(words)

    assert all(TABLE.get(region.code) == region for region in found.offered)
    assert found.certain in (None, *found.offered[:1])


def test_own_paths(table: RegionTable):
    """All regions are found by the paths that the table shows for them, but one whose name is a common word."""
    found = {region: table.search(", ".join(table.path(region.code))) for region in table}
    lost = [region.name for region, place in found.items() if region not in place.offered]
    mistaken = [region.name for region, place in found.items() if place.certain not in (region, None)]

    assert ["Ma'u"] == lost
    assert ["Ma'u"] == mistaken


def _drop(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def _double(word: str, at: int) -> str:
    return word[:at] + word[at] + word[at:]


def _swap(word: str, at: int) -> str:
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _mistype(word: str, at: int) -> str:
    return word[:at] + string.ascii_lowercase[at % 26] + word[at + 1 :]


def _share(queries: list[tuple[str, Region]]) -> float:
    """How many queries offer the right region first, or a namesake of the same level."""
    offered = [(TABLE.search(words).offered[:1], region) for words, region in queries]
    right = [first and _bare(first[0]) == _bare(region) for first, region in offered]
    return sum(map(bool, right)) / len(queries)


def _bare(region: Region) -> str:
    return TABLE.short(region.code).removeprefix("Kab. ").removeprefix("Kota ").lower()


@pytest.mark.parametrize("slip", [_drop, _double, _swap, _mistype])
def test_misspelt_regencies(slip: Callable[[str, int], str]):
    """Of all 514 regencies, each with one slip, more than 96 in a hundred are offered first."""
    chance = random.Random(514)  # noqa: S311 - the same slips every time
    regencies = [region for region in TABLE if region.level is Level.REGENCY]

    assert 0.96 < _share([(slip(_bare(one), chance.randrange(len(_bare(one)))), one) for one in regencies])


@pytest.mark.parametrize("slip", [_drop, _double, _swap, _mistype])
def test_misspelt_districts(slip: Callable[[str, int], str]):
    """Of districts with one slip and their regency, more than 96 in a hundred are offered first."""
    chance = random.Random(7285)  # noqa: S311 - the same slips every time
    districts = chance.sample([region for region in TABLE if region.level is Level.DISTRICT], 500)
    queries = [
        (f"kec {slip(one.name, chance.randrange(len(one.name)))}, {TABLE.short(one.parent or '')}", one)
        for one in districts
    ]

    assert 0.96 < _share(queries)


def test_tree(table: RegionTable):
    """Provinces hold regencies, which hold districts; a code knows its parent."""
    regency = table.get("73.04")

    assert ("Kabupaten Jeneponto", Level.REGENCY, "73") == (regency.name, regency.level, regency.parent)
    assert regency in table.children("73")
    assert "73.04.07" in [region.code for region in table.children("73.04")]
    assert 38 == len(table.provinces())
    assert (None, ()) == (table.get("99"), table.children("99"))


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("73.04.07", "Kec. Bontoramba, Kab. Jeneponto, Sulawesi Selatan"),
        ("31.74", "Kota Jakarta Selatan, DKI Jakarta"),
        ("31.01", "Kab. Kepulauan Seribu, DKI Jakarta"),
        ("34.71", "Kota Yogyakarta, DI Yogyakarta"),
        ("35", "Jawa Timur"),
    ],
)
def test_path(table: RegionTable, code: str, path: str):
    """A path shows the kind of each regency, since names repeat, and ends with the province."""
    assert path == ", ".join(table.path(code))


@pytest.mark.parametrize(
    ("zone", "codes"),
    [
        ("WIB", ("11.01", "31.74", "35", "36.74.01", "61", "62.71")),
        ("WITA", ("51", "52.72", "53.01", "63", "64", "65", "71.71", "73.04.07", "76")),
        ("WIT", ("81", "82.01", "91", "92", "93", "94", "95", "96.71")),
    ],
)
def test_zone(table: RegionTable, zone: str, codes: tuple[str, ...]):
    """Each place has its province's time zone."""
    assert {ZONES[zone]} == {table.zone(code) for code in codes}


def test_zone_names():
    """The three zones carry the names that the time zone database gives them."""
    assert Zone("WITA", "Asia/Makassar") == ZONES["WITA"]
    assert ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"] == [zone.iana for zone in ZONES.values()]
