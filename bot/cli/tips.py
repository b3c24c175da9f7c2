"""Commands that read, count, hand over and prove."""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from bot import settings
from bot.cli.passphrases import FILE, passphrase_option, private_key
from bot.cli.problems import office_told
from bot.cli.progress import progress
from storage.archive_key import PrivateKey


@click.command()
@click.argument("number")
@click.option("--evidence", type=click.Path(file_okay=False, path_type=Path), help="A folder to write the files into.")
def show(number: str, evidence: Path | None) -> None:
    """Read a tip: what was told, the talk since, its evidence."""
    from bot import office

    with office_told():
        click.echo(asyncio.run(office.show(settings.load(), number, evidence)), nl=False)


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--output", required=True, type=click.Path(path_type=Path), help="A folder, or a new file FILE.zip.")
@click.option("--to", required=True, type=click.Choice(["bawaslu", "bkn", "other"]), help="Who receives it.")
@click.option("--by", required=True, help="Who prepared it, as the sheet shows.")
@click.option("--second", default="", help="Who checked it, as the sheet shows.")
@click.option("--as-told", is_flag=True, help="Leave in what could lead to the reporter.")
@click.option("--yes", is_flag=True, help="Do not ask before it is made.")
@click.option("--archive-key", type=FILE, help="The archive's private key, for archived tips, elsewhere.")
@passphrase_option
@click.option("--database", "databases", type=FILE, multiple=True, help="With --archive-key: a copy of the database.")
def handover(
    numbers: tuple[str, ...],
    *,
    archive_key: Path | None,
    passphrase_file: Path | None,
    databases: tuple[Path, ...],
    **how: Any,
) -> None:
    """Make sheet, evidence and sums of tips, and move the tips to "forwarded".

    The second person is a name here and nothing more: whoever can run this command holds the keys to every tip, so
    nothing in it could check a person. The name stands on the sheet, where both sign, and the audit trail notes that a
    command did it. A bot that runs tells the reporters within the hour, any other when it starts.

    With --archive-key: make them of archived tips in --database, where the archive's private key lies. It takes no
    keyring, and of the settings those alone that the sheet bears. No tip is moved.
    """
    from bot import office, unsealing

    if bool(archive_key) != bool(databases):
        raise click.UsageError("--archive-key and --database go together.")
    if not how["by"].strip():
        raise click.UsageError("--by names who prepared it.")
    loaded, agreed = settings.letterhead() if archive_key else settings.load(), how.pop("yes")
    if loaded.handover_second and not how["second"].strip():
        raise click.UsageError("BISIK_HANDOVER_SECOND asks for a second person: name them with --second.")
    if loaded.handover_second and how["second"].strip().casefold() == how["by"].strip().casefold():
        raise click.UsageError("BISIK_HANDOVER_SECOND asks for a second person, who is not the one of --by.")
    wanted = office.Wanted(numbers, **how)

    def agree(traces: str) -> bool:
        return agreed or _agree(traces)

    with office_told():
        if archive_key:
            key = private_key(archive_key, passphrase_file)
            made = asyncio.run(unsealing.hand_over(databases, key, loaded, wanted, agree))
        else:
            made = asyncio.run(office.hand_over(loaded, wanted, agree))
    click.echo(f"Made in {how['output']}: {', '.join(made)}" if made else "Nothing was made.")
    if made and archive_key:
        click.echo("The server knows nothing of it: note on the tip's card to whom it went.")


@click.command()
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


@click.command()
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "json"]), default="csv", show_default=True)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day; by default the very first.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last day; by default today.")
@click.option("--output", type=FILE, help="A new file; otherwise it is printed.")
@click.option("--tips", is_flag=True, help="Archived tips in full, out of copies of the database.")
@click.option("--archive-key", type=FILE, help="The archive's private key.")
@passphrase_option
@click.argument("databases", nargs=-1, type=FILE)
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
        if archive_key or databases:
            raise click.UsageError("--archive-key and the database files go with --tips.")
        _export_counts(form, first, last, output)
    elif not (archive_key and output and databases):
        raise click.UsageError("--tips takes --archive-key, --output and the database files.")
    elif first or last:
        raise click.UsageError("--from and --to go with the counters: --tips takes the whole archive.")
    else:
        _export_tips(databases, private_key(archive_key, passphrase_file), output)


def _export_tips(databases: tuple[Path, ...], key: PrivateKey, output: Path) -> None:
    from bot import unsealing

    with office_told(), progress("Opening the archive") as tell:
        numbers = asyncio.run(unsealing.export(databases, key, output, tell))
    click.echo(f"Made in {output}: {', '.join(numbers)}" if numbers else "No tip is in the archive yet.")


def _export_counts(form: str, first: datetime | None, last: datetime | None, output: Path | None) -> None:
    from bot import counts

    loaded = settings.load()
    until, since = last.date() if last else _today(loaded), first.date() if first else date.min
    if since > until:
        raise click.UsageError("--from is later than --to, which is today where it is not given.")
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


@click.command("verify-audit")
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


COMMANDS: Final = (show, handover, stats, export, verify_audit)
