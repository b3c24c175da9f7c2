"""Answers in the reporter's own words: what is kept of them, and what apps cut into several messages."""

from dataclasses import dataclass, replace

from bot.conversation.draft import Draft
from bot.conversation.nip import Oddity, mask, read_number
from bot.conversation.places import Result, again, answered
from bot.conversation.questions import Question
from bot.conversation.screens import Line, say
from bot.conversation.world import World

STORY_MOST = 12_000
# Telegram's messages hold 4,096 units of UTF-16; a text that was cut at a space comes a little shorter.
MESSAGE_FULL = 4096
MESSAGE_NEARLY = 4000

# In place of an answer's name: what was too long for one was not taken, so neither is its rest.
REFUSED = "refused"


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
