"""What two tips have in common when they may be of the same matter, without anything that either says.

Rule: a feature is strong enough to say something by itself, and no more than that. They are, the strongest first: the
accused's NIP; two words of the accused in one regency, one of which is no mere title; day, kind and regency of what
happened. What day and kind tell of many, such as on the day of a rally, is told of none.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import combinations

from bot.conversation.case import Case
from bot.conversation.draft import Draft
from bot.conversation.where import regency_of

NIP, WHO, WHAT = 1000, 10, 1
"""How strong a feature of each kind is; of the weaker kinds no tip has so many that they come to more."""
FEW = 3
"""With so many others at most a tip may share its day and kind for that to mean something."""
ALIKE_MOST = 5
WORDS_MOST = 8
SHORTEST_NIP = 9
_TITLES = """
pak bu bapak ibu haji hajah kepala kadis dinas badan kantor bagian bidang seksi staf staff pegawai asn pns pppk
guru camat lurah desa sekretaris kecamatan kelurahan kabupaten kota dan di yang
"""
TITLES = frozenset(_TITLES.split())


def features(draft: Draft) -> dict[bytes, int]:
    """Each feature of a tip, as bytes that are the same for the same thing, with its strength."""
    region = regency_of(draft)
    digits = "".join(sign for sign in draft.text("nip") if sign.isascii() and sign.isdigit())
    nip = [f"nip {digits}"] if len(digits) >= SHORTEST_NIP else []
    words = sorted(dict.fromkeys(_words(draft.text("accused"))))[:WORDS_MOST]
    who = [f"who {region} {one} {two}" for one, two in combinations(words, 2) if not {one, two} <= TITLES]
    what = [f"what {region} {draft.text('happened')} {kind}" for kind in draft.picks("categories")]
    strong = dict.fromkeys(nip, NIP) | dict.fromkeys(who, WHO) | dict.fromkeys(what, WHAT)
    return {feature.encode(): strength for feature, strength in strong.items()}


def likenesses(of: Mapping[bytes, int], shared: Mapping[bytes, Collection[bytes]]) -> dict[bytes, int]:
    """How like a tip with the features `of` is to others by what each of them shares, the strongest first."""
    common = _common(shared)
    telling = {one: strength for one, strength in of.items() if strength > WHAT or common[one] <= FEW}
    like = {other: sum(telling.get(one, 0) for one in those) for other, those in shared.items()}
    return {other: like[other] for other in sorted(like, key=lambda one: -like[one]) if like[other]}


def crowded(of: Mapping[bytes, int], shared: Mapping[bytes, Collection[bytes]]) -> list[bytes]:
    """Those others with whom by this tip so many share a day and a kind that it means nothing any more."""
    common = _common(shared)
    over = {one for one, strength in of.items() if strength == WHAT and common[one] == FEW + 1}
    return [other for other, those in shared.items() if over & {*those}]


def strengths(case: Case) -> dict[str, int]:
    """How like each tip is that a case names, by number; of cases of before it was kept, as by its name."""
    known = dict(zip(case.alike, case.strengths, strict=False))
    return {number: known.get(number, WHO) for number in case.alike}


def _common(shared: Mapping[bytes, Collection[bytes]]) -> Counter[bytes]:
    return Counter(feature for those in shared.values() for feature in those)


def named(case: Case, others: Mapping[str, int], least: int = WHAT) -> Case:
    """A case that names these tips too, by number and strength: the strongest first, none that is under `least`.

    Of two that are as strong the one that was named first gives way.
    """
    all_of_them = {**others, **strengths(case), **others}
    known = {number: strength for number, strength in all_of_them.items() if strength >= least}
    first = sorted(known, key=lambda one: -known[one])[:ALIKE_MOST]
    return replace(case, alike=tuple(first), strengths=tuple(known[one] for one in first))


def _words(told: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", told).casefold()
    spaced = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return [word for word in spaced.split() if len(word) > 1]
