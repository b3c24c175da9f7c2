"""A tip's hand-over as files: the sheet, the texts, the evidence under neutral names, and the sums of all of them.

Rule: nothing is compressed and nothing dated, so that the same files give the same bytes with any zlib. A package
that would be too large for who carries it is cut into several, each whole in itself.
"""

import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Final

from bot.conversation.post import Exhibit
from bot.handover.letters import plain
from bot.handover.masking import Tip
from bot.handover.pdf import pdf
from bot.handover.sheet import Handing, Writer, file_name, portal, story

SHEET: Final = "informasi-awal.pdf"
STORY: Final = "uraian.txt"
MANIFEST: Final = "SHA256SUMS"
UNDATED: Final = (1980, 1, 1, 0, 0, 0)
MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Part:
    """One package of a tip's, such as `K7QX-2M-2.zip`; the papers lie in the first."""

    name: str
    exhibits: tuple[Exhibit, ...]
    papers: bool


def parts(number: str, exhibits: Sequence[Exhibit], most: int) -> tuple[Part, ...]:
    """Exhibits with files, in their order, in as few packages of at most `most` bytes as that allows."""
    groups: list[list[Exhibit]] = [[]]
    for one in filter(file_name, exhibits):
        if groups[-1] and sum(other.size for other in groups[-1]) + one.size > most:
            groups.append([])
        groups[-1].append(one)
    names = [f"{number}.zip"] if len(groups) == 1 else [f"{number}-{n}.zip" for n in range(1, len(groups) + 1)]
    return tuple(
        Part(name, tuple(group), papers=n == 0) for n, (name, group) in enumerate(zip(names, groups, strict=True))
    )


def papers(writer: Writer, tip: Tip, handing: Handing) -> Mapping[str, bytes]:
    """What is written about a tip, by file name: the sheet, the reporter's words in full, the text for a portal."""
    sheet = writer.sheet(tip, handing)
    name, text = portal(writer, tip)
    return {
        SHEET: pdf(sheet, writer.page),
        STORY: plain(story(writer, tip)).encode(),
        name: plain(text).encode(),
    }


class Packing(ABC):
    """Takes files one by one; `close` adds the sums, in the form that `sha256sum -c` reads."""

    def __init__(self) -> None:
        self._sums: list[str] = []

    def add(self, folder: str, name: str, data: bytes) -> None:
        path = f"{folder}/{name}"
        self._sums.append(f"{sha256(data).hexdigest()}  {path}\n")
        self._write(path, data)

    def close(self) -> None:
        self._write(MANIFEST, "".join(self._sums).encode())

    @abstractmethod
    def _write(self, path: str, data: bytes) -> None: ...


class Package(Packing):
    """A ZIP; the same files give the same bytes."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self._zip = zipfile.ZipFile(out, "w")

    def close(self) -> None:
        with self._zip:  # it is closed also where the sums find no room
            super().close()

    def _write(self, path: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(path, UNDATED)
        entry.create_system, entry.external_attr = 3, MODE << 16
        self._zip.writestr(entry, data)


class Folder(Packing):
    """Files in a folder; `write` makes one by its path within."""

    def __init__(self, write: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self._make = write

    def _write(self, path: str, data: bytes) -> None:
        self._make(path, data)
