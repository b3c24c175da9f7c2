"""Whether something is as chance alone would have it: measures, each with a bound that chance hardly ever passes."""

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

SURPRISE_MOST = 8.0
"""Signs of chance alone surprise by more once in some million times, also where there are as few as 40 of them."""


def surprise(groups: Sequence[Sequence[Sequence[int]]], signs: int) -> float:
    """The greatest surprise at any place of words of one length, each place holding one of so many `signs`.

    The words come in their order, in groups that have something in common. At each place the signs should be spread
    evenly: in all words, within each group, and in what they are ahead of the word before.
    """
    words = list(chain.from_iterable(groups))
    apart = [[(now - before) % signs for before, now in zip(*two, strict=True)] for two in pairwise(words)]
    return max(
        _uneven([[word[place] for word in group] for group in grouped], signs)
        for grouped in ([words], groups, [apart])
        for place in range(len(words[0]))
    )


def _uneven(groups: Sequence[Sequence[int]], signs: int) -> float:
    """Chi-square of evenly spread signs in each group, as standard deviations (by Wilson and Hilferty)."""
    free = len(groups) * (signs - 1)
    sums = (sum(n * n for n in Counter(group).values()) * signs / len(group) - len(group) for group in groups)
    spread = 2 / (9 * free)
    return (math.cbrt(sum(sums) / free) - (1 - spread)) / math.sqrt(spread)


def unevenness(values: Sequence[int], most: int) -> float:
    """The greatest distance (Kolmogorov, Smirnov) of these values, 0 or more, from evenly spread ones up to `most`."""
    return max(
        abs(sum(one <= value for one in values) / len(values) - (min(value, most) + 1) / (most + 1))
        for value in range(max(most, *values) + 1)
    )


def unevenness_most(much: int) -> float:
    """What so many values of chance alone exceed once in 100,000 times."""
    return 2.5 / math.sqrt(much)


def order_kept(groups: Sequence[Sequence[int]]) -> float:
    """Rank correlation between the order in which values come and their own, within each group: 1 where it is kept."""
    came = chain.from_iterable(_centred(range(len(group))) for group in groups)
    ranks = chain.from_iterable(_centred([sorted(group).index(one) for one in group]) for group in groups)
    return statistics.correlation(list(came), list(ranks))


def _centred(ranks: Sequence[int]) -> Iterator[float]:
    return (rank - (len(ranks) - 1) / 2 for rank in ranks)


def order_most(groups: Sequence[Sequence[int]]) -> float:
    """What chance alone exceeds once in 15,000 times, in either direction."""
    return 4 / math.sqrt(sum(len(group) - 1 for group in groups))
