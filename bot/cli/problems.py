"""Problems that a person can mend, and the one place where they become sentences and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.handover.problem import GuideProblem
from bot.settings import SettingsProblem
from storage.archive_key import ArchiveKeyError, PassphraseNeeded
from storage.database import AddressError, StorageUnavailable
from storage.keyring import KeyringError
from storage.migrate import ForeignDatabase, NewerDatabase
from storage.parcel import ParcelProblem
from storage.purposes import WrongKeyring
from storage.rotation import StillNeeded

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


class Commands(click.Group):
    """The one place where a problem becomes sentences and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except tuple(EXIT_CODES) as problem:
            click.echo(problem, err=True)
            ctx.exit(EXIT_CODES[type(problem)])
        except PermissionError as problem:
            click.echo(f"{problem.filename} is closed to you: call bisik as the user who runs the bot.", err=True)
            ctx.exit(1)


@contextmanager
def office_told() -> Iterator[None]:
    from bot.office import OfficeProblem

    try:
        yield
    except OfficeProblem as problem:
        raise click.ClickException(str(problem)) from None
