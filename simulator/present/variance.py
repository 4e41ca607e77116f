"""What makes plays of a plan differ, in sentences: what nobody knows, which market it is, chance.

In: the summary of a sensitivity. Out: a title, a text for who cannot see the picture. Invariant: a part is called most,
or the largest, only where its interval leaves no doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.present import digits
from simulator.present.claims import Summary
from simulator.present.digits import Estimate
from simulator.present.objectives import objective_words
from simulator.present.sensitivity import factor_name

# The parts of the variance, as a label and in a sentence.
PARTS = {
    "inputs": ("unknown inputs", "what nobody knows of the inputs"),
    "markets": ("which market it is", "which market it is"),
    "chance": ("chance", "chance"),
}


def has_parts(summary: Summary) -> bool:
    """Say whether the variance could be split."""
    return summary["variance"]["chance"]["value"] is not None


def parts(summary: Summary) -> dict[str, Estimate]:
    """Give the parts of the variance that are known; of one market nothing is known of markets."""
    return {name: its for name in PARTS if (its := summary["variance"][name])["value"] is not None}


def variance_title(summary: Summary) -> str:
    """Say what plays differ by most, where that is sure."""
    known = parts(summary)
    order = sorted(known, key=lambda name: -known[name]["value"])
    of = f"{objective_words(summary, summary['currency'])} of {digits.shortened(summary['plan'])}"
    largest = known[order[0]]
    share = digits.value_text(largest, digits.PERCENT)
    if not digits.has_interval(largest):
        return f"What {of} varies by: no interval can be given"
    word = PARTS[order[0]][1]
    if largest["low"] > 0.5:
        return f"Most of the variance of {of} ({share}) is {word}"
    if all((known[other]["high"] or 0.0) < largest["low"] for other in order[1:]):
        return f"The largest part of the variance of {of} ({share}) is {word}"
    return f"Too close to call what {of} varies by most"


def strongest(summary: Summary) -> list[Mapping[str, Any]]:
    """Give the unknowns that have to do with the plan, the one that matters most first."""
    return sorted(
        (its for its in summary["factors"] if its["used"] and its["total"]["value"] is not None),
        key=lambda its: (-max(its["total"]["value"], its["first_order"]["value"] or 0.0), its["paths"]),
    )


def variance_alt(summary: Summary) -> str:
    """Say in words what the picture shows."""
    told = [f"{PARTS[name][0]} {digits.percent(its)}" for name, its in parts(summary).items()]
    single = [f"{factor_name(its)} {digits.percent(its['total'])}" for its in strongest(summary)]
    inputs = f" Of single inputs, with others: {'; '.join(single)}." if single else ""
    return f"Shares of the variance of {digits.shortened(summary['plan'])}: {'; '.join(told)}.{inputs}"
