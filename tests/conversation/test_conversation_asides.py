"""What can be asked for at any moment, the receipt, the region's lists, and all that is no answer."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporter import CATALOGUES, LANGUAGES, REGIONS, RULES, Reporter, drawn

from bot.conversation.case import Case, Standing, reporter_line
from bot.conversation.effects import ClearChat, LookUp, Withdraw
from bot.conversation.events import Chose, Command, Edited, Event, Sent, Typed, Unusable
from bot.conversation.intake import INTAKE
from bot.conversation.menus import privacy
from bot.conversation.outcomes import heard, sent, throttled, unknown, withdrawn
from bot.conversation.receipt import read_receipt, receipts_among, write_receipt
from bot.conversation.retention import AUDIT_DAYS, REJECTED_DAYS
from bot.conversation.world import World
from bot.services import debts
from storage import purposes

DIGITS = "1234567890123456"
RECEIPT = "1234 5678 9012 3456"
PLACES = [question.name for question in INTAKE] + ["review"]


@pytest.mark.parametrize("event", [*map(Sent, Unusable), Edited()], ids=str)
@pytest.mark.parametrize("place", ["none", "status", "story", "evidence", "review"])
def test_what_is_no_answer(event: Event, place: str):
    """A sticker, a forward, an edit and their like change nothing; each gets its sentence and the question again."""
    reporter = Reporter() if place == "none" else Reporter().reaches(place)
    before, shown = reporter.draft, reporter.shown
    reporter.does(event)
    own = f"unusable.{event.what}" if isinstance(event, Sent) else "edited"

    assert (before, shown.choices) == (reporter.draft, reporter.step.screens[0].choices)
    assert place == "none" or own == reporter.keys[0]
    assert {line.key for line in shown.lines} <= set(reporter.keys)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("button", [Chose(1, "status", "PNS"), Chose(0, "notice", "agree-id"), Chose(-1, "", "")])
def test_old_and_foreign_buttons(place: str, button: Chose):
    """A button of another turn or question changes nothing, gets a word, and shows what is asked now."""
    reporter = Reporter().reaches(place)
    before, asked = reporter.draft, reporter.shown
    reporter.does(button)

    assert (before, (asked,), ()) == (reporter.draft, reporter.step.screens, reporter.step.effects)
    assert "stale" == reporter.step.toast.key


@pytest.mark.parametrize("choice", ["", "PPPPK", "on-MEDSOS", "page-9", "back-9", "cancel-xx", "73"])
def test_choices_that_are_not_offered(choice: str):
    """A choice that is not on the screen counts for nothing, though turn and question are right."""
    reporter = Reporter().reaches("status")
    before = reporter.draft
    reporter.does(Chose(before.turn, "status", choice))

    assert (before, "stale") == (reporter.draft, reporter.step.toast.key)


@pytest.mark.parametrize(
    ("button", "word"),
    [
        (Chose(7, "status", "PNS"), "stale.none"),
        (Chose(0, "notice", "agree-xx"), "stale"),
        (Chose(0, "notice", "send"), "stale"),
    ],
)
def test_buttons_without_a_draft(button: Chose, word: str):
    """Without a draft an old or forged button begins nothing."""
    reporter = Reporter()
    reporter.does(button)

    assert (None, word) == (reporter.draft, reporter.step.toast.key)


def test_a_doubled_tap():
    """The second of two taps on one button does not answer the next question."""
    reporter = Reporter().reaches("status")
    twice = reporter.button("PNS")
    reporter.does(twice)
    after = reporter.draft
    reporter.does(twice)

    assert ("accused", after) == (reporter.at, reporter.draft)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_before_consent(language: str):
    """The notice can be read in either language before anything is kept; its other buttons keep to that language."""
    reporter = Reporter().commands(Command.START).taps(f"lang-{language}")

    assert (None, language) == (reporter.draft, reporter.step.language)
    assert [f"lang-{language}"] == [choice.code for choice in reporter.shown.choices if choice.chosen]
    reporter.taps(f"privacy-{language}")
    assert (None, language) == (reporter.draft, reporter.step.language)
    assert "privacy.full" in reporter.keys
    declined = Reporter().commands(Command.START).taps(f"lang-{language}", f"cancel-{language}")
    assert (None, language, ("stop.nothing",)) == (declined.draft, declined.step.language, declined.keys)
    assert language == reporter.taps(f"agree-{language}").draft.language


@pytest.mark.parametrize("place", PLACES)
def test_language_anywhere(place: str):
    """The language can be changed at any question, and changed back; every answer stays."""
    reporter = Reporter().reaches(place)
    before = reporter.draft
    reporter.commands(Command.LANGUAGE)

    assert ("en", before.answers, before.turn) == (reporter.draft.language, reporter.draft.answers, reporter.draft.turn)
    assert drawn((reporter.shown,), "en") == reporter.said
    assert before == reporter.commands(Command.LANGUAGE).draft


def test_language_by_command_before_consent():
    """The language can be changed by command before consent too, and nothing is kept of it."""
    reporter = Reporter().commands(Command.LANGUAGE)

    assert (None, "en") == (reporter.draft, reporter.step.language)


@pytest.mark.parametrize("full", [True, False])
def test_privacy(full: bool):  # noqa: FBT001 - parametrised
    """The privacy notice tells what the channel gets, by the setting in force, without moving the draft."""
    rules = replace(RULES, forwards_content=full)
    reporter = Reporter(rules=rules).reaches("story")
    before = reporter.draft
    reporter.commands(Command.PRIVACY)

    assert ("privacy.full" if full else "privacy.card") == reporter.keys[0]
    assert before == reporter.draft
    assert f"{RULES.draft_hours} jam" in reporter.said


@pytest.mark.parametrize("command", [Command.HELP, Command.UNKNOWN])
@pytest.mark.parametrize("place", ["none", "story"])
def test_help(command: Command, place: str):
    """Help and unknown commands are answered wherever they come, and move nothing."""
    reporter = Reporter() if place == "none" else Reporter().reaches(place)
    before = reporter.draft
    reporter.commands(command)

    assert (before, command.value) == (reporter.draft, reporter.keys[0])


def test_cancelling_nothing():
    """Whoever has no draft is told so."""
    reporter = Reporter().commands(Command.CANCEL)

    assert (None, "stop.nothing") == (reporter.draft, reporter.keys[0])


@pytest.mark.parametrize(("command", "effect"), [(Command.STATUS, LookUp), (Command.DELETE, Withdraw)])
@pytest.mark.parametrize("place", ["none", "story", "review", "stop"])
def test_receipt_in_the_command(command: Command, effect: type, place: str):
    """A receipt behind the command is used and erased at once; a draft stays where it is."""
    reporter = Reporter() if place == "none" else Reporter().reaches("story" if place == "stop" else place)
    if place == "stop":
        reporter.commands(Command.CANCEL)
    before = reporter.draft
    reporter.commands(command, RECEIPT)

    assert (before, (effect(DIGITS),), True) == (reporter.draft, reporter.step.effects, reporter.step.erase)


@pytest.mark.parametrize(
    ("command", "effect", "place"), [(Command.STATUS, LookUp, "lookup"), (Command.DELETE, Withdraw, "withdraw")]
)
def test_receipt_asked_for(command: Command, effect: type, place: str):
    """Without a receipt it is asked for; whatever is typed then is erased; then the draft goes on where it was."""
    reporter = Reporter().reaches("story").commands(command)

    assert place == reporter.at
    reporter.types("1234 5678")
    assert (place, True) == (reporter.at, reporter.step.erase)
    assert "problem.receipt" in reporter.keys
    reporter.types(RECEIPT)
    assert ("story", (effect(DIGITS),), True) == (reporter.at, reporter.step.effects, reporter.step.erase)
    assert "story" == reporter.commands(command).taps("back").at


@pytest.mark.parametrize(("command", "effect"), [(Command.STATUS, LookUp), (Command.DELETE, Withdraw)])
def test_receipt_without_a_draft(command: Command, effect: type):
    """Whoever has no draft is asked for the receipt, and nothing is kept when it was given, or not."""
    reporter = Reporter().commands(command).types(RECEIPT)

    assert (None, (effect(DIGITS),), ()) == (reporter.draft, reporter.step.effects, reporter.step.screens)
    assert reporter.step.erase
    assert Reporter().commands(command).taps("back").draft is None
    assert "notice" == Reporter().commands(command).commands(Command.START).at
    assert "evidence.before" in Reporter().commands(command).sends_file().keys
    assert "withdraw" == Reporter().commands(command).commands(Command.DELETE).at


def test_receipt_alone():
    """A receipt that is typed without a draft tells where the tip is."""
    reporter = Reporter().types(RECEIPT)

    assert ((LookUp(DIGITS),), True, ()) == (reporter.step.effects, reporter.step.erase, reporter.step.screens)


@pytest.mark.parametrize("place", PLACES)
def test_receipt_in_a_tip(place: str):
    """A receipt that is typed into a tip is not kept, and is erased."""
    reporter = Reporter().reaches(place)
    before = reporter.draft
    reporter.types(f" {RECEIPT} ")

    assert (before, True, "problem.is_receipt") == (reporter.draft, reporter.step.erase, reporter.keys[0])


@pytest.mark.parametrize("before", [("x" * 4096,), ()])
def test_a_known_receipt_is_no_part_of_a_story(before: tuple[str, ...]):
    """What is known to be a receipt is refused, also where the rest of a long message is waited for."""
    reporter = Reporter().reaches("story").types(*before)
    draft = reporter.draft
    reporter.does(Typed(DIGITS, receipt=True))

    assert (draft, True, "problem.is_receipt") == (reporter.draft, reporter.step.erase, reporter.keys[0])


def test_deleting_a_draft_by_command():
    """/hapus offers to delete a draft where there is one."""
    reporter = Reporter().reaches("story").commands(Command.DELETE).taps("discard")

    assert (None, (ClearChat(),)) == (reporter.draft, reporter.step.effects)
    assert "discard" not in Reporter().commands(Command.DELETE).codes


def test_from_one_aside_to_another():
    """From aside to aside, the way back stays the question."""
    reporter = Reporter().reaches("story").commands(Command.CANCEL).commands(Command.START).commands(Command.STATUS)

    assert "story" == reporter.taps("back").at


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        (RECEIPT, DIGITS),
        (DIGITS, DIGITS),
        (f" {RECEIPT}\n", DIGITS),
        ("1234-5678-9012-3456.", DIGITS),
        ("123456789012345", None),
        ("12345678901234567", None),
        (f"kode {RECEIPT}", None),
        (f"{DIGITS}²", DIGITS),
        ("١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦", DIGITS),
        (DIGITS + " " * 20_000 + "x", None),
        ("", None),
    ],
)
def test_reading_a_receipt(words: str, digits: str | None):
    """Sixteen digits, however they are parted, and nothing else."""
    assert digits == read_receipt(words)


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_receipts_round_trip(digits: str):
    """A receipt is written in fours and read back."""
    assert digits == read_receipt(write_receipt(digits))


SCRIPTS = ("0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19", "٠١٢٣٤٥٦٧٨٩")
KEYCAP = "\ufe0f\u20e3"
BETWEEN_FOURS = (
    "",
    " ",
    "-",
    " - ",
    " — ",
    ". ",
    "_",
    ",\n\n",
    "\n",
    "\r\n2. ",
    "\u200b",
    "\u200b \u200b",
    " lalu ",
    ", terus ",
)
BEFORE = (
    "",
    "kode saya ",
    "x",
    "pada 2026 ",
    "1111222233334444 a 1111222233334445 b 1111222233334446 c ",
    "0812-3456-7890, ",
)
BEHIND = ("", " tolong dicatat", "x", ".", " 2026", "\n08123456789")


@given(
    digits=st.from_regex(r"\A[0-9]{16}\Z"),
    signs=st.sampled_from([*map(tuple, SCRIPTS), [f"{digit}{KEYCAP}" for digit in SCRIPTS[0]]]),
    between=st.lists(st.sampled_from(BETWEEN_FOURS), min_size=3, max_size=3),
    beside=st.tuples(st.sampled_from(BEFORE), st.sampled_from(BEHIND)),
)
def test_a_receipt_is_found_among_words(digits: str, signs: Sequence[str], between: list[str], beside: tuple[str, str]):
    """However people write down a receipt, and whatever other numbers stand beside it, it is seen."""
    fours = ["".join(signs[int(digit)] for digit in digits[n : n + 4]) for n in range(0, 16, 4)]
    written = "".join(part for pair in zip(fours, [*between, ""], strict=True) for part in pair)

    assert digits in receipts_among(written.join(beside))


@pytest.mark.parametrize("apart", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("by", [" ", "-", " - ", ",\n\n", f"{KEYCAP} "])
def test_a_receipt_is_found_in_any_groups(apart: int, by: str):
    """Digits that stand close together are seen, also where they are not in fours."""
    written = by.join(DIGITS[n : n + apart] for n in range(0, 16, apart))

    assert DIGITS in receipts_among(f"pada 2026 kode {written} begitu")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789 -\n")), max_size=300))
def test_what_is_seen_among_words_is_sixteen_digits(words: str):
    """Whatever is typed, each number that may be a receipt is sixteen plain digits, and stands there once."""
    seen = receipts_among(words)

    assert all(len(one) == 16 and one.isascii() and one.isdigit() for one in seen)
    assert len(seen) == len(set(seen))


@given(st.text())
def test_any_text_is_a_receipt_or_not(words: str):
    """Whatever is typed, what is read is sixteen plain digits or nothing."""
    digits = read_receipt(words)

    assert digits is None or (len(digits) == 16 and digits.isascii() and digits.isdigit())


@pytest.mark.parametrize("language", LANGUAGES)
def test_outcomes_are_drawn(language: str):
    """What is said of a tip that is no longer in hand can be drawn; the receipt stands in fours."""
    catalogue = CATALOGUES.of(language)
    cases = [Case("", "", "", (), "", "", standing=one, to="bkn", reason="thin") for one in Standing]
    screens = [sent(DIGITS), withdrawn(), throttled(), *(heard(reporter_line(case)) for case in cases), unknown()]
    texts = ["\n".join(map(catalogue.draw, shown.lines)) for shown in screens]

    assert len(screens) == len(set(texts))
    assert RECEIPT in texts[0]


def test_regions_by_list():
    """A regency can be tapped: provinces in pages, then theirs; back closes the list."""
    reporter = Reporter().reaches("region").taps("list-all")
    provinces, pages = [], 0
    while True:
        provinces += [code for code in reporter.codes if code.isdigit()]
        following = [code for code in reporter.codes if code == f"page-{pages + 1}"]
        if not following:
            break
        reporter.taps(*following)
        pages += 1
    assert [region.code for region in REGIONS.provinces()] == provinces
    reporter.taps(f"page-{pages - 1}", "back")
    assert ("region", "") == (reporter.at, reporter.draft.within)
    reporter.taps("list-all", "11", "page-1")
    picked = next(code for code in reporter.codes if code.startswith("11."))
    assert ("place", picked) == (reporter.taps(picked).at, reporter.draft.answers["region"])


def test_a_province_opens_its_list():
    """A province that is typed is not enough: its regencies are offered."""
    reporter = Reporter().reaches("region").types("Sulawesi Barat")

    assert ("region", "76") == (reporter.at, reporter.draft.within)
    assert "76.01" in reporter.codes
    assert "Dicatat: Sulawesi Barat" in reporter.said


def test_a_single_uncertain_region_is_asked_for():
    """Where one place is near but not sure, it is asked whether it is meant, not which of several."""
    reporter = Reporter().reaches("region").types("sd inpres 5 jeneponto")

    assert ("where.this", ["73.04"]) == (reporter.keys[0], [code for code in reporter.codes if "." in code])


def test_an_ambiguous_region():
    """Places of one name are offered with their path, and one is tapped."""
    reporter = Reporter().reaches("region").types("bandung")
    labels = [CATALOGUES.of("id").draw(choice.label) for choice in reporter.shown.choices]

    assert "where.which" in reporter.keys
    assert {"Kab. Bandung, Jawa Barat", "Kota Bandung, Jawa Barat"} <= set(labels)
    assert "place" == reporter.taps("32.73").at


def test_an_unknown_region():
    """A place that is nowhere is said so, with another way."""
    reporter = Reporter().reaches("region").types("qwxyz")

    assert ("region", "problem.region") == (reporter.at, reporter.keys[0])


@pytest.mark.parametrize("words", ["binamu", "Kec. Binamu", "kec bnamu"])
def test_a_district_can_be_typed_while_they_are_listed(words: str):
    """With the list open, a district's name is a choice of it, and the place is still asked for; a place is a place."""
    reporter = Reporter().reaches("place").taps("list-districts").types(words)

    assert ("place", "73.04.03", "") == (reporter.at, reporter.draft.text("region"), reporter.draft.text("place"))
    assert "kantor camat Binamu" == reporter.types("kantor camat Binamu").draft.text("place")


def test_a_district_beside_the_place():
    """The district can be tapped beside the place, changed, and does not answer for the place."""
    reporter = Reporter().reaches("place").taps("list-districts", "page-1", "page-0")
    first, second = [code for code in reporter.codes if code.startswith("73.04.")][:2]
    reporter.taps(first)

    assert ("place", first) == (reporter.at, reporter.draft.answers["region"])
    reporter.taps("list-districts", second).types("Pasar Lama")
    assert ("happened", second, "Pasar Lama") == (
        reporter.at,
        reporter.draft.answers["region"],
        reporter.draft.answers["place"],
    )
    assert "Kec. " in reporter.reaches("review").said


@pytest.mark.parametrize("code", [region.code for region in REGIONS if len(region.code) == 5][::40])
def test_districts_of_any_regency(code: str):
    """The districts of a regency can be listed, page by page, within the platform's ten choices."""
    reporter = Reporter().reaches("region").types(", ".join(REGIONS.path(code)))
    if reporter.at == "region":
        reporter.taps(code)
    reporter.taps("list-districts")

    assert any(choice.startswith(f"{code}.") for choice in reporter.codes)


def test_region_with_its_district():
    """A district that is typed for the region brings its regency with it."""
    reporter = Reporter().reaches("region").types("Kecamatan Kemang, Bogor")
    if reporter.draft.within:
        reporter.taps(next(code for code in reporter.codes if code.count(".") == 2))

    assert 2 == reporter.draft.answers["region"].count(".")
    assert "32.01" == reporter.taps("list-districts").draft.within


@pytest.mark.parametrize(
    ("changed", "name", "shown"),
    [
        ({"draft_hours": 48}, "hours", 48),
        ({"retention_days": 60}, "retention", 60),
        ({"retention_days": 60}, "rejected", REJECTED_DAYS),
        ({"retention_days": 7}, "rejected", 7),
        ({"backup_days": 5}, "backups", 5),
        ({}, "looks", purposes.LOOK_DAYS),
        ({}, "address", debts.OWED_HOURS),
        ({}, "audit", AUDIT_DAYS),
    ],
)
def test_each_term_in_the_privacy_notice_is_the_one_in_force(changed: dict[str, int], name: str, shown: int):
    """A term that is promised is the one that the settings or the code go by."""
    rules = replace(RULES, **changed)
    line = privacy(World({}, REGIONS, {}, rules, 0))

    assert shown == line.values[name]


@pytest.mark.parametrize("after", ["closing", "delivery"])
def test_the_privacy_notice_tells_of_an_archive_where_there_is_one(after: str):
    """With an archive the notice says when a tip goes there, besides all that it says without one."""
    rules = replace(RULES, archive_after=after)
    with_it, without = (privacy(World({}, REGIONS, {}, one, 0)) for one in (rules, RULES))

    assert (without, f"privacy.archive.{after}") == (with_it.values["rows"][0], with_it.values["rows"][1].key)
