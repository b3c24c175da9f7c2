"""The places that are no questions: the notice, the review with its two menus, and the looks aside."""

from dataclasses import dataclass, replace

from bot.conversation.draft import PENDING, Draft
from bot.conversation.effects import ClearChat, Discard, LookUp, Withdraw
from bot.conversation.intake import DETAILS, INTAKE
from bot.conversation.places import (
    BACK,
    Asked,
    Place,
    Result,
    again,
    answer,
    main,
    match_codes,
    move,
    number_after,
    paged,
)
from bot.conversation.questions import Question
from bot.conversation.receipt import read_receipt
from bot.conversation.retention import ADDRESS_HOURS, AUDIT_DAYS, BAN_DAYS, LOOK_DAYS, rejected_days
from bot.conversation.safety import betraying, sent
from bot.conversation.screens import Choice, Line, say
from bot.conversation.when import day_of, deadline
from bot.conversation.where import today_of
from bot.conversation.world import World

NOTICE, STOP, RESUME, LOOKUP, WITHDRAW = "notice", "stop", "resume", "lookup", "withdraw"
ASIDES = frozenset({STOP, RESUME, LOOKUP, WITHDRAW})


@dataclass(frozen=True)
class Notice(Place):
    """What everybody reads before the first question. Its buttons carry the language: until consent nothing is kept."""

    name: str = NOTICE

    def ask(self, draft: Draft, world: World) -> Asked:
        rules = world.rules
        if world.silenced:
            return Asked((say("banned"),))
        lines = (
            say("notice.welcome", operator=rules.operator, election=rules.election),
            say("notice.first"),
            say("notice.after", contact=rules.contact, hours=rules.draft_hours),
        )
        spoken = draft.language
        languages = [answer(f"lang-{code}", f"language.{code}", chosen=code == spoken) for code in rules.languages]
        agree = main(f"agree-{spoken}", "notice.agree")
        return Asked(lines, (agree, *languages, answer(f"privacy-{spoken}", "notice.privacy")))

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return (move(f"cancel-{draft.language}", "move.cancel"),)

    def offered(self, draft: Draft, world: World) -> tuple[Choice, ...]:
        """Nothing to whom no tip is taken from."""
        return () if world.silenced else super().offered(draft, world)

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        verb, _, language = choice.partition("-")
        if agrees(choice):
            return Result(language=language, done=True)
        return Result(language=language) if verb == "lang" else again(privacy(world))

    def read(self, draft: Draft, words: str, world: World) -> Result:
        return again(say("notice.choose"))


def agrees(choice: str) -> bool:
    """Whether a choice at the notice is the consent, in whichever language."""
    return choice.partition("-")[0] == "agree"


def privacy(world: World) -> Line:
    """The privacy notice, from the settings in force."""
    rules = world.rules
    notice = say(
        "privacy.full" if rules.forwards_content else "privacy.card",
        operator=rules.operator,
        contact=rules.contact,
        hours=rules.draft_hours,
        retention=rules.retention_days,
        rejected=rejected_days(rules),
        address=ADDRESS_HOURS,
        looks=LOOK_DAYS,
        audit=AUDIT_DAYS,
        bans=BAN_DAYS,
        backups=rules.backup_days,
    )
    return say("rows", rows=(notice, say(f"privacy.archive.{rules.archive_after}"))) if rules.archive_after else notice


@dataclass(frozen=True)
class Review(Place):
    """Everything that was answered, to send it or to change any one answer."""

    name: str = "review"

    def ask(self, draft: Draft, world: World) -> Asked:
        lines = (say("review.title"), rows(draft, world), *self._deadline(draft, world), say("review.ask"))
        return Asked(
            lines,
            (
                main("send", "review.send"),
                answer("change", "review.change"),
                answer("details", "review.details"),
            ),
        )

    def _deadline(self, draft: Draft, world: World) -> tuple[Line, ...]:
        known = day_of(draft, "known")
        return (deadline(known, today_of(draft, world)),) if known else ()

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice != "send":
            return Result(go=choice)
        if any(item.state == PENDING for item in draft.items):
            return again(say("review.pending", count=draft.pending))
        return Result(go="safety") if betraying(draft, world) else sent()


def rows(draft: Draft, world: World) -> Line:
    """A row for every question that was answered, in the order of the intake."""
    answered = (question for question in (*INTAKE, *DETAILS) if draft.text(question.name))
    return say("rows", rows=tuple(row(question, question.show(draft, world)) for question in answered))


def row(question: Question, value: Line) -> Line:
    return say("row", label=say(f"label.{question.name}"), value=value)


@dataclass(frozen=True)
class Menu(Place):
    """A list of questions to go to: those answered, or those that are extra."""

    def names(self, draft: Draft) -> tuple[str, ...]:
        extra = [question.name for question in DETAILS if question.name in draft.answers]
        return tuple([question.name for question in INTAKE] + extra)

    def ask(self, draft: Draft, world: World) -> Asked:
        options = [answer(f"to-{name}", f"label.{name}", chosen=bool(draft.text(name))) for name in self.names(draft)]
        return Asked((say(f"ask.{self.name}"),), paged(options, draft.page, len(self.moves(draft))))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        page = number_after("page", choice)
        return Result(go=choice.partition("-")[2]) if page is None else Result(page=page)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        """Any of the list, whatever page it is on."""
        listed = [f"to-{name}" for name in self.names(draft)]
        code = match_codes(listed, words, draft, world, loose=True)
        return self.take(draft, code, world) if code else again(say("problem.choose"))


@dataclass(frozen=True)
class Details(Menu):
    def names(self, draft: Draft) -> tuple[str, ...]:
        return tuple(question.name for question in DETAILS)


@dataclass(frozen=True)
class Aside(Place):
    """A look aside, away from the draft and back to where it was."""

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return (BACK,)


@dataclass(frozen=True)
class Cancel(Aside):
    name: str = STOP

    def ask(self, draft: Draft, world: World) -> Asked:
        return Asked(
            (say("ask.stop", hours=world.rules.draft_hours),),
            (answer("discard", "stop.discard"), answer("later", "stop.later")),
        )

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice == "later":
            return Result(go=draft.behind, notes=(say("stop.kept", hours=world.rules.draft_hours),))
        return Result(notes=(say("stop.discarded"),), effects=(ClearChat(),), over=True)


@dataclass(frozen=True)
class Resume(Aside):
    """Coming back to a draft: go on, start anew, delete."""

    name: str = RESUME

    def ask(self, draft: Draft, world: World) -> Asked:
        told = (rows(draft, world),) if draft.answers else ()
        return Asked(
            (say("ask.resume"), *told),
            (main("go-on", "resume.go-on"), answer("anew", "resume.anew"), answer("discard", "stop.discard")),
        )

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return ()

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice == "go-on":
            return Result(go=draft.behind)
        if choice == "anew":
            return Result(go=INTAKE[0].name, effects=(Discard(),), items=(), anew=True)
        return Result(notes=(say("stop.discarded"),), effects=(ClearChat(),), over=True)


@dataclass(frozen=True)
class AskReceipt(Aside):
    """Asks for a receipt to tell where a tip is, or to destroy it."""

    def ask(self, draft: Draft, world: World) -> Asked:
        return Asked((say(f"ask.{self.name}"),))

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        return Result(notes=(say("stop.discarded"),), effects=(ClearChat(),), over=True)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        receipt = read_receipt(words)
        if receipt is None:
            # What is nearly a receipt is not left in the chat either.
            return replace(again(say("problem.receipt")), erase=True)
        return Result(go=draft.behind, effects=(self.effect(receipt),), over=not draft.behind, erase=True)

    def effect(self, receipt: str) -> LookUp | Withdraw:
        return LookUp(receipt)


@dataclass(frozen=True)
class Destroy(AskReceipt):
    """As above, and the draft can be deleted from here."""

    def ask(self, draft: Draft, world: World) -> Asked:
        return Asked((say(f"ask.{self.name}"),), (answer("discard", "stop.discard"),) if draft.behind else ())

    def effect(self, receipt: str) -> LookUp | Withdraw:
        return Withdraw(receipt)
