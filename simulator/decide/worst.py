"""The bad plays: in what they differ from the others.

In: what came of plays that share nothing, what their unknowns were and what happened in them. Out: for each unknown and
each kind of event how it differs in the worst twentieth, a dict in the style of `summary.json`. Invariants: nothing is
said to be a cause; `differs` is said only where chance alone would say it of anything at all once in twenty studies.

An unknown is compared by ranks (Mann and Whitney), an event, or being played in a market, by how often it happens
(Fisher's exact test). Of all these probabilities the smallest come first (Holm), so the error holds for the whole list.
To differ, an unknown must lie lower, or higher, in at least CLEARLY of all pairs of a bad and another play.

References:
    Mann and Whitney (1947), On a test of whether one of two random variables is stochastically larger, Annals of
    Mathematical Statistics 18; Fisher (1922), JRSS 85; Holm (1979), A simple sequentially rejective multiple test
    procedure, Scandinavian Journal of Statistics 6.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.study.estimates import LEVEL, Markets, Values, probability

WORST_SHARE = 0.05
# Of pairs of a bad and another play: a small difference is not worth a sentence, however sure.
CLEARLY = 0.65
# With fewer bad plays no test could tell anything.
FEWEST_BAD = 5
# Columns of a play that count what may happen in it.
EVENTS = ("scandals", "stock_outs", "posts_dropped", "posts_slipped", "posts_withdrawn", "posts_pending", "lost_orders")

Bad = npt.NDArray[np.bool_]


def worst_plays(
    values: Values,
    inputs: Mapping[str, Values],
    events: Mapping[str, Values],
    market: Markets,
    level: float = LEVEL,
) -> dict[str, Any]:
    """Compare the worst twentieth of plays with the others.

    Args:
        values: What came of each play (n,), NaN where undefined, which leaves it out.
        inputs: By path, what each unknown was (n,).
        events: By column, how often something happened (n,).
        market: The market of each play (n,).
        level: How sure the whole list is to hold.

    Returns:
        How many plays are `bad`, of how many `plays`; the highest of their values (`border`), their mean and that of
        the others; `inputs`, `events` and `markets` with what they were in both, and whether they differ.
    """
    defined = ~np.isnan(values)
    values = values[defined]
    count = math.ceil(WORST_SHARE * len(values) - 1e-9)
    enough = count >= FEWEST_BAD and np.ptp(values) > 0
    bad = np.zeros(len(values), np.bool_)
    bad[np.argsort(values, kind="stable")[: count if enough else 0]] = True
    told = [_input(path, its[defined], bad) for path, its in inputs.items()] if enough else []
    seen = [_event(name, its[defined] > 0, bad) for name, its in events.items() if its.any()] if enough else []
    names = np.unique(market).tolist() if enough else []
    played = [
        {**_event("played in", market[defined] == name, bad), "market": name} for name in names[len(names) == 1 :]
    ]
    _mark([*told, *seen, *played], 1 - level)
    return {
        "plays": len(values),
        "bad": int(bad.sum()),
        "border": float(values[bad].max()) if enough else None,
        "mean": float(values[bad].mean()) if enough else None,
        "mean_of_others": float(values[~bad].mean()) if enough else None,
        "inputs": sorted(told, key=lambda its: its["p_value"]),
        "events": sorted(seen, key=lambda its: its["p_value"]),
        "markets": sorted(played, key=lambda its: its["p_value"]),
    }


def _input(path: str, values: Values, bad: Bad) -> dict[str, Any]:
    from scipy import stats

    test = stats.mannwhitneyu(values[bad], values[~bad], method="asymptotic")
    lower = 1 - float(test.statistic) / (int(bad.sum()) * int((~bad).sum()))
    return {
        "path": path,
        "median": float(np.median(values[bad])),
        "median_of_others": float(np.median(values[~bad])),
        "lower_in": lower,
        "clearly": max(lower, 1 - lower) >= CLEARLY,
        "p_value": float(test.pvalue),
    }


def _event(name: str, happened: Bad, bad: Bad) -> dict[str, Any]:
    from scipy import stats

    inside, outside = int(happened[bad].sum()), int(happened[~bad].sum())
    table = [[inside, int(bad.sum()) - inside], [outside, int((~bad).sum()) - outside]]
    return {
        "event": name,
        "share": probability(inside, int(bad.sum())),
        "share_of_others": probability(outside, int((~bad).sum())),
        "clearly": True,
        "p_value": float(stats.fisher_exact(table).pvalue),
    }


def _mark(told: Sequence[dict[str, Any]], error: float) -> None:
    """Say of each whether it differs: Holm's procedure over all of them."""
    going = True
    for place, its in enumerate(sorted(told, key=lambda one: one["p_value"])):
        going = going and its["p_value"] * (len(told) - place) < error
        its["differs"] = going and its["clearly"]
