"""Memory of a process that runs for long: nobody else reads it, what is free goes back, and what stays is not looked
through again and again.
"""

import ctypes
import gc
from contextlib import suppress

M_MMAP_THRESHOLD = -3  # malloc.h
PR_SET_DUMPABLE = 4  # linux/prctl.h
LARGE_BYTES = 1 << 20
NEW_OBJECTS = 50_000


def keep_to_itself() -> None:
    """Leave no core file, and on Linux let no other process of the same user read this one's memory.

    Either would show keys, words and chats. The limit alone would not do: Linux hands a core to a program such as
    `systemd-coredump` whatever the limit says, but none of a process that it may not dump. What this process starts
    inherits the limit, and has to ask for the rest itself.
    """
    with suppress(ImportError):  # not on every system
        import resource  # noqa: PLC0415 - as above

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def give_back_large_blocks() -> None:
    """Tell glibc to map every block of a megabyte or more by itself; another C library has no such call.

    Left alone it raises that bound to the largest block it has seen freed, and keeps what evidence needed in a heap
    with holes: measured, a file's way through the bot then costs 3.4 times its size, otherwise 2.3 times.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def look_seldom() -> None:
    """What a process has built when it begins its work stays to its end, so the collector need not look through it;
    through what is new it looks when there are so many more objects, where the default is every seven hundred.

    Measured with 400 people talking: at the default's pace it took a sixth of all that the bot computes, at 10,000 a
    twelfth, at this next to nothing, and the process holds as much memory as before.
    For a process that builds one application; where several come and go, none of them would ever be collected.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
