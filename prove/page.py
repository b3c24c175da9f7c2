"""A chapter's shape, and the page that the chapters' findings make."""

import platform
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil


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
        about = f"{self.chapter.about} {self.much:,} {self.chapter.unit}, {self.seconds:,.0f} s."
        return f"## {self.chapter.name.capitalize()}\n\n{about}\n\n| claim | found |\n|---|---|\n{rows}\n"


def page(proofs: Iterable[Proof]) -> str:
    """The whole page, in Markdown."""
    machine = f"{psutil.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    head = (
        f"# Proof\n\nWritten by `make prove` for Bisik {version('bisik')} ({machine}). Nothing here is typed by hand.\n"
    )
    return "\n".join([head, *(proof.told() for proof in proofs)])


def need(holds: object, sentence: str) -> None:
    """Raise `Broken` with the sentence unless the claim holds."""
    if not holds:
        raise Broken(sentence)
