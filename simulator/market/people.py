"""The people of a market: each in one niche, each with an activity.

In: how many, the niches' sizes and the market's name. Out: frozen arrays, one entry per person.
Invariant: a person's niche and activity come from the person's own name, so they do not change when
others are added.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, bare_kernel, fold, kernel
from simulator.streams import extend_key, text_word

ACTIVITY_LEVELS = 1024
_LEVEL_SHIFT = np.uint64(54)  # the top 10 bits of a number are its activity level


@bare_kernel
def word_of(codes: npt.NDArray[np.uint64], person: Whole) -> Word:
    """Give the word of a person in the names of decisions: its code, or its number + 1 where there are no codes."""
    return codes[person] if codes.size else np.uint64(person + 1)


@dataclass(frozen=True)
class People:
    """The people of one market.

    Attributes:
        count: How many people [persons].
        niche: Index of each person's niche (count,) uint8.
        activity: Percentile of each person's activity, in ACTIVITY_LEVELS equal bins (count,) uint16.
        codes: The word of each person in the names of decisions (count,) uint64; empty (0,) where
            that is the person's number + 1.
    """

    count: int
    niche: npt.NDArray[np.uint8]
    activity: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint64]

    @cached_property
    def by_niche(self) -> npt.NDArray[np.int32]:
        """Give all people, ordered by niche, then number (count,)."""
        return np.argsort(self.niche, kind="stable").astype(np.int32)

    @cached_property
    def niche_starts(self) -> npt.NDArray[np.int64]:
        """Give where the people of each niche begin in `by_niche`; the next niche's begin is their end (257,)."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.niche, minlength=256))])

    def word(self, person: int) -> int:
        """Give the word of a person in the names of decisions."""
        return int(word_of(self.codes, person))


def numbered_people(count: int, niche_sizes: list[float], market_key: int) -> People:
    """Draw people who are known by their number.

    Args:
        count: How many [persons].
        niche_sizes: Relative sizes of the niches, in order.
        market_key: Name of the market.
    """
    borders = np.rint(np.cumsum(niche_sizes) / np.sum(niche_sizes) * 2**32).astype(np.uint64)
    borders[-1] = 2**32  # whatever the sum rounds to, the last niche ends above every 32-bit number
    codes = np.empty(0, np.uint64)
    niche = _niches(count, borders, np.uint64(extend_key(market_key, "niche")))
    return People(count, niche, _activity(count, codes, _activity_key(market_key)), codes)


def named_people(ids: list[str], market_key: int) -> People:
    """Draw people who are known by a text; all in one niche."""
    codes = np.array([text_word(person) for person in ids], np.uint64)
    activity = _activity(len(ids), codes, _activity_key(market_key))
    return People(len(ids), np.zeros(len(ids), np.uint8), activity, codes)


def _activity_key(market_key: int) -> np.uint64:
    return np.uint64(extend_key(market_key, "activity"))


@kernel
def _niches(count: int, borders: npt.NDArray[np.uint64], key: Word) -> npt.NDArray[np.uint8]:
    niche = np.zeros(count, np.uint8)
    for person in range(count):
        number = fold(key, np.uint64(person + 1)) >> np.uint64(32)
        while number >= borders[niche[person]]:
            niche[person] += 1
    return niche


@kernel
def _activity(count: int, codes: npt.NDArray[np.uint64], key: Word) -> npt.NDArray[np.uint16]:
    activity = np.empty(count, np.uint16)
    for person in range(count):
        activity[person] = fold(key, word_of(codes, person)) >> _LEVEL_SHIFT
    return activity
