"""When it happened, when it was known, and the seven days between."""

from datetime import date, timedelta

import pytest
from reporter import TUESDAY, Reporter

from bot.conversation.when import days_left

YESTERDAY = TUESDAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("hari ini", TUESDAY),
        ("kemarin", YESTERDAY),
        ("senin lalu", YESTERDAY),
        ("2 hari lalu", TUESDAY - timedelta(days=2)),
        ("2 hari sebelumnya", TUESDAY - timedelta(days=2)),
        ("tgl 5", date(2026, 11, 5)),
        ("12 november", date(2026, 11, 12)),
        ("9/11", date(2026, 11, 9)),
        ("Kamis, 19 November 2026", date(2026, 11, 19)),
    ],
)
def test_days_in_words(words: str, day: date):
    """A day can be typed as people say it, and is repeated in full."""
    reporter = Reporter().reaches("happened").types(words)

    assert day.isoformat() == reporter.draft.answers["happened"]
    assert "Dicatat: " in reporter.said


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("30 februari", "impossible"),
        ("besok", "future"),
        ("12 november 1999", "too_old"),
        ("entah", "not_a_day"),
        ("bulan lalu", "ambiguous"),
    ],
)
def test_days_that_cannot_be(words: str, problem: str):
    """What cannot be, or cannot be read, is said kindly and asked again."""
    reporter = Reporter().reaches("happened").types(words)

    assert f"problem.day.{problem}" in reporter.keys
    assert ("happened", False) == (reporter.at, "happened" in reporter.draft.answers)


def test_today_needs_no_second_question():
    """What happened today became known today: not asked, and the term is told at once."""
    reporter = Reporter().reaches("happened").taps(TUESDAY.isoformat())

    assert "categories" == reporter.at
    assert TUESDAY.isoformat() == reporter.draft.answers["known"]
    assert "Sisa waktu Anda: 7 hari" in reporter.said


@pytest.mark.parametrize(
    ("happened", "offered"),
    [
        (YESTERDAY, [YESTERDAY, TUESDAY]),
        (date(2026, 11, 20), [date(2026, 11, 20), TUESDAY, YESTERDAY]),
    ],
)
def test_known_days_offered(happened: date, offered: list[date]):
    """For the day of knowing the same day, today and yesterday are offered, each once."""
    reporter = Reporter().reaches("happened").types(happened.isoformat())

    assert [day.isoformat() for day in offered] == list(reporter.codes[:-2])


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("hari itu juga", date(2026, 11, 20)),
        ("sama", date(2026, 11, 20)),
        ("kemarin", YESTERDAY),
        ("20 November", date(2026, 11, 20)),
        ("2 hari lalu", date(2026, 11, 22)),
    ],
)
def test_known_days_in_words(words: str, day: date):
    """The day of knowing can be typed, also as "that very day"."""
    reporter = Reporter().reaches("happened").types("20 November", words)

    assert ("categories", day.isoformat()) == (reporter.at, reporter.draft.answers["known"])


@pytest.mark.parametrize("words", ["19 November", "dua hari setelah hari itu", "besok"])
def test_known_days_that_cannot_be(words: str):
    """Nothing is known before it happened, and what is not understood is not taken for the same day."""
    reporter = Reporter().reaches("happened").types("20 November", words)

    assert "known" == reporter.at
    assert "known" not in reporter.draft.answers


@pytest.mark.parametrize(
    ("known", "left", "words"),
    [
        (TUESDAY, 7, "Sisa waktu Anda: 7 hari"),
        (YESTERDAY, 6, "Sisa waktu Anda: 6 hari"),
        (date(2026, 11, 18), 1, "Sisa waktu Anda: 1 hari"),
        (date(2026, 11, 17), 0, "Hari ini hari terakhir"),
        (date(2026, 11, 16), -1, "Batas laporan resmi 7 hari sudah lewat."),
        (date(2026, 10, 1), -47, "Informasi Anda tetap berguna"),
    ],
)
def test_seven_days(known: date, left: int, words: str):
    """The days left of the seven are said after the answer and at the review; past them, what still helps."""
    reporter = Reporter().reaches("happened").types("1 oktober 2026", known.isoformat())

    assert left == days_left(known, TUESDAY)
    assert words in reporter.said
    assert words in reporter.reaches("review").said


def test_days_run_on_while_the_draft_sleeps():
    """Who comes back after two days has two days less."""
    reporter = Reporter().reaches("review")
    reporter.day += timedelta(days=2)
    reporter.taps("change", "back")

    assert "Sisa waktu Anda: 4 hari" in reporter.said


@pytest.mark.parametrize(
    ("known", "happened", "next_place"),
    [
        ("kemarin", "22 November", "review"),
        ("kemarin", "hari ini", "review"),
        ("kemarin", "kemarin", "review"),
        ("sama", "22 November", "known"),
        ("22 November", "kemarin", "known"),
    ],
)
def test_changing_the_day(known: str, happened: str, next_place: str):
    """A changed day asks anew when it was known, where that was the same day or would now lie before."""
    reporter = Reporter().reaches("happened").types("20 November", known)
    reporter.reaches("review").taps("change", "to-happened").types(happened)

    assert next_place == reporter.at
    assert next_place == "review" or "known" not in reporter.draft.answers


def test_a_day_corrected_from_today():
    """Who said "today" was never asked when it became known, and is asked when that day changes."""
    reporter = Reporter().reaches("happened").taps(TUESDAY.isoformat())
    reporter.reaches("review").taps("change", "to-happened", YESTERDAY.isoformat())

    assert "known" == reporter.at


EARLY = {"": TUESDAY, "WIB": TUESDAY, "WITA": TUESDAY, "WIT": TUESDAY + timedelta(days=1)}


def test_today_is_the_provinces():
    """Past midnight in Jayapura it is tomorrow there, while in Jakarta it is still today."""
    east, west = Reporter(today=EARLY).reaches("region"), Reporter(today=EARLY).reaches("region")
    east.types("Kota Jayapura").taps("skip")
    west.types("Kota Bandung").taps("skip")

    assert (EARLY["WIT"].isoformat(), TUESDAY.isoformat()) == (east.codes[0], west.codes[0])


def test_a_day_to_come_in_the_new_zone():
    """Where another region makes a day one to come, both days are asked again."""
    reporter = Reporter(today=EARLY).reaches("region").types("Kota Jayapura").taps("skip", EARLY["WIT"].isoformat())
    reporter.reaches("review").taps("change", "to-region").types("Kota Bandung")

    assert "happened" == reporter.at
    assert not {"happened", "known"} & set(reporter.draft.answers)


def test_a_day_of_knowing_to_come_in_the_new_zone():
    """Where another region makes only the day of knowing one to come, that is asked again."""
    reporter = Reporter(today=EARLY).reaches("region").types("Kota Jayapura").taps("skip")
    reporter.types("22 November", "hari ini").reaches("review").taps("change", "to-region").types("Kota Bandung")

    assert "known" == reporter.at
    assert "2026-11-22" == reporter.draft.answers["happened"]


@pytest.mark.parametrize(
    ("region", "zone"), [("Kota Bandung", "WIB"), ("Kota Makassar", "WITA"), ("Kota Jayapura", "WIT")]
)
def test_hours_have_their_zone(region: str, zone: str):
    """An hour is shown with the zone of the place."""
    reporter = Reporter().reaches("region").types(region).reaches("review").taps("details", "to-hour").types("2 siang")

    assert f"Jam: pukul 14.00 {zone}" in reporter.said


def test_an_hour_that_is_none():
    """What is no hour is asked again."""
    reporter = Reporter().reaches("review").taps("details", "to-hour").types("25.99")

    assert ("hour", True) == (reporter.at, "problem.hour" in reporter.keys)
