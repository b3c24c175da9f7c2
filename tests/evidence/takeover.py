"""What a hostile file would need: a decoder that does as the file says, in a worker as the bot starts it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.evidence import Cleaner

OBEYS = """
from bot.evidence import washing
from bot.evidence.model import Cleaned

def obey(data):
    try:
        said = repr(eval(data, {"load": __import__}))
    except OSError as error:
        said = type(error).__name__
    return Cleaned(said.encode(), "document", "txt", "text/plain", (), "", "")

washing.clean_here = obey
"""
LACKS = {
    "files": "from bot.confinement import files\nfiles.CREATE_RULESET = 100_000\n",
    "calls": "from bot.confinement import calls\ncalls.PR_SET_SECCOMP = 100_000\n",
}
"""By wall: a kernel that does not know the call which raises it."""


@contextmanager
def started_with(script: str, folder: Path) -> Iterator[None]:
    """Every Python that inherits the path meanwhile does this first, as it does what stands in `sitecustomize`."""
    (folder / "sitecustomize.py").write_text(script)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield


async def obeyed(expression: str, folder: Path, before: str = "") -> str:
    """What this expression comes to inside a worker: its value as Python writes it, or the name of an `OSError`."""
    cleaner = Cleaner(workers=1)
    with started_with(before + OBEYS, folder):
        try:
            return (await cleaner.clean(expression.encode())).data.decode()
        finally:
            await cleaner.close()
