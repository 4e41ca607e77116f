"""Splits, what they buy and what plans are judged by, in words; and tables of them on a terminal."""

from __future__ import annotations

import pytest

from simulator.present import digits
from simulator.present.objectives import chance_words, measure_unit, objective_unit, objective_words, wished_text
from simulator.present.spending import bought_text, count_range, money_range, money_text, percent, some_of
from simulator.present.table import sentence_lines, table_lines
from simulator.scenario.decision import MEASURE_NAMES

JUDGED = {"measure": "profit", "at_months": 3, "at_least": 5000.0}


@pytest.mark.parametrize("measure", MEASURE_NAMES)
def test_a_measure_has_a_unit(measure: str) -> None:
    """ROI has two decimals at least, money its sign, brand lift is told in percent; all others are numbers."""
    of_their_own = {
        "roi": digits.PER_ONE,
        "brand_lift": digits.PERCENT,
        "profit": digits.money_unit("$"),
        "revenue": digits.money_unit("$"),
    }
    assert of_their_own.get(measure, digits.NUMBER) == measure_unit(measure, "$")


def test_a_chance_is_named_by_its_target() -> None:
    """What is judged by a chance has its words and its unit."""
    assert "chance of profit after 3 months of at least $5,000" == chance_words(JUDGED, "$")
    assert "the chance of profit after 3 months of at least $5,000" == objective_words(JUDGED, "$", article=True)
    assert "profit after 3 months" == objective_words({**JUDGED, "at_least": None}, "$", article=True)
    assert digits.PERCENT == objective_unit(JUDGED, "$") != objective_unit({**JUDGED, "at_least": None}, "$")


@pytest.mark.parametrize(
    ("wished", "unit", "text"),
    [
        (0.25, digits.PER_ONE, "0.25"),
        (0.00002, digits.PER_ONE, "0.00002"),
        (0.125, digits.PERCENT, "12.5%"),
        (-1234567.0, digits.money_unit("$"), "-$1,234,567"),
        (5000, digits.NUMBER, "5,000"),
    ],
)
def test_what_is_wished_keeps_its_digits(wished: float, unit: digits.Unit, text: str) -> None:
    """A number that somebody asked for is written as it was given."""
    assert text == wished_text(wished, unit)


def test_what_a_share_buys_is_told_with_what_it_leaves() -> None:
    """From the market where it is least to the one where it is most; ads have no creators; nothing is said of cents."""
    its = {"share": 0.5, "hired": (6, 7), "spent": (3400.4, 3600.0), "unspent": (0.0, 99.5)}
    assert "6 to 7 of micro for $3,400 to $3,600 ($0 to $99.50 is left)" == bought_text("micro", its, "$")
    ads = {"share": 0.5, "hired": (0, 0), "spent": (500.0, 500.0), "unspent": (0.0, 0.0)}
    assert "ads for $500" == bought_text("ads", ads, "$")
    nobody = {"share": 0.5, "hired": (0, 0), "spent": (0.0, 0.0), "unspent": (500.0, 500.0)}
    assert "nobody of celebrity ($500 is left)" == bought_text("celebrity", nobody, "$")
    assert ("35%", "$0.50", "$7", "3") == (
        percent(0.35),
        money_text(0.5, "$"),
        money_range((7, 7), "$"),
        count_range((3, 3)),
    )


def test_of_many_names_the_first_are_told() -> None:
    """One more is named rather than counted."""
    assert ("a, b and c", "a, b and 2 more") == (some_of("abc", 2), some_of("abcd", 2))


def test_columns_stand_below_each_other() -> None:
    """Also with letters that take two columns; the rule is as wide as the table."""
    rows = [["東京", "1"], ["a", "1,000"]]
    assert ["plan      n", "-----------", "東京      1", "a     1,000"] == table_lines(["plan", "n"], rows)


def test_sentences_keep_their_indent() -> None:
    """What goes on in a second line stands below the first."""
    lines = sentence_lines(["  " + "word " * 30])
    assert 2 == len(lines) and all(line.startswith("  word") and len(line) <= 100 for line in lines)
