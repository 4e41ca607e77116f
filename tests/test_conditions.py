"""Probabilities, delays, fatigue and activity as integer tables, against the laws they stand for."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator.market.people import ACTIVITY_LEVELS
from simulator.scenario.section import Constant, Exponential, Lognormal, PowerLaw
from simulator.spread.conditions import (
    DELAY_ENTRIES,
    WEAR_ENTRIES,
    DelayLaw,
    chance,
    delay_table,
    reach_table,
    wear_table,
)

MINUTE, HOUR, DAY = 60, 3600, 86_400
NEVER_MIND = 10**15  # a horizon that cuts nothing
# A table of midpoints has exactly as many entries up to t as the law says, but for half an entry.
HALF_AN_ENTRY = 0.5 / DELAY_ENTRIES

Law = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


# Chances ----------------------------------------------------------------------------------------------------


def test_certain_and_impossible_are_exact() -> None:
    """Probability 1 is all of the 2**32 numbers, 0 none, and what lies outside counts as these."""
    assert [0, 2**32, 0, 2**32] == [chance(p) for p in (0.0, 1.0, -0.1, 1.1)]
    assert 2**31 == chance(0.5)


@given(st.floats(0, 1))
@settings(derandomize=True)
def test_chance_is_rounded_to_the_nearest(probability: float) -> None:
    """A threshold is off by half a unit of 2**-32 at most."""
    assert abs(chance(probability) - probability * 2**32) <= 0.5


# Delays -----------------------------------------------------------------------------------------------------


def seismic(flat_minutes: float, theta: float) -> Law:
    """Give the distribution function of SEISMIC's power law [s], written from its density (equation 3)."""
    flat = flat_minutes * MINUTE
    height = theta / (flat * (1 + theta))

    def below(t: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        tail = height * flat / theta * (np.maximum(t, flat) / flat) ** -theta
        return np.where(t <= flat, height * t, 1 - tail)

    return below


LAWS: dict[str, tuple[DelayLaw, Law]] = {
    "exponential": (Exponential(dist="exponential", mean_hours=2.0), stats.expon(scale=2 * HOUR).cdf),
    "short exponential": (Exponential(dist="exponential", mean_hours=0.001), stats.expon(scale=3.6).cdf),
    "lognormal": (
        Lognormal(dist="lognormal", median_hours=4.0, sigma=1.6),
        stats.lognorm(1.6, scale=4 * HOUR).cdf,
    ),
    "power law": (PowerLaw(dist="power_law", flat_minutes=5, exponent=0.242), seismic(5, 0.242)),
    "steep power law": (PowerLaw(dist="power_law", flat_minutes=30, exponent=3.0), seismic(30, 3.0)),
}
WRONG_LAWS: dict[str, Law] = {
    "exponential": stats.expon(scale=2 * HOUR / math.log(2)).cdf,  # the mean taken for the median
    "short exponential": stats.expon(scale=3.6 * 1.01).cdf,
    "lognormal": stats.lognorm(1.6, scale=4 * HOUR * math.exp(-(1.6**2) / 2)).cdf,  # the median for the mean
    "power law": seismic(5, 1.242),  # the exponent of the density for that of the tail
    "steep power law": seismic(30 * 1.01, 3.0),
}


def largest_gap(table: npt.NDArray[np.int64], law: Law, last: int) -> float:
    """Give the largest difference between the shares of delays up to t [s] in a table and in a law."""
    seconds = np.unique(np.geomspace(1, last, 2000).astype(np.int64))
    in_table = np.searchsorted(table, seconds, side="right") / DELAY_ENTRIES
    return float(np.abs(in_table - law(seconds + 0.5)).max())  # t + 0.5 is still rounded to t


@pytest.mark.parametrize("name", LAWS)
def test_delay_table_follows_its_law(name: str) -> None:
    """At every second the table's share is the law's, within half an entry; for a wrong law it is not."""
    spec, law = LAWS[name]
    table = delay_table(spec, NEVER_MIND, 0)
    assert largest_gap(table, law, 60 * DAY) <= HALF_AN_ENTRY + 1e-12
    assert largest_gap(table, WRONG_LAWS[name], 60 * DAY) > HALF_AN_ENTRY + 1e-12


@pytest.mark.parametrize("name", LAWS)
def test_delay_table_rises_in_whole_seconds(name: str) -> None:
    """A delay table has 2**14 whole seconds in rising order."""
    table = delay_table(LAWS[name][0], NEVER_MIND, 0)
    assert (2**14,) == table.shape
    assert np.int64 == table.dtype
    assert np.all(np.diff(table) >= 0)


def test_exponential_mean() -> None:
    """The mean of the midpoints falls short of the exponential's by log(sqrt 2) / 2**14 of it (Stirling)."""
    mean = 2.0 * HOUR
    table = delay_table(Exponential(dist="exponential", mean_hours=2.0), NEVER_MIND, 0)
    expected = mean * (1 - math.log(math.sqrt(2)) / DELAY_ENTRIES)
    assert pytest.approx(expected, abs=0.01) == table.mean()


def test_lognormal_quantiles() -> None:
    """The entries around a quantile enclose it; half of the delays are below the median."""
    table = delay_table(Lognormal(dist="lognormal", median_hours=4.0, sigma=1.6), NEVER_MIND, 0)
    for u in (0.05, 0.25, 0.5, 0.75, 0.95):
        exact = 4 * HOUR * math.exp(1.6 * stats.norm.ppf(u))
        below, above = math.floor(u * DELAY_ENTRIES - 0.5), math.ceil(u * DELAY_ENTRIES + 0.5)
        assert table[below] - 0.5 <= exact <= table[above] + 0.5
    assert pytest.approx(4 * HOUR, rel=2e-4) == table[DELAY_ENTRIES // 2 - 1 : DELAY_ENTRIES // 2 + 1].mean()


@pytest.mark.parametrize(
    ("theta", "shares", "median_minutes"),
    [(0.242, (0.1948, 0.5587, 0.7955, 0.0898), 35.8), (0.2314843, (0.1880, 0.5432, 0.7811, 0.0996), 40.6)],
)
def test_seismic_values(theta: float, shares: tuple[float, ...], median_minutes: float) -> None:
    """SEISMIC's power law has the shares below 5 minutes, 1 hour and 1 day, and above 30 days, that it should.

    Tolerance: the last printed digit and one entry.
    """
    table = delay_table(PowerLaw(dist="power_law", flat_minutes=5, exponent=theta), NEVER_MIND, 0)
    # what is rounded to t itself lies half below it
    below = [(np.mean(table < t) + np.mean(table <= t)) / 2 for t in (5 * MINUTE, HOUR, DAY, 30 * DAY)]
    actual = [*below[:3], 1 - below[3]]
    assert pytest.approx(shares, abs=0.00005 + 1 / DELAY_ENTRIES) == actual
    assert pytest.approx(median_minutes, abs=0.05) == np.median(table) / MINUTE


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("horizon", [0, 1, 59, HOUR, 3 * DAY])
def test_what_comes_after_the_horizon_never_comes(name: str, horizon: int) -> None:
    """Longer delays are capped one second behind the horizon; shorter ones are as without a horizon."""
    table, uncut = (delay_table(LAWS[name][0], last, 0) for last in (horizon, NEVER_MIND))
    assert np.minimum(uncut, horizon + 1).tolist() == table.tolist()


def test_infinite_delays_never_come() -> None:
    """A power law too heavy for a float, and a median beyond all horizons, give the cap and no warning."""
    heavy = delay_table(PowerLaw(dist="power_law", flat_minutes=5, exponent=0.001), DAY, 1)
    wide = delay_table(Lognormal(dist="lognormal", median_hours=1.0, sigma=20.0), DAY, 1)
    assert [DAY + 1, DAY + 1] == [heavy[-1], wide[-1]]
    assert [9, 1] == [heavy[0], wide[0]]  # 300 s * 1.001 / 0.001 * 0.5 / 2**14, and next to nothing
    late = delay_table(Lognormal(dist="lognormal", median_hours=100_000.0, sigma=0.0), DAY, 1)
    assert {DAY + 1} == set(late.tolist())


@pytest.mark.parametrize(
    ("hours", "least", "expected"),
    [(0.0, 0, 0), (0.0, 1, 1), (1.0, 0, HOUR), (1.0, 1, HOUR), (24.0, 0, DAY), (24.001, 0, DAY + 1)],
)
def test_constant_delay(hours: float, least: int, expected: int) -> None:
    """A constant delay is the same for all: 0 from a creator, at least 1 s between friends."""
    table = delay_table(Constant(dist="constant", hours=hours), DAY, least)
    assert [expected] * DELAY_ENTRIES == table.tolist()


@pytest.mark.parametrize("name", LAWS)
def test_least_delay_is_respected(name: str) -> None:
    """With least = 1 the delays that round to 0 become 1 and no other changes."""
    table, free = (delay_table(LAWS[name][0], NEVER_MIND, least) for least in (1, 0))
    assert np.maximum(free, 1).tolist() == table.tolist()


# Fatigue ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fatigue", [0.0, 0.1, 0.43, 1.0, 3.0, 50.0])
def test_wear_is_a_power_of_k(fatigue: float) -> None:
    """Fatigue is exactly 2**31 at the first impression and k ** -fatigue later, to half a unit of 2**-31."""
    table = wear_table(fatigue)
    assert 4096 == WEAR_ENTRIES == table.size
    assert 2**31 == table[0]
    for k in (2, 3, 10, 100, 4095, 4096):
        assert abs(int(table[k - 1]) - k**-fatigue * 2**31) <= 0.5 + 1e-6
    assert np.all(np.diff(table.astype(np.int64)) <= 0)


def test_no_fatigue_lowers_nothing() -> None:
    """With fatigue 0 every impression is like the first."""
    assert {2**31} == set(wear_table(0.0).tolist())


# Activity ---------------------------------------------------------------------------------------------------


def share_of(table: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """Give thresholds as probabilities."""
    return table / 2.0**32


@given(st.floats(0, 1), st.floats(0, 1, exclude_max=True))
@example(0.5, 1e-38)
@example(0.9, 1e-8)
@example(0.9, 1e-6)
@example(1e-12, 0.9)
@example(1 - 1e-12, 0.9)
@example(0.5, 1 - 1e-9)
@example(0.999, 0.99)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_mean_over_the_levels_is_the_rate(rate: float, spread: float) -> None:
    """Whatever the spread, all levels together are reached with the rate itself, to 1e-9."""
    table = reach_table(rate, spread)
    assert (ACTIVITY_LEVELS,) == table.shape
    assert pytest.approx(rate, abs=1e-9) == share_of(table).mean()
    assert np.all(np.diff(table.astype(np.int64)) >= 0)
    assert 0 <= table.min() <= table.max() <= 2**32


@pytest.mark.parametrize("rate", [0.0, 0.02, 0.5, 1.0])
def test_without_spread_everybody_is_equal(rate: float) -> None:
    """Spread 0 gives every level the same chance."""
    assert {chance(rate)} == set(reach_table(rate, 0.0).tolist())


@pytest.mark.parametrize("spread", [0.0, 0.3, 0.99])
def test_rates_zero_and_one_stay_exact(spread: float) -> None:
    """Rate 0 reaches nobody and rate 1 everybody, whatever the spread."""
    assert {0} == set(reach_table(0.0, spread).tolist())
    assert {2**32} == set(reach_table(1.0, spread).tolist())


def intraclass_correlation(table: npt.NDArray[np.uint64]) -> float:
    """Give the correlation of two impressions of the same person: var / (mean (1 - mean))."""
    levels = share_of(table)
    return float(levels.var() / (levels.mean() * (1 - levels.mean())))


@pytest.mark.parametrize("rate", [0.02, 0.15, 0.5, 0.9])
@pytest.mark.parametrize("spread", [0.05, 0.3, 0.6])
def test_spread_is_the_intraclass_correlation(rate: float, spread: float) -> None:
    """The spread is the correlation of two showings to one person; the bins take less than 0.5% off it."""
    actual = intraclass_correlation(reach_table(rate, spread))
    assert 0.995 * spread <= actual <= spread
    assert not 0.995 * spread <= intraclass_correlation(reach_table(rate, 1.02 * spread)) <= spread


def frequencies(table: npt.NDArray[np.uint64], posts: int) -> npt.NDArray[np.float64]:
    """Give how likely a person sees 0, 1, .. `posts` of so many posts (posts + 1,)."""
    return stats.binom.pmf(np.arange(posts + 1)[:, None], posts, share_of(table)[None, :]).mean(axis=1)


@pytest.mark.parametrize(("rate", "spread"), [(0.15, 0.3), (0.5, 0.1), (0.02, 0.6)])
def test_frequency_is_beta_binomial(rate: float, spread: float) -> None:
    """How many of six posts a person sees follows the beta-binomial law to 2e-4, and not the binomial."""
    size = (1 - spread) / spread
    expected = stats.betabinom.pmf(np.arange(7), 6, rate * size, (1 - rate) * size)
    assert pytest.approx(expected, abs=2e-4) == frequencies(reach_table(rate, spread), 6)
    assert np.abs(expected - frequencies(reach_table(rate, 0.0), 6)).max() > 0.01
