"""Shares of a budget: whole steps that add up to all of it, the limits they keep, and what plans made of them buy.

In: how many pools and steps, the limits of `[decision]`, plans. Out: points and shares. Invariant: no money is lost or
made between shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from math import comb

from simulator.campaign.hiring import Plan
from simulator.scenario.decision import Decision

# How many steps each pool gets of the budget; they add up to all steps.
Point = tuple[int, ...]

# Shares that differ by less than this are the same: they are sums of fractions.
ROUNDING = 1e-9


def points_of(pools: int, steps: int) -> Iterator[Point]:
    """Give all ways to share steps between pools, most of the last pool first ("stars and bars").

    >>> list(points_of(2, 2))
    [(0, 2), (1, 1), (2, 0)]
    """
    for cuts in combinations(range(steps + pools - 1), pools - 1):
        ends = (-1, *cuts, steps + pools - 1)
        yield tuple(right - left - 1 for left, right in pairwise(ends))


def number_of_points(pools: int, steps: int) -> int:
    """Count the ways to share steps between pools."""
    return comb(steps + pools - 1, pools - 1)


def shares_of(pools: Sequence[str], point: Point) -> dict[str, float]:
    """Give the share of each pool of a point."""
    return {pool: step / sum(point) for pool, step in zip(pools, point, strict=True)}


def keeps_limits(limits: Decision, shares: Mapping[str, float]) -> bool:
    """Say whether each share is at least and at most what a decision allows."""
    return all(
        limits.least_share.get(pool, 0.0) - ROUNDING <= share <= limits.most_share.get(pool, 1.0) + ROUNDING
        for pool, share in shares.items()
    )


def buys(plan: Plan) -> tuple[object, ...]:
    """Give what tells a plan from others: its creators and its ads; empty where it buys nothing."""
    paid = (plan.ads_cents,) if plan.ads_cents else ()
    return (*(profile.name for profile in plan.profiles), *paid)
