"""Writing to the other side: a question, a note or the like by moderators, an answer by the reporter.

Rule: nothing is sent that was not shown first as it will be sent, and confirmed by a button, never by a word. What
was in hand before is parked meanwhile, and comes back untouched: also an answer that was not sent. What moderators
write gives way to what they write next.
"""

from dataclasses import dataclass, replace

from bot.conversation.draft import Draft
from bot.conversation.effects import Answer, Drop, Effect, Keep, Reach, Write
from bot.conversation.evidence import counted, noted
from bot.conversation.own_words import unusable
from bot.conversation.places import BACK, CANCEL, Asked, Place, Result, again, answer, main, move, number_after, paged
from bot.conversation.safety import ANYWAY, cautioned
from bot.conversation.screens import Choice, Line, say
from bot.conversation.world import World

ASK, AMEND, NOTE, LABEL, LINK, HOLD = "ask", "amend", "note", "newlabel", "newlink", "hold"
REPLY, THREAD = "reply", "thread"
CONFIRM, KEEP, DROP = "confirm", "keep", "drop"

# What moderators write, and the act that it is; confirmed by somebody who may act on the tip at that moment.
WORK = {ASK: "ask", AMEND: "amend", NOTE: "note", LABEL: "label", LINK: "link", HOLD: "hold"}

MOST = 3_500
LABEL_MOST = 30
NUMBER_MOST = 10
CANNED = ("when", "evidence", "witness", "office")
"""The questions that are shipped: each is said in its reader's language, until moderators let go of it."""
CANNED_MOST = 8
CANNED_SIGNS = 60
"""So many questions fit under one message, each so long on its button."""

STOCKED = frozenset({ASK, LABEL})
"""Where moderators pick from a set of their own, and take out of it again."""

MODERATORS_ALONE = frozenset({CONFIRM, KEEP, DROP})
"""Choices that do something, and only for who may at that moment."""


def canned(code: str, words: str) -> Line:
    """A ready question, or a label: in the moderators' own words, or a shipped one by its code."""
    return say("show.words", words=words) if words else say(f"canned.{code}")


def asked(question: Line) -> tuple[str, str]:
    """The code and the words of which `canned` makes this question."""
    return question.key.removeprefix("canned."), str(question.values.get("words", ""))


def written(draft: Draft) -> bool:
    """Whether somebody would miss what is written."""
    return bool(draft.about and (draft.text("words") or draft.items))


def begun(draft: Draft) -> bool:
    """Whether it is an answer, which waits while another is written or looked for."""
    return written(draft) and (draft.behind or draft.at) == REPLY


def _offered(draft: Draft) -> dict[str, str]:
    """What is ready to be picked: codes, and words where they are the moderators' own."""
    return dict(zip(draft.picks("offered"), draft.picks("wordings"), strict=True))


def _sent(draft: Draft) -> Effect:
    if draft.at == REPLY:
        return Answer(draft.about, draft.text("words"), draft.items)
    code = draft.text("canned")
    own = _offered(draft).get(code, "")
    return Write(draft.at, draft.about, own or draft.text("words"), "" if own else code)


def _for_later(draft: Draft) -> tuple[Choice, ...]:
    """What is about to be asked can become one of the ready questions; what was picked can be ready no longer."""
    words, offered = draft.text("words"), _offered(draft)
    if draft.at not in STOCKED:
        return ()
    if not words:
        return (answer(DROP, "compose.drop"),)
    fits = draft.at == ASK and len(words) <= CANNED_SIGNS and "\n" not in words and len(offered) < CANNED_MOST
    known = words in offered.values() or words == draft.text("kept")
    return (answer(KEEP, "compose.keep"),) if fits and not known else ()


def _question(draft: Draft) -> tuple[Line, ...]:
    question = draft.picks("asked")
    return (say("thread.asked", others=canned(*question)),) if question else ()


def _waiting(draft: Draft) -> tuple[Line, ...]:
    return (say("compose.waiting"),) if draft.parked and draft.parked.about else ()


@dataclass(frozen=True)
class Compose(Place):
    """Words, then a screen that shows them as they will be sent. Some may be ready; a reply may have files."""

    most: int = MOST

    def ask(self, draft: Draft, world: World) -> Asked:
        if _complete(draft):
            words, code = draft.text("words"), draft.text("canned")
            shown = [self._shown(canned(code, _offered(draft).get(code, words)))] if words or code else []
            # What leads to the reporter goes by a button of its own: one drawn before it was found does nothing.
            caution = cautioned(draft, world) if self.name == REPLY else ()
            send = main(ANYWAY, "betrayal.send") if caution else main(CONFIRM, "compose.confirm")
            return Asked(
                (
                    *self._about(draft),
                    say(f"check.{self.name}"),
                    *shown,
                    *counted(draft),
                    *noted(draft.items),
                    *caution,
                ),
                (send, answer("change", "compose.change"), *_for_later(draft)),
            )
        offered = [Choice(f"canned-{code}", canned(code, words)) for code, words in _offered(draft).items()]
        check = (main("check", "compose.check"),) if draft.items else ()
        asked = say(f"compose.{self.name}", most=self.most)
        here = paged(offered, draft.page, len(check) + len(self.moves(draft)))
        return Asked((*self._about(draft), asked, *counted(draft)), (*here, *check))

    def _shown(self, words: Line) -> Line:
        """A moderator's words as a reporter gets them, who is to be led nowhere by them."""
        return say("show.others", others=words) if self.name in WORK else words

    def _about(self, draft: Draft) -> tuple[Line, ...]:
        """Who works several tips at a time sees which one this is of; who answers, what was asked."""
        about = (say("compose.about", number=draft.about),) if self.name in WORK else _question(draft)
        return (*_waiting(draft), *about)

    def moves(self, draft: Draft) -> tuple[Choice, ...]:
        return (BACK, CANCEL) if self.name == REPLY and not _complete(draft) else (CANCEL,)

    def take(self, draft: Draft, choice: str, world: World) -> Result:
        if choice in (CONFIRM, ANYWAY):
            return _confirmed(draft)
        if choice == "check":
            return Result(within="check")
        if choice == KEEP:
            return Result(answers={"kept": draft.text("words")}, effects=(Keep(draft.text("words")),))
        if choice == DROP:
            return _dropped(draft)
        page = number_after("page", choice)
        return _chosen(draft, choice) if page is None else Result(page=page)

    def read(self, draft: Draft, words: str, world: World) -> Result:
        whole = self._added(draft.text("words"), words)
        problem = unusable(whole, self.most)
        return again(problem) if problem else Result(answers={"words": whole, "canned": ""})

    def _added(self, before: str, words: str) -> str:
        """People write in pieces: what comes after the first is more of it, but a label or a number is one line."""
        if self.most < MOST:
            return " ".join(words.split())
        return f"{before}\n{words}" if before else words


def _confirmed(draft: Draft) -> Result:
    if draft.pending:
        return Result(within=draft.within, notes=(say("compose.pending", count=draft.pending),))
    return Result(effects=(_sent(draft),), over=True)


def _chosen(draft: Draft, choice: str) -> Result:
    """A ready question in place of what was written, or nothing: what came with files is written anew as well."""
    plain = tuple(replace(item, note="") for item in draft.items)
    return Result(answers={"words": "", "canned": choice.partition("-")[2]}, items=plain)


def _dropped(draft: Draft) -> Result:
    code = draft.text("canned")
    left = {other: words for other, words in _offered(draft).items() if other != code}
    offered = {"offered": tuple(left), "wordings": tuple(left.values())}
    return Result(answers={**offered, "canned": ""}, effects=(Drop(draft.at, code),))


def _complete(draft: Draft) -> bool:
    """Whether there is something to confirm."""
    return bool(draft.text("words") or draft.text("canned") or draft.within)


@dataclass(frozen=True)
class Thread(Place):
    """The talk on a tip, for its reporter. What was said so far comes with the event that opens it, and is not kept."""

    name: str = THREAD

    def ask(self, draft: Draft, world: World) -> Asked:
        other = {"here": "code", "code": "here"}.get(draft.text("contact"))
        switch = (answer(other, f"thread.{other}"),) if other else ()
        if world.silenced and not draft.picks("asked"):
            return Asked((*_waiting(draft), say("thread.silenced")), switch)
        return Asked((*_waiting(draft), say("thread.ask")), (main("reply", "thread.reply"), *switch))

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
    ASK: Compose(ASK),
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
