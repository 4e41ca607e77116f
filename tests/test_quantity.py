"""A number, a range and a distribution mean what they say: shapes against closed forms, bounds, reading and writing."""

import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.scenario.grammar import Kind
from simulator.scenario.quantity import Quantity, parse_number, parse_quantity

KINDS: tuple[Kind, ...] = get_args(Kind)
# The ends of what `streams.uniform` gives, and what lies between.
U = [0.5 * 2.0**-52, 1e-12, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-12, 1 - 0.5 * 2.0**-52]
MIDPOINTS = (np.arange(20_000) + 0.5) / 20_000


def quantiles(q: Quantity) -> np.ndarray:
    """Give the quantiles at evenly spaced midpoints, whose average is the mean to a few digits."""
    return np.array([q.quantile(float(u)) for u in MIDPOINTS])


def pert(low: float, mode: float, high: float) -> Quantity:
    return parse_quantity({"dist": "pert", "min": low, "mode": mode, "max": high}, "amount")


# ---- reading


@pytest.mark.parametrize(
    ("given_value", "kind", "form", "values"),
    [
        (0.024, "share", "fixed", (0.024,)),
        (1, "share", "fixed", (1.0,)),
        ("2.4%", "share", "fixed", (0.024,)),
        (" 2.4 % ", "share", "fixed", (0.024,)),
        ("0.024", "share", "fixed", (0.024,)),
        ("2.4e1%", "share", "fixed", (0.24,)),
        ("1% to 3%", "share", "range", (0.01, 0.03)),
        ("1 to 3%", "share", "range", (0.01, 0.03)),
        ("1% to 3", "share", "range", (0.01, 0.03)),
        ("0.01 to 0.03", "share", "range", (0.01, 0.03)),
        ("10_000 to 100_000", "hard_range", "range", (1e4, 1e5)),
        ("1e3 to 2.5e+4", "amount", "range", (1e3, 2.5e4)),
        ({"dist": "uniform", "min": 0, "max": "50%"}, "share", "uniform", (0.0, 0.5)),
        ({"dist": "pert", "min": 1, "mode": 2, "max": 4}, "amount", "pert", (1.0, 2.0, 4.0)),
        ({"sd": 0.1, "mean": "30%", "dist": "beta"}, "share", "beta", (0.3, 0.1)),
        ({"dist": "lognormal", "median": "1_000", "sigma": 0.5}, "amount", "lognormal", (1000.0, 0.5)),
    ],
)
def test_what_a_strategist_writes_is_read(
    given_value: object, kind: Kind, form: str, values: tuple[float, ...]
) -> None:
    """Numbers, percentages, ranges and distributions are read as what they say."""
    assert Quantity(kind, form, values) == parse_quantity(given_value, kind)


def test_percentages_are_exact() -> None:
    """Each percentage with one decimal is the very float that its decimal fraction is."""
    for tenths in range(1001):
        assert float(f"{tenths}e-3") == parse_quantity(f"{tenths / 10}%", "share").values[0]


def test_minus_zero_is_zero() -> None:
    """A zero has no sign, so that it can't change a digest."""
    assert math.copysign(1, 1.0) == math.copysign(1, parse_quantity(-0.0, "amount").values[0])


@pytest.mark.parametrize(
    "text", ["", "x", "1_", "_1", "1__0", "1,5", "-1", "+1", "1 %%", "nan", "inf", "1.2.3", "0x10"]
)
def test_a_number_that_is_none_is_not_read(text: str) -> None:
    """What is no plain number or percentage isn't taken for one."""
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("given_value", "kind", "message"),
    [
        (True, "share", 'write a share (0.024 or "2.4%")'),
        (None, "amount", "write a number (250)"),
        ([1, 2], "hard_range", "write a number (30_000)"),
        (float("nan"), "amount", "must be a number"),
        (float("inf"), "amount", "must be at most 1,000,000,000,000,000"),
        pytest.param(10**400, "amount", "must be at most 1,000,000,000,000,000", id="huge"),
        pytest.param(-(10**400), "amount", "must not be below 0", id="minus huge"),
        (2e10, "hard_range", "must be at most 10,000,000,000"),
        (-1e-9, "share", "must not be below 0"),
        (2.4, "share", 'write "2.4%"'),
        (240, "share", "a share lies between 0 and 1"),
        ("-3%", "share", "must not be below 0"),
        ("1%-3%", "share", 'a range is written "1% to 3%"'),
        ("1\u20133", "amount", 'a range is written "1 to 3"'),
        ("1..3", "amount", 'a range is written "1 to 3"'),
        ("2,5%", "share", "a number has a point and no comma"),
        ("€ 5", "amount", "without a currency sign"),
        ("5%", "amount", "percent of what?"),
        ("3% to 1%", "share", "the low end of a range stands first"),
        ("0 to 3", "amount", "a range starts above 0"),
        ("5% to 100%", "share", "a range of a share ends below 1"),
        ("1 to 3", "share", 'for percent write "1% to 3%"'),
        ({"dist": "gauss"}, "share", 'the distribution "gauss" is not known; here there is { dist = "uniform"'),
        ({"dist": "beta", "mean": 0.5, "sd": 0.1}, "amount", "is for shares between 0 and 1"),
        ({"dist": "lognormal", "median": 1, "sigma": 1}, "hard_range", "has no highest value"),
        ({"min": 1}, "amount", "say which distribution"),
        ({"law": "power"}, "amount", "a fee law is for the creators of a pool"),
        ({"law": "power"}, "share", "a law is for a whole rate of creators or pools"),
        ({"dist": "pert", "min": 1, "max": 2}, "amount", "also needs mode"),
        ({"dist": "uniform", "min": 1, "max": 2, "sd": 3}, "amount", "has no sd"),
        ({"dist": "uniform", "min": 2, "max": 1}, "amount", "min, max must be in rising order"),
        ({"dist": "uniform", "min": True, "max": 2}, "amount", "min must be one number"),
        ({"dist": "uniform", "min": "1 to 2", "max": 2}, "amount", "min must be one number"),
        ({"dist": "beta", "mean": 1, "sd": 0.1}, "share", "mean of a beta distribution lies between 0 and 1"),
        ({"dist": "beta", "mean": 0.5, "sd": 0.5}, "share", "the sd lies above 0 and below 0.498"),
        ({"dist": "beta", "mean": 0.5, "sd": 0}, "share", "the sd lies above 0"),
        ({"dist": "lognormal", "median": 0, "sigma": 1}, "amount", "a median above 0"),
        ({"dist": "lognormal", "median": 1, "sigma": 5.1}, "amount", "a sigma from 0 to 5"),
        (Quantity("amount", "fixed", (0.5,)), "share", "write a share"),
        (Quantity("share", "fixed", (1.5,)), "share", "a share lies between 0 and 1"),
    ],
)
def test_what_is_no_quantity_is_refused(given_value: object, kind: Kind, message: str) -> None:
    """What can't be meant is refused with what is allowed instead."""
    with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
        parse_quantity(given_value, kind)
    assert message in str(error.value)


# ---- shapes, against closed forms


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1% to 3%", "share"), ("40% to 99%", "share"), ("85 to 115", "amount"), ("1 to 1_000_000", "amount")],
)
def test_a_range_is_a_90_percent_interval(text: str, kind: Kind) -> None:
    """A twentieth of the plays lies below a range and a twentieth above."""
    q = parse_quantity(text, kind)
    assert pytest.approx(q.values[0], rel=1e-12) == q.quantile(0.05)
    assert pytest.approx(q.values[1], rel=1e-12) == q.quantile(0.95)


@pytest.mark.parametrize("u", U)
def test_a_range_of_a_share_is_logit_normal(u: float) -> None:
    """The log-odds of a share in a range are normal; those of a uniform share aren't."""
    q = parse_quantity("1% to 40%", "share")
    low, high = math.log(0.01 / 0.99), math.log(0.4 / 0.6)
    sd = (high - low) / (stats.norm.ppf(0.95) - stats.norm.ppf(0.05))
    expected = 1 / (1 + math.exp(-stats.norm.ppf(u, (low + high) / 2, sd)))
    assert pytest.approx(expected, rel=1e-9) == q.quantile(u)
    if u not in (0.05, 0.95):
        assert pytest.approx(expected, rel=1e-3) != 0.01 + (u - 0.05) / 0.9 * 0.39


@pytest.mark.parametrize("u", U)
def test_a_range_of_an_amount_is_log_normal(u: float) -> None:
    """The logarithm of an amount in a range is normal."""
    q = parse_quantity("50 to 800", "amount")
    sd = math.log(800 / 50) / (stats.norm.ppf(0.95) - stats.norm.ppf(0.05))
    assert pytest.approx(stats.lognorm.ppf(u, sd, scale=math.sqrt(50 * 800)), rel=1e-9) == q.quantile(u)


@pytest.mark.parametrize("u", [0.0, *U, 1.0])
def test_a_range_of_followers_is_log_uniform_between_hard_bounds(u: float) -> None:
    """Followers of a pool have a uniform logarithm and never leave their range."""
    q = parse_quantity("10_000 to 100_000", "hard_range")
    assert pytest.approx(10_000 * 10**u, rel=1e-12) == q.quantile(u)
    assert 10_000 <= q.quantile(u) <= 100_000


@pytest.mark.parametrize("values", [(0.0, 1.0, 5.0), (10.0, 10.0, 90.0), (2.0, 3.0, 3.0), (100.0, 370.0, 2000.0)])
def test_pert_has_its_mean_and_variance(values: tuple[float, float, float]) -> None:
    """A PERT has mean (min + 4 mode + max) / 6 and its variance; a triangular law has another mean."""
    low, mode, high = values
    mean = (low + 4 * mode + high) / 6
    its = quantiles(pert(low, mode, high))
    tolerance = 1e-4 * (high - low)
    assert pytest.approx(mean, abs=tolerance) == its.mean()
    assert pytest.approx((mean - low) * (high - mean) / 7, rel=1e-3) == its.var()
    triangular = stats.triang.ppf(MIDPOINTS, (mode - low) / (high - low), low, high - low)
    assert pytest.approx(mean, abs=tolerance) != triangular.mean()


@pytest.mark.parametrize(("mean", "sd"), [(0.3, 0.1), (0.02, 0.015), (0.5, 0.45), (0.9, 0.01)])
def test_beta_has_its_mean_and_sd(mean: float, sd: float) -> None:
    """A beta has the mean and the standard deviation that are written; a logit-normal with its ends hasn't."""
    q = parse_quantity({"dist": "beta", "mean": mean, "sd": sd}, "share")
    its = quantiles(q)
    assert pytest.approx(mean, rel=1e-3) == its.mean()
    assert pytest.approx(sd, rel=1e-2) == its.std()
    other = quantiles(Quantity("share", "range", (max(q.quantile(0.05), 1e-6), min(q.quantile(0.95), 1 - 1e-6))))
    assert pytest.approx((mean, sd), rel=1e-5) != (other.mean(), other.std())


def test_lognormal_has_its_median_and_sigma() -> None:
    """A log-normal has its median, and its logarithm the standard deviation sigma."""
    q = parse_quantity({"dist": "lognormal", "median": 300, "sigma": 0.5}, "amount")
    logs = np.log(quantiles(q))
    assert pytest.approx(300, rel=1e-12) == q.median
    assert pytest.approx(math.log(300), rel=1e-9) == logs.mean()
    assert pytest.approx(0.5, rel=1e-3) == logs.std()


@pytest.mark.parametrize("u", U)
def test_uniform_is_uniform(u: float) -> None:
    """Every value between the ends is equally likely."""
    q = parse_quantity({"dist": "uniform", "min": 2, "max": 10}, "amount")
    assert pytest.approx(2 + 8 * u, rel=1e-15) == q.quantile(u)


@pytest.mark.parametrize("u", U)
def test_a_number_is_no_unknown(u: float) -> None:
    """A number, and a range or distribution of one point, is that number always."""
    assert 0.024 == parse_quantity("2.4%", "share").quantile(u)
    assert 5.0 == parse_quantity("5 to 5", "amount").quantile(u)
    assert 5.0 == parse_quantity("5 to 5", "hard_range").quantile(u)
    assert 5.0 == pert(5, 5, 5).quantile(u)
    assert pytest.approx(5.0, rel=1e-15) == parse_quantity(
        {"dist": "lognormal", "median": 5, "sigma": 0}, "amount"
    ).quantile(u)


def test_only_a_number_is_fixed() -> None:
    """A range is an unknown, even one that is a single point."""
    assert parse_quantity(5, "amount").is_fixed
    assert not parse_quantity("5 to 5", "amount").is_fixed


@pytest.mark.parametrize(
    ("given_value", "kind", "expected"),
    [
        (0.2, "share", 0.2),
        ("1% to 3%", "share", 0.03),
        ("10 to 20", "hard_range", 20.0),
        ({"dist": "uniform", "min": 0.1, "max": 0.4}, "share", 0.4),
        ({"dist": "pert", "min": 0, "mode": 0.1, "max": 0.4}, "share", 0.4),
        ({"dist": "beta", "mean": 0.5, "sd": math.sqrt(1 / 12)}, "share", 0.95),
        ({"dist": "lognormal", "median": 1, "sigma": 1}, "amount", math.exp(stats.norm.ppf(0.95))),
    ],
)
def test_the_plausible_high_end_is_a_maximum_or_the_95_percent_point(
    given_value: object, kind: Kind, expected: float
) -> None:
    """A plan must expect the highest value of what has one, else the 95% point."""
    assert pytest.approx(expected, rel=1e-9) == parse_quantity(given_value, kind).plausible_high


@pytest.mark.parametrize(
    ("given_value", "kind", "expected"),
    [
        (0.2, "share", 0.2),
        ("1% to 3%", "share", 0.01),
        ({"dist": "pert", "min": 0.05, "mode": 0.1, "max": 0.4}, "share", 0.05),
        ({"dist": "beta", "mean": 0.5, "sd": math.sqrt(1 / 12)}, "share", 0.05),
        ({"dist": "lognormal", "median": 1, "sigma": 1}, "amount", math.exp(stats.norm.ppf(0.05))),
    ],
)
def test_the_plausible_low_end_is_a_minimum_or_the_5_percent_point(
    given_value: object, kind: Kind, expected: float
) -> None:
    """A plan must expect the lowest value of what has one, else the 5% point."""
    assert pytest.approx(expected, rel=1e-9) == parse_quantity(given_value, kind).plausible_low


# ---- properties of all of them


def uniforms() -> st.SearchStrategy[float]:
    """Give every number that a stream can give."""
    return st.integers(0, 2**52 - 1).map(lambda n: (n + 0.5) * 2.0**-52)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


@st.composite
def any_quantity(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Quantity:
    """Draw any quantity that can be written."""
    kind = draw(st.sampled_from(KINDS))
    most = {"share": 1.0, "amount": 1e15, "hard_range": 1e10}[kind]
    form = draw(st.sampled_from(["fixed", "range", "uniform", "pert", "beta", "lognormal"]))
    if form == "beta":
        mean = draw(numbers(1e-6, 1 - 1e-6))
        size = 10 ** draw(numbers(-1.9, 11.0))
        return parse_quantity({"dist": "beta", "mean": mean, "sd": math.sqrt(mean * (1 - mean) / (1 + size))}, "share")
    if form == "lognormal":
        law = {"dist": "lognormal", "median": draw(numbers(1e-300, 1e15)), "sigma": draw(numbers(0, 5))}
        return parse_quantity(law, "amount")
    if form == "range":
        ends = sorted(draw(st.tuples(*[numbers(1e-300, most if kind != "share" else 1 - 1e-15)] * 2)))
        return parse_quantity(f"{ends[0]!r} to {ends[1]!r}", kind)
    names = {"fixed": ("value",), "uniform": ("min", "max"), "pert": ("min", "mode", "max")}[form]
    values = sorted(draw(st.lists(numbers(0, most), min_size=len(names), max_size=len(names))))
    return parse_quantity(
        values[0] if form == "fixed" else {"dist": form, **dict(zip(names, values, strict=True))}, kind
    )


@given(any_quantity(), uniforms())
def test_every_value_is_finite_and_inside_the_bounds(q: Quantity, u: float) -> None:
    """No number that a stream can give leads out of the bounds of the kind, not even where formulas overflow."""
    low, high = q.bounds
    for at in (u, 0.5 * 2.0**-52, 1 - 0.5 * 2.0**-52):
        assert 0 <= low <= q.quantile(at) <= high <= {"share": 1.0, "amount": 1e15, "hard_range": 1e10}[q.kind]


@given(any_quantity(), uniforms(), uniforms())
def test_values_rise_with_u(q: Quantity, one: float, other: float) -> None:
    """More luck never means a smaller value (but for the last digits of the quantile functions)."""
    low, high = sorted((one, other))
    assert q.quantile(low) <= q.quantile(high) * (1 + 1e-9)


@given(any_quantity())
def test_a_quantity_is_written_as_it_is_read(q: Quantity) -> None:
    """What is written back in a resolved scenario is the same quantity to the last bit."""
    assert q == parse_quantity(q.plain(), q.kind)
