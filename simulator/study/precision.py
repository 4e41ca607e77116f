"""How many replications until means are known precisely enough.

In: the values of a measure for each plan, as far as they were played, and how narrow its interval is to be. Out: how
wide the intervals are now, and when to look again. Invariants: the same values give the same looks; the last look but
one foresees how many replications will be enough, and at least a third of all are played after it.

A run that stops at the first look at which its interval is narrow stops too often where no large value has come yet:
the error is then too small and, of a skewed measure, the mean too low or too high with it, so its "95%" intervals cover
less. Here a look never stops the run by itself (Stein 1945, in several stages): it says how many replications will be
enough, doubling them while that is far off, and the run ends at a look that an earlier one foresaw, with many
replications that had no part in the decision. Should the interval still be too wide there, that look foresees the next.
The intervals are those of `pivot.py`.

Measured coverage: docs/stopping.md.

References:
    Stein (1945), A two-sample test for a linear hypothesis whose power is independent of the variance, Annals of
    Mathematical Statistics 16; Chow and Robbins (1965), On the asymptotic theory of fixed-width sequential confidence
    intervals for the mean, Annals of Mathematical Statistics 36; Hall (1981), Asymptotic theory of triple sampling for
    sequential estimation of a mean, Annals of Statistics 9.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.study.estimates import LEVEL, Estimate, Markets, Values, not_below, probability
from simulator.study.pivot import METHOD, pivot_of

# At the first look there are at least so many replications: fewer say little about tails.
FIRST_LOOK = 200
# From look to look the replications grow by this at the most, and by that at the least.
_MOST_GROWTH, _LEAST_GROWTH = 2.0, 1.5
# What is foreseen is made so much longer, because half of all forecasts would fall short.
_MARGIN = 1.1


@dataclass(frozen=True)
class Look:
    """What a look at a run saw.

    Attributes:
        replications: How many there were.
        half_width: The larger part of the widest interval, None where one has no bounds.
        is_foreseen: Whether an earlier look foresaw that these would be enough.
        is_enough: Whether the run may stop.
        then: How many replications to play until the next look.
        foresees: Whether those are foreseen to be enough.
    """

    replications: int
    half_width: float | None
    is_foreseen: bool
    is_enough: bool
    then: int
    foresees: bool


def first_look(step: int, most: int) -> int:
    """Give how many replications there are at the first look.

    Args:
        step: The number of replications is a multiple of this, but for the maximum.
        most: The maximum.
    """
    return min(_multiple(FIRST_LOOK, step), most)


def look(
    values: Mapping[str, Values],
    market: Markets,
    wanted: float,
    *,
    step: int,
    most: int,
    before: Look | None = None,
    chance: bool = False,
) -> Look:
    """Look whether the mean of every plan is known to within `wanted`.

    Args:
        values: One value per replication (n,) for each plan, NaN where it is undefined.
        market: Index of the market each replication was played in (n,).
        wanted: How far either end of an interval may be from its mean.
        step: The number of replications is a multiple of this, but for the maximum.
        most: The maximum.
        before: The look before this one.
        chance: Whether the values are 0 and 1, so that something is known of a mean even where they do not vary.
    """
    n = len(market)
    half = _widest([known(its, market, 1, chance=chance) for its in values.values()])
    foreseen = before is not None and before.foresees
    times = math.inf if half is None else _MARGIN * (half / wanted) ** 2
    foresees = times <= _MOST_GROWTH
    growth = max(times, _LEAST_GROWTH) if foresees else _MOST_GROWTH
    enough = foreseen and half is not None and half <= wanted
    return Look(n, half, foreseen, enough, min(_multiple(n * growth, step), most), foresees)


def known(
    values: Values, market: Markets, looks: int, *, least: float | None = None, chance: bool = False
) -> Estimate | None:
    """Give the mean of a run that was looked at, with the interval that its looks went by; None without an interval.

    Args:
        values: One value per replication (n,), NaN where it is undefined.
        market: Index of the market each replication was played in (n,).
        looks: How often the run was looked at.
        least: The lowest value that the measure can have.
        chance: Whether the values are 0 and 1.
    """
    pivot = pivot_of(values, market)
    if pivot is None:
        return probability(round(float(values.sum())), len(values)) if chance else None
    low, high = pivot.interval(LEVEL)
    high = min(high, 1.0) if chance else high
    method = f"{METHOD}{pivot.mean.plan}, after {looks} look{'' if looks == 1 else 's'}"
    estimate: Estimate = {
        "value": pivot.mean.value,
        "low": low,
        "high": high,
        "level": LEVEL,
        "method": method,
        "n": pivot.n,
    }
    return not_below(estimate, least)


def _widest(means: list[Estimate | None]) -> float | None:
    widths = [half_width(mean) for mean in means if mean is not None]
    return max(widths) if widths and len(widths) == len(means) else None


def half_width(mean: Estimate) -> float:
    """Give how far the farther end of the interval of a mean is from it."""
    assert mean["value"] is not None, "a mean with an interval has a value"
    assert mean["low"] is not None, "nothing is looked at without an interval"
    assert mean["high"] is not None, "nor with half of one"
    return max(mean["value"] - mean["low"], mean["high"] - mean["value"])


def _multiple(number: float, step: int) -> int:
    return math.ceil(number / step - 1e-9) * step
