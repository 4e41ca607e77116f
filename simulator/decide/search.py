"""Looking for good splits between three and more pools, where there are too many to play them all equally often.

In: a grid of splits, and a function that says how good some of them are, going by common plays. Out: every split that
was tried, best first. Invariants: each is made of whole steps that add up to all of them, and keeps the constraints;
what was tried once is not asked for again; the same scenario gives the same search, because its randomness has a
name.

The search is scipy's differential evolution with integer variables: the places of the cuts between the pools' steps, so
that no split can fail to add up. It only chooses who enters a contest; which is best, and whether it is any better than
the others, is said from other plays (`selection.py`), so a search in a flat landscape cannot pass for an answer.

References:
    Storn and Price (1997), Differential evolution, Journal of Global Optimization 11.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from simulator.decide.shares import Point
from simulator.decide.splits import Grid, Split
from simulator.errors import ScenarioError
from simulator.streams import generator, name_key

Judge = Callable[[Sequence[Split]], Sequence[float]]

_POPULATION_PER_CUT, _GENERATIONS = 8, 25
# Ends a search whose population agrees: spread of its values below this share of their mean.
_AGREEMENT = 1e-3


def search(grid: Grid, judge: Judge) -> list[tuple[Split, float]]:
    """Try splits, more and more like the best ones.

    Args:
        grid: Which splits there are.
        judge: Says how good some splits are, the greater the better.

    Returns:
        Every split that was tried with how good it is, best first; of those that buy the same, one.

    Raises:
        ScenarioError: the constraints leave none.
    """
    from scipy.optimize import differential_evolution

    tried = _Tried(grid, judge)
    free = grid.steps - sum(_least_steps(grid))
    cuts = len(grid.pools) - 1
    differential_evolution(
        lambda places: tried.costs([_point(grid, column) for column in places.T]),
        [(0, free)] * cuts,
        integrality=[True] * cuts,
        popsize=_POPULATION_PER_CUT,
        maxiter=_GENERATIONS,
        tol=_AGREEMENT,
        polish=False,
        vectorized=True,
        updating="deferred",
        rng=generator(name_key(grid.scenario.seed, "search for splits")),
    )
    return tried.ranked()


class _Tried:
    """Every split that was tried, by what it buys."""

    def __init__(self, grid: Grid, judge: Judge) -> None:
        self._grid, self._judge = grid, judge
        self._splits: dict[Point, Split | None] = {}
        self._values: dict[tuple[object, ...], tuple[Split, float]] = {}

    def costs(self, points: Sequence[Point]) -> npt.NDArray[np.float64]:
        """Give what the search makes small; infinite for splits that are no choice."""
        splits = [self._split(point) for point in points]
        new = {split.buys: split for split in splits if split and split.buys not in self._values}
        found = self._judge(list(new.values())) if new else []
        self._values |= {split.buys: (split, value) for split, value in zip(new.values(), found, strict=True)}
        return np.array([-self._values[split.buys][1] if split else math.inf for split in splits])

    def _split(self, point: Point) -> Split | None:
        if point not in self._splits:
            split = self._grid.split(point) if self._grid.allows_shares(point) else None
            self._splits[point] = None if split is None or self._grid.refused(split) else split
        return self._splits[point]

    def ranked(self) -> list[tuple[Split, float]]:
        """Give all of them, best first."""
        if not self._values:
            raise ScenarioError(NO_CHOICE)
        return sorted(self._values.values(), key=lambda tried: -tried[1])


NO_CHOICE = (
    "decision: no split keeps all of its limits and hires somebody in every market. Loosen least_share, most_share, "
    "most_hired or most_spend, raise the budget, or look at more steps."
)


def _least_steps(grid: Grid) -> list[int]:
    return [math.ceil(grid.decision.least_share.get(pool, 0.0) * grid.steps - 1e-9) for pool in grid.pools]


def _point(grid: Grid, cuts: npt.NDArray[np.float64]) -> Point:
    """Turn the places of cuts into steps of pools, on top of what each has at the least."""
    least = _least_steps(grid)
    ends = [0, *sorted(round(float(cut)) for cut in cuts), grid.steps - sum(least)]
    return tuple(own + right - left for own, left, right in zip(least, ends[:-1], ends[1:], strict=True))
