"""Signs that nobody sees, in what people write: they hide words from a check, and can number each copy of a letter.

Rule: of what Unicode has readers ignore (Default_Ignorable_Code_Point) that stays alone which changes what is seen:
joiners after letters of scripts whose shapes they choose (as UAX #31 has it for identifiers) and between the parts of
one picture, and what draws a picture, or a framed digit, with colours or without. Variants of ideographs and the flags
that are spelt out in tags go: there are enough of them to hide a sentence in one sign.
"""

import re

_SCRIPTS = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1a00-\u1a1f\u1b00-\u1bff\ua980-\ua9ff\uaa60-\uaa7f"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010aff\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
"""Arabic and its kin, those of India, Burma, the Khmer and the Mongols, and Indonesia's own from Java to Bugis."""
_PICTURES = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# The sign stands first, and what stands before it is looked at last: most texts have none of these.
_SHAPES_NOTHING = re.compile("[\u180b-\u180f](?<![\u1820-\u18aa].)")
_COLOURS_NOTHING = re.compile(f"[\ufe0e\ufe0f](?<![{_PICTURES}].)(?:(?<![#*0-9].)|(?!\u20e3))")
_JOINS_NOTHING = re.compile(
    f"[\u200c\u200d](?<![{_SCRIPTS}{_PICTURES}\ufe0f].)"
    f"|[\u200c\u200d](?<=[{_PICTURES}\ufe0f].)(?:(?<=\u200c)|(?![{_PICTURES}]))"
)


def without_unseen(words: str) -> str:
    """The same to the eye, where it shows all of a text: without signs that only a program sees."""
    for pattern in (_UNSEEN, _SHAPES_NOTHING, _COLOURS_NOTHING, _JOINS_NOTHING):
        words = pattern.sub("", words)
    return words
