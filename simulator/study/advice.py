"""How many replications would decide what is too close to call.

In: the mean of a paired difference, and how many comparisons are to hold together. Out: by what the number of
replications is multiplied. Invariant: half the interval shrinks with the root of that number; it must fall below what
decides, with some room.

The advice rests on the difference seen so far, which is itself uncertain. Of normal differences that were too close to
call, so many are decided after that many replications: 53% where the true difference is half a standard error of the
first replications, 75% where it is 1, 92% where it is 2; and 6% where there is none, for then there is nothing to find.
Without the room it is 46%, 64%, 78% and 6%. With errors that are estimated from 100 plays, and log-normal differences
of skewness 6, it is 49%, 74%, 95% and 7%.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

Estimate = Mapping[str, Any]  # as `estimates.Estimate`, also out of a summary

# Replications beside those with which half the interval just equals the difference: with these, one in two such
# differences would still be open.
ROOM = 1.5


def joint_half_width(mean: Estimate, together: int = 1) -> float | None:
    """Give half the interval with which so many comparisons hold together (Bonferroni); None without interval.

    A t interval is widened as a normal one is, which is a little too little for few replications.
    """
    if mean["low"] is None or mean["high"] is None:
        return None
    alone, each = mean["level"], 1 - (1 - mean["level"]) / together
    return float(mean["high"] - mean["low"]) / 2 * _normal(each) / _normal(alone)


def _normal(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def times_to_decide(mean: Estimate, together: int = 1, target: float | None = None) -> float | None:
    """Give by what the number of replications is to be multiplied so that the interval would decide.

    Args:
        mean: A mean with its interval.
        together: How many comparisons are to hold together.
        target: Below what half the interval must fall; by default the mean's distance from 0.

    Returns:
        The factor, infinite for a target of 0; None without interval.
    """
    half, below = joint_half_width(mean, together), abs(mean["value"] or 0.0) if target is None else target
    if half is None:
        return None
    return ROOM * (half / below) ** 2 if below > 0 else math.inf


def rounded_up(number: float, figures: int = 2) -> int:
    """Round a number of at least 1 up to so many figures.

    >>> rounded_up(3_912), rounded_up(101), rounded_up(7.2)
    (4000, 110, 8)
    """
    step = 10 ** max(math.floor(math.log10(number)) - figures + 1, 0)
    return int(math.ceil(number / step) * step)
