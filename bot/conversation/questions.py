"""The kinds of question: how each asks, what it takes for an answer, how the review shows it.

The intake itself is the table in `intake`; here is what its rows have in common, and fixed answers. Other kinds are in
`own_words`, `where` and `when`. A question never refuses an answer for its style, only what cannot be (a day to come)
or cannot be kept (too long), and says why.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.conversation.draft import Draft
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
from bot.conversation.screens import Choice, Line, say
from bot.conversation.world import World


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
