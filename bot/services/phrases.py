"""The moderators' own words: labels, and questions that are ready.

Rule: a code stands for its words for good. What is removed leaves its code behind, without words, so that no button
that is still on a screen, and no tip that bears the code, ever comes to mean something else.
"""

import json
from enum import StrEnum
from typing import Final

from bot.conversation.compose import ASK, CANNED, CANNED_MOST, LABEL
from bot.services.context import Context
from storage import facts
from storage.sql import Transaction


class Phrases(StrEnum):
    """The facts that hold them, each a JSON object of words by code."""

    LABELS = "labels"
    QUESTIONS = "questions"


AT: Final = {ASK: Phrases.QUESTIONS, LABEL: Phrases.LABELS}
"""What is picked from at the places of `compose.STOCKED`."""


async def labels(tx: Transaction, context: Context) -> dict[str, str]:
    """Words by code, in the order in which they were added."""
    return {code: words for code, words in (await _all(tx, context, Phrases.LABELS)).items() if words}


async def questions(tx: Transaction, context: Context) -> tuple[tuple[str, str], ...]:
    """The ready questions, by code: shipped ones, without words, that nobody let go of, then the moderators' own."""
    there = await _all(tx, context, Phrases.QUESTIONS)
    return (*((code, "") for code in CANNED if code not in there), *((code, own) for code, own in there.items() if own))


async def offered(tx: Transaction, context: Context, purpose: str) -> tuple[tuple[str, str], ...]:
    """What can be picked where a moderator writes: codes with words, as `questions` has them."""
    match AT.get(purpose):
        case Phrases.QUESTIONS:
            return await questions(tx, context)
        case Phrases.LABELS:
            return tuple((await labels(tx, context)).items())
        case None:
            return ()


async def code_of(tx: Transaction, context: Context, which: Phrases, words: str) -> str:
    """The code of these words, in capitals or not; a new one where there is none."""
    there = await _all(tx, context, which)
    known = next((code for code, text in there.items() if text.casefold() == words.casefold()), None)
    if known is None:
        known = str(len(there) + 1)
        await _keep(tx, context, which, there | {known: words})
    return known


async def remove(tx: Transaction, context: Context, which: Phrases, code: str) -> None:
    await _keep(tx, context, which, await _all(tx, context, which) | {code: ""})


async def has_room(tx: Transaction, context: Context) -> bool:
    """Whether one more ready question fits under a message."""
    return len(await questions(tx, context)) < CANNED_MOST


async def _all(tx: Transaction, context: Context, which: Phrases) -> dict[str, str]:
    found: dict[str, str] = json.loads(await facts.read(tx, context.secrets, which) or b"{}")
    return found


async def _keep(tx: Transaction, context: Context, which: Phrases, words: dict[str, str]) -> None:
    await facts.keep(tx, context.secrets, which, json.dumps(words, ensure_ascii=False).encode())
