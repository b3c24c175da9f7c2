"""Landlock: of all files, this process may read those below some folders, and do nothing else with any.

What it has open stays open. Source: docs.kernel.org/userspace-api/landlock.html, and linux/landlock.h for the numbers.
"""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.confinement import kernel

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
ASK_VERSION = 1
PATH_BENEATH = 1

READ_FILE, READ_DIR = 1 << 2, 1 << 3
RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights over files there are since which version: to move between folders came with 2, to cut short with 3,
to command devices with 5."""
TCP, TCP_SINCE = 0b11, 4  # to bind and to connect
OTHERS, OTHERS_SINCE = 0b11, 6  # abstract sockets, and signals, of who stands outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def read_only(paths: Iterable[str]) -> None:
    """Leave this process no file but what lies in or below `paths`, to read; raises `OSError` where that cannot be.

    A path that is not there is passed over.
    """
    version = kernel.call(CREATE_RULESET, None, 0, ASK_VERSION)
    every = (1 << max(n for since, n in RIGHTS.items() if since <= version)) - 1
    asked = _Ruleset(every, TCP * (version >= TCP_SINCE), OTHERS * (version >= OTHERS_SINCE))
    ruleset = kernel.call(CREATE_RULESET, ctypes.byref(asked), ctypes.sizeof(asked), 0)
    try:
        for path in paths:
            with suppress(FileNotFoundError):
                _allow(ruleset, path)
        kernel.gain_nothing()
        kernel.call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Beneath(READ_FILE | (READ_DIR if Path(path).is_dir() else 0), folder)
        kernel.call(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(folder)
