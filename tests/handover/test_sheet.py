"""The sheet, its texts and its package: what an officer gets of a tip."""

import re
import zipfile
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from handover_world import HANDING, NIP, WORLD, tip, words
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation.casework import CATEGORIES
from bot.conversation.intake import STATUS
from bot.conversation.post import Exhibit
from bot.conversation.screens import say
from bot.handover import guide
from bot.handover.letters import UNSHOWN, plain, printable
from bot.handover.masking import HIDDEN, found, masked
from bot.handover.package import MANIFEST, SHEET, STORY, Package, papers, parts
from bot.handover.pdf import pdf
from bot.handover.problem import GuideProblem
from bot.handover.sheet import Writer, file_name, portal
from prove.unpacked import text_of

WRITER = Writer.load(guide.load(), WORLD)
PICTURE = Exhibit(1, "picture", "aa", "jpg", 340_221, clean_sha256="ab" * 32, note="Apel pagi")
LINK = Exhibit(2, "link", url="https://contoh.example/1")


def sheet_of(told, **changed) -> list[str]:
    return text_of(pdf(WRITER.sheet(told, replace(HANDING, **changed)), WRITER.page))


def test_the_fields_stand_in_the_order_of_an_officers_file():
    """Heading, code, day, region with its codes, accused, basis, days, term, story, evidence, reporter, signatures."""
    pages = sheet_of(tip(exhibits=(PICTURE, LINK), talk=[say("thread.asked", others=words("Mobil apa?"))]))
    fields = [
        "INFORMASI AWAL", "Bawaslu Kabupaten Jeneponto", "K7QX-2M", "24 November 2026 (WITA)",
        "Sulawesi Selatan (kode Kemendagri 73)", "Kabupaten Jeneponto (kode Kemendagri 73.04)",
        "Tamalatea (kode Kemendagri 73.04.02)", "Kepala Dinas Pendidikan", "PNS/CPNS", NIP, "(AJAKAN)",
        "PP 94/2021 Pasal 5", "(FASILITAS)", "(perlu dikonfirmasi)", "22 November 2026", "23 November 2026",
        "30 November 2026",
        "Kepala dinas meminta staf", "Pertanyaan: Mobil apa?", "bukti-1.jpg", "340 kB", "ab" * 16,
        "https://contoh.example/1", "tersedia tanya-jawab lewat pengelola sampai 22 Februari 2027",
        "Dewi", "Budi", "Paraf",
    ]  # fmt: skip
    whole = " ".join(pages)
    places = [whole.find(field) for field in fields]

    assert [] == [field for field, place in zip(fields, places, strict=True) if place < 0]
    assert sorted(places) == places


def test_every_page_bears_the_number_and_its_place():
    """However long the story is, each page says which tip it belongs to and which page of how many it is."""
    pages = sheet_of(tip("Kalimat yang panjang sekali tentang apel pagi itu. " * 400))

    assert len(pages) > 4
    for n, page in enumerate(pages, start=1):
        assert f"K7QX-2M halaman {n} dari {len(pages)}" in page


def test_the_reporter_is_never_named_and_the_term_depends_on_how_they_are_reached():
    """What is said of asking back is true for a tip with an address and for one with a code only."""
    told = tip()
    reached = replace(told, case=replace(told.case, reachable=True))

    assert "bila pelapor membuka kembali" in " ".join(sheet_of(told))
    assert "bila pelapor membuka kembali" not in " ".join(sheet_of(reached))


def test_the_same_tip_gives_the_same_bytes():
    """Papers and package hold no time of making and nothing random."""
    packages = []
    for _ in range(2):
        out = BytesIO()
        package = Package(out)
        for name, data in papers(WRITER, tip(exhibits=(PICTURE,)), HANDING).items():
            package.add("K7QX-2M", name, data)
        package.add("K7QX-2M", "bukti-1.jpg", b"picture")
        package.close()
        packages.append(out.getvalue())

    assert packages[0] == packages[1]


def test_the_manifest_sums_every_file():
    """Each file of the package stands in SHA256SUMS with the sum of its bytes, and nothing else does."""
    out = BytesIO()
    package = Package(out)
    for name, data in papers(WRITER, tip(exhibits=(PICTURE,)), HANDING).items():
        package.add("K7QX-2M", name, data)
    package.add("K7QX-2M", file_name(PICTURE), b"picture")
    package.close()
    with zipfile.ZipFile(out) as opened:
        lines = opened.read(MANIFEST).decode().splitlines()
        sums = {name: sha256(opened.read(name)).hexdigest() for name in opened.namelist() if name != MANIFEST}

    assert [f"{digest}  {name}" for name, digest in sums.items()] == lines
    assert [f"K7QX-2M/{name}" for name in (SHEET, STORY, "sbt.txt", "bukti-1.jpg")] == list(sums)


def test_what_is_too_large_for_one_package_is_cut_into_several():
    """Evidence keeps its order, no package is over the bound, links need none, and the papers lie in the first."""
    exhibits = tuple(Exhibit(n, "video", "aa", "mp4", 20) for n in range(1, 6))
    cut = parts("K7QX-2M", (*exhibits, LINK), 45)

    assert [(1, 2), (3, 4), (5,)] == [tuple(one.number for one in part.exhibits) for part in cut]
    assert ["K7QX-2M-1.zip", "K7QX-2M-2.zip", "K7QX-2M-3.zip"] == [part.name for part in cut]
    assert [True, False, False] == [part.papers for part in cut]
    assert [("K7QX-2M.zip", True)] == [(part.name, part.papers) for part in parts("K7QX-2M", (LINK,), 45)]


@pytest.mark.parametrize(("nip", "name"), [(NIP, "sbt.txt"), ("", "lapor.txt"), ("12345", "lapor.txt")])
def test_the_portal_is_chosen_by_the_number(nip: str, name: str):
    """SBT asks for an NIP; without one that looks like one the text is for SP4N-LAPOR!."""
    given_name, text = portal(WRITER, tip(nip=nip))

    assert name == given_name
    assert "Kepala dinas meminta staf" in text
    assert ("Kategori: Netralitas" in text) == (name == "sbt.txt")


@pytest.mark.parametrize(
    ("accused", "known"),
    [
        ("Ansar, NIP 19860926 201505 1 001", "19860926 201505 1 001"),
        ("Ansar, NIK 7304012609860001", ""),
        ("Ansar dan Umar, 198609262015051001 dan 197503122000031004", "198609262015051001, 197503122000031004"),
    ],
)
def test_a_number_within_the_words_about_the_accused_is_theirs(accused: str, known: str):
    """Whoever was not asked for the NIP has often told it with the name: it stands in its field and chooses SBT."""
    told = tip(nip="", accused=accused)
    name, text = portal(WRITER, told)

    assert ("sbt.txt" if known else "lapor.txt") == name
    assert f"NIP/NI PPPK: {known or 'tidak disebutkan'}\n" in text
    assert (known or "tidak disebutkan") == dict(WRITER.accused(told))["NIP/NI PPPK"]


def test_what_could_lead_to_the_reporter_is_found_again_and_taken_out_everywhere():
    """A telephone number in story, talk or a note of evidence is found, and masked it stands in no paper."""
    noted = replace(PICTURE, note="dari 0813-1111-2222")
    told = tip(exhibits=(noted,), talk=[say("thread.answered", rows=(words("hubungi 0814-3333-4444"),))])
    traces = found(told, WORLD)
    clean = masked(told, traces)
    written = b"".join(data for name, data in papers(WRITER, clean, HANDING).items() if name != SHEET).decode()

    assert {"0812-3456-7890", "0813-1111-2222", "0814-3333-4444"} <= set(traces)
    assert [] == [trace for trace in traces if trace in written or trace in " ".join(sheet_of(clean))]
    assert HIDDEN in written
    assert () == found(clean, WORLD)


def test_letters_that_cannot_be_shown_are_said_to_be_elsewhere():
    """What the font lacks, or would set in the wrong order, gives way to a sign; the text beside it is whole."""
    odd = "你好 العربية Žižek"
    told = tip(odd)

    assert f"{UNSHOWN} {UNSHOWN} Žižek" in " ".join(sheet_of(told))
    assert "teks utuhnya ada dalam uraian.txt" in " ".join(sheet_of(told))
    assert odd in papers(WRITER, told, HANDING)[STORY].decode()


@example(story="", short="", note="😀")
@settings(max_examples=40)
@given(story=st.text(max_size=4000), short=st.text(max_size=500), note=st.text(max_size=1000))
def test_any_text_makes_a_sheet(story: str, short: str, note: str):
    """Whatever was written, papers come out, and they can be read."""
    told = tip(story, accused=short, witnesses=short, exhibits=(replace(PICTURE, note=note), replace(LINK, url=note)))
    made = papers(WRITER, masked(told, found(told, WORLD)), HANDING)

    assert "INFORMASI AWAL" in text_of(made[SHEET])[0]


@settings(max_examples=200)
@given(st.text())
def test_plain_texts_have_no_hidden_signs(text: str):
    """No control, direction or half sign is left but the line feed, and what is printable is in the letters."""
    letters = frozenset(map(ord, "abc "))

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", plain(text))
    assert set(printable(text, letters)) <= set("abc \n" + UNSHOWN)


def test_the_guide_names_every_status_and_category_and_no_kasn():
    """The file that comes with the program is whole, and names no body that has ceased to be."""
    shipped = guide.load()

    assert set(CATEGORIES) == set(shipped.basis)
    assert set(STATUS) == set(shipped.duty)
    assert "KASN" not in repr(shipped)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[basis]", "[", "is no TOML"),
        ("[duty]", "[duties]", "has no table [duty]"),
        ("LAIN = ", "LAIN_LAIN = ", "LAIN is missing"),
        ('FOTO = ["SKB', 'FOTO = 3\nX = ["SKB', "X is not known"),
        ('ATRIBUT = ["PP 94/2021 Pasal 5 huruf n angka 2"]', "ATRIBUT = []", "ATRIBUT must be a list"),
        ('ATRIBUT = ["PP 94/2021 Pasal 5 huruf n angka 2"]', "ATRIBUT = [2]", "ATRIBUT must be a text"),
        ('address = "sbt.bkn.go.id"', "", "[destination.bkn] must have a name and an address"),
        ('address = "sbt.bkn.go.id"', 'address = ""\nregions = 1', "regions must be addresses"),
    ],
)
def test_a_fault_in_the_guide_is_told_with_its_place(tmp_path, old: str, new: str, told: str):
    """Admins who correct the file read what is wrong with it, and where."""
    shipped = (guide.resources.files("bot.handover") / "guide.toml").read_text("utf-8")
    own = tmp_path / "guide.toml"
    own.write_text(shipped.replace(old, new), "utf-8")

    with pytest.raises(GuideProblem, match=re.escape(told)):
        guide.load(own)


def test_a_guide_that_is_not_there_is_told(tmp_path):
    """A wrong path is a sentence, with the setting's name."""
    with pytest.raises(GuideProblem, match="BISIK_HANDOVER_GUIDE"):
        guide.load(tmp_path / "none.toml")


def test_an_address_of_one_regency_goes_before_the_general_one(tmp_path):
    """Bawaslu's offices are many; each may have its own line."""
    shipped = (guide.resources.files("bot.handover") / "guide.toml").read_text("utf-8")
    own = tmp_path / "guide.toml"
    own.write_text(
        shipped.replace('address = ""', 'address = "surat"\nregions."73.04" = "Bontosunggu"', 1), encoding="utf-8"
    )
    writer = Writer.load(guide.load(own), WORLD)

    assert ("Bawaslu Kabupaten Jeneponto", "Bontosunggu") == writer.addressee(tip(), "bawaslu")
