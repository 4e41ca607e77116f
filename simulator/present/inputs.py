"""Inputs in words: names, and values with their units.

In: the summary of a sensitivity, and the path of an input. Out: texts and units. Invariant: an input has one name,
wherever it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.present import digits
from simulator.present.digits import Unit
from simulator.present.written import number

Summary = Mapping[str, Any]

# How many of a kind a sentence names.
MOST_NAMED = 4
# How inputs are called where the words of their keys do not say it.
_CALLED = {
    "baseline_order_probability": "share who would have bought anyway",
    "fake_share": "fake followers",
    "click_per_impression": "clicks per impression",
    "engagement_per_impression": "engagements per impression",
    "share_per_impression": "shares per impression",
    "order_per_click": "orders per click",
    "reach_per_peer": "share who see what a friend shares",
    "cpm": "CPM",
}


def input_name(path: str) -> str:
    """Name an unknown as a sentence does.

    >>> input_name("pools.micro.order_per_click"), input_name("product.margin"), input_name("boost.cpm")
    ('orders per click of micro', 'margin', 'CPM of boosts')
    """
    section, _, inside = digits.clean(path).partition(".")
    owner, _, key = inside.rpartition(".")
    if section in ("pools", "creators"):
        return f"{key_words(key)} of {owner}"
    if section in ("boost", "ads"):
        return f"{key_words(key)} of {'boosts' if section == 'boost' else 'ads'}"
    return f"{key_words(key)} of {owner.replace('_', ' ')}" if owner else key_words(key)


def key_words(key: str) -> str:
    """Say a key in words, which clients read; commands keep keys.

    >>> key_words("product.order_value"), key_words("click_per_impression")
    ('order value', 'clicks per impression')
    """
    last = key.rpartition(".")[2]
    return _CALLED.get(last, last.replace("_", " "))


def value_text(summary: Summary, path: str, value: float) -> str:
    """Write what an unknown may be: shares in percent, money with its sign."""
    unit = unit_of_input(summary, path, summary["unknown_inputs"][path]["kind"])
    return f"{unit.before}{number(round(value * unit.scale, 9))}{unit.after}"


def range_text(summary: Summary, path: str) -> str:
    """Write what is plausible of an unknown: its low and its high end."""
    its = summary["unknown_inputs"][path]
    return f"{value_text(summary, path, its['low'])} to {value_text(summary, path, its['high'])}"


def unit_of_input(summary: Summary, path: str, kind: str) -> Unit:
    """Give the unit of an unknown, or of what an order is worth."""
    if kind == "share":
        return replace(digits.PERCENT, most=3)
    unit = summary["unknown_inputs"][path]["unit"] if path in summary["unknown_inputs"] else "money"
    return digits.money_unit(summary["currency"]) if str(unit).startswith("money") else digits.NUMBER
