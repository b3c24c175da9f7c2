"""One contestant in a process of its own: `python -m bench.contestants NAME PLACE`; SIGINT ends it."""

import json
import sys
from importlib import import_module
from pathlib import Path

from bench.contestants import Place

if __name__ == "__main__":
    name, place = sys.argv[1], json.loads(sys.argv[2])
    import_module(f"bench.contestants.{name}").run(Place(**place | {"folder": Path(place["folder"])}))
