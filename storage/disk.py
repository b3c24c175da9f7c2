"""How files come to be on the disk: whole, nobody else's to read, and belonging to who has to go on with them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def new_file(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file where there was none: on disk when the block has ended, and gone where it ends with an error.

    Raises `OSError`. Its name is on disk when its folder is, see `sync_folder`.
    """
    with ExitStack() as unfinished:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
        unfinished.callback(path.unlink)
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.pop_all()


def give(file: int, like: os.stat_result) -> None:
    """Give an open file to whom another belongs; raises `OSError`.

    Root, who may read all of it, works in the place of the bot's user, who may not read what is root's.
    """
    if os.geteuid() == 0:
        os.fchown(file, like.st_uid, like.st_gid)


def sync_folder(folder: Path) -> None:
    """Have a new name on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
