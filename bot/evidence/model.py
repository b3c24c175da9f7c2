"""What cleaning hands back: the clean file with its report, or a refusal.

Rule: a report names *sorts* of things that were removed, and a refusal its sort of reason; neither ever
carries a value out of the file, so that both may be shown in a chat and kept in a record.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["picture", "video", "audio", "voice", "animation", "document"]
Reason = Literal[
    "unsupported",  # a type that is not cleaned here
    "encrypted",  # needs a password
    "macros",  # carries programs
    "broken",  # does not read to its end
    "too_big",  # more pixels, pages or bytes than are cleaned here
    "bomb",  # small outside, huge inside
    "still_dirty",  # the second reader found something after cleaning
    "timeout",  # took longer than its worker's time
    "crashed",  # its worker died
]
Code = Literal[
    "gps",
    "device",
    "software",
    "author",
    "time",
    "name",
    "thumbnail",
    "comments",
    "tracked_changes",
    "attachments",
    "scripts",
    "links",
    "hidden",
    "other",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
CODES: tuple[Code, ...] = get_args(Code)


class Refused(Exception):
    """The file is not handed on; `reason` is all that is said of it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(slots=True)
class Washed:
    """What one room hands back: clean bytes, their conventional extension, what was found and left out."""

    data: bytes
    extension: str
    found: set[Code] = field(default_factory=set)
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    kind: Kind | None = None  # only where the extension alone does not say it


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean file and its report.

    `kind` is how it is best shown, `removed` the sorted codes of what was taken out, the digests are
    hexadecimal SHA-256 of the bytes received and of `data`; width and height are pixels as displayed,
    duration is seconds.
    """

    data: bytes
    kind: Kind
    extension: str
    media_type: str
    removed: tuple[Code, ...]
    original_sha256: str
    clean_sha256: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
