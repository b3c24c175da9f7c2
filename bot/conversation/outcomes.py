"""What the reporter hears of a tip that is no longer in hand: the receipt, that it is not found, that it is gone."""

from bot.conversation.receipt import write_receipt
from bot.conversation.screens import Line, Screen, say


def _told(*lines: Line) -> Screen:
    return Screen("", 0, lines)


def sent(receipt: str) -> Screen:
    """The receipt, shown once, with what it is for and how to clear the chat."""
    return _told(
        say("sent.thanks"), say("sent.receipt", receipt=write_receipt(receipt)), say("sent.how"), say("sent.clear")
    )


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
