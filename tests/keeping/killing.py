"""Calls `bisik` once for each moment at which it may die: killed before its n-th call that changes a file.

`python killing.py FOLDER STEP COMMAND…` copies FOLDER/origin for each moment and leaves the copy as the kill left it.
A line with the number of the moments ends it. Calls are counted in all threads, by Python's own profile events.
"""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

import bot.keeping  # noqa: F401 - so that no child has to
from bot.cli import cli

CHANGING = {"commit", "execute", "executemany", "executescript", "fsync", "replace", "link", "unlink", "write", "flush"}


def doomed(moment: int) -> None:
    calls = iter(range(1, moment + 1))

    def count(_frame: object, event: str, called: object) -> None:
        if event == "c_call" and getattr(called, "__name__", "") in CHANGING and next(calls) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)


def survived(folder: Path, moment: int, arguments: list[str]) -> bool:
    """Whether the command came to its end before that moment."""
    target = folder / str(moment)
    shutil.copytree(folder / "origin", target)
    child = os.fork()
    if not child:
        os.chdir(target)
        doomed(moment)
        cli(arguments)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        shutil.rmtree(target)
        assert os.waitstatus_to_exitcode(status) == 0
        return True
    return False


def main(folder: Path, step: int, arguments: list[str]) -> None:
    moment = 1
    while not survived(folder, moment, arguments):
        moment += step
    sys.stdout.write(f"{(moment - 1) // step}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
