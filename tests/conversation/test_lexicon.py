"""Typed words beside the choices on the screen, and the words of both languages."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.lexicon import Kind, Lexicon, Word, match_choice, named_apart, plain_words
from bot.locales.lexicon import LANGUAGES, lexicon

LEXICON = lexicon("id")
STATUS = dict.fromkeys(
    ["PNS", "PPPK", "NONASN", "KADES", "PERANGKAT", "TNI", "POLRI", "BUMND", "PEJABAT", "TIDAKTAHU"], ()
)
CATEGORY = dict.fromkeys(
    [
        "MEDSOS",
        "FOTO",
        "APK",
        "HADIR",
        "ATRIBUT",
        "FASILITAS",
        "MOBILISASI",
        "AJAKAN",
        "BAGI",
        "TEKANAN",
        "KEPUTUSAN",
        "MUTASI",
        "TIMSES",
        "PARPOL",
        "DUKUNGAN",
        "LAIN",
    ],
    (),
)
SOURCE = dict.fromkeys(["SAW", "GROUP", "ONLINE", "TOLD"], ())
MOVES = dict.fromkeys(["yes", "no", "next", "skip", "back", "cancel"], ())
OTHERS = dict.fromkeys(["agree", "send", "none", "today", "yesterday", "same"], ())


@pytest.mark.parametrize(
    ("words", "choices", "code"),
    [
        ("pns", STATUS, "PNS"),
        ("ASN PNS", STATUS, "PNS"),
        ("polisi", STATUS, "POLRI"),
        ("dia polissi", STATUS, "POLRI"),
        ("p3k", STATUS, "PPPK"),
        ("saya tidak tahu", STATUS, "TIDAKTAHU"),
        ("i don't know", STATUS, "TIDAKTAHU"),
        ("bukan pns", STATUS, None),
        ("", STATUS, None),
        ("👍", STATUS, None),
        ("baliho", CATEGORY, "APK"),
        ("serangan fajar", CATEGORY, "BAGI"),
        ("lihat sendiri", SOURCE, "SAW"),
        ("ya", MOVES, "yes"),
        ("Iya kak!", MOVES, "yes"),
        ("yes", MOVES, "yes"),
        ("gak", MOVES, "no"),
        ("tdk tau", MOVES, "skip"),
        ("tidak semua", MOVES, None),
        ("lewti", MOVES, "skip"),
        ("belum ada", OTHERS, "none"),
        ("kemaren", OTHERS, "yesterday"),
        ("hari yang sama", OTHERS, "same"),
    ],
)
def test_choices(words: str, choices: dict[str, tuple[str, ...]], code: str | None):
    """Typed words match the choice that they clearly name, and none otherwise."""
    assert code == match_choice(words, choices, LEXICON)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ketua dprd kota", "PEJABAT"),
        ("beliau kepala dinas pendidikan", "PNS"),
        ("pns atau pppk", ("PNS", "PPPK")),
        ("dia itu bukan pns", None),
        ("kurang jelas juga", None),
    ],
)
def test_in_sentence(words: str, code: str | tuple[str, ...] | None):
    """Within a sentence a synonym counts, several are told as such, and a negation stops it."""
    assert code == match_choice(words, STATUS, LEXICON, in_sentence=True)


def test_no_alone_in_sentence():
    """A bare "tidak" within a sentence is no answer."""
    assert match_choice("tidak semuanya", MOVES, LEXICON, in_sentence=True) is None


def test_labels():
    """The labels on the screen count like synonyms, and two choices with one name are both given."""
    labels = {"a": ["Dukungan di media sosial"], "b": ["Foto"], "c": ["foto"]}

    assert "a" == match_choice("dukungan di media sosal", labels, Lexicon())
    assert ("b", "c") == match_choice("foto", labels, Lexicon())


@given(st.text(), st.booleans())
def test_any_text(words: str, in_sentence: bool):  # noqa: FBT001 - hypothesis gives it by position
    """No text raises, and what is matched is among the choices."""
    match = match_choice(words, STATUS, LEXICON, in_sentence=in_sentence)

    assert match is None or set([match] if isinstance(match, str) else match) <= set(STATUS)


WORDS = st.text(max_size=12) | st.sampled_from(("pns", "bukan", "tidak", "dan", "123", "K\u0327", "ﬀ", "İ", "'"))
PHRASES = st.lists(WORDS, max_size=3).map(" ".join)
LISTS = st.builds(
    Lexicon,
    words=st.dictionaries(PHRASES, st.builds(Word, st.sampled_from(Kind), st.integers(0, 99)), max_size=4),
    spellings=st.dictionaries(WORDS, PHRASES, max_size=4),
    filler=st.frozensets(WORDS, max_size=3),
    negations=st.frozensets(WORDS, max_size=3),
    joining=st.frozensets(WORDS, max_size=3),
    choices=st.dictionaries(st.sampled_from("abc"), st.lists(PHRASES, max_size=3), max_size=3),
)
LABELS = st.dictionaries(st.sampled_from("abcd"), st.lists(PHRASES, max_size=3), max_size=4)


@given(PHRASES | st.text(), LABELS, LISTS, st.booleans(), st.booleans())
def test_any_words_against_any_list(words: str, labels: dict, words_of: Lexicon, exactly: bool, in_sentence: bool):  # noqa: FBT001 - hypothesis gives them by position
    """Whatever a list of words holds and whatever is typed, none but the choices are named, several where unclear."""
    match = match_choice(words, labels, words_of, exactly=exactly, in_sentence=in_sentence)
    codes = (match,) if isinstance(match, str) else match or ()

    assert set(codes) <= set(labels)
    assert len(codes) == len(set(codes))
    assert len(codes) > 1 or match == next(iter(codes), None)
    assert all(word.kind in Kind for word in words_of.read(words))
    assert "".join(words.split()) or not named_apart(words, words_of)


@given(LABELS, LISTS, st.data())
def test_a_label_that_is_typed_as_it_stands_is_among_what_is_meant(
    labels: dict, words_of: Lexicon, data: st.DataObject
):
    """No list of words can make of a choice's own label another choice, or none."""
    shown = [(code, label) for code, texts in labels.items() for label in texts if "".join(plain_words(label))]
    if shown:
        code, label = data.draw(st.sampled_from(shown))
        match = match_choice(label, labels, words_of, exactly=True)
        assert match is not None
        assert code in match


@pytest.mark.parametrize("choices", [STATUS, CATEGORY, SOURCE, MOVES, OTHERS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_synonyms_lead_back(choices: dict[str, tuple[str, ...]], language: str):
    """Every synonym of every choice names that choice, alone or among those that share it."""
    own = lexicon(language)
    matched = {(code, word): match_choice(word, choices, own) for code in choices for word in own.choices[code]}

    assert [] == [(code, word) for (code, word), match in matched.items() if match is None or code not in match]


def test_spellings_known():
    """Every spelling stands for words that mean something, in a date or a choice."""
    chosen = {word for texts in LEXICON.choices.values() for text in texts for word in plain_words(text)}
    meaningless = [
        (spelling, word)
        for spelling, words in LEXICON.spellings.items()
        for word in words.split()
        if word not in chosen and Kind.UNKNOWN in {read.kind for read in LEXICON.read(word)}
    ]

    assert [] == meaningless


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_keys(language: str):
    """Every word in the data is written as words are compared: lower case, without signs."""
    path = resources.files("bot.locales") / f"words_{language}.json"
    data = json.loads(path.read_text("utf-8"))
    phrases = [word for meanings in data["meanings"].values() for word in meanings]
    keys = [*phrases, *data["spellings"], *data["filler"], *data["negations"]]

    assert [] == [key for key in keys if key != " ".join(plain_words(key))]


def test_merged():
    """Of two languages the first one's words count where they differ; choices are put together."""
    first = Lexicon({"a": Word(Kind.NUMBER, 1)}, choices={"x": ["one"]})
    second = Lexicon({"a": Word(Kind.MONTH, 2), "b": Word(Kind.MONTH, 3)}, choices={"x": ["two"], "y": ["three"]})
    merged = first.merged(second)

    assert {"a": Word(Kind.NUMBER, 1), "b": Word(Kind.MONTH, 3)} == merged.words
    assert {"x": ("one", "two"), "y": ("three",)} == merged.choices
