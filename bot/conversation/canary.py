"""A made-up reporter, who walks from /start to sending by what is on the screen.

Rule: it answers what it is asked and knows no order, so what would stop every reporter stops it too.
"""

from bot.conversation.advance import advance
from bot.conversation.draft import Draft
from bot.conversation.effects import Submit
from bot.conversation.events import Chose, Command, Commanded, Event, Typed
from bot.conversation.screens import Screen
from bot.conversation.world import World

EVENTS_MOST = 50
TYPED = {"accused": "Bisik", "region": "Jeneponto", "story": "Bisik"}
# What leads on, where it is offered; else the first choice is an answer.
ONWARD = ("send", "next", "skip", "code")


def sent(world: World) -> Draft | None:
    """The draft that it sends, None where it does not come so far."""
    step = advance(None, Commanded(Command.START), world)
    draft = None
    for _ in range(EVENTS_MOST):
        draft = step.draft
        step = advance(draft, _event(draft, step.screens[-1]), world)
        if Submit() in step.effects or not step.screens:
            break
    return draft if Submit() in step.effects else None


def _event(draft: Draft | None, screen: Screen) -> Event:
    if draft and screen.question in TYPED and not draft.text(screen.question):
        return Typed(TYPED[screen.question])
    codes = [choice.code for choice in screen.choices]
    return Chose(screen.turn, screen.question, next((code for code in (*ONWARD, *codes) if code in codes), ""))
