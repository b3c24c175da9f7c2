"""What admins read of the tally: what a command asks for, and the answer as a screen.

Rule: no count under `LEAST` is shown, and hidden counts do not show by their order which of them is more. What is
nothing is left out. Regencies, and a province's categories, are counted by the month, and say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.conversation.counting import ALL, MONTHLY, Dimension
from bot.conversation.intake import QUESTIONS
from bot.conversation.lexicon import Lexicon, match_choice, plain_words
from bot.conversation.places import answer, move
from bot.conversation.regions import RegionTable
from bot.conversation.screens import Choice, Line, Screen, say

FIGURES, CHART = "figures", "chart"
FLOW = "flow"
"""What comes in over time: a table of its own, by days or months from the first, those without a tip among them."""
LEAST = 5
ROWS, ROWS_OF_ALL = 15, 5
MONTHS = 12

Counts = Mapping[str, Mapping[str, int]]


class Span(StrEnum):
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


DAYS = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30}

TOPICS: Mapping[str, tuple[Dimension, ...]] = {
    "": (Dimension.STATUS, Dimension.CATEGORY, Dimension.PROVINCE),
    "status": (Dimension.STATUS, Dimension.COMPLETENESS),
    "category": (Dimension.CATEGORY,),
    "province": (Dimension.PROVINCE,),
    "accused": (Dimension.ACCUSED,),
    "pace": (Dimension.REPLY, Dimension.CLOSING),
    "drafts": (Dimension.BEGUN, Dimension.LEFT),
}
OF_PLACES = ("", "category", "province")
"""Topics of which something is told of a place too."""
OF_REGION = (Dimension.PROVINCE, Dimension.PROVINCE_CATEGORY, Dimension.REGENCY)

# Dimensions whose values have an order of their own; the others go by how many.
ORDERED = frozenset({Dimension.REPLY, Dimension.CLOSING, Dimension.COMPLETENESS})

# What may be typed, in both languages; a slip in a long word is forgiven.
SPANS: Mapping[str, tuple[str, ...]] = {
    Span.TODAY: ("1", "ini", "today", "sehari", "harian"),
    Span.WEEK: ("7", "minggu", "seminggu", "mingguan", "pekan", "sepekan", "week", "weekly"),
    Span.MONTH: ("30", "bulan", "sebulan", "bulanan", "month", "monthly"),
    Span.ALL: ("semua", "semuanya", "seluruh", "all", "total"),
}
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "kelengkapan", "lengkap", "completeness"),
    "category": ("kategori", "category", "categories", "jenis", "bentuk"),
    "province": ("provinsi", "propinsi", "province", "provinces", "daerah", "wilayah", "region"),
    "accused": ("terlapor", "terduga", "pelaku", "accused"),
    "pace": ("waktu", "lama", "kecepatan", "balasan", "jawaban", "pace", "speed", "reply", "replies"),
    "drafts": ("draf", "draft", "drafts", "dimulai", "ditinggalkan", "pertanyaan"),
}
PASSED_OVER = frozenset({"hari", "day", "days", "terakhir", "last", "per", "menurut", "by", "di", "of", "the", "this"})


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: a topic of `TOPICS` (empty: all in short), or a province or regency, over a span."""

    topic: str = ""
    span: Span = Span.WEEK
    region: str = ""

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What has to be read."""
        if not self.region:
            return TOPICS[self.topic]
        return OF_REGION if "." not in self.region else (Dimension.REGENCY,)

    @property
    def code(self) -> str:
        return "-".join(("region" if self.region else self.topic or "overview", self.span, self.region)).rstrip("-")

    def periods(self, dimension: Dimension, today: date) -> tuple[str, ...]:
        """The periods of the tally that the span touches, the latest first."""
        if self.span is Span.ALL:
            return (ALL,)
        days = [(today - timedelta(ago)).isoformat() for ago in range(DAYS[self.span])]
        return tuple(dict.fromkeys(day[:7] for day in days)) if dimension in MONTHLY else tuple(days)

    def flow(self, today: date) -> tuple[str, ...]:
        """The days, or for all time the latest months, along which the chart of all in short goes; else none."""
        if self.topic or self.region or self.span is Span.TODAY:
            return ()
        if self.span is not Span.ALL:
            return self.periods(Dimension.STATUS, today)[::-1]
        months = (divmod(today.year * 12 + today.month - 1 - ago, 12) for ago in range(MONTHS))
        return tuple(f"{year:04}-{month + 1:02}" for year, month in months)[::-1]


def understood(words: str, regions: RegionTable) -> tuple[Query, bool]:
    """The query that words ask for, and whether all of them were understood; any text may come."""
    query, left, spanned = Query(), [], False
    for word in plain_words(words):
        span, topic = _meant(word, SPANS), _meant(word, SUBJECTS)
        if span:
            query, spanned = (query if spanned else replace(query, span=Span(span))), True
        elif topic:
            query = replace(query, topic=topic)
        elif word not in PASSED_OVER:
            left.append(word)
    if not left:
        return query, True
    found = regions.search(" ".join(left)).certain
    if found is None:
        return query, False
    return replace(query, topic="", region=found.code[:5]), query.topic in OF_PLACES


def _meant(word: str, labels: Mapping[str, tuple[str, ...]]) -> str:
    found = match_choice(word, labels, Lexicon())
    return found if isinstance(found, str) else ""


def of_code(code: str, regions: RegionTable) -> Query | None:
    """The query of a button; None for what no button bears."""
    topic, _, rest = code.partition("-")
    span, _, region = rest.partition("-")
    known = topic == "overview" or topic in TOPICS or (topic == "region" and regions.get(region) is not None)
    if not topic or not known or span not in set(Span):
        return None
    of_all = topic in ("overview", "region")
    return Query("" if of_all else topic, Span(span), region[:5] if topic == "region" else "")


def screen(query: Query, counts: Counts, regions: RegionTable, *, whole: bool = True) -> Screen:
    """The answer. `counts` by dimension and value; `whole`: all that was typed was understood."""
    title = say("figures.title", about=_about(query, regions), span=say(f"figures.span.{query.span}"))
    tables = tuple(table for dimension in query.dimensions if (table := _table(dimension, query, counts, regions)))
    first = () if whole else (say("figures.unknown"),)
    return Screen(FIGURES, 0, (*first, title, *(tables or (say("figures.nothing"),))), _choices(query))


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: what it is of, and each bar's name, height and what is written beside it; `upright` goes with time."""

    title: Line
    bars: tuple[tuple[Line, int, str], ...]
    upright: bool = False


def chart(query: Query, counts: Counts, regions: RegionTable) -> Bars | None:
    """What came in over time, else the last of the query's tables that has rows; hidden counts are all alike."""
    flow = counts.get(FLOW, {})
    if any(flow.values()):
        over = tuple((_moment(period), *_bar(n)) for period, n in flow.items())
        span = say("figures.span.months") if query.span is Span.ALL else say(f"figures.span.{query.span}")
        title = (say("figures.by.flow"), span)
        return Bars(say("figures.chart", lines=title), over, upright=True)
    for dimension in reversed(query.dimensions):
        if shown := _shown(dimension, query, counts):
            bars = tuple((about(dimension, value, regions), *_bar(n)) for value, n in shown[:ROWS])
            by = say(f"figures.by.{dimension}")
            where = (say("show.words", words=", ".join(regions.path(query.region))),) if query.region else ()
            key = "figures.chart.monthly" if _by_months(dimension, query) else "figures.chart"
            return Bars(say(key, lines=(by, *where, say(f"figures.span.{query.span}"))), bars)
    return None


def _bar(n: int) -> tuple[int, str]:
    """Height of a bar, and what is written beside it."""
    return (max(n, LEAST - 1), hidden(n)) if n else (0, "")


def _moment(period: str) -> Line:
    if len(period) == len("2026-11"):
        return say("figures.month", day_month=date.fromisoformat(f"{period}-01"))
    return say("figures.day", day_short=date.fromisoformat(period))


def _about(query: Query, regions: RegionTable) -> Line:
    if query.region:
        return say("show.words", words=", ".join(regions.path(query.region)))
    return say(f"figures.topic.{query.topic or 'overview'}")


def _table(dimension: Dimension, query: Query, counts: Counts, regions: RegionTable) -> Line | None:
    """A heading and its rows; None where there is nothing to tell."""
    shown = _shown(dimension, query, counts)
    if not shown:
        return None
    most = ROWS if query.topic or query.region else ROWS_OF_ALL
    rows = [
        say("figures.row", n=hidden(n).rjust(5, "\u2007"), about=about(dimension, value, regions))
        for value, n in shown[:most]
    ]
    rows += [say("figures.more", count=len(shown) - most)] if len(shown) > most else []
    key = "figures.monthly" if _by_months(dimension, query) else "figures.table"
    return say(key, heading=say(f"figures.by.{dimension}"), rows=tuple(rows))


def _by_months(dimension: Dimension, query: Query) -> bool:
    """Whether more is counted than the span's days, which has to be said."""
    return dimension in MONTHLY and query.span is not Span.ALL


def _shown(dimension: Dimension, query: Query, counts: Counts) -> list[tuple[str, int]]:
    """Values with their counts, none of them nothing, in the order in which they are told."""
    shown = [(value, n) for value, n in counts.get(dimension, {}).items() if n and _belongs(dimension, value, query)]
    if dimension in ORDERED:
        return sorted(shown, key=lambda one: (len(one[0].partition("-")[0]), one[0]))
    return sorted(shown, key=lambda one: (-one[1] if one[1] >= LEAST else 0, one[0]))


def _belongs(dimension: Dimension, value: str, query: Query) -> bool:
    """Whether a value is of the region that was asked for: itself, what lies in it, its categories."""
    if not query.region:
        return True
    place = value.partition("/")[0]
    return place == query.region or (dimension is Dimension.REGENCY and place.startswith(f"{query.region}."))


def hidden(n: int) -> str:
    """A count as chats show it."""
    return str(n) if n >= LEAST or n == 0 else f"<{LEAST}"


def about(dimension: str, value: str, regions: RegionTable) -> Line:
    """What a value of a dimension is called."""
    match dimension:
        case Dimension.PROVINCE | Dimension.REGENCY:
            return say("show.words", words=regions.short(value) if regions.get(value) else value)
        case Dimension.CATEGORY | Dimension.PROVINCE_CATEGORY:
            return say(f"category.{value.rpartition('/')[2]}")
        case Dimension.ACCUSED:
            return say(f"status.{value}")
        case Dimension.REPLY | Dimension.CLOSING:
            return _days(value)
        case Dimension.LEFT:
            return say(f"label.{value}") if value in QUESTIONS else say("figures.left.menu")
        case _:
            return say(f"figures.is.{dimension}.{value}")


def _days(value: str) -> Line:
    first, _, last = value.partition("-")
    if first == last:
        return say("figures.days.same" if first == "0" else "figures.days.next")
    return say("figures.days.within", first=first, last=last) if last else say("figures.days.over", first=first)


def _choices(query: Query) -> tuple[Choice, ...]:
    """Other topics, then the other spans; from a topic or a region back to all in short."""
    topics = [] if query.region else [one for one in TOPICS if one and one != query.topic]
    spans = [one for one in Span if one is not query.span]
    away = (move(f"overview-{query.span}", "figures.topic.overview"),) if query.topic or query.region else ()
    return (
        *(answer(replace(query, topic=one).code, f"figures.topic.{one}") for one in topics),
        answer(f"{CHART}-{query.code}", "figures.draw"),
        *(move(replace(query, span=one).code, f"figures.span.{one}") for one in spans),
        *away,
    )
