"""Calls of the Linux kernel that Python has no name for."""

import ctypes
import os
import platform
import sys

PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h


def call(number: int, *arguments: object) -> int:
    """What a system call answers; raises `OSError`. Numbers are passed in full width, pointers as ctypes makes them."""
    return _checked("syscall", number, *arguments)


def prctl(option: int, *arguments: object) -> None:
    """Change what the kernel lets this process do; raises `OSError`."""
    _checked("prctl", option, *arguments, *[0] * (4 - len(arguments)))


def gain_nothing() -> None:
    """No program that is started from here has more rights than its user; the kernel wants that before any wall."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def machine() -> str:
    """The architecture as the kernel names it; nothing for a process of 32 bits, which numbers its calls otherwise."""
    return platform.machine() if sys.maxsize > 1 << 32 else ""


def _checked(name: str, *arguments: object) -> int:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    wide = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in arguments]
    answer: int = function(*wide)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
