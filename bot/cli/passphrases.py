"""Files with keys, and the passphrases that open them, as commands ask for them."""

from pathlib import Path
from typing import Final

import click

from storage import archive_key as archive_keys
from storage.archive_key import PassphraseNeeded, PrivateKey
from storage.parcel import ParcelProblem

SHORTEST: Final = 12

FILE: Final = click.Path(path_type=Path)
passphrase_option = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its first line, not asked."
)


def words_of(file: Path | None, *, new: bool) -> str:
    """From the first line of a file, or asked for; new ones are asked twice, and must be long enough."""
    words = file.read_text("utf-8", "backslashreplace").split("\n")[0] if file else ""
    words = words or click.prompt("Passphrase (it is not shown as you type)", hide_input=True, confirmation_prompt=new)
    if new and len(words) < SHORTEST:
        raise ParcelProblem(f"A passphrase has at least {SHORTEST} signs: four or five words are good.")
    return words


def private_key(path: Path, passphrase_file: Path | None) -> PrivateKey:
    try:
        return archive_keys.load_private(path)
    except PassphraseNeeded:
        return archive_keys.load_private(path, words_of(passphrase_file, new=False))
