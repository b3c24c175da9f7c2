"""Large blocks of memory go back to the system as soon as they are free."""

import ctypes
from contextlib import suppress

M_MMAP_THRESHOLD = -3  # malloc.h
LARGE_BYTES = 1 << 20


def give_back_large_blocks() -> None:
    """Tell glibc to map every block of a megabyte or more by itself; another C library has no such call.

    Left alone it raises that bound to the largest block it has seen freed, and keeps what evidence needed in a heap
    with holes: measured, a file's way through the bot then costs 3.4 times its size, otherwise 2.3 times.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
