"""What comes out of a play of the crowd: a `Tally`.

In: how often each person saw a post, and the conditions of the play. Out: counts, by post, hour, creator and person.
Invariant: what follows from the impressions of people alone (reach by frequency, who would have bought anyway) is
counted here, once for both clocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.compiled import Whole, Word, kernel, rule
from simulator.market.people import People, word_of
from simulator.spread.conditions import Conditions, Counts
from simulator.spread.rules import PAID, PLATFORM, buys_anyway

FREQUENCIES = 3  # planners ask for reach at 1+, 2+ and 3+
COUNTS = (
    "impressions",
    "engagements",
    "shares",
    "clicks",
    "orders",
    "incremental_orders",
    "friend_impressions",
    "discovery_impressions",
    "paid_impressions",
    "returned_orders",
    "incremental_returns",
    "lost_orders",
    "repeat_orders",
    "incremental_repeat_orders",
    "advocate_shares",
    "likes",
    "comments",
    "saves",
)
(
    IMPRESSIONS,
    ENGAGEMENTS,
    SHARES,
    CLICKS,
    ORDERS,
    INCREMENTAL_ORDERS,
    FRIEND_IMPRESSIONS,
    DISCOVERY_IMPRESSIONS,
    PAID_IMPRESSIONS,
    RETURNED_ORDERS,
    INCREMENTAL_RETURNS,
    LOST_ORDERS,
    REPEAT_ORDERS,
    INCREMENTAL_REPEAT_ORDERS,
    ADVOCATE_SHARES,
    LIKES,
    COMMENTS,
    SAVES,
) = range(len(COUNTS))
HOURLY = ("reach", "impressions", "orders")
NEW_REACH, NEW_IMPRESSIONS, NEW_ORDERS = range(len(HOURLY))


@dataclass(frozen=True)
class Tally:
    """What happened in one play.

    Attributes:
        reach: Different people with at least one impression.
        by_post: Counts of each post (posts, COUNTS).
        by_hour: What happened in hour h, that is after h - 1 and up to h hours: people reached for the
            first time, impressions, orders (hours + 1, 3); row 0 is second 0.
        reach_by_creator: Different people who saw a post of each creator (creators,).
        reach_by_frequency: Different people with at least 1, 2, ... FREQUENCIES impressions (FREQUENCIES,).
        on_target_reach: Different people of the target niche with at least one impression; without one, of all.
        later_orders: Incremental orders after the horizon that are kept, of customers and of who clicked before it, up
            to each of `Conditions.ends` (3,).
        lifetime_orders: Orders of the play's customers within a year of their first that are kept, that one included.
        brand_orders: Orders at people's own occasions because of goodwill that are kept, up to the horizon, then up to
            each of `Conditions.ends` (4,).
        goodwill: What all people together have at the horizon, in units of 2**-32.
        people: How many people there are.
        anyway: How many of them would have bought anyway.
        anyway_reached: How many of these had at least one impression.
    """

    reach: int
    by_post: npt.NDArray[np.int64]
    by_hour: npt.NDArray[np.int64]
    reach_by_creator: npt.NDArray[np.int64]
    reach_by_frequency: npt.NDArray[np.int64]
    on_target_reach: int
    later_orders: npt.NDArray[np.int64]
    lifetime_orders: int
    brand_orders: npt.NDArray[np.int64]
    goodwill: int
    people: int = 0
    anyway: int = 0
    anyway_reached: int = 0


def reach_of(times_seen: npt.NDArray[np.integer[Any]], people: People, target_niche: int | None) -> tuple[Counts, int]:
    """Give the reach by frequency (FREQUENCIES,) and on target.

    Args:
        times_seen: Impressions of each person (N,).
        people: The people of the market.
        target_niche: Index of the niche that is to be reached, None where it is everybody.
    """
    by_frequency = np.array([np.count_nonzero(times_seen > k) for k in range(FREQUENCIES)], np.int64)
    on_target = times_seen > 0 if target_niche is None else (times_seen > 0) & (people.niche == target_niche)
    return by_frequency, int(np.count_nonzero(on_target))


def anyway_of(times_seen: npt.NDArray[np.integer[Any]], conditions: Conditions) -> tuple[int, int, int]:
    """Give how many people there are, how many of them would have bought anyway, and how many of these were reached.

    Args:
        times_seen: Impressions of each person (N,).
        conditions: What the play depended on.
    """
    c = conditions
    if c.baseline == 0 and c.baseline_on_target == 0:
        return c.people.count, 0, 0
    target = -1 if c.target_niche is None else c.target_niche  # no niche has the number -1
    name, chances = np.uint64(c.baseline_key), (np.uint64(c.baseline), np.uint64(c.baseline_on_target))
    anyway, reached = _count_anyway(c.people.codes, c.people.niche, target, times_seen > 0, name, *chances)
    return c.people.count, anyway, reached


@kernel
def _count_anyway(
    codes: npt.NDArray[np.uint64],
    niche: npt.NDArray[np.uint8],
    target: Whole,
    is_reached: npt.NDArray[np.bool_],
    key: Word,
    baseline: Word,
    on_target: Word,
) -> tuple[int, int]:
    """Count who would have bought anyway, and who of these was reached."""
    anyway = reached = 0
    for person in range(is_reached.size):
        if buys_anyway(key, word_of(codes, person), np.int64(niche[person]) == target, baseline, on_target):
            anyway += 1
            reached += is_reached[person]
    return anyway, reached


@rule("int64(int64)")
def shown_count(shower: Whole) -> Whole:
    """Give the count, beside IMPRESSIONS, of an impression that somebody else than the creator showed."""
    if shower < PLATFORM:
        return FRIEND_IMPRESSIONS
    return DISCOVERY_IMPRESSIONS if shower < PAID else PAID_IMPRESSIONS
