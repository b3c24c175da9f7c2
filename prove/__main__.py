"""`make prove`: every chapter in turn, then the page. Exit code 1 where a claim is broken."""

import asyncio
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from prove.chapters import CHAPTERS
from prove.page import Broken, Chapter, Proof, page

PAGE = Path("docs/proof.md")
BUILD = Path("build")
"""Databases lie beside the project: where the system keeps what is temporary may be no disk at all."""


@click.command()
@click.option("--short", is_flag=True, help="Do little of each, and write no page.")
@click.option("--share", default=1.0, help="Do this share of the long form.", show_default=True)
@click.option("--only", multiple=True, type=click.Choice([chapter.name for chapter in CHAPTERS]), help="This chapter.")
def prove(*, short: bool, share: float, only: tuple[str, ...]) -> None:
    """Show what Bisik claims; the long form writes the page of figures, or its piece of that."""
    logging.getLogger().addHandler(logging.NullHandler())  # what the bots log is not for this terminal
    chosen = [chapter for chapter in CHAPTERS if not only or chapter.name in only]
    try:
        for proof in _proofs(chosen, 0 if short else share):
            # At once, so that what was proved for an hour is not lost with the chapter that comes after it.
            if not short:
                PAGE.write_text(page(CHAPTERS, [proof], PAGE.read_text() if PAGE.exists() else ""))
    except Broken as broken:
        raise click.ClickException(str(broken)) from None


def _proofs(chapters: list[Chapter], share: float) -> Iterator[Proof]:
    BUILD.mkdir(exist_ok=True)
    for chapter in chapters:
        much = max(chapter.short, round(chapter.long * share))
        click.echo(f"{chapter.name}: {much:,} {chapter.unit} …")
        with TemporaryDirectory(dir=BUILD.resolve(), prefix="prove-") as folder:
            begun = time.monotonic()
            findings = asyncio.run(chapter.prove(Path(folder), much))
        proof = Proof(chapter, much, time.monotonic() - begun, findings)
        for one in findings:
            click.echo(f"  {one.claim}: {one.measured}")
        yield proof


if __name__ == "__main__":
    prove(prog_name="python -m prove")
