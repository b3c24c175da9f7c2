"""What the reporter hears of a tip that is no longer in hand: the receipt, that it is not found, that it is gone."""

from bot.conversation.receipt import write_receipt
from bot.conversation.screens import Choice, Line, Screen, say


def _told(*lines: Line) -> Screen:
    return Screen("", 0, lines)


def sent(receipt: str) -> Screen:
    """The receipt, shown once and hidden until it is tapped: lost is lost is said before, and how to clear the chat."""
    shown = write_receipt(receipt)
    before, after = (say("sent.thanks"), say("sent.once")), (say("sent.how"), say("sent.clear"))
    lines = (*before, say("sent.receipt", receipt=shown), *after)
    return Screen("", 0, lines, (Choice("copy", say("sent.copy"), copies=shown),))


def unknown() -> Screen:
    return _told(say("receipt.unknown"))


def withdrawn() -> Screen:
    return _told(say("withdraw.done"))


def held_back(contact: str) -> Screen:
    return _told(say("withdraw.held", contact=contact))


def throttled() -> Screen:
    return _told(say("receipt.wait"))


def banned() -> Screen:
    return _told(say("banned"))


def slow() -> Screen:
    return _told(say("slow"))


def heard(line: Line) -> Screen:
    """What became of something that was written to the other side."""
    return _told(line)
