"""How often plays make no profit, and how bad the worst of them are, as sentences.

In: facts, and the paired difference of the worst plays of two plans. Out: sentences. Invariants: a play that breaks
even makes no profit, but is no loss; one plan's worst plays are called better than another's only where the interval
of their difference leaves out 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.present.claims import Facts, Pair, negated, side
from simulator.present.digits import PER_ONE, PERCENT, Estimate, count, interval_text, value_text, with_interval
from simulator.present.pays import NOTHING_SPENT


def no_profit(facts: Facts, plan: str) -> dict[str, Any]:
    """Give the chance that a play of a plan makes no profit: what is left of the chance of one."""
    chance = facts.measure(plan)["probability_positive"]
    ends = {"value": "value", "low": "high", "high": "low"}
    return {**chance, **{end: None if chance[other] is None else 1 - chance[other] for end, other in ends.items()}}


def no_profit_line(facts: Facts, plan: str) -> str:
    """Say in how many plays a plan makes no profit."""
    chance, name = no_profit(facts, plan), facts.names[plan]
    if chance["value"] is None:
        return f"{name} {NOTHING_SPENT}."
    if facts.plays == 1:
        return f"The only play of {name} makes {'no' if chance['value'] else 'a'} profit."
    of = "" if chance["n"] == facts.plays else f", of the {count(chance['n'])} in which something is spent"
    return f"{name} makes no profit in {value_text(chance, PERCENT)} of plays ({interval_text(chance, PERCENT)}){of}."


def worst_lines(facts: Facts, pair: Pair | None, difference: Estimate | None) -> Iterator[str]:
    """Say what the worst plays of two plans come to, and whose are better, where that can be told.

    Args:
        facts: Of the study.
        pair: The two plans.
        difference: The mean ROI of the worst 5% of plays of the first less that of the second.
    """
    if pair is None or facts.plays == 1 or difference is None or difference["value"] is None:
        return
    ends = (facts.measure(plan)["expected_shortfall_5"] for plan in (pair.first, pair.second))
    first, second = (with_interval(end, PER_ONE) for end in ends)
    names = facts.names[pair.first], facts.names[pair.second]
    both = difference["n"]
    common = f" in the {count(both)} plays where both spend" if both < facts.plays else ""
    yield f"In its worst 5% of plays {names[0]} has a mean ROI of {first}, {names[1]} of {second}."
    where = side(difference)
    if where:
        ahead, behind = names if where == 1 else names[::-1]
        by = with_interval(difference if where == 1 else negated(difference), PER_ONE)
        yield f"There {ahead} is better than {behind} by {by}{common}."
    elif where == 0:
        yield f"Whose worst plays are better is too close to call: {interval_text(difference, PER_ONE)}{common}."
    else:
        yield "Whose worst plays are better cannot be told: no interval can be given."
