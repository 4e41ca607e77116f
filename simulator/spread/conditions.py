"""What a play of the crowd depends on: the market's arrays and every chance as an integer table.

In: probabilities, delay laws and fatigue as numbers. Out: `Conditions`, read by both clocks.
Invariant: transcendental functions are evaluated here and nowhere later, so an engine compares
integers only and two engines cannot round differently.

How each table is made:

* chance: p in units of 2**-32, rounded; 1 is certain and 0 never.
* delay: 2**14 quantiles at the midpoints (i + 0.5) / 2**14, rounded to a second, at least `least`,
  capped one second behind the horizon, which means never.
* wear: k ** -fatigue, times what is written for the k-th impression, in units of 2**-31, for k up to 4,096; later
  impressions count as the 4,096th. With nothing written it is exactly 1 at k = 1; it stays below 2, so that its product
  with any chance fits 64 bits.
* reach by activity: a person's percentile is one of 1,024 bins; the entry is the mean of the beta law over the
  bin, so the mean over all people is the rate itself (exactly, not to the width of a bin).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.market.follow_graph import FollowGraph
from simulator.market.people import ACTIVITY_LEVELS, People
from simulator.scenario.section import Constant, Exponential, Lognormal, PowerLaw
from simulator.spread.goodwill import LONG_RUN, Brand
from simulator.spread.rules import CHANCE_BITS, DELAY_BITS, WEAR_BITS

DELAY_ENTRIES = 1 << DELAY_BITS
WEAR_ENTRIES = 4096
# Below it people differ by less than a thousandth, and the beta functions lose their digits: all are equal.
_LEAST_SPREAD = 1e-6

Chances = npt.NDArray[np.uint64]
Seconds = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]
DelayLaw = Lognormal | Exponential | PowerLaw | Constant


class Effect(NamedTuple):
    """What an impression may lead to that a scandal changes.

    Attributes:
        click: Chance of a click.
        order: Chance of an order per click.
        click_on_target: Chance of a click by a viewer of the target niche.
        order_on_target: Their chance of an order per click.
        goodwill: What is added to the viewer's goodwill.
    """

    click: int
    order: int
    click_on_target: int
    order_on_target: int
    goodwill: int


@dataclass(frozen=True)
class Post:
    """One post as the crowd sees it.

    Attributes:
        key: Name of the post in this replication.
        audience: The creator's followers in the market, ascending (F,) int32.
        reach: Chance that a follower of each activity level sees the post (ACTIVITY_LEVELS,).
        delay: Quantiles of the time until a follower sees it [s] (DELAY_ENTRIES,).
        engage: Chance of an engagement per impression; likewise share, click, and order per click.
        creator: Row of its creator in `Tally.reach_by_creator`.
        share_by_friends: Chance of a share once 1, 2, ... different friends have shown the post, the last for more;
            empty where that changes nothing.
        click_on_target: Chance of a click by a viewer of the target niche, None where it is `click`; likewise
            order_on_target.
        goodwill: What an impression adds to its viewer's goodwill.
    """

    key: int
    audience: npt.NDArray[np.int32]
    reach: Chances
    delay: Seconds
    engage: int
    share: int
    click: int
    order: int
    creator: int = 0
    share_by_friends: tuple[int, ...] = ()
    click_on_target: int | None = None
    order_on_target: int | None = None
    goodwill: int = 0

    @property
    def effect(self) -> Effect:
        """Give what an impression leads to before any scandal."""
        on_target = self.click_on_target, self.order_on_target
        click, order = (
            own if its is None else its for own, its in zip((self.click, self.order), on_target, strict=True)
        )
        return Effect(self.click, self.order, click, order, self.goodwill)


@dataclass(frozen=True)
class Strangers:
    """Among whom viewers are picked for impressions that no follow leads to.

    Attributes:
        first: Where the people of the target niche begin in `People.by_niche`.
        count: How many they are.
        inside: Chance that the viewer is one of them; else it is any of the others.
        passed_over: Who is not shown it, ascending (F,) int32.
    """

    first: int
    count: int
    inside: int
    passed_over: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Conditions:
    """Everything a clock needs to play one strategy once.

    Attributes:
        horizon: Last second that is played [s].
        posts: In the order of events within a second: by creator name, then number.
        peer_reach: Chance that a follower of each activity level sees a share (ACTIVITY_LEVELS,).
        peer_delay: Quantiles of the time until a follower sees a share, at least 1 [s] (DELAY_ENTRIES,).
        wear: Fatigue by number of impressions (WEAR_ENTRIES,).
        baseline_key: Name of the decisions who would have bought anyway.
        baseline: Chance that a person would have bought anyway.
        baseline_on_target: The same for people of the target niche.
        returns: Chance that an order is returned.
        stock: How many orders can be filled, None where nothing limits them.
        target_niche: Index of the product's niche, None where everybody is meant.
        advocate: Chance that somebody who orders shares the post then.
        lag: Quantiles of the time from a click to its order, at least 1 [s] (DELAY_ENTRIES,); None where it is at once.
        later_key: Name of the decisions about customers' later orders.
        repeat: Chance that an order is followed by another.
        repeat_delay: Quantiles of the time until that [s] (DELAY_ENTRIES,); None where there is none.
        comments: Chance that an engagement is a comment.
        saves: Chance that it is a save; else it is a like.
        brand: On what terms goodwill lasts and works, None where impressions leave none.
    """

    people: People
    graph: FollowGraph
    horizon: int
    posts: tuple[Post, ...]
    peer_reach: Chances
    peer_delay: Seconds
    wear: Chances
    baseline_key: int
    baseline: int
    baseline_on_target: int = 0
    returns: int = 0
    stock: int | None = None
    target_niche: int | None = None
    advocate: int = 0
    lag: Seconds | None = None
    later_key: int = 0
    repeat: int = 0
    repeat_delay: Seconds | None = None
    comments: int = 0
    saves: int = 0
    brand: Brand | None = None

    @property
    def ends(self) -> Seconds:
        """Give until when orders are counted that come after the horizon: 3, 6 and 12 months behind it [s] (3,)."""
        return self.horizon + np.array(LONG_RUN, np.int64)

    def anyway(self, person: int) -> int:
        """Give the chance that a person would have bought anyway."""
        return self.baseline_on_target if self.is_on_target(person) else self.baseline

    def is_on_target(self, person: int) -> bool:
        """Say whether a person is of the target niche; without one, nobody is."""
        return self.target_niche is not None and int(self.people.niche[person]) == self.target_niche

    @property
    def creators(self) -> int:
        """Give how many creators' posts there are."""
        return 1 + max((post.creator for post in self.posts), default=-1)

    @property
    def hours(self) -> int:
        """Give the number of whole or started hours up to the horizon."""
        return -(-self.horizon // 3600)


def chance(probability: float) -> int:
    """Turn a probability into an integer threshold."""
    return round(min(max(probability, 0.0), 1.0) * (1 << CHANCE_BITS))


@lru_cache(maxsize=4096)  # 8 KiB each; creators whose rate follows a law have one of their own
def reach_table(rate: float, spread: float) -> Chances:
    """Give the chance to be reached for each level of activity.

    Args:
        rate: Mean over all people.
        spread: Intraclass correlation of the beta law: 0 makes everybody equal (as does less than 1e-6).

    Returns:
        Thresholds by activity level, rising (ACTIVITY_LEVELS,).
    """
    if spread < _LEAST_SPREAD or rate <= 0 or rate >= 1:
        return np.full(ACTIVITY_LEVELS, chance(rate), np.uint64)
    means = np.clip(np.diff(_partial_means(rate, spread)) * ACTIVITY_LEVELS, 0.0, 1.0)
    table: Chances = np.rint(np.maximum.accumulate(means) * (1 << CHANCE_BITS)).astype(np.uint64)
    return table


def _partial_means(rate: float, spread: float) -> npt.NDArray[np.float64]:
    """Give what the people below each border between levels add to the mean (ACTIVITY_LEVELS + 1,).

    The partial mean of a beta law is another beta law's distribution function. Above one half it is taken from
    the other end, where borders that lie close to 1 keep their digits.
    """
    from scipy.special import betainc, betaincinv

    a, b = rate * (1 - spread) / spread, (1 - rate) * (1 - spread) / spread
    share = np.arange(1, ACTIVITY_LEVELS) / ACTIVITY_LEVELS
    low = int(np.searchsorted(share, betainc(a, b, 0.5)))  # of the borders, so many lie below one half
    from_below = rate * betainc(a + 1, b, betaincinv(a, b, share[:low]))
    left = 1 - share[low:]
    from_above = rate - left + (1 - rate) * betainc(b + 1, a, betaincinv(b, a, left))
    return np.concatenate(([0.0], from_below, from_above, [rate]))


@lru_cache(maxsize=64)
def wear_table(fatigue: float, by_frequency: tuple[float, ...] = ()) -> Chances:
    """Give by what the response to the k-th impression is multiplied, in fixed point (WEAR_ENTRIES,).

    Args:
        fatigue: The exponent of k ** -fatigue.
        by_frequency: A further factor for k = 1, 2, ..., each below 2; the last holds for all later impressions.
    """
    k = np.arange(1, WEAR_ENTRIES + 1, dtype=np.float64)
    factor = np.take(by_frequency, np.arange(WEAR_ENTRIES), mode="clip") if by_frequency else 1.0
    return np.asarray(np.rint(k**-fatigue * factor * (1 << WEAR_BITS)), np.uint64)


@lru_cache(maxsize=64)
def delay_table(law: DelayLaw, horizon: int, least: int) -> Seconds:
    """Give the quantiles of a delay [s] (DELAY_ENTRIES,).

    References:
        The power law: Zhao et al. (2015), SEISMIC, KDD, equation 3: density flat up to s0, then
        (s / s0) ** -(1 + theta).
    """
    u = (np.arange(DELAY_ENTRIES) + 0.5) / DELAY_ENTRIES
    with np.errstate(over="ignore"):  # an infinite delay is capped like any that is too long
        seconds = _quantiles(law, u)
    return np.asarray(np.rint(np.clip(seconds, least, horizon + 1)), np.int64)


def quantile_seconds(law: DelayLaw, u: float) -> float:
    """Give the quantile of a delay at u in (0, 1), not rounded; infinite where it is too long for a number [s]."""
    with np.errstate(over="ignore"):
        return float(_quantiles(law, np.array([u]))[0])


def _quantiles(law: DelayLaw, u: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if isinstance(law, Constant):
        return np.full_like(u, law.hours * 3600)
    if isinstance(law, Exponential):
        return np.asarray(-law.mean_hours * 3600 * np.log1p(-u))
    if isinstance(law, PowerLaw):
        flat, theta = law.flat_minutes * 60, law.exponent
        body = flat * (1 + theta) / theta * u
        return np.where(body <= flat, body, flat * ((1 + theta) * (1 - u)) ** (-1 / theta))
    from scipy.special import ndtri

    return np.asarray(law.median_hours * 3600 * np.exp(law.sigma * ndtri(u)))
