"""A picture of nothing, for what is overwritten because it can no longer be deleted."""

import struct
import zlib
from typing import Final

SIDE: Final = 64


def picture() -> bytes:
    """A small grey PNG."""
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * SIDE) * SIDE
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
