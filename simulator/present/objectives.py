"""What plans are judged by, in words: its name, its unit, and how a target or another wished number is written.

In: what a summary says of an objective (`measure`, `at_months` and `at_least`), and the sign of the currency. Out:
texts and units. Invariant: a measure has one name and one unit, whichever question is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.decide.objective import Objective
from simulator.present import digits
from simulator.present.digits import Unit
from simulator.present.units import CURRENCY, PER_ONE, SHARE, unit_of
from simulator.present.written import exact

# What says by what plans are judged: a summary, or the part of one.
Judged = Mapping[str, Any]

_UNITS = {PER_ONE: digits.PER_ONE, SHARE: digits.PERCENT, "times": digits.TIMES}


def measure_unit(measure: str, currency: str) -> Unit:
    """Give the unit in which a measure, or a column, is written.

    >>> measure_unit("profit", "$").before, measure_unit("brand_lift", "$").after, measure_unit("reach", "$").after
    ('$', '%', '')
    """
    unit = unit_of([measure], CURRENCY)
    return digits.money_unit(currency) if unit == CURRENCY else _UNITS.get(unit, digits.NUMBER)


def objective_unit(judged: Judged, currency: str) -> Unit:
    """Give the unit of what plans are judged by: the measure's, or that of a chance."""
    return measure_unit(judged["measure"], currency) if judged["at_least"] is None else digits.PERCENT


def measure_words(judged: Judged) -> str:
    """Name the measure.

    >>> measure_words({"measure": "roi", "at_months": 3})
    'ROI after 3 months'
    """
    return Objective(judged["measure"], judged["at_months"]).words


def chance_words(judged: Judged, currency: str) -> str:
    """Name the chance to reach the target.

    >>> chance_words({"measure": "profit", "at_months": 0, "at_least": 5000.0}, "$")
    'chance of profit of at least $5,000'
    """
    least = wished_text(judged["at_least"], measure_unit(judged["measure"], currency))
    return f"chance of {measure_words(judged)} of at least {least}"


def objective_words(judged: Judged, currency: str, *, article: bool = False) -> str:
    """Name what plans are judged by: the measure, or the chance, where asked for with its article ("the chance")."""
    if judged["at_least"] is None:
        return measure_words(judged)
    return f"{'the ' if article else ''}{chance_words(judged, currency)}"


def wished_text(wished: float, unit: Unit) -> str:
    """Write a number that somebody asked for, with the digits it was given in.

    >>> wished_text(0.25, digits.PER_ONE), wished_text(0.125, digits.PERCENT), wished_text(5000, digits.NUMBER)
    ('0.25', '12.5%', '5,000')
    """
    return f"{'-' if wished < 0 else ''}{unit.before}{exact(abs(wished), int(unit.scale))}{unit.after}"
