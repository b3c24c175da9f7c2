"""What may be on a disk after the power was cut.

What a sync has confirmed is there. Of what was written since, any part may be: nothing, all, a beginning that breaks
off within a piece, or whichever sectors the disk happened to get to.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from random import Random

from prove.layer import Change, Cut, Event, FolderSynced, Removed, Replaced, Synced, Written

SECTOR = 512


class Disk:
    """Files by name: what is `certain` to be there, and the changes that no sync has confirmed yet."""

    def __init__(self, certain: Mapping[str, bytes] | None = None) -> None:
        self._certain = dict(certain or {})
        self._pending: dict[str, list[Change]] = {}

    def sees(self, event: Event) -> None:
        match event:
            case Written() | Cut() | Removed() | Replaced():
                self._pending.setdefault(event.file, []).append(event)
            case Synced(file):
                self._settle(file, len(self._pending.get(file, ())))
            case FolderSynced():
                for file, changes in self._pending.items():
                    self._settle(file, sum(1 for _ in takewhile(lambda one: isinstance(one, Removed), changes)))

    def whole(self) -> dict[str, bytes]:
        """With everything that was asked for."""
        return self._with(self._pending)

    def torn(self, chance: Random) -> dict[str, bytes]:
        """As a power cut may leave it."""
        parts = chance.choice((_nothing, _everything, _beginning, _any_sectors))
        return self._with({file: parts(changes, chance) for file, changes in self._pending.items() if changes})

    def _settle(self, file: str, much: int) -> None:
        changes = self._pending.get(file, [])
        self._certain[file] = _changed(self._certain.get(file, b""), changes[:much])
        self._pending[file] = changes[much:]

    def _with(self, changes: Mapping[str, Sequence[Change]]) -> dict[str, bytes]:
        return {
            file: _changed(self._certain.get(file, b""), changes.get(file, ())) for file in {*self._certain, *changes}
        }


def _changed(data: bytes, changes: Sequence[Change]) -> bytes:
    changing = bytearray(data)
    for change in changes:
        match change:
            case Written(_, offset, piece):
                changing.extend(bytes(max(0, offset - len(changing))))
                changing[offset : offset + len(piece)] = piece
            case Cut(_, size):
                del changing[size:]
                changing.extend(bytes(size - len(changing)))
            case Removed():
                changing.clear()
            case Replaced(_, anew):
                changing[:] = anew
    return bytes(changing)


def _nothing(_changes: Sequence[Change], _chance: Random) -> list[Change]:
    return []


def _everything(changes: Sequence[Change], _chance: Random) -> Sequence[Change]:
    return changes


def _beginning(changes: Sequence[Change], chance: Random) -> list[Change]:
    *before, last = changes[: chance.randint(1, len(changes))]
    if isinstance(last, Written):
        last = Written(last.file, last.offset, last.data[: chance.randrange(len(last.data))])
    return [*before, last]


def _any_sectors(changes: Sequence[Change], chance: Random) -> list[Change]:
    share = chance.random()
    return [sector for change in changes for sector in _sectors(change) if chance.random() < share]


def _sectors(change: Change) -> Iterator[Change]:
    if not isinstance(change, Written):
        yield change
        return
    first = change.offset // SECTOR * SECTOR
    for begin in range(first, change.offset + len(change.data), SECTOR):
        offset = max(begin, change.offset)
        yield Written(change.file, offset, change.data[offset - change.offset : begin + SECTOR - change.offset])
