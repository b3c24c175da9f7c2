"""A case, the moderators who work it, and the world that they see it in."""

from datetime import date

from bot import regions
from bot.conversation.case import Actor, Case
from bot.conversation.world import Rules, World
from bot.locales.catalogue import Catalogues
from bot.locales.lexicon import LANGUAGES

TODAY = date(2026, 11, 24)
RINA, BUDI, ADMIN = Actor("M1", "Rina"), Actor("M2", "Budi"), Actor("A1", "Sari", admin=True)
CASE = Case("K7QX-2M", "PNS", "73.04", ("MEDSOS", "FOTO"), "2026-11-20", "2026-11-22", formal=True, reachable=True)
LABELS = {"1": "Kades", "2": "<b>Penting</b>"}
REGIONS = regions.load()
CATALOGUES = Catalogues.load()


def world(*, forwards_content: bool = True):
    rules = Rules("L", "c", "Pilkada", LANGUAGES, 72, 90, 30, 10, 20, forwards_content=forwards_content)
    return World(dict.fromkeys(("WIB", "WITA", "WIT", ""), TODAY), REGIONS, {}, rules, 1)
