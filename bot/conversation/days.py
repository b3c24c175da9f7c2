"""When it happened: a day or an hour, in the words of somebody who tells it.

Each word becomes a letter (`Kind`), and the first rule whose pattern stands in the sentence reads it: "dua hari
yang lalu" is "nda", so many days ago. A day without its year is the latest one that is not to come. What cannot be
read, or cannot be, is a `Problem`: nothing raises, and no answer lies ahead of today.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum

from bot.conversation.lexicon import LONGEST, Kind, Lexicon, Word

OLDEST = 3653  # days: ten years


class Problem(StrEnum):
    NOT_A_DAY = "not_a_day"
    NOT_AN_HOUR = "not_an_hour"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    TOO_OLD = "too_old"
    AMBIGUOUS = "ambiguous"


_Time = tuple[int, int]

_WITH_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)")
_WITHOUT_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})\s*([-/])\s*(\d{1,2})(?![\d/.-])")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})(?![\d.])")
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})\s?[.:]\s?(\d{2})(?![\d.:])")
_HOUR = re.compile(
    r"(?:(?<![tm])|(?<=nm))[-+x]?n([-+]n)?(~n)?(p|e(?![ws]))|h([-+x]?n([-+]n)?(~h?[-+x]?n)?)?(p|e(?![ws]))?"
)


def understand_day(words: str, today: date, lexicon: Lexicon) -> date | Problem:
    """The day that the words name, never after `today`; else why there is none."""
    problems = []
    for reading in _readings(words[:LONGEST], today, lexicon):
        if isinstance(reading, date):
            return reading
        problems.append(reading)
    return next((problem for problem in problems if problem is not Problem.NOT_A_DAY), Problem.NOT_A_DAY)


def understand_hour(words: str, lexicon: Lexicon) -> _Time | Problem:
    """Hour (0 to 23) and minute that the words name."""
    said = lexicon.read(words)
    clock = _CLOCK.search(words[:LONGEST])
    time = (int(clock[1]), int(clock[2])) if clock else _first_time(said)
    if time is None or not (0 <= time[0] <= 24 and time[1] < 60):
        return Problem.NOT_AN_HOUR
    part = next((word.value for word in said if word.kind in (Kind.PART, Kind.EVE)), None)
    return _in_part(time[0], part), time[1]


def _in_part(hour: int, start: int | None) -> int:
    """Which of the two hours on a clock's face lies in the twelve hours from `start`: 2 "siang" is 14."""
    return hour % 24 if start is None or hour > 12 else (start + (hour - start) % 12) % 24


def _first_time(said: Sequence[Word]) -> _Time | None:
    kinds = "".join(word.kind for word in said)
    for pattern, read in _HOUR_RULES:
        if match := pattern.search(kinds):
            return read(*_values(match, said))
    return None


def _readings(text: str, today: date, lexicon: Lexicon) -> Iterator[date | Problem]:
    """What each way of writing makes of the text, the clearest first."""
    said = lexicon.read(_CLOCK.sub(" ", text))
    if match := _YEAR_FIRST.search(text):
        yield _on(today, int(match[3]), int(match[2]), int(match[1]))
    if match := _WITH_YEAR.search(text):
        yield _on(today, *_in_order(match), int(match[4]))
    if (match := _WITHOUT_YEAR.search(text)) and all(word.kind is not Kind.MONTH for word in said):
        yield _on(today, *_in_order(match))
    yield _spoken(said, today)
    if match := _DOTTED.search(text):
        yield _on(today, int(match[1]), int(match[2]))


def _in_order(match: re.Match[str]) -> tuple[int, int]:
    """Day and month; only a slash may stand in the American order, and only where no other can be meant."""
    day, month = int(match[1]), int(match[3])
    return (month, day) if match[2] == "/" and day <= 12 < month else (day, month)


def _spoken(said: Sequence[Word], today: date) -> date | Problem:
    said = _without_hours(said)
    kinds = "".join(word.kind for word in said)
    for pattern, read in _DAY_RULES:
        if match := pattern.search(kinds):
            return read(today, *_values(match, said))
    return Problem.NOT_A_DAY


def _without_hours(said: Sequence[Word]) -> list[Word]:
    kinds = "".join(word.kind for word in said)
    hours = {at for match in _HOUR.finditer(kinds) for at in range(*match.span())}
    return [word for at, word in enumerate(said) if at not in hours]


def _values(match: re.Match[str], said: Sequence[Word]) -> list[int]:
    """What the words in the pattern's brackets are worth, without those that are not there."""
    spots = (match.start(group) for group in range(1, (match.re.groups or 0) + 1))
    return [said[spot].value for spot in spots if spot >= 0]


def _checked(today: date, ordinal: int) -> date | Problem:
    if ordinal > today.toordinal():
        return Problem.FUTURE
    if ordinal < max(today.toordinal() - OLDEST, 1):
        return Problem.TOO_OLD
    return date.fromordinal(ordinal)


def _on(today: date, day: int, month: int, year: int | None = None) -> date | Problem:
    if year is None:
        return _latest(today, ((today.year - back, month, day) for back in range(9)))  # leap days, at most
    with suppress(ValueError):
        return _checked(today, date(year + 2000 if year < 100 else year, month, day).toordinal())
    return Problem.IMPOSSIBLE


def _on_month_first(today: date, month: int, day: int, year: int | None = None) -> date | Problem:
    return _on(today, day, month, year)


def _on_last_year(today: date, day: int, month: int) -> date | Problem:
    return _on(today, day, month, today.year - 1)


def _of_month(today: date, day: int) -> date | Problem:
    months = (divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(3))
    return _latest(today, ((year, month + 1, day) for year, month in months))


def _of_last_month(today: date, day: int) -> date | Problem:
    year, month = divmod(today.year * 12 + today.month - 2, 12)
    return _on(today, day, month + 1, max(year, 1))


def _latest(today: date, days: Iterator[tuple[int, int, int]]) -> date | Problem:
    for day in days:
        with suppress(ValueError):
            if date(*day) <= today:
                return date(*day)
    return Problem.IMPOSSIBLE


def _days_ago(today: date, days: int = 1) -> date | Problem:
    return _checked(today, today.toordinal() - days)


def _weeks_ago(today: date, weeks: int) -> date | Problem:
    return _days_ago(today, weeks * 7)


def _months_ago(today: date, months: int) -> date | Problem:
    """The same day of that month, or its last one."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 1:
        return Problem.TOO_OLD
    day = min(today.day, monthrange(year, month + 1)[1])
    return _checked(today, date(year, month + 1, day).toordinal())


def _some_months_ago(today: date, months: int) -> date | Problem:
    """More than a year of them may as well be a day of last month: "17 bulan lalu"."""
    return Problem.AMBIGUOUS if 12 < months <= 31 else _months_ago(today, months)


def _years_ago(today: date, years: int) -> date | Problem:
    return _months_ago(today, years * 12)


def _weekday(today: date, weekday: int) -> date | Problem:
    """The latest such day, today included."""
    return _days_ago(today, (today.weekday() - weekday) % 7)


def _weekday_before(today: date, weekday: int) -> date | Problem:
    """The latest such day before today: "senin lalu"."""
    return _days_ago(today, (today.weekday() - weekday - 1) % 7 + 1)


def _weekday_last_week(today: date, weekday: int) -> date | Problem:
    return _days_ago(today, today.weekday() + 7 - weekday)


def _weekday_this_week(today: date, weekday: int) -> date | Problem:
    return _days_ago(today, today.weekday() - weekday)


def _eve(today: date, weekday: int) -> date | Problem:
    return _weekday(today, (weekday - 1) % 7)


def _eve_before(today: date, weekday: int) -> date | Problem:
    return _weekday_before(today, (weekday - 1) % 7)


def _future(_today: date) -> Problem:
    return Problem.FUTURE


def _ambiguous(_today: date) -> Problem:
    return Problem.AMBIGUOUS


_DAY_RULES: tuple[tuple[re.Pattern[str], Callable[..., date | Problem]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        ("f", _future),
        ("(n)(m)u[az]", _on_last_year),
        ("(n)(m)u?([yn])?", _on),
        ("(m)(n)([yn])?", _on_month_first),
        ("t(n)b(n)u?([yn])?", _on),
        ("t(n)b[az]", _of_last_month),
        ("tn~t?(n)", _of_month),  # of several days the last, as where a month is named
        ("t(n)", _of_month),
        ("([ny])d[az]", _days_ago),
        ("([ny])[ks][az]", _weeks_ago),
        ("([ny])b[az]", _some_months_ago),
        ("([ny])u[az]", _years_ago),
        ("([ws])(?:[ks][az]|[az]k)|(?:[az]k|[ks][az])([ws])", _weekday_last_week),
        ("([ws])[ks]i", _weekday_this_week),
        ("e([ws])[az]", _eve_before),
        ("e([ws])", _eve),
        ("d([ws])[az]|(w)[az]|[az](w)", _weekday_before),
        ("da|[ksbu][aiz]|a[kbud]", _ambiguous),
        ("([ws])", _weekday),
        ("(r)", _days_ago),
        ("z", _days_ago),
        ("^(n)$", _of_month),
        ("m", _ambiguous),
    )
)

_HOUR_RULES: tuple[tuple[re.Pattern[str], Callable[..., _Time]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        ("(c)", lambda hour: (hour, 0)),
        ("x(n)", lambda hour: (hour - 1, 30)),
        (r"(n)\+(n)", lambda hour, minutes: (hour, minutes)),
        ("(n)-(n)", lambda hour, minutes: (hour - 1, 60 - minutes)),
        (r"(\+)(n)", lambda minutes, hour: (hour, minutes)),
        ("(-)(n)", lambda minutes, hour: (hour - 1, 60 - minutes)),
        ("^h?(y)$", lambda digits: divmod(digits, 100)),
        ("h(n)", lambda hour: (hour, 0)),
        ("^(n)n[pe]", lambda hour: (hour, 0)),
        ("(n)[pe]", lambda hour: (hour, 0)),
        ("^(n)$", lambda hour: (hour, 0)),
    )
)
