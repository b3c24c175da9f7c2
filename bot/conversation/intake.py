"""The intake: every question, in the order in which it is asked. To ask something else, change this table.

`INTAKE` is the short way from the consent to the review. `DETAILS` wait behind "Tambah rincian" at the review.
"""

from bot.conversation.evidence import Evidence
from bot.conversation.own_words import STORY_MOST, Number, Words
from bot.conversation.questions import OneOf, Question, SomeOf
from bot.conversation.when import Clock, Day, KnownDay
from bot.conversation.where import Spot, Where

STEPS = 6
WHO, WHERE, WHEN, WHAT, EVIDENCE, HEAR = range(1, STEPS + 1)

# The six most reported and "not known" stand on the first page.
STATUS = ("PNS", "PPPK", "KADES", "PERANGKAT", "NONASN", "TIDAKTAHU", "PEJABAT", "BUMND", "TNI", "POLRI")

FREQUENT = ("MEDSOS", "HADIR", "FOTO", "AJAKAN")

CATEGORY_GROUPS = {
    "APK": ("MEDSOS", "FOTO", "APK", "ATRIBUT"),
    "KAMPANYE": ("HADIR", "MOBILISASI", "AJAKAN", "TIMSES"),
    "JABATAN": ("FASILITAS", "BAGI", "KEPUTUSAN", "MUTASI"),
    "TEKANAN": ("TEKANAN",),
    "PARTAI": ("PARPOL", "DUKUNGAN"),
    "LAIN": ("LAIN",),
}

INTAKE: tuple[Question, ...] = (
    OneOf("status", WHO, codes=STATUS),
    Words("accused", WHO, most=300),
    Where("region", WHERE),
    Spot("place", WHERE, optional=True, most=200),
    Day("happened", WHEN),
    KnownDay("known", WHEN),
    SomeOf("categories", WHAT, frequent=FREQUENT, groups=CATEGORY_GROUPS, hinted=frozenset({"TEKANAN"})),
    Words("story", WHAT, most=STORY_MOST, hint_under=50),
    Evidence("evidence", EVIDENCE),
    OneOf("contact", HEAR, codes=("here", "code")),
)

DETAILS: tuple[Question, ...] = (
    Number("nip", WHO, optional=True, most=80),
    Clock("hour", WHEN, optional=True),
    OneOf("source", WHAT, optional=True, codes=("SAW", "GROUP", "ONLINE", "TOLD")),
    Words("benefits", WHAT, optional=True, most=200),
    Words("witnesses", EVIDENCE, optional=True, most=500),
)

QUESTIONS = {question.name: question for question in (*INTAKE, *DETAILS)}
