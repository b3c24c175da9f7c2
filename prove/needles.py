"""Finds many needles in much hay in one pass: what a reader of a stolen disk would do with a list of people.

How: each place of the hay is one number, of its next `TAIL` bytes, and a table tells at once for nearly all of them
that no needle ends there. Needles are led to by their last bytes, because names and ids of one kind begin alike.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

TAIL: Final = 6
"""Bytes of the shortest needle. Among random bytes a shorter one would be met by chance."""
PIECE = 1 << 20
"""Bytes that are looked through at once, so that the tables made of them stay near the processor."""
_WORD = 8
_ONLY_TAIL = np.uint64((1 << 8 * TAIL) - 1)
_MIX, _KEPT = np.uint64(0x9E3779B97F4A7C15), np.uint64(64 - 26)
"""Spreads tails evenly over a table of 2^26 entries (Fibonacci hashing)."""


class Needles:
    """Byte strings of `TAIL` bytes and more to be looked for, all at once."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._needles = set(needles)
        if any(len(one) < TAIL for one in self._needles):
            raise ValueError(f"a needle has fewer than {TAIL} bytes")
        self._lengths: dict[int, tuple[int, ...]] = {}
        for one in self._needles:
            tail = int.from_bytes(one[-TAIL:], "little")
            known = self._lengths.get(tail, ())
            self._lengths[tail] = known if len(one) in known else (*known, len(one))
        self._tails = np.array(sorted(self._lengths), dtype=np.uint64)
        self._maybe = np.zeros(1 << 26, dtype=bool)
        self._maybe[_mixed(self._tails)] = True

    def within(self, hay: bytes) -> set[bytes]:
        """Those that are in it, anywhere."""
        ends = ((at + TAIL, tail) for at, tail in self._met(hay))
        some = {hay[max(end - length, 0) : end] for end, tail in ends for length in self._lengths[tail]}
        return some & self._needles

    def _met(self, hay: bytes) -> Iterator[tuple[int, int]]:
        """Where the last bytes of any needle stand, and which."""
        for start in range(0, len(hay) - TAIL + 1, PIECE):
            piece = hay[start : start + PIECE + TAIL - 1]
            for offset in range(_WORD):
                tails = _tails_from(piece, offset)
                places = np.flatnonzero(self._maybe[_mixed(tails)])
                places = places[self._known(tails[places])]
                yield from zip((places * _WORD + offset + start).tolist(), tails[places].tolist(), strict=True)

    def _known(self, tails: NDArray[np.uint64]) -> NDArray[np.bool_]:
        nearest = np.searchsorted(self._tails, tails)
        known: NDArray[np.bool_] = self._tails[np.minimum(nearest, len(self._tails) - 1)] == tails
        return known


def _tails_from(piece: bytes, offset: int) -> NDArray[np.uint64]:
    """The little-endian number of `TAIL` bytes at every eighth place of all that have so many."""
    count = max(len(piece) - TAIL - offset, -1) // _WORD + 1
    padded = piece if offset + count * _WORD <= len(piece) else piece + b"\0" * _WORD
    return np.frombuffer(padded, dtype="<u8", count=count, offset=offset) & _ONLY_TAIL


def _mixed(tails: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (tails * _MIX) >> _KEPT
