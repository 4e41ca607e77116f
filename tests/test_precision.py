"""Runs that stop when means are known precisely: the looks, the interval, and how often it holds the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from stopping_helpers import LAWS, market_of, precise, shares_of_pivot

from simulator.study import precision
from simulator.study.estimates import mean_estimate, moments
from simulator.study.pivot import pivot_of

VALUES = np.random.default_rng(5).exponential(size=400)


def test_deviate_and_bound_are_inverse() -> None:
    """A number at a bound lies that deviate below the mean, on either side and far out."""
    pivot = pivot_of(VALUES, market_of(400))
    assert pivot is not None
    for deviate in (-6.0, -1.96, -0.3, 0.0, 0.7, 2.6, 5.0):
        assert pivot.deviate(pivot.bound(deviate)) == pytest.approx(deviate, abs=1e-9)
    assert pivot.deviate(-1e9) == 37.0 == -pivot.deviate(1e9), "too far out for a float is as far as can be told"


def test_without_skewness_and_tails_the_interval_is_the_t_interval() -> None:
    """Values that are symmetric and lighter than normal leave nothing to correct."""
    values = np.tile([-1.0, -0.5, 0.5, 1.0], 50)
    pivot = pivot_of(values, np.zeros(200, np.int64))
    plain = mean_estimate(values, np.zeros(200, np.int64))
    assert pivot is not None
    assert pivot.interval(0.95) == pytest.approx((plain["low"], plain["high"]), rel=1e-9)


def test_tail_freedom_is_that_of_the_fourth_moment() -> None:
    """Of one market: 2 n / (kurtosis - 1), after Box, and never more than n - 1."""
    heavy = np.r_[VALUES, 30.0]
    deviations = heavy - heavy.mean()
    kurtosis = np.mean(deviations**4) / np.mean(deviations**2) ** 2
    its = moments(heavy, np.zeros(401, np.int64))
    assert its.tail_freedom == pytest.approx(2 * 401 / (kurtosis - 1), rel=0.01)
    assert its.tail_freedom < 20 < its.freedom == pytest.approx(400)
    light = moments(np.tile([-1.0, 1.0], 50), np.zeros(100, np.int64))
    assert light.tail_freedom == light.freedom == pytest.approx(99)


def test_what_never_varies_has_no_pivot() -> None:
    """Nor has what is undefined everywhere."""
    market = np.zeros(4, np.int64)
    assert pivot_of(np.ones(4), market) is None
    assert pivot_of(np.full(4, np.nan), market) is None
    assert precision.known(np.ones(4), market, 1) is None


def test_a_run_ends_only_at_a_look_that_was_foreseen() -> None:
    """However narrow the interval is at the first look: the look after it, half as long again, is the first to stop."""
    values, market = {"a": np.sin(np.arange(600.0))}, np.zeros(600, np.int64)
    first = precision.look({"a": values["a"][:200]}, market[:200], 0.5, step=100, most=9_000)
    assert first.half_width is not None
    assert first.half_width < 0.5
    assert (False, True, 300) == (first.is_enough, first.foresees, first.then)
    second = precision.look({"a": values["a"][:300]}, market[:300], 0.5, step=100, most=9_000, before=first)
    assert second.is_enough


def test_the_next_look_is_where_it_is_foreseen_to_be_enough_or_twice_as_far() -> None:
    """Half of the width takes four times the replications: doubled, then foreseen with a margin of a tenth."""
    values, market = np.sin(np.arange(400.0)), np.zeros(400, np.int64)
    half = precision.look({"a": values}, market, 1.0, step=1, most=10**6).half_width
    assert half is not None
    far = precision.look({"a": values}, market, half / 2, step=100, most=10**6)
    assert (False, 800) == (far.foresees, far.then)
    near = precision.look({"a": values}, market, half / math.sqrt(1.6), step=1, most=10**6)
    assert (True, math.ceil(400 * 1.6 * 1.1)) == (near.foresees, near.then)
    assert precision.look({"a": values}, market, half / 9, step=100, most=500).then == 500


def test_every_plan_counts_and_one_without_variation_is_never_precise() -> None:
    """The widest interval decides; values that never varied may still do so."""
    wide, narrow, market = np.sin(np.arange(200.0)), np.sin(np.arange(200.0)) / 10, np.zeros(200, np.int64)
    both = precision.look({"a": narrow, "b": wide}, market, 0.1, step=100, most=9_000)
    assert both.half_width == precision.look({"b": wide}, market, 0.1, step=100, most=9_000).half_width
    constant = precision.look({"a": narrow, "b": np.ones(200)}, market, 0.1, step=100, most=9_000)
    assert (None, False, 400) == (constant.half_width, constant.foresees, constant.then)


def test_the_interval_ends_where_the_measure_can_go_no_lower() -> None:
    """ROI is at least -1."""
    values = np.where(np.arange(200) == 7, 40.0, -1.0)
    estimate = precision.known(values, np.zeros(200, np.int64), 2, least=-1.0)
    assert estimate is not None
    assert estimate["low"] == -1.0
    assert estimate["method"] == "t, corrected for skewness and tails, after 2 looks"


def test_the_corrected_interval_covers_more_of_a_skewed_mean() -> None:
    """Log-normal ROI, 200 replications, no looks: 94.5% are covered, where the plain t interval covers 92.9%."""
    law = LAWS["log-normal (0, 1), skewness 6"]
    assert 0.935 <= shares_of_pivot(law, 200, 1500, 8)
    rng, market = np.random.default_rng(8), market_of(200)
    plain = [mean_estimate(law(rng, 200), market) for _ in range(1500)]
    assert sum((its["low"] or 0.0) <= 0 <= (its["high"] or 0.0) for its in plain) / 1500 < 0.935


def test_intervals_after_the_stop_cover_and_naive_ones_do_not() -> None:
    """400 skewed studies: the full evidence, 5,000 of each law, is slow and stands in docs/stopping.md."""
    found = precise(LAWS["log-normal (0, 1), skewness 6"], 0.2, 400, 3, most=2_000)
    assert 0.925 <= found.covered
    assert found.naive_covered < 0.9
