"""The way from the first word to the tip: how long it is, how to go back on it, how to leave it and come back."""

import pytest
from reporter import CATALOGUES, LANGUAGES, RULES, STORY, TUESDAY, Reporter

from bot.conversation.effects import ClearChat, Discard, Submit
from bot.conversation.events import Command, Replayed
from bot.conversation.intake import CATEGORY_GROUPS, DETAILS, FREQUENT, INTAKE, QUESTIONS, STATUS, STEPS
from bot.conversation.screens import say

MOST_EVENTS = 15
SAID = {
    "LAIN": "lainnya",
    "BAGI": "bagi uang",
    "TIDAKTAHU": "tidak tahu",
    "NONASN": "honorer",
    "BUMND": "bumn",
    "MOBILISASI": "mengerahkan pegawai",
    "KEPUTUSAN": "surat keputusan",
}
AFRESH = {
    "status": "POLRI",
    "accused": "Bupati",
    "region": "Kota Makassar",
    "place": "Aula kantor",
    "happened": "22 November",
    "known": "hari ini",
    "categories": "bagi uang",
    "story": STORY * 2,
    "evidence": "belum ada",
    "contact": "kabari saya",
    "nip": "198609262015051001",
    "hour": "14.00",
    "source": "dari grup",
    "benefits": "Calon nomor dua",
    "witnesses": "Sekitar 20 guru",
}


def test_shortest_way():
    """Who, where, when, what and one sentence take fourteen taps and messages, from /start to the tip."""
    reporter = Reporter().starts().taps("PNS").types("Kepala Dinas Pendidikan", "Jeneponto")
    reporter.taps("skip", "2026-11-22", "2026-11-23", "on-AJAKAN", "next").types("Ia mengajak.")
    reporter.taps("next", "code", "send")

    assert (Submit(),) == reporter.step.effects
    assert 14 == reporter.events


@pytest.mark.parametrize(
    ("status", "category"),
    [
        *[(status, "AJAKAN") for status in STATUS],
        *[("POLRI", code) for codes in CATEGORY_GROUPS.values() for code in codes],
    ],
)
def test_shortest_way_for_all(status: str, category: str):
    """Fifteen are enough for every status and every category, typed where the first screen does not have them."""
    reporter = Reporter().starts()
    reporter.types(SAID.get(status, status), "Kepala Dinas", "Jeneponto").taps("skip", "2026-11-22", "2026-11-22")
    reporter.types(SAID.get(category, category)).taps("next")
    reporter.types("Ia mengajak.").taps("next", "code", "send")

    assert (Submit(),) == reporter.step.effects
    assert reporter.events <= MOST_EVENTS


def test_every_category_is_offered():
    """Each of the sixteen categories can be tapped, and stands in one group."""
    grouped = [code for codes in CATEGORY_GROUPS.values() for code in codes]

    assert 16 == len(grouped) == len(set(grouped))
    assert set(FREQUENT) <= set(grouped)
    for name, codes in CATEGORY_GROUPS.items():
        for code in codes:
            reporter = Reporter().reaches("categories")
            reporter.taps("groups", f"group-{name}")
            if code not in reporter.draft.picks("categories"):
                reporter.taps(f"on-{code}")

            assert (code,) == reporter.draft.picks("categories")


def test_three_kinds_out_of_the_frequent():
    """Three picks from behind the list all stand on the first screen, with no room and no need for more."""
    reporter = Reporter().reaches("categories")
    reporter.types("mutasi", "bagi uang", "timses")

    assert {"off-MUTASI", "off-BAGI", "off-TIMSES", "next"} <= set(reporter.codes)
    assert "groups" not in reporter.codes
    reporter.taps("on-FOTO")
    assert "problem.picks" in reporter.keys
    reporter.taps("off-BAGI", "groups", "back", "on-FOTO")
    assert ("MUTASI", "TIMSES", "FOTO") == reporter.draft.picks("categories")


def test_a_kind_taken_back():
    """With every kind taken back there is no going on, here or later."""
    reporter = Reporter().reaches("categories").taps("on-FOTO", "off-FOTO")

    assert "next" not in reporter.codes
    reporter.taps("back")
    assert "known" == reporter.at
    reporter.taps(reporter.codes[0])
    assert "categories" == reporter.at


def test_pressure_gets_a_word():
    """Whoever tells of pressure is thanked and warned."""
    reporter = Reporter().reaches("categories").taps("groups", "group-TEKANAN")

    assert "Terima kasih sudah berani bercerita." in reporter.said


def test_progress():
    """Each question says which of the six steps it belongs to."""
    reporter = Reporter().starts()
    seen = [f"Langkah {question.step} dari {STEPS}" in Reporter().reaches(question.name).said for question in INTAKE]

    assert "Langkah 1 dari 6" in reporter.said
    assert all(seen)
    assert sorted({question.step for question in INTAKE}) == list(range(1, STEPS + 1))


@pytest.mark.parametrize("place", [question.name for question in INTAKE[1:]] + ["review"])
def test_back(place: str):
    """Back leads to the question before."""
    names = [question.name for question in INTAKE] + ["review"]
    reporter = Reporter().reaches(place).taps("back")

    assert names[names.index(place) - 1] == reporter.at


def test_back_to_the_notice():
    """Before the first question is the notice, from which one can go on or stop."""
    reporter = Reporter().starts().taps("PNS", "back", "back")

    assert "notice" == reporter.at
    assert {"agree-id", "cancel-id"} <= set(reporter.codes)
    reporter.taps("agree-id")
    assert "accused" == reporter.at
    reporter.taps("back", "back", "cancel-id", "discard")
    assert reporter.draft is None


def test_back_twice_by_mistake():
    """A doubled "back" in a list closes the list, and does not leave the question."""
    reporter = Reporter().reaches("region").taps("list-all")
    doubled = reporter.button("back")
    reporter.taps("back")
    after = reporter.draft
    reporter.does(doubled)

    assert ("region", "") == (reporter.at, after.within)
    assert after == reporter.draft
    assert "stale" == reporter.step.toast.key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(QUESTIONS))
def test_each_answer_can_be_changed(name: str, language: str):
    """Every single answer can be changed from the review, by tapping or by naming it, and leads back there."""
    reporter = Reporter()
    reporter.starts(language).reaches("review")
    before = dict(reporter.draft.answers)
    menu = "details" if QUESTIONS[name] in DETAILS else "change"
    reporter.taps(menu)
    while f"to-{name}" not in reporter.codes:
        reporter.taps(next(code for code in reporter.codes if code.startswith("page-") and code != "page-0"))
    reporter.taps(f"to-{name}")

    assert name == reporter.at
    reporter.types(AFRESH[name])
    if name == "categories":
        reporter.taps("next")
    if name == "happened":
        assert "known" == reporter.at, "who had learned of it on that very day is asked again"
        reporter.types("kemarin")
    assert "review" == reporter.at
    assert name == "evidence" or before.get(name) != reporter.draft.answers[name]
    unchanged = set(before) - {name, "known" if name == "happened" else name}
    assert {key: before[key] for key in unchanged} == {key: reporter.draft.answers[key] for key in unchanged}


@pytest.mark.parametrize("question", INTAKE)
def test_changing_can_be_called_off(question):
    """Back from an answer that is being changed leads to the review, with the old answer."""
    reporter = Reporter().reaches("review")
    before = reporter.draft.answers
    reporter.taps("change").types(CATALOGUES.of("id").draw(say(f"label.{question.name}")))
    assert question.name == reporter.at
    reporter.taps("back")

    assert ("review", before) == (reporter.at, reporter.draft.answers)


def test_details_wait_behind_the_review():
    """What is optional is not asked on the way, can be added at the review, and can be passed over."""
    reporter = Reporter().reaches("review")

    assert not {question.name for question in DETAILS} & set(reporter.draft.answers)
    for question in DETAILS:
        reporter.taps("details", f"to-{question.name}", "skip")
        assert "review" == reporter.at
    assert "label.nip" not in reporter.said
    reporter.taps("details", "to-hour")
    reporter.types("jam 2 siang")
    assert "Jam: pukul 14.00 WITA" in reporter.said
    reporter.taps("details", "to-nip", "back", "back")
    assert "review" == reporter.at


def test_details_that_are_there_can_be_changed():
    """An extra that was given stands in the list of answers to change."""
    reporter = Reporter().reaches("review").taps("details", "to-nip")
    reporter.types("198609262015051001").taps("change", "page-1")

    assert "to-nip" in reporter.codes


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "warned"),
    [
        ("19860926 201505 1 001", "198609262015051001", "••••••••••••••1001", False),
        ("NIP 198609262015051001", "198609262015051001", "••••••••••••••1001", False),
        ("12345", "12345", "•2345", True),
        ("Budi, ruang 12", "Budi, ruang 12", "Budi, ruang 12", True),
        ("tanya kantor", "tanya kantor", "tanya kantor", True),
    ],
)
def test_number(typed: str, kept: str, shown: str, warned: bool):  # noqa: FBT001 - parametrised
    """What does not look like a NIP is kept as it is, with a warning; what is one is shown by its last digits."""
    reporter = Reporter().reaches("review").taps("details", "to-nip")
    reporter.types(typed)

    assert kept == reporter.draft.answers["nip"]
    assert f"NIP: {shown}\n" in reporter.said
    assert warned == ("hint.nip" in reporter.keys)


def test_a_short_story_gets_a_hint():
    """A story of a few words is taken, with a hint; a long one without."""
    short, long = Reporter().reaches("story"), Reporter().reaches("story")
    short.types("Ia mengajak.")
    long.types(STORY)

    assert ("evidence", "evidence") == (short.at, long.at)
    assert (True, False) == ("hint.story" in short.keys, "hint.story" in long.keys)


@pytest.mark.parametrize(("place", "most"), [("accused", 300), ("place", 200), ("story", 12_000)])
def test_too_long(place: str, most: int):
    """What is too long to be kept is said with its length, and asked again; what just fits is kept."""
    reporter = Reporter().reaches(place)
    reporter.types("a" * (most + 1))

    assert place == reporter.at
    assert f"Teksnya {most + 1} karakter, paling banyak {most}." in reporter.said
    reporter.types("a" * most)
    assert "a" * most == reporter.draft.answers[place]


@pytest.mark.parametrize("words", ["", "  ", "👍", "…", "\0\0"])
@pytest.mark.parametrize("place", ["accused", "place", "story", "evidence", "nip"])
def test_no_words(words: str, place: str):
    """What has neither letter nor number is no answer in words."""
    reporter = Reporter().reaches("review").taps("details", "to-nip") if place == "nip" else Reporter().reaches(place)
    before = reporter.draft
    reporter.types(words)

    assert before == reporter.draft
    assert "problem.words" in reporter.keys


def test_what_cannot_be_shown_is_not_kept():
    """Control signs and halves of signs do not get into an answer; line breaks and emoji do."""
    reporter = Reporter().reaches("story")
    reporter.types("a\0b\ud83d c\r\nd 👍🏽\x9f")

    assert "a b  c \nd 👍🏽" == reporter.draft.answers["story"]


def test_coming_back():
    """/start and /lapor with a draft show it and offer to go on, to start anew, or to delete."""
    for command in (Command.START, Command.REPORT):
        reporter = Reporter().reaches("story")
        reporter.commands(command)

        assert ("go-on", "anew", "discard") == reporter.codes
        assert "Terlapor: Kepala dinas" in reporter.said
        reporter.taps("go-on")
        assert "story" == reporter.at


def test_coming_back_with_nothing_said():
    """A draft without answers shows none."""
    reporter = Reporter().starts()
    reporter.commands(Command.START)

    assert ("ask.resume",) == reporter.keys


def test_starting_anew():
    """Anew destroys the draft with its files and begins another, of which old buttons know nothing."""
    reporter = Reporter().reaches("story")
    reporter.keeps_file()
    old = reporter.draft
    reporter.commands(Command.START)
    reporter.taps("anew")

    assert (Discard(),) == reporter.step.effects
    assert ("status", {}, ()) == (reporter.at, reporter.draft.answers, reporter.draft.items)
    assert reporter.draft.turn > old.turn + 100


@pytest.mark.parametrize("place", [question.name for question in INTAKE] + ["review", "notice"])
def test_cancelling(place: str):
    """Cancelling is asked about; the draft is deleted with what the chat shows, kept for later, or gone on with."""
    reporter = Reporter().reaches(place) if place != "notice" else Reporter().starts().taps("back")
    cancel = next(code for code in reporter.codes if code.startswith("cancel"))
    reporter.taps(cancel, "back")
    assert place == reporter.at
    reporter.taps(cancel, "later")
    assert place == reporter.at
    assert f"Draf disimpan {RULES.draft_hours} jam" in reporter.said
    reporter.taps(cancel, "discard")

    assert reporter.draft is None
    assert (ClearChat(),) == reporter.step.effects
    assert ("stop.discarded",) == reporter.keys


def test_deleting_when_coming_back():
    """Whoever comes back can delete the draft at once."""
    reporter = Reporter().reaches("region")
    reporter.commands(Command.START)
    reporter.taps("discard")

    assert (None, (ClearChat(),)) == (reporter.draft, reporter.step.effects)


def test_a_repeated_event():
    """An event that the platform hands over again draws the screen, and moves nothing."""
    reporter = Reporter().reaches("story")
    before, shown = reporter.draft, reporter.shown
    reporter.does(Replayed())

    assert (before, (shown,)) == (reporter.draft, reporter.step.screens)


def test_sent():
    """After sending nothing is in hand, and the code is announced."""
    reporter = Reporter(day=TUESDAY).reaches("review").taps("send")

    assert (None, (Submit(),), ("sent.now",)) == (reporter.draft, reporter.step.effects, reporter.keys)


@pytest.mark.parametrize("aside", [(), ("cancel", "back")], ids=["at once", "after a look aside"])
@pytest.mark.parametrize("taps", [("off-MEDSOS",), ("on-FOTO",), ("off-MEDSOS", "on-FOTO")])
def test_a_change_of_picks_that_is_left_changes_nothing(taps: tuple[str, ...], aside: tuple[str, ...]):
    """Who un-picks all or picks another, and goes back, finds the review and the picks as they were."""
    reporter = Reporter().reaches("review")
    ready = reporter.draft.answers

    reporter.taps("change", "page-1", "to-categories", *taps, *aside, "back")

    assert ("review", ready) == (reporter.at, reporter.draft.answers)
