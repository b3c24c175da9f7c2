"""Where it happened: the regency or district, the exact place, and the zone in which its days are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.conversation.draft import Draft
from bot.conversation.lexicon import match_choice
from bot.conversation.own_words import Words
from bot.conversation.places import Asked, Result, again, answer, answered, number_after, paged
from bot.conversation.questions import Question
from bot.conversation.regions import Region
from bot.conversation.screens import Choice, Line, say
from bot.conversation.world import World


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
