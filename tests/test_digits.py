"""Numbers as text: no digit more than the interval allows, nothing rounded onto a limit, nothing hostile."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.present import digits
from simulator.study import estimates


def estimate(value: float | None, low: float | None, high: float | None) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.3141, 0.243, 0.381, "0.31"),
        (412_345, 409_100, 415_600, "412,000"),
        (412_345, 300_000, 500_000, "400,000"),
        (-0.3141, -0.381, -0.243, "-0.31"),
        (0.0001, -0.3, 0.3, "0.0001"),
        (-0.00000001, -0.3, 0.3, "0.0"),
        (1234.6, None, None, "1,200"),
        (0.25, 0.25, 0.25, "0.25"),
        (59_237.4, 59_237.4, 59_237.4, "59,237"),
        (0.0, 0.0, 0.0, "0"),
        (None, None, None, "undefined"),
    ],
)
def test_a_value_has_the_digits_its_interval_allows(
    value: float | None, low: float | None, high: float | None, text: str
) -> None:
    """The half-width's first digit is the last digit shown; no number becomes 0 that is not."""
    assert text == digits.rounded(value, low, high)


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_rounding_moves_a_value_by_less_than_its_interval(value: float, half: float) -> None:
    """What is shown lies inside the interval of what was estimated."""
    shown = float(digits.rounded(value, value - half, value + half).replace(",", ""))
    assert abs(shown - value) <= half * 0.6 + 1e-9 * abs(value)


@given(st.floats(1e-5, 1e6))
def test_the_sign_of_an_end_survives_rounding(low: float) -> None:
    """An interval that leaves out 0 is not shown as one that touches it."""
    text = digits.interval_text(estimate(low + 1.0, low, low + 2.0))
    assert float(text.split(" to ")[0].replace(",", "")) > 0


def number(text: str) -> float:
    return float(text.replace(",", ""))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(0, 1))
def test_the_interval_shown_contains_the_interval(low: float, width: float, share: float) -> None:
    """Ends are rounded outwards, by less than one digit of the half-width."""
    high = low + width
    shown = digits.interval_text(estimate(low + share * width, low, high), digits.Unit(most=9))
    first, last = (number(end) for end in shown.split(" to "))
    tolerance = 1e-9 * max(abs(low), abs(high))
    assert first <= low + tolerance
    assert high <= last + tolerance
    assert last - first <= 2 * width + 2 * tolerance


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.0851, 0.1149, "0.08 to 0.12"),
        (0.29, 0.58, "0.2 to 0.6"),
        (-0.1149, -0.0851, "-0.12 to -0.08"),
        (0.76, 0.80, "0.76 to 0.80"),
    ],
)
def test_rounding_never_narrows_an_interval(low: float, high: float, text: str) -> None:
    """Ends that have no more digits than shown stay as they are."""
    assert text == digits.interval_text(estimate((low + high) / 2, low, high))


def test_intervals_say_when_there_is_none_or_no_width() -> None:
    """An interval is two ends, "exact" only where the plan decides it, or "no interval"."""
    assert "0.24 to 0.39" == digits.interval_text(estimate(0.31, 0.243, 0.381))
    assert "exact" == digits.interval_text({**estimate(5.0, 5.0, 5.0), "method": estimates.FIXED})
    assert "5 to 5" == digits.interval_text({**estimate(5.0, 5.0, 5.0), "method": "order statistics"})
    assert "no interval" == digits.interval_text(estimate(5.0, None, None))
    assert "undefined" == digits.with_interval(estimate(None, None, None))


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.78, 0.76, 0.80, "78% (76% to 80%)"),
        (0.9968, 0.994, 0.9986, "99.7% (99.4% to 99.9%)"),
        (0.9997, 0.98, 0.99999, "99.97% (98.0% to >99.99%)"),
        (2e-7, 1e-9, 0.003, "<0.01% (<0.01% to 0.3%)"),
        (0.00006, 0.00001, 0.004, "0.01% (<0.01% to 0.4%)"),
        (0.9999999, 0.99, 1.0, ">99.99% (99.0% to 100%)"),
        (-2e-7, -0.002, 0.002, ">-0.01% (-0.2% to 0.2%)"),
        (-0.001, -0.002, -2e-7, "-0.1% (-0.2% to >-0.01%)"),
        (1.0, 0.99, 1.0, "100% (99.0% to 100%)"),
        (0.0, 0.0, 0.0095, "0% (0% to 1.0%)"),
    ],
)
def test_only_what_is_certain_is_shown_as_certain(value: float, low: float, high: float, text: str) -> None:
    """0% and 100% stand for exactly 0 and 1; what is as good as either is less or more than a hundredth off."""
    assert text == digits.percent(estimate(value, low, high))


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.integers(0, 4))
def test_a_share_is_less_than_what_is_said_where_it_is_too_small_to_be_written(share: float, most: int) -> None:
    """Whatever the decimals: never 0% or 100%, never more decimals than are read, and true."""
    text = digits.value_text(estimate(share, None, None), dataclasses.replace(digits.PERCENT, most=most))
    shown = float(text.strip("<>%"))
    assert len(text.partition(".")[2].rstrip("%")) <= max(most, 2)
    assert 0 < shown < 100
    side = {"<": 100 * share < shown, ">": 100 * share > shown}.get(text[0], abs(100 * share - shown) <= 0.5)
    assert side, text


@pytest.mark.parametrize(
    ("currency", "text"),
    [("$", "-$4,300 (-$4,600 to -$4,100)"), ("EUR", "-EUR 4,300 (-EUR 4,600 to -EUR 4,100)")],
)
def test_money_has_its_sign_before_the_currency(currency: str, text: str) -> None:
    """Amounts carry currency and thousands separators."""
    assert text == digits.money(estimate(-4312.0, -4512.0, -4112.0), currency)


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (9_400.0, 100.0, "$9,400"),
        (59_300.0, 100.0, "$59.3k"),
        (1_234_000.0, 10_000.0, "$1.23M"),
        (2.5e9, 1e8, "$2.5bn"),
    ],
)
def test_large_amounts_count_in_thousands_and_millions(value: float, half: float, text: str) -> None:
    """Compact units shorten from ten thousand on and keep the digits the interval allows."""
    unit = digits.compact_unit(digits.money_unit("$"), value)
    assert text == digits.value_text(estimate(value, value - half, value + half), unit)


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (37_565.6, 0.2, "37.57k (37.56k to 37.57k)"),
        (376_512.3, 0.2, "376.5k (376.5k to 376.6k)"),
        (1_234_567.0, 1.0, "1.235M (1.234M to 1.235M)"),
        (9_565.6, 0.2, "9,565.6 (9,565.4 to 9,565.8)"),
    ],
)
def test_what_is_known_very_well_has_four_digits_in_thousands(value: float, half: float, text: str) -> None:
    """A reach that the market's size decides is known to a person; nobody reads that. Below 10,000 nothing is cut."""
    unit = digits.compact_unit(digits.NUMBER, value)
    assert text == digits.with_interval(estimate(value, value - half, value + half), unit)


def test_what_was_the_same_in_every_play_is_written_as_it_was() -> None:
    """No interval is known, but all digits are; negative control: a single play has two."""
    unit = digits.compact_unit(digits.NUMBER, 37_800.0)
    assert "37.8k" == digits.value_text({**estimate(37_800.0, None, None), "method": estimates.NO_VARIATION}, unit)
    assert "38k" == digits.value_text({**estimate(37_800.0, None, None), "method": "t"}, unit)


def test_a_range_has_the_digits_both_its_ends_allow() -> None:
    """The less certain end decides the digits of both."""
    low, high = estimate(-0.6191, -0.621, -0.617), estimate(-0.4873, -0.50, -0.47)
    assert "-0.62 to -0.49" == digits.range_text(low, high)
    assert "0.5" == digits.range_text(estimate(0.5, 0.5, 0.5), estimate(0.5, 0.5, 0.5))


def test_names_lose_what_acts_on_a_terminal() -> None:
    """Control characters, escapes, line breaks and direction marks go; letters of all scripts stay."""
    assert "a b[31m\u4e2d" == digits.clean("a\n\tb\x1b[31m\u202e\u4e2d\x00")


def test_long_names_keep_their_ends() -> None:
    """The middle goes, at words where there are any."""
    assert "portfolio...in beauty" == digits.shortened("portfolio of sixty micro-influencers in beauty", 24)
    assert "abcde...wxyz" == digits.shortened("abcdefghijklmnopqrstuvwxyz", 12)
    assert "short" == digits.shortened("short", 12)


@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=8, unique=True), st.integers(9, 40))
def test_every_name_has_a_short_form_of_its_own(names: list[str], longest: int) -> None:
    """No two plans look the same, and none is empty or too long."""
    shown = digits.display_names(names, longest)
    assert len(names) == len(set(shown.values()))
    assert all(0 < len(short) <= longest for short in shown.values())


def test_names_that_differ_inside_show_where_they_differ() -> None:
    """What names begin with in common goes before they get numbers."""
    names = [f"plan number {k} with a rather long name" for k in range(3)]
    assert ["...0 with a...long name", "...1 with a...long name", "...2 with a...long name"] == list(
        digits.display_names(names, 24).values()
    )
    same = [f"abcdefghijk{k}lmnopqrstuvwxyz" for k in range(2)]
    assert ["abc...xyz #1", "abc...xyz #2"] == list(digits.display_names(same, 12).values())


def test_lists_read_as_sentences_do() -> None:
    """Commas, then "and"."""
    assert ["", "a", "a and b", "a, b and c"] == [digits.listed(parts) for parts in ("", "a", "ab", "abc")]


def test_what_follows_a_name_from_right_to_left_goes_on_from_left_to_right() -> None:
    """A mark stands after each such name; it is put once, however often a text is made readable."""
    name = "\u062e\u0637\u0629 \u0635\u063a\u0627\u0631"
    marked = f"{name}\u200e 310 (260 to 460); {name}\u200e"
    assert marked == digits.directed(f"{name} 310 (260 to 460); {name}") == digits.directed(marked)
    assert "many 310 (260 to 460)" == digits.directed("many 310 (260 to 460)")
