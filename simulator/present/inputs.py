"""Inputs and what plans are judged by, in words: names, values with their units.

In: the summary of a sensitivity, and the path of an input. Out: texts and units. Invariant: an input has one name,
wherever it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.decide.objective import Objective
from simulator.present import digits
from simulator.present.digits import Unit
from simulator.present.written import number

Summary = Mapping[str, Any]

# How many of a kind a sentence names.
MOST_NAMED = 4


def input_name(path: str) -> str:
    """Name an unknown as a sentence does.

    >>> input_name("pools.micro.order_per_click"), input_name("product.margin"), input_name("boost.cpm")
    ('order_per_click of micro', 'margin', 'cpm of boosts')
    """
    section, _, inside = digits.clean(path).partition(".")
    owner, _, key = inside.rpartition(".")
    if section in ("pools", "creators"):
        return f"{key} of {owner}"
    if section in ("boost", "ads"):
        return f"{inside} of {'boosts' if section == 'boost' else 'ads'}"
    return inside


def value_text(summary: Summary, path: str, value: float) -> str:
    """Write what an unknown may be: shares in percent, money with its sign."""
    unit = unit_of_input(summary, path, summary["unknown_inputs"][path]["kind"])
    return f"{unit.before}{number(round(value * unit.scale, 9))}{unit.after}"


def range_text(summary: Summary, path: str) -> str:
    """Write what is plausible of an unknown: its low and its high end."""
    its = summary["unknown_inputs"][path]
    return f"{value_text(summary, path, its['low'])} to {value_text(summary, path, its['high'])}"


def measure_unit(summary: Summary) -> Unit:
    """Give the unit of the measure."""
    if summary["measure"] == "roi":
        return digits.PER_ONE
    if summary["measure"] == "brand_lift":
        return digits.PERCENT
    return digits.money_unit(summary["currency"]) if summary["measure"] in ("profit", "revenue") else digits.NUMBER


def objective_unit(summary: Summary) -> Unit:
    """Give the unit of what plans are judged by."""
    return measure_unit(summary) if summary["at_least"] is None else digits.PERCENT


def measure_words(summary: Summary) -> str:
    """Name the measure: "ROI after 3 months"."""
    return Objective(summary["measure"], summary["at_months"]).words


def objective_words(summary: Summary) -> str:
    """Name what plans are judged by."""
    if summary["at_least"] is None:
        return measure_words(summary)
    unit = measure_unit(summary)
    least = summary["at_least"] * unit.scale
    places = next((places for places in range(4) if abs(round(least, places) - least) < 1e-9), 4)
    return f"the chance of {measure_words(summary)} of at least {digits.plain(least, places, unit)}"


def unit_of_input(summary: Summary, path: str, kind: str) -> Unit:
    """Give the unit of an unknown, or of what an order is worth."""
    if kind == "share":
        return replace(digits.PERCENT, most=3)
    unit = summary["unknown_inputs"][path]["unit"] if path in summary["unknown_inputs"] else "money"
    return digits.money_unit(summary["currency"]) if str(unit).startswith("money") else digits.NUMBER
