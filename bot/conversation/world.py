"""All that the conversation may know besides the draft and the event: handed in, never looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.betrayal import NOBODY, Reader
from bot.conversation.lexicon import Lexicon
from bot.conversation.regions import RegionTable


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator has set and promises: who runs the line, for which election, and its limits.

    `draft_hours` until an unfinished tip is forgotten, `retention_days` after closing, `backup_days` that copies live,
    `files_most` pieces of evidence of at most `file_mb` MB each, `forwards_content` where the channel gets full tips.
    `archive_after` is when a tip goes to the archive, "closing" or "delivery", empty where there is none.
    """

    operator: str
    contact: str
    election: str
    languages: tuple[str, ...]
    draft_hours: int
    retention_days: int
    backup_days: int
    files_most: int
    file_mb: int
    forwards_content: bool
    archive_after: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """`today` by zone (WIB, WITA, WIT, and "" for the operator's own); `lexicon` by the reporter's language.

    `fresh` is a random number of 32 bits, new with every event: it names what the event begins. `reader` is the
    reporter as the platform shows them now, for the check of their own words alone. `silenced`: they are blocked, and
    no new tip is taken from them (see `silence`).
    """

    today: Mapping[str, date]
    regions: RegionTable
    lexicon: Mapping[str, Lexicon]
    rules: Rules
    fresh: int
    reader: Reader = NOBODY
    silenced: bool = False
