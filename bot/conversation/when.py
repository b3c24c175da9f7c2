"""When it happened and when it was known, and the seven days for a formal report that begin then."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation.days import Problem, understand_day, understand_hour
from bot.conversation.draft import Draft
from bot.conversation.places import Result, again, answered, match_codes
from bot.conversation.questions import Question
from bot.conversation.screens import Choice, Line, say
from bot.conversation.where import today_of, zone_of
from bot.conversation.world import World

DEADLINE_DAYS = 7
EARLIER_DAYS = 6


def day_of(draft: Draft, name: str) -> date | None:
    text = draft.text(name)
    return date.fromisoformat(text) if text else None


def consistent(before: Draft, after: Draft, world: World) -> Draft:
    """The two days: neither is to come, which another zone may make of one, and that of knowing hangs on the other.

    It is the same where that is today; it is asked again where it was the same or would now lie before.
    """
    was, happened, known = day_of(before, "happened"), day_of(after, "happened"), day_of(after, "known")
    today = today_of(after, world)
    if happened is None or happened > today:
        return after.without("happened", "known")
    if happened == today:
        return after.answered("known", happened.isoformat())
    followed = known == was != happened
    return after.without("known") if known is None or not happened <= known <= today or followed else after


def days_left(known: date, today: date) -> int:
    """Days until the formal report's term of 7 days ends; negative when it has."""
    return DEADLINE_DAYS - (today - known).days


def deadline(known: date, today: date) -> Line:
    left = days_left(known, today)
    if left > 0:
        return say("deadline.left", count=left)
    return say("deadline.last" if left == 0 else "deadline.over")


@dataclass(frozen=True)
class Day(Question):
    """A day, by button or in words; never one to come."""

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        today = today_of(draft, world)
        return tuple(day_choice(today - timedelta(days=ago), ago) for ago in range(EARLIER_DAYS + 1))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        return self._given(draft, date.fromisoformat(choice), world)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        day = understand_day(words, today_of(draft, world), world.lexicon[draft.language])
        return again(say(f"problem.day.{day}")) if isinstance(day, Problem) else self._given(draft, day, world)

    def _given(self, draft: Draft, day: date, world: World) -> Result:
        today = today_of(draft, world)
        # Who learned of it on the day itself is not asked for that day, and hears of the term here.
        term = [deadline(day, today)] if day == today else []
        return answered(self.name, day.isoformat(), say("when.noted", day_weekday=day), *term)

    def show(self, draft: Draft, world: World) -> Line:
        return say("show.day", day_weekday=date.fromisoformat(draft.text(self.name)))


def day_choice(day: date, ago: int) -> Choice:
    named = {0: say("day.today"), 1: say("day.yesterday")}
    return Choice(day.isoformat(), named.get(ago, say("show.day", day_weekday=day)))


@dataclass(frozen=True)
class KnownDay(Day):
    """The day on which the reporter learned of it: not before it happened; it starts the seven days."""

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        happened, today = date.fromisoformat(draft.text("happened")), today_of(draft, world)
        later = [today - timedelta(days=ago) for ago in (0, 1) if today - timedelta(days=ago) > happened]
        return (
            Choice(happened.isoformat(), say("day.same")),
            *(day_choice(day, ago) for ago, day in enumerate(later)),
        )

    def read(self, draft: Draft, words: str, world: World) -> Result:
        if match_codes(("same",), words, draft, world, loose=False):
            return self._given(draft, date.fromisoformat(draft.text("happened")), world)
        return super().read(draft, words, world)

    def _given(self, draft: Draft, day: date, world: World) -> Result:
        if day < date.fromisoformat(draft.text("happened")):
            return again(say("problem.day.before"))
        return answered(self.name, day.isoformat(), deadline(day, today_of(draft, world)))


@dataclass(frozen=True)
class Clock(Question):
    """The hour at which it happened, in the zone of the place."""

    def read(self, draft: Draft, words: str, world: World) -> Result:
        time = understand_hour(words, world.lexicon[draft.language])
        if isinstance(time, Problem):
            return again(say("problem.hour"))
        return answered(self.name, "{:02d}.{:02d}".format(*time))

    def show(self, draft: Draft, world: World) -> Line:
        return say("show.hour", hour=draft.text(self.name), zone=zone_of(draft, world))
