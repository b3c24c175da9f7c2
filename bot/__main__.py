"""`python -m bot` is `bisik`."""

from bot.cli import main

main()
