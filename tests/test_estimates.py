"""Estimates: identities with scipy.stats, measured coverage, and edge cases.

Coverage tests play a law many times with a fixed seed and count how often the 95% interval holds the
truth. `covers` accepts counts whose exact two-sided binomial probability exceeds 1e-4, so a right
interval fails for one seed in 10,000; beside each stands a wrong interval that must fail the same check.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator.study import estimates
from simulator.study.estimates import (
    FIXED,
    NO_VARIATION,
    Estimate,
    mean_estimate,
    measure_estimates,
    probability,
    quantile_estimates,
    ratio_of_means,
    reciprocal,
    shortfall_difference,
    shortfall_estimate,
)

Array = npt.NDArray[np.float64]
Law = Callable[[int], Array]


def one_market(n: int) -> npt.NDArray[np.int64]:
    """Give the market index of n replications in a single market."""
    return np.zeros(n, dtype=np.int64)


def bounds(estimate: Any) -> tuple[float, float]:
    """Give the bounds of an estimate that must have some."""
    assert estimate["low"] is not None and estimate["high"] is not None
    return estimate["low"], estimate["high"]


def holds(estimate: Any, truth: float) -> bool:
    """Say whether the interval of an estimate holds the truth."""
    low, high = bounds(estimate)
    return bool(low <= truth <= high)


def covers(hits: int, trials: int, alternative: str = "two-sided") -> bool:
    """Say whether so many hits are what a 95% interval gives (error rate 1e-4)."""
    return bool(stats.binomtest(hits, trials, 0.95, alternative=alternative).pvalue > 1e-4)


def test_mean_in_one_market_is_the_t_interval() -> None:
    """In one market the mean's interval is the textbook t interval."""
    values = np.random.default_rng(1).lognormal(size=37)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)

    actual = mean_estimate(values, one_market(37))

    assert pytest.approx((expected.low, expected.high), rel=1e-12) == bounds(actual)
    assert pytest.approx(values.mean(), rel=1e-14) == actual["value"]
    assert ("t", 37, 0.95, None) == (
        actual["method"],
        actual["n"],
        actual["level"],
        actual["across_markets"],
    )


def test_stratified_mean_is_the_formula_written_out() -> None:
    """With several markets, error and degrees of freedom are those of the stratified formula."""
    rng = np.random.default_rng(2)
    market = np.arange(42) % 4
    values = 10.0 * market + rng.normal(size=42) * (1 + market)
    groups = [values[market == m].tolist() for m in range(4)]
    parts = [(len(g) / 42) ** 2 * float(np.var(g, ddof=1)) / len(g) for g in groups]
    freedom = sum(parts) ** 2 / sum(p**2 / (len(g) - 1) for p, g in zip(parts, groups, strict=True))
    half = stats.t.ppf(0.975, freedom) * math.sqrt(sum(parts))

    actual = mean_estimate(values, market)

    assert pytest.approx((values.mean() - half, values.mean() + half), rel=1e-12) == bounds(actual)
    assert "t, stratified by market" == actual["method"]


def test_two_markets_of_one_size_give_the_interval_of_welch() -> None:
    """The stratified mean of two equal markets has the error of half a Welch difference."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(5, 1, 30), rng.normal(9, 4, 30)
    welch = stats.ttest_ind(a, -b, equal_var=False).confidence_interval(0.95)

    actual = mean_estimate(np.concatenate([a, b]), np.repeat([0, 1], 30))

    assert pytest.approx((welch.low / 2, welch.high / 2), rel=1e-12) == bounds(actual)


def test_two_replications_in_a_market_are_enough_to_stratify() -> None:
    """Markets with two replications each have an error of their own, whatever lies between them."""
    estimate = mean_estimate(np.array([0.0, 100.0, 1.0, 101.0]), np.array([0, 1, 0, 1]))
    half = stats.t.ppf(0.975, 2) * math.sqrt(2 * 0.5**2 * 0.5 / 2)
    assert "t, stratified by market" == estimate["method"]
    assert pytest.approx((50.5 - half, 50.5 + half), rel=1e-12) == bounds(estimate)


def test_across_markets_is_t_over_the_market_means() -> None:
    """What other markets would give has markets - 1 degrees of freedom."""
    values = np.random.default_rng(4).normal(size=20) + np.arange(20) % 4
    means = [values[m::4].mean() for m in range(4)]
    expected = stats.ttest_1samp(means, 0.0).confidence_interval(0.95)

    across = mean_estimate(values, np.arange(20) % 4)["across_markets"]

    assert across is not None
    assert pytest.approx((expected.low, expected.high), rel=1e-12) == bounds(across)
    assert ("t over market means", 4) == (across["method"], across["n"])


def test_markets_are_pooled_where_one_has_a_single_replication() -> None:
    """A market played once has no variance of its own, so the plain t interval is given and named."""
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)

    actual = mean_estimate(values, np.arange(5) % 4)

    assert pytest.approx((expected.low, expected.high), rel=1e-12) == bounds(actual)
    assert "t, markets pooled" == actual["method"]


def mean_hits(law: Law, n: int, truth: float, trials: int, shrink: float = 1.0) -> int:
    """Count how often the mean's interval, its error shrunk by a factor, holds the truth."""
    hits = 0
    for _ in range(trials):
        low, high = bounds(mean_estimate(law(n), one_market(n)))
        hits += abs((low + high) / 2 - truth) <= shrink * (high - low) / 2
    return hits


def test_mean_of_normal_values_is_covered() -> None:
    """The 95% interval of a mean of 12 normal values holds the truth in 95% of studies."""
    rng = np.random.default_rng(5)
    assert covers(mean_hits(rng.standard_normal, 12, 0.0, 3000), 3000)
    # A normal quantile instead of t, 1.96 / 2.20, is the classic fault at this size.
    assert not covers(mean_hits(rng.standard_normal, 12, 0.0, 3000, shrink=1.96 / 2.20), 3000)


def test_mean_of_skewed_values_is_nearly_covered() -> None:
    """For log-normal values of skewness 6 coverage is 92-95% at 500 replications, as documented."""
    rng = np.random.default_rng(6)

    def law(n: int) -> Array:
        return rng.lognormal(size=n)

    coverage = mean_hits(law, 500, math.exp(0.5), 2000) / 2000
    assert 0.92 < coverage < 0.955  # documented 0.94; 0.92 and 0.955 are 3 standard deviations away
    assert not 0.92 < mean_hits(law, 500, math.exp(0.5), 2000, shrink=0.8) / 2000 < 0.955


def test_stratified_mean_is_covered_in_the_markets_played() -> None:
    """With large differences between markets, coverage given these markets is still 95%."""
    rng = np.random.default_rng(7)
    market = np.arange(26) % 4
    truth = float((10.0 * market).mean())
    stratified = pooled = 0
    for _ in range(3000):
        values = 10.0 * market + rng.normal(size=26) * (1 + market)
        stratified += holds(mean_estimate(values, market), truth)
        pooled += holds(mean_estimate(values, one_market(26)), truth)

    assert covers(stratified, 3000)
    assert not covers(pooled, 3000)


def test_across_markets_is_covered_over_new_markets() -> None:
    """Over newly drawn markets only the across-market interval holds the truth in 95% of studies."""
    rng = np.random.default_rng(8)
    market = np.arange(40) % 4
    across = conditional = 0
    for _ in range(2000):
        estimate = mean_estimate(rng.normal(size=4)[market] + rng.normal(size=40), market)
        across += holds(estimate["across_markets"], 0.0)
        conditional += holds(estimate, 0.0)

    assert covers(across, 2000)
    assert not covers(conditional, 2000)


@pytest.mark.parametrize("markets", [1, 3])
@pytest.mark.parametrize("n", [10, 100])
def test_equal_values_are_no_proof_of_certainty(n: int, markets: int) -> None:
    """Values that never vary have exactly their value as mean, but no interval, and the method says why."""
    for value in (0.1, -1 / 3, 60_000.7):
        block = measure_estimates(np.full(n, value), np.arange(n) % markets)
        mean = block["mean"]
        assert (value, None, None) == (mean["value"], mean["low"], mean["high"])
        assert NO_VARIATION == mean["method"]
        across = mean["across_markets"]
        assert (across is None) == (markets == 1)
        assert across is None or (value, None, None) == (across["value"], across["low"], across["high"])


def test_rank_rules_hold_for_constants_too() -> None:
    """Equal values give a quantile and the shortfall bounds where there are enough of them, and none where not."""
    few, many = np.full(10, 0.1), np.full(100, 0.1)
    assert {True} == {quantile_estimates(many)[share]["low"] == 0.1 for share in estimates.QUANTILES}
    assert (0.1, 0.1) == bounds(shortfall_estimate(many, one_market(100)))
    assert {None} == {quantile_estimates(few)[share]["low"] for share in ("0.05", "0.1", "0.9", "0.95")}
    assert shortfall_estimate(few, one_market(10))["low"] is None
    assert shortfall_estimate(np.full(2, 0.1), one_market(2))["low"] is None


def test_a_lottery_is_never_certain() -> None:
    """Of a plan whose true mean is +2, no study says with a zero-width interval that it loses everything."""
    market = np.arange(100) % 4
    unlucky = 0
    for seed in range(40):
        orders = np.random.default_rng(seed).binomial(1, 6e-3, 100)
        roi = orders * 1_000_000 / 2000 - 1.0
        mean = measure_estimates(roi, market)["mean"]
        if orders.sum() == 0:
            unlucky += 1
            assert (-1.0, None, None) == (mean["value"], mean["low"], mean["high"])
        else:
            assert bounds(mean)[0] < 2.0
    assert unlucky > 10


def test_structural_values_are_known_exactly_in_these_markets() -> None:
    """Fixed costs that differ only between markets have no error given these markets, and one across them."""
    market = np.arange(9) % 3
    estimate = mean_estimate(np.array([0.1, 0.7, 1.3])[market], market, structural=True)

    assert pytest.approx(0.7, rel=1e-15) == estimate["value"]
    assert (estimate["value"], estimate["value"]) == bounds(estimate)
    assert FIXED == estimate["method"]
    low, high = bounds(estimate["across_markets"])
    assert low < 0
    assert 1.3 < high


def test_values_constant_in_each_market_claim_nothing_of_others() -> None:
    """Chance values that differ only between markets have no error here, nor what other markets would give."""
    market = np.arange(9) % 3
    estimate = mean_estimate(np.array([0.1, 0.7, 1.3])[market], market)
    across = estimate["across_markets"]
    assert across is not None
    assert {None} == {estimate["low"], estimate["high"], across["low"], across["high"]}


def test_structural_measures_that_vary_have_their_t_interval() -> None:
    """Costs that are drawn anew in each play have an error like any other measure."""
    values, market = np.random.default_rng(17).normal(size=20), np.arange(20) % 2
    assert mean_estimate(values, market) == mean_estimate(values, market, structural=True)


def test_one_replication_has_no_interval() -> None:
    """A single replication gives values without bounds."""
    block = measure_estimates(np.array([2.5]), one_market(1))
    for estimate in (block["mean"], block["expected_shortfall_5"], *block["quantiles"].values()):
        assert (2.5, None, None) == (estimate["value"], estimate["low"], estimate["high"])


def test_undefined_replications_are_left_out_and_told() -> None:
    """A measure undefined in one market is estimated in the others, with the n used and words for it."""
    market = np.arange(12) % 3
    values = np.where(market == 1, np.nan, np.arange(12.0))

    block = measure_estimates(values, market)
    expected = mean_estimate(values[market != 1], market[market != 1])

    assert "t, stratified by market, where defined (8 of 12)" == block["mean"]["method"]
    assert bounds(expected) == bounds(block["mean"])
    assert 8 == block["mean"]["n"] == block["probability_positive"]["n"] == block["quantiles"]["0.5"]["n"]
    across = block["mean"]["across_markets"]
    assert across is not None and across["n"] == 2


def test_measure_undefined_everywhere_has_no_value() -> None:
    """ROI of a strategy that never spends has neither value nor bounds, and n is 0."""
    block = measure_estimates(np.full(6, np.nan), np.arange(6) % 2)
    assert block["mean"]["across_markets"] is None
    shown = [block["mean"], block["probability_positive"], block["expected_shortfall_5"]]
    for estimate in [*shown, *block["quantiles"].values()]:
        assert (None, None, None, 0) == (
            estimate["value"],
            estimate["low"],
            estimate["high"],
            estimate["n"],
        )


def test_unusable_values_are_refused() -> None:
    """Infinite values and arrays that don't belong together are errors, not estimates."""
    with pytest.raises(ValueError, match="infinite"):
        mean_estimate(np.array([1.0, np.inf]), one_market(2))
    with pytest.raises(ValueError, match="one shape"):
        mean_estimate(np.array([1.0, 2.0]), one_market(3))


@pytest.mark.parametrize("n", [1, 2, 19, 20, 21, 100, 1001])
def test_quantile_is_the_inverse_empirical_distribution(n: int) -> None:
    """The quantile of p is the smallest value with at least a share p of the values at or below it."""
    values = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    for share, estimate in quantile_estimates(values).items():
        assert np.quantile(values, float(share), method="inverted_cdf") == estimate["value"]


@pytest.mark.parametrize(("share", "fewest"), [("0.05", 72), ("0.1", 36), ("0.5", 6), ("0.95", 72)])
def test_quantile_bounds_need_enough_replications(share: str, fewest: int) -> None:
    """Below the documented number of replications a quantile has no bounds, from it on it has."""
    assert quantile_estimates(np.arange(fewest - 1.0))[share]["low"] is None
    assert quantile_estimates(np.arange(fewest - 1.0))[share]["high"] is None
    enough = np.arange(float(fewest))
    assert quantile_estimates(enough)[share]["low"] is not None


@pytest.mark.parametrize("n", [72, 100, 500, 10_000])
def test_quantile_ranks_are_the_tightest_allowed(n: int) -> None:
    """Each bound leaves at most 2.5% of the binomial law outside, and one rank tighter leaves more."""
    for share, estimate in quantile_estimates(np.arange(1.0, n + 1)).items():
        law = stats.binom(n, float(share))
        low, high = bounds(estimate)
        assert law.cdf(low - 1) <= 0.025 < law.cdf(low)
        assert law.sf(high - 1) <= 0.025 < law.sf(high - 2)


@pytest.mark.parametrize(
    ("sample", "truth"),
    [
        (lambda rng: rng.standard_normal(150), stats.norm.ppf),
        (lambda rng: rng.poisson(30.0, 150).astype(float), stats.poisson(30.0).ppf),
    ],
    ids=["normal", "poisson"],
)
def test_quantiles_are_covered(sample: Callable[..., Array], truth: Callable[[float], float]) -> None:
    """Quantile intervals hold the true quantile in at least 95% of studies, for discrete laws too."""
    rng = np.random.default_rng(9)
    studies = [quantile_estimates(sample(rng)) for _ in range(1000)]
    for share in estimates.QUANTILES:
        hits = sum(holds(study[share], truth(float(share))) for study in studies)
        assert covers(hits, 1000, "less")
    # The interval of the 10% point is a wrong one for the 5% point.
    wrong = sum(holds(study["0.1"], truth(0.05)) for study in studies)
    assert not covers(wrong, 1000, "less")


def test_quantiles_are_covered_in_the_markets_played() -> None:
    """Large differences between markets can only make quantile intervals too wide, not too narrow."""
    rng = np.random.default_rng(10)
    market = np.arange(200) % 4
    grid = np.linspace(-5, 40, 45_001)
    mixture = np.mean([stats.norm.cdf(grid - 3.0 * m) for m in range(4)], axis=0)
    studies = [quantile_estimates(3.0 * market + rng.normal(size=200)) for _ in range(500)]
    for share in estimates.QUANTILES:
        truth = float(grid[np.searchsorted(mixture, float(share))])
        assert covers(sum(holds(study[share], truth) for study in studies), 500, "less")
        assert not covers(sum(holds(study[share], truth + 2.0) for study in studies), 500, "less")


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (0, 30), (7, 30), (15, 30), (30, 30), (9_999, 10_000)])
def test_probability_is_the_interval_of_wilson(successes: int, n: int) -> None:
    """A probability's interval is Wilson's, as scipy computes it."""
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")

    actual = probability(successes, n)

    assert pytest.approx((expected.low, expected.high), rel=1e-10, abs=1e-15) == bounds(actual)
    assert (successes / n, "wilson", n) == (actual["value"], actual["method"], actual["n"])
    assert holds(actual, successes / n)


def test_probability_without_replications_is_undefined() -> None:
    """Nothing out of nothing is None, more successes than replications is an error."""
    assert (None, None, None) == tuple(probability(0, 0)[key] for key in ("value", "low", "high"))
    with pytest.raises(ValueError, match="successes"):
        probability(3, 2)


def test_probability_positive_counts_only_values_above_zero() -> None:
    """A replication that exactly breaks even doesn't count as positive."""
    block = measure_estimates(np.array([-1.0, 0.0, 0.0, 2.0]), one_market(4))
    assert probability(1, 4) == block["probability_positive"]


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (40, (1 + 2) / 2),
        (50, (1 + 2 + 0.5 * 3) / 2.5),
        (10, 1.0),
        (99, (10 + 0.95 * 5) / 4.95),
        (100, 3.0),
        (110, (15 + 0.5 * 6) / 5.5),
    ],
)
def test_shortfall_is_the_mean_of_the_worst_twentieth(n: int, expected: float) -> None:
    """Expected shortfall is the mean of the lowest 5%, the value at the border counted in part."""
    values = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    actual = shortfall_estimate(values, np.arange(n) % 2)
    assert pytest.approx(expected, rel=1e-12) == actual["value"]
    assert (n >= 100) == (actual["low"] is not None) == (actual["high"] is not None)


def test_shortfall_interval_is_the_formula_written_out() -> None:
    """In one market the interval is Hall's, of the influence values, with t for the values in the tail."""
    values = np.sort(np.random.default_rng(16).normal(size=200))
    influence = np.where(values < values[9], values[9] - (values[9] - values) / 0.05, values[9])
    skewness = float(stats.skew(influence)) * (199 / 200) ** 1.5 / math.sqrt(200)
    error, t = influence.std(ddof=1) / math.sqrt(200), float(stats.t.ppf(0.975, 10 - 1))

    def bound(quantile: float) -> float:
        root = np.roots([skewness**2 / 27, skewness / 3, 1.0, skewness / 6 - quantile])
        return float(influence.mean() - error * root[np.abs(root.imag) < 1e-9].real[0])

    actual = shortfall_estimate(values, one_market(200))

    assert pytest.approx((bound(t), bound(-t)), rel=1e-9) == bounds(actual)
    assert ("influence function", 200) == (actual["method"], actual["n"])


def test_hall_transformation_is_inverted() -> None:
    """The skewed quantile, put into Hall's polynomial, gives back the quantile of the symmetric law."""
    for skewness in (-0.9, -0.1, 1e-5, 0.4):
        for quantile in (-2.8, -1.96, 0.0, 2.5):
            x = estimates.skewed_quantile(quantile, skewness)
            polynomial = x + skewness * x**2 / 3 + skewness**2 * x**3 / 27 + skewness / 6
            assert pytest.approx(quantile, abs=1e-9) == polynomial
    assert 1.96 == estimates.skewed_quantile(1.96, 0.0)


def plain_shortfall_holds(values: Array, truth: float) -> bool:
    """Say whether the textbook interval, without Hall's transformation, holds the truth."""
    border = np.sort(values)[math.ceil(0.05 * len(values)) - 1]
    influence = border - np.maximum(border - values, 0) / 0.05
    error = float(influence.std(ddof=1)) / math.sqrt(len(values))
    return abs(float(influence.mean()) - truth) <= 1.96 * error


LOWER_TAIL = math.exp(0.5) * stats.norm.cdf(stats.norm.ppf(0.05) - 1) / 0.05
UPPER_TAIL = math.exp(0.5) * stats.norm.cdf(1 - stats.norm.ppf(0.95)) / 0.05


@pytest.mark.parametrize(
    ("sample", "truth"),
    [
        (lambda rng, n: rng.standard_normal(n), -stats.norm.pdf(stats.norm.ppf(0.05)) / 0.05),
        (lambda rng, n: rng.lognormal(size=n), LOWER_TAIL),
        (lambda rng, n: -rng.lognormal(size=n), -UPPER_TAIL),
    ],
    ids=["normal", "log-normal", "mirrored log-normal"],
)
def test_shortfall_is_covered(sample: Callable[..., Array], truth: float) -> None:
    """The shortfall's interval is right in 93-97% of studies of 500, whichever tail is long."""
    rng = np.random.default_rng(11)
    market = np.arange(500) % 4
    hits = plain = 0
    for _ in range(1500):
        values = sample(rng, 500)
        hits += holds(shortfall_estimate(values, market), truth)
        plain += plain_shortfall_holds(values, truth)

    assert 0.93 < hits / 1500 < 0.97  # more than 3 standard deviations from the measured 0.947-0.957
    assert plain < hits
    if truth < -3:
        assert not 0.93 < plain / 1500 < 0.97


def test_shortfall_is_covered_in_the_markets_played() -> None:
    """With large differences between markets, coverage given these markets is right, pooled it is not."""
    rng = np.random.default_rng(12)
    market = np.arange(400) % 20
    # Twenty markets far apart: the worst 5% are the lowest market, whose mean is 0.
    stratified = pooled = 0
    for _ in range(1500):
        values = 20.0 * market + rng.normal(size=400)
        stratified += holds(shortfall_estimate(values, market), 0.0)
        pooled += holds(shortfall_estimate(values, one_market(400)), 0.0)

    assert 0.93 < stratified / 1500 < 0.97
    assert not 0.93 < pooled / 1500 < 0.97


def test_shortfall_of_equal_worst_values_is_exact_only_if_they_are_many() -> None:
    """Equal worst values give zero width where the 5% point is surely among them, else no bounds."""
    many, few = np.arange(200.0), np.arange(200.0)
    many[:30], few[:11] = 0.0, 0.0
    assert (0.0, 0.0) == bounds(shortfall_estimate(many, one_market(200)))
    assert (0.0, None, None) == tuple(shortfall_estimate(few, one_market(200))[key] for key in ("value", "low", "high"))


def test_shortfall_difference_of_a_shift_is_the_shift() -> None:
    """Nothing less itself is exactly 0, and what is higher by c in every play is c above; neither has bounds."""
    a = np.random.default_rng(19).integers(-400, 900, 300) / 64.0
    market = np.arange(300) % 4
    for shift in (0.0, 0.25, -3.0):
        actual = shortfall_difference(a, a + shift, market)
        assert (-shift, None, None, NO_VARIATION, 300) == tuple(
            actual[key] for key in ("value", "low", "high", "method", "n")
        )


def test_shortfall_difference_is_that_of_the_shortfalls() -> None:
    """Its value is one shortfall less the other, over the plays that have both; turned round it changes its sign."""
    rng = np.random.default_rng(20)
    a, b, market = rng.normal(size=230), rng.normal(size=230), np.arange(230) % 3
    a[7], b[11] = np.nan, np.nan
    both = ~np.isnan(a - b)
    expected = [shortfall_estimate(of[both], market[both])["value"] for of in (a, b)]
    actual, turned = shortfall_difference(a, b, market), shortfall_difference(b, a, market)
    assert expected[0] is not None and expected[1] is not None
    assert actual["value"] == pytest.approx(expected[0] - expected[1], rel=1e-12)
    assert ("influence function, paired, stratified by market", 228) == (actual["method"], actual["n"])
    low, high = bounds(actual)
    assert pytest.approx((-high, -low), rel=1e-12) == bounds(turned)
    assert shortfall_difference(a[:99], b[:99], market[:99])["low"] is None
    assert (None, 0) == tuple(shortfall_difference(a, np.full(230, np.nan), market)[key] for key in ("value", "n"))


def test_shortfall_difference_is_covered_because_of_pairing() -> None:
    """Right in 93-98% of studies of 500, narrower than without pairing; the mean difference is no answer."""
    rng = np.random.default_rng(21)
    market = np.arange(500) % 4

    def play(n: int) -> tuple[Array, Array]:
        without = rng.normal(0.2, 0.3, n)
        return without - np.where(rng.random(n) < 0.1, 0.8 * rng.random(n), 0.0), without

    worst = [np.sort(values)[:200_000].mean() for values in play(4_000_000)]
    hits = of_means = narrower = 0
    for _ in range(1500):
        a, b = play(500)
        paired = shortfall_difference(a, b, market)
        hits += holds(paired, worst[0] - worst[1])
        of_means += holds(mean_estimate(a - b, market), worst[0] - worst[1])
        (low, high), strangers = bounds(paired), bounds(shortfall_difference(a, play(500)[1], market))
        narrower += high - low < strangers[1] - strangers[0]

    assert 0.93 < hits / 1500 < 0.98  # more than 4 standard deviations from the measured 0.957
    assert of_means < 15
    assert narrower > 1400


# Laws of what two plans without anything in common earn: heavy lower tails are the hard ones.
WORST_LAWS: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "log-normal": lambda rng, n: np.exp(0.8 * rng.standard_normal(n)) - 1,
    "mirrored log-normal": lambda rng, n: -np.exp(rng.standard_normal(n)),
    "t": lambda rng, n: rng.standard_t(3, n),
    "Pareto": lambda rng, n: -rng.pareto(2.5, n),
}


def false_claims(law: str, n: int, studies: int, shared: float, difference: Callable[..., Estimate]) -> float:
    """Count in which share of studies the worst plays of one of two equal plans are called better.

    Args:
        law: Of what a plan earns.
        n: How many plays a study has.
        studies: How many.
        shared: How much of what happens both plans have in common.
        difference: Gives the difference of the worst plays, from those of both plans and their markets.
    """
    rng, draw, market = np.random.default_rng(31), WORST_LAWS[law], np.arange(n) % 4
    claimed = 0
    for _ in range(studies):
        common = shared * draw(rng, n)
        a, b = (common + (1 - 0.7 * shared) * draw(rng, n) for _ in range(2))
        low, high = bounds(difference(a, b, market))
        claimed += low > 0 or high < 0
    return claimed / studies


def test_worst_plays_of_equal_plans_are_seldom_called_better() -> None:
    """Of heavy tails at most 5%, three standard errors more granted; one skewness for both tails is far beyond that."""
    cautious = partial(shortfall_difference, cautious=True)
    assert false_claims("Pareto", 400, 500, 1.0, cautious) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 500)
    assert false_claims("Pareto", 400, 500, 1.0, shortfall_difference) > 0.08


def test_the_cautious_interval_holds_the_other_one() -> None:
    """It is never narrower, its value is the same, and turned round it changes its sign."""
    rng = np.random.default_rng(32)
    a, b, market = rng.standard_t(3, 200), rng.standard_t(3, 200), np.arange(200) % 4
    plain, cautious = (shortfall_difference(a, b, market, cautious=how) for how in (False, True))
    (low, high), (lower, higher) = bounds(plain), bounds(cautious)
    assert plain["value"] == cautious["value"]
    assert lower <= low < high <= higher and (lower, higher) != (low, high)
    assert pytest.approx((-higher, -lower)) == bounds(shortfall_difference(b, a, market, cautious=True))
    assert shortfall_difference(a[:99], b[:99], market[:99], cautious=True)["low"] is None


@pytest.mark.slow
@pytest.mark.parametrize("law", WORST_LAWS)
@pytest.mark.parametrize("n", [100, 200, 400, 1000])
@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_worst_plays_are_told_apart_by_chance_in_5_percent_of_studies(law: str, n: int, shared: float) -> None:
    """Whatever the law, how many plays, and whether the plans have something in common."""
    cautious = partial(shortfall_difference, cautious=True)
    assert false_claims(law, n, 3000, shared, cautious) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 3000)


def test_ratio_is_the_delta_method_written_out() -> None:
    """A ratio's error is that of the textbook formula with variances and covariance."""
    rng = np.random.default_rng(13)
    spend, orders = rng.normal(100, 5, 80), rng.poisson(40, 80).astype(float)
    ratio = spend.mean() / orders.mean()
    (ss, so), (_, oo) = np.cov(spend, orders)
    error = math.sqrt((ss - 2 * ratio * so + ratio**2 * oo) / 80) / orders.mean()
    half = stats.t.ppf(0.975, 79) * error

    actual = ratio_of_means(spend, orders, one_market(80))

    assert pytest.approx((ratio - half, ratio + half), rel=1e-12) == bounds(actual)
    assert pytest.approx(ratio, rel=1e-14) == actual["value"]
    assert ("delta method", 80) == (actual["method"], actual["n"])


def test_ratio_is_covered_in_the_markets_played() -> None:
    """A ratio's interval holds the ratio of the true means in 95% of studies, markets given."""
    rng = np.random.default_rng(14)
    market = np.arange(120) % 3
    spend = np.array([50.0, 100.0, 150.0])[market]
    rate = np.array([10.0, 40.0, 70.0])[market]
    hits = numerator_only = 0
    for _ in range(2000):
        orders = rng.poisson(rate).astype(float)
        hits += holds(ratio_of_means(spend, orders, market), 100 / 40)
        # Spend is constant in a market: without the error of orders the interval has zero width.
        numerator_only += holds(mean_estimate(spend / orders.mean(), market, structural=True), 100 / 40)

    assert covers(hits, 2000)
    assert not covers(numerator_only, 2000)


def test_ratio_to_nothing_is_undefined() -> None:
    """Spend per order has no value without orders, and no bounds where orders may well be 0 on average."""
    spend, rare = np.full(50, 100.0), np.zeros(50)
    assert ratio_of_means(spend, rare, one_market(50))["value"] is None
    rare[0] = 1.0
    actual = ratio_of_means(spend, rare, one_market(50))
    assert pytest.approx(5000.0) == actual["value"]
    assert (None, None) == (actual["low"], actual["high"])


def test_ratio_of_what_never_varies_has_no_bounds() -> None:
    """Revenue of 0 in every play is no proof that revenue per spend is 0."""
    market = np.arange(100) % 4
    actual = ratio_of_means(np.zeros(100), np.array([1.0, 2.0, 3.0, 4.0])[market], market)
    assert (0.0, None, None, NO_VARIATION) == tuple(actual[key] for key in ("value", "low", "high", "method"))


def test_ratio_leaves_out_undefined_replications() -> None:
    """Replications where either side is undefined are left out of both sides."""
    above = np.array([1.0, np.nan, 3.0, 5.0])
    below = np.array([1.0, 2.0, np.nan, 1.0])
    actual = ratio_of_means(above, below, one_market(4))
    assert (3.0, 2) == (actual["value"], actual["n"])
    assert ratio_of_means(above, np.full(4, np.nan), one_market(4))["value"] is None


def test_reciprocal_is_the_interval_turned_over() -> None:
    """It holds 1 / x where that of x holds x; beyond 0 there are no bounds, and at 0 there is nothing."""
    x = ratio_of_means(np.arange(20.0, 60.0), np.full(40, 100.0), one_market(40))
    actual = reciprocal(x)
    low, high = bounds(x)
    assert x["value"] is not None
    assert (1 / x["value"], 1 / high, 1 / low) == (actual["value"], *bounds(actual))
    assert [x[key] for key in ("level", "method", "n")] == [actual[key] for key in ("level", "method", "n")]
    for unsure in ({"low": 0.0}, {"low": -0.1}, {"low": None, "high": None}):
        unbounded = reciprocal({**x, **unsure})  # type: ignore[typeddict-item]
        assert (1 / x["value"], None, None) == tuple(unbounded[key] for key in ("value", "low", "high"))
    for nothing in (0.0, -0.5, None):
        undefined = reciprocal({**x, "value": nothing})
        assert (None, None, None) == tuple(undefined[key] for key in ("value", "low", "high"))


def every_estimate(block: Any) -> list[Estimate]:
    """Collect the estimates anywhere inside a block of the summary."""
    if not isinstance(block, dict):
        return []
    inside = [estimate for part in block.values() for estimate in every_estimate(part)]
    return [block, *inside] if "value" in block else inside  # type: ignore[list-item]


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(
        st.one_of(st.floats(-1e9, 1e9), st.sampled_from([0.0, -1.0, 0.1, math.nan])), min_size=1, max_size=130
    ),
    markets=st.integers(1, 5),
)
def test_every_estimate_is_plain_and_consistent(values: list[float], markets: int) -> None:
    """Whatever was played: JSON without NaN, bounds both or neither, and the value between them."""
    market = np.arange(len(values)) % markets
    block = measure_estimates(np.array(values), market)
    ratio = ratio_of_means(np.array(values), np.arange(1.0, len(values) + 1), market)

    assert json.loads(json.dumps(block, allow_nan=False)) == block
    json.dumps(ratio, allow_nan=False)
    for estimate in [*every_estimate(block), ratio]:
        assert (estimate["low"] is None) == (estimate["high"] is None)
        if estimate["low"] is not None:
            low, high = bounds(estimate)
            assert estimate["value"] is not None and low <= estimate["value"] <= high


def test_large_studies_are_quick() -> None:
    """Eleven measures of two strategies with 10,000 replications take under a second."""
    rng = np.random.default_rng(15)
    values = rng.lognormal(size=(22, 10_000))
    start = time.process_time()
    for row in values:
        measure_estimates(row, np.arange(10_000) % 4)
    assert time.process_time() - start < 1.0


def test_import_is_light() -> None:
    """Importing the module doesn't import scipy."""
    code = "import sys, simulator.study.estimates; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()


def test_no_interval_reaches_below_what_is_possible() -> None:
    """The low end of a mean, of what other markets tell and of the worst plays stops there; nothing else moves."""
    values, market = np.r_[np.zeros(195), 9.0, 40, 70, 3, 1], np.arange(200) % 4
    free, cut = estimates.measure_estimates(values, market), estimates.measure_estimates(values, market, least=0.0)
    low, across = free["mean"]["low"], free["mean"]["across_markets"]
    assert low is not None and across is not None and across["low"] is not None
    assert low < 0 > across["low"]
    assert {**free["mean"], "low": 0.0, "across_markets": {**across, "low": 0.0}} == cut["mean"]
    loss = estimates.measure_estimates(-values / 70, market, least=-1.0)["expected_shortfall_5"]
    assert loss["low"] == -1.0
    assert estimates.measure_estimates(values, market, least=-1e9) == free
