"""Days and hours as people say them, on a Tuesday: 24 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.days import OLDEST, Problem, understand_day, understand_hour
from bot.locales.lexicon import lexicon

TODAY = date(2026, 11, 24)
LEXICON = lexicon("id")

DAYS = {
    # in relation to today
    "hari ini": "2026-11-24",
    "tadi pagi": "2026-11-24",
    "Barusan saja.": "2026-11-24",
    "today": "2026-11-24",
    "kemarin": "2026-11-23",
    "kmrn": "2026-11-23",
    "kemaren sore": "2026-11-23",
    "semalam": "2026-11-23",
    "ada 20 orang, 5 november": "2026-11-05",
    "tgl 5 jam 8 sampai 10 pagi": "2026-11-05",
    "tgl 5, ada 20 guru": "2026-11-05",
    "tgl 5 sampe 7": "2026-11-07",
    "tadi malem": "2026-11-23",
    "smlm": "2026-11-23",
    "baru aja": "2026-11-24",
    "dua hari yang lewat": "2026-11-22",
    "yesterday morning": "2026-11-23",
    "last night": "2026-11-23",
    "kemarin lusa": "2026-11-22",
    "the day before yesterday": "2026-11-22",
    "2 hari lalu": "2026-11-22",
    "2hari lalu": "2026-11-22",
    "dua hari yang lalu": "2026-11-22",
    "dua puluh lima hari lalu": "2026-10-30",
    "3 days ago": "2026-11-21",
    "a couple of days ago": "2026-11-22",
    "seminggu lalu": "2026-11-17",
    "a week ago": "2026-11-17",
    "2 minggu lalu": "2026-11-10",
    "sebulan lalu": "2026-10-24",
    "9 bulan lalu": "2026-02-24",
    "setahun yg lalu": "2025-11-24",
    # weekdays
    "senin": "2026-11-23",
    "senin lalu": "2026-11-23",
    "hari senin kemarin": "2026-11-23",
    "kejadiannya hari senin lalu": "2026-11-23",
    "last monday": "2026-11-23",
    "selasa": "2026-11-24",
    "selasa lalu": "2026-11-17",
    "jum'at": "2026-11-20",
    "jumat minggu lalu": "2026-11-20",
    "friday last week": "2026-11-20",
    "last week friday": "2026-11-20",
    "senin minggu ini": "2026-11-23",
    "minggu": "2026-11-22",
    "hari minggu lalu": "2026-11-22",
    "minggu minggu lalu": "2026-11-22",
    "malam minggu": "2026-11-21",
    "malam selasa lalu": "2026-11-23",
    "sabtu malam jam 9 malam": "2026-11-21",
    # days of a month
    "5": "2026-11-05",
    "tgl 5": "2026-11-05",
    "tanggal lima": "2026-11-05",
    "tgl 20 kemarin": "2026-11-20",
    "tgl 25": "2026-10-25",
    "tgl 31": "2026-10-31",
    "tanggal 5 bulan lalu": "2026-10-05",
    "tgl 5 bulan 11": "2026-11-05",
    "tgl 5 bulan 11 tahun 2025": "2025-11-05",
    "12 november": "2026-11-12",
    "12 nov": "2026-11-12",
    "12 Nopember 2026": "2026-11-12",
    "12 nov 26": "2026-11-12",
    "3 agst": "2026-08-03",
    "3 pebruari": "2026-02-03",
    "novmber 5": "2026-11-05",
    "november 12th, 2026": "2026-11-12",
    "the 5th of november": "2026-11-05",
    "29 februari": "2024-02-29",
    "12 desember": "2025-12-12",
    "25 november tahun lalu": "2025-11-25",
    "pada tanggal 5 november 2026 jam 9": "2026-11-05",
    "5 november 9 pagi": "2026-11-05",
    "november 5 pagi": "2026-11-05",
    "3-5 november 2026": "2026-11-05",
    # in digits
    "12-11": "2026-11-12",
    "9/11": "2026-11-09",
    "9/11/2026": "2026-11-09",
    "11/15": "2026-11-15",
    "2026-11-09": "2026-11-09",
    "12.11": "2026-11-12",
    "12.11.26": "2026-11-12",
    "12 11 2026 pukul 14.00": "2026-11-12",
    "senin 14.30": "2026-11-23",
    "kemarin 9.30": "2026-11-23",
    "24 november 2016": "2016-11-24",
}

PROBLEMS = {
    "": Problem.NOT_A_DAY,
    "saya tidak tahu": Problem.NOT_A_DAY,
    "asdfgh": Problem.NOT_A_DAY,
    "2026": Problem.NOT_A_DAY,
    "rumah nomor 5 itu": Problem.NOT_A_DAY,
    "jam 9 pagi": Problem.NOT_A_DAY,
    "🙏": Problem.NOT_A_DAY,
    "30 februari": Problem.IMPOSSIBLE,
    "31 november 2026": Problem.IMPOSSIBLE,
    "2026-13-01": Problem.IMPOSSIBLE,
    "13/13": Problem.IMPOSSIBLE,
    "tgl 32": Problem.IMPOSSIBLE,
    "0": Problem.IMPOSSIBLE,
    "00/00/0000": Problem.IMPOSSIBLE,
    "besok": Problem.FUTURE,
    "senin depan": Problem.FUTURE,
    "jumat minggu ini": Problem.FUTURE,
    "25 november 2026": Problem.FUTURE,
    "25/11/2026": Problem.FUTURE,
    "20 tahun lalu": Problem.TOO_OLD,
    "9999 hari lalu": Problem.TOO_OLD,
    "17 bulan lalu": Problem.AMBIGUOUS,
    "9999 bulan lalu": Problem.TOO_OLD,
    "9999 tahun lalu": Problem.TOO_OLD,
    "22 november 2016": Problem.TOO_OLD,
    "minggu lalu": Problem.AMBIGUOUS,
    "last week": Problem.AMBIGUOUS,
    "bulan lalu": Problem.AMBIGUOUS,
    "beberapa hari lalu": Problem.AMBIGUOUS,
    "november": Problem.AMBIGUOUS,
    "oktober 2026": Problem.AMBIGUOUS,
}

HOURS = {
    "14.00": (14, 0),
    "14:30 WITA": (14, 30),
    "08.30 pagi": (8, 30),
    "8.30 malam": (20, 30),
    "jam 2 siang": (14, 0),
    "jam 12 siang": (12, 0),
    "pukul 9 pagi": (9, 0),
    "jam sepuluh pagi": (10, 0),
    "9 malam": (21, 0),
    "12 malam": (0, 0),
    "1 malam": (1, 0),
    "dini hari jam 3": (3, 0),
    "jam setengah 3 sore": (14, 30),
    "setengah 1 siang": (12, 30),
    "jam 7 lewat 15 malam": (19, 15),
    "jam 3 kurang 10 sore": (14, 50),
    "half past 3 pm": (15, 30),
    "quarter to 3 pm": (14, 45),
    "2 pm": (14, 0),
    "2am": (2, 0),
    "9 o'clock": (9, 0),
    "noon": (12, 0),
    "tengah malam": (0, 0),
    "24.00": (0, 0),
    "17": (17, 0),
    "0930": (9, 30),
    "jam 1930": (19, 30),
    "8-9 pagi": (8, 0),
    "jam 8 sampai 10 malam": (20, 0),
    "jam set 10": (9, 30),
    "kemarin jam 9 malam": (21, 0),
    "jam 9 pagi tanggal 5": (9, 0),
}

NO_HOURS = ("", "pagi", "saya lupa", "25.00", "jam 26", "14.70", "jam 0 kurang 5", "12.11.2026", "2575")

FORMS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%y",
    "%d %m %Y",
    "tgl %d bulan %m tahun %Y",
    "%d {} %Y",
    "hari itu, %d {} %Y pukul 14.00",
)
MONTHS = (
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "january february march april may june july august september october november december",
    "jan feb mar apr mei jun jul agt sep okt nov des",
)


@pytest.mark.parametrize(("words", "day"), DAYS.items())
def test_days(words: str, day: str):
    """What names a day gives that day."""
    assert date.fromisoformat(day) == understand_day(words, TODAY, LEXICON)


@pytest.mark.parametrize(("words", "problem"), PROBLEMS.items())
def test_problems(words: str, problem: Problem):
    """What names no day, or none that can be, is told by its kind."""
    assert problem is understand_day(words, TODAY, LEXICON)


@pytest.mark.parametrize(("words", "hour"), HOURS.items())
def test_hours(words: str, hour: tuple[int, int]):
    """What names an hour gives hour and minute, by the part of the day that it speaks of."""
    assert hour == understand_hour(words, LEXICON)


@pytest.mark.parametrize("words", NO_HOURS)
def test_no_hours(words: str):
    """What names no hour, or none that can be, is told."""
    assert Problem.NOT_AN_HOUR is understand_hour(words, LEXICON)


def test_english_first():
    """A reader of English is understood in Indonesian, too, and the other way round."""
    english = lexicon("en")

    assert date(2026, 11, 23) == understand_day("kemarin", TODAY, english)
    assert date(2026, 11, 23) == understand_day("yesterday", TODAY, LEXICON)


SAID = st.lists(st.sampled_from(sorted([*LEXICON.words, *LEXICON.spellings, "31", "2026", "9/11", "x"])))
TEXTS = st.text() | SAID.map(" ".join)
DATES = st.dates(min_value=date(1, 1, 1))


@given(TEXTS, DATES)
def test_never_ahead(words: str, today: date):
    """Whatever the text and whatever today, a day is never to come nor older than ten years; nothing raises."""
    day = understand_day(words, today, LEXICON)

    assert isinstance(day, Problem) or 0 <= (today - day).days <= OLDEST


@given(TEXTS)
def test_hours_exist(words: str):
    """Whatever the text, an hour is one of the clock's."""
    hour = understand_hour(words, LEXICON)

    assert isinstance(hour, Problem) or (hour[0] in range(24) and hour[1] in range(60))


@given(
    st.dates(date(2010, 1, 1), date(2090, 1, 1)),
    st.integers(0, OLDEST),
    st.sampled_from(FORMS),
    st.sampled_from(MONTHS),
)
def test_written_forms(today: date, days: int, form: str, months: str):
    """A date that is written in any of the forms is read as that date."""
    day = today - timedelta(days)
    written = day.strftime(form).format(months.split()[day.month - 1])

    assert day == understand_day(written, today, LEXICON)


@given(st.dates(date(2010, 1, 1)), st.integers(0, 364))
def test_without_year(today: date, days: int):
    """A day without its year is the latest such day."""
    day = today - timedelta(days)

    assert day == understand_day(f"{day.day}/{day.month}", today, LEXICON)


@given(DATES.filter(lambda today: today.year > 1), st.integers(1, 31))
def test_day_of_month(today: date, number: int):
    """A number alone is the latest day with that number."""
    day = understand_day(f"tgl {number}", today, LEXICON)

    assert isinstance(day, date)
    assert number == day.day
    assert (today - day).days <= 61
