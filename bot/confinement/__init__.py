"""A process that expects to be taken over gives up, for good, what it does not need: files, sockets, programs, others.

Rule: needs no administrator, no compiler and no library, for each of those is missing somewhere. Where the kernel
lacks a wall, the process works on without it and says which: a bot that takes no evidence would help nobody.
"""

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from bot.confinement import calls, files

Wall = Literal["files", "calls"]
WALLS: tuple[Wall, ...] = get_args(Wall)

LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
HARMLESS = ("/dev/urandom", "/sys/devices/system/cpu")  # decoders ask for chance, and how many threads are worth it


def confine() -> list[Wall]:
    """Raise the walls around this process, and name those that are missing.

    To be called before there is a second thread: one that runs already would stay outside.
    """
    if sys.platform != "linux":
        return [*WALLS]
    missing: list[Wall] = []
    try:
        files.read_only(readable())
    except OSError:
        missing.append("files")
    try:
        calls.refuse()
    except OSError:
        missing.append("calls")
    return missing


def readable() -> Iterator[str]:
    """Where programs lie: ours, Python's and the system's. Nothing of an operator's is kept there.

    Not all of `sys.path`: it may name the folder that the bot was started in, with the settings and the database.
    """
    yield from {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    yield from (path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"})
    yield str(Path(sys.base_prefix) / "lib")  # a Python that brings its own libraries, as conda's does, has them there
    yield str(Path(__file__).parents[1])
    yield from (*LIBRARIES, *HARMLESS)
