"""What SQLite does to its files, write by write, in the order in which it asks the system for it.

A file layer (SQLite calls it a VFS) lies between SQLite and the system's own: it passes on what is not to be refused,
and notes what changes a file, what is then asked to be on disk, and when a transaction is over. Python's `sqlite3`
cannot be given one, but the library that it uses can, for all connections that are opened from then on.
Source of the shapes: https://www.sqlite.org/c3ref/vfs.html and https://www.sqlite.org/c3ref/io_methods.html
"""

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from pathlib import Path

from prove.page import need

OK = 0
WRITER_LOCK, UNLOCK = 0, 1
"""Place of the writer's lock in the shared memory of a log, and the flag that lets a lock go."""
CREATE, LOGS = 0x04, 0x80800
"""Flags of an open: it may make the file; it is of a rollback journal or of a write-ahead log."""


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes at an offset of a file; they are not on disk before the file is `Synced`."""

    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """A file that was cut to a size."""

    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A file's name is gone; whether it is on disk is the folder's business."""

    file: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file in whose place another was put: what is read is the one or the other."""

    file: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    """All that was asked of a file so far is on disk."""

    file: str


@dataclass(frozen=True, slots=True)
class FolderSynced:
    """All names are on disk as they are."""


@dataclass(frozen=True, slots=True)
class Over:
    """A transaction came to its end, and whoever waits for it is told next."""


Change = Written | Cut | Removed | Replaced
Event = Change | Synced | FolderSynced | Over

Note = Callable[[Event], None]
Refusal = Callable[[], int]
"""What a write or a sync is to answer instead of being done: a result code of SQLite, `OK` where it is done."""

_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
_Lock = CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int)


class _Layer(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("file_bytes", c_int),
        ("path_most", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("delete", _Delete),
        ("others", c_void_p * 14),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("close_read", c_void_p * 2),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("others", c_void_p * 8),
        ("lock", _Lock),
        ("rest", c_void_p * 4),
    )


@dataclass(slots=True)
class _File:
    """An open file: the system's functions for it, and whether its first sync is one of its folder too."""

    name: str
    system: _Methods
    fresh: bool


class _Recorder:
    """The layer. Its functions answer what the system's answered, or a refusal; `note` hears of what succeeded."""

    def __init__(self, system: _Layer, note: Note, refusal: Refusal) -> None:
        self._system, self._note, self._refusal = system, note, refusal
        self._files: dict[int, _File] = {}
        self._methods: dict[int, _Methods] = {}
        self.layer = _Layer.from_buffer_copy(system)
        self.layer.name = b"bisik-recorder"
        self.layer.open, self.layer.delete = _Open(self._open), _Delete(self._delete)
        self._ours = (_Write(self._write), _Truncate(self._truncate), _Sync(self._sync), _Lock(self._lock))

    def _open(self, layer: int, path: int | None, file: int, flags: int, out: int) -> int:
        answer = int(self._system.open(layer, path, file, flags, out))
        methods = ctypes.cast(file, POINTER(c_void_p))
        if answer == OK and path and methods[0]:
            self._files[file] = _File(
                _name(path), ctypes.cast(methods[0], POINTER(_Methods))[0], bool(flags & CREATE and flags & LOGS)
            )
            methods[0] = self._instead_of(methods[0])
        return answer

    def _instead_of(self, address: int) -> int:
        """The system's functions for a file with ours among them."""
        if address not in self._methods:
            made = _Methods.from_buffer_copy(ctypes.cast(address, POINTER(_Methods))[0])
            made.write, made.truncate, made.sync, made.lock = self._ours
            self._methods[address] = made
        return ctypes.addressof(self._methods[address])

    def _delete(self, layer: int, path: int, sync: int) -> int:
        answer = int(self._system.delete(layer, path, sync))
        return self._noted(answer, Removed(_name(path)), *([FolderSynced()] if sync else []))

    def _write(self, file: int, data: int, size: int, offset: int) -> int:
        known = self._files[file]
        answer = self._refusal() or int(known.system.write(file, data, size, offset))
        return self._noted(answer, Written(known.name, offset, ctypes.string_at(data, size)))

    def _truncate(self, file: int, size: int) -> int:
        known = self._files[file]
        answer = self._refusal() or int(known.system.truncate(file, size))
        return self._noted(answer, Cut(known.name, size))

    def _sync(self, file: int, flags: int) -> int:
        known = self._files[file]
        answer = self._refusal() or int(known.system.sync(file, flags))
        fresh, known.fresh = known.fresh, known.fresh and answer != OK
        return self._noted(answer, Synced(known.name), *([FolderSynced()] if fresh else []))

    def _lock(self, file: int, place: int, n: int, flags: int) -> int:
        answer = int(self._files[file].system.lock(file, place, n, flags))
        return self._noted(answer, Over()) if place == WRITER_LOCK and flags & UNLOCK else answer

    def _noted(self, answer: int, *events: Event) -> int:
        for event in events if answer == OK else ():
            self._note(event)
        return answer


def _name(path: int) -> str:
    return Path(ctypes.string_at(path).decode()).name


@contextmanager
def recorded(note: Note, refusal: Refusal = lambda: OK) -> Iterator[None]:
    """Have `note` called with each event, and `refusal` before each write and sync, in SQLite's threads.

    Connections that are opened in the block must be closed when it ends.
    """
    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    need(hasattr(library, "sqlite3_vfs_register"), "This Python keeps its SQLite to itself.")
    library.sqlite3_vfs_find.restype = POINTER(_Layer)
    recorder = _Recorder(library.sqlite3_vfs_find(None).contents, note, refusal)
    library.sqlite3_vfs_register(ctypes.byref(recorder.layer), 1)
    try:
        yield
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(recorder.layer))
