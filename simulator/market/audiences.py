"""Audiences: who of the market follows a creator.

In: people, how many accounts each of them follows, a creator's niche, size and name. Out: the people who follow it.
Invariant: an audience comes from the creator's own name in its market, so it does not depend on who else is hired.

Followers are drawn without replacement, weighted by niche affinity x how many accounts a person
follows, by exponential keys: every person gets the key -log(u) / weight and the smallest keys win.

References:
    Efraimidis, Spirakis (2006), Weighted random sampling with a reservoir, Information Processing
    Letters 97: the algorithm A-Res.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.compiled import Word, fold, kernel, uniform
from simulator.market.people import People, word_of


@dataclass(frozen=True)
class Appeal:
    """How likely each person is to follow the creators of one niche, up to a factor.

    Attributes:
        weight: Niche affinity x how many accounts the person follows (N,).
        levels: The different weights, and in `counts` how many people have each (L,).
    """

    weight: npt.NDArray[np.float64]
    levels: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]


def appeal_of(people: People, followings: npt.NDArray[np.int32], niche: int | None, affinity: float) -> Appeal:
    """Weigh the people for the creators of a niche.

    Args:
        people: The people of the market.
        followings: How many accounts each person follows (N,).
        niche: Index of the creators' niche, or None for those that appeal to all alike.
        affinity: How many times likelier a person of that niche follows.
    """
    # Nobody is out of reach: also who follows no one in the graph may follow a creator.
    count = np.maximum(followings, 1)
    inside = people.niche == niche if niche is not None else np.zeros(people.count, bool)
    tables = [(np.bincount(count[~inside]), 1.0), (np.bincount(count[inside]), affinity)]
    return Appeal(
        np.where(inside, affinity, 1.0) * count,
        np.concatenate([np.flatnonzero(table) * factor for table, factor in tables]),
        np.concatenate([table[table > 0] for table, _ in tables]),
    )


def draw_audience(people: People, appeal: Appeal, size: int, key: int) -> npt.NDArray[np.int32]:
    """Draw who follows a creator.

    Args:
        people: The people of the market.
        appeal: How likely each of them is to follow creators of this niche.
        size: How many followers to draw [persons], at most N.
        key: Name of the creator in its market.

    Returns:
        The followers, ascending, without repeats (size,).
    """
    if size <= 0:
        return np.empty(0, np.int32)
    if size >= people.count:
        return np.arange(people.count, dtype=np.int32)
    limit = _key_limit(appeal, size)
    while True:
        person, its_key = _small_keys(appeal.weight, people.codes, np.uint64(key), limit)
        if person.size >= size:
            return np.sort(person[np.argpartition(its_key, size - 1)[:size]])
        limit *= 1.5


def _key_limit(appeal: Appeal, size: int) -> float:
    """Find a limit below which a few more than `size` exponential keys lie."""
    wanted = min(size + 6 * math.sqrt(size) + 6, (size + appeal.weight.size) / 2)

    def expected(limit: float) -> float:
        return float(appeal.counts @ -np.expm1(-appeal.levels * limit))

    low, high = 0.0, 1.0
    while expected(high) < wanted:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < wanted else (low, middle)
    return high


@kernel
def _small_keys(
    weight: npt.NDArray[np.float64], codes: npt.NDArray[np.uint64], key: Word, limit: float
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Give the people whose exponential key is at most the limit, and the keys."""
    person = np.empty(weight.size, np.int32)
    its_key = np.empty(weight.size, np.float64)
    found = 0
    for i in range(weight.size):
        u = uniform(fold(key, word_of(codes, i)))
        # -log(1 - u) is at least u, so most people need no logarithm.
        if u <= limit * weight[i]:
            exponential = -np.log1p(-u)
            person[found] = i
            its_key[found] = exponential / weight[i]
            found += exponential <= limit * weight[i]
    return person[:found].copy(), its_key[:found].copy()
