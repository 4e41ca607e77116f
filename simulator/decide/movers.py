"""What moves a plan, or the difference of two: shares of the variance, Sobol indices, and the tornado.

In: a question and the values of its plays, by what they are about. Out: dicts in the style of `summary.json`.
Invariants: a factor that no plan has anything to do with has exactly 0; all changes are paired, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulator.decide.recombine import Factor
from simulator.decide.sobol import Indices, sobol_estimates
from simulator.decide.unknown_plays import DRAWN, HIGH, LOW, SECOND, Columns, Question, column
from simulator.decide.variance import MarketsOfRows, variance_split
from simulator.study.estimates import FIXED, LEVEL, Estimate, MeanEstimate, Values, mean_estimate, p_value

NOT_USED = f"{FIXED}: it has nothing to do with it"


def moved(question: Question, columns: Columns, names: Sequence[str]) -> dict[str, Any]:
    """Say what moves a plan, or the difference of two."""
    variance = shares(question, columns, names)
    return {
        "mean": _mean(question, columns[DRAWN], names),
        "variance": variance,
        "factors": _factors(question, columns, names, variance["between_markets"] or 0.0),
        "tornado": _tornado(question, columns, names),
    }


def _mean(question: Question, values: Values, names: Sequence[str]) -> MeanEstimate:
    """Estimate the mean of a plan, or of the difference of two."""
    if len(names) == 1:
        return question.objective.mean(values, question.rows.market)
    return mean_estimate(values, question.rows.market)


def shares(question: Question, columns: Columns, names: Sequence[str]) -> dict[str, Any]:
    """Split the variance into inputs, markets and chance, from the plays called "nested"."""
    rows, cells = question.rows, 2 if question.rows.markets == 1 else 4
    values = np.stack([columns["nested", place] for place in range(cells)], axis=1).reshape(rows.count, -1, 2)
    market: MarketsOfRows = np.stack([rows.market, rows.other_market], axis=1)[:, : values.shape[1]]
    return variance_split(values, market, known=not question.used(names))


def _factors(question: Question, columns: Columns, names: Sequence[str], between: float) -> list[dict[str, Any]]:
    """Give the indices of each factor, the largest total index first."""
    rows = question.rows
    used = {name: its for its in question.factors if _is_used(question, its, names) for name in [its.paths]}
    mixed = {" ".join(paths): column(columns, ("mixed", its)) for paths, its in used.items()}
    found = sobol_estimates(
        columns[DRAWN],
        columns[SECOND],
        mixed,
        seed=question.scenario.seed,
        market=(rows.market, rows.other_market),
        between=between,
    )
    told = [
        {"paths": list(its.paths), "used": its.paths in used, **(found.get(" ".join(its.paths)) or _unused(question))}
        for its in question.factors
    ]
    return sorted(told, key=lambda its: -(its["total"]["value"] or 0.0))


def _is_used(question: Question, factor: Factor, names: Sequence[str]) -> bool:
    return any(factor.is_used(question.scenario, name) for name in names)


def _unused(question: Question) -> Indices:
    nothing = Estimate(value=0.0, low=0.0, high=0.0, level=LEVEL, method=NOT_USED, n=question.rows.count)
    return {"first_order": nothing, "total": nothing}


def _tornado(question: Question, columns: Columns, names: Sequence[str]) -> list[dict[str, Any]]:
    """Give the mean with each unknown at its low and its high end, the widest swing first.

    `behind` is by how much a swing is narrower than the widest one, whichever way they go. `moves` is said only where
    chance alone would say it of any unknown at all in one of twenty studies (Bonferroni).
    """
    market, swings, told = question.rows.market, {}, []
    for path in question.used(names):
        ends = {share: column(columns, ("at", path, share)) for share in (LOW, HIGH)}
        swings[path] = ends[HIGH] - ends[LOW]
        swing = mean_estimate(swings[path], market)
        told.append({"path": path, **_ends(question, columns, path, ends, names), "swing": swing})
    chances = {path: p_value(its, market) for path, its in swings.items()}
    sure = {path for path, its in chances.items() if its is not None and its * len(swings) < 1 - LEVEL}
    told = [{**its, "moves": its["path"] in sure} for its in told]
    told.sort(key=lambda its: -abs(its["swing"]["value"] or 0.0))
    sizes = {its["path"]: swings[its["path"]] * (-1 if (its["swing"]["value"] or 0.0) < 0 else 1) for its in told}
    return [{**its, "behind": mean_estimate(sizes[told[0]["path"]] - sizes[its["path"]], market)} for its in told]


def _ends(
    question: Question, columns: Columns, path: str, ends: Mapping[float, Values], names: Sequence[str]
) -> dict[str, Any]:
    market, its = question.rows.market, question.unknowns[path]
    return {
        name: {
            "at": its.quantile(share),
            "mean": _mean(question, ends[share], names),
            "change": mean_estimate(ends[share] - columns[DRAWN], market),
        }
        for name, share in (("low", LOW), ("high", HIGH))
    }
