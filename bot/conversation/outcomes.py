"""What the reporter hears of a tip that is no longer in hand: the receipt, where it is, that it is gone."""

from enum import StrEnum

from bot.conversation.receipt import write_receipt
from bot.conversation.screens import Line, Screen, say


class Standing(StrEnum):
    """How far a tip has come, in the words of the tally and of the reporter's status."""

    RECEIVED = "received"
    DELIVERED = "delivered"


def _told(*lines: Line) -> Screen:
    return Screen("", 0, lines)


def sent(receipt: str) -> Screen:
    """The receipt, shown once, with what it is for and how to clear the chat."""
    return _told(
        say("sent.thanks"), say("sent.receipt", receipt=write_receipt(receipt)), say("sent.how"), say("sent.clear")
    )


def standing(found: Standing | None) -> Screen:
    return _told(say(f"standing.{found}") if found else say("receipt.unknown"))


def withdrawn() -> Screen:
    return _told(say("withdraw.done"))


def throttled() -> Screen:
    return _told(say("receipt.wait"))
