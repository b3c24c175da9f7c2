"""The kinds of question: how each asks, what it takes for an answer, how the review shows it.

The intake itself is the table in `intake`; here is only what its rows have in common. A question never refuses an
answer for its style, only what cannot be (a day to come) or cannot be kept (too long), and says why.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.conversation.days import Problem, understand_day, understand_hour
from bot.conversation.draft import Draft
from bot.conversation.lexicon import match_choice
from bot.conversation.nip import Oddity, mask, read_number
from bot.conversation.places import (
    BACK,
    CANCEL,
    SKIP,
    Asked,
    Place,
    Result,
    again,
    answer,
    answered,
    main,
    match_codes,
    match_several,
    number_after,
    paged,
)
from bot.conversation.regions import Region
from bot.conversation.screens import Choice, Line, say
from bot.conversation.world import World

STORY_MOST = 12_000
# Telegram's messages hold 4,096 units of UTF-16; a text that was cut at a space comes a little shorter.
MESSAGE_FULL = 4096
MESSAGE_NEARLY = 4000

# In place of an answer's name: what was too long for one was not taken, so neither is its rest.
REFUSED = "refused"
DEADLINE_DAYS = 7
EARLIER_DAYS = 6


@dataclass(frozen=True)
class Question(Place):
    """`step` is its place among the six, `optional` ones can be passed over."""

    step: int
    optional: bool = False

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        if draft.within:
            return (BACK, CANCEL)
        return (*([SKIP] if self.optional else []), BACK, CANCEL)

    @abstractmethod
    def show(self, draft: Draft, world: World) -> Line:
        """The answer as the review and the moderators read it; asked only where there is one."""

    def ask(self, draft: Draft, world: World) -> Asked:
        return Asked((say(f"ask.{self.name}"),), self.choices(draft, world))

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        return ()

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice == "skip":
            return answered(self.name, "")
        return answered(self.name, choice)


@dataclass(frozen=True)
class OneOf(Question):
    """One of a few fixed answers, on as many pages as they need."""

    codes: tuple[str, ...] = ()

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        given = draft.text(self.name)
        options = [answer(code, f"{self.name}.{code}", chosen=given == code) for code in self.codes]
        return paged(options, draft.page, len(self.moves(draft)))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        page = number_after("page", choice)
        return super().take(draft, choice, world) if page is None else Result(page=page)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        code = match_codes(self.codes, words, draft, world, loose=True)
        return answered(self.name, code) if code else again(say("problem.choose"))

    def show(self, draft: Draft, world: World) -> Line:
        return say(f"{self.name}.{draft.text(self.name)}")


@dataclass(frozen=True)
class Words(Question):
    """The reporter's own words, of `most` characters at most; below `hint_under` they get a hint, not a refusal."""

    most: int = 300
    hint_under: int = 0

    def read(self, draft: Draft, words: str, world: World) -> Result:
        problem = unusable(words, self.most)
        if problem:
            return again(problem)
        notes = [say(f"hint.{self.name}")] if len(words) < self.hint_under else []
        return piece(self.name, "", words, answered(self.name, words, *notes))

    def show(self, draft: Draft, world: World) -> Line:
        return say("show.words", words=draft.text(self.name))


def piece(name: str, before: str, words: str, result: Result) -> Result:
    """A result whose words may be a piece of something longer: apps cut long texts into messages.

    A message that is full to the brim was cut within a word, one that is nearly full at a space that is gone.
    """
    if not fills_a_message(words):
        return replace(result, answers={**result.answers, name: before + words})
    gap = "" if _length(words) >= MESSAGE_FULL else " "
    return replace(result, answers={**result.answers, name: before + words + gap}, goes_on=name)


def _length(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def fills_a_message(words: str) -> bool:
    """Whether an app may have cut off what is to follow; where more fits, nothing was cut."""
    return MESSAGE_NEARLY <= _length(words) <= MESSAGE_FULL


def going_on(draft: Draft, words: str) -> Result:
    """More of an answer that filled a whole message, whatever is asked by now."""
    question = draft.goes_on
    if question == REFUSED:
        return replace(again(say("problem.rest")), goes_on=REFUSED if fills_a_message(words) else "")
    problem = unusable(draft.text(question) + words, STORY_MOST)
    if problem:
        return replace(again(problem), goes_on=question)
    return piece(question, draft.text(question), words, again(say("evidence.story")))


def unusable(words: str, most: int) -> Line | None:
    """Why words cannot be kept as an answer."""
    if not any(char.isalnum() for char in words):
        return say("problem.words")
    return say("problem.long", most=most, length=len(words)) if len(words) > most else None


@dataclass(frozen=True)
class Number(Words):
    """The accused's NIP or NI PPPK: what does not look like one is kept all the same, with a warning."""

    def read(self, draft: Draft, words: str, world: World) -> Result:
        result = super().read(draft, words, world)
        if not result.done:
            return result
        number = read_number(words, world.today[""])
        kept = words if Oddity.NOT_A_NUMBER in number.problems else number.digits
        return answered(self.name, kept, *([] if number.plausible else [say("hint.nip")]))

    def show(self, draft: Draft, world: World) -> Line:
        kept = draft.text(self.name)
        number = read_number(kept, world.today[""])
        return say("show.words", words=mask(number) if kept == number.digits else kept)


def region_line(code: str, world: World) -> Line:
    """A region with its path: district, regency, province."""
    return say("show.words", words=", ".join(world.regions.path(code)))


def region_choices(regions: Sequence[Region], world: World) -> list[Choice]:
    return [answer(region.code, "show.words", words=world.regions.short(region.code)) for region in regions]


@dataclass(frozen=True)
class Where(Question):
    """The regency: typed and searched, or picked from province to regency. A district may come with it."""

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        if not draft.within:
            return (answer("list-all", "where.list"),)
        return paged(self._listed(draft.within, world), draft.page, len(self.moves(draft)))

    def _listed(self, within: str, world: World) -> list[Choice]:
        if within.startswith("="):
            found = within[1:].split(",")
            return [answer(code, "show.words", words=", ".join(world.regions.path(code))) for code in found]
        if within == "all":
            return region_choices(world.regions.provinces(), world)
        return region_choices(world.regions.children(within), world)

    def ask(self, draft: Draft, world: World) -> Asked:
        key = "ask.region" if not draft.within else "ask.region.pick"
        return Asked((say(key),), self.choices(draft, world))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        page = number_after("page", choice)
        if page is not None:
            return Result(within=draft.within, page=page)
        if choice == "list-all":
            return Result(within="all")
        return self._picked(choice)

    def _picked(self, code: str) -> Result:
        """A province opens its list; a regency or district is an answer."""
        return answered(self.name, code) if "." in code else Result(within=code)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        found = world.regions.search(words, limit=6)
        if found.certain:
            result = self._picked(found.certain.code)
            return result.saying(say("where.found", where=region_line(found.certain.code, world)))
        if found.offered:
            offered = ",".join(region.code for region in found.offered)
            which = "where.which" if len(found.offered) > 1 else "where.this"
            return Result(within=f"={offered}", notes=(say(which),))
        return again(say("problem.region"))

    def show(self, draft: Draft, world: World) -> Line:
        return region_line(draft.text(self.name), world)


@dataclass(frozen=True)
class Spot(Words):
    """The exact place in the reporter's words; the district of the answered region can be picked beside it."""

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        if not draft.within:
            return (answer("list-districts", "where.districts"),)
        return paged(region_choices(world.regions.children(draft.within), world), draft.page, len(self.moves(draft)))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        page = number_after("page", choice)
        if page is not None:
            return Result(within=draft.within, page=page)
        if choice == "list-districts":
            return Result(within=regency_of(draft))
        if choice == "skip":
            return answered(self.name, "")
        return Result(answers={"region": choice}, notes=(say("where.found", where=region_line(choice, world)),))

    def read(self, draft: Draft, words: str, world: World) -> Result:
        """While the districts are listed, the name of one is that one; any other words are the place."""
        listed = world.regions.children(draft.within) if draft.within else ()
        names = {region.code: (region.name, world.regions.short(region.code)) for region in listed}
        code = match_choice(words, names, world.lexicon[draft.language])
        return self.take(draft, code, world) if isinstance(code, str) else super().read(draft, words, world)


def regency_of(draft: Draft) -> str:
    """The regency of the answered region, whether or not a district is known: "73.04" of "73.04.02"."""
    return ".".join(draft.text("region").split(".")[:2])


def zone_of(draft: Draft, world: World) -> str:
    """The zone of the place that was named, or "" before one was."""
    code = draft.text("region")
    return world.regions.zone(code).name if code else ""


def today_of(draft: Draft, world: World) -> date:
    return world.today[zone_of(draft, world)]


def day_of(draft: Draft, name: str) -> date | None:
    text = draft.text(name)
    return date.fromisoformat(text) if text else None


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


@dataclass(frozen=True)
class SomeOf(Question):
    """Up to `most` of many answers: the frequent ones first, the rest in groups; `hinted` ones get a word."""

    frequent: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    most: int = 3
    hinted: frozenset[str] = frozenset()

    def _codes(self, within: str) -> tuple[str, ...]:
        return self.groups.get(within, ()) if within else self.frequent

    def choices(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        picked = draft.picks(self.name)
        if draft.within == "groups":
            listed = [answer(f"group-{name}", f"group.{name}") for name in self.groups]
        else:
            elsewhere = [code for code in picked if code not in self.frequent] if not draft.within else []
            listed = [self._toggle(code, picked) for code in (*self._codes(draft.within), *elsewhere)]
            full = len(picked) >= self.most
            listed += [] if draft.within or full else [answer("groups", "group.more")]
        return (*listed, *([main("next", "move.next")] if picked else []))

    def _toggle(self, code: str, picked: tuple[str, ...]) -> Choice:
        chosen = code in picked
        return Choice(f"{'off' if chosen else 'on'}-{code}", say(f"category.{code}"), chosen=chosen)

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        verb, _, code = choice.partition("-")
        if choice == "next":
            return Result(done=True)
        if choice == "groups":
            return Result(within="groups")
        if verb == "group":
            alone = self.groups[code]
            return self._toggled(draft, alone[0], on=True) if len(alone) == 1 else Result(within=code)
        return self._toggled(draft, code, on=verb == "on")

    def _toggled(self, draft: Draft, code: str, *, on: bool) -> Result:
        if on:
            return self._picked(draft, (code,))
        return Result(answers={self.name: tuple(pick for pick in draft.picks(self.name) if pick != code)})

    def _picked(self, draft: Draft, codes: Sequence[str]) -> Result:
        picks = tuple(dict.fromkeys((*draft.picks(self.name), *codes)))
        if len(picks) > self.most:
            return Result(within=draft.within, notes=(say("problem.picks", most=self.most),))
        return Result(
            answers={self.name: picks}, notes=tuple(say(f"hint.{code}") for code in codes if code in self.hinted)
        )

    def read(self, draft: Draft, words: str, world: World) -> Result:
        every = [code for codes in self.groups.values() for code in codes]
        codes = match_several(every, words, draft, world)
        return self._picked(draft, codes) if codes else again(say("problem.choose"))

    def show(self, draft: Draft, world: World) -> Line:
        return say("show.several", lines=tuple(say(f"category.{code}") for code in draft.picks(self.name)))
