"""What may be concluded from many replications of one strategy: values with intervals.

In: the values of one measure, one per replication, and the market each replication was played in.
Out: estimates, dictionaries of plain Python numbers, texts and None that go into `summary.json`.
Invariants: an interval contains its value; both its bounds are None where there are too few
replications for an honest one, never only one of them; nothing is ever NaN or infinite.

Three choices hold everywhere:

- Intervals are conditional on the markets played: they say how far the value may be from what endless
  replications *in these markets* would give. What other markets would give is `across_markets`.
  Replications are spread over markets by plan, not by chance, so differences between markets are no
  part of the error of a mean. Quantiles and probabilities use binomial intervals that ignore the plan;
  this makes them at most too wide (Hoeffding 1956).
- A replication in which a measure is undefined (NaN, such as ROI where nothing is spent) is left out,
  and not silently: `n` counts the replications used and the method of the mean says "where defined".
  Where only the plan decides what is spent, this leaves out whole markets; where creators may drop out, or ads
  may stand still, single plays too. The estimate speaks of the plays in which money is spent; profit is defined in
  all of them.
- Worst means lowest, for every measure, spend too.
- Where a measure cannot be below some value at all (LEAST), no interval of it reaches below: what is cut off could not
  have been the truth, so coverage stays.
- Values that never vary within a market are no proof of certainty: rare large orders may just not have come.
  Such a mean has no bounds and its method is NO_VARIATION, unless it is structural: decided by the plan
  rather than by chance, as fixed costs are. Then its interval has zero width and its method is FIXED.

References:
    Hoeffding (1956), On the distribution of the number of successes in independent trials,
    Annals of Mathematical Statistics 27, theorem 4.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Markets = npt.NDArray[np.integer[Any]]

LEVEL = 0.95
NO_VARIATION = "no variation seen"
FIXED = "fixed by the plan"
# Measures that are decided by the plan wherever they do not vary.
STRUCTURAL = frozenset({"spend"})
# The lowest value there can be: nothing is counted below 0, and no more than what was spent can be lost.
LEAST = {
    **dict.fromkeys(("reach", "impressions", "engagements", "shares", "clicks", "orders", "incremental_orders"), 0.0),
    **dict.fromkeys(("reach_2_plus", "reach_3_plus", "on_target_reach", "revenue", "spend"), 0.0),
    "roi": -1.0,
}
# Texts, because they are keys of the summary and because Fraction("0.05") * n is exact.
QUANTILES = ("0.05", "0.1", "0.5", "0.9", "0.95")
SHORTFALL_SHARE = "0.05"
# With fewer than 5 replications in the tail, the interval of its mean would be guesswork.
SHORTFALL_REPLICATIONS = 100
_INFLUENCE = "influence function"


class Estimate(TypedDict):
    """A value with its interval, how it was made and from how many numbers."""

    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    n: int


class MeanEstimate(Estimate):
    """A mean, conditional on the markets played, and beside it what the markets tell together."""

    across_markets: Estimate | None


class MeasureEstimates(TypedDict):
    """Everything the summary says about one measure of one strategy."""

    mean: MeanEstimate
    quantiles: dict[str, Estimate]
    probability_positive: Estimate
    expected_shortfall_5: Estimate


@dataclass(frozen=True)
class Moments:
    """A mean with what its sampling error is like.

    Attributes:
        value: The mean.
        error: Its standard error; None for fewer than 2 values.
        freedom: Degrees of freedom of the error, were the values normal.
        skewness: Of the mean, not of the values.
        plan: Words that say how strata were made.
        tail_freedom: Degrees of freedom of the error by the fourth moment of the values, at most `freedom`: few where
            few values make most of the variance.
    """

    value: float
    error: float | None
    freedom: float
    skewness: float
    plan: str
    tail_freedom: float = 0.0


def measure_estimates(
    values: Values, market: Markets, level: float = LEVEL, *, structural: bool = False, least: float | None = None
) -> MeasureEstimates:
    """Estimate everything the summary says about one measure of one strategy.

    Args:
        values: One value per replication (n,), NaN where the measure is undefined.
        market: Index of the market each replication was played in (n,).
        level: Confidence level of the intervals.
        structural: Whether the measure is decided by the plan where it does not vary, as in STRUCTURAL.
        least: The lowest value that the measure can have, as in LEAST.

    Raises:
        ValueError: If a value is infinite or the shapes differ.
    """
    used, _ = defined(values, market)
    return {
        "mean": mean_estimate(values, market, level, structural=structural, least=least),
        "quantiles": quantile_estimates(values, level),
        "probability_positive": probability(int(np.count_nonzero(used > 0)), len(used), level),
        "expected_shortfall_5": not_below(shortfall_estimate(values, market, level), least),
    }


def mean_estimate(
    values: Values, market: Markets, level: float = LEVEL, *, structural: bool = False, least: float | None = None
) -> MeanEstimate:
    """Estimate the mean over endless replications in the markets played, with a t interval.

    With n_m replications and variance s_m^2 in market m, the error is sqrt(sum (n_m/n)^2 s_m^2/n_m)
    and the degrees of freedom are Satterthwaite's. Where a market has fewer than 2 replications the
    markets are pooled: differences between markets then widen the interval, and the method says so.

    Measured coverage of the 95% interval: normal values 95%; log-normal(0, 1) values (skewness 6) 92% at
    n = 100, 94% at n = 500. Skewness costs coverage on one side until n is large. With 2 or 3
    replications per market the interval is too wide rather than too narrow (96-98%). Values that never
    vary within a market have no bounds, unless they are `structural`; nor has then what other markets
    would give, nor where all markets have the same mean. No bound lies below `least`.

    References:
        Satterthwaite (1946), An approximate distribution of estimates of variance components,
        Biometrics Bulletin 2; Cochran (1977), Sampling Techniques, section 5.4.
    """
    used, markets = defined(values, market)
    if len(used) == 0:
        return {**_estimate(None, None, level, "t", 0), "across_markets": None}
    mean = moments(used, markets)
    some = f", where defined ({len(used)} of {len(values)})" if len(used) < len(values) else ""
    if mean.error == 0:
        own = _without_variation(mean.value, level, len(used), some, structural=structural)
    else:
        own = _t_estimate(mean, level, "t" + mean.plan + some, len(used))
    across = _across_markets(used, markets, level, known=own["low"] is not None)
    return {**not_below(own, least), "across_markets": across and not_below(across, least)}


def chance_estimate(values: Values, market: Markets, level: float = LEVEL) -> MeanEstimate:
    """Estimate a mean of values that are 0 or 1, as `mean_estimate` does, but with the interval of `probability`.

    Near 0 and 1 a t interval is too narrow and reaches beyond them: of 199 in 200 it would say 98.5% to 100.5%.
    """
    used, _ = defined(values, market)
    mean = mean_estimate(values, market, level)
    across = mean["across_markets"]
    if across and across["low"] is not None and across["high"] is not None:
        across = {**across, "low": max(across["low"], 0.0), "high": min(across["high"], 1.0)}
    own = probability(int(np.count_nonzero(used)), len(used), level)
    return {**own, "across_markets": across}


def cautious_mean_estimate(
    values: Values, market: Markets, level: float = LEVEL, *, structural: bool = False
) -> Estimate:
    """Estimate a mean for claims that must be right far out in the tails, as many claims held together must.

    Each end is the further out of two: that of `mean_estimate` and that of Hall's transformation, which counts the
    skewness. Rare large gains hide in samples that have none: with 100 values that gain 9 with chance 0.1 and lose 1
    otherwise, intervals at 1 - 0.05 / 60, as sixty claims need, lie below their mean 19 times as often as they should
    with t alone. Measured chance that any of sixty such intervals leaves out its mean (5% is meant): 1.9%, with t alone
    37%; Poisson values (mean 0.5): 2.1% and 14%; Poisson values with a log-normal(0, 1) mean: 10% and 40%.

    References:
        Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54,
        section 2.
    """
    plain = mean_estimate(values, market, level, structural=structural)
    own = _estimate(plain["value"], None, level, plain["method"], plain["n"])
    if plain["low"] is None or plain["high"] is None:
        return own
    mean = moments(*defined(values, market))
    t = _t_quantile(mean.freedom, level) if mean.error else 0.0
    skewed = [mean.value - (mean.error or 0.0) * skewed_quantile(end, mean.skewness) for end in (t, -t)]
    return {**own, "low": min(plain["low"], skewed[0]), "high": max(plain["high"], skewed[1])}


def p_value(values: Values, market: Markets) -> float | None:
    """Give the two-sided t probability of a mean at least this far from 0, were the true mean 0.

    Error and degrees of freedom are those of `mean_estimate`: below 1 - level, and only then, the interval
    leaves out 0. Several comparisons hold together at a level where each is below (1 - level) / their number
    (Bonferroni). None where the mean has no error, or none that can be told.

    Raises:
        ValueError: If a value is infinite or the shapes differ.
    """
    from scipy import special

    used, markets = defined(values, market)
    mean = moments(used, markets) if len(used) else None
    if mean is None or not mean.error:
        return None
    return float(2 * special.stdtr(mean.freedom, -abs(mean.value) / mean.error))


def error_of_mean(values: Values, market: Markets) -> tuple[float | None, float]:
    """Give the standard error that `mean_estimate` takes, None for fewer than 2 values, and its degrees of freedom.

    Raises:
        ValueError: If a value is infinite or the shapes differ.
    """
    used, markets = defined(values, market)
    if len(used) == 0:
        return None, 0.0
    mean = moments(used, markets)
    return mean.error, mean.freedom


def quantile_estimates(values: Values, level: float = LEVEL) -> dict[str, Estimate]:
    """Estimate the quantiles in QUANTILES with distribution-free intervals.

    The quantile of p is the inverse empirical distribution function: the ceil(n p)-th smallest value,
    so always a value that was played (with even n, the median is the lower of the two in the middle).
    The bounds are order statistics too: the l-th and u-th smallest value, l as large and u as small as
    binomial tails of (1 - level)/2 on each side allow. Coverage is at least `level` for every law, ties
    and discrete ones included. Bounds are None where even the smallest or largest value is not far
    enough out: for 5% and 95% below 72 replications, for 10% and 90% below 36, for the median below 6.

    References:
        David and Nagaraja (2003), Order Statistics, section 7.1.
    """
    ordered = np.sort(_without_undefined(values))
    return {share: _quantile_of(ordered, share, level) for share in QUANTILES}


def quantile_estimate(values: Values, share: str, level: float = LEVEL) -> Estimate:
    """Estimate the quantile of any share, as `quantile_estimates` does."""
    return _quantile_of(np.sort(_without_undefined(values)), share, level)


def quantile_ranks(n: int, share: str, level: float = LEVEL) -> tuple[int, tuple[int, int] | None]:
    """Give which of n values, counted from the smallest, is the quantile of a share, and which two bound it."""
    return _rank(n, share), _order_ranks(n, share, level)


def _quantile_of(ordered: Values, share: str, level: float) -> Estimate:
    n = len(ordered)
    if n == 0:
        return _estimate(None, None, level, "order statistics", 0)
    rank, ranks = quantile_ranks(n, share, level)
    bounds = None if ranks is None else (ordered[ranks[0] - 1], ordered[ranks[1] - 1])
    return _estimate(ordered[rank - 1], bounds, level, "order statistics", n)


def probability(successes: int, n: int, level: float = LEVEL) -> Estimate:
    """Estimate a probability from successes among n replications, with Wilson's interval.

    >>> probability(8, 10)["low"], probability(8, 10)["high"]  # doctest: +ELLIPSIS
    (0.4901..., 0.9433...)

    Raises:
        ValueError: If there are more successes than replications.

    References:
        Wilson (1927), Probable inference, Journal of the American Statistical Association 22.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"successes = {successes}; allowed is 0 to n = {n}")
    if n == 0:
        return _estimate(None, None, level, "wilson", 0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / n
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    # At the ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return _estimate(share, (low, high), level, "wilson", n)


def shortfall_estimate(values: Values, market: Markets, level: float = LEVEL) -> Estimate:
    """Estimate the expected shortfall at 5%: the mean of the worst (lowest) 5% of the values.

    Where 5% of n is not whole, the value at the border counts with the fraction that is left. In
    Rockafellar and Uryasev's form, with the 5% point q, this is the plain mean of the influence values
    q - max(q - x, 0) / 0.05. Their stratified error gives the interval, with Hall's transformation
    because influence values are very skewed, and t with one degree of freedom fewer than there are
    values in the tail, because only these tell about it.

    Measured coverage of the 95% interval, from n = 100 to 2,000: normal 95-97%, log-normal(0, 1) (short
    lower tail, as ROI has) 94-95%, its mirror image (long lower tail) 95-98%. Without Hall's
    transformation it is 89-94%, 91-95% and 83-93%. The price is width: up to n = 200 about twice that
    of the plain interval. Where the tail holds only two or three different values (single-digit
    counts) coverage may sink to 73%. Bounds are None below SHORTFALL_REPLICATIONS, and where the worst
    5% are equal but the 5% point may well lie higher.

    References:
        Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2,
        equation 4; Hall (1992), On the removal of skewness by transformation, Journal of the Royal
        Statistical Society B 54, section 2.
    """
    used, markets = defined(values, market)
    n = len(used)
    if n == 0:
        return _estimate(None, None, level, _INFLUENCE, 0)
    mean = moments(_influence(used), markets)
    return _estimate(mean.value, _shortfall_bounds(mean, np.sort(used), level), level, _INFLUENCE + mean.plan, n)


def shortfall_difference(
    a: Values, b: Values, market: Markets, level: float = LEVEL, *, cautious: bool = False
) -> Estimate:
    """Estimate the expected shortfall of a less that of b, from plays that were played with both.

    The two tails need not be the same plays, but the influence values of a play belong together: their
    difference is what the play adds to the difference of the shortfalls. So this is the mean of a - b
    in influence values, with interval and t law as in `shortfall_estimate`. Replications where either
    is undefined are left out of both.

    Measured coverage of the 95% interval, with b normal, log-normal - 1 or mirrored log-normal and a the
    same but for a loss in 1% to 30% of plays: 90-97% at n = 100, 91-99% at n = 200, 92-98% at n = 500
    and 94-99% at n = 2,000; lowest where fewer than about five plays of the tail differ. Without Hall's
    transformation it sinks to 82%, without the t law to 80%. Bounds are None below SHORTFALL_REPLICATIONS,
    and where the difference of influence values never varies: a loss that has not come yet may still come.

    Two plans that have little in common differ on both sides, and one skewness does not tell how long either tail is:
    between equal plans the interval left out 0 in 4% to 12% of studies, most with heavy lower tails (n = 100 to 1,000;
    normal, log-normal, its mirror image, t with 3 degrees of freedom, Pareto with 2.5). `cautious` takes the further
    end of this interval and of that without Hall's transformation: 1% to 5%.

    Raises:
        ValueError: If a value is infinite.
    """
    both = _is_defined(a) & _is_defined(b)
    n = int(np.count_nonzero(both))
    if n == 0:
        return _estimate(None, None, level, _INFLUENCE, 0)
    mean = moments(_influence(a[both]) - _influence(b[both]), market[both])
    if mean.error == 0:
        return _estimate(mean.value, None, level, NO_VARIATION, n)
    bounds = _hall_bounds(mean, n, level) if n >= SHORTFALL_REPLICATIONS else None
    if bounds and cautious:
        half = _t_quantile(_rank(n, SHORTFALL_SHARE) - 1, level) * (mean.error or 0.0)
        bounds = min(bounds[0], mean.value - half), max(bounds[1], mean.value + half)
    return _estimate(mean.value, bounds, level, f"{_INFLUENCE}, paired{mean.plan}", n)


def ratio_of_means(numerator: Values, denominator: Values, market: Markets, level: float = LEVEL) -> Estimate:
    """Estimate mean(numerator) / mean(denominator), such as spend per order, by the delta method.

    The error of ratio r is that of the mean of (numerator - r denominator) / mean(denominator),
    stratified by market. Replications where either is undefined are left out. The value is None where
    the mean denominator is 0. Bounds are None where the interval of the mean denominator contains 0:
    no bounded interval can then be right (Fieller 1954); and where nothing varies within the markets.

    References:
        Cochran (1977), Sampling Techniques, section 6.3; Fieller (1954), Some problems in interval
        estimation, Journal of the Royal Statistical Society B 16.
    """
    both = _is_defined(numerator) & _is_defined(denominator)
    above, below, markets = numerator[both], denominator[both], market[both]
    n = len(above)
    divisor = moments(below, markets) if n else None
    if divisor is None or divisor.value == 0:
        return _estimate(None, None, level, "delta method", n)
    ratio = moments(above, markets).value / divisor.value
    error_of = moments((above - ratio * below) / divisor.value, markets)
    method = "delta method" + error_of.plan
    if divisor.error is None or error_of.error is None or _may_be_zero(divisor, level):
        return _estimate(ratio, None, level, method, n)
    if error_of.error == 0:
        return _estimate(ratio, None, level, NO_VARIATION, n)
    half = _half_width(error_of, level)
    return _estimate(ratio, (ratio - half, ratio + half), level, method, n)


def reciprocal(estimate: Estimate) -> Estimate:
    """Turn an estimate of x into one of 1 / x; undefined where x is not above 0.

    Its interval is that of x turned over, so it holds 1 / x as surely as that one holds x; it has no bounds where that
    one reaches 0.
    """
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None or value <= 0:
        return {**estimate, "value": None, "low": None, "high": None}
    bounds = None if low is None or high is None or low <= 0 else (1 / high, 1 / low)
    return _estimate(1 / value, bounds, estimate["level"], estimate["method"], estimate["n"])


def _estimate(value: float | None, bounds: tuple[float, float] | None, level: float, method: str, n: int) -> Estimate:
    low, high = (None, None) if bounds is None else (float(bounds[0]), float(bounds[1]))
    shown = None if value is None else float(value)
    return {"value": shown, "low": low, "high": high, "level": level, "method": method, "n": n}


def not_below(estimate: Estimate, least: float | None) -> Estimate:
    """Cut off what an interval holds below the lowest value there can be."""
    if least is None or estimate["low"] is None:
        return estimate
    return {**estimate, "low": max(estimate["low"], least)}


def _is_defined(values: Values) -> npt.NDArray[np.bool_]:
    if np.isinf(values).any():
        raise ValueError("a measure is infinite; allowed are finite values, and NaN where undefined")
    return ~np.isnan(values)


def _without_undefined(values: Values) -> Values:
    return values[_is_defined(values)]


def defined(values: Values, market: Markets) -> tuple[Values, Markets]:
    """Leave out the values that are undefined, and their markets."""
    if values.shape != market.shape:
        raise ValueError(f"values {values.shape} and market {market.shape} must have one shape")
    used = _is_defined(values)
    return values[used], market[used]


def strata_of(market: Markets) -> tuple[npt.NDArray[np.intp], str]:
    """Give the stratum of each replication (n,) and the words that say how strata were made."""
    names, strata = np.unique(market, return_inverse=True)
    if len(names) == 1:
        return strata, ""
    if np.bincount(strata).min() < 2:
        return np.zeros_like(strata), ", markets pooled"
    return strata, ", stratified by market"


def moments(values: Values, market: Markets) -> Moments:
    """Give the mean of at least one value with its stratified error, freedom and skewness.

    Everything is counted from one member of each stratum, so that equal values have exactly their own
    value as mean and exactly 0 as error.
    """
    strata, plan = strata_of(market)
    n, counts = len(values), np.bincount(strata)
    member = np.empty(len(counts))
    member[strata] = values
    deviations = values - member[strata]
    shifts = np.bincount(strata, deviations) / counts
    deviations -= shifts[strata]
    value = float(member[0] + np.sum(counts * (member - member[0] + shifts)) / n)
    if n < 2:
        return Moments(value, None, 0.0, 0.0, plan)
    parts = np.bincount(strata, deviations**2) / (counts - 1) * counts / n**2
    variance = float(parts.sum())
    if variance == 0:
        return Moments(value, 0.0, float(n - len(counts)), 0.0, plan)
    freedom = 1 / float(np.sum((parts / variance) ** 2 / (counts - 1)))
    error = math.sqrt(variance)
    skewness = float(np.sum((deviations / (n * error)) ** 3))
    # What each value adds to the variance, and how far that varies: the error of the error.
    shares = deviations**2 * (counts / (counts - 1))[strata] / (n**2 * variance)
    spread = float(np.sum((shares - (np.bincount(strata, shares) / counts)[strata]) ** 2))
    return Moments(value, error, freedom, skewness, plan, min(freedom, 2 / spread) if spread else freedom)


def _across_markets(values: Values, market: Markets, level: float, *, known: bool) -> Estimate | None:
    """Estimate what another market would give on average: t over the means of the markets.

    Where the mean in the markets played is not `known`, nothing is claimed of others.
    """
    names, index = np.unique(market, return_inverse=True)
    if len(names) < 2:
        return None
    means = values[0] + np.bincount(index, values - values[0]) / np.bincount(index)
    mean = moments(means, np.zeros_like(names))
    if mean.error == 0 or not known:
        return _estimate(mean.value, None, level, NO_VARIATION, len(names))
    return _t_estimate(mean, level, "t over market means", len(names))


def _without_variation(value: float, level: float, n: int, some: str, *, structural: bool) -> Estimate:
    if structural:
        return _estimate(value, (value, value), level, FIXED + some, n)
    return _estimate(value, None, level, NO_VARIATION + some, n)


def _t_estimate(mean: Moments, level: float, method: str, n: int) -> Estimate:
    if mean.error is None:
        return _estimate(mean.value, None, level, method, n)
    half = _half_width(mean, level)
    return _estimate(mean.value, (mean.value - half, mean.value + half), level, method, n)


def _half_width(mean: Moments, level: float) -> float:
    return _t_quantile(mean.freedom, level) * mean.error if mean.error else 0.0


def _may_be_zero(mean: Moments, level: float) -> bool:
    return abs(mean.value) <= _half_width(mean, level)


def _t_quantile(freedom: float, level: float) -> float:
    from scipy import special

    return float(special.stdtrit(freedom, (1 + level) / 2))


def _shortfall_bounds(mean: Moments, ordered: Values, level: float) -> tuple[float, float] | None:
    n = len(ordered)
    ranks = _order_ranks(n, SHORTFALL_SHARE, level)
    if n < SHORTFALL_REPLICATIONS or ranks is None or mean.error is None:
        return None
    if mean.error == 0:
        # The worst values are equal. Only where many more are equal to them is the whole tail, surely.
        sure = ordered[ranks[1] - 1] == ordered[_rank(n, SHORTFALL_SHARE) - 1]
        return (mean.value, mean.value) if sure else None
    return _hall_bounds(mean, n, level)


def _influence(values: Values) -> Values:
    """Give what each value adds to the expected shortfall; their plain mean is the shortfall."""
    border = np.sort(values)[_rank(len(values), SHORTFALL_SHARE) - 1]
    influence: Values = border - np.maximum(border - values, 0.0) / float(SHORTFALL_SHARE)
    return influence


def _hall_bounds(mean: Moments, n: int, level: float) -> tuple[float, float]:
    """Give the interval of a mean of influence values, of which only those in the tail tell anything."""
    assert mean.error is not None, "one value has no interval"
    t = _t_quantile(_rank(n, SHORTFALL_SHARE) - 1, level)
    low = mean.value - mean.error * skewed_quantile(t, mean.skewness)
    return low, mean.value - mean.error * skewed_quantile(-t, mean.skewness)


def skewed_quantile(quantile: float, skewness: float) -> float:
    """Turn a quantile of a symmetric law into one of a studentized mean (Hall 1992, inverse of g2).

    `skewness` is that of the mean, not of the values; the stratified estimate of it lies in [-1, 1],
    so 0 stays between the two quantiles and the value inside its interval.
    """
    if abs(skewness) < 1e-6:
        return quantile
    return 3 / skewness * (math.cbrt(1 + skewness * (quantile - skewness / 6)) - 1)


def _rank(n: int, share: str) -> int:
    return math.ceil(n * Fraction(share))


@lru_cache(maxsize=256)
def _order_ranks(n: int, share: str, level: float) -> tuple[int, int] | None:
    """Give the ranks (1 to n) of the order statistics that bound a quantile, None if there are none."""
    below = _binomial(n, float(share))
    low = bisect_right(range(n + 1), (1 - level) / 2, key=below)
    high = bisect_left(range(n + 1), (1 + level) / 2, key=below) + 1
    return (low, high) if low >= 1 and high <= n else None


def _binomial(n: int, share: float) -> Callable[[int], float]:
    """Give the distribution function of how many of n values lie below the quantile of `share`."""
    from scipy import special

    return lambda k: float(special.bdtr(k, n, share))
