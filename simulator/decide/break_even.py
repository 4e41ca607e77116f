"""Where the answer flips: the value of an input at which two plans are as good as each other.

In: paired differences of two plans at a few values of an input, row by row. Out: where their mean crosses 0, with an
interval, a dict in the style of `summary.json`. Invariants: between two values each row is taken as a straight line, so
the mean and its error are known at every value; nothing is said of values outside of those that were played.

The interval holds every value at which the mean difference is not told from 0 (Fieller): where the curve is straight
its coverage is that of the t interval. It has no end on a side where the difference is not told from 0 up to the last
value that was played.

References:
    Fieller (1954), Some problems in interval estimation, JRSS B 16: the ratio of two means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from simulator.study.estimates import LEVEL, Estimate, Markets, Values, mean_estimate

# How finely the ends of an interval are sought, as a share of the range.
_STEPS = 200
METHOD = "values at which the paired mean is not told from 0"

Kind = Literal["flips", "never", "open", "unclear"]


def break_even(at: Sequence[float], differences: Values, market: Markets, level: float = LEVEL) -> dict[str, Any]:
    """Find where a mean paired difference crosses 0.

    Args:
        at: Values of the input, rising (values,).
        differences: Of each row at each of them (rows, values), NaN where undefined, which leaves out its row.
        market: The market of each row (rows,).
        level: Confidence level.

    Returns:
        `kind`: "flips" where the mean has one sign at one end and the other at the other end, both told from 0;
        "never" where it is told from 0, with one sign, at all values; "unclear" where at none; "open" otherwise.
        `break_even`: an estimate; its value is where the mean crosses 0, None where it doesn't, and its ends bound the
        values at which it is not told from 0, None on a side where that goes beyond what was played. `low` and `high`
        ends of what was played, with the `mean` there.
    """
    used = ~np.isnan(differences).any(axis=1)
    rows, market = differences[used], market[used]
    grid = np.linspace(at[0], at[-1], _STEPS + 1)
    every = np.array([np.interp(grid, at, row) for row in rows]).reshape(len(rows), len(grid))
    means = [mean_estimate(every[:, place], market, level) for place in range(len(grid))]
    sides = np.array([side_of(mean) for mean in means])
    value = _crossing(np.asarray(at), rows.mean(axis=0)) if len(rows) else None
    kind = _kind(sides)
    low, high = _ends(sides, grid)
    if kind in ("never", "unclear"):
        value, low, high = None, None, None
    elif value is not None:
        low, high = (None if low is None else min(low, value)), (None if high is None else max(high, value))
    return {
        "kind": kind,
        "break_even": Estimate(value=value, low=low, high=high, level=level, method=METHOD, n=len(rows)),
        "low": {"at": float(at[0]), "mean": means[0]},
        "high": {"at": float(at[-1]), "mean": means[-1]},
    }


def side_of(mean: Estimate) -> int:
    """Say on which side of 0 an interval lies, 0 where it holds 0 or there is none."""
    if mean["low"] is None or mean["high"] is None:
        return 0
    return 1 if mean["low"] > 0 else -1 if mean["high"] < 0 else 0


def _kind(sides: Values) -> Kind:
    if not sides.any():
        return "unclear"
    if (sides == sides[0]).all():
        return "never"
    return "flips" if sides[0] * sides[-1] == -1 else "open"


def _ends(sides: Values, grid: Values) -> tuple[float | None, float | None]:
    """Give the first and the last value that is not told from 0, None where that is the first or last of all.

    Where one sign follows the other within a step, these are its ends.
    """
    unclear = sides == 0
    if not unclear.any():
        places = np.flatnonzero(np.diff(sides))
        return (float(grid[places[0]]), float(grid[places[-1] + 1])) if len(places) else (None, None)
    first, last = int(np.argmax(unclear)), len(grid) - 1 - int(np.argmax(unclear[::-1]))
    return (None if first == 0 else float(grid[first - 1])), (None if last == len(grid) - 1 else float(grid[last + 1]))


def _crossing(at: Values, means: Values) -> float | None:
    """Give where a line through means crosses 0: of several places, the one nearest to the middle of the values."""
    found = []
    for left, right, first, second in zip(at[:-1], at[1:], means[:-1], means[1:], strict=True):
        if first * second < 0 or first == 0:
            found.append(float(left + (right - left) * first / (first - second)) if first else float(left))
    middle = (at[0] + at[-1]) / 2
    return min(found, key=lambda place: abs(place - middle), default=None)
