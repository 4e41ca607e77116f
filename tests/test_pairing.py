"""What pairing saves, comparisons without pairs, and how many replications would decide.

Coverage is counted with fixed seeds as in `test_estimates.py`: a right interval fails for one seed in 10,000, and a
wrong one must fail the same check.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from simulator.study.advice import ROOM, joint_half_width, rounded_up, times_to_decide
from simulator.study.compare import compare, verdict
from simulator.study.estimates import NO_VARIATION, Estimate, error_of_mean, mean_estimate, p_value, shortfall_estimate
from simulator.study.pairing import apart, compare_unpaired, saved_by_pairing

Array = npt.NDArray[np.float64]


def covers(hits: int, trials: int, share: float = 0.95) -> bool:
    """Say whether so many hits are plausible for a true share of hits."""
    return stats.binomtest(hits, trials, share).pvalue > 1e-4


def pair(rng: np.random.Generator, n: int, noise: float = 0.5, sign: float = 1.0) -> tuple[Array, Array]:
    """Draw two plans that share what a world brings, or what one gains the other loses."""
    world = rng.normal(size=n)
    return world + noise * rng.normal(size=n), sign * world + noise * rng.normal(size=n)


# ---- what pairing saves


def test_saved_is_the_ratio_of_squared_errors_within_markets() -> None:
    """It is the two independent errors over the paired one, each that of the program's interval and p value."""
    a, b = pair(np.random.default_rng(1), 120)
    market = np.arange(120) % 4
    a += 10 * (market == 2)  # markets differ, which is no error within them

    def error(values: Array) -> float:
        error, freedom = error_of_mean(values, market)
        assert error is not None and stats.t.sf(abs(values.mean()) / error, freedom) * 2 == pytest.approx(
            p_value(values, market)
        )
        return error

    expected = (error(a) ** 2 + error(b) ** 2) / error(a - b) ** 2
    actual = saved_by_pairing(a, b, market)
    assert pytest.approx(expected, rel=1e-12) == actual["value"]
    across = compare("a", a, "b", b, "roi", market)["replications_saved_by_pairing"]
    assert across is not None and actual["value"] is not None
    assert abs(across - actual["value"]) > 1  # differences between markets are no part of it


def saved_hits(seed: int, trials: int, level: float = 0.95) -> int:
    """Count how often the interval holds the true factor, (2 x 1.25) / (2 x 0.25) = 5, of normal values."""
    rng, hits = np.random.default_rng(seed), 0
    for _ in range(trials):
        its = saved_by_pairing(*pair(rng, 300), np.arange(300) % 2, level)
        assert its["low"] is not None and its["high"] is not None
        hits += its["low"] <= 5 <= its["high"]
    return hits


def test_what_pairing_saves_is_covered() -> None:
    """The 95% interval holds the true factor; one of 80% called 95% fails the same check."""
    assert covers(saved_hits(2, 500), 500)
    assert not covers(saved_hits(2, 500, level=0.8), 500)


def test_pairing_may_cost() -> None:
    """Where one plan gains what the other loses, two independent studies would need fewer replications."""
    its = saved_by_pairing(*pair(np.random.default_rng(3), 500, sign=-1.0), np.zeros(500, np.int64))
    assert its["high"] is not None
    assert its["high"] < 1


def test_nothing_is_claimed_where_the_difference_does_not_vary() -> None:
    """A difference that is constant, exactly or but for rounding, a single pair and no pair have no factor."""
    a = np.random.default_rng(4).lognormal(size=50)
    for b, n in ((a, 50), (a + 0.1, 50), (a[:1] + 1, 1), (np.full(50, np.nan), 0)):
        its = saved_by_pairing(a[: len(b)], b, np.zeros(len(b), np.int64))
        assert (None, None, None, n) == tuple(its[key] for key in ("value", "low", "high", "n"))  # type: ignore[literal-required]


# ---- without pairs


def test_without_pairs_the_interval_is_that_of_welch() -> None:
    """In one market each, interval and p value are those of the textbook, with unequal numbers."""
    rng = np.random.default_rng(5)
    a, b = rng.normal(1, 1, 40), rng.normal(0, 3, 70)
    test = stats.ttest_ind(a, b, equal_var=False)
    expected = test.confidence_interval(0.95)
    actual = compare_unpaired("x", a, np.zeros(40, np.int64), "y", b, np.zeros(70, np.int64), "roi")
    mean = actual["difference"]["mean"]
    assert pytest.approx((expected.low, expected.high, test.pvalue)) == (mean["low"], mean["high"], actual["p_value"])
    assert 40 == mean["n"]
    assert (0, None) == (actual["a_beats_b"]["n"], actual["a_beats_b"]["value"])


def test_without_pairs_nothing_is_claimed_where_one_never_varied() -> None:
    """A plan that sold nothing so far may still sell; what the plan decides is exact."""
    varied, never, market = np.arange(20.0), np.zeros(20), np.zeros(20, np.int64)
    mean = compare_unpaired("x", varied, market, "y", never, market, "roi")["difference"]["mean"]
    assert (None, None) == (mean["low"], mean["high"])
    assert mean["method"].startswith(NO_VARIATION)
    spend = compare_unpaired("x", never + 9, market, "y", never, market, "spend", structural=True)["difference"]["mean"]
    assert (9.0, 9.0, 9.0) == (spend["value"], spend["low"], spend["high"])
    single = compare_unpaired("x", varied[:1], market[:1], "y", varied, market, "roi")
    assert single["difference"]["mean"]["low"] is None


def unpaired_hits(trials: int, *, wrong: bool = False) -> int:
    """Count how often 0 is held where worlds are not shared: two markets of unlike means, the same for both."""
    rng, hits = np.random.default_rng(6), 0
    market = np.arange(60) % 2
    for _ in range(trials):
        a, b = rng.normal(size=60) + 3 * market, 2 * rng.normal(size=60) + 3 * market
        if wrong:  # as if one of the two were known
            mean = mean_estimate(a - b.mean(), market)
        else:
            mean = compare_unpaired("x", a, market, "y", b, market, "roi")["difference"]["mean"]
        hits += mean["low"] <= 0 <= mean["high"]  # type: ignore[operator]
    return hits


def test_differences_without_pairs_are_covered() -> None:
    """The 95% interval holds the truth; one that forgets the error of the other plan does not."""
    assert covers(unpaired_hits(500), 500)
    assert not covers(unpaired_hits(500, wrong=True), 500)


def same_seed_hits(trials: int, *, wrong: bool = False) -> int:
    """Count how often 0 is held where only unknowns are shared, and what helps one plan hurts the other."""
    rng, hits, market = np.random.default_rng(9), 0, np.arange(60) % 2
    for _ in range(trials):
        a, b = pair(rng, 60, sign=-1.0)
        if wrong:
            mean = compare_unpaired("x", a, market, "y", b, market, "roi")["difference"]["mean"]
        else:
            mean = compare("x", a, "y", b, "roi", market)["difference"]["mean"]
        hits += mean["low"] <= 0 <= mean["high"]  # type: ignore[operator]
    return hits


def test_runs_of_one_seed_are_not_independent() -> None:
    """Unknowns are drawn by the same numbers, so pairs give the right interval and Welch's would be too narrow."""
    assert covers(same_seed_hits(400), 400)
    assert not covers(same_seed_hits(400, wrong=True), 400)


def test_intervals_of_two_estimates_add_up_as_errors_do() -> None:
    """Symmetric ones as the root of squares; each side from the ends that matter; undefined stays undefined."""
    a: Estimate = {"value": 5.0, "low": 2.0, "high": 6.0, "level": 0.95, "method": "m", "n": 9}
    b: Estimate = {"value": 1.0, "low": -3.0, "high": 5.0, "level": 0.95, "method": "m", "n": 7}
    both = apart(a, b)
    assert (4.0, -1.0, pytest.approx(4 + math.sqrt(17)), 7) == (both["value"], both["low"], both["high"], both["n"])
    assert (4.0, None) == (apart({**a, "low": None, "high": None}, b)["value"], apart(a, {**b, "low": None})["low"])
    assert apart({**a, "value": None}, b)["value"] is None


def shortfall_hits(trials: int, shrink: float = 1.0) -> int:
    """Count how often the true difference of the shortfalls, 0.5 of normal values, is held."""
    rng, hits, market = np.random.default_rng(7), 0, np.zeros(400, np.int64)
    for _ in range(trials):
        found = [shortfall_estimate(rng.normal(mean, 1, 400), market) for mean in (0.5, 0.0)]
        its = apart(*found)
        assert its["value"] is not None and its["low"] is not None and its["high"] is not None
        low, high = ((end - its["value"]) * shrink + its["value"] for end in (its["low"], its["high"]))
        hits += low <= 0.5 <= high
    return hits


def test_shortfalls_without_pairs_are_covered() -> None:
    """The interval holds the truth at least as often as it says, as those it is made of; half of it does not."""
    assert stats.binomtest(shortfall_hits(500), 500, 0.95, alternative="less").pvalue > 1e-4
    assert stats.binomtest(shortfall_hits(500, 0.5), 500, 0.95, alternative="less").pvalue < 1e-4


# ---- how many replications would decide


def decided(truth: float, room: float = ROOM, trials: int = 100_000) -> float:
    """Give the share of what was too close to call that is decided after as many replications as advised.

    In standard errors of the first replications: the mean seen is normal around the truth, and so is that of those
    that come later.
    """
    rng = np.random.default_rng(8)
    seen = rng.normal(truth, 1, trials)
    seen = seen[np.abs(seen) < 1.96]
    mean: Estimate = {"value": 1.0, "low": 1 - 1.96, "high": 1 + 1.96, "level": 0.95, "method": "t", "n": 100}
    advised = times_to_decide(mean)  # for a mean of 1; it goes with the square
    assert advised is not None
    times = np.maximum(advised / ROOM * room / np.maximum(np.abs(seen), 1e-4) ** 2, 1.001)
    later = truth + rng.normal(size=len(seen)) / np.sqrt(times - 1)
    in_all = (seen + (times - 1) * later) / times
    return float(np.mean(np.abs(in_all) > 1.96 / np.sqrt(times)))


def test_the_advice_decides_more_often_than_not() -> None:
    """As the module says: 53%, 75% and 92%; where there is no difference it finds none. Half as many do not do."""
    assert pytest.approx([0.06, 0.53, 0.75, 0.92], abs=0.01) == [decided(truth) for truth in (0.0, 0.5, 1.0, 2.0)]
    assert decided(0.5, ROOM / 2) < 0.5


def test_advice_counts_all_comparisons_that_hold_together() -> None:
    """With more of them the interval is wider, and so more replications are needed; a target of 0 is never met."""
    mean: Estimate = {"value": 1.0, "low": -1.0, "high": 3.0, "level": 0.95, "method": "t", "n": 100}
    assert (2.0, pytest.approx(2 * 2.2414 / 1.96, rel=1e-4)) == (joint_half_width(mean), joint_half_width(mean, 2))
    assert (pytest.approx(ROOM * 4), pytest.approx(ROOM * 16)) == (times_to_decide(mean), times_to_decide(mean, 1, 0.5))
    assert math.inf == times_to_decide({**mean, "value": 0.0})
    assert times_to_decide({**mean, "low": None, "high": None}) is None
    assert (1, 8, 99, 110, 3_900, 4_000) == tuple(map(rounded_up, (1, 7.2, 98.5, 101, 3_895, 3_912)))


def test_verdicts_hold_together() -> None:
    """A pair that is clear by itself may not be with many others; the p value decides, as the interval does alone."""
    a = 0.3 + np.tile([-1.0, 1.0], 30)
    comparison = compare("x", a, "y", np.zeros(60), "roi", np.zeros(60, np.int64), structural=True)
    p = comparison["p_value"]
    assert p is not None and 0.002 < p < 0.05
    assert ("a", "tie") == (verdict(comparison), verdict(comparison, 30))


def decided_studies(skew: float, truth: float, studies: int) -> float:
    """Give the share that is decided of studies of 100 plays that were too close to call, each played on as advised.

    Differences are log-normal, shifted so that their mean is `truth` standard errors of 100 of them.
    """
    rng, market = np.random.default_rng(11), np.zeros(100, np.int64)
    error = math.sqrt((math.exp(skew**2) - 1) * math.exp(skew**2) / 100)
    shift, outcome = truth * error - math.exp(skew**2 / 2), []
    while len(outcome) < studies:
        first = np.exp(skew * rng.normal(size=100)) + shift
        mean = mean_estimate(first, market)
        times = times_to_decide(mean)
        assert mean["low"] is not None and mean["high"] is not None and times is not None
        if mean["low"] > 0 or mean["high"] < 0 or times > 500:
            continue
        more = rounded_up(100 * (times - 1))
        every = np.concatenate([first, np.exp(skew * rng.normal(size=more)) + shift])
        half = 1.96 * every.std(ddof=1) / math.sqrt(len(every))
        outcome.append(abs(every.mean()) > half)
    return float(np.mean(outcome))


@pytest.mark.slow
def test_the_advice_is_as_good_for_skewed_differences() -> None:
    """Estimated errors, log-normal differences (skewness 6) and the rounding make it what the module says."""
    for skew in (0.2, 1.0):
        shares = [decided_studies(skew, truth, 4_000) for truth in (0.0, 0.5, 1.0, 2.0)]
        assert pytest.approx([0.065, 0.49, 0.735, 0.94], abs=0.035) == shares, (skew, shares)
