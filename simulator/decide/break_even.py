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
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simulator.study.estimates import LEVEL, Estimate, Markets, MeanEstimate, Values, mean_estimate

# How often the stretch is halved in which an end of an interval is sought.
_HALVINGS = 10
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
    line = _Line(np.asarray(at, np.float64), differences[used], market[used], level)
    crossing = _crossing(line.at, line.rows.mean(axis=0)) if len(line.rows) else None
    places = sorted({*map(float, at), *([] if crossing is None else [crossing])})
    sides = [0 if place == crossing else line.side(place) for place in places]
    kind = _kind(sides)
    told = kind in ("flips", "open")
    low, high = _ends(line, places, sides) if told else (None, None)
    value = crossing if told else None
    return {
        "kind": kind,
        "break_even": Estimate(value=value, low=low, high=high, level=level, method=METHOD, n=len(line.rows)),
        "low": {"at": places[0], "mean": line.mean(places[0])},
        "high": {"at": places[-1], "mean": line.mean(places[-1])},
    }


@dataclass(frozen=True)
class _Line:
    """Paired differences at rising values (rows, values), straight between them."""

    at: Values
    rows: Values
    market: Markets
    level: float

    def mean(self, place: float) -> MeanEstimate:
        """Estimate the mean at any value."""
        every = np.array([np.interp(place, self.at, row) for row in self.rows], np.float64)
        return mean_estimate(every, self.market, self.level)

    def side(self, place: float) -> int:
        return side_of(self.mean(place))


def side_of(mean: Estimate) -> int:
    """Say on which side of 0 an interval lies, 0 where it holds 0 or there is none."""
    if mean["low"] is None or mean["high"] is None:
        return 0
    return 1 if mean["low"] > 0 else -1 if mean["high"] < 0 else 0


def _kind(sides: Sequence[int]) -> Kind:
    if not any(sides):
        return "unclear"
    if all(side == sides[0] for side in sides):
        return "never"
    return "flips" if sides[0] * sides[-1] == -1 else "open"


def _ends(line: _Line, places: Sequence[float], sides: Sequence[int]) -> tuple[float | None, float | None]:
    """Give the values around those that are not told from 0, None where that goes up to the first or the last one."""
    first, last = sides.index(0), len(sides) - 1 - sides[::-1].index(0)
    low = None if first == 0 else _edge(line, places[first - 1], places[first])
    return low, None if last == len(sides) - 1 else _edge(line, places[last + 1], places[last])


def _edge(line: _Line, told: float, untold: float) -> float:
    """Halve the stretch between a value at which the mean is told from 0 and one at which it is not."""
    for _ in range(_HALVINGS):
        middle = (told + untold) / 2
        told, untold = (middle, untold) if line.side(middle) else (told, middle)
    return told


def _crossing(at: Values, means: Values) -> float | None:
    """Give where a line through means crosses 0: of several places, the one nearest to the middle of the values."""
    found = []
    for left, right, first, second in zip(at[:-1], at[1:], means[:-1], means[1:], strict=True):
        if first * second < 0 or first == 0:
            found.append(float(left + (right - left) * first / (first - second)) if first else float(left))
    middle = (at[0] + at[-1]) / 2
    return min(found, key=lambda place: abs(place - middle), default=None)
