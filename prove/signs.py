"""All of Unicode, said at every question: signs that turn lines round, that nobody sees, that are half, that are many.

Whatever is said gets an answer; what a tip tells reaches the channel without a sign that could hide or turn a word.
"""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from random import Random

from prove.page import Broken, Finding, need
from prove.stage import NUMBER, Phone, Scene, picture, scene_in
from prove.walkers import Walker

ROWS = (
    "\u202eterbalik\u202c \u2066terpisah\u2069 \u200fkanan",
    "ti\u200bdak\u200c ter\u2060lihat\ufeff",
    "😀" * 2048,
    "👩\u200d👩\u200d👧\u200d👦" * 300,
    "nol\0tengah\x01\x1f\x7f\x85akhir",
    "\ud800 setengah \udfff",
    "a\u0301" * 2000,
    "Z" + "\u0336\u0489" * 1500,
    "ﷺ" * 500,
    "١٢٣٤ ५६ \U0001d7cf ²",
    "\u2028baris\u2029alinea\u3164\u115f\u2800",
    "\U000e0041\U000e0042\U000e007f penanda",
    "\ue000\U000f0000\U0010fffd pribadi \ufdd0\uffff",
    "<b>&amp;</b> {count} %s ${x} |0| `kode` *tebal* [a](b)",
    "\n\n\n\t \u00a0\u2003\n.",
)
LONGEST, CAPTION = 1500, 500
AT_ONCE = 20
HIDING = {"Cc", "Cs"}
UNSEEN = {0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x200B, 0x2800, 0x3164, 0xFEFF, 0xFFA0} | {
    *(*range(0x200E, 0x2010), *range(0x2060, 0x2070), *range(0xFE00, 0xFE0E), *range(0xFFF0, 0xFFFC)),
    *(*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
}
"""What Unicode has readers ignore, and what passes for a letter and is blank; joiners shape letters and pictures."""
PART = re.compile(rf"{NUMBER.pattern} · bagian \d+/\d+\n")
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FIRST_ID = 620_000_000
TRIES = 60


async def prove(folder: Path, texts: int) -> Sequence[Finding]:
    """Let so many people say a text of their own wherever something can be said."""
    chance = Random(texts)  # noqa: S311 - what is made is no secret
    async with scene_in(folder) as scene, scene.bot() as app:
        rows = [ROWS[n] if n < len(ROWS) else _any(chance) for n in range(texts)]
        said = 0
        for first in range(0, texts, AT_ONCE):
            some = enumerate(rows[first : first + AT_ONCE], start=first)
            said += sum(await asyncio.gather(*(_says(_person(scene, n, text), text) for n, text in some)))
        await scene.delivered(texts)
        await app.jobs.settled()
        shown = "".join(post.text for post in scene.posts)
        told = _seen(PART.sub("", "\n".join(post.text for post in scene.posts if post.kind == "text")))
        short = [text for text in rows if any(map(str.isalnum, text)) and _seen(text) not in told]
        need(not short, f"Of {len(short)} stories not every sign that is seen reached the channel.")
        hidden = {sign for sign in shown if sign not in "\n\t" and _hides(sign)}
        need(not hidden, f"Signs that hide or turn words reached the channel: {sorted(map(hex, map(ord, hidden)))}.")
        aside = sum(n for what, n in app.health.counts.items() if str(what).startswith(("set_aside", "unsaid")))
        need(not aside, "A text was set aside.")
    return [
        Finding("texts that were not answered, wherever they were said", f"0 of {said:,}"),
        Finding(
            "signs in the channel that turn lines, control, or are not seen, joiners within letters and pictures aside",
            f"0 of {len(shown):,}",
        ),
        Finding("letters, digits, signs and pictures of a story that did not reach the channel in their order", "0"),
        Finding("tips that did not arrive", f"0 of {texts:,}"),
    ]


def _any(chance: Random) -> str:
    """Signs from anywhere in Unicode, as many as a message may hold."""
    return "".join(chr(chance.randrange(1, 0x110000)) for _ in range(chance.randrange(1, LONGEST)))


def _hides(sign: str) -> bool:
    return unicodedata.category(sign) in HIDING or sign in TURNING or ord(sign) in UNSEEN


def _seen(text: str) -> str:
    """Letters, digits, signs and pictures, in their order: what stays whatever is made legible."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LNPS" and ord(sign) not in UNSEEN)


def _person(scene: Scene, n: int, text: str) -> Phone:
    """Whose account is named so too."""
    return Phone(scene.simulator, scene.simulator.person(FIRST_ID + n, text[:30] or "-", language_code="id"))


async def _says(phone: Phone, text: str) -> int:
    """Say it at every question, with a picture too, and then send a tip; how often it was said."""
    walker, asked = Walker(phone, patience=2), set[str]()
    await phone.types(text)
    await phone.types("/start")
    for _ in range(TRIES):
        question = walker.phone.question
        if question not in asked:
            asked.add(question)
            await phone.types(text)
            if question == "evidence":
                phone.person.sends_photo(picture(64), caption=text[:CAPTION])
                await phone.sees("bukti tersimpan")
        elif await walker.step("tanda", set()):
            return len(asked) + 2
    raise Broken("Somebody whose words are strange got no receipt.")
