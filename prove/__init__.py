"""What Bisik claims, shown: crashes, faults, floods, strange input, leaks, timing, each by the whole bot at work.

    python -m prove            # as `make prove` calls it; --help for the short form and for single chapters

`stage` is the simulated Telegram with a bot before it, which tests use as well; `canaries` finds people in bytes. Every
other module is a chapter (`page.Chapter`): it does something to a bot at work, as much of it as it is told to, and
returns what it found.

The rule: a chapter that finds a claim broken raises `Broken` with a sentence, and every figure on the page was measured
by the run that wrote it.
"""
