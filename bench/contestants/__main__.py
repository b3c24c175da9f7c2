"""One contestant in a process of its own: `python -m bench.contestants NAME PLACE`; SIGINT ends it."""

import json
import signal
import sys
from importlib import import_module
from pathlib import Path

from bench.contestants import Place

if __name__ == "__main__":
    # A shell starts what it puts in the background deaf to SIGINT, and whatever that starts in turn.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    name, place = sys.argv[1], json.loads(sys.argv[2])
    import_module(f"bench.contestants.{name}").run(Place(**place | {"folder": Path(place["folder"])}))
