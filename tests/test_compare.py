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

from simulator.study.compare import Comparison, compare, comparisons, usual_winner, verdict
from simulator.study.estimates import FIXED, NO_VARIATION, mean_estimate, probability, quantile_estimates

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
    """A strategy against itself: difference 0 everywhere, which is told, but claims no certainty, and no win."""
    values = np.random.default_rng(3).lognormal(size=100)
    actual = compared(values, values.copy(), markets=4)
    mean = actual["difference"]["mean"]
    assert (0.0, None, None, NO_VARIATION) == tuple(mean[key] for key in ("value", "low", "high", "method"))
    assert {0.0} == {estimate["value"] for estimate in actual["difference"]["quantiles"].values()}
    assert actual["p_value"] is None
    assert 0.0 == actual["a_beats_b"]["value"] == actual["b_beats_a"]["value"]
    assert actual["replications_saved_by_pairing"] is None
    assert ("tie", "tie") == (verdict(actual), usual_winner(actual))


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
    noise, other = np.random.default_rng(8).normal(size=(2, 200))
    assert "a" == verdict(compared(noise + other + 1.0, other))
    assert "b" == verdict(compared(noise + other - 1.0, other))
    assert "tie" == verdict(compared(noise + other - noise.mean(), other))
    assert "tie" == verdict(compared(np.array([5.0]), np.array([1.0])))


def test_ties_do_not_decide_the_usual_winner() -> None:
    """Among replications that are no tie, the usual winner has clearly more than half."""
    ahead = np.repeat([1.0, 0.0, -1.0], [30, 160, 10])
    assert "a" == usual_winner(compared(ahead, np.zeros(200)))
    assert "b" == usual_winner(compared(-ahead, np.zeros(200)))
    assert "tie" == usual_winner(compared(np.repeat([1.0, 0.0, -1.0], [20, 160, 20]), np.zeros(200)))


def test_rare_great_wins_disagree_with_frequent_small_ones() -> None:
    """One strategy may have the greater mean and the other win more often; a mean too close to call is no verdict."""
    gamble, other = np.where(np.arange(500) % 5 == 0, 10.0, -1.0), np.random.default_rng(11).normal(size=500)
    actual = compared(gamble + other, other)
    assert ("a", "b") == (verdict(actual), usual_winner(actual))
    certain = compared(gamble + other + 5.0, other)
    assert ("a", "a") == (verdict(certain), usual_winner(certain))
    undecided = compared(gamble + other - gamble.mean(), other)
    assert ("tie", "b") == (verdict(undecided), usual_winner(undecided))


@pytest.mark.parametrize("markets", [1, 4])
def test_a_strategy_that_never_varies_gives_no_verdict(markets: int) -> None:
    """Whoever sold nothing in any play may sell in the next: no bounds, either way round; fixed costs have bounds."""
    varies, constant = np.random.default_rng(12).normal(2.0, 0.1, 100), np.full(100, -1.0)
    for a, b in ((varies, constant), (constant, varies), (constant, constant + 0.5)):
        mean = compared(a, b, markets)["difference"]["mean"]
        assert (None, None) == (mean["low"], mean["high"])
        assert mean["method"].startswith(NO_VARIATION)
        assert "tie" == verdict(compared(a, b, markets))
    fixed = compare("a", constant, "b", constant - 1.0, "spend", np.arange(100) % markets, structural=True)
    spend = fixed["difference"]["mean"]
    assert (1.0, 1.0, FIXED) == (spend["low"], spend["high"], spend["method"])


@pytest.mark.parametrize("markets", [1, 4])
def test_p_value_is_that_of_the_interval(markets: int) -> None:
    """In one market it is the paired t test's; in all cases it is below 5% where the 95% interval leaves out 0."""
    rng = np.random.default_rng(13)
    sides = set()
    for shift in np.linspace(-0.6, 0.6, 41):
        a, b = rng.normal(shift, 1.0, 40), rng.normal(0.0, 1.0, 40)
        actual = compared(a, b, markets)
        assert actual["p_value"] is not None
        assert (actual["p_value"] < 0.05) == (verdict(actual) != "tie")
        sides.add(verdict(actual))
        if markets == 1:
            assert pytest.approx(stats.ttest_rel(a, b).pvalue, rel=1e-9) == actual["p_value"]
    assert {"a", "b", "tie"} == sides
    assert compared(np.array([1.0]), np.array([2.0]))["p_value"] is None


def test_savings_count_the_markets_too() -> None:
    """The ratio is that of the definition, over all replications: two independent studies would meet other markets."""
    rng = np.random.default_rng(14)
    market = 100.0 * (np.arange(400) % 4)
    a, b = market + rng.normal(size=400), market + rng.normal(size=400)
    saved = compared(a, b, 4)["replications_saved_by_pairing"]
    assert pytest.approx((a.var() + b.var()) / (a - b).var(), rel=1e-9) == saved
    assert compared(a, b)["replications_saved_by_pairing"] == saved


def test_a_strategy_under_two_names_differs_by_exactly_0() -> None:
    """Equal in every measure, the difference is no estimate: 0 without error, in each measure."""
    rng = np.random.default_rng(15)
    own = {"roi": rng.normal(size=40), "reach": rng.normal(size=40)}
    other = {**own, "reach": own["reach"] + 1.0}
    market = np.arange(40) % 2
    same, unlike = comparisons({"a": own, "b": own}, market)[0], comparisons({"a": own, "b": other}, market)[0]
    assert (0.0, 0.0, 0.0) == tuple(same["difference"]["mean"][key] for key in ("value", "low", "high"))
    assert same["difference"]["mean"]["low"] is not None
    assert unlike["difference"]["mean"]["low"] is None


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
