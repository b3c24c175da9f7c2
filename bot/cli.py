"""The commands. Each is thin: it reads the settings, calls what does the work, and says how it ended.

Exit codes: 0 done, 1 it failed, 2 the call or the settings are wrong. What a person can mend is told in sentences,
never by a traceback. A command imports what it needs when it is called, so that none waits for all.
"""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot import logs, memory, settings
from bot.handover.guide import GuideProblem
from bot.settings import SettingsProblem
from storage.database import AddressError, StorageUnavailable
from storage.keyring import KeyringError
from storage.migrate import ForeignDatabase, NewerDatabase
from storage.purposes import WrongKeyring

# Problems that a person can mend, whose words are written for that person.
EXIT_CODES: dict[type[Exception], int] = {
    SettingsProblem: 2,
    GuideProblem: 2,
    AddressError: 2,
    KeyringError: 1,
    WrongKeyring: 1,
    StorageUnavailable: 1,
    NewerDatabase: 1,
    ForeignDatabase: 1,
}


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

    found = asyncio.run(checks.check(settings.load()))
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


def main() -> None:
    logs.configure()
    cli(prog_name="bisik")
