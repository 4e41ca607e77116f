"""How two strategies differ, replication by replication.

In: the values of each measure for each strategy, one per replication; replication i of every strategy
was played in the same world, so values at the same place belong together.
Out: comparisons, dictionaries of plain Python numbers, texts and None that go into `summary.json`.
Invariants: a difference is always paired, a - b; a strategy compared with itself differs by exactly 0;
a tie is a win for neither. To beat means to be greater, for spend too.

A replication in which either strategy's measure is undefined is left out of all parts of a comparison;
`n` counts the pairs used.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Literal, TypedDict

import numpy as np

from simulator.study.estimates import (
    Estimate,
    Markets,
    MeanEstimate,
    Values,
    mean_estimate,
    probability,
    quantile_estimates,
)

Verdict = Literal["a", "b", "tie"]


class Difference(TypedDict):
    """The paired difference a - b: its mean and its quantiles."""

    mean: MeanEstimate
    quantiles: dict[str, Estimate]


class Comparison(TypedDict):
    """Everything the summary says about two strategies and one measure."""

    a: str
    b: str
    measure: str
    difference: Difference
    a_beats_b: Estimate
    b_beats_a: Estimate
    replications_saved_by_pairing: float | None


def comparisons(table: Mapping[str, Mapping[str, Values]], market: Markets) -> list[Comparison]:
    """Compare every two strategies by every measure.

    Args:
        table: Strategy -> measure -> values (n,), strategies in scenario order, each with the same
            measures.
        market: Index of the market each replication was played in (n,).

    Returns:
        All pairs by ROI first, then by the other measures in the order of the first strategy; a stands
        before b in scenario order.
    """
    first = next(iter(table.values()), {})
    return [
        compare(a, table[a][measure], b, table[b][measure], measure, market)
        for measure in sorted(first, key=lambda name: name != "roi")
        for a, b in combinations(table, 2)
    ]


def compare(name_a: str, values_a: Values, name_b: str, values_b: Values, measure: str, market: Markets) -> Comparison:
    """Compare two strategies by one measure.

    `replications_saved_by_pairing` is (var a + var b) / var(a - b): how many times more replications
    two independent studies would need for the same error.

    Args:
        name_a: Name of the strategy that stands first in the scenario.
        values_a: Its values (n,), NaN where undefined.
        name_b: Name of the other strategy.
        values_b: Its values in the same replications (n,).
        measure: Name of the measure.
        market: Index of the market each replication was played in (n,).

    Raises:
        ValueError: If a value is infinite or the shapes differ.
    """
    if values_a.shape != values_b.shape:
        raise ValueError(f"{name_a} has {values_a.shape} values of {measure}, {name_b} {values_b.shape}")
    difference = values_a - values_b
    used = ~np.isnan(difference)
    a, b, pairs = values_a[used], values_b[used], int(np.count_nonzero(used))
    return {
        "a": name_a,
        "b": name_b,
        "measure": measure,
        "difference": {
            "mean": mean_estimate(difference, market),
            "quantiles": quantile_estimates(difference),
        },
        "a_beats_b": probability(int(np.count_nonzero(a > b)), pairs),
        "b_beats_a": probability(int(np.count_nonzero(b > a)), pairs),
        "replications_saved_by_pairing": _saved_by_pairing(a, b),
    }


def verdict(comparison: Comparison) -> Verdict:
    """Say which strategy has the greater mean: the one the interval of the paired mean is clear about.

    "tie" means too close to call: the interval contains 0, or there is none.
    """
    mean = comparison["difference"]["mean"]
    if mean["low"] is None or mean["high"] is None:
        return "tie"
    return "a" if mean["low"] > 0 else "b" if mean["high"] < 0 else "tie"


def usual_winner(comparison: Comparison) -> Verdict:
    """Say which strategy wins more often, among the replications that are no tie.

    "tie" means that Wilson's interval of a's share of the decided replications contains one half.
    """
    wins_a, wins_b = _wins(comparison["a_beats_b"]), _wins(comparison["b_beats_a"])
    share = probability(wins_a, wins_a + wins_b)
    if share["low"] is None or share["high"] is None:
        return "tie"
    return "a" if share["low"] > 0.5 else "b" if share["high"] < 0.5 else "tie"


def disagrees(comparison: Comparison) -> bool:
    """Say whether one strategy clearly has the greater mean and the other clearly wins more often."""
    return {verdict(comparison), usual_winner(comparison)} == {"a", "b"}


def _wins(beats: Estimate) -> int:
    return round((beats["value"] or 0.0) * beats["n"])


def _saved_by_pairing(a: Values, b: Values) -> float | None:
    if len(a) < 2:
        return None
    spread = float(np.std(a - b))
    # A difference that is constant but for rounding makes the ratio infinite, not 1e30.
    rounding = 4 * np.finfo(np.float64).eps * max(float(np.abs(a).max()), float(np.abs(b).max()))
    if spread <= rounding:
        return None
    return (float(np.var(a)) + float(np.var(b))) / spread**2
