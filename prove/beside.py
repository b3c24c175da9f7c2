"""What Python itself writes beside the database, as events like those of SQLite's files.

Rule: nothing counts as being on the disk that nobody asked to be there: of a file its bytes, of its folder its name.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from prove.layer import Change, Cut, Replaced, Synced, Written
from prove.page import need

Node = tuple[int, int]


@dataclass
class Beside:
    """A file at a path, which grows at its end, or is replaced by another. What it is at first is on the disk."""

    path: Path
    data: bytes = b""
    _node: Node | None = None
    _former: Node | None = None
    _named: bool = False
    _whole: dict[Node, int] = field(default_factory=dict)
    """Sizes of files, as they were when they were last on the disk."""

    def __post_init__(self) -> None:
        if self.path.exists():
            status = self.path.stat()
            self.data, self._node, self._named = self.path.read_bytes(), _node(status), True
            self._whole[_node(status)] = status.st_size

    def changes(self) -> Iterator[Change]:
        """What happened to it since this was last asked."""
        if not self.path.exists():
            return
        name, before, node = self.path.name, self.data, _node(self.path.stat())
        self.data = self.path.read_bytes()
        if node != self._node:
            whole = self._whole.get(node) == len(self.data)
            self._former, self._node, self._named = self._node, node, False
            anew: list[Change] = [Replaced(name, self.data)] if whole else [Cut(name, 0), Written(name, 0, self.data)]
            yield from anew
        elif self.data != before:
            need(self.data.startswith(before), f"Another {name} was written over the one there was.")
            yield Written(name, len(before), self.data[len(before) :])

    def synced(self, status: os.stat_result) -> Iterator[Synced]:
        """A file, or a folder, is on the disk as it is; perhaps it is this one."""
        node, folder = _node(status), _node(self.path.parent.stat())
        need(self._named or node != self._former, "What was replaced was overwritten before its place was on the disk.")
        self._whole[node] = status.st_size
        self._named = self._named or node == folder
        held = self._whole.get(self._node) if self._node else None
        if self._named and node in {self._node, folder} and held == len(self.data):
            yield Synced(self.path.name)


def _node(status: os.stat_result) -> Node:
    return status.st_dev, status.st_ino


@contextmanager
def synced_by_python(confirmed: Callable[[os.stat_result], None]) -> Iterator[None]:
    """Have `confirmed` called with each file or folder that was asked to be on the disk, and is."""
    system = os.fsync

    def fsync(file: int) -> None:
        system(file)
        confirmed(os.fstat(file))

    with patch.object(os, "fsync", fsync):
        yield
