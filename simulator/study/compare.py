"""How two strategies differ, replication by replication.

In: the values of each measure for each strategy, one per replication; replication i of every strategy
was played in the same world, so values at the same place belong together.
Out: comparisons, dictionaries of plain Python numbers, texts and None that go into `summary.json`.
Invariants: a difference is always paired, a - b; a strategy compared with itself differs by exactly 0;
a tie is a win for neither. To beat means to be greater, for spend too. The mean difference has no bounds
where it, or one of the two strategies, shows no variation within markets, but for fixed costs: a strategy
that sells nothing in any replication may still sell enough in the next.

A replication in which either strategy's measure is undefined is left out of all parts of a comparison;
`n` counts the pairs used.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import combinations
from typing import Literal, TypedDict

import numpy as np

from simulator.study.estimates import (
    NO_VARIATION,
    STRUCTURAL,
    Estimate,
    Markets,
    MeanEstimate,
    Values,
    mean_estimate,
    p_value,
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
    # Of the mean difference: two-sided, from the t law of its interval.
    p_value: float | None
    a_beats_b: Estimate
    b_beats_a: Estimate
    replications_saved_by_pairing: float | None


def comparisons(
    table: Mapping[str, Mapping[str, Values]], market: Markets, open_spend: Container[str] = ()
) -> list[Comparison]:
    """Compare every two strategies by every measure.

    Args:
        table: Strategy -> measure -> values (n,), strategies in scenario order, each with the same
            measures.
        market: Index of the market each replication was played in (n,).
        open_spend: Strategies whose spend the plan does not decide.

    Returns:
        All pairs by ROI first, then by the other measures in the order of the first strategy; a stands
        before b in scenario order.
    """
    first = next(iter(table.values()), {})
    known = {name: name not in open_spend or _varies(its["spend"], market) for name, its in table.items()}
    return [
        compare(
            a,
            table[a][measure],
            b,
            table[b][measure],
            measure,
            market,
            same=same_in_all(table[a], table[b]),
            structural=measure in STRUCTURAL and known[a] and known[b],
        )
        for measure in sorted(first, key=lambda name: name != "roi")
        for a, b in combinations(table, 2)
    ]


def _varies(values: Values, market: Markets) -> bool:
    return mean_estimate(values, market)["method"] != NO_VARIATION


def same_in_all(a: Mapping[str, Values], b: Mapping[str, Values]) -> bool:
    """Say whether two strategies are one under two names: equal in every measure of every replication."""
    return all(np.array_equal(a[measure], b[measure], equal_nan=True) for measure in a)


def compare(
    name_a: str,
    values_a: Values,
    name_b: str,
    values_b: Values,
    measure: str,
    market: Markets,
    *,
    same: bool = False,
    structural: bool = False,
) -> Comparison:
    """Compare two strategies by one measure.

    `replications_saved_by_pairing` is (var a + var b) / var(a - b): how many times more replications
    two independent studies would need for the same error, if they met different markets too. Differences
    between markets count in these variances; within the markets played, pairing may save less.

    Args:
        name_a: Name of the strategy that stands first in the scenario.
        values_a: Its values (n,), NaN where undefined.
        name_b: Name of the other strategy.
        values_b: Its values in the same replications (n,).
        measure: Name of the measure.
        market: Index of the market each replication was played in (n,).
        same: Whether the strategies are one under two names; then their difference is 0 and has no error.
        structural: Whether the measure is decided by the plan where it does not vary.

    Raises:
        ValueError: If a value is infinite or the shapes differ.
    """
    if values_a.shape != values_b.shape:
        raise ValueError(f"{name_a} has {values_a.shape} values of {measure}, {name_b} {values_b.shape}")
    difference = values_a - values_b
    used = ~np.isnan(difference)
    a, b, pairs = values_a[used], values_b[used], int(np.count_nonzero(used))
    mean = _mean_difference(a, b, difference, market, structural=same or structural)
    return {
        "a": name_a,
        "b": name_b,
        "measure": measure,
        "difference": {"mean": mean, "quantiles": quantile_estimates(difference)},
        "p_value": None if mean["low"] is None else p_value(difference, market),
        "a_beats_b": probability(int(np.count_nonzero(a > b)), pairs),
        "b_beats_a": probability(int(np.count_nonzero(b > a)), pairs),
        "replications_saved_by_pairing": _saved_by_pairing(a, b),
    }


def verdict(comparison: Comparison, together: int = 1) -> Verdict:
    """Say which strategy has the greater mean: the one the interval of the mean difference is clear about.

    "tie" means too close to call: the interval contains 0, or there is none. With several comparisons `together`,
    their verdicts hold together at the level of one (Bonferroni).
    """
    mean, p = comparison["difference"]["mean"], comparison["p_value"]
    if mean["low"] is None or mean["high"] is None:
        return "tie"
    if p is not None and p * together >= 1 - mean["level"]:
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


def _mean_difference(a: Values, b: Values, difference: Values, market: Markets, *, structural: bool) -> MeanEstimate:
    mean = mean_estimate(difference, market, structural=structural)
    defined = market[~np.isnan(difference)]
    varies = all(_varies(of, defined) for of in (a, b))
    if varies or structural or mean["low"] is None:
        return mean
    # A lottery nobody won yet: what the other plan does is known, what this one does is not.
    across = mean["across_markets"]
    unknown: Estimate | None = across and {**across, "low": None, "high": None, "method": NO_VARIATION}
    method = f"{NO_VARIATION} in one of them"
    return {**mean, "low": None, "high": None, "method": method, "across_markets": unknown}


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
    return float(np.var(a) + np.var(b)) / spread**2
