"""A world and a tip to hand over."""

from datetime import date

from bot import regions
from bot.conversation.case import Case
from bot.conversation.draft import Draft
from bot.conversation.post import Exhibit
from bot.conversation.screens import say
from bot.conversation.world import Rules, World
from bot.handover.masking import Tip
from bot.handover.sheet import Handing
from bot.locales.lexicon import LANGUAGES, lexicon

DAY = date(2026, 11, 24)
RULES = Rules(
    "Koalisi Warga", "halo@koalisi.example", "Pilkada 2031", LANGUAGES, 72, 90, 30, 10, 20, forwards_content=True
)
WORLD = World(
    dict.fromkeys(("WIB", "WITA", "WIT", ""), DAY),
    regions.load(),
    {language: lexicon(language) for language in LANGUAGES},
    RULES,
    1,
)
STORY = 'Kepala dinas meminta staf memilih nomor 2. "Kalau tidak, dimutasi." Nomor saya 0812-3456-7890.'
NIP = "198609262015051001"
HANDING = Handing("bawaslu", "Dewi", "Budi", DAY, "Asia/Makassar", 90)


def words(text: str):
    return say("show.words", words=text)


def tip(story: str = STORY, *, nip: str = NIP, exhibits: tuple[Exhibit, ...] = (), talk=(), **answers: str) -> Tip:
    told = {
        "status": "PNS",
        "accused": "Kepala Dinas Pendidikan",
        "region": "73.04.02",
        "place": "Halaman kantor dinas",
        "happened": "2026-11-22",
        "known": "2026-11-23",
        "categories": ("AJAKAN", "FASILITAS"),
        "story": story,
        "nip": nip,
    }
    case = Case("K7QX-2M", "PNS", "73.04", ("AJAKAN", "FASILITAS"), "2026-11-22", "2026-11-23", election="Pilkada 2031")
    return Tip(case, Draft("id", 3, "review", answers=told | answers), DAY, tuple(talk), exhibits)
