"""What in a reporter's own words could lead to them is found, and what could not is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.betrayal import Reader, TraceKind, traces
from bot.locales.lexicon import lexicon

ID = lexicon("id")
SARI = Reader("sari_w", ("Sari", "Wulandari"))
ACCUSED = ("Kepala Dinas Budi Santoso", "19860926 201505 1 001")

FOUND = [
    ("Hubungi @sari_w saja", TraceKind.USERNAME, "@sari_w"),
    ("akun Sari_W ada di sana", TraceKind.USERNAME, "Sari_W"),
    ("surat ke meja@sari_w", TraceKind.USERNAME, "sari_w"),
    ("Ada Sari di ruangan itu", TraceKind.NAME, "Sari"),
    ("waktu itu saya sari yang mencatat", TraceKind.NAME, "sari"),
    ("yang disuruh sari wulandari", TraceKind.NAME, "sari wulandari"),
    ("telepon 0812-3456-7890 ya", TraceKind.PHONE, "0812-3456-7890"),
    ("wa +62 812 3456 7890", TraceKind.PHONE, "+62 812 3456 7890"),
    ("surel ke sari.w@kantor.go.id", TraceKind.EMAIL, "sari.w@kantor.go.id"),
    ("NIK 7304 0155 0690 0001", TraceKind.SIXTEEN, "7304 0155 0690 0001"),
    ("NIP 199003152015052001", TraceKind.NIP, "199003152015052001"),
    ("Saya bekerja di dinas itu", TraceKind.SELF, "Saya bekerja"),
    ("karena saya adalah staf keuangan", TraceKind.SELF, "saya adalah staf"),
    ("saya juga guru di sana", TraceKind.SELF, "saya juga guru"),
    ("atasan langsung saya memaksa", TraceKind.SELF, "atasan langsung saya"),
    ("istri saya dipindah", TraceKind.SELF, "istri saya"),
    ("di kantor saya", TraceKind.SELF, "kantor saya"),
    ("sy honorer", TraceKind.SELF, "sy honorer"),
    ("I work at the office", TraceKind.SELF, "I work"),
    ("My boss told us", TraceKind.SELF, "My boss"),
    ("I am a teacher there", TraceKind.SELF, "I am a teacher"),
]

INNOCENT = [
    "Kepala dinas Budi Santoso mengumpulkan semua guru di aula.",
    "NIP 198609262015051001 menyuruh memilih nomor 1.",
    "NIP 19860926 201505 1 001",
    "Saya melihat mobil dinas dipakai membawa baliho.",
    "Saya mendengar ia berkata: pilih nomor 2.",
    "Kami diminta hadir pukul 14.00 pada 12-11-2026.",
    "Lihat https://example.com/sari_w/081234567890 dan www.contoh.id/199003152015052001",
    "Inti sari pidato itu: pilih calon A.",
    "Sari apel dibagikan kepada warga.",
    "Toko sari_wangi dan osari_w ikut membagikan.",
    "Uang Rp 1.500.000 dan 20 karung beras dibagikan.",
    "Plat mobil DD 1234 XY, tanggal 2026-11-24.",
    "The head of the school told teachers whom to vote for.",
    "Saya tidak tahu namanya, tetapi ia guru di SMP 2.",
    "",
    "😀 1234",
]


@pytest.mark.parametrize(("words", "kind", "shown"), FOUND)
def test_what_leads_to_the_reporter_is_found_as_it_was_written(words, kind, shown):
    """Each sort of trace is named with the very words, so that they can be found and changed."""
    found = traces(words, SARI, ID, accused=ACCUSED)

    assert (kind, shown) in {(trace.kind, trace.words) for trace in found}


@pytest.mark.parametrize("words", INNOCENT)
def test_what_leads_to_nobody_raises_no_alarm(words):
    """The accused's name and number, ordinary stories, dates, sums, plates and links are left alone."""
    assert () == traces(words, SARI, ID, accused=ACCUSED)


def test_a_name_that_the_accused_bears_too_is_no_trace():
    """A reporter who is called like the accused is not warned for naming them."""
    budi = Reader("", ("Budi",))

    assert () == traces("Lalu Budi membagi uang", budi, ID, accused=("Budi, kepala desa",))
    assert traces("Lalu Budi membagi uang", budi, ID, accused=("Kepala desa",))


def test_a_text_mention_is_a_trace():
    """A name that was picked from the contact list is shown, since it came with an account."""
    (found,) = traces("tanya Ani", Reader(), ID, mentions=("Ani",))

    assert (TraceKind.MENTION, "Ani") == (found.kind, found.words)


@given(st.text(), st.text(max_size=20), st.lists(st.text(max_size=12), max_size=2), st.text(max_size=40))
def test_any_text_and_any_name_may_come(words, username, names, accused):
    """Nothing that people write or are called raises, and what is shown stands in the text."""
    for trace in traces(words, Reader(username, tuple(names)), ID, accused=(accused,)):
        assert trace.words in words


def test_a_reader_shows_nothing_of_itself():
    """Whatever prints the arguments of a failing call prints no name."""
    assert "Sari" not in repr(SARI)
