"""Looks that share out the error: bounds against published tables, and what may be said after the stop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from stopping_helpers import share_above

from simulator.study.group_sequential import Region, _walk_of, design_of, ending

LOOKS = (200, 300, 500, 800, 1_200, 2_000)
FIVE = tuple(n / 5 for n in range(1, 6))


@pytest.mark.parametrize(
    ("looks", "pocock", "obrien_fleming"), [(2, 2.178, 1.977), (5, 2.413, 2.040), (10, 2.555, 2.087)]
)
def test_error_of_published_bounds(looks: int, pocock: float, obrien_fleming: float) -> None:
    """Jennison and Turnbull (2000), tables 2.1 and 2.3: with these constants the error of all looks is 5%."""
    times = tuple((n + 1) / looks for n in range(looks))
    for sums in ([pocock * math.sqrt(t) for t in times], [obrien_fleming] * looks):
        walk = _walk_of(times, tuple((0.0, its) for its in sums))
        error = 2 * sum(walk.mass(j, its, math.inf, 0.0) for j, its in enumerate(sums))
        assert error == pytest.approx(0.05, abs=1.5e-4)


def test_the_error_is_spent_evenly_and_no_more() -> None:
    """A hundredth of each look's share is seen in 400,000 random walks; naive bounds decide wrongly thrice as often."""
    design = design_of(LOOKS, 0.05)
    steps = np.random.default_rng(1).standard_normal((400_000, 6)) * np.sqrt(np.diff((0, *LOOKS)))
    deviates = np.cumsum(steps, axis=1) / np.sqrt(LOOKS)
    beyond = np.abs(deviates) > design.bounds
    first = np.where(beyond.any(axis=1), beyond.argmax(axis=1), -1)
    assert np.bincount(first[first >= 0], minlength=6) / 400_000 == pytest.approx([0.05 / 6] * 6, abs=6e-4)
    naive = (np.abs(deviates) > 1.96).any(axis=1).mean()
    assert naive > 0.13


def test_one_look_is_a_plain_interval() -> None:
    """Nothing to adjust."""
    its = ending(design_of((500,), 0.05), 0, 1.2, 0.95)
    assert (its.low, its.high) == pytest.approx((1.959964, -1.959964), abs=1e-5)
    assert its.p_value == pytest.approx(2 * stats.norm.sf(1.2), rel=1e-8)


def test_the_first_look_gives_a_plain_interval_too() -> None:
    """Whoever stopped there has looked once."""
    its = ending(design_of(LOOKS, 0.05), 0, 4.0, 0.95)
    assert (its.low, its.high) == pytest.approx((1.959964, -1.959964), abs=1e-5)


@pytest.mark.parametrize("look", range(6))
def test_at_the_bound_the_p_value_is_what_was_spent_and_decided_means_without_0(look: int) -> None:
    """The interval leaves out 0 exactly where the run is decided, when all error is spent."""
    design = design_of(LOOKS, 0.05)
    beyond = ending(design, look, design.bounds[look] + 1e-6, 0.95)
    assert beyond.p_value == pytest.approx(0.05 * (look + 1) / 6, rel=1e-3)
    assert (beyond.low < design.bounds[look] + 1e-6) is True
    at_end = ending(design, 5, design.bounds[5] - 1e-6, 0.95)
    assert at_end.low > design.bounds[5] - 1e-6


@pytest.mark.parametrize(("look", "deviate", "zone"), [(2, 3.1, None), (5, 1.4, None), (3, 0.5, 3.4), (4, -3.0, 3.4)])
def test_the_interval_holds_what_is_neither_too_far_above_nor_below(
    look: int, deviate: float, zone: float | None
) -> None:
    """At its ends, 2.5% and 97.5% of the runs end above what was seen."""
    design = design_of(LOOKS, 0.05)
    inner = None if zone is None else design.inner(look, zone)
    its = ending(design, look, deviate, 0.95, inner)
    above = [share_above(design, look, deviate, deviate - end, inner) for end in (its.low, its.high)]
    assert above == pytest.approx([0.025, 0.975], abs=1e-7)


@pytest.mark.parametrize("zone", [None, 3.0])
def test_turning_the_plans_round_turns_the_interval_round(zone: float | None) -> None:
    """Neither side is preferred."""
    design = design_of(LOOKS, 0.05)
    inner = None if zone is None else design.inner(3, zone)
    for deviate in (0.4, 2.1, 3.3):
        one, other = ending(design, 3, deviate, 0.95, inner), ending(design, 3, -deviate, 0.95, inner)
        assert (one.p_value, one.low, one.high) == pytest.approx((other.p_value, -other.high, -other.low), abs=1e-7)


@pytest.mark.parametrize("zone", [None, 0.12])
@pytest.mark.parametrize("drift", [0.0, 0.05, 0.1])
def test_intervals_after_the_stop_cover_exactly(drift: float, zone: float | None) -> None:
    """1,000 normal walks: 95% hold the truth, whether decided, undecided or found too small to matter."""
    design, rng = design_of(LOOKS, 0.05), np.random.default_rng(round(100 * drift) + (zone is not None))
    roots, held, naive = np.sqrt(LOOKS), 0, 0
    for _ in range(1_000):
        steps = rng.standard_normal(6) * np.sqrt(np.diff((0, *LOOKS)))
        deviates = (np.cumsum(steps) + drift * np.array(LOOKS)) / roots
        stops = np.abs(deviates) > design.bounds
        if zone is not None:
            stops |= np.abs(deviates) < zone * roots - design.bounds
        look = int(stops.argmax()) if stops.any() else 5
        inner = None if zone is None else design.inner(look, zone * roots[look])
        truth, seen = float(drift * roots[look]), float(deviates[look])
        held += 0.025 <= share_above(design, look, seen, truth, inner) <= 0.975
        naive += abs(seen - truth) < 1.96
    assert held / 1_000 == pytest.approx(0.95, abs=0.018)
    if zone is None and drift == 0.05:
        assert naive / 1_000 < 0.93


def test_a_zone_wider_than_all_is_left_by_no_run() -> None:
    """Where a look stops every run, what would come later has no weight."""
    walk = _walk_of((0.5, 1.0), ((5.0, 2.0), (0.0, 2.0)))
    assert walk.mass(1, -9.0, 9.0, 0.0) == 0.0
    assert Region(5.0, 2.0).inner > 2.0
