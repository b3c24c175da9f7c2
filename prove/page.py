"""A chapter's shape, and the page that the chapters' findings make."""

import platform
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

_MARK: Final = "## "


class Broken(Exception):
    """A claim does not hold; the sentence says which, without anybody's words."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim that held, and what was measured of it."""

    claim: str
    measured: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """`prove` gets a folder of its own and how much to do: `long` on the page, `short` where everything is checked."""

    name: str
    about: str
    unit: str
    short: int
    long: int
    prove: Callable[[Path, int], Coroutine[object, object, Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Proof:
    """A chapter as it was proved: how much of it, in how many seconds, and what was found."""

    chapter: Chapter
    much: int
    seconds: float
    findings: Sequence[Finding]

    def told(self) -> str:
        """The chapter as a piece of the page."""
        rows = "\n".join(f"| {one.claim} | {one.measured} |" for one in self.findings)
        machine = f"{psutil.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        less = f" of {self.chapter.long:,}" if self.much < self.chapter.long else ""
        about = f"{self.chapter.about} {self.much:,}{less} {self.chapter.unit}, {self.seconds:,.0f} s ({machine})."
        return f"{_heading(self.chapter)}\n\n{about}\n\n| claim | found |\n|---|---|\n{rows}\n"


def page(chapters: Sequence[Chapter], proofs: Iterable[Proof], former: str) -> str:
    """The page in Markdown, in the order of `chapters`: what was proved now, and of the rest what was there."""
    pieces = {f"{_MARK}{piece}".partition("\n")[0]: f"{_MARK}{piece}" for piece in former.split(_MARK)[1:]}
    pieces |= {_heading(proof.chapter): proof.told() for proof in proofs}
    head = f"# Proof\n\nWritten by `make prove` for Bisik {version('bisik')}. Nothing here is typed by hand.\n"
    return "\n".join([head, *(f"{pieces[one].rstrip()}\n" for one in map(_heading, chapters) if one in pieces)])


def _heading(chapter: Chapter) -> str:
    return f"{_MARK}{chapter.name.capitalize()}"


def need(holds: object, sentence: str) -> None:
    """Raise `Broken` with the sentence unless the claim holds."""
    if not holds:
        raise Broken(sentence)
