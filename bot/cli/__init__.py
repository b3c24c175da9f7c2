"""The commands. Each is thin: it reads the settings, calls what does the work, and says how it ended.

Exit codes: 0 done, 1 it failed, 2 the call or the settings are wrong. What a person can mend is told in sentences,
never by a traceback. A command imports what it needs when it is called, so that none waits for all.
"""

import click

from bot import logs, memory
from bot.cli import keys, running, tips
from bot.cli.problems import Commands


@click.group(cls=Commands, commands=[*running.COMMANDS, *tips.COMMANDS, *keys.COMMANDS])
@click.version_option(package_name="bisik", message="%(prog)s %(version)s")
def cli() -> None:
    """Bisik, an anonymous tip line in a chat."""


def main() -> None:
    memory.keep_to_itself()
    logs.configure()
    cli(prog_name="bisik")
