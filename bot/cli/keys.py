"""Commands for keys, copies and the archive."""

import asyncio
from pathlib import Path
from typing import Final

import click

from bot import settings
from bot.cli.passphrases import FILE, passphrase_option, private_key, words_of
from bot.cli.progress import progress
from storage import archive_key as archive_keys
from storage.parcel import Passphrase


@click.command("rotate-keys")
@click.option("--yes", is_flag=True, help="Ask nothing: destroy the former key.")
def rotate_keys(*, yes: bool) -> None:
    """Replace the master key, also while the bot runs; what was broken off is taken up by the next call."""
    from bot import keeping

    chosen = settings.load()
    with progress("Wrapping the keys of everything anew") as tell:
        asyncio.run(keeping.rotate(chosen, tell))
    click.echo(
        "The new master key opens everything. Copy the keyring to its place of safety now.\n"
        "What the former key opens ends with it: backups made before now, and copies of what was destroyed since."
    )
    if yes or click.confirm("Destroy the former key?"):
        asyncio.run(keeping.destroy_former(chosen))
        click.echo("The former key is destroyed. Next: bisik backup, and destroy old copies of the keyring.")
    else:
        click.echo("The former key stays, and still reads. The next bisik rotate-keys ends this rotation.")


@click.group("archive-key")
def archive_key_group() -> None:
    """The sealed archive's pair of keys; not on the server, which gets the public half alone."""


@archive_key_group.command()
@click.option("--private", type=FILE, default="archive-private.key", show_default=True, help="A new file.")
@click.option("--public", type=FILE, default="archive-public.key", show_default=True, help="A new file.")
@click.option("--no-passphrase", is_flag=True, help="Leave the private half open to whoever has the file.")
@passphrase_option
def new(*, private: Path, public: Path, no_passphrase: bool, passphrase_file: Path | None) -> None:
    """Make a pair, the private half for your eyes only (never overwrites)."""
    if no_passphrase and passphrase_file:
        raise click.UsageError("--no-passphrase and --passphrase-file contradict each other.")
    archive_keys.create(private, public, "" if no_passphrase else words_of(passphrase_file, new=True))
    click.echo(
        f"{private} opens the archive. Copy it to two safe places, none of them the server: losing it loses the tips.\n"
        f"{public} goes to the server, into BISIK_ARCHIVE_PUBLIC_KEY."
    )


@click.command()
@click.argument("file", type=FILE)
@passphrase_option
@click.option("--keyring-to", type=FILE, help="Copy the keyring too, into a sealed file of its own.")
def backup(*, file: Path, passphrase_file: Path | None, keyring_to: Path | None) -> None:
    """Write a sealed copy of the database to FILE, also while the bot runs (never overwrites).

    It is sealed to BISIK_ARCHIVE_PUBLIC_KEY where that is set, else, or with --passphrase-file, by a passphrase.
    """
    from bot import keeping

    chosen = settings.load()
    keeping.must_be_free(file, *filter(None, [keyring_to]))
    archive = None if passphrase_file or not chosen.archive_public_key else chosen.archive_public_key
    words = words_of(passphrase_file, new=True) if keyring_to or not archive else ""
    lock = archive_keys.load_public(archive) if archive else Passphrase(words)
    with progress("Sealing the backup") as tell:
        asyncio.run(keeping.back_up(chosen, file, lock, tell))
    opener = "the archive's private key" if archive else "its passphrase"
    click.echo(f"{file} is made. Only {opener} opens it, and only the keyring what is in it.")
    if keyring_to:
        keeping.copy_keyring(chosen, keyring_to, Passphrase(words))
        click.echo(f"{keyring_to} is made, under the passphrase: never keep it beside the backup.")
    click.echo(
        f"Destroy what is made within {chosen.backup_keep_days} days: so reporters are told (BISIK_BACKUP_KEEP_DAYS)."
    )


@click.command()
@click.argument("file", type=FILE, required=False)
@passphrase_option
@click.option("--replace", is_flag=True, help="Where there is a database: keep it aside.")
@click.option("--keyring-from", type=FILE, help="Bring the keyring back first, where there is none.")
@click.option("--archive-key", type=FILE, help="The archive's private key, for a backup that is sealed to it.")
@click.option("--release", is_flag=True, help="Send what a restored backup still owed.")
def restore(  # noqa: PLR0913 - an option each
    *,
    file: Path | None,
    passphrase_file: Path | None,
    replace: bool,
    keyring_from: Path | None,
    archive_key: Path | None,
    release: bool,
) -> None:
    """Bring back the database from FILE, checked before it takes its place; or --release what it owed."""
    from bot import keeping

    if release == bool(file):
        raise click.UsageError("Name the backup to restore, or --release what a restored one owes.")
    chosen = settings.load()
    if file is None:
        count = asyncio.run(keeping.release(chosen))
        click.echo(f"{count} waiting messages go out when the bot starts next.")
        return
    known, unlock = keeping.has_list(chosen), private_key(archive_key, passphrase_file) if archive_key else None
    passphrase = Passphrase(words_of(passphrase_file, new=False) if keyring_from or not unlock else "")
    if keyring_from:
        keeping.restore_keyring(chosen, keyring_from, passphrase)
        click.echo(f"{chosen.keyring} is brought back.")
    with progress("Building and checking the database") as tell:
        header = keeping.restore(chosen, file, unlock or passphrase, tell, replace=replace)
    click.echo(
        f"The database is restored as it was on {header.day}. bisik run takes tips again at once.\n"
        "What it owed then waits, for much of it may have been said since: bisik restore --release sends it."
    )
    if aside := keeping.aside(chosen):
        click.echo(keeping.ASIDE.format(aside=aside))
    if not known:
        click.echo(f"No list of destroyed tips was found: what was deleted after {header.day} is back.")


COMMANDS: Final = (rotate_keys, archive_key_group, backup, restore)
