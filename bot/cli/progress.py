"""A bar on the terminal for work that tells how much is done of how much."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from storage.rotation import Tell


@contextmanager
def progress(label: str, *, hidden: bool = False) -> Iterator[Tell]:
    """`hidden`: for a script to read what is written."""
    with click.progressbar(length=1, label=label, hidden=hidden) as bar:

        def tell(done: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(done - bar.pos if whole else 1)

        yield tell
