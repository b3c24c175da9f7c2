"""Indonesia's provinces, regencies, cities and districts, and the names that people call them by.

`wilayah.json.gz` holds Kemendagri's codes and names (Kepmendagri 300.2.2-2138/2025), as `tools/regions.py` wrote
them; `everyday.json` holds what people say besides, and each province's zone. This file only reads the two.
"""

import gzip
import json
from importlib import resources

from bot.conversation.regions import RegionTable, Vocabulary


def load() -> RegionTable:
    """Read the table anew (about 50 ms); whoever builds the application keeps it."""
    home = resources.files(__package__)
    names = json.loads(gzip.decompress((home / "wilayah.json.gz").read_bytes()))
    everyday = json.loads((home / "everyday.json").read_text("utf-8"))
    return RegionTable(names, Vocabulary(**everyday))
