"""What is owed to a private chat: answers that must not be missed, and messages to delete."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.conversation.post import Exhibit
from bot.conversation.speech import Accepted, Later, Outcome
from bot.services.context import Context
from bot.services.debts import screen_of
from bot.services.jobs import Retry
from bot.services.ports import Speaker
from storage import files
from storage.outbox import Owed


class Answers:
    """Works off debts of kinds `answer`, `erase`, `show`; `spoke` hears what was sent, so that it can be deleted."""

    def __init__(self, context: Context, speaker: Speaker, spoke: Callable[[int, Iterable[int]], None]) -> None:
        self._context = context
        self._speaker = speaker
        self._spoke = spoke

    async def say(self, owed: Owed) -> Retry | None:
        """Send an owed answer; a chat that is shut ends the debt."""
        body = json.loads(owed.body)
        outcome = await self._speaker.say(body["chat"], screen_of(body), body["language"])
        if isinstance(outcome, Accepted):
            self._spoke(body["chat"], outcome.messages)
        return _again(outcome, body)

    async def show(self, owed: Owed) -> Retry | None:
        """Show a reporter a file of theirs, unless it is gone meanwhile."""
        body = json.loads(owed.body)
        file = body["file"]
        async with self._context.database.reading() as tx:
            data = await files.whole(tx, self._context.secrets, bytes.fromhex(file["stored"]))
        if data is None:
            return None
        shown = Exhibit(1, file["kind"], extension=file["extension"], size=len(data))
        outcome = await self._speaker.show(body["chat"], shown, data)
        if isinstance(outcome, Accepted):
            self._spoke(body["chat"], outcome.messages)
        return _again(outcome, body)

    async def erase(self, owed: Owed) -> Retry | None:
        body = json.loads(owed.body)
        outcome = await self._speaker.erase(body["chat"], body["messages"])
        return _again(outcome, body)


def _again(outcome: Outcome, body: Mapping[str, Any]) -> Retry | None:
    return Retry(outcome.seconds, until=body["until"]) if isinstance(outcome, Later) else None
