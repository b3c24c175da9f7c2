"""What two tips have in common when they may be of the same matter, without anything that either says.

Rule: a feature is strong enough to say "maybe the same" by itself, and no more than that. They are: the accused's
NIP; two words of the accused in one regency, one of which is no mere title; day, kind and regency of what happened.
"""

import unicodedata
from itertools import combinations

from bot.conversation.draft import Draft
from bot.conversation.questions import regency_of

WORDS_MOST = 8
SHORTEST_NIP = 9
_TITLES = """
pak bu bapak ibu haji hajah kepala kadis dinas badan kantor bagian bidang seksi staf staff pegawai asn pns pppk
guru camat lurah desa sekretaris kecamatan kelurahan kabupaten kota dan di yang
"""
TITLES = frozenset(_TITLES.split())


def features(draft: Draft) -> frozenset[bytes]:
    """Each feature of a tip, as bytes that are the same for the same thing."""
    region = regency_of(draft)
    digits = "".join(sign for sign in draft.text("nip") if sign.isascii() and sign.isdigit())
    nip = [f"nip {digits}"] if len(digits) >= SHORTEST_NIP else []
    words = sorted(dict.fromkeys(_words(draft.text("accused"))))[:WORDS_MOST]
    who = [f"who {region} {one} {two}" for one, two in combinations(words, 2) if not {one, two} <= TITLES]
    what = [f"what {region} {draft.text('happened')} {kind}" for kind in draft.picks("categories")]
    return frozenset(feature.encode() for feature in (*nip, *who, *what))


def _words(told: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", told).casefold()
    spaced = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return [word for word in spaced.split() if len(word) > 1]
