"""What a picture shows: nearly all plays, never a squashed axis, nothing left out in silence."""

from __future__ import annotations

import make_study
import numpy as np
import pytest
from make_study import make, skewed

from simulator.present import digits, scales


def test_a_heavy_tail_does_not_set_the_scale() -> None:
    """One play at 1,000 leaves the axis as it is, and is counted in a note."""
    plays = np.sort(np.append(skewed(999, 0.2), 1000.0))
    limits = scales.limits_of([plays], [])
    assert limits[1] < 5
    notes = scales.outside_notes({"a": plays}, limits)
    outside = int(np.count_nonzero((plays < limits[0]) | (plays > limits[1])))
    assert [f"{outside} of 1,000 plays lie outside the picture (highest 1,000.0); the numbers count them."] == notes


def test_nothing_outside_needs_no_note() -> None:
    """A short tail fits."""
    plays = np.sort(np.random.default_rng(1).uniform(-0.5, 0.5, 500))
    assert [] == scales.outside_notes({"a": plays}, scales.limits_of([plays], []))


def test_means_are_always_inside() -> None:
    """A mean that the tail pulls away from all plays is shown."""
    low, high = scales.limits_of([np.zeros(100)], [{"value": 7.0, "low": -90.0, "high": 110.0}])
    assert low < 0
    assert high > 7.0
    assert high - low < 20, "an interval may not squash the plays"


@pytest.mark.parametrize(("values", "has_zero"), [((0.4, 0.9), True), ((-0.9, -0.4), True), ((8.0, 8.1), False)])
def test_break_even_is_shown_where_it_is_near(values: tuple[float, float], has_zero: bool) -> None:
    """0 belongs on the axis unless it would squash the plays."""
    low, high = scales.limits_of([np.sort(np.linspace(*values, 100))], [])
    assert has_zero == (low < 0 < high)


def test_an_axis_without_any_value_exists() -> None:
    """No defined ROI still gives an axis."""
    assert (-1.0, 1.0) == scales.limits_of([np.empty(0)], [{"value": None}])
    assert [] == scales.outside_notes({"a": np.empty(0)}, (-1.0, 1.0))


def test_equal_plays_have_a_width() -> None:
    """An axis is never empty, whatever the value."""
    for value in (0.0, -1.0, 3.0):
        low, high = scales.limits_of([np.full(10, value)], [{"value": value, "low": value, "high": value}])
        assert low < value < high


def test_undefined_plays_are_counted() -> None:
    """A note says in how many plays ROI does not exist."""
    groups = {"a": np.zeros(3), "b": np.zeros(5)}
    expected = ["ROI of A is undefined in 2 of 5 plays: nothing is spent."]
    assert expected == scales.undefined_notes(groups, {"a": "A", "b": "B"}, 5)


def test_roi_of_a_plan_leaves_undefined_plays_out() -> None:
    """Only defined values, ascending."""
    study = make({"a": [0.5, np.nan, -0.5, np.nan]})
    assert [-0.5, 0.5] == scales.roi_of(study, "a").round(3).tolist()  # type: ignore[arg-type]


def test_exceedance_counts_what_is_greater() -> None:
    """Against counting one by one; ties do not exceed."""
    values = np.sort(np.round(skewed(200, 0.2), 1))
    at = np.linspace(-1, 3, 41)
    expected = [np.mean(values > x) for x in at]
    assert np.allclose(expected, scales.exceedance(values, at), rtol=0, atol=1e-12)


def test_too_many_plans_show_the_best() -> None:
    """Those of highest mean ROI in scenario order; the rest is counted."""
    study = make({f"plan {k}": skewed(50, 0.1 * k, 0.05, k) for k in range(9)})
    shown = scales.plans_to_show(study.summary, 6)
    assert [f"plan {k}" for k in range(3, 9)] == shown
    assert ["The 6 plans of highest mean ROI; 3 more are in the summary."] == scales.left_out_notes(
        study.summary, shown
    )


def test_labels_move_apart_and_stay_inside() -> None:
    """Gaps are kept, order is kept, and a label that has room stays where it is."""
    wanted = [1.0, 1.05, 1.1, 4.0]
    placed = scales.spread_out(wanted, 0.5, 0.0, 5.0)
    assert np.all(np.diff(placed) >= 0.5 - 1e-12)
    assert 4.0 == placed[3]
    low_end = scales.spread_out([4.9, 4.95, 5.0], 0.5, 0.0, 5.0)
    assert [4.0, 4.5, 5.0] == low_end


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.5, "0.5"), (-0.25, "-0.25"), (400_000.0, "400k"), (1_500_000.0, "1.5M"), (5.0, "5")],
)
def test_ticks_are_exact_and_short(value: float, text: str) -> None:
    """No tick shows float noise or needless zeros."""
    assert text == digits.tick_text(value * (1 + 1e-15))


def test_a_timeline_is_read_per_plan_and_measure() -> None:
    """Hours 0 to the horizon, in order, cumulative."""
    course = scales.timeline_of(make_study.two(50), "celebrity", "reach")  # type: ignore[arg-type]
    assert np.array_equal(np.arange(481), course["hour"])
    assert np.all(np.diff(course["p50"]) >= 0)
    assert np.all(course["p10"] <= course["p90"])
