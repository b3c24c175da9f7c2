"""A tip's card as moderators see it, with its menus.

Rule: it is made from the case, so that nothing here opens a tip, and is the same wherever it is drawn. A screen keeps
nothing: its `question` is the tip's number, and what a choice needs stands in its code (`act-argument`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from bot.conversation.case import REASONS, TARGETS, Case, standing_line
from bot.conversation.casework import ACTS, CATEGORIES
from bot.conversation.likeness import WHO, strengths
from bot.conversation.places import answer, move, paged
from bot.conversation.retention import banned_until
from bot.conversation.screens import Choice, Line, Screen, say
from bot.conversation.when import DEADLINE_DAYS, days_left
from bot.conversation.where import region_line
from bot.conversation.world import World

MENU, HISTORY = "menu", "history"

Labels = Mapping[str, str]
"""The moderators' own set: short codes, and the words that they stand for."""
_Offered = tuple[list[Choice], list[Choice]]


def days(case: Case, world: World) -> int:
    """Days left for a formal report where it happened; negative when they are over."""
    return days_left(date.fromisoformat(case.known), world.today[world.regions.zone(case.region).name])


def menu_of(argument: str) -> tuple[str, int]:
    """Menu and page of a code such as `menu-label-2`, without its first word; the card itself for any other."""
    menu, _, page = argument.partition("-")
    return (menu, int(page) if page.isascii() and page.isdigit() else 0) if menu in MENUS else ("", 0)


def menu_after(act: str) -> str:
    """The menu that stays open after an act: where several things are chosen, such as labels."""
    return {"label": "label", "category": "category", "link": "link"}.get(act.removeprefix("un"), "")


def card(case: Case, world: World, labels: Labels, menu: str = "", page: int = 0) -> Screen:
    """A tip's card as it stands now, with the choices of a menu (see `MENUS`); also what `/tip` shows."""
    options, others = ([one for one in some if _fits(case, one)] for some in MENUS[menu](case, labels))
    if menu:
        others = [*others, move(_to(PARENTS.get(menu, "")), "move.back")]
    shown = paged(options, page, len(others), _to(menu))
    return Screen(case.number, 0, card_lines(case, world, labels), (*shown, *others))


def talk(case: Case, said: tuple[Line, ...]) -> Screen:
    """What was said of a tip, with the ways to say more."""
    ways = tuple(choice for choice in (_does("ask"), _does("note")) if _fits(case, choice))
    return Screen(case.number, 0, said, ways)


def card_lines(case: Case, world: World, labels: Labels) -> tuple[Line, ...]:
    """What the card says, from the few things that need no opening of the tip."""
    rows = (*_told(case, world), *_work(case, world, labels))
    title = say("card.title", number=case.number, standing=standing_line(case))
    elsewhere = () if world.rules.forwards_content else (say("post.closed", number=case.number),)
    return (title, say("rows", rows=rows), *elsewhere)


def _told(case: Case, world: World) -> tuple[Line, ...]:
    """What the reporter told."""
    left = days(case, world)
    term = date.fromisoformat(case.known) + timedelta(days=DEADLINE_DAYS)
    return (
        say("card.categories", lines=tuple(say(f"category.{code}") for code in case.categories)),
        say("card.region", where=region_line(case.region, world)),
        say("card.who", who=say(f"status.{case.status}")),
        say("card.when", day=date.fromisoformat(case.happened)),
        say("card.deadline", day=term, left=left_line(left)),
        say("card.ready", formal=_mark(there=case.formal and left >= 0), material=_mark(there=case.material)),
    )


def _work(case: Case, world: World, labels: Labels) -> tuple[Line, ...]:
    """What has been done since; a row only where there is something."""
    named = tuple(say("show.words", words=labels[code]) for code in case.labels if code in labels)
    unlinked = {number: strength for number, strength in strengths(case).items() if number not in case.linked}
    alike = ", ".join(number for number, strength in unlinked.items() if strength >= WHO)
    near = ", ".join(number for number, strength in unlinked.items() if strength < WHO)
    rows = (
        (case.claim[0], say("card.claim", name=case.claim[1])),
        (named, say("card.labels", lines=named)),
        (case.linked, say("card.linked", numbers=", ".join(case.linked))),
        (alike, say("card.alike", numbers=alike)),
        (near, say("card.near", numbers=near)),
        (case.asked or case.answers, say("card.talk", asked=case.asked, answers=case.answers)),
        (case.notes, say("card.notes", count=case.notes)),
        *_blocked(case, world),
        (case.hold, say("card.held" if case.held else "card.hold")),
        (case.lift, say("card.lift")),
    )
    return (*(line for there, line in rows if there), say(f"card.reach.{case.reach}"))


def _blocked(case: Case, world: World) -> tuple[tuple[bool, Line], ...]:
    last = banned_until(case)
    return ((world.today[""] <= last, say("card.blocked", day=last)),) if last else ()


def left_line(left: int) -> Line:
    if left > 0:
        return say("card.left", count=left)
    return say("card.last" if left == 0 else "card.over")


def _mark(*, there: bool) -> Line:
    return say("mark.yes" if there else "mark.no")


# The card's menus: what is chosen from, on as many pages as it needs, and what stands on each of them


def _to(menu: str, page: int | None = None) -> str:
    return "-".join((MENU, menu) if page is None else (MENU, menu, str(page))).removesuffix("-")


def _goes(menu: str) -> Choice:
    return answer(_to(menu), f"do.{menu}")


def _does(name: str) -> Choice:
    return answer(name, f"do.{name}")


def _fits(case: Case, choice: Choice) -> bool:
    """Whether the act of a choice, or that of the menu it opens, is there from this standing."""
    act, _, argument = choice.code.partition("-")
    name = argument if act == MENU else act
    return name not in ACTS or case.standing in ACTS[name].before


def _main(case: Case, _labels: Labels) -> _Offered:
    mine = [_does("leave" if case.claim[0] else "take"), _does("ask"), _goes("status"), _goes("label"), _does("note")]
    return [*mine, _goes("link"), _does(HISTORY)], []


def _status(case: Case, _labels: Labels) -> _Offered:
    hold = "unhold" if case.held else "hold"
    amend = [_does("amend")] if case.asked else []
    moves = [_does("check"), _goes("forward"), _does("close"), _goes("reject"), _does("reopen")]
    return [*moves, *amend, _goes("block"), _does(hold)], []


def _forward(case: Case, _labels: Labels) -> _Offered:
    return [answer(f"forward-{to}", f"target.{to}", chosen=case.to == to) for to in TARGETS], []


def _reject(_case: Case, _labels: Labels) -> _Offered:
    return [answer(f"reject-{why}", f"reason.{why}") for why in REASONS], []


def _block(case: Case, _labels: Labels) -> _Offered:
    return [answer("block", "do.block.sure"), *([_does("unblock")] if case.blocked else [])], []


def _label(case: Case, labels: Labels) -> _Offered:
    options = [_toggle("label", code, case.labels, say("show.words", words=words)) for code, words in labels.items()]
    return options, [_goes("category"), answer("newlabel", "do.newlabel")]


def _category(case: Case, _labels: Labels) -> _Offered:
    return [_toggle("category", code, case.categories, say(f"category.{code}")) for code in CATEGORIES], []


def _link(case: Case, _labels: Labels) -> _Offered:
    numbers = dict.fromkeys((*case.linked, *case.alike))
    options = [_toggle("link", number, case.linked, say("show.words", words=number)) for number in numbers]
    return options, [answer("newlink", "do.newlink")]


def _toggle(act: str, argument: str, there: Sequence[str], label: Line) -> Choice:
    chosen = argument in there
    return Choice(f"{'un' if chosen else ''}{act}-{argument}", label, chosen=chosen)


MENUS: Mapping[str, Callable[[Case, Labels], _Offered]] = {
    "": _main,
    "status": _status,
    "forward": _forward,
    "reject": _reject,
    "block": _block,
    "label": _label,
    "category": _category,
    "link": _link,
}
# Where "back" leads from a menu that does not hang on the card itself.
PARENTS = {"forward": "status", "reject": "status", "block": "status", "category": "label"}
