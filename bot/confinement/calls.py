"""Seccomp: system calls that a decoder never needs are refused, whatever it has become.

A list of what is refused, not of what is allowed: each new C library needs other calls, and a worker that cannot work
refuses everybody's evidence. So it names what reaches beyond the process, by any way that `files` does not close.
Source: docs.kernel.org/userspace-api/seccomp_filter.html; numbers from asm/unistd_64.h and asm-generic/unistd.h.
"""

import ctypes
import errno
import struct
from collections.abc import Iterator

from bot.confinement import kernel

PR_SET_SECCOMP, MODE_FILTER = 22, 2  # linux/prctl.h, linux/seccomp.h
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h, of words
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # struct seccomp_data, on a little-endian machine

X32 = 0x40000000
"""From here on x86-64 has all its calls a second time, for a sort of program that nobody has."""
CLONE_THREAD = 0x00010000

COLUMNS = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""By machine: its mark in `linux/audit.h`, and its column in what follows."""
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # the network, and sockets of this machine; io_uring opens them too, past every filter
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "io_uring_setup": (425, 425),
    # other programs
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    # other processes of the user: what they hold, and their lives
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # what Landlock leaves open of files: their modes, owners, times and marks, to cut them short, and to watch them
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "truncate": (76, 45),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "open_by_handle_at": (304, 265),
    # what the user shares with others beside files, and where kernels break most often
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
}
CLONE, CLONE3 = (56, 220), (435, 435)
PRLIMIT = (302, 261)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse() -> None:
    """Refuse these calls to this process for good (EPERM); raises `OSError` where that cannot be."""
    steps = b"".join(program(kernel.machine()))
    kernel.gain_nothing()
    kernel.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(_Program(len(steps) // 8, steps)))


def program(machine: str) -> Iterator[bytes]:
    """The filter in the kernel's language (classic BPF); raises `OSError` for a machine whose numbers are not known."""
    if machine not in COLUMNS:
        raise OSError(errno.ENOSYS, machine)
    mark, column = COLUMNS[machine]
    yield _step(LOAD, ARCHITECTURE)
    yield from _unless(EQUAL, mark, KILL)
    yield _step(LOAD, NUMBER)
    if machine == "x86_64":
        yield from _where(AT_LEAST, X32, ERRNO | errno.EPERM)
    yield from _where(EQUAL, CLONE3[column], ERRNO | errno.ENOSYS)  # C libraries then make their threads by `clone`
    for numbers in REFUSED.values():
        if (number := numbers[column]) is not None:
            yield from _where(EQUAL, number, ERRNO | errno.EPERM)
    yield from _judged(CLONE[column], ANY_BIT, CLONE_THREAD)  # a thread of its own, not a process
    yield from _judged(PRLIMIT[column], EQUAL, 0)  # limits of its own, not the bot's
    yield _step(RETURN, ALLOW)


def _judged(number: int, test: int, operand: int) -> Iterator[bytes]:
    """Of this call only what has a first argument that stands the test."""
    yield _step(EQUAL, number, otherwise=4)
    yield _step(LOAD, FIRST_ARGUMENT)
    yield _step(test, operand, otherwise=1)
    yield _step(RETURN, ALLOW)
    yield _step(RETURN, ERRNO | errno.EPERM)


def _where(test: int, operand: int, verdict: int) -> Iterator[bytes]:
    yield _step(test, operand, otherwise=1)
    yield _step(RETURN, verdict)


def _unless(test: int, operand: int, verdict: int) -> Iterator[bytes]:
    yield _step(test, operand, then=1)
    yield _step(RETURN, verdict)


def _step(code: int, operand: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    """An instruction; `then` and `otherwise` are how many of the following ones a test leaps over."""
    return struct.pack("=HBBI", code, then, otherwise, operand)
