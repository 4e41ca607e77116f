"""What one creator more is worth to a plan: differences between plays with and plays without it.

In: the plays of a plan and of the same plan without somebody, with the same draws. Out: estimates, dictionaries of
plain values, and what may be claimed of many creators at once. Invariant: a difference is paired, with - without; all
claims on the creators of a plan hold together, because which of them stand out is seen from the same plays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from simulator.study.chunks import values_of
from simulator.study.estimates import (
    LEVEL,
    STRUCTURAL,
    Estimate,
    MeanEstimate,
    Values,
    cautious_mean_estimate,
    mean_estimate,
    ratio_of_means,
)

# What a creator adds to; alone, to a plan that buys nothing, for which there is no ROI.
SOLO_MEASURES = ("reach", "impressions", "orders", "incremental_orders", "revenue", "spend", "profit")
WORTH_MEASURES = (*SOLO_MEASURES, "roi")
# Of which it is said how much is left beside others.
_MONEY = frozenset({"revenue", "spend", "profit"})
_SHARED = ("reach", "incremental_orders")
Verdict = Literal["drop", "keep", "open"]


def together_level(creators: int) -> float:
    """Give the level of each interval at which so many hold together (Bonferroni).

    >>> round(together_level(10), 4)
    0.995
    """
    return 1 - (1 - LEVEL) / max(creators, 1)


def marginal_estimates(
    whole: pa.Table,
    without: pa.Table,
    measures: Sequence[str] = WORTH_MEASURES,
    *,
    fixed_costs: bool = False,
    nobody: bool = False,
) -> dict[str, MeanEstimate]:
    """Estimate what somebody adds to each measure.

    Args:
        whole: Plays with it.
        without: Plays without it, with the same draws in the same order.
        measures: The measures.
        fixed_costs: Whether the plan decides what is spent.
        nobody: Whether nobody can see its posts: then a difference that does not vary is no accident.
    """
    market = whole["market"].to_numpy()
    return {
        measure: mean_estimate(
            difference(whole, without, measure),
            market,
            structural=nobody or (fixed_costs and measure in STRUCTURAL),
        )
        for measure in measures
    }


def difference(whole: pa.Table, without: pa.Table, measure: str) -> Values:
    """Give what somebody adds to a measure in each play (n,); money to the cent, so that equal amounts are equal."""
    added: Values = values_of(whole, measure) - values_of(without, measure)
    return np.round(added, 2) if measure in _MONEY else added


def sure_profit(whole: pa.Table, without: pa.Table, creators: int, *, nobody: bool = False) -> Estimate:
    """Estimate what somebody adds to profit, so that the intervals of so many creators hold together."""
    market, added = whole["market"].to_numpy(), difference(whole, without, "profit")
    return cautious_mean_estimate(added, market, together_level(creators), structural=nobody)


def profit_per_spend(whole: pa.Table, without: pa.Table) -> Estimate:
    """Estimate what somebody adds to profit for each unit of money it costs; undefined where it costs nothing."""
    profit, spend = (difference(whole, without, measure) for measure in ("profit", "spend"))
    return ratio_of_means(profit, spend, whole["market"].to_numpy())


def shares_of_solo(whole: pa.Table, without: pa.Table, alone: pa.Table, nobody: pa.Table) -> dict[str, Estimate]:
    """Estimate how much of what a creator brings alone is left beside the others, for reach and incremental orders.

    Args:
        whole: Plays of the plan.
        without: Plays without the creator.
        alone: Plays with only this creator.
        nobody: Plays with no creator at all; all with the same draws.
    """
    market = whole["market"].to_numpy()
    return {
        measure: ratio_of_means(difference(whole, without, measure), difference(alone, nobody, measure), market)
        for measure in _SHARED
    }


def own_share(whole: pa.Table, added: Sequence[tuple[Sequence[int], Values]]) -> Estimate:
    """Estimate which share of a plan's reach is lost with one creator or another: what each adds, added up.

    The rest is people who would be reached by others all the same.

    Args:
        whole: Plays of the plan.
        added: Of each creator, the places of the plays in whose market it is hired, and what it adds to reach there.
    """
    total = np.zeros(whole.num_rows)
    for places, its in added:
        total[np.asarray(places, np.intp)] += its
    return ratio_of_means(total, values_of(whole, "reach"), whole["market"].to_numpy())


def verdict_of(sure: Estimate) -> Verdict:
    """Say what may be claimed of a creator, whatever is claimed of the others: "open" where its interval holds 0."""
    if sure["low"] is None or sure["high"] is None:
        return "open"
    return "keep" if sure["low"] > 0 else "drop" if sure["high"] < 0 else "open"


def ranked(worth: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Order creators by what they add to profit, the least first; of equals, by name.

    From the front it is whom to drop first: without whom profit would be highest. From the back it is whom to keep
    first: without whom the plan would lose most. Money saved is not spent again, so it is profit that counts, not
    profit per money spent, which would set a small account that pays well before a large one that pays most.

    Args:
        worth: Of each creator, its `marginal` estimates.
    """
    return sorted(worth, key=lambda name: (worth[name]["marginal"]["profit"]["value"], name))
