"""Commands that make, check and run a bot."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import click

from bot import memory, settings
from bot.cli.progress import progress


@click.command()
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


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it for a script to read.")
def check(*, as_json: bool) -> None:
    """Tell in plain words what is missing or wrong; exit code 1 where the bot must not run like this."""
    from bot import checks

    found = asyncio.run(checks.check(settings.load(), datetime.now(UTC)))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found]))
    else:
        for finding in found:
            click.echo(f"{'✗' if finding.stops else '·'} {finding.sentence}")
    stopped = any(finding.stops for finding in found)
    if not stopped and not as_json:
        click.echo("✓ Nothing is in the way.")
    sys.exit(int(stopped))


@click.command()
def run() -> None:
    """Run the bot until it is told to stop."""
    from bot import app

    _until_stopped(app.run(settings.load()))


@click.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@click.option("--json", "as_json", is_flag=True, help="Say it for a script to read.")
def purge(*, dry_run: bool, as_json: bool) -> None:
    """Forget now what is over its term, as the bot does every night; the bot may run meanwhile."""
    from bot import app

    chosen = settings.load()
    with progress("Looking at every tip", hidden=as_json) as tell:
        counts = asyncio.run(app.purge(chosen, tell, pretend=dry_run))
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
    "debts": "debts that came back with a backup and were never let go",
    "copies": "copies that a migration or a restore has left beside the database",
}


@click.command()
def demo() -> None:
    """Run everything against a pretended Telegram in the browser: no token, no account."""
    from bot import demo as stage

    logging.getLogger("bot").setLevel(logging.WARNING)
    _until_stopped(stage.run(_show))


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


COMMANDS: Final = (init, check, run, purge, demo)
