"""Typed instead of tapped: what is understood as a button, and what never is."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporter import LANGUAGES, REGIONS, Reporter, label

from bot.conversation.effects import ClearChat, Submit
from bot.conversation.events import Command
from bot.conversation.places import legible
from bot.conversation.screens import Role

RESTING = [
    "status",
    "accused",
    "region",
    "place",
    "happened",
    "known",
    "categories",
    "story",
    "evidence",
    "contact",
    "review",
    "change",
    "details",
    "nip",
    "hour",
    "source",
    "benefits",
    "witnesses",
    "stop",
    "resume",
    "lookup",
    "withdraw",
    "groups",
    "items",
]


def standing(place: str, language: str = "id") -> Reporter:
    """A reporter who stands at a question, a menu, an aside or an opened list."""
    reporter = Reporter().starts(language)
    match place:
        case "change" | "details":
            reporter.reaches("review").taps(place)
        case "nip" | "hour" | "source" | "benefits" | "witnesses":
            reporter.reaches("review").taps("details", f"to-{place}")
        case "stop" | "resume" | "lookup" | "withdraw":
            asked = {"stop": Command.CANCEL, "resume": Command.START, "lookup": Command.STATUS}
            reporter.reaches("accused").commands(asked.get(place, Command.DELETE))
        case "groups":
            reporter.reaches("categories").taps("on-FOTO", "groups")
        case "items":
            reporter.reaches("evidence").types("https://contoh.id/a").taps("items")
        case _:
            reporter.reaches(place)
    return reporter


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", RESTING)
def test_every_label_can_be_typed(place: str, language: str):
    """Whoever types what stands on a button gets what the button does."""
    names = (choice for choice in standing(place, language).shown.choices)
    wanted = [one for one in names if not one.code.startswith(("page-", "item-")) and not one.chosen]

    for choice in wanted:
        tapped, typed = standing(place, language).taps(choice.code), standing(place, language)
        typed.types(label(choice, language))

        assert tapped.draft == typed.draft, choice.code
        assert tapped.step.effects == typed.step.effects


@pytest.mark.parametrize(
    "words",
    [
        *("ya", "Iya", "ya, saya setuju", "setuju", "Saya mengerti dan setuju", "ok", "yes", "I agree"),
        *("iya setuju", "ok sy setuju", "siap", "oke lanjut"),
    ],
)
def test_agreeing(words: str):
    """A yes to the notice begins a draft."""
    reporter = Reporter().commands(Command.START).types(words)

    assert "status" == reporter.at


@pytest.mark.parametrize(
    "words",
    ["tidak", "tidak setuju", "apa ini?", "mulai dari mana?", "saya belum mengerti", "halo", "ok tapi aman?", "👍"],
)
def test_not_agreeing(words: str):
    """Whatever is no clear yes begins nothing: the notice stands again."""
    reporter = Reporter().commands(Command.START).types(words)

    assert reporter.draft is None
    assert ("notice.choose", True) == (reporter.keys[0], "notice.first" in reporter.keys)


@pytest.mark.parametrize("words", ["ya", "ok", "setuju", "lanjut", "yes"])
def test_no_word_agrees_to_what_was_not_shown(words: str):
    """Who writes without the notice before them, as to thank for a receipt, has agreed to nothing: it is shown."""
    reporter = Reporter().types(words)

    assert reporter.draft is None
    assert "notice.first" in reporter.keys
    assert "status" == reporter.types(words).at


@pytest.mark.parametrize("words", ["I agree", "yes, I agree", "ok"])
def test_agreeing_in_the_language_of_the_notice(words: str):
    """Who chose English and types goes on in English, whatever was typed before."""
    reporter = Reporter().commands(Command.START).types("english", "what is this?", words)

    assert ("status", "en") == (reporter.at, reporter.draft.language)


@pytest.mark.parametrize("words", ["batal", "Cancel"])
def test_declining(words: str):
    """A no to the notice is answered, and nothing is kept."""
    reporter = Reporter().types(words)

    assert (None, ("stop.nothing",)) == (reporter.draft, reporter.keys)


@pytest.mark.parametrize(
    "words", ["ya", "ya, kirim", "Kirim!", "sudah benar", "ok", "kirim sekarang", "yes", "send it"]
)
def test_sending(words: str):
    """A yes to the summary sends it."""
    reporter = Reporter().reaches("review").types(words)

    assert (Submit(),) == reporter.step.effects


@pytest.mark.parametrize(
    "words", ["kirim nanti saja", "jangan kirim", "tidak", "kirm", "ya tapi namanya salah", "belum", "kapan dikirim?"]
)
def test_not_sending(words: str):
    """Nothing is sent on a guess."""
    reporter = Reporter().reaches("review").types(words)

    assert () == reporter.step.effects
    assert "review" == reporter.at


@pytest.mark.parametrize("words", ["hapus", "Hapus draf", "delete"])
def test_discarding(words: str):
    """The draft is deleted at the word."""
    reporter = Reporter().reaches("story").commands(Command.CANCEL).types(words)

    assert (ClearChat(),) == reporter.step.effects


@pytest.mark.parametrize("words", ["jangan dihapus", "kalau saya hapus bagaimana?", "hpus", "ya"])
def test_not_discarding(words: str):
    """Nothing is deleted on a guess."""
    reporter = Reporter().reaches("story").commands(Command.CANCEL).types(words)

    assert "stop" == reporter.at


@pytest.mark.parametrize("words", ["batal", "Batalkan", "tidak jadi", "cancel", "stop", "batal dong"])
@pytest.mark.parametrize("place", ["status", "accused", "region", "place", "happened", "known", "categories", "story"])
def test_typed_cancel(words: str, place: str):
    """To cancel can be typed anywhere."""
    assert "stop" == Reporter().reaches(place).types(words).at


@pytest.mark.parametrize("words", ["kembali", "balik", "Back", "sebelumnya"])
@pytest.mark.parametrize("place", ["accused", "region", "story", "contact"])
def test_typed_back(words: str, place: str):
    """To go back can be typed anywhere."""
    assert Reporter().reaches(place).taps("back").at == Reporter().reaches(place).types(words).at


@pytest.mark.parametrize(
    "words",
    [
        *("lewati", "Lewat", "tidak usah", "skip", "nanti saja"),
        *("gak tau", "tidak tahu", "sy lupa", "tdk ada", "gk", "don't know"),
    ],
)
@pytest.mark.parametrize("place", ["place", "nip", "hour", "source", "benefits", "witnesses"])
def test_typed_skip(place: str, words: str):
    """Where an answer may be passed over, words for it, and for knowing none, are no answer."""
    reporter = standing(place).types(words)

    assert ("", True) == (reporter.draft.text(place), reporter.at != place)


@pytest.mark.parametrize("words", ["hr itu juga", "Hari yg sama", "wkt itu jg", "sm", "langsung"])
def test_typed_same_day(words: str):
    """Who learned of it on that day says so in everyday spelling."""
    reporter = Reporter().reaches("known").types(words)

    assert reporter.draft.answers["happened"] == reporter.draft.answers["known"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("medsos sama foto bareng calon", ("MEDSOS", "FOTO")),
        ("spanduk, bagi2 sembako dan kampanye", ("APK", "BAGI", "HADIR")),
        ("campaign and photo", ("HADIR", "FOTO")),
        ("pakai baju partai", ()),
        ("bukan kampanye, tapi foto", ()),
        ("medsos, foto, kampanye, spanduk", ()),
    ],
)
def test_several_typed_categories(words: str, codes: tuple[str, ...]):
    """Kinds of breach that stand one after another are all taken; where one is unclear or too many, none is."""
    assert codes == Reporter().reaches("categories").types(words).draft.picks("categories")


@pytest.mark.parametrize(
    "words",
    [
        *("belum ada", "Tidak ada", "lanjut", "tidak", "gak ada", "next", "none", "belum ada bukti"),
        *("gk ada", "blm ada", "tdk ada kak", "sdh", "lewati", "nanti menyusul"),
    ],
)
def test_no_evidence(words: str):
    """To have no evidence, and to go on, can be typed."""
    reporter = Reporter().reaches("evidence").types(words)

    assert ("contact", "none") == (reporter.at, reporter.draft.answers["evidence"])


@pytest.mark.parametrize("words", ["ya", "ada", "iya", "yes", "iya ada"])
def test_yes_there_is_evidence(words: str):
    """A mere yes to the question for evidence asks for it, and does not get into the story."""
    reporter = Reporter().reaches("evidence")
    before = reporter.draft

    assert before == reporter.types(words).draft


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("accused", "Stopan"),
        ("accused", "Ya'qub"),
        ("accused", "Pak Batar, lurah"),
        ("accused", "Kembar Setuju"),
        ("accused", "Camat, sudah berhenti"),
        ("accused", "Kirim Sitepu"),
        ("place", "Pasar Lama"),
        ("place", "Kantor Bupati"),
        ("place", "Lewati jembatan, sebelah kiri"),
        ("place", "Balik papan nama kantor"),
        ("place", "Jl. Kembali Jaya"),
        ("story", "Batal rapat, lalu kami dikumpulkan di rumah dinas untuk memilih nomor dua."),
        ("story", "Kembali ke kantor, ia membagikan kaos calon nomor dua kepada semua guru."),
        ("story", "Tidak ada yang berani menolak ketika ia menyuruh kami memilih nomor dua."),
        ("story", "Stop."),
        ("benefits", "Batara"),
        ("witnesses", "Tidak ada yang lain"),
    ],
)
def test_answers_are_no_buttons(place: str, words: str):
    """An ordinary answer that holds or resembles a button's word is an answer."""
    if words == "Stop.":
        words = "Stop. " * 60
    reporter = standing(place).types(words)

    assert words.strip() == reporter.draft.answers[place]


@pytest.mark.parametrize(
    "words", ["Tidak ada yang berani melapor.", "Batal di situ, ia pindah ke aula.", "Ya begitulah katanya."]
)
def test_more_of_the_story(words: str):
    """What goes on with the story at the question for evidence is added to it, whatever word it begins with."""
    reporter = Reporter().reaches("evidence")
    story = reporter.draft.text("story")
    reporter.types(words)

    assert f"{story}\n\n{words}" == reporter.draft.answers["story"]
    assert ("evidence", True) == (reporter.at, "evidence.story" in reporter.keys)


def test_the_story_does_not_grow_without_end():
    """What would make the story too long is said, and not added."""
    reporter = Reporter().reaches("story").types("a" * 11_990)
    before = reporter.draft

    assert before == reporter.types("b" * 20).draft
    assert "problem.long" in reporter.keys


def test_pieces_of_a_message_do_not_make_a_story_grow_without_end():
    """The piece that would make it too long is said to be so, and not added."""
    reporter = Reporter().reaches("story").types(FULL, FULL)
    before = reporter.draft.text("story")

    assert before == reporter.types(FULL).draft.text("story")
    assert "problem.long" in reporter.keys


def test_no_region_is_a_button():
    """No name of a province, regency or city is taken for a button at the question for the region."""
    asked = Reporter().reaches("region")
    taken = []
    for region in REGIONS:
        if len(region.code) <= 5:
            for name in (region.name, REGIONS.short(region.code), REGIONS.short(region.code).partition(" ")[2]):
                draft = type(asked)(draft=asked.draft).types(name).draft
                taken += [name] if draft.at not in {"region", "place"} else []

    assert [] == taken


def test_sentences_where_nothing_else_is_asked():
    """At a choice of few, a word in a sentence is enough, and a negated or doubtful one is not."""
    assert "POLRI" == Reporter().reaches("status").types("dia itu anggota polisi").draft.answers["status"]
    for words in ("bukan polisi", "pns atau polisi"):
        reporter = Reporter().reaches("status").types(words)

        assert ("status", True) == (reporter.at, "problem.choose" in reporter.keys)
    assert "here" == Reporter().reaches("contact").types("kabari saya aja").draft.answers["contact"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("fb", "MEDSOS"),
        ("ia terus membagikan sembako", "BAGI"),
        ("vote buying", "BAGI"),
        ("spanduk", "APK"),
        ("timses", "TIMSES"),
    ],
)
def test_typed_categories(words: str, code: str):
    """A kind of breach can be named, wherever in the lists it stands, also when one is picked already."""
    reporter = Reporter().reaches("categories").taps("on-HADIR").types(words)

    assert ("categories", ("HADIR", code)) == (reporter.at, reporter.draft.answers["categories"])


def test_typed_nonsense_at_a_menu():
    """What is in no menu is asked again; what is on a later page is found."""
    reporter = Reporter().reaches("review").taps("change")

    assert "change" == reporter.types("entah apa").at
    assert "contact" == reporter.types("kabar").at


def test_very_long_text_is_no_button():
    """A long text is not judged by its beginning."""
    words = "batal" + "." * 300 + " lalu ia datang lagi"

    assert words == Reporter().reaches("story").types(words).draft.answers["story"]


@pytest.mark.parametrize("language", LANGUAGES)
@given(words=st.text())
def test_any_text_at_the_notice(language: str, words: str):
    """Nothing that is typed before consent raises, or keeps more than consent does."""
    reporter = Reporter().starts(language).taps("back")
    reporter.types(words)

    assert reporter.at in {"notice", "status", "stop"}


UNSEEN = [
    *(0xAD, 0x34F, 0x61C, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x2060, 0x2066)),
    *(*range(0x206A, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF, *range(0xFFF0, 0xFFFC), *range(0x1D173, 0x1D17B)),
    *(*range(0x1BCA0, 0x1BCA4), *range(0xE0000, 0xE1000)),
]
"""What Unicode has ignored where it is not supported, but for what turns lines and what leaves a blank."""
SEEN = (
    *("❤\ufe0f 1\ufe0f\u20e3 ❤\ufe0f\u200d🔥 👨\u200d👩\u200d👧 👍🏽 🏳\ufe0f\u200d🌈 ©\ufe0f ☺\ufe0e", "می\u200cرم"),
    *("ක්\u200dෂ ශ්\u200dරී", "ন্\u200c", "ന്\u200d.", "ᠪᠠᠢᠨ\u180eᠠ"),
)
MIXED = st.text("aé1# \n\u200b\u200c\u200d\u202a\u2066\u00ad\u061c\u20e3\ud800\ufe0e\ufe0f\U000e0041❤👍🏽میක්ᠪ\u180b")


@given(st.text() | MIXED)
def test_legible(words: str):
    """What is legible stays as it is; of control signs only breaks and tabs stay, and nothing turns a line."""
    kept = legible(words)

    assert kept == legible(kept)
    assert all(char in "\n\t" or ord(char) >= 0x20 for char in kept)
    assert not {*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))} & {*kept}


@given(MIXED)
def test_what_is_legible_loses_no_sign_that_is_seen(words: str):
    """Whatever is taken out for not being seen, every letter, digit and picture comes out, in its order."""
    seen = re.compile("[aé1#❤👍🏽میක්ᠪ\u20e3]")

    assert seen.findall(words) == seen.findall(legible(words))


@given(st.text("Camat hdirlu\n"), st.lists(st.sampled_from([*map(chr, UNSEEN)]), min_size=1), st.randoms())
def test_nothing_unseen_hides_a_word(words: str, unseen: list[str], chance: Random):
    """Wherever in a word a sign stands that nobody sees, the word is read as it is seen."""
    signs = [*words]
    for one in unseen:
        signs.insert(chance.randint(0, len(signs)), one)

    assert words.strip() == legible("".join(signs))


@pytest.mark.parametrize("blank", "\u115f\u1160\u2800\u3164\uffa0")
def test_a_blank_that_passes_for_a_letter_is_a_blank(blank: str):
    """What leaves a gap parts words, and a text of it alone is empty."""
    assert legible(f"Pak{blank}Camat") == "Pak Camat"
    assert not legible(blank * 3)


@pytest.mark.parametrize("words", SEEN)
def test_what_joiners_show_stays(words: str):
    """Pictures made of several, framed digits, and letters whose shape a joiner chooses, come out as written."""
    assert words == legible(words)


def test_roles():
    """Ways out are told apart from answers, so that they can be drawn apart."""
    roles = {choice.code: choice.role for choice in Reporter().reaches("place").shown.choices}

    assert {"list-districts": Role.ANSWER, "skip": Role.MOVE, "back": Role.MOVE, "cancel": Role.MOVE} == roles


FULL = "kata " * 819 + "x"  # 4,096 signs, as an app cuts a long text


@pytest.mark.parametrize("second", ["sisa ceritanya, lihat https://fb.com/x", "lanjut", "1234 5678 9012 3456"])
def test_a_story_that_an_app_cut_in_pieces_is_kept_whole(second: str):
    """What follows a message that is full to the brim goes on with the story, whatever it looks like."""
    reporter = Reporter().reaches("story").types(FULL, second)

    assert ("evidence", FULL + second) == (reporter.at, reporter.draft.text("story"))
    assert () == reporter.draft.items


def test_a_story_cut_at_a_space_keeps_its_words_apart():
    """An app that cut between words left the space out, and it is put back."""
    reporter = Reporter().reaches("story").types("a" * 4090, "sisa")

    assert "a" * 4090 + " sisa" == reporter.draft.text("story")


def test_a_changed_story_that_comes_in_pieces_is_kept_whole():
    """From the review too, the second piece goes on with the story."""
    reporter = Reporter().reaches("review").taps("change", "page-1", "to-story").types(FULL, "AKHIR")

    assert ("review", FULL + "AKHIR") == (reporter.at, reporter.draft.text("story"))


def test_what_follows_another_act_is_no_piece():
    """After a button, words answer the question again."""
    reporter = Reporter().reaches("story").types(FULL).taps("next").types("hanya kode")

    assert ("review", FULL) == (reporter.at, reporter.draft.text("story"))


@pytest.mark.parametrize("place", ["accused", "place", "region", "status"])
def test_the_rest_of_what_was_too_long_is_no_answer(place: str):
    """What an app cut off a refused text is not taken for the answer; what is sent after it is."""
    reporter = Reporter().reaches(place)
    before = reporter.draft.answers
    reporter.types(FULL, "Bone")

    assert (place, before) == (reporter.at, reporter.draft.answers)
    assert "problem.rest" in reporter.keys
    assert reporter.types("PNS Bone").draft != before
    assert not reporter.draft.goes_on


@pytest.mark.parametrize("place", ["accused", "place", "region", "status"])
def test_a_receipt_after_what_was_too_long_is_taken_out_of_the_chat(place: str):
    """A receipt is not taken for the rest of a refused text, which would leave it in the chat."""
    reporter = Reporter().reaches(place).types(FULL, "1234 5678 9012 3456")

    assert reporter.step.erase
    assert place in ("status", reporter.at)
