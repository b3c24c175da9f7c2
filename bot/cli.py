"""The commands. Each is thin: it reads the settings, calls what does the work, and says how it ended.

Exit codes: 0 done, 1 it failed, 2 the call or the settings are wrong. What a person can mend is told in sentences,
never by a traceback. A command imports what it needs when it is called, so that none waits for all.
"""

from datetime import UTC, datetime

import click

from bot import logs, settings
from bot.settings import SettingsProblem
from storage.database import AddressError, StorageUnavailable
from storage.keyring import KeyringError
from storage.migrate import ForeignDatabase, NewerDatabase
from storage.purposes import WrongKeyring

# Problems that a person can mend, whose words are written for that person.
EXIT_CODES: dict[type[Exception], int] = {
    SettingsProblem: 2,
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


def main() -> None:
    logs.configure()
    cli(prog_name="bisik")
