"""What a moderator's client can send as a button, and anybody's as a link, beyond what was ever drawn."""

from itertools import product

import pytest
from office import SARI, office_at
from staff import RINA, Staff

from bot.conversation import board, card, casework, compose
from bot.conversation.errands import Pressed
from bot.conversation.events import Command, Commanded
from bot.services.remarks import REMARK

ARGUMENTS = ("", "-", "-1", "9" * 30, "²", "\0", "é" * 20, "K7QX-2M", "status", "on-FOTO-0", "\u202e")
VERBS = ("", "?", card.MENU, card.HISTORY, *casework.ACTS, *compose.WORK)
LINKS = ("", "\0", "A" * 20, "a" * 64, "²" * 20, "\ud800", "../..", "K7QX-2M", "9" * 5_000)


@pytest.mark.parametrize("screen", ["", "card", board.QUEUE, REMARK, "K7QX-2M", "²", "\0", "\ud800"])
async def test_no_button_of_a_moderator_raises(tmp_path, screen: str):
    """Every act with every argument, on a card, in a queue or nowhere, gets a word; the trail stays whole."""
    async with office_at(tmp_path) as office:
        staff = Staff(office)
        number = await office.sends(SARI)
        message = (await staff.card(number)).message
        shown = number if screen == "card" else screen
        answers = [
            await staff.does(RINA, Pressed(shown, f"{verb}-{argument}"), message)
            for verb, argument in product(VERBS, ARGUMENTS)
        ]
        _, faults = await staff.trail()

    assert None not in answers
    assert [] == faults


@pytest.mark.parametrize("words", LINKS)
async def test_no_link_raises(tmp_path, words: str):
    """Whatever stands behind "start" in a link, who follows it gets a screen, reporter and moderator alike."""
    async with office_at(tmp_path) as office:
        Staff(office)
        replies = [await office.desk.hears(chat, Commanded(Command.START, words), 1) for chat in (SARI, RINA.user)]

    assert all(reply.screens for reply in replies)
