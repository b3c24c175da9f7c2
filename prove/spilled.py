"""What a process leaves beside its own files: what it prints, what is temporary, what it writes and takes away again.

Rule: all of that comes to lie in the folder that is given, so that whoever searches the folder searches it too.
"""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Final
from unittest.mock import patch

PRINTED: Final = "printed"
TEMPORARY: Final = "temporary"
REMOVED: Final = "removed"
ELSEWHERE: Final = "elsewhere"
OUT, ERROR = 1, 2
WRITING = os.O_WRONLY | os.O_RDWR


@contextmanager
def spilling_into(folder: Path) -> Iterator[None]:
    """Let all that this process says and writes within the block come to lie in this folder.

    Standard output and error are in `printed`, whoever writes to them; temporary files in `temporary`; what is
    removed, replaced or emptied stays in `removed`; copies of what is written outside of the folder are in `elsewhere`.
    """
    for name in (TEMPORARY, REMOVED, ELSEWHERE):
        (folder / name).mkdir(exist_ok=True)
    with _printing_into(folder / PRINTED), _temporary_in(folder / TEMPORARY), _witnessed(_Witness(folder)):
        yield


@contextmanager
def _printing_into(path: Path) -> Iterator[None]:
    """The descriptors, which other languages and processes write to, and Python's own streams."""
    sys.stdout.flush()
    sys.stderr.flush()
    with path.open("a", encoding="utf-8") as said, redirect_stdout(said), redirect_stderr(said):
        before = {number: os.dup(number) for number in (OUT, ERROR)}
        for number in before:
            os.dup2(said.fileno(), number)
        try:
            yield
        finally:
            for number, kept in before.items():
                os.dup2(kept, number)
                os.close(kept)


@contextmanager
def _temporary_in(folder: Path) -> Iterator[None]:
    """Temporary files of the process and its children; none without a name, which nobody could keep."""
    with (
        patch.dict(os.environ, {"TMPDIR": str(folder)}),
        patch.object(tempfile, "tempdir", str(folder)),
        patch.object(tempfile, "_O_TMPFILE_WORKS", new=False),
    ):
        yield


class _Witness:
    """Keeps what would be gone, at the moment before it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._lock, self._kept = threading.RLock(), 0
        self.elsewhere: set[Path] = set()

    def hears(self, event: str, given: tuple[object, ...]) -> None:
        match event, given:
            case "os.remove", (path, int(within)):
                self._keeps(_path(path, within))
            case "os.rename", (_, path, _, int(within)):
                self._keeps(_path(path, within))
            case "open", (str() | bytes() as path, _, int(flags)) if flags & WRITING:
                self._opens(_path(path), emptied=bool(flags & os.O_TRUNC))

    def _opens(self, path: Path, *, emptied: bool) -> None:
        if emptied and path.is_file() and path.stat().st_size:
            shutil.copyfile(path, self._place(REMOVED, path))
        if not path.is_relative_to(self._folder):
            self.elsewhere.add(path)

    def _keeps(self, path: Path) -> None:
        """A second name, so that what is still written to it afterwards is kept as well; on another disk, a copy."""
        if path.is_file():
            kept = self._place(REMOVED, path)
            try:
                os.link(path, kept)
            except OSError:
                shutil.copyfile(path, kept)

    def ends(self) -> None:
        """Copy what was written elsewhere and is still there."""
        for path in self.elsewhere:
            if path.is_file():
                shutil.copyfile(path, self._place(ELSEWHERE, path))

    def _place(self, kind: str, path: Path) -> Path:
        with self._lock:
            self._kept += 1
            return self._folder / kind / f"{self._kept} {path.name}"


def _path(given: object, within: int = -1) -> Path:
    """A path as the system was told it, from the folder that is open as `within`, if any."""
    path = Path(os.fsdecode(given)) if isinstance(given, str | bytes | os.PathLike) else Path()
    return Path(f"/proc/self/fd/{within}").resolve() / path if within >= 0 else path.absolute()


_witnesses: list[_Witness] = []
_own = threading.local()


@contextmanager
def _witnessed(witness: _Witness) -> Iterator[None]:
    _listen()
    _witnesses.append(witness)
    try:
        yield
    finally:
        _witnesses.remove(witness)
        witness.ends()


@cache
def _listen() -> None:
    """Once and for good: Python lets nobody stop listening."""
    sys.addaudithook(_hear)


def _hear(event: str, given: tuple[object, ...]) -> None:
    if _witnesses and event in {"open", "os.remove", "os.rename"} and not getattr(_own, "acts", False):
        _own.acts = True  # what a witness does itself is not heard
        try:
            for witness in _witnesses:
                with suppress(OSError):
                    witness.hears(event, given)
        finally:
            _own.acts = False
