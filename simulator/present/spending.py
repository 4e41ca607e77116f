"""Splits of a budget in words: shares, what each share buys and leaves, and amounts that were decided.

In: numbers of a summary that have no error, and the sign of the currency. Out: texts. Invariants: what differs between
markets is told from least to most; money that is left is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.present import digits
from simulator.present.digits import count, listed

# From this amount on cents say nothing, where it differs between markets.
_WHOLE = 100
_CENT = 0.01


def percent(share: float) -> str:
    """Write a share that is decided and has no error.

    >>> percent(0.35), percent(1 / 3)
    ('35%', '33.33%')
    """
    return f"{round(100 * share, 2):g}%"


def money_text(amount: float, currency: str) -> str:
    """Write an amount of money, without cents where it has none.

    >>> money_text(30_000, "$"), money_text(0.5, "$")
    ('$30,000', '$0.50')
    """
    return digits.plain(amount, 0 if abs(amount - round(amount)) < 0.005 else 2, digits.money_unit(currency))


def money_range(ends: Sequence[float], currency: str) -> str:
    """Write an amount that differs between markets."""
    return _range([money_text(round(end) if end >= _WHOLE else end, currency) for end in ends])


def count_range(ends: Sequence[int]) -> str:
    """Write a number of creators that may differ between markets."""
    return _range([count(end) for end in ends])


def _range(ends: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys(ends))


def bought_text(pool: str, its: Mapping[str, Any], currency: str) -> str:
    """Say what a share of the budget buys and what is left of it: "7 of micro for $3,400 ($100 is left)"."""
    left = f" ({money_range(its['unspent'], currency)} is left)" if its["unspent"][1] >= _CENT else ""
    spent = money_range(its["spent"], currency)
    if its["hired"][1]:
        return f"{count_range(its['hired'])} of {pool} for {spent}{left}"
    return f"{pool} for {spent}{left}" if its["spent"][1] else f"nobody of {pool}{left}"


def all_bought_text(bought: Mapping[str, Mapping[str, Any]], currency: str) -> str:
    """Say what every share of a split buys."""
    return listed(bought_text(pool, its, currency) for pool, its in bought.items() if its["share"])


def some_of(names: Sequence[str], most: int) -> str:
    """Name the first splits of many, and say how many more there are."""
    more = len(names) - most
    return listed(names) if more <= 1 else f"{', '.join(names[:most])} and {count(more)} more"
