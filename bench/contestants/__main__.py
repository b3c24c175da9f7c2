"""One contestant in a process of its own: `python -m bench.contestants MODULE PLACE [WISH ...]`; SIGINT ends it."""

import json
import signal
import sys
from importlib import import_module
from pathlib import Path

from bench.contestants import Place

if __name__ == "__main__":
    # A shell starts what it puts in the background deaf to SIGINT, and whatever that starts in turn.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    module, told, *wishes = sys.argv[1:]
    place = json.loads(told)
    import_module(f"bench.contestants.{module}").run(Place(**place | {"folder": Path(place["folder"])}), *wishes)
