"""Evidence in the conversation: files at any question, links, what is refused and why, and what becomes of it."""

import pytest
from reporter import RULES, Reporter

from bot.conversation.draft import KEPT, PENDING
from bot.conversation.effects import Fetch, Remove, Show, Submit
from bot.conversation.events import Attached, Cleaned, FileKind, Spoiled
from bot.conversation.evidence import SPOILED
from bot.conversation.intake import INTAKE

PLACES = [question.name for question in INTAKE] + ["review"]
LINK = "https://contoh.id/a"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [FileKind.PHOTO, FileKind.DOCUMENT, FileKind.VIDEO])
def test_a_file_at_any_question(place: str, kind: FileKind):
    """A file sent at any question is taken with a word, and the question is asked again once it is clean."""
    reporter = Reporter().reaches(place).sends_file(kind=kind, caption=" di aula\0 ")

    assert (Fetch(reporter.fetched(), "file-u1", kind),) == reporter.step.effects
    assert ("evidence.working",) == reporter.keys
    assert () == reporter.step.screens[0].choices
    reporter.is_cleaned(reporter.fetched(), "aa", ("device", "gps"))
    (item,) = reporter.draft.items
    assert (KEPT, "aa", "di aula", kind is FileKind.DOCUMENT) == (item.state, item.stored, item.note, item.plain_file)
    assert (place, reporter.shown.choices) == (reporter.at, reporter.step.screens[0].choices)
    assert "Dihapus dari berkas: merek dan seri perangkat, lokasi GPS." in reporter.said
    assert "1 bukti tersimpan." in reporter.said or place == "review"


@pytest.mark.parametrize("place", [place for place in PLACES if place != "evidence"])
@pytest.mark.parametrize("kind", [FileKind.VOICE, FileKind.VIDEO_NOTE])
def test_a_voice_where_an_answer_was_asked(place: str, kind: FileKind):
    """A voice message as an answer is not kept: a voice can be recognised."""
    reporter = Reporter().reaches(place)
    before = reporter.draft
    reporter.sends_file(kind=kind)

    assert (before, ()) == (reporter.draft, reporter.step.effects)
    assert "evidence.spoken" in reporter.keys


def test_a_voice_as_evidence():
    """Where evidence is asked for, a recording is evidence."""
    reporter = Reporter().reaches("evidence").sends_file(kind=FileKind.VOICE)

    assert 1 == reporter.draft.pending


def test_an_album():
    """An album of ten is answered twice at most: when it comes, and when all of it is clean."""
    reporter, said, items = Reporter().reaches("evidence"), 0, []
    for n in range(10):
        reporter.sends_file(f"u{n}")
        items.append(reporter.fetched())
        said += len(reporter.step.screens)
    assert 1 == said
    for n, item in enumerate(items):
        reporter.is_cleaned(item, f"s{n}")
        said += len(reporter.step.screens)

    assert 2 == said
    assert "10 bukti tersimpan." in reporter.said


def test_the_same_file_twice():
    """A file that is there already, by the platform's word or by its content, is kept once."""
    reporter = Reporter().reaches("evidence").keeps_file("u1", "aa").sends_file("u1")

    assert "evidence.twice" in reporter.keys
    reporter.sends_file("u2")
    reporter.is_cleaned(reporter.fetched(), "bb", clean="c-aa")
    assert (Remove("bb"),) == reporter.step.effects
    assert ["aa"] == [item.stored for item in reporter.draft.items]
    assert "evidence.twice" in reporter.keys


def test_too_many():
    """One piece more than the rules allow is refused, as a file or as a link, until one is removed."""
    reporter = Reporter().reaches("evidence")
    for n in range(RULES.files_most):
        reporter.keeps_file(f"u{n}", f"s{n}")
    for refused in (reporter.sends_file("one-more"), reporter.types(LINK)):
        assert f"Paling banyak {RULES.files_most} bukti." in refused.said
        assert RULES.files_most == len(refused.draft.items)
    dropped = reporter.draft.items[0]
    reporter.taps("items", f"item-{dropped.name}", f"drop-{dropped.name}")
    assert (Remove(dropped.stored),) == reporter.step.effects
    reporter.types(LINK)
    assert LINK == reporter.draft.items[-1].url


@pytest.mark.parametrize(
    ("size", "taken"), [(None, True), (RULES.file_mb * 1_000_000, True), (RULES.file_mb * 1_000_000 + 1, False)]
)
def test_too_big(size: int | None, taken: bool):  # noqa: FBT001 - parametrised
    """A file that is larger than can be fetched is refused with the limit; one of unknown size is tried."""
    reporter = Reporter().reaches("evidence").sends_file(size=size)

    assert taken == bool(reporter.draft.items)
    assert taken or f"lebih besar dari {RULES.file_mb} MB" in reporter.said


@pytest.mark.parametrize("reason", [*sorted(SPOILED), "gone", "refused", "bad_file"])
def test_a_file_that_cannot_be_taken(reason: str):
    """A file that cannot be cleaned is gone from the draft, with a sentence and a way that works."""
    reporter = Reporter().reaches("evidence").sends_file()
    reporter.does(Spoiled(reporter.fetched(), reason))

    assert () == reporter.draft.items
    assert f"spoiled.{reason if reason in SPOILED else 'gone'}" in reporter.keys
    assert "evidence" == reporter.step.screens[0].question


def test_sending_waits_for_cleaning():
    """A tip is not sent while a file is being cleaned; then it is."""
    reporter = Reporter().reaches("review").sends_file()
    item = reporter.fetched()
    reporter.taps("send")

    assert ("review", ()) == (reporter.at, reporter.step.effects)
    assert "1 berkas masih dibersihkan" in reporter.said
    reporter.is_cleaned(item).taps("send")
    assert (Submit(),) == reporter.step.effects


def test_pending_is_counted():
    """What is being cleaned is said apart from what is kept, and can be called off."""
    reporter = Reporter().reaches("evidence").keeps_file().sends_file("u2")
    item = reporter.fetched()
    reporter.taps("items", "back")

    assert "1 bukti tersimpan.\n1 berkas masih dibersihkan." in reporter.said
    reporter.taps("items", f"item-{item}", f"drop-{item}")
    assert (1, 0) == (len(reporter.draft.kept), reporter.draft.pending)
    reporter.is_cleaned(item, "late")
    assert ((Remove("late"),), ()) == (reporter.step.effects, reporter.step.screens)


def test_an_old_button_drops_what_it_named():
    """A button for a piece that is gone drops no other piece."""
    reporter = Reporter().reaches("evidence").keeps_file("u1", "aa").keeps_file("u2", "bb").taps("items")
    one, two = (item.name for item in reporter.draft.items)
    first = reporter.taps(f"item-{one}").button(f"drop-{one}")
    reporter.does(first)
    reporter.does(first)
    reporter.taps("items", f"item-{two}")
    reporter.does(first)

    assert ["bb"] == [item.stored for item in reporter.draft.items]
    assert "stale" == reporter.step.toast.key


@pytest.mark.parametrize("before", ["none", "notice"])
def test_a_file_before_consent(before: str):
    """Without consent no file is taken, and the notice says so."""
    reporter = Reporter() if before == "none" else Reporter().starts().taps("back")
    reporter.sends_file()

    assert () == reporter.step.effects
    assert ("evidence.before", "notice.welcome") == reporter.keys[:2]


@pytest.mark.parametrize("draft", ["none", "anew"])
def test_what_comes_too_late(draft: str):
    """A file that is clean when its draft is gone is destroyed, in silence."""
    reporter = Reporter().reaches("story").sends_file()
    item = reporter.fetched()
    reporter.does(reporter.button("cancel"))
    reporter.taps("discard")
    if draft == "anew":
        reporter.starts()
    reporter.does(Cleaned(item, "late", "picture", "jpg", 9, (), "o", "c"))

    assert ((Remove("late"),), ()) == (reporter.step.effects, reporter.step.screens)
    reporter.does(Spoiled(item, "gone"))
    assert ((), ()) == (reporter.step.effects, reporter.step.screens)


@pytest.mark.parametrize(
    ("words", "links", "note"),
    [
        (LINK, [LINK], ""),
        (f"{LINK}.", [LINK], ""),
        (f"{LINK} ini postingannya, lihat komentar.", [LINK], "ini postingannya, lihat komentar"),
        (f"Lihat ({LINK}), dan www.contoh.id/b!", [LINK, "www.contoh.id/b"], f"Lihat ({LINK}), dan www.contoh.id/b!"),
        (f"{LINK} {LINK}", [LINK], ""),
        ("Instagram.com/p/1", ["Instagram.com/p/1"], ""),
        ("HTTPS://CONTOH.ID/A", ["HTTPS://CONTOH.ID/A"], ""),
    ],
)
def test_links(words: str, links: list[str], note: str):
    """Each link is a piece of evidence; the words around them stay with the first, without a link that stands alone."""
    reporter = Reporter().reaches("evidence").types(words)

    assert links == [item.url for item in reporter.draft.items]
    assert [note] + [""] * (len(links) - 1) == [item.note for item in reporter.draft.items]
    assert f"{len(links)} tautan dicatat." in reporter.said


def test_a_link_is_kept_without_the_mark_of_who_shared_it():
    """The mark is gone from the link and from the words around it, which is said; a second share is the same link."""
    reporter = Reporter().reaches("evidence").types("Lihat https://www.instagram.com/p/Abc/?igsh=Mz dan b.id/c")

    first = reporter.draft.items[0]
    assert ("https://www.instagram.com/p/Abc/", "Lihat https://www.instagram.com/p/Abc/ dan b.id/c") == (
        first.url,
        first.note,
    )
    assert "evidence.unmarked" in reporter.keys
    assert "betrayal.typed" not in reporter.keys
    assert "evidence.twice" in reporter.types("https://www.instagram.com/p/Abc/?igsh=Lain").keys


def test_a_link_twice():
    """A link that is there already is not kept again; beside a new one it is passed over."""
    reporter = Reporter().reaches("evidence").types(LINK, LINK)

    assert "evidence.twice" in reporter.keys
    reporter.types(f"{LINK} {LINK}/b")
    assert [LINK, f"{LINK}/b"] == [item.url for item in reporter.draft.items]


def test_a_long_link():
    """A link with more words than a caption holds is refused with its length."""
    reporter = Reporter().reaches("evidence").types(f"{LINK} {'a' * 600}")

    assert () == reporter.draft.items
    assert "problem.long" in reporter.keys


def test_many_pieces_are_listed_in_pages():
    """Ten pieces fit on the pages of the list, each of them once."""
    reporter = Reporter().reaches("evidence").types(" ".join(f"{LINK}/{n}" for n in range(10))).taps("items")
    first = [code for code in reporter.codes if code.startswith("item-")]
    reporter.taps("page-1")
    second = [code for code in reporter.codes if code.startswith("item-")]

    assert [f"item-{item.name}" for item in reporter.draft.items] == first + second


def test_evidence_in_the_summary():
    """The summary counts the pieces, and says when there is none."""
    assert "Bukti: Belum ada" in Reporter().reaches("review").said
    reporter = Reporter().reaches("evidence").types(LINK).keeps_file().reaches("review")
    assert "Bukti: 2" in reporter.said
    assert "given" == reporter.draft.answers["evidence"]


def test_pending_item_is_plain_data():
    """A file that is awaited is kept by name and kind alone."""
    reporter = Reporter().reaches("evidence")
    reporter.does(Attached(FileKind.PHOTO, "f", "u", None))
    (item,) = reporter.draft.items

    assert (PENDING, "photo", "", "") == (item.state, item.kind, item.stored, item.url)


def test_a_piece_can_be_looked_at_before_it_is_sent():
    """The reporter sees what a piece is, what was taken off it, and may have it shown as it will be sent."""
    reporter = Reporter().reaches("evidence").keeps_file("u1", "aa")
    item = reporter.draft.items[0]
    reporter.taps("items", f"item-{item.name}")

    assert ("item.picture", "evidence.cleaned") == tuple(key for key in reporter.keys if key != "progress")
    reporter.taps(f"look-{item.name}")
    assert (Show("aa", "picture", "jpg"),) == reporter.step.effects
    assert (item,) == reporter.draft.items


def test_a_link_is_looked_at_in_words():
    """A link with its note is told, and there is no file to show."""
    reporter = Reporter().reaches("evidence").types(f"{LINK} lihat menit ke-2").taps("items")
    item = reporter.draft.items[0]
    reporter.taps(f"item-{item.name}")

    assert LINK in reporter.said
    assert "lihat menit ke-2" in reporter.said
    assert f"look-{item.name}" not in reporter.codes
