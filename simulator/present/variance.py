"""What makes plays of a plan differ, in sentences: what nobody knows, which market it is, chance.

In: the summary of a sensitivity. Out: a title, a text for who cannot see the picture. Invariant: a part is called most,
or the largest, only where its interval leaves no doubt; where other markets could turn that round, the markets played
are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def variance_title(summary: Summary, longest: int = digits.LONGEST_NAME, *, short: bool = False) -> str:
    """Say what plays differ by most, where that is sure; `short` in fewer words."""
    known = parts(summary)
    order = sorted(known, key=lambda name: -known[name]["value"])
    of = f"{objective_words(summary, summary['currency'])} of {digits.shortened(summary['plan'], longest)}"
    largest = known[order[0]]
    share = digits.value_text(largest, digits.PERCENT)
    if not digits.has_interval(largest):
        return f"What {of} varies by: no interval can be given"
    word = PARTS[order[0]][0 if short else 1]
    for told, says in ((_is_most, "most"), (_is_largest, "the largest part")):
        if told(known, order):
            claim = f"{says} of the variance of {of} ({share}) is {word}"
            everywhere = told(_over_all_markets(known), order)
            return claim[0].upper() + claim[1:] if everywhere else f"In the markets played, {claim}"
    return f"Too close to call what {of} varies by most"


def _is_most(known: Mapping[str, Estimate], order: Sequence[str]) -> bool:
    return bool((known[order[0]]["low"] or 0.0) > 0.5)


def _is_largest(known: Mapping[str, Estimate], order: Sequence[str]) -> bool:
    """Say whether no other part may be as large as the first."""
    first, *others = order
    return all(digits.has_interval(known[other]) and known[other]["high"] < known[first]["low"] for other in others)


def _over_all_markets(known: Mapping[str, Estimate]) -> Mapping[str, Estimate]:
    """Take the intervals over other markets, where there are any: few markets tell little of how markets differ."""
    return {name: its.get("across_markets") or its for name, its in known.items()}


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
