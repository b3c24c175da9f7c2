"""Finds many needles in much hay in one pass: what a reader of a stolen disk would do with a list of people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

HEAD = 8
"""So many first bytes lead to a needle; a shorter one is looked for by itself."""
PIECE = 1 << 24
"""Bytes that are looked through at once, so that the tables made of them stay small."""
_FILTER_BYTES = 3


class Needles:
    """Byte strings to be looked for, all at once."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._by_head: dict[int, list[bytes]] = defaultdict(list)
        wanted = {one for one in needles if one}
        self._short = [one for one in wanted if len(one) < HEAD]
        for one in wanted.difference(self._short):
            self._by_head[int.from_bytes(one[:HEAD], "little")].append(one)
        self._heads = np.array(sorted(self._by_head), dtype=np.uint64)
        # Most places are ruled out by their first three bytes, which a table of all there are answers for.
        self._maybe = np.zeros(1 << (8 * _FILTER_BYTES), dtype=bool)
        self._maybe[self._heads & np.uint64(len(self._maybe) - 1)] = True

    def within(self, hay: bytes) -> set[bytes]:
        """Those that are in it, anywhere."""
        found = {one for one in self._short if one in hay}
        for at, head in self._candidates(hay):
            found.update(one for one in self._by_head[head] if hay.startswith(one, at))
        return found

    def _candidates(self, hay: bytes) -> Iterator[tuple[int, int]]:
        """Where the first bytes of any needle stand, and which."""
        for start in range(0, len(hay) - HEAD + 1, PIECE):
            piece = np.frombuffer(hay[start : start + PIECE + HEAD - 1], dtype=np.uint8)
            places = np.flatnonzero(self._maybe[_numbers(piece, _FILTER_BYTES)[: len(piece) - HEAD + 1]])
            heads = sum(
                (piece[places + n].astype(np.uint64) << np.uint64(8 * n) for n in range(HEAD)),
                np.zeros(len(places), dtype=np.uint64),
            )
            true = np.isin(heads, self._heads)
            yield from zip((places[true] + start).tolist(), heads[true].tolist(), strict=True)


def _numbers(piece: NDArray[np.uint8], width: int) -> NDArray[np.uint32]:
    """The little-endian number of so many bytes that begins at each place."""
    wide = piece.astype(np.uint32)
    last = len(piece) - width + 1
    made = wide[:last].copy()
    for n in range(1, width):
        made |= wide[n : n + last] << np.uint32(8 * n)
    return made
