"""Whether the paired differences of plans are decided, look by look.

In: the values of a measure for each plan, as far as they were played, and the deviate that decides at this look. Out:
what each pair shows, whether the run may stop and why; after the stop, the interval and the p value of every pair.
Invariants: swapping two plans swaps them in what comes out; with more than two plans all decisions hold together
(Bonferroni over all pairs, as in `present/claims.py`).

A run is decided where one plan is ahead of every other, and also over where one plan is, against every other, ahead or
surely no farther from it than a difference that does not matter (two one-sided tests with the bounds of the looks).

With two plans the interval after the stop is exact but for what normal deviates of a mean are not. With more, a run
ends when the last pair of its leader is decided: that pair gets the interval that belongs to this, while of pairs that
were decided at an earlier look and of those that nobody waited for the plain interval holds, because it was not they
that ended the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np

from simulator.study.estimates import LEVEL, Estimate, Markets, Values
from simulator.study.group_sequential import Design, design_of, ending
from simulator.study.pivot import METHOD, Pivot, pivot_of

Why = Literal["decided", "small", "undefined"]
Pair = tuple[str, str]

# At the first look there are at least so many replications: fewer say little about tails.
FIRST_LOOK = 200
# From look to look the replications grow by this; the last look stands at least the second factor off.
_GROWTH, _LEAST_GROWTH = 1.5, 1.2


@dataclass(frozen=True)
class Sight:
    """What a look at a run saw of all pairs.

    Attributes:
        replications: How many there were.
        pivots: For each pair the mean of first - second; None where it has no error, or none that can be told.
        same: Pairs that are one plan under two names.
        leader: The plan that was ahead of all others, or, where the run may not stop, ahead of most of them so far.
        why: Why the run may stop; None where it goes on.
    """

    replications: int
    pivots: Mapping[Pair, Pivot | None]
    same: frozenset[Pair]
    leader: str | None
    why: Why | None

    def deviate(self, pair: Pair) -> float:
        """Give how far a pair's difference lies above 0, as a normal deviate; 0 where nothing can be told."""
        pivot = self.pivots[pair]
        return pivot.deviate() if pivot else 0.0


def looks_of(step: int, most: int) -> tuple[int, ...]:
    """Give the numbers of replications at which a run is looked at, up to its maximum.

    >>> looks_of(100, 2000)
    (200, 300, 500, 800, 1200, 2000)

    Args:
        step: They are multiples of this, but for the maximum.
        most: The maximum.
    """
    looks, n = [], -(-FIRST_LOOK // step) * step
    while n * _LEAST_GROWTH <= most:
        looks.append(n)
        n = max(round(n * _GROWTH / step), n // step + 1) * step
    return (*looks, most)


def plan_looks(step: int, most: int, plans: int) -> Design:
    """Plan the looks at a run with so many plans that are compared."""
    return design_of(looks_of(step, most), (1 - LEVEL) / max(plans * (plans - 1) // 2, 1))


def sight_of(
    values: Mapping[str, Values],
    market: Markets,
    bound: float,
    *,
    zone: float | None = None,
    same: frozenset[Pair] = frozenset(),
) -> Sight:
    """Look at all pairs.

    Args:
        values: One value per replication (n,) for each plan, NaN where it is undefined; a plan without any is left out.
        market: Index of the market each replication was played in (n,).
        bound: The deviate that decides at this look.
        zone: The difference from which on it matters; by default every difference does.
        same: Pairs that are one plan under two names.
    """
    pivots = {(a, b): pivot_of(values[a] - values[b], market) for a, b in combinations(values, 2)}
    sight = Sight(len(market), pivots, same, None, "undefined")
    if len(values) < 2:
        return sight
    ahead = {plan: [its for its in values if its != plan and _is_ahead(sight, plan, its, bound)] for plan in values}
    leader = max(values, key=lambda plan: (len(ahead[plan]), float(np.nanmean(values[plan]))))
    rest = [other for other in values if other not in (leader, *ahead[leader])]
    close = all(_is_close(sight, leader, other, bound, zone) for other in rest)
    return replace(sight, leader=leader, why="decided" if not rest else "small" if close else None)


def _is_ahead(sight: Sight, plan: str, other: str, bound: float) -> bool:
    pair, sign = ((plan, other), 1) if (plan, other) in sight.pivots else ((other, plan), -1)
    return sign * sight.deviate(pair) > bound


def _is_close(sight: Sight, plan: str, other: str, bound: float, zone: float | None) -> bool:
    """Say whether a difference is surely within the zone, on both sides."""
    pair = (plan, other) if (plan, other) in sight.pivots else (other, plan)
    pivot = sight.pivots[pair]
    if pivot is None or zone is None:
        return pair in sight.same
    return pivot.deviate(-zone) > bound and pivot.deviate(zone) < -bound


@dataclass(frozen=True)
class Settled:
    """What a finished run says of a pair that it waited for: the difference first - second."""

    difference: Estimate
    p_value: float


def settled(design: Design, sights: Sequence[Sight], zone: float | None = None) -> dict[Pair, Settled]:
    """Give interval and p value of the pairs that a run waited for.

    Args:
        design: The plan of looks.
        sights: What each look saw, the last of which ended the run.
        zone: The difference from which on it matters.
    """
    last = sights[-1]
    waited = [pair for pair, pivot in last.pivots.items() if pivot and _waited_for(design, sights, pair)]
    return {pair: _settled(design, sights, pair, zone) for pair in waited}


def _waited_for(design: Design, sights: Sequence[Sight], pair: Pair) -> bool:
    """Say whether a pair could end the run and had not been decided before its last look."""
    *earlier, last = sights
    if last.why is not None and last.leader not in pair:
        return False
    return all(abs(its.deviate(pair)) <= bound for its, bound in zip(earlier, design.bounds, strict=False))


def _settled(design: Design, sights: Sequence[Sight], pair: Pair, zone: float | None) -> Settled:
    look = len(sights) - 1
    pivot = sights[-1].pivots[pair]
    assert pivot is not None, "a pair that a run waited for has a pivot"
    inner = None if zone is None else design.inner(look, zone / pivot.error)
    its = ending(design, look, pivot.deviate(), LEVEL, inner)
    value = pivot.mean.value
    low, high = min(pivot.bound(its.low), value), max(pivot.bound(its.high), value)
    method = f"group sequential, look {look + 1} of at most {len(design.looks)}, {METHOD}{pivot.mean.plan}"
    estimate: Estimate = {"value": value, "low": low, "high": high, "level": LEVEL, "method": method, "n": pivot.n}
    return Settled(estimate, its.p_value)
