"""How many paid impressions a strategy buys at most.

In: a strategy and the parts of a scenario. Out: numbers of impressions, 0 where a key they need cannot be used.
Invariant: ads are paid with what a boost leaves of the budget, and both at the lowest price that a plan must expect.
"""

from __future__ import annotations

from simulator.scenario.parts import Part, Parts
from simulator.scenario.strategy import ADS, Ads, Boost, Strategy

MAX_PAID_IMPRESSIONS = 50_000_000  # of a strategy; each is played, and more is a slip of the pen


def boosted_impressions(strategy: Part[Strategy], parts: Parts) -> float:
    """Give how many impressions the boost of a strategy buys at most."""
    boost = parts.boost_of(strategy)
    return 1000 * boost.value.budget / boost.value.cpm.plausible_low if boost and boost.has("budget", "cpm") else 0.0


def ads_impressions(strategy: Part[Strategy], parts: Parts) -> float:
    """Give how many impressions the share of ads of a strategy buys at most."""
    ads, boost = parts.ads, parts.boost_of(strategy)
    if not (ads and ads.has("cpm") and strategy.has("split") and parts.budget):
        return 0.0
    left = parts.budget - (boost.value.budget if boost and boost.has("budget") else 0.0)
    return 1000 * strategy.value.split.get(ADS, 0.0) * max(left, 0.0) / ads.value.cpm.plausible_low


def can_be_played(impressions: float) -> bool:
    """Say whether a strategy may buy so many impressions."""
    return impressions <= MAX_PAID_IMPRESSIONS * (1 + 1e-9)


def most_in_a_day(parts: Parts) -> float:
    """Give how many paid impressions a strategy buys in one day at most; one that buys too many does not count."""
    return max((_in_a_day(strategy, parts) for strategy in parts.strategies.values()), default=0.0)


def _in_a_day(strategy: Part[Strategy], parts: Parts) -> float:
    boosted, shown = boosted_impressions(strategy, parts), ads_impressions(strategy, parts)
    if not can_be_played(boosted + shown):
        return 0.0
    return boosted / _days(parts.boost_of(strategy)) + shown / _days(parts.ads)


def _days(part: Part[Boost] | Part[Ads] | None) -> float:
    """Give over how many days money is spent; where that is not known, what is bought in one cannot be known."""
    return part.value.days if part and part.has("days") else float("inf")
