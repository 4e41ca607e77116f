"""Comparisons: pairing, ties, the variance it saves, and the verdict.

Coverage is counted with fixed seeds as in `test_estimates.py`: a right 95% interval fails for one seed in
10,000, and a wrong one must fail the same check.
"""

from __future__ import annotations

import json
import math
import time

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from simulator.study.compare import Comparison, compare, comparisons, disagrees, usual_winner, verdict
from simulator.study.estimates import mean_estimate, probability, quantile_estimates

Array = npt.NDArray[np.float64]


def compared(a: Array, b: Array, markets: int = 1) -> Comparison:
    """Compare two strategies' ROI over so many markets."""
    return compare("portfolio", a, "celebrity", b, "roi", np.arange(len(a)) % markets)


def test_difference_is_estimated_from_pairs() -> None:
    """The difference a - b is estimated from the replications' differences, stratified by market."""
    rng = np.random.default_rng(1)
    a, b, market = rng.normal(size=80), rng.normal(size=80), np.arange(80) % 4

    actual = compare("portfolio", a, "celebrity", b, "roi", market)

    assert ("portfolio", "celebrity", "roi") == (actual["a"], actual["b"], actual["measure"])
    assert mean_estimate(a - b, market) == actual["difference"]["mean"]
    assert quantile_estimates(a - b) == actual["difference"]["quantiles"]


def test_one_market_gives_the_paired_t_interval() -> None:
    """In one market the interval of the difference is that of the paired t test."""
    rng = np.random.default_rng(2)
    a, b = rng.lognormal(size=25), rng.lognormal(size=25)
    expected = stats.ttest_rel(a, b).confidence_interval(0.95)
    mean = compared(a, b)["difference"]["mean"]
    assert pytest.approx((expected.low, expected.high), rel=1e-12) == (mean["low"], mean["high"])


def test_strategy_differs_from_itself_by_exactly_zero() -> None:
    """A strategy against itself: difference 0 with zero width, no win, nothing to save, too close to call."""
    values = np.random.default_rng(3).lognormal(size=100)
    actual = compared(values, values.copy(), markets=4)
    for estimate in (actual["difference"]["mean"], *actual["difference"]["quantiles"].values()):
        assert (0.0, 0.0, 0.0) == (estimate["value"], estimate["low"], estimate["high"])
    assert 0.0 == actual["a_beats_b"]["value"] == actual["b_beats_a"]["value"]
    assert actual["replications_saved_by_pairing"] is None
    assert ("tie", "tie", False) == (verdict(actual), usual_winner(actual), disagrees(actual))


def test_a_tie_is_no_win() -> None:
    """Replications with equal values count for neither strategy, but they count."""
    actual = compared(np.array([1.0, 2.0, 3.0, 3.0]), np.array([1.0, 2.0, 1.0, 4.0]))
    assert probability(1, 4) == actual["a_beats_b"] == actual["b_beats_a"]


def test_saved_replications_are_the_ratio_of_variances() -> None:
    """Pairing saves (var a + var b) / var(a - b)."""
    rng = np.random.default_rng(4)
    world = rng.normal(size=200)
    a, b = world + 0.5 * rng.normal(size=200), world + 0.5 * rng.normal(size=200)
    expected = (a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)
    assert pytest.approx(expected, rel=1e-10) == compared(a, b)["replications_saved_by_pairing"]


def test_infinite_savings_are_none() -> None:
    """A difference that is constant, exactly or but for rounding, and a single pair, save None."""
    a = np.random.default_rng(5).lognormal(size=50)
    assert compared(a, a + 0.1)["replications_saved_by_pairing"] is None
    assert compared(np.full(50, 3.0), np.full(50, 2.0))["replications_saved_by_pairing"] is None
    assert compared(a[:1], a[1:2])["replications_saved_by_pairing"] is None


def test_savings_are_what_unpaired_studies_need() -> None:
    """Unpaired, with as many times the replications, the mean difference is about as sure as paired."""
    rng = np.random.default_rng(6)
    world = rng.normal(size=4000)
    a, b = world + rng.normal(size=4000), world + rng.normal(size=4000)
    saved = compared(a, b)["replications_saved_by_pairing"]
    assert saved is not None
    paired = (a - b).std() / math.sqrt(4000)
    unpaired = math.sqrt((a.var() + b.var()) / (4000 * saved))
    assert pytest.approx(paired, rel=1e-12) == unpaired
    assert 1.8 < saved < 2.2  # exactly 2 for this law; 10% is over 4 standard deviations


def test_paired_mean_is_covered() -> None:
    """The paired interval holds the true difference in 95% of studies; the unpaired one is too wide."""
    rng = np.random.default_rng(7)
    market = np.arange(60) % 4
    paired = unpaired = 0
    for _ in range(1500):
        world = 5.0 * market + 3.0 * rng.normal(size=60)
        a, b = world + 0.5 + rng.normal(size=60), world + rng.normal(size=60)
        mean = compare("a", a, "b", b, "roi", market)["difference"]["mean"]
        assert mean["low"] is not None and mean["high"] is not None
        paired += mean["low"] <= 0.5 <= mean["high"]
        interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
        unpaired += interval.low <= 0.5 <= interval.high

    assert stats.binomtest(paired, 1500, 0.95).pvalue > 1e-4
    assert stats.binomtest(unpaired, 1500, 0.95).pvalue < 1e-4


def test_undefined_replications_are_left_out_of_every_part() -> None:
    """Where either strategy's ROI is undefined the replication is left out, and n says so."""
    a = np.array([1.0, np.nan, 3.0, 4.0, 9.0])
    b = np.array([0.0, 1.0, np.nan, 5.0, 6.0])
    actual = compared(a, b)
    assert (1.0, 3) == (actual["difference"]["mean"]["value"], actual["difference"]["mean"]["n"])
    assert "t, where defined (3 of 5)" == actual["difference"]["mean"]["method"]
    assert probability(2, 3) == actual["a_beats_b"]
    kept = compared(a[[0, 3, 4]], b[[0, 3, 4]])
    assert kept["replications_saved_by_pairing"] == actual["replications_saved_by_pairing"]


def test_nothing_in_common_is_undefined() -> None:
    """Two strategies whose ROI is never defined together have no difference and no verdict."""
    actual = compared(np.full(4, np.nan), np.arange(4.0))
    assert (None, 0) == (actual["difference"]["mean"]["value"], actual["difference"]["mean"]["n"])
    assert actual["a_beats_b"]["value"] is None
    assert ("tie", "tie") == (verdict(actual), usual_winner(actual))


def test_values_that_do_not_pair_are_refused() -> None:
    """Different numbers of replications can't be paired."""
    with pytest.raises(ValueError, match="celebrity"):
        compare("portfolio", np.zeros(3), "celebrity", np.zeros(4), "roi", np.zeros(3, dtype=int))


def test_verdict_is_the_interval_of_the_paired_mean() -> None:
    """The verdict names the greater mean, or says tie when the interval contains 0 or doesn't exist."""
    noise = np.random.default_rng(8).normal(size=200)
    nothing = np.zeros(200)
    assert "a" == verdict(compared(noise + 1.0, nothing))
    assert "b" == verdict(compared(noise - 1.0, nothing))
    assert "tie" == verdict(compared(noise - noise.mean(), nothing))
    assert "tie" == verdict(compared(np.array([5.0]), np.array([1.0])))


def test_ties_do_not_decide_the_usual_winner() -> None:
    """Among replications that are no tie, the usual winner has clearly more than half."""
    ahead = np.repeat([1.0, 0.0, -1.0], [30, 160, 10])
    assert "a" == usual_winner(compared(ahead, np.zeros(200)))
    assert "b" == usual_winner(compared(-ahead, np.zeros(200)))
    assert "tie" == usual_winner(compared(np.repeat([1.0, 0.0, -1.0], [20, 160, 20]), np.zeros(200)))


def test_rare_great_wins_disagree_with_frequent_small_ones() -> None:
    """Usually losing with the greater mean is a disagreement; a mean too close to call is none."""
    gamble = np.where(np.arange(500) % 5 == 0, 10.0, -1.0)
    actual = compared(gamble, np.zeros(500))
    assert ("a", "b", True) == (verdict(actual), usual_winner(actual), disagrees(actual))
    certain = compared(gamble + 5.0, np.zeros(500))
    assert ("a", "a", False) == (verdict(certain), usual_winner(certain), disagrees(certain))
    undecided = compared(gamble - gamble.mean(), np.zeros(500))
    assert ("tie", "b", False) == (verdict(undecided), usual_winner(undecided), disagrees(undecided))


def test_every_pair_and_measure_is_compared_roi_first() -> None:
    """All pairs in scenario order for every measure, ROI before the others."""
    rng = np.random.default_rng(9)
    table = {
        name: {measure: rng.normal(size=20) for measure in ("reach", "spend", "roi")}
        for name in ("portfolio", "celebrity", "mix")
    }
    actual = comparisons(table, np.arange(20) % 2)

    pairs = [("portfolio", "celebrity"), ("portfolio", "mix"), ("celebrity", "mix")]
    expected = [(measure, *pair) for measure in ("roi", "reach", "spend") for pair in pairs]
    assert expected == [(one["measure"], one["a"], one["b"]) for one in actual]
    assert json.loads(json.dumps(actual, allow_nan=False)) == actual
    assert [] == comparisons({"alone": table["mix"]}, np.arange(20) % 2) == comparisons({}, np.arange(20))


def test_large_studies_are_quick() -> None:
    """Comparing two strategies with 10,000 replications by eleven measures takes under a second."""
    rng = np.random.default_rng(10)
    table = {name: {str(m): rng.lognormal(size=10_000) for m in range(11)} for name in "ab"}
    start = time.process_time()
    comparisons(table, np.arange(10_000) % 4)
    assert time.process_time() - start < 1.0
