"""Writing to the other side: a question, a note or the like by moderators, an answer by the reporter.

Rule: nothing is sent that was not shown first as it will be sent, and confirmed by a button, never by a word. What
was in hand before is parked meanwhile, and comes back untouched.
"""

from dataclasses import dataclass

from bot.conversation.draft import Draft
from bot.conversation.effects import Answer, Effect, Reach, Write
from bot.conversation.evidence import counted
from bot.conversation.places import BACK, CANCEL, Asked, Place, Result, again, answer, main, move
from bot.conversation.questions import unusable
from bot.conversation.screens import Choice, Line, say
from bot.conversation.world import World

ASK, AMEND, NOTE, LABEL, LINK, HOLD = "ask", "amend", "note", "newlabel", "newlink", "hold"
REPLY, THREAD = "reply", "thread"
CONFIRM = "confirm"

# What moderators write, and the act that it is; confirmed by somebody who may act on the tip at that moment.
WORK = {ASK: "ask", AMEND: "amend", NOTE: "note", LABEL: "label", LINK: "link", HOLD: "hold"}

MOST = 3_500
LABEL_MOST = 30
NUMBER_MOST = 10
CANNED = ("when", "evidence", "witness", "office")


def _sent(draft: Draft) -> Effect:
    if draft.at == REPLY:
        return Answer(draft.about, draft.text("words"), draft.items)
    return Write(draft.at, draft.about, draft.text("words"), draft.text("canned"))


@dataclass(frozen=True)
class Compose(Place):
    """Words, then a screen that shows them as they will be sent. `canned` ones are offered; a reply may have files."""

    most: int = MOST
    canned: tuple[str, ...] = ()

    def ask(self, draft: Draft, world: World) -> Asked:
        if _written(draft):
            words, canned = draft.text("words"), draft.text("canned")
            shown = [say(f"canned.{canned}")] if canned else [say("show.words", words=words)] if words else []
            return Asked(
                (say(f"check.{self.name}"), *shown, *counted(draft)),
                (main(CONFIRM, "compose.confirm"), answer("change", "compose.change")),
            )
        offered = tuple(answer(f"canned-{code}", f"canned.{code}") for code in self.canned)
        check = (main("check", "compose.check"),) if draft.items else ()
        return Asked((say(f"compose.{self.name}", most=self.most), *counted(draft)), (*offered, *check))

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return (BACK, CANCEL) if self.name == REPLY and not _written(draft) else (CANCEL,)

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice == CONFIRM and draft.pending:
            return Result(within=draft.within, notes=(say("compose.pending", count=draft.pending),))
        if choice == CONFIRM:
            return Result(effects=(_sent(draft),), over=True)
        if choice == "check":
            return Result(within="check")
        return Result(answers={"words": "", "canned": choice.partition("-")[2]})

    def read(self, draft: Draft, words: str, world: World) -> Result:
        problem = unusable(words, self.most)
        return again(problem) if problem else Result(answers={"words": words, "canned": ""})


def _written(draft: Draft) -> bool:
    """Whether there is something to confirm."""
    return bool(draft.text("words") or draft.text("canned") or draft.within)


@dataclass(frozen=True)
class Thread(Place):
    """The talk on a tip, for its reporter. What was said so far comes with the event that opens it, and is not kept."""

    name: str = THREAD

    def ask(self, draft: Draft, world: World) -> Asked:
        other = {"here": "code", "code": "here"}.get(draft.text("contact"))
        switch = (answer(other, f"thread.{other}"),) if other else ()
        return Asked((say("thread.ask"),), (main("reply", "thread.reply"), *switch))

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return (move("cancel", "thread.done"),)

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice == "reply":
            return Result(go=REPLY)
        return Result(effects=(Reach(draft.about, choice == "here"),), over=True)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        problem = unusable(words, MOST)
        return again(problem) if problem else Result(answers={"words": words}, go=REPLY)


COMPOSING: dict[str, Place] = {
    ASK: Compose(ASK, canned=CANNED),
    NOTE: Compose(NOTE),
    AMEND: Compose(AMEND),
    LABEL: Compose(LABEL, most=LABEL_MOST),
    LINK: Compose(LINK, most=NUMBER_MOST),
    HOLD: Compose(HOLD),
    REPLY: Compose(REPLY),
    THREAD: Thread(),
}


def left(draft: Draft) -> Line:
    """What is said to somebody who goes away without sending."""
    return say("thread.left" if draft.at == THREAD else "compose.dropped")
