"""The commands. Each is thin: it reads the settings, calls what does the work, and says how it ended.

Exit codes: 0 done, 1 it failed, 2 the call or the settings are wrong. What a person can mend is told in sentences,
never by a traceback. A command imports what it needs when it is called, so that none waits for all.
"""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import logs, memory, settings
from bot.handover.problem import GuideProblem
from bot.settings import SettingsProblem
from storage import archive_key as archive_keys
from storage.archive_key import ArchiveKeyError, PassphraseNeeded, PrivateKey
from storage.database import AddressError, StorageUnavailable
from storage.keyring import KeyringError
from storage.migrate import ForeignDatabase, NewerDatabase
from storage.parcel import ParcelProblem, Passphrase
from storage.purposes import WrongKeyring
from storage.rotation import StillNeeded, Tell

# Problems that a person can mend, whose words are written for that person.
EXIT_CODES: dict[type[Exception], int] = {
    SettingsProblem: 2,
    GuideProblem: 2,
    AddressError: 2,
    KeyringError: 1,
    WrongKeyring: 1,
    StillNeeded: 1,
    ParcelProblem: 1,
    ArchiveKeyError: 1,
    PassphraseNeeded: 1,
    StorageUnavailable: 1,
    NewerDatabase: 1,
    ForeignDatabase: 1,
}

SHORTEST_PASSPHRASE = 12

_FILE = click.Path(path_type=Path)
_passphrase_file = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its first line, not asked."
)


class _Commands(click.Group):
    """The one place where a problem becomes sentences and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except tuple(EXIT_CODES) as problem:
            click.echo(problem, err=True)
            ctx.exit(EXIT_CODES[type(problem)])


@click.group(cls=_Commands)
@click.version_option(package_name="bisik", message="%(prog)s %(version)s")
def cli() -> None:
    """Bisik, an anonymous tip line in a chat."""


@cli.command()
@click.option("--yes", is_flag=True, help="Ask nothing; every answer is in the environment.")
def init(*, yes: bool) -> None:
    """Make the keyring and the settings file (never overwrites)."""
    from bot import setup

    values = settings.written()
    if not yes and not settings.ENV_FILE.exists():
        values = setup.answers(values, _ask, click.echo)
    for sentence in setup.create(values, settings.ENV_FILE, datetime.now(UTC).date()):
        click.echo(sentence)


def _ask(name: str, question: str) -> str:
    hidden = name == "BISIK_TELEGRAM_TOKEN"
    return str(click.prompt(question, default="", show_default=False, hide_input=hidden))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Say it for a script to read.")
def check(*, as_json: bool) -> None:
    """Tell in plain words what is missing or wrong; exit code 1 where the bot must not run like this."""
    from bot import checks

    found = asyncio.run(checks.check(settings.load(), datetime.now(UTC).date()))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found]))
    else:
        for finding in found:
            click.echo(f"{'✗' if finding.stops else '·'} {finding.sentence}")
    stopped = any(finding.stops for finding in found)
    if not stopped and not as_json:
        click.echo("✓ Nothing is in the way.")
    sys.exit(int(stopped))


@cli.command()
def run() -> None:
    """Run the bot until it is told to stop."""
    from bot import app

    _until_stopped(app.run(settings.load()))


@cli.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@click.option("--json", "as_json", is_flag=True, help="Say it for a script to read.")
def purge(*, dry_run: bool, as_json: bool) -> None:
    """Forget now what is over its term, as the bot does every night; the bot may run meanwhile."""
    from bot import app

    counts = asyncio.run(app.purge(settings.load(), pretend=dry_run))
    if as_json:
        click.echo(json.dumps(counts))
        return
    for word, n in sorted(counts.items()):
        click.echo(f"{n:>9,}  {FORGOTTEN[word]}")
    click.echo("Nothing was changed." if dry_run else "Done." if counts else "Nothing was over its term.")


# What `bisik purge` counts, by the words of `bot.services.forgetting`.
FORGOTTEN = {
    "tips": "tips over their term, with evidence, talk and posts",
    "held": "tips kept by a legal hold",
    "unreadable": "tips whose summary does not open: they stay",
    "drafts": "unfinished tips",
    "traces": "lists of a private chat's messages",
    "openings": "codes that opened a tip",
    "bans": "bans",
    "audit": "lines of the audit trail, behind a signed checkpoint",
    "audit_faults": "faults in the audit trail, so nothing of it goes",
    "copies": "copies that a migration has left beside the database",
}


@cli.command()
def demo() -> None:
    """Run everything against a pretended Telegram in the browser: no token, no account."""
    from bot import demo as stage

    logging.getLogger("bot").setLevel(logging.WARNING)
    _until_stopped(stage.run(_show))


@cli.command()
@click.argument("number")
@click.option("--evidence", type=click.Path(file_okay=False, path_type=Path), help="A folder to write the files into.")
def show(number: str, evidence: Path | None) -> None:
    """Read a tip: what was told, the talk since, its evidence."""
    from bot import office

    with _office_told():
        click.echo(asyncio.run(office.show(settings.load(), number, evidence)), nl=False)


@cli.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--output", required=True, type=click.Path(path_type=Path), help="A folder, or a new file FILE.zip.")
@click.option("--to", required=True, type=click.Choice(["bawaslu", "bkn", "other"]), help="Who receives it.")
@click.option("--by", required=True, help="Who prepared it, as the sheet shows.")
@click.option("--second", default="", help="Who checked it, as the sheet shows.")
@click.option("--as-told", is_flag=True, help="Leave in what could lead to the reporter.")
@click.option("--yes", is_flag=True, help="Do not ask before it is made.")
def handover(numbers: tuple[str, ...], **how: Any) -> None:
    """Make sheet, evidence and sums of tips, and move the tips to "forwarded".

    The second person is a name here and nothing more: whoever can run this command holds the keys to every tip, so
    nothing in it could check a person. The name stands on the sheet, where both sign, and the audit trail notes that a
    command did it. A bot that runs tells the reporters within the hour, any other when it starts.
    """
    from bot import office

    loaded, agreed = settings.load(), how.pop("yes")
    if loaded.handover_second and not how["second"].strip():
        raise click.UsageError("BISIK_HANDOVER_SECOND asks for a second person: name them with --second.")
    with _office_told():
        made = asyncio.run(office.hand_over(loaded, office.Wanted(numbers, **how), lambda told: agreed or _agree(told)))
    click.echo(f"Made in {how['output']}: {', '.join(made)}" if made else "Nothing was made.")


@cli.command()
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Say it for a script to read.")
def stats(words: tuple[str, ...], *, as_json: bool) -> None:
    """Tell the counts that /statistik tells, such as: bisik stats sulsel 30.

    WORDS name a topic (kategori, status, provinsi …), a span (minggu, 30, semua) or a place. As in a chat, what is
    under five is "<5": whole numbers leave only by `bisik export`. No tip is opened, and the bot may go on running.
    """
    from bot import counts

    loaded = settings.load()
    tell = counts.stats_json if as_json else counts.stats
    click.echo(asyncio.run(tell(loaded, " ".join(words), _today(loaded))))


@cli.command()
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "json"]), default="csv", show_default=True)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day; by default the very first.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last day; by default today.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A new file; otherwise it is printed.")
@click.option("--tips", is_flag=True, help="Archived tips in full, out of copies of the database.")
@click.option("--archive-key", type=_FILE, help="The archive's private key.")
@_passphrase_file
@click.argument("databases", nargs=-1, type=_FILE)
def export(  # noqa: PLR0913 - an option each
    *,
    form: str,
    first: datetime | None,
    last: datetime | None,
    output: Path | None,
    tips: bool,
    archive_key: Path | None,
    passphrase_file: Path | None,
    databases: tuple[Path, ...],
) -> None:
    """Write the counters, whole, a row for each day or month and value.

    Small numbers can point to people: keep the file to yourself. No tip is opened, and the bot may go on running.

    With --tips: write the archived tips of DATABASES into --output, a new folder or FILE.zip. Do it where the archive's
    private key lies, with copies of the database; it takes neither keyring nor settings.
    """
    if not tips:
        _export_counts(form, first, last, output)
    elif not (archive_key and output and databases):
        raise click.UsageError("--tips takes --archive-key, --output and the database files.")
    else:
        _export_tips(databases, _private_key(archive_key, passphrase_file), output)


def _export_tips(databases: tuple[Path, ...], key: PrivateKey, output: Path) -> None:
    from bot import unsealing

    with _office_told():
        numbers = asyncio.run(unsealing.export(databases, key, output))
    click.echo(f"Made in {output}: {', '.join(numbers)}" if numbers else "No tip is in the archive yet.")


def _export_counts(form: str, first: datetime | None, last: datetime | None, output: Path | None) -> None:
    from bot import counts

    loaded = settings.load()
    until, since = last.date() if last else _today(loaded), first.date() if first else date.min
    if since > until:
        raise click.UsageError("--from is later than --to.")
    if form == "xlsx" and output is None:
        raise click.UsageError("A workbook needs a file: name one with --output.")
    data = asyncio.run(counts.export(loaded, form, since, until))
    if output is None:
        click.echo(data.decode("utf-8-sig"), nl=False)
        return
    try:
        counts.write(output, data)
    except FileExistsError:
        raise click.ClickException(f"{output} is there already, and stays as it is.") from None
    except OSError as problem:
        raise click.ClickException(f"{output} cannot be made: {problem.strerror}.") from None
    click.echo(f"{output} is made, for your eyes only.")


def _today(loaded: settings.Settings) -> date:
    return datetime.now(ZoneInfo(loaded.timezone)).date()


def _agree(traces: str) -> bool:
    click.echo(f"What could lead to the reporter, as far as a program can tell:\n{traces}")
    return click.confirm("Hand over?")


@contextmanager
def _office_told() -> Iterator[None]:
    from bot.office import OfficeProblem

    try:
        yield
    except OfficeProblem as problem:
        raise click.ClickException(str(problem)) from None


def _show(url: str) -> None:
    """Tell the address; open it where there is a desktop to open it on."""
    click.echo(f"Open {url}  (Ctrl-C stops)")
    if settings.has_desktop():
        click.launch(url)


def _until_stopped(work: Coroutine[object, object, None]) -> None:
    """Run until Ctrl-C or SIGTERM, which end it in good order."""
    memory.give_back_large_blocks()
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_heeding_sigterm(work))


async def _heeding_sigterm(work: Coroutine[object, object, None]) -> None:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


@cli.command("rotate-keys")
@click.option("--yes", is_flag=True, help="Ask nothing: destroy the former key.")
def rotate_keys(*, yes: bool) -> None:
    """Replace the master key, also while the bot runs; what was broken off is taken up by the next call."""
    from bot import keeping

    chosen = settings.load()
    with _progress("Wrapping the keys of everything anew") as tell:
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


@cli.command("verify-audit")
@click.option("--head", "noted", help="A last line that was noted elsewhere, as N:LINK.")
@click.option("--json", "as_json", is_flag=True, help="Say it for a script to read.")
def verify_audit(*, noted: str | None, as_json: bool) -> None:
    """Prove that no line of the audit trail was changed, removed or inserted; exit code 1 with the lines otherwise."""
    from bot import trail

    try:
        known = trail.read(noted) if noted else None
    except ValueError:
        raise click.BadParameter("must be a line's number, a colon and its link", param_hint="--head") from None
    found = asyncio.run(trail.verify(settings.load(), known))
    if as_json:
        click.echo(json.dumps(asdict(found)))
    elif found.faults:
        click.echo(f"✗ These lines do not follow from those before them: {', '.join(map(str, found.faults))}.")
    else:
        click.echo(f"✓ The audit trail is whole. Its last line is {found.head}")
    sys.exit(int(bool(found.faults)))


def _words(file: Path | None, *, new: bool) -> str:
    """From the first line of a file, or asked for; new ones are asked twice, and must be long enough."""
    words = file.read_text("utf-8", "backslashreplace").split("\n")[0] if file else ""
    words = words or click.prompt("Passphrase (it is not shown as you type)", hide_input=True, confirmation_prompt=new)
    if new and len(words) < SHORTEST_PASSPHRASE:
        raise ParcelProblem(f"A passphrase has at least {SHORTEST_PASSPHRASE} signs: four or five words are good.")
    return words


def _private_key(path: Path, passphrase_file: Path | None) -> PrivateKey:
    try:
        return archive_keys.load_private(path)
    except PassphraseNeeded:
        return archive_keys.load_private(path, _words(passphrase_file, new=False))


@cli.group("archive-key")
def archive_key_group() -> None:
    """The sealed archive's pair of keys; not on the server, which gets the public half alone."""


@archive_key_group.command()
@click.option("--private", type=_FILE, default="archive-private.key", show_default=True, help="A new file.")
@click.option("--public", type=_FILE, default="archive-public.key", show_default=True, help="A new file.")
@click.option("--no-passphrase", is_flag=True, help="Leave the private half open to whoever has the file.")
@_passphrase_file
def new(*, private: Path, public: Path, no_passphrase: bool, passphrase_file: Path | None) -> None:
    """Make a pair, the private half for your eyes only (never overwrites)."""
    archive_keys.create(private, public, "" if no_passphrase else _words(passphrase_file, new=True))
    click.echo(
        f"{private} opens the archive. Copy it to two safe places, none of them the server: losing it loses the tips.\n"
        f"{public} goes to the server, into BISIK_ARCHIVE_PUBLIC_KEY."
    )


@cli.command()
@click.argument("file", type=_FILE)
@_passphrase_file
@click.option("--keyring-to", type=_FILE, help="Copy the keyring too, into a sealed file of its own.")
def backup(*, file: Path, passphrase_file: Path | None, keyring_to: Path | None) -> None:
    """Write a sealed copy of the database to FILE, also while the bot runs (never overwrites).

    It is sealed to BISIK_ARCHIVE_PUBLIC_KEY where that is set, else, or with --passphrase-file, by a passphrase.
    """
    from bot import keeping

    chosen = settings.load()
    keeping.must_be_free(file, *filter(None, [keyring_to]))
    archive = None if passphrase_file or not chosen.archive_public_key else chosen.archive_public_key
    words = _words(passphrase_file, new=True) if keyring_to or not archive else ""
    lock = archive_keys.load_public(archive) if archive else Passphrase(words)
    with _progress("Sealing the backup") as tell:
        asyncio.run(keeping.back_up(chosen, file, lock, tell))
    opener = "the archive's private key" if archive else "its passphrase"
    click.echo(f"{file} is made. Only {opener} opens it, and only the keyring what is in it.")
    if keyring_to:
        keeping.copy_keyring(chosen, keyring_to, Passphrase(words))
        click.echo(f"{keyring_to} is made, under the passphrase: never keep it beside the backup.")
    click.echo(
        f"Destroy what is made within {chosen.backup_keep_days} days: so reporters are told (BISIK_BACKUP_KEEP_DAYS)."
    )


@cli.command()
@click.argument("file", type=_FILE, required=False)
@_passphrase_file
@click.option("--replace", is_flag=True, help="Where there is a database: keep it aside.")
@click.option("--keyring-from", type=_FILE, help="Bring the keyring back first, where there is none.")
@click.option("--archive-key", type=_FILE, help="The archive's private key, for a backup that is sealed to it.")
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
    known, unlock = keeping.has_list(chosen), _private_key(archive_key, passphrase_file) if archive_key else None
    passphrase = Passphrase(_words(passphrase_file, new=False) if keyring_from or not unlock else "")
    if keyring_from:
        keeping.restore_keyring(chosen, keyring_from, passphrase)
        click.echo(f"{chosen.keyring} is brought back.")
    with _progress("Building and checking the database") as tell:
        header = keeping.restore(chosen, file, unlock or passphrase, tell, replace=replace)
    click.echo(
        f"The database is restored as it was on {header.day}. bisik run takes tips again at once.\n"
        "What it owed then waits, for much of it may have been said since: bisik restore --release sends it."
    )
    if not known:
        click.echo(f"No list of destroyed tips was found: what was deleted after {header.day} is back.")


@contextmanager
def _progress(label: str) -> Iterator[Tell]:
    """A bar on the terminal for work that tells how much is done of how much."""
    with click.progressbar(length=1, label=label) as bar:

        def tell(done: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(done - bar.pos if whole else 1)

        yield tell


def main() -> None:
    logs.configure()
    cli(prog_name="bisik")
